// When an emergency motion passes, as EmergencyGovernor counts.

const WAD = 10n ** 18n;
/** Below this, shares are of this (FTNS, 18 decimals). */
export const VOTING_SUPPLY_FLOOR = 1_000_000n * WAD;

export interface Ballot {
  weight: bigint;
  side: "for" | "against" | "abstain";
  /** Of tier BASIC or higher. */
  contributor: boolean;
}

export interface MotionTerms {
  /** Staked when the motion was made. */
  staked: bigint;
  /** WAD. */
  supportShare: bigint;
  minSupporters: number;
}

export interface Tally {
  needed: bigint;
  support: bigint;
  opposition: bigint;
  supporters: number;
  /** Number of the ballot that made it pass, from 0. */
  passedAt: number | undefined;
}

/** Counts `ballots` in order, up to the one that makes the motion pass: later ones are not taken. */
export function tally(terms: MotionTerms, ballots: readonly Ballot[]): Tally {
  const supply = terms.staked > VOTING_SUPPLY_FLOOR ? terms.staked : VOTING_SUPPLY_FLOOR;
  const needed = (supply * terms.supportShare + WAD - 1n) / WAD;
  const result: Tally = { needed, support: 0n, opposition: 0n, supporters: 0, passedAt: undefined };
  for (const [index, { weight, side, contributor }] of ballots.entries()) {
    if (side === "against") result.opposition += weight;
    if (side === "for" && weight > 0n) {
      result.support += weight < needed / 2n ? weight : needed / 2n;
      if (contributor) result.supporters++;
    }
    const enough = result.support >= needed && result.support > result.opposition;
    if (enough && result.supporters >= terms.minSupporters) {
      result.passedAt = index;
      return result;
    }
  }
  return result;
}
