// Random standings, terms and paths of M, as they could come to be, and beyond.
import { NO_STANDING, standingOf, type StakerStanding } from "@ftns/model";
import type { Random } from "../helpers/random.ts";
import { FULL_COVER, WAD, wad, type Told } from "./fixture.ts";

/** Tiers that end within `days`, commitments of the last weeks, some of them over already or never held, and any cover. */
export function randomTold(random: Random, today: number, days: number, staked = 10n ** 27n): Told {
  const day = () => (random.chance(0.2) ? 0 : today + random.int(-2, days));
  const [powerThrough, activeThrough, basicThrough] = [day(), day(), day()].sort((a, b) => a - b) as [number, number, number];
  return {
    schedule: { basicThrough, activeThrough, powerThrough },
    commitmentDays: NO_STANDING.commitmentThrough.map(() => (random.chance(0.2) ? 0 : today - random.int(0, 30))),
    cover: random.pick([0n, FULL_COVER, 2n * staked, random.bigint(0n, staked), random.magnitude(1n, 10n ** 27n)]),
  };
}

export const keptAt = ({ schedule, commitmentDays, cover }: Told, today: number): StakerStanding =>
  standingOf(schedule, commitmentDays, cover, today);

export function randomTerms(random: Random) {
  const basisPoints = (max: number) => BigInt(random.int(0, max)) * wad("0.0001");
  const multipliers = [0, 1, 2, 3].map(() => BigInt(random.int(0, 300))).sort((a, b) => (a < b ? -1 : 1));
  return {
    baseRate: basisPoints(2_000),
    commitmentRate: basisPoints(500),
    maxRate: wad("0.01") + basisPoints(4_900),
    tierMultiplier: multipliers.map((hundredths) => hundredths * wad("0.01")) as [bigint, bigint, bigint, bigint],
  };
}

/** `M` as the controller moves it, or anything within its bounds. */
export function nextM(random: Random, M: bigint): bigint {
  if (random.chance(0.3)) return random.magnitude(WAD / 10n, 10n * WAD);
  const moved = (M * random.bigint(9n, 11n)) / 10n;
  return moved < WAD / 10n ? WAD / 10n : moved > 10n * WAD ? 10n * WAD : moved;
}
