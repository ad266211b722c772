/** RewardVesting.sol: when rewards vest, and what a challenge brings whom. Times are seconds without those in which transfers were restricted. */
import { DAY_SEC } from "../time.ts";
import { PRESENTER_DIVISOR } from "./verifierStakes.ts";

export const VESTING_SEC = 3n * DAY_SEC;
export const DECISION_SEC = 21n * DAY_SEC;
const WAD = 10n ** 18n;

/**
 * When a reward counted at `countedAt` vests, whose signers were slashed or removed at the times given. Played in the order of time: each signer's
 * first strike while it has not vested puts it off.
 */
export function vestsAt(countedAt: bigint, strikesBySigner: readonly (readonly bigint[])[]): bigint {
  const firsts = strikesBySigner.flatMap((times) => times.filter((time) => time >= countedAt).slice(0, 1));
  let time = countedAt + VESTING_SEC;
  for (const strike of firsts.sort((a, b) => (a < b ? -1 : 1))) if (strike < time) time = strike + VESTING_SEC;
  return time;
}

/** What is slashed of a lock, and how it is shared. */
export function punished(locked: bigint, share: bigint): { slashed: bigint; toChallenger: bigint; toPool: bigint } {
  const slashed = (locked * share) / WAD;
  const toChallenger = slashed / PRESENTER_DIVISOR;
  return { slashed, toChallenger, toPool: slashed - toChallenger };
}

/** The bond of a wrong challenger of a proof. */
export const forfeited = (bond: bigint) => ({ toContributor: bond / 2n, toPool: bond - bond / 2n });
