import type { JobName } from "@ftns/keeper";
import { startOf } from "../chain/clock.ts";
import type { DayRow } from "../report/types.ts";
import { AFTER_BOUNDARY_SEC, closeBooks, KEEPER_EVERY_SEC, KEEPER_LOOKS_A_DAY, look, type Books } from "./books.ts";
import { DAILY_JOBS, PRICE_JOBS, WATCH_JOBS } from "./keepers.ts";
import type { Run } from "./workLog.ts";
import type { OrdinaryVote } from "./ordinaryVote.ts";
import type { Persona } from "./persona.ts";

/** Personas act after this look of the day: 14:00 UTC. */
const ACT_AT_LOOK = 4;
/** Once a month somebody settles the largest debtors, so that their demurrage reaches the pool. Anyone may. */
const SETTLE_EVERY_DAYS = 30;

/** Days at the end on which the keepers are paid. A paid transaction is simulated several times, which takes its time. */
const PAID_DAYS = 3;

export interface ReplayParts extends Books {
  readonly personas: readonly Persona[];
  readonly vote: OrdinaryVote;
}

/** Lives through the days of the series. Yields a row for the launch and for each day boundary after it. */
export async function* replay(parts: ReplayParts): AsyncGenerator<DayRow> {
  const { stage, personas, vote } = parts;
  const { clock, economy, totalDays } = stage;
  for (const persona of personas) await persona.prepare?.(stage);
  const adjustment = new Adjustment();
  adjustment.seen(await look(parts, DAILY_JOBS, "both"));
  yield await closeBooks(parts, 0);

  for (let day = 0; day < totalDays; day++) {
    const start = startOf(economy.launchDay + day) + AFTER_BOUNDARY_SEC;
    if (day === totalDays - PAID_DAYS) {
      await parts.keepers.restartPaid();
      await parts.story.restarted();
    }
    for (let turn = 0; turn < KEEPER_LOOKS_A_DAY; turn++) {
      // The first look of a day was made when the day before was closed.
      if (turn > 0) {
        await clock.advanceTo(start + turn * KEEPER_EVERY_SEC);
        adjustment.seen(await look(parts, [...PRICE_JOBS, ...adjustment.dueAt(await clock.now())], "one"));
      }
      if (turn === ACT_AT_LOOK) {
        await act(parts, day);
        await look(parts, WATCH_JOBS, "one");
      } else if (vote.underway) await look(parts, ["run-governance"], "one");
      await vote.follow();
    }
    await clock.advanceTo(start + KEEPER_LOOKS_A_DAY * KEEPER_EVERY_SEC);
    adjustment.seen(await look(parts, DAILY_JOBS, "both"));
    yield await closeBooks(parts, day + 1);
  }
}

/** Once a day is enough, but what an emergency holds up is done as soon as it is over. */
class Adjustment {
  #waitsUntil: bigint | undefined;

  seen(runs: readonly Run[]): void {
    for (const { job, outcome, until } of runs) {
      if (job === "adjust-supply") this.#waitsUntil = outcome === "waiting" ? until : undefined;
    }
  }

  dueAt(now: number): JobName[] {
    return this.#waitsUntil !== undefined && BigInt(now) >= this.#waitsUntil ? ["adjust-supply"] : [];
  }
}

async function act({ stage, personas, vote }: ReplayParts, day: number): Promise<void> {
  for (const persona of personas) await persona.act?.(day, stage);
  await vote.act(day);
  if (day % SETTLE_EVERY_DAYS === SETTLE_EVERY_DAYS - 1) {
    const { token, addresses } = stage.economy;
    for (const debtor of [stage.cast.treasury.address, addresses.wrapped]) {
      await stage.cast.admin.send(token.settle.populateTransaction(debtor));
    }
  }
}
