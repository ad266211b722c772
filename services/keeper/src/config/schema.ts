import { z } from "zod/v4";
import { chain, transactions } from "@ftns/chain/config.ts";
import { longestGapSec } from "@ftns/service/config/cron.ts";
import { address, key, listening, text } from "@ftns/service/config/fields.ts";
import {
  adjustSupply,
  fillDesk,
  noteDays,
  payReporters,
  recordPrice,
  reportPrice,
  reportVelocity,
  runGovernance,
  settleDues,
  watchEmergency,
} from "./jobs.ts";
import { alerts, limits } from "@ftns/service/config/watching.ts";

/**
 * The keeper's configuration. Every field says what it is (`describe`, from which the README's table is made) and
 * what it takes (the error text). Unknown keys are refused: a misspelt setting must not fall back to a default.
 */
export const configSchema = z
  .strictObject(
    {
      mode: z
        .enum(["production", "local"], "expected production or local")
        .default("production")
        .describe("local is for chains of your own: only there may keys come from plain environment variables"),
      chain,
      account: key().describe("Key of the account that sends and pays the transactions"),
      payee: address()
        .optional()
        .describe("Who receives what KeeperJobs pays, named in each transaction; when absent, the account that sends"),
      contracts: z
        .strictObject(
          {
            feed: address().optional().describe("MedianFeed; needed by report-price and settle-dues"),
            history: address().optional().describe("PriceHistory; needed by record-price"),
            controller: address()
              .optional()
              .describe("SupplyController; needed by adjust-supply, and used by report-velocity when given"),
            breaker: address()
              .optional()
              .describe("CircuitBreaker; needed by watch-emergency, and used by run-governance when given"),
            token: address().optional().describe("FTNSToken; needed by report-velocity, settle-dues and countTransactions"),
            governor: address().optional().describe("FTNSGovernor; needed by run-governance"),
            reporterPay: address()
              .optional()
              .describe(
                "ReporterPay; needed by pay-reporters; when given, what our reporters have earned and were not paid is told",
              ),
            desk: address().optional().describe("MarketDesk; needed by fill-desk; when given, what it holds and offers is told"),
            keeperJobs: address()
              .optional()
              .describe("KeeperJobs; when given, whatever it pays for is sent through it, and the rest directly"),
          },
          missing("contracts"),
        )
        .describe("Addresses of the contracts that the jobs act on"),
      transactions,
      stateDir: text("the path of a folder, relative to this file")
        .optional()
        .describe(
          "Folder, relative to this file, for what is worth knowing after a restart; the chain overrules it, and losing it loses nothing",
        ),
      jobs: z.strictObject(
        {
          "report-price": reportPrice.optional().describe("Signs and submits market data"),
          "record-price": recordPrice.optional().describe("Writes the feed's price into the history"),
          "adjust-supply": adjustSupply.optional().describe("Moves the supply multiplier once a day"),
          "watch-emergency": watchEmergency
            .optional()
            .describe("Pulls the triggers of emergencies and executes what emergency votes passed"),
          "run-governance": runGovernance.optional().describe("Queues and executes the proposals that passed"),
          "report-velocity": reportVelocity.optional().describe("Reports once a week how fast FTNS move; sends nothing"),
          "note-days": noteDays.optional().describe("Has the days of the path's launch price noted, once; nobody is paid for it"),
          "pay-reporters": payReporters
            .optional()
            .describe("Has the feed's reporters paid what they have earned; nobody is paid for asking"),
          "fill-desk": fillDesk
            .optional()
            .describe(
              "Takes the market desk's offers with our own FTNS and dollars, where they are better than the feed's price",
            ),
          "settle-dues": settleDues
            .optional()
            .describe("Settles the largest dues into the reward pool; nobody has to, and nobody is paid for it"),
        },
        missing("jobs"),
      ),
      http: listening().optional().describe("Serves /metrics, /healthz and /readyz, to whoever can reach the port"),
      limits,
      alerts,
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
    const refuse = (path: string, message: string) => context.addIssue({ code: "custom", path: path.split("/"), message });

    const { jobs, contracts } = config;
    if (config.mode === "production") {
      const plain = [config.account, ...(jobs["report-price"]?.reporters ?? [])];
      for (const [index, reference] of plain.entries()) {
        if (!("env" in reference)) continue;
        refuse(
          index === 0 ? "account" : `jobs/report-price/reporters/${index - 1}`,
          'a plain environment variable holds no key in production; use a keystore or a command, or "mode": "local"',
        );
      }
    }
    const twinSink = firstTwin(config.alerts.map((one) => one.name));
    if (twinSink >= 0) refuse(`alerts/${twinSink}/name`, "another receiver has this name; each needs its own");
    if (Object.values(jobs).every((job) => job === undefined)) {
      refuse("jobs", `expected at least one of ${JOB_NAMES.join(", ")}`);
    }
    for (const [job, contract] of Object.entries(CONTRACT_OF_JOB)) {
      if (jobs[job as JobName] && !contracts[contract]) {
        refuse(`contracts/${contract}`, `the job ${job} needs this address`);
      }
    }
    if (jobs["report-price"]?.countTransactions && !contracts.token) {
      refuse("contracts/token", "jobs.report-price.countTransactions needs this address: it tells whose calls count");
    }
    for (const name of ["settle-dues", "fill-desk"] as const) {
      if (jobs[name] && !contracts.feed) refuse("contracts/feed", `the job ${name} needs this address`);
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

const firstTwin = (names: string[]) => names.findIndex((name, index) => names.indexOf(name) !== index);

export const JOB_NAMES = [
  "report-price",
  "record-price",
  "adjust-supply",
  "watch-emergency",
  "run-governance",
  "report-velocity",
  "note-days",
  "pay-reporters",
  "fill-desk",
  "settle-dues",
] as const;
export type JobName = (typeof JOB_NAMES)[number];

export type KeeperConfig = z.output<typeof configSchema>;
export type KeeperConfigInput = z.input<typeof configSchema>;

export const CONTRACT_OF_JOB = {
  "report-price": "feed",
  "record-price": "history",
  "adjust-supply": "controller",
  "watch-emergency": "breaker",
  "run-governance": "governor",
  "report-velocity": "token",
  "note-days": "controller",
  "pay-reporters": "reporterPay",
  "fill-desk": "desk",
  "settle-dues": "token",
} as const;

function missing(name: string) {
  return {
    error: (issue: { code?: string }) => (issue.code === "unrecognized_keys" ? undefined : `expected an object "${name}"`),
  };
}
