/**
 * What people sign for FTNS contracts: the EIP-712 types and domains, in the shape that ethers and viem take, and builders for
 * signers of ethers. One place for keepers, services, web apps and tests.
 */
import type { MarketReport } from "@ftns/model/prices/medianFeed.ts";
import { AbiCoder, keccak256, Signature, type Signer, type TypedDataDomain, TypedDataEncoder, type TypedDataField } from "ethers";

export type { MarketReport };

/** Where a signature is good: one contract on one chain. */
export interface SigningPlace {
  chainId: bigint;
  verifyingContract: string;
}

/** A verifier's statement that work was done: see `Contribution` in contracts/types/Contribution.sol. */
export interface Contribution {
  contributor: string;
  /** In the order of ContributionKind.sol. */
  kind: bigint;
  proofHash: string;
  /** In the unit of the kind (WAD). */
  units: bigint;
  /** WAD, 1 at most. */
  quality: bigint;
  /** WAD, 1 at most. */
  confidence: bigint;
  /** WAD */
  impact: bigint;
  /** Seconds. */
  observedAt: bigint;
  /** Seconds. */
  expiresAt: bigint;
  /** Digest of the evidence's canonical manifest (32 bytes). */
  evidenceRoot: string;
  evidenceURI: string;
}

/** A peer's review of a proof. */
export interface Review {
  proofHash: string;
  reviewer: string;
  /** 1 to 5. */
  rating: bigint;
  /** Seconds. */
  reviewedAt: bigint;
}

/** A contributor's consent that somebody else submits a contribution. */
export interface Consent {
  /** `hashContribution` of the contribution. */
  contributionHash: string;
  submitter: string;
  /** Seconds. */
  deadline: bigint;
}

/** A verifier's statement about a week's work of many. */
export interface Batch {
  /** Root of the Merkle tree over the leaves. */
  root: string;
  /** FTNS, 18 decimals: what may be drawn in all. */
  total: bigint;
  /** Protocol day / 7. */
  week: bigint;
  leaves: bigint;
  /** Seconds. */
  expiresAt: bigint;
  evidenceURI: string;
}

/** The work of one kind by one account in a batch: see `Leaf` in contracts/types/Batch.sol. */
export interface BatchLeaf {
  account: string;
  kind: bigint;
  /** FTNS, 18 decimals. */
  value: bigint;
  /** WAD, whole thousandths. */
  quality: bigint;
  /** Root of the Merkle tree over the hashes of its proofs. */
  digest: string;
}

/** A verifier's statement: see `Contribution` in contracts/types/Contribution.sol. */
export const CONTRIBUTION_TYPES = {
  Contribution: [
    { name: "contributor", type: "address" },
    { name: "kind", type: "uint8" },
    { name: "proofHash", type: "bytes32" },
    { name: "units", type: "uint256" },
    { name: "quality", type: "uint256" },
    { name: "confidence", type: "uint256" },
    { name: "impact", type: "uint256" },
    { name: "observedAt", type: "uint256" },
    { name: "expiresAt", type: "uint256" },
    { name: "evidenceRoot", type: "bytes32" },
    { name: "evidenceURI", type: "string" },
  ],
};

/** A peer's review of a proof. */
export const REVIEW_TYPES = {
  Review: [
    { name: "proofHash", type: "bytes32" },
    { name: "reviewer", type: "address" },
    { name: "rating", type: "uint8" },
    { name: "reviewedAt", type: "uint256" },
  ],
};

/** A contributor's consent that somebody else submits a contribution. */
export const CONSENT_TYPES = {
  Consent: [
    { name: "contributionHash", type: "bytes32" },
    { name: "submitter", type: "address" },
    { name: "deadline", type: "uint256" },
  ],
};

/** A verifier's statement about a week's work of many: see `Batch` in contracts/types/Batch.sol. */
export const BATCH_TYPES = {
  Batch: [
    { name: "root", type: "bytes32" },
    { name: "total", type: "uint256" },
    { name: "week", type: "uint256" },
    { name: "leaves", type: "uint256" },
    { name: "expiresAt", type: "uint256" },
    { name: "evidenceURI", type: "string" },
  ],
};

/** A contributor's consent that somebody else claims its leaves of batches, any number of times. */
export const CLAIM_CONSENT_TYPES = {
  ClaimConsent: [
    { name: "account", type: "address" },
    { name: "relayer", type: "address" },
    { name: "deadline", type: "uint256" },
  ],
};

export interface ClaimConsent {
  readonly account: string;
  readonly relayer: string;
  /** Last second (UTC). */
  readonly deadline: bigint;
}

