import type { Cast } from "../cast.ts";
import type { Persona } from "../persona.ts";
import { ammPool } from "./ammPool.ts";
import { idleHoarder } from "./idleHoarder.ts";
import { lapsedContributor } from "./lapsedContributor.ts";
import { newcomer } from "./newcomer.ts";
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
    washPair,
    wrappedHolder,
    ammPool,
  ].map((create) => create(cast, totalDays));
}
