import { type MarketWindow, type Refusal, type RefusalDetails, refusalOf } from "@ftns/model";
import { contracts, type Controller } from "@ftns/sdk/contracts.ts";
import { type Chain, type Head, blockTag } from "@ftns/chain/connect.ts";
import { type Rule, ruleOf } from "./rules.ts";

/** All that an adjustment looks at. */
export type Window = MarketWindow;

/** What comes of a window. All WAD. */
export interface Adjustment {
  target: bigint;
  velocity: bigint;
  volatility: bigint;
  damping: bigint;
  baseFactor: bigint;
  /** What the policy says, and what the controller's limits make of it. */
  policyFactor: bigint;
  factor: bigint;
  newMultiplier: bigint;
}

export type AdjustSnapshot = { head: Head } & (
  | ({ refusal: Exclude<Refusal, "NONE"> } & RefusalDetails)
  | {
      refusal: "NONE";
      /** The policy that decides, and which rule it is. */
      policy: string;
      rule: Rule;
      /** The window as we read it from the history ourselves. */
      recorded: Window;
      /** The window and the outcome as the controller says. */
      window: Window;
      adjustment: Adjustment;
    }
);

const LATEST_DAYS = 8n;
const MONTH_DAYS = 30n;

export async function readAdjust(chain: Chain, controller: Controller): Promise<AdjustSnapshot> {
  const head = await chain.latest();
  const at = { blockTag: blockTag(head) };
  const [preview, history, policy, launchDay, multiplier] = await Promise.all([
    controller.preview(at),
    controller.history(at),
    controller.policy(at),
    controller.launchDay(at),
    controller.multiplier(at),
  ]);
  if (!preview.ok) {
    const { availableAt, thinDay, coveredSec, neededSec } = preview;
    const refusal = refusalOf(preview.refusal);
    if (refusal === "NONE") throw new RangeError("the controller refuses without a reason");
    return { head, refusal, availableAt, thinDay, coveredSec, neededSec };
  }

  // The controller's word is not enough: the averages are read once more, from the history itself.
  const { day } = preview;
  const days = [day - 1n - MONTH_DAYS];
  for (let back = LATEST_DAYS; back >= 1n; back--) days.push(day - back);
  const averages = await contracts.history(history, chain.provider).dayAverages(days, at);
  const [monthBefore, ...latest] = averages.map(({ averageWad }) => averageWad);
  const { window, decision } = preview;
  return {
    head,
    refusal: "NONE",
    policy,
    rule: await ruleOf(chain, policy, head),
    recorded: {
      day,
      daysSinceLaunch: day - launchDay,
      multiplier,
      averageMonthBefore: monthBefore!,
      dailyAverages: latest,
    },
    window: {
      day: window.day,
      daysSinceLaunch: window.daysSinceLaunch,
      multiplier: window.multiplier,
      averageMonthBefore: window.averageMonthBefore,
      dailyAverages: [...window.dailyAverages],
    },
    adjustment: {
      target: decision.target,
      velocity: decision.velocity,
      volatility: decision.volatility,
      damping: decision.damping,
      baseFactor: decision.baseFactor,
      policyFactor: decision.factor,
      factor: preview.factor,
      newMultiplier: preview.newMultiplier,
    },
  };
}