/** A leaf of a batch as @openzeppelin/merkle-tree takes it: the types of its fields, and the fields in their order. */
export const LEAF_ENCODING = ["address", "uint8", "uint256", "uint256", "bytes32"] as const;

/** What a price reporter saw: see `MarketReport` in IMedianFeed.sol. */
export const MARKET_REPORT_TYPES = {
  MarketReport: [
    { name: "price", type: "uint256" },
    { name: "meanPrice", type: "uint256" },
    { name: "since", type: "uint256" },
    { name: "volume6h", type: "uint256" },
    { name: "meanVolume6h", type: "uint256" },
    { name: "txTotal", type: "uint256" },
    { name: "txFailed", type: "uint256" },
    { name: "sendersDay", type: "uint256" },
    { name: "observedAt", type: "uint256" },
  ],
};

export function registryDomain(place: SigningPlace) {
  return { name: "FTNS ContributorRegistry", version: "1", ...place };
}

export function batchRewardsDomain(place: SigningPlace) {
  return { name: "FTNS BatchRewards", version: "1", ...place };
}

export function medianFeedDomain(place: SigningPlace) {
  return { name: "FTNS MedianFeed", version: "2", ...place };
}

type Fields = Record<string, TypedDataField[]>;

/** Whatever signs typed data: a Signer of ethers is one, and so is a key behind a command. */
export interface TypedDataSigner {
  signTypedData(domain: TypedDataDomain, types: Fields, value: Record<string, unknown>): Promise<string>;
}

const sign = (signer: TypedDataSigner, domain: TypedDataDomain, types: Fields, value: object) =>
  signer.signTypedData(domain, types, { ...value });

/** A verifier signs what it saw. */
export function signContribution(signer: TypedDataSigner, place: SigningPlace, contribution: Contribution): Promise<string> {
  return sign(signer, registryDomain(place), CONTRIBUTION_TYPES, contribution);
}

/** A peer signs its review. */
export function signReview(signer: TypedDataSigner, place: SigningPlace, review: Review): Promise<string> {
  return sign(signer, registryDomain(place), REVIEW_TYPES, review);
}

/** A contributor signs that `consent.submitter` may hand its contribution in. */
export function signConsent(signer: TypedDataSigner, place: SigningPlace, consent: Consent): Promise<string> {
  return sign(signer, registryDomain(place), CONSENT_TYPES, consent);
}

/** A reporter signs what it saw. */
export function signMarketReport(signer: TypedDataSigner, place: SigningPlace, report: MarketReport): Promise<string> {
  return sign(signer, medianFeedDomain(place), MARKET_REPORT_TYPES, report);
}

/** A verifier signs a week's work of many. */
export function signBatch(signer: TypedDataSigner, place: SigningPlace, batch: Batch): Promise<string> {
  return sign(signer, batchRewardsDomain(place), BATCH_TYPES, batch);
}

/** A contributor lets somebody claim its leaves. */
export function signClaimConsent(signer: TypedDataSigner, place: SigningPlace, consent: ClaimConsent): Promise<string> {
  return sign(signer, batchRewardsDomain(place), CLAIM_CONSENT_TYPES, consent);
}

/** The digest that a verifier signs under a batch. */
export function hashBatch(place: SigningPlace, batch: Batch): string {
  return TypedDataEncoder.hash(batchRewardsDomain(place), BATCH_TYPES, batch);
}

/** A leaf's hash in the tree: twice, so that no inner node can be taken for a leaf. */
export function hashLeaf({ account, kind, value, quality, digest }: BatchLeaf): string {
  return keccak256(keccak256(AbiCoder.defaultAbiCoder().encode([...LEAF_ENCODING], [account, kind, value, quality, digest])));
}

/** The hash of a proof's hash in the tree whose root is a leaf's digest. */
export function hashProofInDigest(proofHash: string): string {
  return keccak256(keccak256(proofHash));
}

/** The digest that a verifier signs, and by which a consent names the contribution. */
export function hashContribution(place: SigningPlace, contribution: Contribution): string {
  return TypedDataEncoder.hash(registryDomain(place), CONTRIBUTION_TYPES, contribution);
}

/** The digest that a peer signs. */
export function hashReview(place: SigningPlace, review: Review): string {
  return TypedDataEncoder.hash(registryDomain(place), REVIEW_TYPES, review);
}

/** The digest that a contributor signs. */
export function hashConsent(place: SigningPlace, consent: Consent): string {
  return TypedDataEncoder.hash(registryDomain(place), CONSENT_TYPES, consent);
}

