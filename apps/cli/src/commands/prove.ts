import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Contribution } from "@ftns/sdk/signing.ts";
import { dayOf, formatFtns, formatPercent, formatTime } from "@ftns/sdk/units.ts";
import { addressFrom } from "../settings.ts";
import { type Context, openToSign } from "../context.ts";
import { Ended, EXIT } from "../exit.ts";
import { sendAll } from "../send.ts";

interface Proof {
  contribution: Contribution;
  attestations: { signer: string; signature: string }[];
  reviews: { review: { proofHash: string; reviewer: string; rating: bigint; reviewedAt: bigint }; signature: string }[];
}

const WHOLE = ["kind", "units", "quality", "confidence", "impact", "observedAt", "expiresAt"] as const;

/** Presents a proof that verifiers signed, as they answer it: contribution, attestations, reviews. */
export async function proveCommand(context: Context, file: string): Promise<void> {
  const { contribution, attestations, reviews } = proofIn(file);
  const signing = await openToSign(context);
  if (contribution.contributor.toLowerCase() !== signing.address.toLowerCase()) {
    throw new Ended(
      EXIT.refused,
      `The proof is of ${contribution.contributor}, and the key is of ${signing.address}.`,
      "Sign with the contributor's key.",
    );
  }
  const { registry, pool } = signing.economy;
  const transaction = await registry.submit.populateTransaction(contribution, attestations, reviews);
  const value = await registry.contributionValue(contribution.kind, contribution.units, contribution.impact);
  const tier = await registry.tierOn(signing.address, dayOf(BigInt((await signing.provider.getBlock("latest"))!.timestamp)));
  const { earned } = await pool.previewReward(contribution.kind, value, tier === 0n ? 1n : tier);
  const promise = [
    `Worth ${formatFtns(value, 6)} at a quality of ${formatPercent(contribution.quality)}, on the word of ${attestations.length} verifiers; good until ${formatTime(contribution.expiresAt)}.`,
    `At your tier it earns about ${formatFtns(earned, 6)}.`,
  ];
  await sendAll(context, signing, promise, [{ title: "Present the proof", transaction }]);
}

function proofIn(file: string): Proof {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(resolve(file), "utf8"));
  } catch (error) {
    throw new Ended(
      EXIT.cannotStart,
      `${file} ${error instanceof SyntaxError ? "is no JSON" : "cannot be read"}.`,
      "It is what a verifier answered.",
    );
  }
  const { contribution, attestations, reviews = [] } = (parsed ?? {}) as Record<string, any>;
  if (typeof contribution !== "object" || !Array.isArray(attestations) || !Array.isArray(reviews)) {
    throw new Ended(EXIT.cannotStart, `${file} has no contribution with attestations in it.`, "It is what a verifier answered.");
  }
  try {
    const numbers = Object.fromEntries(WHOLE.map((name) => [name, BigInt(contribution[name])]));
    return {
      contribution: { ...contribution, ...numbers, contributor: addressFrom(String(contribution.contributor)) } as Contribution,
      attestations: attestations.map(({ signer, signature }) => ({
        signer: addressFrom(String(signer)),
        signature: String(signature),
      })),
      reviews: reviews.map(({ review, signature }) => ({
        review: { ...review, rating: BigInt(review.rating), reviewedAt: BigInt(review.reviewedAt) },
        signature: String(signature),
      })),
    };
  } catch (error) {
    if (error instanceof Ended) throw error;
    throw new Ended(
      EXIT.cannotStart,
      `A number is missing in ${file}, or is none.`,
      `The contribution needs ${WHOLE.join(", ")} as whole numbers.`,
    );
  }
}
