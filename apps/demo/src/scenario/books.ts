import type { JobName } from "@ftns/keeper";
import type { Series } from "../prices/series.ts";
import { exact, wadToNumber } from "../report/numbers.ts";
import { targetRate } from "../report/target.ts";
import type { DayRow } from "../report/types.ts";
import type { History } from "./history.ts";
import type { Keepers, Turn } from "./keepers.ts";
import type { Run } from "./workLog.ts";
import type { OtherRule } from "./otherRule.ts";
import type { KeeperStory } from "./keeperStory.ts";
import type { Ledger } from "./ledger.ts";
import type { Stage } from "./stage.ts";

/** After the boundary, so that even the first transaction of a day belongs to it. */
export const AFTER_BOUNDARY_SEC = 5;
/** A price record holds for three hours at most, so the keepers look this often. */
export const KEEPER_EVERY_SEC = 10_800;
export const KEEPER_LOOKS_A_DAY = 8;

export interface Books {
  readonly stage: Stage;
  readonly keepers: Keepers;
  readonly story: KeeperStory;
  readonly ledger: Ledger;
  readonly history: History;
  readonly otherRule: OtherRule;
  readonly series: Series;
  /** What the target curve asks for on each day. */
  readonly targets: readonly number[];
}

/** Lets the keepers look at `jobs`, and tells what they did. */
export async function look({ keepers, story }: Books, jobs: readonly JobName[], turn: Turn): Promise<readonly Run[]> {
  const runs = await keepers.look(jobs, turn);
  await story.tell(runs);
  return runs;
}

/** Reads and samples everything just after the boundary of `day`. */
export async function closeBooks({ stage, ledger, history, otherRule, series, targets }: Books, day: number): Promise<DayRow> {
  const { token, controller, pathPolicy, addresses, launchSupply } = stage.economy;
  // What moved since the last boundary moved at that day's share price.
  await ledger.readOn(history.shares.at(-1)?.price ?? (await history.sharePrice()));
  await history.take(day);
  const [totalSupply, multiplier, path, poolBalance, now] = await Promise.all([
    token.totalSupply(),
    controller.multiplier(),
    pathPolicy.launchPrice(),
    token.balanceOf(addresses.rewardPool),
    stage.clock.now(),
  ]);
  const adjustment = ledger.adjustments.findLast((event) => event.day === day);
  const date = series.dates[day];
  return {
    day,
    date: date ?? "made up",
    synthetic: date === undefined,
    price: Number(date === undefined ? stage.market.priceAt(now) : series.closes[day]) / 1e8,
    targetPrice: targets[day]!,
    targetRate: targetRate(day),
    multiplier: wadToNumber(multiplier),
    otherMultiplier: wadToNumber(otherRule.after(ledger.adjustments, path.price)),
    adjustment:
      adjustment === undefined
        ? null
        : {
            factor: wadToNumber(adjustment.factor),
            velocity: wadToNumber(adjustment.velocity),
            volatility: wadToNumber(adjustment.volatility),
            damping: wadToNumber(adjustment.damping),
          },
    totalSupply: exact(totalSupply),
    feesSettled: exact(ledger.feesSettled),
    minted: exact(ledger.minted - launchSupply),
    rewards: exact(ledger.rewardsFromFunds + ledger.rewardsMinted + ledger.rewardsDeferred),
    poolBalance: exact(poolBalance),
  };
}
