/** What the breaker's triggers and actions are called, and what a watcher must know beside the conditions themselves. */
import { ATTACK_CONFIDENCE, CRASH_CONFIDENCE, LIQUIDITY_CONFIDENCE, type MarketSight } from "./conditions.ts";

/** In the order of the contract's `Trigger`. */
export const TRIGGERS = ["PRICE_CRASH", "LIQUIDITY_CRISIS", "NETWORK_ATTACK", "GOVERNANCE_DEADLOCK"] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** In the order of the contract's `Action`. */
export const ACTIONS = ["PAUSE_ADJUSTMENTS", "HALT_TRANSACTIONS", "RATE_RESET", "RECOVERY_MODE"] as const;
export type Action = (typeof ACTIONS)[number];

/** Confidence of the reporters that a condition needs (WAD). The chain's own record of votes needs none. */
export const NEEDED_CONFIDENCE: Record<Trigger, bigint> = {
  PRICE_CRASH: CRASH_CONFIDENCE,
  LIQUIDITY_CRISIS: LIQUIDITY_CONFIDENCE,
  NETWORK_ATTACK: ATTACK_CONFIDENCE,
  GOVERNANCE_DEADLOCK: 0n,
};

export const DEADLOCK_WINDOW_SEC = 259_200n;

/** What the breaker makes of a feed that is missing or fails. */
export const NO_MARKET: MarketSight = {
  volume6h: 0n,
  meanVolume6h: 0n,
  txTotal: 0n,
  txFailed: 0n,
  sendersDay: 0n,
  price: 0n,
  observedAt: 0n,
  confidence: 0n,
  registered: 0n,
  illiquid: 0n,
  attacked: 0n,
};

/** The latest hour that a round has closed, and the same hour of the day before (hours since the epoch). */
export function crashHours(latestHour: bigint): [latest: bigint, dayBefore: bigint] {
  return [latestHour, latestHour < 24n ? 0n : latestHour - 24n];
}

/** From when on a vote must have ended for a deadlock that was not found before (seconds). */
export function deadlockSince(now: bigint, lastDeadlockAt: bigint): bigint {
  const lately = now - DEADLOCK_WINDOW_SEC;
  return lastDeadlockAt > lately ? lastDeadlockAt : lately;
}
