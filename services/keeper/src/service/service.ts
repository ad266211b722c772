import { VITALS_AGAIN_SEC, VITALS_SEC } from "@ftns/chain/health.ts";
import type { Finding } from "@ftns/service/findings.ts";
import type { Logger } from "pino";
import { longestGapSec } from "@ftns/service/config/cron.ts";
import type { KeyContext } from "@ftns/service/config/keys.ts";
import type { JobName, KeeperConfig } from "../config/schema.ts";
import { healthPages } from "@ftns/service/health.ts";
import { serve } from "@ftns/service/http/serve.ts";
import type { Keeper } from "../keeper.ts";
import { Receiver } from "@ftns/service/alerts/receiver.ts";
import { findingsOf } from "./findings.ts";
import { type Clock, Logbook, type ServiceState, systemClock } from "./logbook.ts";
import { KeeperMetrics } from "./metrics.ts";
import { readVitals } from "./vitals.ts";

/** What watches a keeper: its health, its metrics, and who is told when something is wrong. */
export interface Service {
  /** Where the pages are; undefined without `http` in the configuration. */
  readonly url: string | undefined;
  readonly metrics: KeeperMetrics;
  state(): ServiceState;
  findings(): Finding[];
  /** Reads the chain now, apart from the regular reads. */
  readVitals(): Promise<void>;
  /** Tells the receivers that the keeper stops, and ends within a bounded time. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  config: KeeperConfig;
  context: KeyContext;
  sending: boolean;
  logger?: Pick<Logger, "info" | "warn"> | undefined;
  clock?: Clock;
  /** Time between two reads of the chain (milliseconds); for tests. */
  vitalsMs?: number;
  /** Pauses between tries of a message (milliseconds); for tests. */
  retryMs?: readonly number[];
}

/** How long a stop waits for the last messages. */
const LAST_WORDS_MS = 3_000;
/** What is wrong is looked at as often as this, also when nothing happens: a job that hangs makes no event. */
const LOOK_MS = 5_000;

/** Begins to watch `keeper`. Nothing of it can delay or fail a job. */
export async function openService(keeper: Keeper, options: ServiceOptions): Promise<Service> {
  const { config, context, logger, sending, clock = systemClock, vitalsMs = VITALS_SEC * 1_000 } = options;
  const { chain, address: account } = keeper;
  const { chainId, quorum, maxClockSkewSec, blocksOnDemand } = config.chain;
  const turns = keeper.jobs.map((job) => ({ job, turnSec: turnSecOf(config, job) }));
  const logbook = new Logbook({ turns, quorum, sending, endpoints: () => chain.endpoints() }, clock);
  const state = () => logbook.state();
  const findings = () => findingsOf(state(), { limits: config.limits, maxClockSkewSec, blocksOnDemand });
  const metrics = new KeeperMetrics({ state, findings, account, chainId });

  const receivers = config.alerts.map(
    (receiver, index) =>
      new Receiver(
        receiver,
        index,
        { who: "keeper", account, chainId },
        context,
        {
          ended(outcome, reason) {
            metrics.noteAlert(receiver.name, outcome);
            if (outcome === "failed") logger?.warn({ receiver: receiver.name }, `an alert is not delivered: ${reason}`);
          },
        },
        options.retryMs,
      ),
  );
  const look = () => {
    const found = findings();
    for (const receiver of receivers) receiver.consider(found, clock.steady());
  };

  /** Ready once the chain has been read and every job has had its first look. */
  const waitingFor = () => {
    const { vitals, jobs } = state();
    return vitals ? jobs.filter(({ endedAt }) => endedAt === undefined).map(({ job }) => job) : ["chain"];
  };

  let reading: Promise<void> | undefined;
  let next: NodeJS.Timeout | undefined;
  let stopped = false;
  const readNow = async () => {
    let againMs = vitalsMs;
    try {
      logbook.noteVitals(await readVitals(chain, config.contracts, account, keeper.reporters));
    } catch (error) {
      logbook.noteBlindness(chain.explain(error));
      againMs = Math.min(vitalsMs, VITALS_AGAIN_SEC * 1_000);
    }
    clearTimeout(next);
    if (!stopped) next = setTimeout(() => void read(), againMs).unref();
    look();
  };
  // One read at a time: one that hangs makes the vitals stale, and that is told.
  const read = () => (reading ??= readNow().finally(() => (reading = undefined)));

  const { http } = config;
  const served = healthPages({ metrics, findings, waitingFor }, context.secrets);
  const server = http && (await serve(http.host, http.port, served, "http"));
  const unobserve = keeper.observe((event) => {
    metrics.note(event);
    logbook.note(event);
    if (event.type === "finished" || event.type === "transaction") look();
  });
  const looking = setInterval(look, LOOK_MS).unref();
  if (server) logger?.info({ url: server.url }, `watch at ${server.url}/metrics, /healthz and /readyz`);
  for (const receiver of receivers) receiver.notice("The keeper has started", `it runs ${keeper.jobs.join(", ")}`);
  void read();

  return {
    url: server?.url,
    metrics,
    state,
    findings,
    readVitals: read,
    async stop() {
      unobserve();
      stopped = true;
      clearInterval(looking);
      clearTimeout(next);
      for (const receiver of receivers) receiver.notice("The keeper stops", "it was told to");
      await Promise.all(receivers.map((receiver) => receiver.stop(LAST_WORDS_MS)));
      await server?.close();
    },
  };
}

function turnSecOf(config: KeeperConfig, job: JobName): number {
  const { schedule, jitterSec } = config.jobs[job]!;
  // A job that looks every few seconds is not stuck as soon as one look takes longer.
  return Math.max(60, (longestGapSec(schedule) ?? 0) + jitterSec);
}
