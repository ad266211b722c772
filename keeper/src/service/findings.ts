import type { LimitsConfig } from "../config/service.ts";
import { formatDecimal, formatDuration, formatPercent, formatTime } from "../units.ts";
import type { JobStanding, ServiceState } from "./logbook.ts";
import { valueOf } from "./vitals.ts";

export const SEVERITIES = ["info", "warning", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The chapters of docs/operating/runbooks.md. */
export type Runbook =
  | "feed-down"
  | "rpc-down"
  | "stuck-nonce"
  | "empty-wallet"
  | "breaker-open"
  | "reorg"
  | "job-broken"
  | "clock-skew"
  | "reporter-equivocates";

/** Something that is wrong now. The same trouble keeps its id for as long as it lasts. */
export interface Finding {
  id: string;
  severity: Severity;
  title: string;
  detail: string;
  runbook: Runbook;
  /** The keeper cannot do its work: /healthz says 503. */
  unhealthy: boolean;
  /** Not worth a message before it has lasted so long (seconds). */
  patienceSec?: number;
}

export interface Rules {
  limits: LimitsConfig;
  /** Zero where the chain's time is not the world's. */
  maxClockSkewSec: number;
}

/** Turns that a job may miss before it counts as stuck. */
const MISSED_TURNS = 3;
/** A broken run can be a hiccup; three in a row are worth a message. */
const BROKEN_RUNS = 3;
/** Vitals are read every 15 s; older ones say nothing of the present. */
export const VITALS_SEC = 15;
export const STALE_MS = 6 * VITALS_SEC * 1_000;
const REORG_MS = 600_000;
/** Of the allowed skew: beyond half of it, somebody should look at the clock before the endpoints are refused. */
const SKEW_SHARE = 2;

/** Everything that is wrong, worked out from the state alone. One set of rules for health and alerts. */
export function findingsOf(state: ServiceState, rules: Rules): Finding[] {
  return [
    ...state.jobs.flatMap((job) => ofJob(job, state, rules)),
    ...ofEndpoints(state),
    ...ofChain(state, rules),
    ...ofAccount(state, rules),
    ...ofFeed(state, rules),
    ...ofEmergency(state),
    ...ofTransactions(state, rules),
  ];
}

function ofJob(standing: JobStanding, { now, scheduledAt }: ServiceState, { limits }: Rules): Finding[] {
  const { job, turnSec, last, brokenSince, brokenRuns, runningSince } = standing;
  const found: Finding[] = [];
  if (brokenSince !== undefined && last) {
    const sec = (now - brokenSince) / 1_000;
    const lasting = sec > limits.brokenSec;
    if (lasting || brokenRuns >= BROKEN_RUNS) {
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
    const state =
      runningSince === undefined ? "it does not start" : `one run takes ${duration((now - runningSince) / 1_000)}`;
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

function ofEndpoints({ endpoints, quorum }: ServiceState): Finding[] {
  const healthy = endpoints.filter((one) => one.healthy).length;
  const found: Finding[] = endpoints
    .filter((one) => !one.healthy)
    .map(({ host, lastFailure }) => ({
      id: `endpoint-down/${host}`,
      severity: "warning",
      title: `The RPC endpoint ${host} fails`,
      detail: lastFailure?.reason ?? "it has not proven its chain yet",
      runbook: "rpc-down",
      unhealthy: false,
      patienceSec: 120,
    }));
  if (healthy < quorum) {
    found.push({
      id: "endpoints-too-few",
      severity: "critical",
      title: "Too few RPC endpoints",
      detail: `${healthy} of ${endpoints.length} endpoints can be used, and ${quorum} must agree; no job can run`,
      runbook: "rpc-down",
      unhealthy: true,
    });
  }
  return found;
}

function ofChain({ now, wallNow, openedAt, vitals, blind }: ServiceState, { limits, maxClockSkewSec }: Rules): Finding[] {
  const found: Finding[] = [];
  if (now - (vitals?.at ?? openedAt) > STALE_MS) {
    found.push({
      id: "chain-unreadable",
      severity: "critical",
      title: "The chain cannot be read",
      detail: `for ${duration((now - (vitals?.at ?? openedAt)) / 1_000)}: ${blind?.reason ?? "a read does not end"}`,
      runbook: "rpc-down",
      unhealthy: true,
    });
  }
  if (!vitals || maxClockSkewSec === 0) return found;
  const { number, timestamp } = vitals.value.head;
  const ageSec = wallNow / 1_000 - Number(timestamp);
  if (ageSec > limits.maxHeadAgeSec) {
    found.push({
      id: "head-old",
      severity: "critical",
      title: "The chain stands still",
      detail: `block ${number}, the newest, is ${duration(ageSec)} old by this machine's clock`,
      runbook: "rpc-down",
      unhealthy: true,
    });
  }
  const aheadSec = Number(timestamp) - vitals.wallAt / 1_000;
  if (aheadSec > maxClockSkewSec / SKEW_SHARE) {
    found.push({
      id: "clock-skew",
      severity: "warning",
      title: "This machine's clock is slow",
      detail: `block ${number} lies ${duration(aheadSec)} in its future`,
      runbook: "clock-skew",
      unhealthy: false,
    });
  }
  return found;
}

function ofAccount({ vitals, sending }: ServiceState, { limits }: Rules): Finding[] {
  if (!vitals || !sending) return [];
  const { balance } = vitals.value;
  if (balance >= limits.balanceWarn) return [];
  const low = balance < limits.balanceFloor;
  return [
    {
      id: "balance-low",
      severity: low ? "critical" : "warning",
      title: low ? "The keeper's account is all but empty" : "The keeper's account runs low",
      detail: `it holds ${formatDecimal(balance, 18, 6)} of the chain's coin, less than ${formatDecimal(
        low ? limits.balanceFloor : limits.balanceWarn,
        18,
        6,
      )}; fund it`,
      runbook: "empty-wallet",
      unhealthy: low,
    },
  ];
}

function ofFeed({ now, vitals, failingSources, equivocations }: ServiceState, { limits }: Rules): Finding[] {
  const found: Finding[] = [
    ...failingSources.map(({ source, since, reason }): Finding => ({
      id: `source-failing/${source}`,
      severity: "warning",
      title: `The market source ${source} fails`,
      detail: `for ${duration((now - since) / 1_000)}: ${reason}`,
      runbook: "feed-down",
      unhealthy: false,
      patienceSec: 300,
    })),
    ...equivocations.map(({ reporter }): Finding => ({
      id: `equivocation/${reporter}`,
      severity: "critical",
      title: `The reporter ${reporter} tells two stories`,
      detail: "it signed two different reports for the same time; both are in the log, as evidence for governance",
      runbook: "reporter-equivocates",
      unhealthy: false,
    })),
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

function ofTransactions({ now, flights, reorganisedAt }: ServiceState, { limits }: Rules): Finding[] {
  const found: Finding[] = flights
    .filter(({ since, gaveUp }) => gaveUp || now - since > limits.stuckSec * 1_000)
    .map(({ nonce, hash, since, job }) => ({
      id: `transaction-stuck/${nonce}`,
      severity: "critical",
      title: `The transaction with nonce ${nonce} is stuck`,
      detail: `${hash}${job === undefined ? "" : ` of ${job}`} is in no block after ${duration((now - since) / 1_000)}`,
      runbook: "stuck-nonce",
      unhealthy: false,
    }));
  if (reorganisedAt !== undefined && now - reorganisedAt < REORG_MS) {
    found.push({
      id: "reorganised",
      severity: "warning",
      title: "The chain took back a block with our transaction",
      detail: "the keeper looks again and sends again what is due; no step is needed unless it goes on",
      runbook: "reorg",
      unhealthy: false,
    });
  }
  return found;
}

const duration = (sec: number) => formatDuration(BigInt(Math.max(0, Math.round(sec))));
