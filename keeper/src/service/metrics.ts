import { ACTIONS, TRIGGERS } from "@ftns/model";
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { EndpointStatus } from "../chain/endpoint.ts";
import type { KeeperEvent } from "../events.ts";
import { SEVERITIES, STALE_MS, type Finding } from "./findings.ts";
import type { JobStanding, ServiceState } from "./logbook.ts";
import { type Vitals, valueOf } from "./vitals.ts";

/** A row of a gauge: its labels and its value; `undefined` leaves the row out. */
type Row = [labels: Record<string, string>, value: number | undefined];

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

/**
 * Everything that Prometheus is told, in a registry of this keeper's own. Gauges are worked out at each request; one whose
 * value cannot be known now is left out, so that a failed read never looks like a value. Jobs are told apart by `task`,
 * for `job` is Prometheus's own.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #runs: Counter<"task" | "outcome">;
  readonly #durations: Histogram<"task">;
  readonly #late: Histogram<"task">;
  readonly #transactions: Counter<"type">;
  readonly #reverted: Counter;
  readonly #gas: Counter;
  readonly #fees: Counter;
  readonly #alerts: Counter<"receiver" | "outcome">;
  readonly #source: MetricsSource;
  readonly #startedAt = new Map<string, number>();

  constructor(source: MetricsSource) {
    this.#source = source;
    const registers = [this.#registry];
    const counter = <L extends string = never>(name: string, help: string, labelNames: L[] = []) =>
      new Counter<L>({ name: PREFIX + name, help, labelNames, registers });
    const histogram = (name: string, help: string, buckets: number[]) =>
      new Histogram({ name: PREFIX + name, help, labelNames: ["task"] as const, buckets, registers });

    this.#runs = counter("job_runs_total", "Runs of a job by their outcome", ["task", "outcome"]);
    this.#durations = histogram("job_duration_seconds", "How long runs of a job took", RUN_BUCKETS);
    this.#late = histogram("job_done_late_seconds", "Chain time from when a job was due until it was done", LATE_BUCKETS);
    this.#transactions = counter("transactions_total", "What happened to our transactions", ["type"]);
    this.#reverted = counter("transactions_reverted_total", "Our transactions that landed and did nothing");
    this.#gas = counter("gas_used_total", "Gas of our transactions");
    this.#fees = counter("fees_paid_coins_total", "Fees of our transactions in the chain's coin");
    this.#alerts = counter("alerts_total", "Messages to receivers of alerts", ["receiver", "outcome"]);
    this.#stateGauges();
    this.#chainGauges();
    collectDefaultMetrics({ register: this.#registry });
  }

  /** The page for Prometheus. */
  page(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Names of all metrics. */
  get names(): string[] {
    return this.#registry.getMetricsAsArray().map(({ name }) => name);
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
    } else if (event.type === "transaction") {
      const { type, gasUsed, feePaidWei, reverted } = event.event;
      this.#transactions.inc({ type });
      if (gasUsed !== undefined) this.#gas.inc(Number(gasUsed));
      if (feePaidWei !== undefined) this.#fees.inc(fromWad(feePaidWei));
      if (reverted) this.#reverted.inc();
    }
  }

  noteAlert(receiver: string, outcome: "sent" | "failed"): void {
    this.#alerts.inc({ receiver, outcome });
  }

  #gauge(name: string, help: string, labelNames: string[], rows: (state: ServiceState) => Row[]): void {
    const { state } = this.#source;
    new Gauge({
      name: PREFIX + name,
      help,
      labelNames,
      registers: [this.#registry],
      collect() {
        this.reset();
        // A gauge without labels starts at zero, which is a value too.
        if (labelNames.length === 0) this.remove();
        for (const [labels, value] of rows(state())) if (value !== undefined) this.set(labels, value);
      },
    });
  }

  /** What the keeper knows by itself. */
  #stateGauges(): void {
    type OfJob = (job: JobStanding, state: ServiceState) => number | undefined;
    const perJob = (name: string, help: string, value: OfJob) =>
      this.#gauge(name, help, ["task"], (state) => state.jobs.map((job) => [{ task: job.job }, value(job, state)]));
    perJob("job_last_run_timestamp_seconds", "When the last run of a job ended", ({ endedAt }, state) =>
      timestamp(state, endedAt)
    );
    perJob("job_last_success_timestamp_seconds", "When a run of a job last was not broken", ({ goodAt }, state) =>
      timestamp(state, goodAt)
    );
    perJob("job_broken", "1 while a job is broken", ({ brokenSince, last }) =>
      last === undefined ? undefined : Number(brokenSince !== undefined)
    );
    perJob("job_late_seconds", "Chain time since a job is due and not done; 0 when it is not due", ({ dueAt }, state) => {
      const vitals = fresh(state);
      return vitals && dueAt !== undefined ? Math.max(0, Number(vitals.head.timestamp - dueAt)) : undefined;
    });
    const { account, chainId } = this.#source;
    this.#gauge("info", "The keeper's account and chain", ["account", "chain", "sending"], ({ sending }) => [
      [{ account, chain: String(chainId), sending: String(sending) }, 1],
    ]);
    this.#gauge("start_timestamp_seconds", "When the keeper started", [], (state) => [
      [{}, timestamp(state, state.openedAt)],
    ]);
    this.#gauge("healthy", "1 when /healthz says 200", [], () => [
      [{}, Number(this.#source.findings().every(({ unhealthy }) => !unhealthy))],
    ]);
    this.#gauge("findings", "Troubles that last now", ["severity"], () => {
      const findings = this.#source.findings();
      return SEVERITIES.map((severity) => [{ severity }, findings.filter((one) => one.severity === severity).length]);
    });
    this.#gauge("transactions_in_flight", "Our transactions that are sent and not confirmed", [], ({ flights }) => [
      [{}, flights.length],
    ]);
    const failing = "For how long a market source has failed";
    this.#gauge("source_failing_seconds", failing, ["source"], ({ failingSources, now }) =>
      failingSources.map(({ source, since }) => [{ source }, (now - since) / 1_000])
    );
    this.#gauge("equivocating_reporters", "Reporters that told two stories lately", [], ({ equivocations }) => [
      [{}, equivocations.length],
    ]);
    const perEndpoint = (name: string, help: string, value: (one: EndpointStatus) => number | undefined) =>
      this.#gauge(name, help, ["endpoint"], ({ endpoints }) =>
        endpoints.map((one) => [{ endpoint: one.host }, value(one)])
      );
    perEndpoint("endpoint_healthy", "1 while an RPC endpoint can be used", ({ healthy }) => Number(healthy));
    perEndpoint("endpoint_height", "Newest block that an RPC endpoint told of", ({ height }) => height);
    this.#endpointTotal("endpoint_requests_total", "Requests to an RPC endpoint", ({ requests }) => requests);
    const useless = "Replies of an RPC endpoint that were of no use";
    this.#endpointTotal("endpoint_failures_total", useless, ({ failures }) => failures);
  }

  /** A count that the endpoints keep themselves. */
  #endpointTotal(name: string, help: string, value: (one: EndpointStatus) => number): void {
    const { state } = this.#source;
    new Counter({
      name: PREFIX + name,
      help,
      labelNames: ["endpoint"],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const one of state().endpoints) this.inc({ endpoint: one.host }, value(one));
      },
    });
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

    this.#gauge("chain_read_age_seconds", "Since when the chain could not be read", [], ({ vitals, now }) => [
      [{}, vitals && (now - vitals.at) / 1_000],
    ]);
    vital("head_number", "Newest block", ({ head }) => head.number);
    vital("head_age_seconds", "Age of the newest block by this machine's clock", ({ head }, { wallNow }) =>
      wallNow / 1_000 - Number(head.timestamp)
    );
    vital("balance_coins", "What the keeper's account holds of the chain's coin", ({ balance }) => fromWad(balance));
    vital("price_usd", "The feed's price", ({ feed }) => {
      const market = valueOf(feed);
      return market && Number(market.price) / 1e8;
    });
    vital("price_age_seconds", "Age of the feed's last update", (vitals) => since(vitals, valueOf(vitals.feed)?.updatedAt));
    vital("price_confidence", "Share of the reporters that agreed on it", ({ feed }) => wad(valueOf(feed)?.confidence));
    vital("record_age_seconds", "Age of the history's last record", (vitals) =>
      since(vitals, valueOf(vitals.history)?.recordedAt)
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
      TRIGGERS.map((trigger) => [{ trigger }, Number(triggers.includes(trigger))])
    );
    const until = "Until when an emergency action lasts; 0 when it is not in effect";
    perKind("effect_until_timestamp_seconds", until, "action", ({ effects }) =>
      ACTIONS.map((action) => [{ action }, Number(effects[action] ?? 0n)])
    );
  }
}

type Emergency = Extract<NonNullable<Vitals["emergency"]>, { value: unknown }>["value"];

/** What was read, while it still says something of the present. */
function fresh({ vitals, now }: ServiceState): Vitals | undefined {
  return vitals && now - vitals.at <= STALE_MS ? vitals.value : undefined;
}
