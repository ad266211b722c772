import { z } from "zod/v4";
import { isCronPattern } from "@ftns/service/config/cron.ts";
import { address, amount, key, listening, ratioWad, text, url, wholeNumber } from "@ftns/service/config/fields.ts";
import { quote, source } from "./sources.ts";

/** What each job is told, besides the addresses. */

const schedule = (everyMinute: string) =>
  z
    .string("expected a cron pattern in UTC, with or without seconds, such as 0 * * * * *")
    .refine(isCronPattern, "expected a cron pattern in UTC, with or without seconds, such as 0 * * * * *")
    .default(everyMinute);

/**
 * Where twins would waste transactions, they are spread: over most of a minute where nothing hurries, less where a price is due and
 * should be sent within 30 s, little where an emergency should within 15 s.
 */
const WIDE_JITTER_SEC = 45;
const PRICE_JITTER_SEC = 20;
const URGENT_JITTER_SEC = 3;

const timing = (pattern: string, jitterSec = 15) => ({
  schedule: schedule(pattern).describe("Cron pattern (UTC) of the times at which the job looks whether it is due"),
  jitterSec: wholeNumber(0, 600, "seconds")
    .default(jitterSec)
    .describe(
      "Delay of up to so many seconds before a look: a part is each account's own, the rest random, so that twins do not collide",
    ),
});

const exchange = z.strictObject({
  listen: listening().optional().describe("Where our latest signed reports are served, at GET /v1/report"),
  peers: z
    .array(
      z.strictObject({
        name: text("a short name for the logs").describe("Name of the peer in the logs"),
        url: url().describe("Base of its address; /v1/report is added"),
      }),
      "expected a list of peers",
    )
    .max(32, "expected at most 32 peers")
    .default([])
    .describe("Other reporters whose signed reports are gathered"),
  patienceSec: wholeNumber(0, 600, "seconds")
    .default(120)
    .describe("How long a mere quorum waits for the reports of the other reporters before it is submitted"),
  timeoutMs: wholeNumber(100, 30_000, "milliseconds").default(3_000).describe("Give up on a peer's answer after this"),
});

export const reportPrice = z.strictObject({
  ...timing("0 * * * * *", PRICE_JITTER_SEC),
  intervalSec: wholeNumber(60, 86_400, "seconds").default(3_600).describe("Report when the feed's last update is this old"),
  deviation: ratioWad(0.5).prefault(0.01).describe("Report earlier when the price moved by more than this ratio"),
  maxObservationAgeSec: wholeNumber(1, 600, "seconds")
    .default(300)
    .describe("Oldest market observation that is signed, measured against chain time"),
  maxGapSec: wholeNumber(60, 86_400, "seconds")
    .default(300)
    .describe("Longest time between two looks through which a price is taken to have held, in the mean price that is signed"),
  minSources: wholeNumber(1, 16, "sources").default(1).describe("Fewest sources that must answer and agree"),
  maxSpread: ratioWad(0.5).prefault(0.02).describe("Sources farther than this from their median are left out"),
  reporters: z
    .array(key(), "expected a list of reporter keys")
    .max(32, "expected at most 32 reporter keys")
    .describe(
      "Keys that sign the market report. One in production, none for a keeper that only carries its peers' reports, a quorum of them on a local chain",
    ),
  sources: z
    .array(source, "expected a list of market sources")
    .max(16, "expected at most 16 market sources")
    .describe("Where market data comes from"),
  exchange: exchange
    .optional()
    .describe("Trades signed reports with other reporters; without it, our own keys must make up the quorum"),
  countTransactions: z
    .strictObject({
      to: z
        .array(address(), "expected a list of contract addresses")
        .min(1, "expected at least one contract address")
        .max(64, "expected at most 64 contract addresses")
        .describe("The economy's contracts; who sends to one of them counts"),
      maxBlocks: wholeNumber(1, 500_000, "blocks")
        .default(50_000)
        .describe("Most blocks of the last day; beyond it nothing is counted, and the sources' numbers are used"),
    })
    .optional()
    .describe(
      "Counts the accounts that sent in the last hour and day, and those whose calls failed, from the blocks, in place of the sources' numbers. Needs contracts.token",
    ),
});

