import { clampFactor, multiplied, roadmapPolicy } from "@ftns/model";
import type { Adjustment, Window } from "./read.ts";

/** The adjustment that follows from a window by the model: the chain's result, to the last digit, or one of them is wrong. */
export function recompute(window: Window): Adjustment {
  const { factor: policyFactor, ...decision } = roadmapPolicy(window);
  const factor = clampFactor(policyFactor);
  return { ...decision, policyFactor, factor, newMultiplier: multiplied(window.multiplier, factor) };
}
