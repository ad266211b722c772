import { type ChainRules, duration, ofAccount, ofChain, ofEndpoints, ofTransactions } from "@ftns/chain/health.ts";
import type { LimitsConfig } from "@ftns/service/config/watching.ts";
import type { Finding } from "@ftns/service/findings.ts";
import { WAD, formatDecimal, formatFtns, formatPercent, formatTime } from "@ftns/sdk/units.ts";
import type { JobStanding, ServiceState } from "./logbook.ts";
import { valueOf } from "./vitals.ts";

/** How much of what is still well. */
export type Rules = Omit<ChainRules, "who" | "limits"> & { limits: LimitsConfig };

/** Turns that a job may miss before it counts as stuck. */
const MISSED_TURNS = 3;
/** A broken run can be a hiccup; three in a row are worth a message, unless they follow each other within seconds. */
const BROKEN_RUNS = 3;
const HICCUP_SEC = 60;

/** Everything that is wrong, worked out from the state alone. One set of rules for health and alerts. */
export function findingsOf(state: ServiceState, given: Rules): Finding[] {
  const rules = { ...given, who: "keeper" };
  return [
    ...state.jobs.flatMap((job) => ofJob(job, state, rules)),
    ...ofEndpoints(state),
    ...ofChain(state, rules),
    ...ofAccount(state, rules),
    ...ofFeed(state, rules),
    ...ofEmergency(state),
    ...ofVelocity(state),
    ...ofPay(state),
    ...ofTransactions(state, rules),
  ];
}

function ofJob(standing: JobStanding, { now, scheduledAt }: ServiceState, { limits }: Rules): Finding[] {
  const { job, turnSec, last, brokenSince, brokenRuns, runningSince } = standing;
  const found: Finding[] = [];
  if (brokenSince !== undefined && last) {
    const sec = (now - brokenSince) / 1_000;
    const lasting = sec > limits.brokenSec;
    if (lasting || (brokenRuns >= BROKEN_RUNS && sec >= HICCUP_SEC)) {
      found.push({
        id: `job-broken/${job}`,
        severity: lasting ? "critical" : "warning",
        title: `${job} is broken`,
        detail: `for ${duration(sec)}, ${brokenRuns} runs: ${last.reason}`,
        runbook: "job-broken",
        unhealthy: lasting,
      });
    }
  }
  const since = Math.max(standing.endedAt ?? 0, scheduledAt ?? 0);
  if (scheduledAt !== undefined && now - since > MISSED_TURNS * turnSec * 1_000) {
    const state = runningSince === undefined ? "it does not start" : `one run takes ${duration((now - runningSince) / 1_000)}`;
    found.push({
      id: `job-stuck/${job}`,
      severity: "critical",
      title: `${job} has missed ${MISSED_TURNS} turns`,
      detail: `no run has ended for ${duration((now - since) / 1_000)}; ${state}`,
      runbook: "job-broken",
      unhealthy: true,
    });
  }
  return found;
}

function ofFeed({ now, vitals, failingSources, equivocations }: ServiceState, { limits }: Rules): Finding[] {
  const found: Finding[] = [
    ...failingSources.map(
      ({ source, since, reason }): Finding => ({
        id: `source-failing/${source}`,
        severity: "warning",
        title: `The market source ${source} fails`,
        detail: `for ${duration((now - since) / 1_000)}: ${reason}`,
        runbook: "feed-down",
        unhealthy: false,
        patienceSec: 300,
      }),
    ),
    ...equivocations.map(
      ({ reporter }): Finding => ({
        id: `equivocation/${reporter}`,
        severity: "critical",
        title: `The reporter ${reporter} tells two stories`,
        detail: "it signed two different reports for the same time; both are in the log, as evidence for governance",
        runbook: "reporter-equivocates",
        unhealthy: false,
      }),
    ),
  ];
  const feed = vitals?.value.feed;
  if (!feed) return found;
  const market = valueOf(feed);
  if (!market) {
    found.push({
      id: "price-stale",
      severity: "critical",
      title: "There is no price",
      detail: "failure" in feed ? `the feed cannot be read: ${feed.failure}` : "the feed has no round yet",
      runbook: "feed-down",
      unhealthy: true,
    });
    return found;
  }
  const ageSec = Number(vitals.value.head.timestamp - market.updatedAt);
  if (ageSec > limits.maxPriceAgeSec) {
    found.push({
      id: "price-stale",
      severity: "critical",
      title: "The price is old",
      detail: `the feed's last update is ${duration(ageSec)} old`,
      runbook: "feed-down",
      unhealthy: true,
    });
  }
  if (market.confidence !== undefined && market.confidence < limits.minConfidence) {
    found.push({
      id: "confidence-low",
      severity: "warning",
      title: "Few reporters agree",
      detail: `the confidence is ${formatPercent(market.confidence)}, below ${formatPercent(limits.minConfidence)}`,
      runbook: "feed-down",
      unhealthy: false,
    });
  }
  return found;
}

function ofEmergency({ vitals }: ServiceState): Finding[] {
  const emergency = valueOf(vitals?.value.emergency);
  if (!emergency) return [];
  const { open, id, triggers, effects } = emergency;
  const found: Finding[] = Object.entries(effects).map(([action, until]) => ({
    id: `effect/${action}`,
    severity: "critical",
    title: `${action} is in effect`,
    detail: `until ${formatTime(until)} at the latest`,
    runbook: "breaker-open",
    unhealthy: false,
  }));
  if (open) {
    found.push({
      id: "emergency-open",
      severity: "critical",
      title: `Emergency ${id} is open`,
      detail: `for ${triggers.join(", ")}`,
      runbook: "breaker-open",
      unhealthy: false,
    });
  }
  return found;
}

/** How often FTNS should move in a month (WAD): below and above, somebody should find out why. */
const SLOW = WAD / 2n;
const FAST = 3n * WAD;

/** Holds until the next report says otherwise. */
function ofVelocity({ velocity: last }: ServiceState): Finding[] {
  if (!last || (last.velocity >= SLOW && last.velocity <= FAST)) return [];
  const slow = last.velocity < SLOW;
  return [
    {
      id: slow ? "velocity-low" : "velocity-high",
      severity: "warning",
      title: slow ? "FTNS hardly move" : "FTNS move very fast",
      detail:
        `the report of ${formatTime(last.madeAt)} says a velocity of ${formatDecimal(last.velocity, 18, 3)}, ` +
        `${slow ? "below 0.5" : "above 3.0"}`,
      runbook: "velocity",
      unhealthy: false,
    },
  ];
}

/** The feed remembers about 27 days of reports; what nobody has paid by then is lost. */
const UNPAID_HOURS = 14n * 24n;

function ofPay({ vitals }: ServiceState): Finding[] {
  return (vitals?.value.pay ?? []).flatMap(({ reporter, earned }) => {
    const value = valueOf(earned);
    if (!value || value.reportHours < UNPAID_HOURS) return [];
    return {
      id: `pay-waiting/${reporter}`,
      severity: "warning" as const,
      title: `The reporter ${reporter} was not paid for long`,
      detail: `${value.reportHours} hours and ${formatFtns(value.amount)} wait; hours of more than 27 days ago are lost`,
      runbook: "pay-of-reporters",
      unhealthy: false,
    };
  });
}
