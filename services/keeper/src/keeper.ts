import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { type Chain, connect } from "@ftns/chain/connect.ts";
import { TransactionQueue } from "@ftns/chain/transactions/queue.ts";
import { type KeyContext, openUrl } from "@ftns/service/config/keys.ts";
import { JOB_NAMES, type JobName, type KeeperConfig } from "./config/schema.ts";
import { ServiceError } from "@ftns/service/errors.ts";
import { Agenda } from "./agenda.ts";
import { Announcer, type KeeperListener } from "./events.ts";
import { buildJobs, contractsOf } from "./jobs/build.ts";
import type { AnyJob } from "./jobs/job.ts";
import { type RunReport, runJob } from "./jobs/run.ts";
import { type WebServer, serve } from "@ftns/service/http/serve.ts";
import { openKey } from "@ftns/chain/keys/open.ts";
import type { MarketSource } from "./market/source.ts";
import { openReporting } from "./reporter/open.ts";
import { REPORT_PATH } from "./reporter/wire.ts";
import { Secrets } from "@ftns/service/secrets.ts";
import { Turns } from "@ftns/service/schedule/turns.ts";

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
  /** Learns every secret that the keeper opens, so that its owner can keep them out of what it prints. */
  secrets?: Secrets;
}

export interface Keeper {
  /** Account that sends and pays. */
  readonly address: string;
  readonly jobs: readonly JobName[];
  /** Our accounts that sign market reports. */
  readonly reporters: readonly string[];
  /**
   * Does what is due, one job after the other; a job with several things to do gives a report of each. Never rejects:
   * faults are reports of `broken`.
   */
  runOnce(jobs?: readonly JobName[]): Promise<RunReport[]>;
  /** Looks at every job now and then on its schedule, until `stop`. */
  start(): void;
  /**
   * Ends the schedule, lets a running job finish, for a bounded time, and closes the connection. A transaction that no
   * block takes for a while is left in flight; the next start goes on with it.
   */
  stop(): Promise<void>;
  /** Tells `listener` what happens from now on; gives what ends that. */
  observe(listener: KeeperListener): () => void;
  /** The chain as the jobs see it, for whoever watches them. */
  readonly chain: Chain;
}

/** Things that one run of a job does at most; what is left waits for the next. */
const MAX_ITEMS = 16;
/** How often jobs that sample do. */
const SAMPLE_MS = 60_000;

/** Opens the keys, proves the chain and the contracts, and gives a keeper that is ready to run. Nothing is sent. */
export async function createKeeper(config: KeeperConfig, options: KeeperOptions = {}): Promise<Keeper> {
  const { logger, dryRun = false } = options;
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
  // A dry run sends and serves nothing, so that it must not touch what a keeper that does has written down.
  const stateDir = dryRun || config.stateDir === undefined ? undefined : resolve(context.baseDir, config.stateDir);
  const announcer = new Announcer();
  const { tell } = announcer;
  const reporting = await openReporting(config, report, context, { sources: options.sources, logger, stateDir, tell });

  const chain = await connect({ ...config.chain, rpcUrls }, logger);
  const transactions = new TransactionQueue(chain, account, queueSettings(config), {
    stateDir,
    warn: (message) => logger?.warn({}, message),
    onEvent: (event) => tell({ type: "transaction", event }),
  });
  const { exchange } = reporting;
  const listen = (options.serve ?? true) && !dryRun ? report?.exchange?.listen : undefined;
  let server: WebServer | undefined;
  try {
    await chain.requireCode(contractsOf(config, names));
    if (exchange && listen) {
      // To anyone: reports are signed, and no secret.
      const pages = { [REPORT_PATH]: () => ({ body: exchange.served }) };
      server = await serve(listen.host, listen.port, pages, "jobs.report-price.exchange.listen");
    }
  } catch (error) {
    chain.close();
    throw error;
  }
  const jobs = buildJobs(config, names, chain, transactions.address, reporting, stateDir, tell);

  // One account has one line of nonces, so jobs run one after the other whoever asks for them. What one reads at length
  // before its run keeps nobody waiting.
  let queue: Promise<unknown> = Promise.resolve();
  let stopping = false;
  const samplers: NodeJS.Timeout[] = [];
  const turns = new Turns<JobName>();
  const agenda = new Agenda((job, afterSec) => turns.wake(job, afterSec));
  const run = async (name: JobName): Promise<RunReport[]> => {
    const job = jobs.get(name);
    if (!job) throw new ServiceError(`The job ${name} is not configured.`, `Configured are ${names.join(", ")}.`);
    let failure: RunReport | undefined;
    if (job.prepare) {
      tell({ type: "started", job: name });
      failure = await failureOfPreparing(job);
      if (stopping) return [];
    }
    const result = queue.then(async () => {
      if (!job.prepare) tell({ type: "started", job: name });
      const reports = failure ? [failure] : await runAll(job);
      if (failure && logger) logRun(logger, failure);
      tell({ type: "finished", job: name, reports });
      agenda.note(name, reports);
      return reports;
    });
    queue = result.catch(() => undefined);
    return result;
  };
  const failureOfPreparing = async (job: AnyJob): Promise<RunReport | undefined> => {
    try {
      await job.prepare!();
      return undefined;
    } catch (error) {
      return { job: job.name, outcome: "broken", reason: chain.explain(error) };
    }
  };
  const runAll = async (job: AnyJob): Promise<RunReport[]> => {
    const reports: RunReport[] = [];
    for (;;) {
      const outcome = await runJob(job, transactions, chain, dryRun);
      if (logger) logRun(logger, outcome);
      reports.push(outcome);
      const more = job.itemOf && (outcome.outcome === "done" || outcome.outcome === "lost-race");
      if (!more || reports.length >= MAX_ITEMS) return reports;
    }
  };

  return {
    address: transactions.address,
    jobs: names,
    reporters: reporting.reporters.map((reporter) => reporter.address),
    chain,
    observe: (listener) => announcer.observe(listener),
    async runOnce(chosen = names) {
      const reports: RunReport[] = [];
      for (const name of chosen) reports.push(...(await run(name)));
      return reports;
    },
    start() {
      tell({ type: "scheduled" });
      for (const { sample } of jobs.values()) {
        // What a sample missed the next look sees; a source that fails is told of by the job.
        if (sample) samplers.push(setInterval(() => void sample().catch(() => undefined), SAMPLE_MS).unref());
      }
      turns.start(transactions.address, new Map(names.map((name) => [name, config.jobs[name]!])), run);
    },
    async stop() {
      stopping = true;
      for (const sampler of samplers) clearInterval(sampler);
      turns.stop();
      const { stopSec } = config.limits;
      // The second half is for the job to end in, once it waits for its transaction no longer.
      const patience = setTimeout(() => transactions.stop(), stopSec * 500);
      const waiting = new AbortController();
      const late = sleep(stopSec * 1_000, true, { signal: waiting.signal }).catch(() => false);
      if (await Promise.race([queue.then(() => false), late])) {
        logger?.warn({}, `a job still runs after ${stopSec} s; the keeper stops without it`);
      }
      clearTimeout(patience);
      waiting.abort();
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
      throw new ServiceError(
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
