// Signatures under everything that FTNS contracts accept signed: the SDK's, with the place last.
import type { MarketReport } from "@ftns/model";
import * as signing from "@ftns/sdk/signing.ts";
import type { Consent, Contribution, Review, SigningPlace } from "@ftns/sdk/signing.ts";
import type { Signer } from "ethers";

export type { Consent, Contribution, Review };

export async function signContribution(signer: Signer, contribution: Contribution, place: SigningPlace) {
  return signing.signContribution(signer, place, contribution);
}

export async function signReview(signer: Signer, review: Review, place: SigningPlace) {
  return signing.signReview(signer, place, review);
}

export async function signConsent(signer: Signer, consent: Consent, place: SigningPlace) {
  return signing.signConsent(signer, place, consent);
}

export async function signMarketReport(signer: Signer, report: MarketReport, place: SigningPlace) {
  return signing.signMarketReport(signer, place, report);
}

export async function attest(signers: readonly Signer[], contribution: Contribution, place: SigningPlace) {
  return signing.attest(signers, place, contribution);
}

/** As the feed takes them: packed, in the order of their reporters. */
export async function packedReports(reports: readonly { signer: Signer; report: MarketReport }[], place: SigningPlace) {
  return signing.packReports(await signing.signMarketReports(place, reports));
}
