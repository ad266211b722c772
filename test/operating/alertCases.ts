// What each alert rule of the keeper must fire on, and what it must not.
// Where a rule is about a counter, one case is its very first event, before which the counter was never seen.
import { type AlertCase, casesOf } from "./alertSeries.ts";

const { of, up, firing, gauge, counter } = casesOf("keeper", 9464);
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
