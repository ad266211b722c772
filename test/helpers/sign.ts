// EIP-712 signatures under everything that FTNS contracts accept signed.
import type { MarketReport } from "@ftns/model";
import {
  compareAddresses,
  CONSENT_TYPES,
  CONTRIBUTION_TYPES,
  MARKET_REPORT_TYPES,
  medianFeedDomain,
  registryDomain,
  REVIEW_TYPES,
  type SigningPlace,
} from "@ftns/sdk/signing.ts";
import type { Signer } from "ethers";

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
  evidenceRoot: string;
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
export async function signedReports(reports: readonly { signer: Signer; report: MarketReport }[], place: SigningPlace) {
  const signed = await Promise.all(
    reports.map(async ({ signer, report }) => ({
      reporter: await signer.getAddress(),
      report,
      signature: await signMarketReport(signer, report, place),
    })),
  );
  return signed.sort((a, b) => compareAddresses(a.reporter, b.reporter));
}
