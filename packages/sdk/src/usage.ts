/**
 * What people sign to pay for the use of the network's AI: vouchers, notices, deposits and receipts, as UsageChannels takes them. See
 * packages/usage for what is built on them.
 */
import { AbiCoder, keccak256, Signature, type Signer, TypedDataEncoder } from "ethers";
import { compareAddresses, type SigningPlace, type TypedDataSigner } from "./signing.ts";

/** Who pays whom, and whose signature says how much: see `ChannelTerms` in contracts/types/Channel.sol. */
export interface ChannelTerms {
  readonly payer: string;
  readonly operator: string;
  readonly voucherKey: string;
  readonly salt: bigint;
}

/** What a channel's key signs. */
export interface Voucher {
  readonly channelId: string;
  /** What the operator may claim of the channel in all (wFTNS, 24 decimals). */
  readonly cumulative: bigint;
}

/** What a payer signs to leave. */
export interface Notice {
  readonly channelId: string;
  /** How many notices there were: `channelOf(channelId).notices`. */
  readonly number: bigint;
  /** Last second (UTC). */
  readonly deadline: bigint;
}

/** What an operator signs for each request that it served. */
export interface Receipt {
  readonly channelId: string;
  /** Number of the request in its channel, from 0. */
  readonly index: bigint;
  /** Hash of the request (32 bytes). */
  readonly request: string;
  /** `hashQuote` of the quote it was priced by. */
  readonly quote: string;
  /** Architect, prompter, router, executor, compiler. */
  readonly units: readonly [bigint, bigint, bigint, bigint, bigint];
  /** Root of the works that were used, with their weights; zero for none. */
  readonly works: string;
  /** wFTNS, 24 decimals. */
  readonly charged: bigint;
  /** Charged in the channel in all, with this request (wFTNS, 24 decimals). */
  readonly cumulative: bigint;
}

/** A payment of wFTNS by EIP-3009, here into a channel. */
export interface Deposit {
  readonly terms: ChannelTerms;
  /** wFTNS, 24 decimals. */
  readonly amount: bigint;
  /** Seconds: good after the one and before the other. */
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  /** Any number; each can be used once. */
  readonly number: bigint;
}

export const VOUCHER_TYPES = {
  Voucher: [
    { name: "channelId", type: "bytes32" },
    { name: "cumulative", type: "uint256" },
  ],
};

