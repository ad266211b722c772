import type { JsonRpcProvider } from "ethers";
import { Actor } from "../chain/actor.ts";

/** Everyone with a key, by place among the published test accounts. */
export const PLACES = {
  admin: 0,
  treasury: 1,
  keepers: [2, 28],
  verifiers: [3, 4, 5],
  reporters: [6, 7, 8, 9, 10],
  pia: 11,
  tomas: 12,
  hana: 13,
  nils: 14,
  lena: 15,
  wanda: 16,
  walt: 17,
  wim: 18,
  mika: 19,
  ana: 20,
  ben: 21,
  stella: 22,
  paul: 23,
  neighbours: [24, 25, 26, 27],
  nora: 29,
} as const;

export interface Cast {
  readonly admin: Actor;
  /** Holds what nobody has been given yet. */
  readonly treasury: Actor;
  /** Twins on the same jobs. */
  readonly keepers: readonly Actor[];
  readonly verifiers: readonly Actor[];
  readonly reporters: readonly Actor[];
  readonly pia: Actor;
  readonly tomas: Actor;
  readonly hana: Actor;
  readonly nils: Actor;
  readonly lena: Actor;
  readonly wanda: Actor;
  readonly walt: Actor;
  readonly wim: Actor;
  /** Keeps the pool's price near the market's. */
  readonly mika: Actor;
  /** Contributors, whom Tomás trades with. */
  readonly ana: Actor;
  readonly ben: Actor;
  readonly stella: Actor;
  readonly paul: Actor;
  /** Small contributors who stake and vote. */
  readonly neighbours: readonly Actor[];
  /** Writes, after the replay: her evidence goes through verifiers that really run. */
  readonly nora: Actor;
}

const KEEPERS = ["Keeper One", "Keeper Two"];
const NEIGHBOURS = ["Vera", "Vito", "Viola", "Veit"];

export function createCast(provider: JsonRpcProvider, chainId: number): Cast {
  const actor = (name: string, index: number) => new Actor(name, index, provider, chainId);
  return {
    admin: actor("Admin", PLACES.admin),
    treasury: actor("Treasury", PLACES.treasury),
    keepers: PLACES.keepers.map((index, i) => actor(KEEPERS[i]!, index)),
    verifiers: PLACES.verifiers.map((index, i) => actor(`Verifier ${i + 1}`, index)),
    reporters: PLACES.reporters.map((index, i) => actor(`Reporter ${i + 1}`, index)),
    pia: actor("Pia", PLACES.pia),
    tomas: actor("Tomás", PLACES.tomas),
    hana: actor("Hana", PLACES.hana),
    nils: actor("Nils", PLACES.nils),
    lena: actor("Lena", PLACES.lena),
    wanda: actor("Wanda", PLACES.wanda),
    walt: actor("Walt", PLACES.walt),
    wim: actor("Wim", PLACES.wim),
    mika: actor("Mika", PLACES.mika),
    ana: actor("Ana", PLACES.ana),
    ben: actor("Ben", PLACES.ben),
    stella: actor("Stella", PLACES.stella),
    paul: actor("Paul", PLACES.paul),
    nora: actor("Nora", PLACES.nora),
    neighbours: PLACES.neighbours.map((index, i) => actor(NEIGHBOURS[i]!, index)),
  };
}
