import {
  PRICE_TO_WAD,
  type Finding,
  type Trigger,
  governanceDeadlock,
  isFresh,
  isMeanKnown,
  liquidityCrisis,
  networkAttack,
  priceCrash,
} from "@ftns/model";
import type { Read, WatchSnapshot } from "./read.ts";

/** What the model makes of the sources: the breaker's word, to the last digit, or one of them is wrong. */
export function recompute(trigger: Trigger, seen: WatchSnapshot): Read<Finding> {
  if (trigger === "GOVERNANCE_DEADLOCK") {
    if ("failure" in seen.lastVotes) return seen.lastVotes;
    return { value: governanceDeadlock(seen.lastVotes.value.last, seen.lastVotes.value.since) };
  }
  if ("failure" in seen.market) return seen.market;
  const market = seen.market.value;
  const fresh = market.answers && isFresh(market, seen.head.timestamp);
  if (trigger === "LIQUIDITY_CRISIS") {
    if ("failure" in seen.startedAt) return seen.startedAt;
    return { value: liquidityCrisis(market, isMeanKnown(seen.startedAt.value, seen.head.timestamp), fresh) };
  }
  if (trigger === "NETWORK_ATTACK") return { value: networkAttack(market, fresh) };
  if ("failure" in seen.hours) return seen.hours;
  const { latest, dayBefore, knownUntil } = seen.hours.value;
  const known = fresh && isFresh({ observedAt: knownUntil }, seen.head.timestamp);
  return { value: priceCrash(latest, dayBefore, market.price * PRICE_TO_WAD, known, market.confidence) };
}
