// The reviews that the registry wants with a proof: as many as its kind needs, in its order.
import { compareAddresses } from "@ftns/sdk";
import type { Economy } from "../chain/economy.ts";
import { claimOf, KINDS } from "../claims/kinds.ts";
import type { ClaimRecord, Proof } from "../claims/record.ts";

export async function reviewsFor({ body, proofHash }: ClaimRecord, { registry }: Economy): Promise<Proof["reviews"]> {
  const claim = claimOf(body!.claim);
  if (!("reviews" in claim)) return [];
  const rules = await registry.reviewRules();
  const needed = Number(rules.required[KINDS.indexOf(claim.kind)] ?? 0n);
  return claim.reviews
    .filter(({ rating }) => BigInt(rating) >= rules.minRating)
    .sort((a, b) => b.rating - a.rating)
    .slice(0, needed)
    .sort((a, b) => compareAddresses(a.reviewer, b.reviewer))
    .map(({ reviewer, rating, reviewedAt, signature }) => ({ review: { proofHash, reviewer, rating, reviewedAt }, signature }));
}
