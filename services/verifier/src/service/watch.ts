import { VITALS_AGAIN_SEC, VITALS_SEC } from "@ftns/chain/health.ts";
import { Receiver } from "@ftns/service/alerts/receiver.ts";
import type { KeyContext } from "@ftns/service/config/keys.ts";
import type { Finding } from "@ftns/service/findings.ts";
import { healthPages } from "@ftns/service/health.ts";
import { serve } from "@ftns/service/http/serve.ts";
import type { Logger } from "pino";
import type { VerifierConfig } from "../config/schema.ts";
import type { Verifier } from "../verifier.ts";
import { findingsOf } from "./findings.ts";
import { type Clock, Logbook, type ServiceState, systemClock } from "./logbook.ts";
import { VerifierMetrics } from "./metrics.ts";
import { readVitals } from "./vitals.ts";

/** What watches a verifier: its health, its metrics, and who is told when something is wrong. */
export interface Watch {
  /** Where the pages are; undefined without `http` in the configuration. */
  readonly url: string | undefined;
  readonly metrics: VerifierMetrics;
  state(): ServiceState;
  findings(): Finding[];
  /** Reads chain and database now, apart from the regular reads. */
  readVitals(): Promise<void>;
  stop(): Promise<void>;
}

export interface WatchOptions {
  config: VerifierConfig;
  context: KeyContext;
  logger?: Pick<Logger, "info" | "warn"> | undefined;
  clock?: Clock;
}

const LAST_WORDS_MS = 3_000;
const LOOK_MS = 5_000;

/** Begins to watch `verifier`. Nothing of it can delay or fail its work. */
export async function openWatch(
  verifier: Verifier,
  { config, context, logger, clock = systemClock }: WatchOptions,
): Promise<Watch> {
  const { chain, address: account } = verifier;
  const { chainId, quorum, maxClockSkewSec, blocksOnDemand } = config.chain;
  const peers = config.peers.map(({ name }) => name);
  const logbook = new Logbook({ quorum, relays: config.relay !== undefined, peers, endpoints: () => chain.endpoints() }, clock);
  const state = () => logbook.state();
  const findings = () => findingsOf(state(), { limits: config.limits, maxClockSkewSec, blocksOnDemand });
  const metrics = new VerifierMetrics({ state, findings, account, chainId });
  const receivers = config.alerts.map(
    (receiver, index) =>
      new Receiver(receiver, index, { who: "verifier", account, chainId }, context, {
        ended(outcome, reason) {
          metrics.noteAlert(receiver.name, outcome);
          if (outcome === "failed") logger?.warn({ receiver: receiver.name }, `an alert is not delivered: ${reason}`);
        },
      }),
  );
  const look = () => {
    const found = findings();
    for (const receiver of receivers) receiver.consider(found, clock.steady());
  };

  let reading: Promise<void> | undefined;
  let next: NodeJS.Timeout | undefined;
  let stopped = false;
  const readNow = async () => {
    let againSec = VITALS_SEC;
    try {
      logbook.noteVitals(await readVitals(verifier));
    } catch (error) {
      logbook.noteBlindness(chain.explain(error));
      againSec = VITALS_AGAIN_SEC;
    }
    clearTimeout(next);
    if (!stopped) next = setTimeout(() => void read(), againSec * 1_000).unref();
    look();
  };
  // One read at a time: one that hangs makes the vitals stale, and that is told.
  const read = () => (reading ??= readNow().finally(() => (reading = undefined)));

  const { http } = config;
  const waitingFor = () => (state().vitals ? [] : ["chain and database"]);
  const pages = healthPages({ metrics, findings, waitingFor }, context.secrets);
  const server = http && (await serve(http.host, http.port, pages, "http"));
  const unobserve = verifier.observe((event) => {
    metrics.note(event);
    logbook.note(event);
  });
  const looking = setInterval(look, LOOK_MS).unref();
  if (server) logger?.info({ url: server.url }, `watch at ${server.url}/metrics, /healthz and /readyz`);
  for (const receiver of receivers) receiver.notice("The verifier has started", `it signs as ${account}`);
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
      for (const receiver of receivers) receiver.notice("The verifier stops", "it was told to");
      await Promise.all(receivers.map((receiver) => receiver.stop(LAST_WORDS_MS)));
      await server?.close();
    },
  };
}