export const recordPrice = z.strictObject({
  ...timing("10 * * * * *", PRICE_JITTER_SEC),
  intervalSec: wholeNumber(60, 86_400, "seconds")
    .default(3_600)
    .describe("For a feed that is not our own: record when the last recorded round is this old"),
});

export const adjustSupply = z.strictObject({ ...timing("20 * * * * *", WIDE_JITTER_SEC) });

export const watchEmergency = z.strictObject({ ...timing("*/10 * * * * *", URGENT_JITTER_SEC) });

const ID_EXPECTED = "expected a proposal id as decimal text in quotes, since JSON numbers lose digits";
const proposalId = z
  .string(ID_EXPECTED)
  .regex(/^\d{1,78}$/, { error: ID_EXPECTED, abort: true })
  .transform(BigInt);

export const runGovernance = z.strictObject({
  ...timing("40 * * * * *"),
  lookback: wholeNumber(1, 1_000, "proposals").default(64).describe("How many of the latest proposals are looked at"),
  ignore: z
    .array(proposalId, "expected a list of proposal ids")
    .max(64, "expected at most 64 proposal ids")
    .default([])
    .describe(
      "Ids of proposals that passed and are left alone, such as one that reverts for good: told once at the start instead of as a fault every minute",
    ),
});

/** A look is cheap while no report is due; one that failed is taken up with the next. */
export const reportVelocity = z.strictObject({
  ...timing("50 0 * * * *"),
  reportAt: schedule("0 0 3 * * 0").describe("Cron pattern (UTC) of the times, on the chain's clock, for which reports are made"),
  maxBlocks: wholeNumber(1, 20_000_000, "blocks")
    .default(2_000_000)
    .describe("Most blocks of the last 30 days that are read; beyond it the report covers less, and says so"),
  maxHolders: wholeNumber(1, 200_000, "accounts")
    .default(20_000)
    .describe("Most accounts that are followed; beyond it the report leaves some out, and says so"),
});

/** Due once in a policy's life, on about its 32nd day; there is a month's time. */
export const noteDays = z.strictObject({ ...timing("0 15 * * * *", WIDE_JITTER_SEC) });

export const payReporters = z.strictObject({
  ...timing("0 45 4 * * *"),
  minPayFtns: amount("FTNS", 18)
    .prefault(2)
    .describe("Least that a reporter must get by it, in FTNS; hours older than 27 days are lost"),
});

export const fillDesk = z.strictObject({
  ...timing("50 * * * * *", URGENT_JITTER_SEC),
  maxFillUsd: amount("USD", 18)
    .prefault(5_000)
    .describe("Most that one fill may be worth, in USD; the desk takes none below a hundredth of its share of the day"),
  minGainUsd: amount("USD", 18)
    .prefault(1)
    .describe("What a fill must bring at least against the feed's price, its gas paid, in USD"),
  gasFeed: quote.describe("Chainlink feed of the dollar price of the coin that gas is paid in"),
});

export const settleDues = z.strictObject({
  ...timing("0 30 3 * * *"),
  minDueFtns: amount("FTNS", 18).prefault(1).describe("Smaller dues are left alone, in FTNS"),
  maxCostShare: ratioWad(1).prefault(0.1).describe("Most of a due's worth that its gas may cost"),
  maxPerRun: wholeNumber(1, 16, "accounts").default(8).describe("Most accounts that are settled in a run"),
  gasFeed: quote.describe("Chainlink feed of the dollar price of the coin that gas is paid in"),
  maxPriceAgeSec: wholeNumber(60, 172_800, "seconds")
    .default(7_200)
    .describe("Oldest price of FTNS in contracts.feed that is believed"),
  lookbackDays: wholeNumber(1, 3_650, "days")
    .default(30)
    .describe("Accounts are found by their transfers in so many days before the start"),
  maxHolders: wholeNumber(1, 200_000, "accounts")
    .default(20_000)
    .describe("Most accounts that are looked at: those with the latest transfers"),
});

export type ReportPriceConfig = z.output<typeof reportPrice>;
export type ExchangeConfig = z.output<typeof exchange>;
