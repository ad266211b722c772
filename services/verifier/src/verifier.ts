import { resolve } from "node:path";
import type { Chain } from "@ftns/chain/connect.ts";
import { openKey } from "@ftns/chain/keys/open.ts";
import { TransactionQueue } from "@ftns/chain/transactions/queue.ts";
import { type KeyContext, openUrl } from "@ftns/service/config/keys.ts";
import type { Database } from "@ftns/service/database/database.ts";
import { ServiceError } from "@ftns/service/errors.ts";
import { listen, type WebServer } from "@ftns/service/http/serve.ts";
import { Secrets } from "@ftns/service/secrets.ts";
import { createApp } from "./api/app.ts";
import { createHandlers } from "./api/handlers.ts";
import { StatusReader } from "./api/status.ts";
import { ChainClock } from "./chain/clock.ts";
import { Economy } from "./chain/economy.ts";
import { openParts } from "./checks/parts.ts";
import { ClaimBook } from "./claims/book.ts";
import { Engine } from "./claims/engine.ts";
import type { VerifierConfig } from "./config/schema.ts";
import type { VerifierEvent, VerifierListener } from "./events.ts";
import { type Log, openChain, openDatabase, openSigningKey, requireContracts } from "./open.ts";
import { PeerClient } from "./peers/client.ts";
import { Relay } from "./relay/relay.ts";
import { requireMemory, secretOf } from "./service/memory.ts";
import { ProofSigner } from "./signing/signer.ts";
import { SigningTurns } from "./signing/turns.ts";

export interface VerifierOptions {
  logger?: Log | undefined;
  env?: NodeJS.ProcessEnv;
  baseDir?: string;
  secrets?: Secrets;
  /** Whether contributors and peers are answered; true unless given. */
  serve?: boolean;
  /** Only to be looked at: it signs nothing, so that it need not remember. */
  lookOnly?: boolean;
  /** Why it may start with a database that knows nothing of what the key signed. */
  acceptEmptyMemory?: string | undefined;
}

export interface Verifier {
  /** Account that signs. */
  readonly address: string;
  /** Account that hands proofs in for others. */
  readonly relayer: string | undefined;
  /** Where contributors and peers ask; undefined unless it serves. */
  readonly url: string | undefined;
  readonly chain: Chain;
  readonly economy: Economy;
  readonly book: ClaimBook;
  readonly clock: ChainClock;
  readonly database: Database;
  /** Begins to do what is due, until `stop`. */
  start(): void;
  /** Does what is due now, and what comes of it, for at most so long (milliseconds). */
  runOnce(patienceMs: number): Promise<void>;
  observe(listener: VerifierListener): () => void;
  stop(): Promise<void>;
}

const PEER_MS = 5_000;
/** A claim's body may come slowly, but not for ever. */
const BODY_MS = 30_000;
const MAX_CONNECTIONS = 512;
const MAX_PER_ADDRESS = 64;
const LAST_WAIT_MS = 5_000;