export const NOTICE_TYPES = {
  Notice: [
    { name: "channelId", type: "bytes32" },
    { name: "number", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

export const RECEIPT_TYPES = {
  Receipt: [
    { name: "channelId", type: "bytes32" },
    { name: "index", type: "uint256" },
    { name: "request", type: "bytes32" },
    { name: "quote", type: "bytes32" },
    { name: "units", type: "uint256[5]" },
    { name: "works", type: "bytes32" },
    { name: "charged", type: "uint256" },
    { name: "cumulative", type: "uint256" },
  ],
};

export const RECEIVE_WITH_AUTHORIZATION_TYPES = {
  ReceiveWithAuthorization: [
    { name: "from", type: "address" },
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "validAfter", type: "uint256" },
    { name: "validBefore", type: "uint256" },
    { name: "nonce", type: "bytes32" },
  ],
};

/** What verifiers sign about a pot: see `RoyaltyRoot` in contracts/interfaces/IRoyaltyRoots.sol. */
export interface RoyaltyRoot {
  readonly operator: string;
  /** Protocol day / 7. */
  readonly week: bigint;
  /** Of a Merkle tree over (index, work, amount). */
  readonly root: string;
  /** Sum of the amounts (wFTNS, 24 decimals). */
  readonly total: bigint;
  readonly works: bigint;
  /** Seconds. */
  readonly expiresAt: bigint;
  readonly evidenceURI: string;
}

export const ROYALTY_ROOT_TYPES = {
  RoyaltyRoot: [
    { name: "operator", type: "address" },
    { name: "week", type: "uint256" },
    { name: "root", type: "bytes32" },
    { name: "total", type: "uint256" },
    { name: "works", type: "uint256" },
    { name: "expiresAt", type: "uint256" },
    { name: "evidenceURI", type: "string" },
  ],
};

/** A leaf of a royalty root as @openzeppelin/merkle-tree takes it. */
export const ROYALTY_LEAF_ENCODING = ["uint256", "uint256", "uint256"] as const;

export function royaltyRootsDomain(place: SigningPlace) {
  return { name: "FTNS RoyaltyRoots", version: "1", ...place };
}

/** Attestations of `signers` under `statement`, in the order that the contract asks for. `place`: the RoyaltyRoots. */
export async function attestRoyalties(signers: readonly Signer[], place: SigningPlace, statement: RoyaltyRoot) {
  const attestations = await Promise.all(
    signers.map(async (signer) => ({
      signer: await signer.getAddress(),
      signature: await signer.signTypedData(royaltyRootsDomain(place), ROYALTY_ROOT_TYPES, statement),
    })),
  );
  return attestations.sort((a, b) => compareAddresses(a.signer, b.signer));
}

export function usageChannelsDomain(place: SigningPlace) {
  return { name: "FTNS UsageChannels", version: "1", ...place };
}

export function wrapperDomain(place: SigningPlace) {
  return { name: "Wrapped FTNS", version: "1", ...place };
}

const encode = (types: readonly string[], values: readonly unknown[]) => AbiCoder.defaultAbiCoder().encode(types, values);

/** The channel's name on the chain. */
export function channelIdOf({ payer, operator, voucherKey, salt }: ChannelTerms): string {
  return keccak256(encode(["address", "address", "address", "uint256"], [payer, operator, voucherKey, salt]));
}

/** The EIP-3009 nonce of a payment into a channel. */
export function depositNonce(channelId: string, number: bigint): string {
  return keccak256(encode(["bytes32", "uint256"], [channelId, number]));
}

/** The digest that a channel's key signs. */
export function hashVoucher(place: SigningPlace, voucher: Voucher): string {
  return TypedDataEncoder.hash(usageChannelsDomain(place), VOUCHER_TYPES, voucher);
}

/** The digest that an operator signs. */
export function hashReceipt(place: SigningPlace, receipt: Receipt): string {
  return TypedDataEncoder.hash(usageChannelsDomain(place), RECEIPT_TYPES, receipt);
}

/** The channel's key says how much has been used so far. `place`: the UsageChannels. */
export function signVoucher(signer: TypedDataSigner, place: SigningPlace, voucher: Voucher): Promise<string> {
  return signer.signTypedData(usageChannelsDomain(place), VOUCHER_TYPES, { ...voucher });
}

/** The payer says that it leaves. `place`: the UsageChannels. */
export function signNotice(signer: TypedDataSigner, place: SigningPlace, notice: Notice): Promise<string> {
  return signer.signTypedData(usageChannelsDomain(place), NOTICE_TYPES, { ...notice });
}

/** The operator says what it served, and for how much. `place`: the UsageChannels. */
export function signReceipt(signer: TypedDataSigner, place: SigningPlace, receipt: Receipt): Promise<string> {
  return signer.signTypedData(usageChannelsDomain(place), RECEIPT_TYPES, { ...receipt });
}

/** The payer puts wFTNS into a channel, for anyone to send. `wrapper` and `channels` are addresses on the chain `chainId`. */
export async function signDeposit(
  signer: TypedDataSigner,
  { chainId, wrapper, channels }: { readonly chainId: bigint; readonly wrapper: string; readonly channels: string },
  { terms, amount, validAfter, validBefore, number }: Deposit,
) {
  const nonce = depositNonce(channelIdOf(terms), number);
  const message = { from: terms.payer, to: channels, value: amount, validAfter, validBefore, nonce };
  const domain = wrapperDomain({ chainId, verifyingContract: wrapper });
  const { v, r, s } = Signature.from(await signer.signTypedData(domain, RECEIVE_WITH_AUTHORIZATION_TYPES, message));
  return { validAfter, validBefore, number, v, r, s };
}

/** A voucher as `claimMany` takes it; `charged`: what is claimed in all, where it is less than what was signed for. */
export function claimOf({ payer, voucherKey, salt }: ChannelTerms, cumulative: bigint, signature: string, charged = cumulative) {
  const { r, yParityAndS } = Signature.from(signature);
  return { payer, voucherKey, salt, cumulative, charged, r, vs: yParityAndS };
}
