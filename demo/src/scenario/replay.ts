import type { JobName, Keeper } from "../../../keeper/src/index.ts";
import { startOf } from "../chain/clock.ts";
import type { Series } from "../prices/series.ts";
import { exact, wadToNumber } from "../report/numbers.ts";
import { targetPath, targetRate } from "../report/target.ts";
import type { DayRow } from "../report/types.ts";
import type { History } from "./history.ts";
import type { Ledger } from "./ledger.ts";
import type { Persona } from "./persona.ts";
import type { Stage } from "./stage.ts";

/** A price record holds for three hours at most, so the keeper looks this often. */
const KEEPER_EVERY_SEC = 10_800;
const KEEPER_LOOKS_A_DAY = 8;
/** Personas act after this look of the day: 14:00 UTC. */
const ACT_AT_LOOK = 4;
/** After the boundary, so that even the first transaction of a day belongs to it. */
const AFTER_BOUNDARY_SEC = 5;
/** Once a month somebody settles the largest debtors, so that their demurrage reaches the pool. Anyone may. */
const SETTLE_EVERY_DAYS = 30;

export interface ReplayParts {
  readonly stage: Stage;
  readonly keeper: Keeper;
  readonly personas: readonly Persona[];
  readonly ledger: Ledger;
  readonly history: History;
  readonly series: Series;
}

/** Lives through the days of the series. Yields a row for the launch and for each day boundary after it. */
export async function* replay(parts: ReplayParts): AsyncGenerator<DayRow> {
  const { stage, personas, series } = parts;
  const { clock, economy, totalDays } = stage;
  for (const persona of personas) await persona.prepare?.(stage);
  await look(parts.keeper);
  const targets = targetPath(Number(series.closes[0]) / 1e8, totalDays);
  yield await closeBooks(parts, 0, targets[0]!);

  for (let day = 0; day < totalDays; day++) {
    const start = startOf(economy.launchDay + day) + AFTER_BOUNDARY_SEC;
    for (let turn = 0; turn < KEEPER_LOOKS_A_DAY; turn++) {
      // The first look of a day was made when the day before was closed.
      if (turn > 0) {
        await clock.advanceTo(start + turn * KEEPER_EVERY_SEC);
        await look(parts.keeper, ["report-price", "record-price"]);
      }
      if (turn === ACT_AT_LOOK) await act(parts, day);
    }
    await clock.advanceTo(start + KEEPER_LOOKS_A_DAY * KEEPER_EVERY_SEC);
    await look(parts.keeper);
    yield await closeBooks(parts, day + 1, targets[day + 1]!);
  }
}

async function act({ stage, personas }: ReplayParts, day: number): Promise<void> {
  for (const persona of personas) await persona.act?.(day, stage);
  if (day % SETTLE_EVERY_DAYS === SETTLE_EVERY_DAYS - 1) {
    const { token, addresses } = stage.economy;
    for (const debtor of [stage.cast.treasury.address, addresses.wrapped]) {
      await stage.cast.admin.send(token.settle.populateTransaction(debtor));
    }
  }
}

/** One look of the keeper; whatever it cannot do is an error here, since nobody else disturbs this chain. */
async function look(keeper: Keeper, jobs?: readonly JobName[]): Promise<void> {
  for (const { job, outcome, reason } of await keeper.runOnce(jobs)) {
    if (outcome === "broken") throw new Error(`The keeper's job ${job} is broken: ${reason}`);
  }
}

async function closeBooks({ stage, ledger, history, series }: ReplayParts, day: number, targetPrice: number): Promise<DayRow> {
  const { token, controller, addresses, launchSupply } = stage.economy;
  // What moved since the last boundary moved at that day's share price.
  await ledger.readOn(history.shares.at(-1)?.price ?? (await history.sharePrice()));
  await history.take(day);
  const [totalSupply, multiplier, poolBalance] = await Promise.all([
    token.totalSupply(),
    controller.multiplier(),
    token.balanceOf(addresses.rewardPool),
  ]);
  const adjustment = ledger.adjustments.findLast((event) => event.day === day);
  return {
    day,
    date: series.dates[day]!,
    price: Number(series.closes[day]) / 1e8,
    targetPrice,
    targetRate: targetRate(day),
    multiplier: wadToNumber(multiplier),
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
