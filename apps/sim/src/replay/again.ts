/** One run, lived through in doubles and in the model side by side. */
import { WORLDS } from "../assumptions.ts";
import { Economy } from "../economy.ts";
import { populationOf } from "../people.ts";
import { ruleOf } from "../rules.ts";
import { shocksOf } from "../shocks.ts";
import { type Deviations, ModelReplay } from "./model.ts";
import { nameOfRun, type Run } from "./sample.ts";

/** Throws where the two differ, with the run's name. */
export function liveAgain(run: Run): Deviations {
  const world = WORLDS[run.world]!;
  const people = populationOf(world.baseRewards);
  const rule = ruleOf(run.rule);
  const replay = new ModelReplay(people, rule);
  try {
    new Economy(world, people, rule, shocksOf(run.regime, run.seed, run.volatility), replay).run();
    replay.end();
  } catch (error) {
    throw new Error(`${nameOfRun(run)}: ${(error as Error).message}`, { cause: error });
  }
  return replay.worst;
}
