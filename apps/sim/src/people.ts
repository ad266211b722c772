/** Who is in the economy: one account for each, that stands for `weight` people like it. */
import { CONTRIBUTORS, LAUNCH_SUPPLY, PEOPLE } from "./assumptions.ts";
import { normalQuantile } from "./random.ts";

export const WORKERS = CONTRIBUTORS.perKind * CONTRIBUTORS.kinds.length;

/** Places of everybody else behind the contributors. */
export const [HOARDER, EXCHANGE, TRADER, SPECULATOR, USER, HEAVY_USER, STAKER, MARKET_MAKER, IDLE_POWER, WASH_A, WASH_B, TREASURY] =
  Array.from({ length: 12 }, (_, i) => WORKERS + i) as [
    number, number, number, number, number, number, number, number, number, number, number, number,
  ]; // biome-ignore format: one line

export const ACCOUNTS = WORKERS + 12;

/** How the token treats an account. */
export const STANDARD = 0;
export const POOLED = 1;
export const EXEMPT = 2;

export interface Work {
  /** By ContributionKind. */
  readonly kind: number;
  readonly value: number;
  readonly quality: number;
  readonly everyDays: number;
  /** Day of the first proof. */
  readonly phase: number;
}

export interface Person {
  readonly name: string;
  readonly weight: number;
  readonly holds: number;
  readonly kind: typeof STANDARD | typeof POOLED | typeof EXEMPT;
  readonly work?: Work;
  /** Break-even income as a share of the launch income; contributors who can leave only. */
  readonly breakEven?: number;
}

/** FTNS that one person of the kind earns a day at M = 1, at the tier that its work keeps. */
export function dailyEarning(kind: (typeof CONTRIBUTORS.kinds)[number]): number {
  const multiplier = { storage: 1, compute: 1.3, data: 1.6 }[kind.name];
  return (kind.value * multiplier) / CONTRIBUTORS.proofEveryDays;
}

/** The population, for work that is paid `baseRewards` of the launch supply a day at M = 1 once all who gain by it work. */
export function populationOf(baseRewards: number): Person[] {
  const workers = Array.from({ length: WORKERS }, (_, i): Person => {
    const kindIndex = i % CONTRIBUTORS.kinds.length;
    const rank = Math.floor(i / CONTRIBUTORS.kinds.length);
    const { kind, name, value, quality, shareOfRewards } = CONTRIBUTORS.kinds[kindIndex]!;
    const perPerson = dailyEarning(CONTRIBUTORS.kinds[kindIndex]!);
    const working = CONTRIBUTORS.perKind * START_SHARE;
    const weight = Math.round((baseRewards * LAUNCH_SUPPLY * shareOfRewards) / (perPerson * working));
    const everyDays = CONTRIBUTORS.proofEveryDays;
    return {
      name: `${name} ${rank + 1}`,
      weight,
      holds: 0,
      kind: STANDARD,
      work: { kind, value, quality, everyDays, phase: i % everyDays },
      breakEven: breakEvenOf((rank + 0.5) / CONTRIBUTORS.perKind),
    };
  });
  const { idlePower, washPair } = PEOPLE;
  const cheatWork = (cheat: { proves: number; everyDays: number }, phase: number): Work => ({
    kind: 4, // documentation, as its value can be any
    value: cheat.proves,
    quality: 1,
    everyDays: cheat.everyDays,
    phase,
  });
  const others: Person[] = [
    plain("hoarder", PEOPLE.hoarder),
    plain("exchange", PEOPLE.exchange),
    plain("trader", PEOPLE.trader),
    plain("speculator", PEOPLE.speculator),
    plain("user", PEOPLE.user),
    plain("heavy user", PEOPLE.heavyUser),
    plain("staker", PEOPLE.staker),
    { ...plain("market maker", PEOPLE.marketMaker), kind: POOLED },
    { ...plain("idle POWER (cheat)", idlePower), work: cheatWork(idlePower, 0) },
    { ...plain("washing pair, first (cheat)", washPair), work: cheatWork(washPair, 1) },
    { ...plain("washing pair, second (cheat)", washPair), work: cheatWork(washPair, 22) },
  ];
  const staked = PEOPLE.staker.weight * PEOPLE.staker.stakes;
  const held = others.reduce((sum, { weight, holds }) => sum + weight * holds, 0);
  const treasury: Person = { name: "treasury", weight: 1, holds: LAUNCH_SUPPLY - held - staked, kind: EXEMPT };
  return [...workers, ...others, treasury];
}

const plain = (name: string, { weight, holds }: { weight: number; holds: number }): Person => ({
  name,
  weight,
  holds,
  kind: STANDARD,
});

function breakEvenOf(quantile: number): number {
  return CONTRIBUTORS.breakEvenMedian * Math.exp(CONTRIBUTORS.breakEvenSigma * normalQuantile(quantile));
}

/** Share of contributors for whom the launch income pays. */
const START_SHARE =
  Array.from({ length: CONTRIBUTORS.perKind }, (_, rank) => breakEvenOf((rank + 0.5) / CONTRIBUTORS.perKind)).filter((b) => b < 1)
    .length / CONTRIBUTORS.perKind;
