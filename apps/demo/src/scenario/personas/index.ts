import type { Cast } from "../cast.ts";
import type { Persona } from "../persona.ts";
import { ammPool } from "./ammPool.ts";
import { committedStaker } from "./committedStaker.ts";
import { idleHoarder } from "./idleHoarder.ts";
import { lapsedContributor } from "./lapsedContributor.ts";
import { neighbours } from "./neighbours.ts";
import { newcomer } from "./newcomer.ts";
import { passiveStaker } from "./passiveStaker.ts";
import { powerContributor } from "./powerContributor.ts";
import { steadyTrader } from "./steadyTrader.ts";
import { washPair } from "./washPair.ts";
import { wrappedHolder } from "./wrappedHolder.ts";

/** Everyone the report tells about, in the order of the table and of each day. */
export function createPersonas(cast: Cast, totalDays: number): Persona[] {
  return [
    powerContributor,
    steadyTrader,
    idleHoarder,
    newcomer,
    lapsedContributor,
    committedStaker,
    passiveStaker,
    neighbours,
    washPair,
    wrappedHolder,
    ammPool,
  ].map((create) => create(cast, totalDays));
}
