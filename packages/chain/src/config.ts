import { z } from "zod/v4";
import { gwei, url, wholeNumber } from "@ftns/service/config/fields.ts";

/** How the keeper reaches its chain, and how it sends there. */

/** Local chains in automine, and Arbitrum's: One, Nova, Sepolia, and its local one. */
const MAKERS_ON_DEMAND: ReadonlySet<number> = new Set([31_337, 1_337, 42_161, 42_170, 421_614, 412_346]);

export const chain = z
  .strictObject(
    {
      rpcUrls: z
        .array(url(), "expected a list of JSON-RPC endpoints")
        .min(1, "expected at least one JSON-RPC endpoint")
        .max(8, "expected at most 8 JSON-RPC endpoints")
        .describe("JSON-RPC endpoints, the preferred one first"),
      chainId: wholeNumber(1, Number.MAX_SAFE_INTEGER, "a chain id").describe(
        "Id that the endpoints must report; anything else is refused",
      ),
      timeoutMs: wholeNumber(100, 120_000, "milliseconds")
        .default(10_000)
        .describe("Give up on an answer of an endpoint after this"),
      quorum: wholeNumber(1, 8, "endpoints")
        .default(1)
        .describe("Endpoints that must agree on what is read; fewer than this mislead nobody"),
      maxClockSkewSec: wholeNumber(0, 86_400, "seconds")
        .default(300)
        .describe(
          "Most by which the newest block's time may differ from this machine's clock; 0 where the chain's time is not the world's",
        ),
      blocksOnDemand: z
        .boolean("expected true or false")
        .optional()
        .describe(
          "Blocks come only with transactions, so that an old newest block is no fault and time passes by the clock; when left " +
            "out, true for local chains (31337, 1337) and Arbitrum's",
        ),
    },
    { error: (issue) => (issue.code === "unrecognized_keys" ? undefined : 'expected an object "chain"') },
  )
  .superRefine(({ rpcUrls, quorum }, context) => {
    if (quorum > rpcUrls.length) {
      context.addIssue({
        code: "custom",
        path: ["quorum"],
        message: `${quorum} endpoints must agree but only ${rpcUrls.length} are listed; list more or ask for fewer`,
      });
    }
    const texts = rpcUrls.map((one) => JSON.stringify(one));
    const twin = texts.findIndex((one, index) => texts.indexOf(one) !== index);
    if (twin >= 0) {
      const message = "this endpoint is listed twice; each counts once";
      context.addIssue({ code: "custom", path: ["rpcUrls", twin], message });
    }
  })
  .transform(({ blocksOnDemand, ...given }) => ({
    ...given,
    blocksOnDemand: blocksOnDemand ?? MAKERS_ON_DEMAND.has(given.chainId),
  }));

export const transactions = z
  .strictObject({
    maxFeeGwei: gwei().prefault(100).describe("Most that is paid per gas, in gwei; above it nothing is sent"),
    maxPriorityFeeGwei: gwei().prefault(2).describe("Most that is paid to the block's maker per gas, in gwei"),
    confirmations: wholeNumber(1, 64, "blocks")
      .default(1)
      .describe("Blocks, its own included, that a transaction must have before it counts as done"),
    stuckAfterSec: wholeNumber(1, 3_600, "seconds")
      .default(60)
      .describe("A transaction that no block took for so long is replaced at the same nonce, or cancelled"),
    giveUpAfterSec: wholeNumber(1, 86_400, "seconds")
      .default(600)
      .describe("A run ends as broken after so long without progress; the next one goes on with the same nonce"),
    maxReplacements: wholeNumber(0, 32, "replacements").default(8).describe("Most replacements of one transaction in one run"),
  })
  .refine(({ maxPriorityFeeGwei, maxFeeGwei }) => maxPriorityFeeGwei <= maxFeeGwei, {
    path: ["maxPriorityFeeGwei"],
    error: "the priority fee is part of the whole fee; it cannot be above transactions.maxFeeGwei",
  })
  .refine(({ stuckAfterSec, giveUpAfterSec }) => stuckAfterSec <= giveUpAfterSec, {
    path: ["giveUpAfterSec"],
    error: "a run that gives up before transactions.stuckAfterSec never replaces anything",
  })
  .prefault({});
