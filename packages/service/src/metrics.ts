import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import { SEVERITIES, type Finding } from "./findings.ts";

/** A row of a gauge: its labels and its value; `undefined` leaves the row out. */
export type Row = [labels: Record<string, string>, value: number | undefined];

/**
 * Everything that Prometheus is told by one service, in a registry of its own. Gauges are worked out at each request; one
 * whose value cannot be known now is left out, so that a failed read never looks like a value.
 */
export class Metrics {
  readonly #prefix: string;
  readonly #registry = new Registry();
  readonly #alerts: Counter<"receiver" | "outcome">;

  /** `prefix` begins the name of every metric of the service, such as `ftns_keeper_`. */
  constructor(prefix: string, findings: () => Finding[]) {
    this.#prefix = prefix;
    this.#alerts = this.counter("alerts_total", "Messages to receivers of alerts", ["receiver", "outcome"]);
    this.gauge("healthy", "1 when /healthz says 200", [], () => [[{}, Number(findings().every(({ unhealthy }) => !unhealthy))]]);
    this.gauge("findings", "Troubles that last now", ["severity"], () => {
      const found = findings();
      return SEVERITIES.map((severity) => [{ severity }, found.filter((one) => one.severity === severity).length]);
    });
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

  noteAlert(receiver: string, outcome: "sent" | "failed"): void {
    this.#alerts.inc({ receiver, outcome });
  }

  counter<L extends string = never>(name: string, help: string, labelNames: L[] = []): Counter<L> {
    return new Counter<L>({ name: this.#prefix + name, help, labelNames, registers: [this.#registry] });
  }

  histogram<L extends string>(name: string, help: string, labelNames: L[], buckets: number[]): Histogram<L> {
    return new Histogram<L>({ name: this.#prefix + name, help, labelNames, buckets, registers: [this.#registry] });
  }

  gauge(name: string, help: string, labelNames: string[], rows: () => Row[]): void {
    new Gauge({
      name: this.#prefix + name,
      help,
      labelNames,
      registers: [this.#registry],
      collect() {
        this.reset();
        // A gauge without labels starts at zero, which is a value too.
        if (labelNames.length === 0) this.remove();
        for (const [labels, value] of rows()) if (value !== undefined) this.set(labels, value);
      },
    });
  }

  /** A count that somebody else keeps. */
  total(name: string, help: string, labelNames: string[], rows: () => [labels: Record<string, string>, value: number][]): void {
    new Counter({
      name: this.#prefix + name,
      help,
      labelNames,
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [labels, value] of rows()) this.inc(labels, value);
      },
    });
  }
}
