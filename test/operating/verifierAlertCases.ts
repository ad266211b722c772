// What each alert rule of the verifier must fire on, and what it must not.
import { type AlertCase, casesOf } from "./alertSeries.ts";

const { of, up, firing, gauge, counter } = casesOf("verifier", 9465);

export const VERIFIER_ALERT_CASES: Record<string, readonly AlertCase[]> = {
  FtnsVerifierGone: [
    { what: "no verifier at all", series: {}, at: 4, fires: [{}] },
    { what: "a scrape that fails", series: { [up]: "0x60", [of("healthy")]: "1x60" }, at: 4, fires: firing() },
    { what: "a verifier that is there", series: { [up]: "1x60", [of("healthy")]: "0x60" }, at: 30, fires: [] },
  ],
  FtnsVerifierUnhealthy: gauge("healthy", 0, 1, 2).filter(({ what }) => what !== "no value"),
  FtnsVerifierStandsStill: gauge("look_age_seconds", 61, 60, 1),
  FtnsVerifierChainUnreadable: gauge("chain_read_age_seconds", 121, 120, 1),
  FtnsVerifierNotRegistered: gauge("registered", 0, 1, 2),
  FtnsVerifierLockLow: [
    {
      what: "a lock below the least one",
      series: { [of("locked_ftns")]: "9999x60", [of("min_lock_ftns")]: "10000x60" },
      at: 5,
      fires: firing(),
    },
    {
      what: "exactly the least lock",
      series: { [of("locked_ftns")]: "10000x60", [of("min_lock_ftns")]: "10000x60" },
      at: 30,
      fires: [],
    },
  ],
  FtnsVerifierLeaving: gauge("leaving", 1, 0, 2),
  FtnsVerifierAllowanceNearlyUsed: [
    {
      what: "four fifths",
      series: { [of("allowance_used_ftns")]: "800x60", [of("allowance_ftns")]: "1000x60" },
      at: 10,
      fires: firing(),
    },
    {
      what: "a little less",
      series: { [of("allowance_used_ftns")]: "799x60", [of("allowance_ftns")]: "1000x60" },
      at: 30,
      fires: [],
    },
    { what: "no allowance", series: { [of("allowance_used_ftns")]: "0x60", [of("allowance_ftns")]: "0x60" }, at: 30, fires: [] },
  ],
  FtnsVerifierChecksLate: gauge("late_seconds", 901, 900, 5),
  FtnsVerifierPeerSilent: gauge("peer_silent_seconds", 601, 600, 5, { peer: "north" }),
  FtnsVerifierFaults: counter("faults_total", {}, 15),
  FtnsVerifierRelayPoor: [
    { what: "a hundredth", series: { [of("relay_balance_coins")]: "0.01x60" }, at: 12, fires: firing() },
    { what: "enough", series: { [of("relay_balance_coins")]: "0.02x60" }, at: 30, fires: [] },
    { what: "no account that relays", series: { [of("relay_balance_coins")]: "0x60" }, at: 30, fires: [] },
  ],
};
