// What each alert rule must fire on, and what it must not, in the notation of Prometheus' rule tests: a value a minute.
// Where a rule is about a counter, one case is its very first event, before which the counter was never seen.

export interface AlertCase {
  what: string;
  /** Series by their name and labels. */
  series: Record<string, string>;
  /** Minute of the look. */
  at: number;
  /** Labels of the alerts that fire, without the severity; none: it is quiet. */
  fires: Record<string, string>[];
}

const WHERE = { job: "ftns-keeper", instance: "keeper:9464" };
/** A metric of the keeper as it is scraped. */
const of = (name: string, labels: Record<string, string> = {}): string => {
  const inner = Object.entries({ ...labels, ...WHERE }).map(([label, value]) => `${label}="${value}"`);
  return `ftns_keeper_${name}{${inner.join(",")}}`;
};
const up = `up{job="ftns-keeper",instance="keeper:9464"}`;
const firing = (labels: Record<string, string> = {}) => [{ ...labels, ...WHERE }];

/** A gauge above or below its limit for long enough, at the limit, and back in time. */
function gauge(name: string, bad: number, limit: number, minutes: number, labels: Record<string, string> = {}): AlertCase[] {
  const series = of(name, labels);
  const at = minutes + 1;
  const cases: AlertCase[] = [
    { what: `${bad} for ${at} minutes`, series: { [series]: `${bad}x60` }, at, fires: firing(labels) },
    { what: `its limit, ${limit}`, series: { [series]: `${limit}x60` }, at: 50, fires: [] },
    { what: "no value", series: { [of("healthy")]: "1x60" }, at: 50, fires: [] },
  ];
  if (minutes > 0) {
    cases.push({ what: "not yet long enough", series: { [series]: `${bad}x60` }, at: minutes - 1, fires: [] });
    cases.push({
      what: "good again in between",
      series: { [series]: `${bad}x${minutes - 1} ${limit} ${bad}x60` },
      at,
      fires: [],
    });
  }
  return cases;
}

/** A counter of trouble: the first event ever, a further one, and one that is long past. */
function counter(name: string, labels: Record<string, string>, minutes: number): AlertCase[] {
  const series = of(name, labels);
  return [
    { what: "its first event, never seen before", series: { [series]: "_x10 1x60" }, at: 12, fires: firing(labels) },
    { what: "one more event", series: { [series]: "4x10 5x60" }, at: 12, fires: firing(labels) },
    { what: "an event after a restart", series: { [series]: "4x10 0x2 1x60" }, at: 15, fires: firing(labels) },
    { what: "nothing new", series: { [series]: `5x${minutes + 60}` }, at: minutes + 40, fires: [] },
    { what: "an event that is long past", series: { [series]: `_x10 1x${minutes + 60}` }, at: minutes + 40, fires: [] },
    { what: "a counter that begins at zero", series: { [series]: "_x10 0x60" }, at: 12, fires: [] },
  ];
}

const reverted = of("transactions_reverted_total");
const confirmed = of("transactions_total", { type: "confirmed" });

