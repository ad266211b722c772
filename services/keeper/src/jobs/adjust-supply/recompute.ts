import { clampFactor, multiplied } from "@ftns/model";
import type { Adjustment, Window } from "./read.ts";
import { decisionOf, type Rule } from "./rules.ts";

/** The adjustment that follows from a window by the rule that holds: the chain's result, to the last digit, or one of them is wrong. */
export function recompute(window: Window, rule: Exclude<Rule, { name: "unknown" }>): Adjustment {
  const { factor: policyFactor, ...decision } = decisionOf(rule, window);
  const factor = clampFactor(policyFactor);
  return { ...decision, policyFactor, factor, newMultiplier: multiplied(window.multiplier, factor) };
}