export async function createVerifier(config: VerifierConfig, options: VerifierOptions = {}): Promise<Verifier> {
  const { logger } = options;
  const context: KeyContext = {
    env: options.env ?? process.env,
    baseDir: options.baseDir ?? process.cwd(),
    secrets: options.secrets ?? new Secrets(),
    warn: (message) => logger?.warn({}, message),
  };
  const listeners = new Set<VerifierListener>();
  const tell = (event: VerifierEvent) => {
    for (const listener of listeners) listener(event);
  };
  if (logger) listeners.add((event) => logEvent(logger, event));

  const key = await openSigningKey(config, context);
  const relayKey = config.relay && (await openKey(config.relay.account, "relay.account", context));
  if (relayKey?.address === key.address)
    throw new ServiceError("relay.account is the key that signs proofs.", "It must send nothing; use another account.");
  const peers = config.peers.map((peer, index) => {
    const url = openUrl(peer.url, `peers.${index}.url`, context);
    return new PeerClient({ ...peer, url }, PEER_MS);
  });
  const chain = await openChain(config, context, logger);
  let database: Database | undefined;
  let server: WebServer | undefined;
  try {
    await requireContracts(chain, config);
    database = await openDatabase(config, context);
    const economy = new Economy(chain, config.contracts);
    const signer = new ProofSigner(key, economy.place, database);
    const accepted = options.lookOnly ? undefined : await requireMemory(database, signer, economy, options.acceptEmptyMemory);
    if (accepted !== undefined) logger?.warn({}, accepted);
    const clock = new ChainClock(chain);
    await clock.refresh();
    const book = new ClaimBook(database);
    const parts = await openParts(config, context.baseDir, economy, await secretOf(database));
    const turns = new SigningTurns();
    const shared = { economy, clock, book, signer, turns, peers };
    const note = (peer: string, outcome: string) => tell({ type: "peer", peer, outcome });
    const engine = new Engine({
      checking: { parts, book, database, clock },
      gathering: { ...shared, key, publicUrl: config.publicUrl, note },
      limits: config.limits,
      tell,
    });
    const queue =
      relayKey &&
      new TransactionQueue(chain, relayKey, queueSettings(config.relay!.transactions), queueHooks(config, context, tell, logger));
    const relay = queue && new Relay({ chain, economy, clock, queue, minValueFtns: config.relay!.minValueFtns });
    if (options.serve ?? true) {
      const handlers = createHandlers({
        ...shared,
        intake: { database, economy, clock, limits: config.limits },
        answering: shared,
        engine,
        status: new StatusReader(chain, config.contracts),
        relay,
        submitWaitMs: config.limits.submitWaitMs,
      });
      const app = createApp({
        handlers,
        publicUrl: config.publicUrl,
        requestsPerMinute: config.limits.requestsPerMinute,
        trustProxy: config.trustProxy,
        note: (route, status, ms) => tell({ type: "request", route, status, ms }),
        complain: (route, reason) => tell({ type: "fault", route, reason }),
      });
      server = await listen(app.fetch, {
        ...config.listen,
        setting: "listen",
        patienceMs: BODY_MS,
        answerMs: config.limits.submitWaitMs + 2 * BODY_MS,
        maxConnections: MAX_CONNECTIONS,
        maxPerAddress: MAX_PER_ADDRESS,
      });
    }
    const opened = database;
    return {
      address: key.address,
      relayer: relay?.address,
      url: server?.url,
      chain,
      economy,
      book,
      clock,
      database,
      start: () => engine.start(),
      runOnce: (patienceMs) => engine.settle(patienceMs),
      observe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      async stop() {
        await server?.close();
        queue?.stop();
        if (!(await engine.stop(config.limits.stopSec * 1_000)))
          logger?.warn(
            {},
            `a check still runs after ${config.limits.stopSec} s; the verifier stops without it and does it again`,
          );
        await Promise.race([opened.close(), new Promise((done) => setTimeout(done, LAST_WAIT_MS).unref())]);
        chain.close();
      },
    };
  } catch (error) {
    await server?.close();
    await database?.close();
    chain.close();
    throw error;
  }
}

type RelayTransactions = NonNullable<VerifierConfig["relay"]>["transactions"];

function queueSettings({
  maxFeeGwei,
  maxPriorityFeeGwei,
  stuckAfterSec,
  giveUpAfterSec,
  confirmations,
  maxReplacements,
}: RelayTransactions) {
  return {
    maxFeeWei: maxFeeGwei,
    maxPriorityFeeWei: maxPriorityFeeGwei,
    stuckAfterMs: stuckAfterSec * 1_000,
    giveUpAfterMs: giveUpAfterSec * 1_000,
    confirmations,
    maxReplacements,
  };
}

function queueHooks(
  { relay }: VerifierConfig,
  { baseDir }: KeyContext,
  tell: (event: VerifierEvent) => void,
  logger: Log | undefined,
) {
  const stateDir = relay?.stateDir === undefined ? undefined : resolve(baseDir, relay.stateDir);
  return {
    stateDir,
    warn: (message: string) => logger?.warn({}, message),
    onEvent: (event: Extract<VerifierEvent, { type: "transaction" }>["event"]) => tell({ type: "transaction", event }),
  };
}

function logEvent(logger: Log, event: VerifierEvent): void {
  switch (event.type) {
    case "checked":
      return logger.info(
        { kind: event.kind, outcome: event.outcome, ms: Math.round(event.ms) },
        `${event.kind} ${event.outcome}`,
      );
    case "gathered":
      return logger.info({ kind: event.kind }, `${event.kind} complete: enough verifiers signed`);
    case "trouble":
      return logger.warn({ what: event.what }, `${event.what} failed and is tried again: ${event.reason}`);
    case "fault":
      return logger.error({ route: event.route }, `a request could not be answered: ${event.reason}`);
    default:
      return;
  }
}
