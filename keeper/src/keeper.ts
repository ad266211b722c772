import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Cron } from "croner";
import type { Logger } from "pino";
import { connect } from "./chain/connect.ts";
import { TransactionQueue } from "./chain/transactions/queue.ts";
import type { TransactionEvent } from "./chain/transactions/types.ts";
import { type KeyContext, openUrl } from "./config/keys.ts";
import { JOB_NAMES, type JobName, type KeeperConfig } from "./config/schema.ts";
import { KeeperError } from "./errors.ts";
import { buildJobs, contractsOf } from "./jobs/build.ts";
import { type RunReport, runJob } from "./jobs/run.ts";
import { openKey } from "./keys/open.ts";
import type { MarketSource } from "./market/source.ts";
import { openReporting } from "./reporter/open.ts";
import { type ReportServer, startReportServer } from "./reporter/server.ts";
import { Secrets } from "./secrets.ts";

export interface KeeperOptions {
  /** Gets one line per decision. */
  logger?: Pick<Logger, "info" | "warn" | "error">;
  /** Where keys and secret URLs are looked up by name; the process's environment unless given. */
  env?: NodeJS.ProcessEnv;
  /** Folder to which paths in the configuration are relative. */
  baseDir?: string;
  /** Market sources to use instead of the configured ones. */
  sources?: readonly MarketSource[];
  /** Simulate, never send; nothing is served either. */
  dryRun?: boolean;
  /** Whether signed reports are served to peers, where the configuration says so; true unless given. */
  serve?: boolean;
  /** Runs only these of the configured jobs. */
  jobs?: readonly JobName[];
  /** Hears of every transaction that is sent, replaced, cancelled, confirmed, reorganised away or given up. */
  onTransaction?(event: TransactionEvent): void;
  /** Learns every secret that the keeper opens, so that its owner can keep them out of what it prints. */
  secrets?: Secrets;
}

export interface Keeper {
  /** Account that sends and pays. */
  readonly address: string;
  readonly jobs: readonly JobName[];
  /**
   * Does what is due, one job after the other; a job with several things to do gives a report of each. Never rejects:
   * faults are reports of `broken`.
   */
  runOnce(jobs?: readonly JobName[]): Promise<RunReport[]>;
  /** Looks at every job now and then on its schedule, until `stop`. */
  start(): void;
  /**
   * Ends the schedule, lets a running job finish and closes the connection. A transaction that no block takes for a while
   * is left in flight; the next start goes on with it.
   */
  stop(): Promise<void>;
}

/** Things that one run of a job does at most; what is left waits for the next. */
const MAX_ITEMS = 16;

/** How long `stop` waits for the transaction in flight. */
const STOP_PATIENCE_MS = 15_000;