export const ALERT_CASES: Record<string, readonly AlertCase[]> = {
  FtnsKeeperGone: [
    { what: "no keeper at all", series: {}, at: 4, fires: [{}] },
    { what: "a scrape that fails", series: { [up]: "0x60", [of("healthy")]: "1x60" }, at: 4, fires: firing() },
    {
      what: "a scrape that fails for two minutes",
      series: { [up]: "1x10 0x1 1x60", [of("healthy")]: "1x60" },
      at: 13,
      fires: [],
    },
    { what: "a keeper that is there", series: { [up]: "1x60", [of("healthy")]: "0x60" }, at: 30, fires: [] },
  ],
  FtnsKeeperUnhealthy: gauge("healthy", 0, 1, 2).filter(({ what }) => what !== "no value"),
  FtnsJobBroken: gauge("job_broken", 1, 0, 15, { task: "adjust-supply" }),
  FtnsJobSilent: [
    {
      what: "no run for sixteen minutes",
      series: { [of("job_last_run_timestamp_seconds", { task: "record-price" })]: "0x60" },
      at: 17,
      fires: firing({ task: "record-price" }),
    },
    {
      what: "a run every ten minutes",
      series: { [of("job_last_run_timestamp_seconds", { task: "record-price" })]: "0x9 600x9 1200x9 1800x9" },
      at: 35,
      fires: [],
    },
    {
      what: "a job that runs once a week",
      series: { [of("job_last_run_timestamp_seconds", { task: "report-velocity" })]: "0x60" },
      at: 50,
      fires: [],
    },
  ],
  FtnsJobLate: gauge("job_late_seconds", 1_801, 1_800, 5, { task: "adjust-supply" }),
  FtnsPriceStale: gauge("price_age_seconds", 7_201, 7_200, 1),
  FtnsRecordStale: gauge("record_age_seconds", 9_001, 9_000, 1),
  FtnsConfidenceLow: gauge("price_confidence", 0.59, 0.6, 15),
  FtnsSourceFailing: gauge("source_failing_seconds", 601, 600, 0, { source: "coingecko" }),
  FtnsReporterEquivocates: gauge("equivocating_reporters", 1, 0, 0),
  FtnsChainUnreadable: [
    {
      what: "a read of 91 s ago",
      series: { [of("chain_read_age_seconds")]: "91x60", [of("healthy")]: "1x60" },
      at: 2,
      fires: firing(),
    },
    { what: "no read ever", series: { [of("healthy")]: "1x60" }, at: 2, fires: firing() },
    { what: "its limit, 90 s", series: { [of("chain_read_age_seconds")]: "90x60", [of("healthy")]: "1x60" }, at: 30, fires: [] },
  ],
  FtnsEndpointDown: gauge("endpoint_healthy", 0, 1, 5, { endpoint: "rpc.example" }),
  FtnsHeadOld: gauge("head_age_seconds", 181, 180, 1),
  FtnsClockSkew: gauge("head_age_seconds", -31, -30, 5),
  FtnsBalanceLow: gauge("balance_coins", 0.09, 0.1, 5),
  FtnsBalanceEmpty: gauge("balance_coins", 0.01, 0.02, 0),
  FtnsTransactionStuck: [
    { what: "one in flight for 16 minutes", series: { [of("transactions_in_flight")]: "0x3 1x60" }, at: 20, fires: firing() },
    {
      what: "one in flight now and then",
      series: { [of("transactions_in_flight")]: "1 0 1 0 1x9 0 1x9 0 1x9" },
      at: 25,
      fires: [],
    },
    ...counter("transactions_total", { type: "gave-up" }, 30),
    { what: "transactions that are confirmed", series: { [confirmed]: "0+1x60" }, at: 40, fires: [] },
  ],
  FtnsReorganised: counter("transactions_total", { type: "reorganised" }, 60),
  FtnsMoneyWasted: [
    { what: "five of forty", series: { [reverted]: "0+1x5 5x60", [confirmed]: "0+8x5 40x60" }, at: 30, fires: firing() },
    { what: "five of sixty", series: { [reverted]: "0+1x5 5x60", [confirmed]: "0+12x5 60x60" }, at: 30, fires: [] },
    { what: "three of three", series: { [reverted]: "0+1x3 3x60", [confirmed]: "0+1x3 3x60" }, at: 30, fires: [] },
    { what: "none of many", series: { [reverted]: "0x60", [confirmed]: "0+5x60" }, at: 30, fires: [] },
    {
      what: "four of four, right after the start",
      series: { [reverted]: "_x5 0 4x60", [confirmed]: "_x5 0 4x60" },
      at: 30,
      fires: firing(),
    },
  ],
  FtnsEmergencyOpen: gauge("emergency_open", 1, 0, 0),
  FtnsEffectInForce: gauge("effect_until_timestamp_seconds", 2_000_000_000, 0, 0, { action: "HALT_TRANSACTIONS" }),
  FtnsAlertsLost: [
    ...counter("alerts_total", { receiver: "team", outcome: "failed" }, 60),
    {
      what: "messages that were taken",
      series: { [of("alerts_total", { receiver: "team", outcome: "sent" })]: "0+1x60" },
      at: 40,
      fires: [],
    },
  ],
};
