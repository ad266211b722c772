// Peer reviews, as the registry will judge them again: signed, by contributors, each once, not by the author.
import { hashReview, type Review, type SigningPlace } from "@ftns/sdk";
import { recoverAddress } from "ethers";
import { z } from "zod/v4";
import { EvidenceFault } from "../common/fault.ts";
import { address, seconds, signature } from "../common/fields.ts";

/** A rating older than this says little of what the network is like now. */
const MAX_AGE_SEC = 30 * 86_400;
const MAX_REVIEWS = 20;

export const signedReviews = z
  .array(z.object({ reviewer: address, rating: z.number().int().min(1).max(5), reviewedAt: seconds, signature }).strict())
  .max(MAX_REVIEWS);
export type SignedReview = z.output<typeof signedReviews>[number];

export interface SignatureParts {
  place: SigningPlace;
  /** Seconds. */
  now: number;
  /** Whether a wallet that is a contract takes the signature (ERC-1271); left out, only keys sign. */
  walletAccepts?(wallet: string, digest: string, signature: string): Promise<boolean>;
}

export interface ReviewParts extends SignatureParts {
  /** Whether an account has tier BASIC or higher today. */
  isContributor(account: string): Promise<boolean>;
}

/** Thousandths, and how many reviews they stand for. */
export interface Rated {
  thousandths: bigint;
  reviews: number;
}

/**
 * The lower median of all ratings, from 0 for a 1 to 1,000 for a 5: one friend cannot lift it. Every review must be valid, since the author
 * chose them.
 */
export async function rate(
  proofHash: string,
  author: string,
  reviews: readonly SignedReview[],
  least: number,
  parts: ReviewParts,
): Promise<Rated> {
  const reviewers = new Set<string>();
  for (const review of reviews) {
    const { reviewer, rating, reviewedAt } = review;
    const refuse = (why: string) => new EvidenceFault("BAD_REVIEW", `${reviewer} ${why}`);
    if (reviewer === author) throw refuse("is the author");
    if (reviewers.has(reviewer)) throw refuse("reviewed twice");
    reviewers.add(reviewer);
    if (reviewedAt > parts.now) throw refuse("reviewed in the future");
    if (reviewedAt < parts.now - MAX_AGE_SEC) throw refuse("reviewed more than 30 days ago");
    const signed: Review = { proofHash, reviewer, rating: BigInt(rating), reviewedAt: BigInt(reviewedAt) };
    if (!(await isSignedBy(reviewer, hashReview(parts.place, signed), review.signature, parts)))
      throw refuse("did not sign this");
    if (!(await parts.isContributor(reviewer))) throw refuse("is no contributor of tier BASIC or higher");
  }
  if (reviews.length < least) throw new EvidenceFault("NOT_ENOUGH_REVIEWS", `${reviews.length} of ${least}`);
  const ratings = reviews.map(({ rating }) => rating).sort((a, b) => a - b);
  return { thousandths: BigInt(ratings[(ratings.length - 1) >> 1]! - 1) * 250n, reviews: reviews.length };
}

export async function isSignedBy(account: string, digest: string, signed: string, parts: SignatureParts): Promise<boolean> {
  try {
    if (recoverAddress(digest, signed) === account) return true;
  } catch {
    // No signature of a key: a wallet may still know it.
  }
  return (await parts.walletAccepts?.(account, digest, signed)) ?? false;
}
