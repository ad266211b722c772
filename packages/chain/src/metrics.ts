import type { Metrics } from "@ftns/service/metrics.ts";
import type { EndpointStatus } from "./endpoint.ts";
import { type ChainState, STALE_MS } from "./health.ts";
import type { TransactionEvent } from "./transactions/types.ts";

const fromWei = (value: bigint) => Number(value) / 1e18;

/** What a service tells Prometheus of its endpoints, its newest block and its account. */
export function chainGauges(metrics: Metrics, state: () => ChainState): void {
  const perEndpoint = (name: string, help: string, value: (one: EndpointStatus) => number | undefined) =>
    metrics.gauge(name, help, ["endpoint"], () => state().endpoints.map((one) => [{ endpoint: one.host }, value(one)]));
  perEndpoint("endpoint_healthy", "1 while an RPC endpoint can be used", ({ healthy }) => Number(healthy));
  perEndpoint("endpoint_height", "Newest block that an RPC endpoint told of", ({ height }) => height);
  const endpointTotal = (name: string, help: string, value: (one: EndpointStatus) => number) =>
    metrics.total(name, help, ["endpoint"], () => state().endpoints.map((one) => [{ endpoint: one.host }, value(one)]));
  endpointTotal("endpoint_requests_total", "Requests to an RPC endpoint", ({ requests }) => requests);
  const useless = "Replies of an RPC endpoint that were of no use";
  endpointTotal("endpoint_failures_total", useless, ({ failures }) => failures);

  const simple = (name: string, help: string, value: (state: ChainState) => number | undefined) =>
    metrics.gauge(name, help, [], () => [[{}, value(state())]]);
  simple("transactions_in_flight", "Our transactions that are sent and not confirmed", ({ flights }) => flights.length);
  simple(
    "chain_read_age_seconds",
    "Since when the chain could not be read",
    ({ vitals, now }) => vitals && (now - vitals.at) / 1_000,
  );
  simple("head_number", "Newest block", (known) => fresh(known)?.head.number);
  simple("head_age_seconds", "Age of the newest block by this machine's clock", (known) => {
    const vitals = fresh(known);
    return vitals && known.wallNow / 1_000 - Number(vitals.head.timestamp);
  });
}

/** Counts what becomes of the service's transactions. */
export function transactionCounters(metrics: Metrics): (event: TransactionEvent) => void {
  const transactions = metrics.counter("transactions_total", "What happened to our transactions", ["type"]);
  // A counter that is there from the start shows its first event as growth.
  for (const type of ["confirmed", "gave-up", "reorganised"] as const) transactions.inc({ type }, 0);
  const failed = metrics.counter("transactions_reverted_total", "Our transactions that landed and did nothing");
  const gas = metrics.counter("gas_used_total", "Gas of our transactions");
  const fees = metrics.counter("fees_paid_coins_total", "Fees of our transactions in the chain's coin");
  return ({ type, gasUsed, feePaidWei, reverted }) => {
    transactions.inc({ type });
    if (gasUsed !== undefined) gas.inc(Number(gasUsed));
    if (feePaidWei !== undefined) fees.inc(fromWei(feePaidWei));
    if (reverted) failed.inc();
  };
}

/** What was read, while it still says something of the present. */
export function fresh<S extends ChainState>({ vitals, now }: S): NonNullable<S["vitals"]>["value"] | undefined {
  return vitals && now - vitals.at <= STALE_MS ? vitals.value : undefined;
}
