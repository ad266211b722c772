import { ACTIONS, DESK_SIDES, TRIGGERS } from "@ftns/model";
import { chainGauges, fresh, transactionCounters } from "@ftns/chain/metrics.ts";
import type { TransactionEvent } from "@ftns/chain/transactions/types.ts";
import type { Finding } from "@ftns/service/findings.ts";
import { Metrics, type Row } from "@ftns/service/metrics.ts";
import type { Counter, Histogram } from "prom-client";
import type { KeeperEvent } from "../events.ts";
import type { JobStanding, ServiceState } from "./logbook.ts";
import { type Vitals, valueOf } from "./vitals.ts";

export interface MetricsSource {
  state(): ServiceState;
  findings(): Finding[];
  account: string;
  chainId: number;
}

const PREFIX = "ftns_keeper_";
const RUN_BUCKETS = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 600];
const LATE_BUCKETS = [5, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 21_600];

const fromWad = (value: bigint) => Number(value) / 1e18;
/** A time of the steady clock as one of the world's, in seconds. */
const timestamp = ({ now, wallNow }: ServiceState, at: number | undefined) =>
  at === undefined ? undefined : (wallNow - (now - at)) / 1_000;

/** What Prometheus is told of a keeper. Jobs are told apart by `task`, for `job` is Prometheus's own. */
export class KeeperMetrics extends Metrics {
  readonly #runs: Counter<"task" | "outcome">;
  readonly #durations: Histogram<"task">;
  readonly #late: Histogram<"task">;
  readonly #noteTransaction: (event: TransactionEvent) => void;
  readonly #source: MetricsSource;
  readonly #startedAt = new Map<string, number>();

  constructor(source: MetricsSource) {
    super(PREFIX, () => source.findings());
    this.#source = source;
    this.#runs = this.counter("job_runs_total", "Runs of a job by their outcome", ["task", "outcome"]);
    this.#durations = this.histogram("job_duration_seconds", "How long runs of a job took", ["task"], RUN_BUCKETS);
    const late = "Chain time from when a job was due until it was done";
    this.#late = this.histogram("job_done_late_seconds", late, ["task"], LATE_BUCKETS);
    this.#noteTransaction = transactionCounters(this);
    chainGauges(this, () => source.state());
    this.#stateGauges();
    this.#chainGauges();
  }

  note(event: KeeperEvent): void {
    if (event.type === "started") this.#startedAt.set(event.job, performance.now());
    else if (event.type === "finished") {
      const startedAt = this.#startedAt.get(event.job);
      if (startedAt !== undefined) this.#durations.observe({ task: event.job }, (performance.now() - startedAt) / 1_000);
      for (const { job, outcome, chainTime } of event.reports) {
        this.#runs.inc({ task: job, outcome });
        const dueAt = this.#source.state().jobs.find((standing) => standing.job === job)?.dueAt;
        if (outcome === "done" && dueAt !== undefined && chainTime !== undefined && chainTime >= dueAt) {
          this.#late.observe({ task: job }, Number(chainTime - dueAt));
        }
      }
    } else if (event.type === "transaction") this.#noteTransaction(event.event);
  }