/** The digest that a reporter signs. */
export function hashMarketReport(place: SigningPlace, report: MarketReport): string {
  return TypedDataEncoder.hash(medianFeedDomain(place), MARKET_REPORT_TYPES, report);
}

/** Attestations of `signers` under `contribution`, in the order that the registry asks for. */
export async function attest(signers: readonly Signer[], place: SigningPlace, contribution: Contribution) {
  const attestations = await Promise.all(
    signers.map(async (signer) => ({
      signer: await signer.getAddress(),
      signature: await signContribution(signer, place, contribution),
    })),
  );
  return attestations.sort((a, b) => compareAddresses(a.signer, b.signer));
}

/** Attestations of `signers` under `batch`, in the order that the contract asks for. */
export async function attestBatch(signers: readonly Signer[], place: SigningPlace, batch: Batch) {
  const attestations = await Promise.all(
    signers.map(async (signer) => ({ signer: await signer.getAddress(), signature: await signBatch(signer, place, batch) })),
  );
  return attestations.sort((a, b) => compareAddresses(a.signer, b.signer));
}

/** Reports of `signers`, each of which may have seen something else; `packReports` makes them what the feed takes. */
export async function signMarketReports(
  place: SigningPlace,
  reports: readonly { readonly signer: Signer; readonly report: MarketReport }[],
) {
  const signed = await Promise.all(
    reports.map(async ({ signer, report }) => ({
      reporter: await signer.getAddress(),
      report,
      signature: await signMarketReport(signer, place, report),
    })),
  );
  return signed.sort((a, b) => compareAddresses(a.reporter, b.reporter));
}

/** A report as `submit` takes it: see ReportWords.sol. */
export interface PackedReport {
  first: bigint;
  second: bigint;
  r: string;
  vs: string;
}

type FieldPlace = readonly [field: keyof MarketReport, bits: bigint];

/** What stands in a report's two words, from the lowest bit on: see ReportWords.sol. */
const FIRST_WORD: readonly FieldPlace[] = [
  ["price", 64n],
  ["meanPrice", 64n],
  ["since", 40n],
  ["observedAt", 40n],
  ["txTotal", 24n],
  ["txFailed", 24n],
];
const SECOND_WORD: readonly FieldPlace[] = [
  ["volume6h", 72n],
  ["meanVolume6h", 72n],
  ["sendersDay", 24n],
];

/** Packs a signed report. What is too large for its bits is refused here: cut off, it would be another report. */
export function packReport({ report, signature }: { readonly report: MarketReport; readonly signature: string }): PackedReport {
  const { r, yParityAndS } = Signature.from(signature);
  return { first: wordOf(report, FIRST_WORD), second: wordOf(report, SECOND_WORD), r, vs: yParityAndS };
}

/** The report and its signature again, as from the calldata of a round. Bits that say nothing are left out. */
export function unpackReport({ first, second, r, vs }: PackedReport): { report: MarketReport; signature: string } {
  const fields = { ...fieldsOf(first, FIRST_WORD), ...fieldsOf(second, SECOND_WORD) };
  return { report: fields as unknown as MarketReport, signature: Signature.from({ r, yParityAndS: vs }).serialized };
}

/** Signed reports as `submit` takes them: packed, in the ascending order of their reporters' addresses. */
export function packReports(
  signed: readonly { readonly reporter: string; readonly report: MarketReport; readonly signature: string }[],
): PackedReport[] {
  return [...signed].sort((a, b) => compareAddresses(a.reporter, b.reporter)).map(packReport);
}

function wordOf(report: MarketReport, places: readonly FieldPlace[]): bigint {
  let word = 0n;
  let shift = 0n;
  for (const [field, bits] of places) {
    const value = report[field];
    if (value < 0n || value >> bits !== 0n) {
      throw new RangeError(`${field} ${value} does not fit into ${bits} bits of a report`);
    }
    word |= value << shift;
    shift += bits;
  }
  return word;
}

function fieldsOf(word: bigint, places: readonly FieldPlace[]): Partial<MarketReport> {
  const fields: Partial<Record<keyof MarketReport, bigint>> = {};
  let shift = 0n;
  for (const [field, bits] of places) {
    fields[field] = BigInt.asUintN(Number(bits), word >> shift);
    shift += bits;
  }
  return fields;
}

/** -1 or 1: signers stand in the ascending order of their addresses, so that a duplicate shows. */
export function compareAddresses(a: string, b: string): number {
  const [left, right] = [BigInt(a), BigInt(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