/** Opens the keys, proves the chain and the contracts, and gives a keeper that is ready to run. Nothing is sent. */
export async function createKeeper(config: KeeperConfig, options: KeeperOptions = {}): Promise<Keeper> {
  const { logger, dryRun = false, serve = true } = options;
  const names = chooseJobs(config, options.jobs);
  const context: KeyContext = {
    env: options.env ?? process.env,
    baseDir: options.baseDir ?? process.cwd(),
    secrets: options.secrets ?? new Secrets(),
    warn: (message) => logger?.warn({}, message),
  };
  const account = await openKey(config.account, "account", context);
  const rpcUrls = config.chain.rpcUrls.map((url, index) => openUrl(url, `chain.rpcUrls.${index}`, context));
  const report = names.includes("report-price") ? config.jobs["report-price"] : undefined;
  const stateDir = config.stateDir === undefined ? undefined : resolve(context.baseDir, config.stateDir);
  const reporting = await openReporting(config, report, context, { sources: options.sources, logger, stateDir });

  const chain = await connect({ ...config.chain, rpcUrls }, logger);
  const transactions = new TransactionQueue(chain, account, queueSettings(config), {
    // A dry run sends nothing, so that it must not touch the journal of a keeper that does.
    stateDir: dryRun ? undefined : stateDir,
    warn: (message) => logger?.warn({}, message),
    ...(options.onTransaction && { onEvent: options.onTransaction }),
  });
  const { exchange } = reporting;
  const listen = serve && !dryRun ? report?.exchange?.listen : undefined;
  let server: ReportServer | undefined;
  try {
    await chain.requireCode(contractsOf(config, names));
    if (exchange && listen) server = await startReportServer(listen.host, listen.port, () => exchange.served);
  } catch (error) {
    chain.close();
    throw error;
  }
  const jobs = buildJobs(config, names, chain, transactions.address, reporting);

  // One account has one line of nonces, so jobs run one after the other whoever asks for them.
  let queue: Promise<unknown> = Promise.resolve();
  const run = (name: JobName): Promise<RunReport[]> => {
    const job = jobs.get(name);
    if (!job) throw new KeeperError(`The job ${name} is not configured.`, `Configured are ${names.join(", ")}.`);
    const result = queue.then(async () => {
      const reports: RunReport[] = [];
      for (;;) {
        const outcome = await runJob(job, transactions, chain, dryRun);
        if (logger) logRun(logger, outcome);
        reports.push(outcome);
        const more = job.itemOf && (outcome.outcome === "done" || outcome.outcome === "lost-race");
        if (!more || reports.length >= MAX_ITEMS) return reports;
      }
    });
    queue = result.catch(() => undefined);
    return result;
  };

  const crons: Cron[] = [];
  const stopping = new AbortController();
  return {
    address: transactions.address,
    jobs: names,
    async runOnce(chosen = names) {
      const reports: RunReport[] = [];
      for (const name of chosen) reports.push(...(await run(name)));
      return reports;
    },
    start() {
      if (crons.length > 0) return;
      for (const name of names) {
        const { schedule, jitterSec } = config.jobs[name]!;
        const look = async () => {
          await sleep(Math.random() * jitterSec * 1_000, undefined, { signal: stopping.signal }).catch(() => undefined);
          if (!stopping.signal.aborted) await run(name);
        };
        // `protect` skips a turn while the last one still runs. The first look comes at once: a keeper that was down at
        // the time of its turn must not wait for the next.
        const cron = new Cron(schedule, { timezone: "UTC", protect: true, paused: false }, look);
        crons.push(cron);
        void cron.trigger();
      }
    },
    async stop() {
      stopping.abort();
      for (const cron of crons) cron.stop();
      const patience = setTimeout(() => transactions.stop(), STOP_PATIENCE_MS);
      await queue;
      clearTimeout(patience);
      await server?.close();
      chain.close();
    },
  };
}

function queueSettings({ transactions }: KeeperConfig) {
  const { maxFeeGwei, maxPriorityFeeGwei, stuckAfterSec, giveUpAfterSec, confirmations, maxReplacements } = transactions;
  return {
    maxFeeWei: maxFeeGwei,
    maxPriorityFeeWei: maxPriorityFeeGwei,
    stuckAfterMs: stuckAfterSec * 1_000,
    giveUpAfterMs: giveUpAfterSec * 1_000,
    confirmations,
    maxReplacements,
  };
}

function chooseJobs(config: KeeperConfig, wanted?: readonly JobName[]): JobName[] {
  const configured = JOB_NAMES.filter((name) => config.jobs[name] !== undefined);
  for (const name of wanted ?? []) {
    if (!configured.includes(name)) {
      throw new KeeperError(
        `The job ${name} is not in the configuration.`,
        `Add it under jobs, or choose from ${configured.join(", ")}.`,
      );
    }
  }
  return wanted ? configured.filter((name) => wanted.includes(name)) : configured;
}

function logRun(logger: NonNullable<KeeperOptions["logger"]>, report: RunReport): void {
  const { job, outcome, reason, block, chainTime, until, hash, gasUsed } = report;
  const fields = {
    job,
    outcome,
    ...(block !== undefined && { block }),
    ...(chainTime !== undefined && { chainTime: Number(chainTime) }),
    ...(until !== undefined && { until: Number(until) }),
    ...(hash !== undefined && { hash }),
    ...(gasUsed !== undefined && { gasUsed: Number(gasUsed) }),
  };
  const message = `${job} ${outcome}: ${reason}`;
  if (outcome === "broken") logger.error(fields, message);
  else if (outcome === "lost-race") logger.warn(fields, message);
  else logger.info(fields, message);
}
