import { z } from "zod/v4";
import { coins, envReference, ratioWad, text, url, wholeNumber } from "./fields.ts";

/** How the keeper is watched, and what counts as trouble. */

export const limits = z
  .strictObject({
    brokenSec: wholeNumber(60, 86_400, "seconds")
      .default(900)
      .describe("A job that is broken for longer makes the keeper unhealthy"),
    maxHeadAgeSec: wholeNumber(10, 86_400, "seconds")
      .default(180)
      .describe("So may the newest block be old; not judged where chain.maxClockSkewSec is 0"),
    maxPriceAgeSec: wholeNumber(60, 604_800, "seconds").default(7_200).describe("A feed whose last update is older is stale"),
    minConfidence: ratioWad(1).prefault(0.6).describe("A feed whose confidence is lower is weak: too few reporters agree"),
    balanceWarn: coins().prefault(0.1).describe("An account with less than this of the chain's coin should be filled up"),
    balanceFloor: coins().prefault(0.02).describe("An account with less than this can soon do nothing"),
    stuckSec: wholeNumber(30, 86_400, "seconds")
      .default(600)
      .describe("A transaction that is sent and in no block for so long is stuck"),
    stopSec: wholeNumber(1, 300, "seconds")
      .default(30)
      .describe("How long a stop waits for a running job before it goes on without it"),
  })
  .refine(({ balanceWarn, balanceFloor }) => balanceFloor <= balanceWarn, {
    path: ["balanceFloor"],
    error: "the floor cannot be above limits.balanceWarn",
  })
  .prefault({});

const token = envReference.optional().describe("Sent as a bearer token");

const sink = {
  name: text("a short name for the logs").describe("Name of the receiver in logs and metrics"),
  url: url().describe("Where messages are posted; it usually holds a token, so take it from the environment"),
  minSeverity: z
    .enum(["info", "warning", "critical"], "expected info, warning or critical")
    .default("warning")
    .describe("Least severe message that is sent"),
  repeatSec: wholeNumber(60, 604_800, "seconds").default(14_400).describe("A trouble that lasts is told again after so long"),
};

export const alert = z.discriminatedUnion(
  "type",
  [
    z.strictObject({
      type: z.literal("webhook").describe("The message as JSON, with every field"),
      ...sink,
      token,
    }),
    z.strictObject({ type: z.literal("slack").describe("An incoming webhook of Slack"), ...sink }),
    z.strictObject({ type: z.literal("discord").describe("A webhook of a Discord channel"), ...sink }),
    z.strictObject({
      type: z.literal("email-webhook").describe("JSON with to, subject and text, for a gateway that sends e-mail"),
      ...sink,
      to: text("an e-mail address").describe("Recipient"),
      token,
    }),
  ],
  'expected "type" to be "webhook", "slack", "discord" or "email-webhook"',
);

export const alerts = z
  .array(alert, "expected a list of receivers of alerts")
  .max(8, "expected at most 8 receivers of alerts")
  .default([])
  .describe("Who is told when something is wrong");

export type LimitsConfig = z.output<typeof limits>;
export type AlertConfig = z.output<typeof alert>;
