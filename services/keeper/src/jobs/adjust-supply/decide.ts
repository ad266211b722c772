import { type RefusalDetails, explainRefusal } from "@ftns/model";
import { formatDecimal, formatPercent } from "@ftns/sdk/units.ts";
import { type Decision, act, broken, nothing, waitUntil } from "../decision.ts";
import type { AdjustSnapshot, Adjustment, Window } from "./read.ts";
import type { Rule } from "./rules.ts";
import { recompute } from "./recompute.ts";

export interface AdjustArgs {
  /** WAD. */
  expectedFactor: bigint;
}

/** Adjusts once a day, but only when the chain's numbers are, to the last digit, those that we work out ourselves. */
export function decideAdjust(seen: AdjustSnapshot): Decision<AdjustArgs> {
  if (seen.refusal !== "NONE") return onRefusal(seen);

  const { recorded, window, adjustment, rule } = seen;
  if (rule.name === "unknown") {
    return broken(
      `the policy at ${seen.policy} is none that this keeper can work out, so nothing is sent: update the keeper. Until then anyone ` +
        `can adjust by hand with the chain's own factor ${ratio(adjustment.factor)}`,
    );
  }
  let ours: Adjustment;
  try {
    ours = recompute(recorded, rule);
  } catch (error) {
    return mismatch([`the model cannot judge the recorded window: ${(error as Error).message}`]);
  }
  const differences = [...differencesOf<Window>(window, recorded), ...differencesOf<Adjustment>(adjustment, ours)];
  if (differences.length > 0) return mismatch(differences);

  const { factor, newMultiplier } = ours;
  return act(
    { expectedFactor: factor },
    `${reasonOf(rule, ours)}: factor ${ratio(factor)}, M from ${ratio(window.multiplier)} to ${ratio(newMultiplier)}`,
  );
}

/** Why the factor is what it is, by the rule that holds. */
function reasonOf(rule: Rule, { velocity, target, baseFactor }: Adjustment): string {
  if (rule.name !== "path") return `price growth ${formatPercent(velocity)} a year against a target of ${formatPercent(target)}`;
  if (rule.launchPrice === 0n) return "the path has no launch price yet";
  const start = formatDecimal(rule.launchPrice, 18, 6);
  return `by the path from ${start} USD, M should be ${ratio(baseFactor)} times what it is`;
}

const ratio = (wad: bigint) => formatDecimal(wad, 18, 6);

type Refused = Extract<AdjustSnapshot, RefusalDetails>;

function onRefusal({ refusal, ...details }: Refused): Decision<never> {
  const reason = explainRefusal(refusal, details);
  switch (refusal) {
    case "SUSPENDED":
    case "ALREADY_ADJUSTED":
    case "TOO_EARLY":
    case "HISTORY_TOO_SHORT":
      return waitUntil(details.availableAt, reason);
    case "RECORD_STALE":
      return broken(`${reason}; check that report-price, or record-price for a foreign feed, is running and not broken`);
    case "DAY_NOT_CLOSED":
      return nothing(reason);
    case "DAY_TOO_THIN":
      return broken(`${reason}; find out why records are missing; adjustments resume when that day has left the window`);
    case "WINDOW_TOO_THIN":
      return broken(`${reason}; find out why records are missing, and keep recording`);
    case "POLICY_FAILED":
      return broken(reason);
  }
}

function differencesOf<T extends object>(chain: T, ours: T): string[] {
  return (Object.keys(ours) as (keyof T & string)[])
    .filter((field) => String(chain[field]) !== String(ours[field]))
    .map((field) => `${field}: chain ${String(chain[field])}, keeper ${String(ours[field])}`);
}

function mismatch(differences: string[]): Decision<never> {
  return broken(
    `MISMATCH, nothing is sent: the chain and the model disagree on the adjustment (${differences.join("; ")}). ` +
      "One of the two is wrong: tell governance before adjusting by hand",
  );
}
