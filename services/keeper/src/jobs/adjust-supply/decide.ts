import { type RefusalDetails, explainRefusal } from "@ftns/model";
import { formatDecimal, formatPercent } from "@ftns/sdk/units.ts";
import { type Decision, act, broken, nothing, waitUntil } from "../decision.ts";
import type { AdjustSnapshot, Adjustment, Window } from "./read.ts";
import { recompute } from "./recompute.ts";

export interface AdjustArgs {
  /** WAD. */
  expectedFactor: bigint;
}

/** Adjusts once a day, but only when the chain's numbers are, to the last digit, those that we work out ourselves. */
export function decideAdjust(seen: AdjustSnapshot): Decision<AdjustArgs> {
  if (seen.refusal !== "NONE") return onRefusal(seen);

  const { recorded, window, adjustment } = seen;
  let ours: Adjustment;
  try {
    ours = recompute(recorded);
  } catch (error) {
    return mismatch([`the model cannot judge the recorded window: ${(error as Error).message}`]);
  }
  const differences = [...differencesOf<Window>(window, recorded), ...differencesOf<Adjustment>(adjustment, ours)];
  if (differences.length > 0) return mismatch(differences);

  const { velocity, target, factor, newMultiplier } = ours;
  return act(
    { expectedFactor: factor },
    `price growth ${formatPercent(velocity)} a year against a target of ${formatPercent(target)}: ` +
      `factor ${ratio(factor)}, M from ${ratio(window.multiplier)} to ${ratio(newMultiplier)}`,
  );
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
      "Either the policy was replaced and the keeper needs an update, or one of the two is wrong: tell governance before adjusting by hand",
  );
}
