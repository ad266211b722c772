import { type Meanings, at, ftns, shortId, span } from "./meanings.ts";

/** What our contracts have from OpenZeppelin: tokens, signatures, access. */
export const OPENZEPPELIN: Meanings = {
  StringsInsufficientHexLength: ({ value, length }) =>
    `${value} does not fit into ${length} bytes; give a number that does, such as the hash of a proof`,
  // ERC-20
  ERC20InsufficientBalance: ({ sender, balance, needed }) =>
    `${sender} holds ${ftns(balance)}, less than ${ftns(needed)}; send that much or less`,
  ERC20InsufficientAllowance: ({ spender, allowance, needed }) =>
    `${spender} may take ${ftns(allowance)}, less than ${ftns(needed)}; approve more first`,
  ERC20InvalidReceiver: ({ receiver }) => `${receiver} cannot receive tokens; name another receiver`,
  ERC20InvalidSender: ({ sender }) => `${sender} cannot send tokens; name another sender`,
  ERC20InvalidSpender: ({ spender }) => `${spender} cannot be given an allowance; name another spender`,
  ERC20InvalidApprover: ({ approver }) => `${approver} cannot give an allowance; name another owner`,
  SafeERC20FailedOperation: ({ token }) => `a transfer of the token at ${token} failed; check balance, allowance and halts`,
  // ERC-721
  ERC721InvalidOwner: ({ owner }) => `${owner} cannot own works; name another account`,
  ERC721NonexistentToken: ({ tokenId }) => `there is no work ${shortId(tokenId)}; register it first, or check its id`,
  ERC721IncorrectOwner: ({ tokenId, owner }) => `the work ${shortId(tokenId)} belongs to ${owner}; name its owner`,
  ERC721InvalidSender: ({ sender }) => `${sender} cannot send works; name another sender`,
  ERC721InvalidReceiver: ({ receiver }) => `${receiver} cannot receive works; name another receiver`,
  ERC721InsufficientApproval: ({ operator, tokenId }) =>
    `${operator} may not move the work ${shortId(tokenId)}; have its owner approve it first`,
  ERC721InvalidApprover: ({ approver }) => `${approver} may not approve others for this work; have its owner do it`,
  ERC721InvalidOperator: ({ operator }) => `${operator} cannot be approved; name another account`,
  // Clones
  FailedDeployment: () => "a contract could not be made at its address; try again with more gas",
  // Signatures
  ERC2612ExpiredSignature: ({ deadline }) => `the permit was good until ${at(deadline)}; sign a new one`,
  ERC2612InvalidSigner: ({ signer, owner }) =>
    `the permit is signed by ${signer}, not by ${owner}; check the chain, the token's address and the owner's nonce`,
  ERC3009InvalidSignature: () =>
    "that is no signature of the payer under this payment; check its fields and the chain, and sign again",
  ERC3009InvalidAuthorizationTime: ({ validAfter, validBefore }) =>
    `the payment may be made after ${at(validAfter)} and before ${at(validBefore)}; wait, or sign a new one`,
  ERC3009UsedAuthorization: ({ authorizer }) =>
    `this payment of ${authorizer} was made or cancelled already; sign one with another nonce`,
  ECDSAInvalidSignature: () => "the signature is none; sign again",
  ECDSAInvalidSignatureLength: ({ length }) => `the signature is ${length} bytes long, and 65 are needed; sign again`,
  ECDSAInvalidSignatureS: () => "the signature is in its second form, which is refused; sign again with another wallet",
  InvalidAccountNonce: ({ account, currentNonce }) =>
    `the signature is not for nonce ${currentNonce} of ${account}, the next one; sign again with that`,
  // Access
  AccessManagedUnauthorized: ({ caller }) => `${caller} may not do what was voted on; tell governance that its role is missing`,
  AccessManagedRequiredDelay: ({ caller, delay }) =>
    `${caller} must announce that ${span(delay)} before; schedule it with the access manager first`,
  AccessManagedInvalidAuthority: ({ authority }) =>
    `${authority} has no code, so it cannot decide who may do what; check the address`,
  AccessManagerUnauthorizedAccount: ({ msgsender, roleId }) =>
    `${msgsender} lacks role ${roleId}; have governance grant it, or send from an account that has it`,
  AccessManagerUnauthorizedCall: ({ caller, target, selector }) =>
    `${caller} may not call ${selector} of ${target}; have governance grant the role for it`,
  AccessManagerUnauthorizedConsume: ({ target }) =>
    `${target} must not use up a scheduled call now; this is a fault of that contract, report it`,
  AccessManagerUnauthorizedCancel: ({ msgsender, caller, target }) =>
    `${msgsender} may not cancel what ${caller} scheduled for ${target}; let the scheduler, its guardian or an admin do it`,
  AccessManagerAlreadyScheduled: () => "the call is scheduled already; wait until it can be executed",
  AccessManagerNotScheduled: () => "the call is not scheduled; schedule it first",
  AccessManagerNotReady: () => "the scheduled call is not ready; wait until its time",
  AccessManagerExpired: () => "the scheduled call has expired; schedule it again",
  AccessManagerLockedRole: ({ roleId }) => `role ${roleId} is fixed and cannot be changed; choose another role`,
  AccessManagerLockedFunction: ({ selector }) => `the role of ${selector} is fixed and cannot be changed; leave it`,
  AccessManagerInvalidInitialAdmin: ({ initialAdmin }) => `${initialAdmin} cannot be the first admin; name another account`,
  AccessManagerBadConfirmation: () => "a role is given up by its own holder; send from that account",
  AccessControlUnauthorizedAccount: ({ account }) => `${account} has no role for that in the timelock; make it a proposal`,
  AccessControlBadConfirmation: () => "a role is given up by its own holder; send from that account",
  // Calls and numbers
  AddressEmptyCode: ({ target }) => `${target} has no code to call; check the address`,
  InsufficientBalance: ({ balance, needed }) => `${balance} wei are there and ${needed} are needed; send enough coins along`,
  ReentrancyGuardReentrantCall: () => "the contract was called from within its own call; call it from outside",
  SafeCastOverflowedUintDowncast: ({ bits, value }) => `${value} does not fit ${bits} bits; use a smaller number`,
  InvalidShortString: () => "a short text of the contract cannot be read; this is a fault of the contract, report it",
  StringTooLong: ({ str }) => `"${str.length > 40 ? `${str.slice(0, 40)}...` : str}" is too long; use at most 31 bytes`,
};
