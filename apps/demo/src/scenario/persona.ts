import type { Actor } from "../chain/actor.ts";
import type { Cast } from "./cast.ts";
import type { Economy } from "./economy.ts";
import type { Stage } from "./stage.ts";

/** Somebody in the economy. Everything they do is a transaction that they sign. */
export interface Persona {
  readonly id: string;
  readonly name: string;
  /** A few words: "the idle hoarder". */
  readonly title: string;
  /** One or two sentences on what they set out to do. */
  readonly story: string;
  readonly holds: "FTNS" | "wFTNS";
  /** Wallets of theirs; empty for a contract without a key. */
  readonly wallets: readonly Actor[];
  /** The contract that holds for them, when it is not a wallet. */
  contract?(economy: Economy): string;
  /** Once, on the day of launch, before anybody acts. */
  prepare?(stage: Stage): Promise<void>;
  /** Once a day, in the afternoon. `day` counts from 0, the day of launch. */
  act?(day: number, stage: Stage): Promise<void>;
}

/** Makes a persona out of the cast. */
export type PersonaFactory = (cast: Cast, totalDays: number) => Persona;

/** Addresses whose holdings are the persona's. */
export function addressesOf(persona: Persona, economy: Economy): string[] {
  return persona.contract === undefined ? persona.wallets.map((wallet) => wallet.address) : [persona.contract(economy)];
}
