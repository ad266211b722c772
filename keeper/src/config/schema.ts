import { Cron } from "croner";
import { z } from "zod/v4";
import { address, gwei, key, ratioWad, text, url, wholeNumber } from "./fields.ts";
import { source } from "./sources.ts";

/**
 * The keeper's configuration. Every field says what it is (`describe`, from which the README's table is made) and
 * what it takes (the error text). Unknown keys are refused: a misspelt setting must not fall back to a default.
 */

const schedule = (everyMinute: string) =>
  z
    .string("expected a cron pattern in UTC, with or without seconds, such as 0 * * * * *")
    .refine(isCronPattern, "expected a cron pattern in UTC, with or without seconds, such as 0 * * * * *")
    .default(everyMinute);

const timing = (pattern: string) => ({
  schedule: schedule(pattern).describe("Cron pattern (UTC) of the times at which the job looks whether it is due"),
  jitterSec: wholeNumber(0, 600, "seconds")
    .default(5)
    .describe("Random delay of up to so many seconds before a look, so that twins do not collide"),
});

const exchange = z.strictObject({
  listen: z
    .strictObject({
      host: text("a host name or address to listen at").default("127.0.0.1").describe("Address to listen at"),
      port: wholeNumber(1, 65_535, "a port").describe("Port to listen at"),
    })
    .optional()
    .describe("Where our latest signed reports are served, at GET /v1/report"),
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

const reportPrice = z.strictObject({
  ...timing("0 * * * * *"),
  intervalSec: wholeNumber(60, 86_400, "seconds")
    .default(3_600)
    .describe("Report when the feed's last update is this old"),
  deviation: ratioWad(0.5).prefault(0.01).describe("Report earlier when the price moved by more than this ratio"),
  maxObservationAgeSec: wholeNumber(1, 600, "seconds")
    .default(300)
    .describe("Oldest market observation that is signed, measured against chain time"),
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
        .describe("The economy's contracts; transactions to one of them count"),
      maxBlocks: wholeNumber(1, 50_000, "blocks")
        .default(8_000)
        .describe("Most blocks of the last hour; beyond it nothing is counted, and the sources' numbers are used"),
    })
    .optional()
    .describe("Counts the last hour's transactions, and the failed ones, from the blocks, in place of the sources' numbers"),
});

const recordPrice = z.strictObject({
  ...timing("10 * * * * *"),
  intervalSec: wholeNumber(60, 86_400, "seconds")
    .default(3_600)
    .describe("Record when the history's last record is this old"),
});

const adjustSupply = z.strictObject({ ...timing("20 * * * * *") });

const watchEmergency = z.strictObject({ ...timing("30 * * * * *") });

const runGovernance = z.strictObject({
  ...timing("40 * * * * *"),
  lookback: wholeNumber(1, 1_000, "proposals")
    .default(64)
    .describe("How many of the latest proposals are looked at"),
});

