import type { EndpointStatus } from "@ftns/chain/endpoint.ts";
import type { ChainState, PendingTransaction } from "@ftns/chain/health.ts";
import type { VerifierEvent } from "../events.ts";
import type { Vitals } from "./vitals.ts";

/** Two clocks (milliseconds): one that only ever runs on, and the one on the wall. */
export interface Clock {
  steady(): number;
  wall(): number;
}
export const systemClock: Clock = { steady: () => performance.now(), wall: () => Date.now() };

/** All that health and metrics are made of, as of `now`. Times are of the steady clock (milliseconds). */
export interface ServiceState extends ChainState {
  vitals?: { at: number; wallAt: number; value: Vitals };
  /** When it last looked at everything that is due, and why a later look failed. */
  lookedAt: number;
  lookFailure: string | undefined;
  /** Of each peer: when it last answered, and since when it does not. */
  peers: { peer: string; answeredAt?: number; silentSince?: number }[];
  /** Faults of our own in answers, lately. */
  faults: number;
  /** Checks that failed without a word about the claim, in a row. */
  failedChecks: { count: number; reason: string };
}

export interface LogbookSettings {
  quorum: number;
  relays: boolean;
  peers: readonly string[];
  endpoints: () => EndpointStatus[];
}

const FAULTS_MS = 600_000;
const MOST_FAULTS = 1_000;

/** Keeps what happened, in as little as is asked for later. */
export class Logbook {
  readonly #clock: Clock;
  readonly #settings: LogbookSettings;
  readonly #openedAt: number;
  readonly #peers: Map<string, { answeredAt?: number; silentSince?: number }>;
  readonly #flights = new Map<number, PendingTransaction>();
  #faults: number[] = [];
  #failedChecks = { count: 0, reason: "" };
  #lookedAt: number;
  #lookFailure: string | undefined;
  #vitals: ServiceState["vitals"];
  #blind: ServiceState["blind"];
  #reorganisedAt: number | undefined;

  constructor(settings: LogbookSettings, clock: Clock = systemClock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#openedAt = clock.steady();
    this.#lookedAt = this.#openedAt;
    this.#peers = new Map(settings.peers.map((peer) => [peer, {}]));
  }

  note(event: VerifierEvent): void {
    const now = this.#clock.steady();
    switch (event.type) {
      case "looked":
        this.#lookedAt = now;
        this.#lookFailure = undefined;
        break;
      case "checked":
        this.#failedChecks = { count: 0, reason: "" };
        break;
      case "trouble":
        if (event.what === "look") this.#lookFailure = event.reason;
        if (event.what === "check") this.#failedChecks = { count: this.#failedChecks.count + 1, reason: event.reason };
        break;
      case "fault":
        this.#faults.push(now);
        if (this.#faults.length > MOST_FAULTS) this.#faults.shift();
        break;
      case "peer": {
        const silent = event.outcome === "failed" || event.outcome === "nonsense";
        const before = this.#peers.get(event.peer) ?? {};
        this.#peers.set(event.peer, silent ? { ...before, silentSince: before.silentSince ?? now } : { answeredAt: now });
        break;
      }
      case "transaction": {
        const { type, nonce, hash, job } = event.event;
        const since = this.#flights.get(nonce)?.since ?? now;
        if (type === "confirmed" || type === "displaced") this.#flights.delete(nonce);
        else this.#flights.set(nonce, { nonce, hash, ...(job !== undefined && { job }), since, gaveUp: type === "gave-up" });
        if (type === "reorganised") this.#reorganisedAt = now;
      }
    }
  }

  noteVitals(value: Vitals): void {
    this.#vitals = { at: this.#clock.steady(), wallAt: this.#clock.wall(), value };
    this.#blind = undefined;
  }

  noteBlindness(reason: string): void {
    this.#blind = { since: this.#blind?.since ?? this.#clock.steady(), reason };
  }

  state(): ServiceState {
    const now = this.#clock.steady();
    this.#faults = this.#faults.filter((at) => now - at < FAULTS_MS);
    const { quorum, relays, endpoints } = this.#settings;
    return {
      now,
      wallNow: this.#clock.wall(),
      openedAt: this.#openedAt,
      sending: relays,
      ...(this.#vitals && { vitals: this.#vitals }),
      ...(this.#blind && { blind: this.#blind }),
      endpoints: endpoints(),
      quorum,
      flights: [...this.#flights.values()],
      ...(this.#reorganisedAt !== undefined && { reorganisedAt: this.#reorganisedAt }),
      lookedAt: this.#lookedAt,
      lookFailure: this.#lookFailure,
      peers: [...this.#peers].map(([peer, known]) => ({ peer, ...known })),
      faults: this.#faults.length,
      failedChecks: this.#failedChecks,
    };
  }
}
