import type { EndpointStatus } from "@ftns/chain/endpoint.ts";
import type { ChainState, PendingTransaction } from "@ftns/chain/health.ts";
import type { TransactionEvent } from "@ftns/chain/transactions/types.ts";
import type { JobName } from "../config/schema.ts";
import type { KeeperEvent } from "../events.ts";
import type { RunReport } from "../jobs/run.ts";
import type { Vitals } from "./vitals.ts";

/**
 * Two clocks (milliseconds): one that only ever runs on, for durations, and the one on the wall, which may be set, for all
 * that is compared with the world outside.
 */
export interface Clock {
  steady(): number;
  wall(): number;
}
export const systemClock: Clock = { steady: () => performance.now(), wall: () => Date.now() };

/** What is known of a job. Times are of the steady clock (milliseconds) unless they are chain time (seconds). */
export interface JobStanding {
  job: JobName;
  /** Longest time between two of its turns, with their delay (seconds). */
  turnSec: number;
  runningSince?: number;
  endedAt?: number;
  last?: RunReport;
  /** When it last was not broken. */
  goodAt?: number;
  brokenSince?: number;
  /** Runs without a good one in between. */
  brokenRuns: number;
  /** Chain time at which it is due, as it said itself. */
  dueAt?: bigint;
}

/** All that health, metrics and alerts are made of, as of `now`. */
export interface ServiceState extends ChainState {
  /** When the schedule began; absent while only single runs are asked for. */
  scheduledAt?: number;
  jobs: JobStanding[];
  vitals?: { at: number; wallAt: number; value: Vitals };
  /** Market sources that fail. */
  failingSources: { source: string; since: number; reason: string }[];
  equivocations: { reporter: string; at: number }[];
  /** By the last report (WAD a month). */
  velocity?: { madeAt: bigint; velocity: bigint };
}

export interface LogbookSettings {
  turns: readonly { job: JobName; turnSec: number }[];
  quorum: number;
  sending: boolean;
  endpoints: () => EndpointStatus[];
}

/** A reporter that lied is left out for so long, and told of. */
const EQUIVOCATION_MS = 3_600_000;

/** Keeps what happened, in as little as is asked for later: its size does not grow with time. */
export class Logbook {
  readonly #clock: Clock;
  readonly #settings: LogbookSettings;
  readonly #openedAt: number;
  readonly #jobs: Map<JobName, JobStanding>;
  readonly #failingSources = new Map<string, { since: number; reason: string }>();
  readonly #equivocations = new Map<string, number>();
  readonly #flights = new Map<number, PendingTransaction>();
  #scheduledAt: number | undefined;
  #vitals: ServiceState["vitals"];
  #blind: ServiceState["blind"];
  #reorganisedAt: number | undefined;
  #velocity: ServiceState["velocity"];

  constructor(settings: LogbookSettings, clock: Clock = systemClock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#openedAt = clock.steady();
    this.#jobs = new Map(settings.turns.map(({ job, turnSec }) => [job, { job, turnSec, brokenRuns: 0 }]));
  }

  note(event: KeeperEvent): void {
    const now = this.#clock.steady();
    switch (event.type) {
      case "scheduled":
        this.#scheduledAt = now;
        break;
      case "started":
        this.#change(event.job, (standing) => (standing.runningSince = now));
        break;
      case "finished":
        this.#change(event.job, (standing) => finish(standing, event.reports, now));
        break;
      case "source":
        if (event.failure === undefined) this.#failingSources.delete(event.source);
        else {
          const since = this.#failingSources.get(event.source)?.since ?? now;
          this.#failingSources.set(event.source, { since, reason: event.failure });
        }
        break;
      case "equivocation":
        this.#equivocations.set(event.reporter, now);
        break;
      case "velocity":
        this.#velocity = event.velocity === undefined ? undefined : { madeAt: event.madeAt, velocity: event.velocity };
        break;
      case "transaction":
        this.#noteTransaction(event.event, now);
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
    for (const [reporter, at] of this.#equivocations) {
      if (at + EQUIVOCATION_MS < now) this.#equivocations.delete(reporter);
    }
    const { quorum, sending, endpoints } = this.#settings;
    return {
      now,
      wallNow: this.#clock.wall(),
      openedAt: this.#openedAt,
      ...(this.#scheduledAt !== undefined && { scheduledAt: this.#scheduledAt }),
      sending,
      jobs: [...this.#jobs.values()].map((standing) => ({ ...standing })),
      ...(this.#vitals && { vitals: this.#vitals }),
      ...(this.#blind && { blind: this.#blind }),
      endpoints: endpoints(),
      quorum,
      failingSources: [...this.#failingSources].map(([source, failure]) => ({ source, ...failure })),
      equivocations: [...this.#equivocations].map(([reporter, at]) => ({ reporter, at })),
      flights: [...this.#flights.values()],
      ...(this.#velocity && { velocity: this.#velocity }),
      ...(this.#reorganisedAt !== undefined && { reorganisedAt: this.#reorganisedAt }),
    };
  }

  #change(job: JobName, change: (standing: JobStanding) => void): void {
    const standing = this.#jobs.get(job);
    if (standing) change(standing);
  }

  #noteTransaction({ type, nonce, hash, job }: TransactionEvent, now: number): void {
    const since = this.#flights.get(nonce)?.since ?? now;
    if (type === "confirmed" || type === "displaced") this.#flights.delete(nonce);
    else this.#flights.set(nonce, { nonce, hash, ...(job !== undefined && { job }), since, gaveUp: type === "gave-up" });
    if (type === "reorganised") this.#reorganisedAt = now;
    // Nonces go in order: what lies below has landed, whoever sent it.
    for (const earlier of this.#flights.keys()) if (earlier < nonce) this.#flights.delete(earlier);
  }
}

function finish(standing: JobStanding, reports: readonly RunReport[], now: number): void {
  const last = reports.at(-1);
  delete standing.runningSince;
  standing.endedAt = now;
  if (!last) return;
  standing.last = last;
  if (last.outcome === "broken") {
    standing.brokenSince ??= now;
    standing.brokenRuns++;
    return;
  }
  standing.goodAt = now;
  standing.brokenRuns = 0;
  delete standing.brokenSince;
  if (last.until === undefined) delete standing.dueAt;
  else standing.dueAt = last.until;
}
