import { type Meanings, at, ftns, nameIn, shortId, span } from "./meanings.ts";

/** As OpenZeppelin numbers them. */
const STATES = ["to be voted on", "being voted on", "withdrawn", "defeated", "passed", "in the timelock", "expired", "executed"];

/** FTNSGovernor, with what it has of OpenZeppelin's Governor, and the timelock. */
export const GOVERNANCE: Meanings = {
  // FTNSGovernor.queue and execute
  GovernorUnexpectedProposalState: ({ proposalId, current }) =>
    `proposal ${shortId(proposalId)} is ${STATES[Number(current)] ?? "in an unknown state"}, which is not the state for that; ` +
    "leave it, or try again once it has gone on",
  GovernorNonexistentProposal: ({ proposalId }) =>
    `there is no proposal ${shortId(proposalId)}; check contracts.governor and that the node is in sync`,
  GovernorAlreadyQueuedProposal: ({ proposalId }) =>
    `proposal ${shortId(proposalId)} is queued already; wait until it can be executed`,
  TargetCodeChanged: ({ proposalId }) =>
    `the code behind proposal ${shortId(proposalId)} is not what was voted on; do not execute it, tell governance`,
  FailedCall: () => "a call of the proposal failed without giving a reason; check the proposal, or tell governance",
  TimelockUnexpectedOperationState: () =>
    "the timelock does not hold the proposal in that state (its time has not come, or it was done); wait",
  TimelockUnauthorizedCaller: ({ caller }) =>
    `the timelock does not take orders from ${caller}; check contracts.governor, or tell governance`,
  // Proposing
  TargetWithoutCode: ({ target }) => `${target} has no code to call; check the targets of the proposal`,
  DelegatedTarget: ({ target }) =>
    `${target} is an account whose owner can exchange its code at any time; propose a call of a contract`,
  DepositMissing: ({ proposer, locked, needed }) =>
    `${proposer} has locked ${ftns(locked)} for proposals, and one takes ${ftns(needed)}; lock the rest towards the proposal deposits in the staking vault`,
  DepositNotHeld: ({ proposer }) => `no deposit of ${proposer} is held; it was settled, or there is none`,
  "ProposalDeposits.VoteStillOpen": ({ proposalId }) =>
    `the vote on proposal ${shortId(proposalId)} is not over; wait for its end, from which on its deposit can be settled and its proposer can propose again`,
  NothingUnused: ({ proposer }) => `${proposer} has locked nothing for proposals that is not held for one; leave it`,
  // Executing
  ProposalWaits: ({ proposalId, eta }) =>
    `proposal ${shortId(proposalId)} is constitutional and waits until ${at(eta)}; execute it then`,
  NoLongerOrdinary: ({ index }) =>
    `call ${index} of the proposal is not ordinary any more, by the list or by what is in force now; propose it anew`,
  BucketFull: ({ asset, room, amount }) =>
    `ordinary votes can spend ${room} of ${asset} now, and the proposal ${amount} (in its smallest units); try again later`,
  NotTheExecutor: ({ caller }) => `${caller} does not execute for the timelock; tell governance`,
  NotTheGovernor: ({ caller }) => `${caller} is not the governor; propose there`,
  RelayToTimelock: () => "the governor relays nothing to its timelock; propose the call itself, so that the timelock makes it",
  OpenRole: () => "a role of the timelock cannot be everybody's; grant it to one account",
  TimelockIsFixed: () => "the governor keeps its timelock; deploy a new governor for another one",
  GovernorIsFixed: ({ governor }) =>
    `the deposits are for proposals of ${governor}, for ever; deploy new ones for another governor`,
  NeverOrdinary: ({ target, selector }) =>
    `call ${selector} of ${target} can never be ordinary, because it passes calls or tokens on; leave it to constitutional votes`,
  InvalidRule: () => "the rule says more or less than its bound needs; give asset or current value only where the bound takes it",
  DepositOutOfBounds: ({ deposit, min, max }) =>
    `a deposit of ${ftns(deposit)} is outside of ${ftns(min)} to ${ftns(max)}; choose one within`,
  GovernorInsufficientProposerVotes: ({ proposer, votes, threshold }) =>
    `${proposer} has ${ftns(votes)} of votes, and a proposal takes ${ftns(threshold)}; stake more, or have votes delegated to you`,
  GovernorInvalidProposalLength: ({ targets, calldatas, values }) =>
    `the proposal has ${targets} targets, ${values} values and ${calldatas} calls; give the same number of each, one or more`,
  GovernorRestrictedProposer: ({ proposer }) =>
    `the description reserves the proposal for another proposer than ${proposer}; send from that account, or change the description`,
  GovernorUnableToCancel: ({ proposalId, account }) =>
    `${account} cannot cancel proposal ${shortId(proposalId)}; only its proposer can, before the vote begins`,
  // Voting
  GovernorAlreadyCastVote: ({ voter }) => `${voter} has voted already, and a vote stands; leave it`,
  GovernorInvalidVoteType: () => "a vote is 0 (against), 1 (for) or 2 (abstain); choose one of them",
  GovernorInvalidVoteParams: () => "the vote came with parameters that are not understood; leave them out",
  GovernorInvalidSignature: ({ voter }) =>
    `the vote is not signed by ${voter}; check the chain, the governor's address and the voter's nonce`,
  // Of no use here, or within the contracts
  GovernorDisabledDeposit: () => "the governor takes no coins and tokens; send them to the timelock, if anywhere",
  GovernorOnlyExecutor: ({ account }) => `${account} may not call that; make it a proposal, so that the timelock does`,
  GovernorProposalQueueingFailed: ({ proposalId }) => `proposal ${shortId(proposalId)} could not be queued; tell governance`,
  GovernorProposalQueueingNotRequired: ({ proposalId }) =>
    `proposal ${shortId(proposalId)} needs no queue; execute it as soon as it has passed`,
  // Settings
  GovernorInvalidVotingPeriod: ({ votingPeriod }) => `votes cannot last ${span(votingPeriod)}; choose a time above 0`,
  GovernorInvalidQuorumFraction: ({ quorumNumerator, quorumDenominator }) =>
    `a quorum of ${quorumNumerator} of ${quorumDenominator} is more than all votes; choose less`,
  GovernorPreventLateQuorumVoteExtensionTooLarge: ({ newVoteExtension, maxVoteExtension }) =>
    `an extension of ${span(newVoteExtension)} is above ${span(maxVoteExtension)}; choose less`,
  VotesOnAnotherClock: ({ theirs, ours }) =>
    `the votes are of ${at(theirs)} by their clock, and it is ${at(ours)}; use votes that count time in seconds`,
  SettingOutOfBounds: ({ setting, value, min, max }) =>
    `the setting ${nameIn(setting)} would be ${value}, outside of ${min} to ${max}; choose a value within`,
  // FTNSTimelock and FTNSAccessManager
  DelayOutOfBounds: ({ delaySec, min, max }) =>
    `a delay of ${span(delaySec)} is outside of ${span(min)} to ${span(max)}; choose one within`,
  DelayTooLong: ({ delaySec, max }) => `a delay of ${span(delaySec)} is above ${span(max)}; choose a shorter one`,
  LastMember: ({ account }) => `${account} is the last one with that role; give it to somebody else first`,
  TooManyMembers: ({ max }) => `the role has ${max} members, as many as it may have; take it from somebody first`,
  TimelockInsufficientDelay: ({ delay, minDelay }) =>
    `a delay of ${span(delay)} is below the timelock's ${span(minDelay)}; choose that or more`,
  TimelockInvalidOperationLength: ({ targets, payloads, values }) =>
    `the operation has ${targets} targets, ${values} values and ${payloads} calls; give the same number of each`,
  TimelockUnexecutedPredecessor: () => "another operation must be executed before this one; execute that first",
  // Votes and their clock
  ERC5805FutureLookup: ({ timepoint, clock }) =>
    `votes at ${at(timepoint)} are not known at ${at(clock)}; ask for a time that has passed`,
  ERC6372InconsistentClock: () => "the clock of the votes does not count seconds; use votes that do",
  VotesExpiredSignature: ({ expiry }) => `the signed delegation was good until ${at(expiry)}; sign a new one`,
  CheckpointUnorderedInsertion: () =>
    "a number of votes would be written into the past; this is a fault of the contract, report it",
};
