import { startOf } from "../chain/clock.ts";
import type { DayRow } from "../report/types.ts";
import { AFTER_BOUNDARY_SEC, closeBooks, KEEPER_EVERY_SEC, KEEPER_LOOKS_A_DAY, look, type Books } from "./books.ts";
import type { OrdinaryVote } from "./ordinaryVote.ts";
import type { Persona } from "./persona.ts";

/** Personas act after this look of the day: 14:00 UTC. */
const ACT_AT_LOOK = 4;
/** Once a month somebody settles the largest debtors, so that their demurrage reaches the pool. Anyone may. */
const SETTLE_EVERY_DAYS = 30;

export interface ReplayParts extends Books {
  readonly personas: readonly Persona[];
  readonly vote: OrdinaryVote;
}

/** Lives through the days of the series. Yields a row for the launch and for each day boundary after it. */
export async function* replay(parts: ReplayParts): AsyncGenerator<DayRow> {
  const { stage, personas, keeper } = parts;
  const { clock, economy, totalDays } = stage;
  for (const persona of personas) await persona.prepare?.(stage);
  await look(keeper);
  yield await closeBooks(parts, 0);

  for (let day = 0; day < totalDays; day++) {
    const start = startOf(economy.launchDay + day) + AFTER_BOUNDARY_SEC;
    for (let turn = 0; turn < KEEPER_LOOKS_A_DAY; turn++) {
      // The first look of a day was made when the day before was closed.
      if (turn > 0) {
        await clock.advanceTo(start + turn * KEEPER_EVERY_SEC);
        await look(keeper, ["report-price", "record-price"]);
      }
      if (turn === ACT_AT_LOOK) await act(parts, day);
    }
    await clock.advanceTo(start + KEEPER_LOOKS_A_DAY * KEEPER_EVERY_SEC);
    await look(keeper);
    yield await closeBooks(parts, day + 1);
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
