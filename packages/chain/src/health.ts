import type { LimitsConfig } from "@ftns/service/config/watching.ts";
import type { Finding } from "@ftns/service/findings.ts";
import { formatDecimal, formatDuration } from "@ftns/sdk/units.ts";
import type { Head } from "./connect.ts";
import type { EndpointStatus } from "./endpoint.ts";

/** A transaction that is sent and not confirmed. */
export interface PendingTransaction {
  nonce: number;
  hash: string;
  job?: string;
  since: number;
  gaveUp: boolean;
}

/** What a service knows of its chain and its account there, as of `now`. Times are of the steady clock (milliseconds). */
export interface ChainState {
  now: number;
  /** The same moment on the wall's clock. */
  wallNow: number;
  openedAt: number;
  sending: boolean;
  /** The last that could be read. */
  vitals?: { at: number; wallAt: number; value: { head: Head; balance: bigint } };
  /** Since when it cannot be read, and why. */
  blind?: { since: number; reason: string };
  endpoints: EndpointStatus[];
  quorum: number;
  flights: PendingTransaction[];
  reorganisedAt?: number;
}

export interface ChainRules {
  limits: Pick<LimitsConfig, "maxHeadAgeSec" | "balanceWarn" | "balanceFloor" | "stuckSec">;
  /** Zero where the chain's time is not the world's. */
  maxClockSkewSec: number;
  /** Blocks come only with transactions: an old one is no fault. */
  blocksOnDemand: boolean;
  /** The service, as an operator calls it. */
  who: string;
}

/** Vitals are read once a minute, and sooner after a read that failed; old ones say nothing of the present. */
export const VITALS_SEC = 60;
export const VITALS_AGAIN_SEC = 15;
export const STALE_MS = 90_000;
const REORG_MS = 600_000;
/** Of the allowed skew: beyond half of it, somebody should look at the clock before the endpoints are refused. */
const SKEW_SHARE = 2;

export function ofEndpoints({ endpoints, quorum }: ChainState): Finding[] {
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

export function ofChain(
  { now, wallNow, openedAt, vitals, blind }: ChainState,
  { limits, maxClockSkewSec, blocksOnDemand }: ChainRules,
): Finding[] {
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
  if (ageSec > limits.maxHeadAgeSec && !blocksOnDemand) {
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

export function ofAccount({ vitals, sending }: ChainState, { limits, who }: ChainRules): Finding[] {
  if (!vitals || !sending) return [];
  const { balance } = vitals.value;
  if (balance >= limits.balanceWarn) return [];
  const low = balance < limits.balanceFloor;
  return [
    {
      id: "balance-low",
      severity: low ? "critical" : "warning",
      title: low ? `The ${who}'s account is all but empty` : `The ${who}'s account runs low`,
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

export function ofTransactions({ now, flights, reorganisedAt }: ChainState, { limits, who }: ChainRules): Finding[] {
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
      detail: `the ${who} looks again and sends again what is due; no step is needed unless it goes on`,
      runbook: "reorg",
      unhealthy: false,
    });
  }
  return found;
}

export const duration = (sec: number) => formatDuration(BigInt(Math.max(0, Math.round(sec))));
