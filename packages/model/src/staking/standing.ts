/** Standing.sol: the last days of a staker's tiers and commitments, and how much of its stake they are about. */
import { NEVER, tierOnDay, type TierDays, type TierNumber } from "../contributors/tiers.ts";

/** In the order in which the registry tells of them and the vault shows them. */
export const COMMITMENTS = ["storage", "compute", "governance", "dataCuration", "community"] as const;

/** A commitment lasts through the 30th day, counted from that of the proof. */
export const COMMITMENT_DAYS = 30;

/** What the words can hold. */
const MOST_TIER_DAYS_LEFT = 127;
const MOST_COMMITMENT_DAYS_LEFT = 31;
const COVER_UNIT_BITS = 30n;
const MOST_COVER_UNITS = (1n << 60n) - 1n;

export interface StakerStanding {
  schedule: TierDays;
  /** Last day of each commitment, in the order of COMMITMENTS; 0 = does not hold. */
  commitmentThrough: readonly number[];
  /** wei, a multiple of 2^30 */
  cover: bigint;
}

export const NO_STANDING: StakerStanding = { schedule: NEVER, commitmentThrough: [0, 0, 0, 0, 0], cover: 0n };

/**
 * What the vault keeps of what it is told on day `today`.
 * @param commitmentDays day of the latest proof for each commitment; 0 = never
 */
export function standingOf(schedule: TierDays, commitmentDays: readonly number[], cover: bigint, today: number): StakerStanding {
  const kept = (through: number, mostLeft: number) => (through < today ? 0 : Math.min(through, today + mostLeft - 1));
  const units = cover >> COVER_UNIT_BITS;
  return {
    schedule: {
      basicThrough: kept(schedule.basicThrough, MOST_TIER_DAYS_LEFT),
      activeThrough: kept(schedule.activeThrough, MOST_TIER_DAYS_LEFT),
      powerThrough: kept(schedule.powerThrough, MOST_TIER_DAYS_LEFT),
    },
    commitmentThrough: commitmentDays.map((last) =>
      last === 0 ? 0 : kept(last + COMMITMENT_DAYS - 1, MOST_COMMITMENT_DAYS_LEFT),
    ),
    cover: (units < MOST_COVER_UNITS ? units : MOST_COVER_UNITS) << COVER_UNIT_BITS,
  };
}

export function tierAndCommitments(standing: StakerStanding, day: number): { tier: TierNumber; commitments: number } {
  const { schedule, commitmentThrough } = standing;
  return { tier: tierOnDay(schedule, day), commitments: commitmentThrough.filter((through) => through >= day).length };
}

/** Days after which a tier or commitment no longer holds. */
export function lastDaysOf({ schedule, commitmentThrough }: StakerStanding): number[] {
  return [schedule.basicThrough, schedule.activeThrough, schedule.powerThrough, ...commitmentThrough];
}

/** Whether nothing holds. */
export const isNothing = (standing: StakerStanding): boolean => lastDaysOf(standing).every((through) => through === 0);

/** The same as the vault shows them on day `today`: those over are 0. */
export function shownDaysOf(standing: StakerStanding, today: number): number[] {
  return lastDaysOf(standing).map((through) => (through < today ? 0 : through));
}
