import { type Finding, type Trigger, governanceDeadlock, isFresh, liquidityCrisis, networkAttack, priceCrash } from "@ftns/model";
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
  if (trigger === "LIQUIDITY_CRISIS") return { value: liquidityCrisis(market, fresh) };
  if (trigger === "NETWORK_ATTACK") return { value: networkAttack(market, fresh) };
  if ("failure" in seen.hours) return seen.hours;
  return { value: priceCrash(seen.hours.value.latest, seen.hours.value.dayBefore, fresh, market.confidence) };
}