export const configSchema = z
  .strictObject(
    {
      chain: z.strictObject(
        {
          rpcUrl: url().describe("JSON-RPC endpoint"),
          chainId: wholeNumber(1, Number.MAX_SAFE_INTEGER, "a chain id").describe(
            "Id that the endpoint must report; anything else is refused",
          ),
          timeoutMs: wholeNumber(100, 120_000, "milliseconds")
            .default(10_000)
            .describe("Give up on an answer of the endpoint after this"),
          receiptTimeoutSec: wholeNumber(1, 3_600, "seconds")
            .default(120)
            .describe("Give up waiting for a sent transaction after this"),
        },
        missing("chain"),
      ),
      account: key().describe("Key of the account that sends and pays the transactions"),
      contracts: z
        .strictObject(
          {
            feed: address().optional().describe("MedianFeed; needed by report-price"),
            history: address().optional().describe("PriceHistory; needed by record-price"),
            controller: address().optional().describe("SupplyController; needed by adjust-supply"),
            breaker: address()
              .optional()
              .describe("CircuitBreaker; needed by watch-emergency, and used by run-governance when given"),
            governor: address().optional().describe("FTNSGovernor; needed by run-governance"),
          },
          missing("contracts"),
        )
        .describe("Addresses of the contracts that the jobs act on"),
      fees: z
        .strictObject({
          maxFeeGwei: gwei().prefault(100).describe("Most that is paid per gas, in gwei; above it nothing is sent"),
          maxPriorityFeeGwei: gwei().prefault(2).describe("Most that is paid to the block's maker per gas, in gwei"),
        })
        .prefault({}),
      jobs: z.strictObject(
        {
          "report-price": reportPrice.optional().describe("Signs and submits market data"),
          "record-price": recordPrice.optional().describe("Writes the feed's price into the history"),
          "adjust-supply": adjustSupply.optional().describe("Moves the supply multiplier once a day"),
          "watch-emergency": watchEmergency
            .optional()
            .describe("Pulls the triggers of emergencies and executes what emergency votes passed"),
          "run-governance": runGovernance.optional().describe("Queues and executes the proposals that passed"),
        },
        missing("jobs"),
      ),
      log: z
        .strictObject({
          level: z
            .enum(["debug", "info", "warn", "error", "silent"], "expected debug, info, warn, error or silent")
            .default("info")
            .describe("Least important line that is printed"),
        })
        .prefault({}),
    },
    "expected a JSON object with chain, account, contracts and jobs",
  )
  .superRefine((config, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: path.split("/"), message });

    const { jobs, contracts, fees } = config;
    if (Object.values(jobs).every((job) => job === undefined)) {
      refuse("jobs", `expected at least one of ${JOB_NAMES.join(", ")}`);
    }
    for (const [job, contract] of Object.entries(CONTRACT_OF_JOB)) {
      if (jobs[job as JobName] && !contracts[contract]) {
        refuse(`contracts/${contract}`, `the job ${job} needs this address`);
      }
    }
    if (fees.maxPriorityFeeGwei > fees.maxFeeGwei) {
      refuse(
        "fees/maxPriorityFeeGwei",
        "the priority fee is part of the whole fee; it cannot be above fees.maxFeeGwei",
      );
    }
    for (const name of ["report-price", "record-price"] as const) {
      const job = jobs[name];
      const gapSec = job && longestGapSec(job.schedule);
      if (gapSec !== undefined && gapSec > job!.intervalSec) {
        refuse(
          `jobs/${name}/schedule`,
          `the schedule leaves ${gapSec} s between two looks, but intervalSec is ${job!.intervalSec}; look more often`,
        );
      }
    }
    const report = jobs["report-price"];
    if (!report) return;
    const peers = report.exchange?.peers ?? [];
    if (report.reporters.length === 0 && peers.length === 0) {
      refuse("jobs/report-price/reporters", "expected at least one reporter key, or peers in exchange");
    }
    if (report.reporters.length === 0 && report.exchange?.listen) {
      refuse("jobs/report-price/exchange/listen", "without a reporter key there is nothing to serve");
    }
    if (report.reporters.length > 0 && report.sources.length === 0) {
      refuse("jobs/report-price/sources", "expected at least one market source");
    }
    if (report.reporters.length === 0 && report.sources.length > 0) {
      refuse("jobs/report-price/sources", "without a reporter key nobody signs what they see; remove them");
    }
    if (report.sources.length > 0 && report.minSources > report.sources.length) {
      refuse(
        "jobs/report-price/minSources",
        `${report.minSources} sources must agree but only ${report.sources.length} are listed; list more or ask for fewer`,
      );
    }
    const firstTwin = (names: string[]) => names.findIndex((name, index) => names.indexOf(name) !== index);
    const twinSource = firstTwin(report.sources.map((one) => one.name));
    if (twinSource >= 0) {
      refuse(`jobs/report-price/sources/${twinSource}/name`, "another source has this name; each needs its own");
    }
    const twinPeer = firstTwin(peers.map((one) => one.name));
    if (twinPeer >= 0) {
      refuse(`jobs/report-price/exchange/peers/${twinPeer}/name`, "another peer has this name; each needs its own");
    }
    const twinKey = firstTwin(report.reporters.map((one) => JSON.stringify(one)));
    if (twinKey >= 0) {
      refuse(`jobs/report-price/reporters/${twinKey}`, "this key is listed twice; each reporter counts once");
    }
  });

export const JOB_NAMES = [
  "report-price",
  "record-price",
  "adjust-supply",
  "watch-emergency",
  "run-governance",
] as const;
export type JobName = (typeof JOB_NAMES)[number];

export type KeeperConfig = z.output<typeof configSchema>;
export type KeeperConfigInput = z.input<typeof configSchema>;
export type ReportPriceConfig = z.output<typeof reportPrice>;
export type ExchangeConfig = z.output<typeof exchange>;
export type RecordPriceConfig = z.output<typeof recordPrice>;

export const CONTRACT_OF_JOB = {
  "report-price": "feed",
  "record-price": "history",
  "adjust-supply": "controller",
  "watch-emergency": "breaker",
  "run-governance": "governor",
} as const;

function missing(name: string) {
  return {
    error: (issue: { code?: string }) =>
      issue.code === "unrecognized_keys" ? undefined : `expected an object "${name}"`,
  };
}

function isCronPattern(pattern: string): boolean {
  try {
    return new Cron(pattern, { paused: true, timezone: "UTC" }).nextRun() !== null;
  } catch {
    return false;
  }
}

/** Longest time between two of the next runs of a pattern; undefined for a pattern that is no pattern. */
function longestGapSec(pattern: string): number | undefined {
  if (!isCronPattern(pattern)) return undefined;
  const runs = new Cron(pattern, { paused: true, timezone: "UTC" }).nextRuns(50);
  const gaps = runs.slice(1).map((run, index) => (run.getTime() - runs[index]!.getTime()) / 1000);
  return Math.max(0, ...gaps);
}
