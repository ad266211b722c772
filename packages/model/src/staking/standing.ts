/** Standing.sol: the last days of a staker's tiers and commitments. */
import { NEVER, tierOnDay, type TierDays, type TierNumber } from "../contributors/tiers.ts";

/** By commitment: the kinds of contribution (by ContributionKind) that keep it up. */
export const COMMITMENTS = {
  storage: [0],
  compute: [1],
  governance: [3],
  dataCuration: [2, 5],
  community: [4, 6, 7],
} as const;

/** A commitment lasts through the 30th day, counted from that of the proof. */
export const COMMITMENT_DAYS = 30;

export interface StakerStanding {
  schedule: TierDays;
  /** Last day of each commitment, in the order of COMMITMENTS; 0 = never. */
  commitmentThrough: readonly number[];
}

export const NO_STANDING: StakerStanding = { schedule: NEVER, commitmentThrough: [0, 0, 0, 0, 0] };

/** @param lastDays day of the latest proof by kind; 0 = never */
export function standingOf(schedule: TierDays, lastDays: readonly number[]): StakerStanding {
  const through = (kinds: readonly number[]) => {
    const last = Math.max(...kinds.map((kind) => lastDays[kind] ?? 0));
    return last === 0 ? 0 : last + COMMITMENT_DAYS - 1;
  };
  return { schedule, commitmentThrough: Object.values(COMMITMENTS).map(through) };
}

export function tierAndCommitments(standing: StakerStanding, day: number): { tier: TierNumber; commitments: number } {
  const { schedule, commitmentThrough } = standing;
  return { tier: tierOnDay(schedule, day), commitments: commitmentThrough.filter((through) => through >= day).length };
}

/** Days after which a tier or commitment no longer holds. */
export function lastDaysOf({ schedule, commitmentThrough }: StakerStanding): number[] {
  return [schedule.basicThrough, schedule.activeThrough, schedule.powerThrough, ...commitmentThrough];
}