  #gauge(name: string, help: string, labelNames: string[], rows: (state: ServiceState) => Row[]): void {
    this.gauge(name, help, labelNames, () => rows(this.#source.state()));
  }

  /** What the keeper knows by itself. */
  #stateGauges(): void {
    type OfJob = (job: JobStanding, state: ServiceState) => number | undefined;
    const perJob = (name: string, help: string, value: OfJob) =>
      this.#gauge(name, help, ["task"], (state) => state.jobs.map((job) => [{ task: job.job }, value(job, state)]));
    perJob("job_last_run_timestamp_seconds", "When the last run of a job ended", ({ endedAt }, state) =>
      timestamp(state, endedAt),
    );
    perJob("job_last_success_timestamp_seconds", "When a run of a job last was not broken", ({ goodAt }, state) =>
      timestamp(state, goodAt),
    );
    perJob("job_broken", "1 while a job is broken", ({ brokenSince, last }) =>
      last === undefined ? undefined : Number(brokenSince !== undefined),
    );
    perJob("job_late_seconds", "Chain time since a job is due and not done; 0 when it is not due", ({ dueAt }, state) => {
      const vitals = fresh(state);
      return vitals && dueAt !== undefined ? Math.max(0, Number(vitals.head.timestamp - dueAt)) : undefined;
    });
    const { account, chainId } = this.#source;
    this.#gauge("info", "The keeper's account and chain", ["account", "chain", "sending"], ({ sending }) => [
      [{ account, chain: String(chainId), sending: String(sending) }, 1],
    ]);
    this.#gauge("start_timestamp_seconds", "When the keeper started", [], (state) => [[{}, timestamp(state, state.openedAt)]]);
    const failing = "For how long a market source has failed";
    this.#gauge("source_failing_seconds", failing, ["source"], ({ failingSources, now }) =>
      failingSources.map(({ source, since }) => [{ source }, (now - since) / 1_000]),
    );
    this.#gauge("equivocating_reporters", "Reporters that told two stories lately", [], ({ equivocations }) => [
      [{}, equivocations.length],
    ]);
  }

  /** What was read from the chain lately. */
  #chainGauges(): void {
    const vital = (name: string, help: string, value: (vitals: Vitals, state: ServiceState) => number | undefined) =>
      this.#gauge(name, help, [], (state) => {
        const vitals = fresh(state);
        return [[{}, vitals && value(vitals, state)]];
      });
    const since = ({ head }: Vitals, time: bigint | undefined) =>
      time === undefined || time === 0n ? undefined : Number(head.timestamp - time);
    const wad = (value: bigint | undefined) => (value === undefined ? undefined : fromWad(value));

    vital("balance_coins", "What the keeper's account holds of the chain's coin", ({ balance }) => fromWad(balance));
    vital("price_usd", "The feed's price", ({ feed }) => {
      const market = valueOf(feed);
      return market && Number(market.price) / 1e8;
    });
    vital("price_age_seconds", "Age of the feed's last update", (vitals) => since(vitals, valueOf(vitals.feed)?.updatedAt));
    vital("price_confidence", "Share of the reporters that agreed on it", ({ feed }) => wad(valueOf(feed)?.confidence));
    vital("record_age_seconds", "Age of the history's last record", (vitals) =>
      since(vitals, valueOf(vitals.history)?.recordedAt),
    );
    vital("multiplier", "The supply multiplier M", ({ supply }) => wad(valueOf(supply)?.multiplier));
    vital("adjusted_day", "Protocol day of the last adjustment", ({ supply }) => {
      const day = valueOf(supply)?.lastAdjustedDay;
      return day === undefined ? undefined : Number(day);
    });
    vital("adjustments_suspended_until_timestamp_seconds", "Until when adjustments are suspended", ({ supply }) => {
      const until = valueOf(supply)?.suspendedUntil;
      return until === undefined ? undefined : Number(until);
    });
    vital("desk_inventory_ftns", "FTNS that the market desk holds", ({ desk }) => wad(valueOf(desk)?.inventory));
    vital("desk_reserve_usd", "Dollars that the market desk holds", ({ desk }) => wad(valueOf(desk)?.reserve));
    this.#gauge("desk_offer_usd", "The market desk's price, while it makes an offer", ["side"], (state) => {
      const offers = valueOf(fresh(state)?.desk)?.offers;
      if (offers === undefined) return [];
      return DESK_SIDES.map((side) => [{ side }, offers[side].open ? fromWad(offers[side].price) : undefined]);
    });
    vital("emergency_open", "1 while an emergency is open", ({ emergency }) => {
      const value = valueOf(emergency);
      return value && Number(value.open);
    });
    const perKind = (name: string, help: string, label: string, rows: (value: Emergency) => Row[]) =>
      this.#gauge(name, help, [label], (state) => {
        const value = valueOf(fresh(state)?.emergency);
        return value ? rows(value) : [];
      });
    perKind("emergency_trigger", "1 for each trigger pulled in the open emergency", "trigger", ({ triggers }) =>
      TRIGGERS.map((trigger) => [{ trigger }, Number(triggers.includes(trigger))]),
    );
    const until = "Until when an emergency action lasts; 0 when it is not in effect";
    perKind("effect_until_timestamp_seconds", until, "action", ({ effects }) =>
      ACTIONS.map((action) => [{ action }, Number(effects[action] ?? 0n)]),
    );
  }
}

type Emergency = Extract<NonNullable<Vitals["emergency"]>, { value: unknown }>["value"];
