// What a play is, and how one of many transactions is played.
import { expect } from "chai";
import type { ChainWorld } from "../chainWorld.ts";
import { ModelWorld } from "../modelWorld.ts";
import { TIER_DAYS, type World, YEAR_DAYS } from "../world.ts";

/** What a year brought (wei). */
export interface Outcome {
  /** Lost to demurrage. */
  fee: bigint;
  /** Verified value times quality that it took. */
  work: bigint;
  /** Demurrage on the way out of the vault. */
  leaving?: bigint;
  /** Yield that it was paid. */
  brings?: bigint;
  /** Yield that the same stake was paid without the cheat. */
  without?: bigint;
  /** Mean holding, where it is not the hoard. */
  holds?: bigint;
  /** Gas of all transactions that the cheat needs beside proofs. */
  gas?: bigint;
  /** What else was measured, in a sentence. */
  note?: string;
}

export interface Play {
  name: string;
  group: "cheat" | "honest";
  /** Whether the coins can be had within a day, at any time (all but what is locked in a stake). */
  liquid: boolean;
  /** One plain sentence. */
  how: string;
  /** One plain sentence: what stops it, or why it is left open. */
  stops: string;
  /** Its price is gas; in FTNS it costs nothing. */
  pricedInGas?: true;
  /** Played in the model for the whole year, and in both worlds for so many days; else on the contracts alone. */
  comparedDays?: number;
  /** The row of the README's table of who shelters that speaks of it. */
  shelter?: string;
  run(chain: ChainWorld): Promise<Outcome>;
}

export type Script = (world: World, days: number) => Promise<Outcome>;

/** Acts on each of `days` days, and ends on the day after the last. */
export async function live(world: World, days: number, act: (day: number) => Promise<void>): Promise<void> {
  for (let day = 0; day < days; day++) {
    await act(day);
    await world.pass(1);
  }
}

/** Acts on the first day and on every `period`th, and ends on day `days`. */
export async function every(world: World, period: number, days: number, act: (day: number) => Promise<void>): Promise<void> {
  for (let day = 0; day < days; day += period) {
    await act(day);
    await world.pass(Math.min(period, days - day));
  }
}

export const isProofDay = (day: number): boolean => day % TIER_DAYS === 0;

/**
 * Plays `script` for `days` days on the contracts and in the model, which must then hold the same of every account, wei for wei; and
 * for a year in the model, whose outcome counts.
 */
export async function inModel(chain: ChainWorld, days: number, script: Script): Promise<Outcome> {
  const model = new ModelWorld();
  await script(chain, days);
  await script(model, days);
  expect(model.accounts()).to.deep.equal(chain.accounts());
  for (const who of chain.accounts()) expect(await model.holding(who), who).to.deep.equal(await chain.holding(who));
  expect(model.work).to.equal(chain.work);
  return script(new ModelWorld(), YEAR_DAYS);
}

/** A play that is `script`, in the model for a year and in both worlds for `comparedDays`. */
export function modelled(play: Omit<Play, "run" | "comparedDays">, comparedDays: number, script: Script): Play {
  return { ...play, comparedDays, run: (chain) => inModel(chain, comparedDays, script) };
}
