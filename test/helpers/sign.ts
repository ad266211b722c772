// EIP-712 signatures under everything that FTNS contracts accept signed. Types and domains are written out here once
// more, apart from the contracts, so that a test notices when a contract departs from them.
import type { Signer, TypedDataDomain, TypedDataField } from "ethers";

export interface Contribution {
  contributor: string;
  kind: bigint;
  proofHash: string;
  units: bigint;
  quality: bigint;
  confidence: bigint;
  impact: bigint;
  observedAt: bigint;
  expiresAt: bigint;
  evidenceURI: string;
}

export interface Review {
  proofHash: string;
  reviewer: string;
  rating: bigint;
  reviewedAt: bigint;
}

export interface Consent {
  contributionHash: string;
  submitter: string;
  deadline: bigint;
}

export interface MarketReport {
  price: bigint;
  volume6h: bigint;
  meanVolume6h: bigint;
  txTotal: bigint;
  txFailed: bigint;
  observedAt: bigint;
}

/** Where a signature is good: one contract on one chain. */
export interface SigningPlace {
  chainId: bigint;
  verifyingContract: string;
}

type Types = Record<string, TypedDataField[]>;

export const CONTRIBUTION_TYPES: Types = {
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
    { name: "evidenceURI", type: "string" },
  ],
};

export const REVIEW_TYPES: Types = {
  Review: [
    { name: "proofHash", type: "bytes32" },
    { name: "reviewer", type: "address" },
    { name: "rating", type: "uint8" },
    { name: "reviewedAt", type: "uint256" },
  ],
};

export const CONSENT_TYPES: Types = {
  Consent: [
    { name: "contributionHash", type: "bytes32" },
    { name: "submitter", type: "address" },
    { name: "deadline", type: "uint256" },
  ],
};

export const MARKET_REPORT_TYPES: Types = {
  MarketReport: [
    { name: "price", type: "uint256" },
    { name: "volume6h", type: "uint256" },
    { name: "meanVolume6h", type: "uint256" },
    { name: "txTotal", type: "uint256" },
    { name: "txFailed", type: "uint256" },
    { name: "observedAt", type: "uint256" },
  ],
};

export function registryDomain(place: SigningPlace): TypedDataDomain {
  return { name: "FTNS ContributorRegistry", version: "1", ...place };
}

export function medianFeedDomain(place: SigningPlace): TypedDataDomain {
  return { name: "FTNS MedianFeed", version: "1", ...place };
}

export async function signContribution(signer: Signer, contribution: Contribution, place: SigningPlace) {
  return signer.signTypedData(registryDomain(place), CONTRIBUTION_TYPES, contribution);
}

export async function signReview(signer: Signer, review: Review, place: SigningPlace) {
  return signer.signTypedData(registryDomain(place), REVIEW_TYPES, review);
}

export async function signConsent(signer: Signer, consent: Consent, place: SigningPlace) {
  return signer.signTypedData(registryDomain(place), CONSENT_TYPES, consent);
}

export async function signMarketReport(signer: Signer, report: MarketReport, place: SigningPlace) {
  return signer.signTypedData(medianFeedDomain(place), MARKET_REPORT_TYPES, report);
}

/** Attestations of `signers` under `contribution`, in the ascending order of addresses that the registry asks for. */
export async function attest(signers: readonly Signer[], contribution: Contribution, place: SigningPlace) {
  const attestations = await Promise.all(
    signers.map(async (signer) => ({
      signer: await signer.getAddress(),
      signature: await signContribution(signer, contribution, place),
    })),
  );
  return attestations.sort((a, b) => compareAddresses(a.signer, b.signer));
}

/** Reports of `signers` (each may see something else), in the ascending order of addresses that the feed asks for. */
export async function signedReports(
  reports: readonly { signer: Signer; report: MarketReport }[],
  place: SigningPlace,
) {
  const signed = await Promise.all(
    reports.map(async ({ signer, report }) => ({
      reporter: await signer.getAddress(),
      report,
      signature: await signMarketReport(signer, report, place),
    })),
  );
  return signed.sort((a, b) => compareAddresses(a.reporter, b.reporter));
}

export function compareAddresses(a: string, b: string): number {
  const [left, right] = [BigInt(a), BigInt(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
