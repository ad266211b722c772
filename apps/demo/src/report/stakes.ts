import { amount, percent } from "./numbers.ts";
import type { StakeReport, TierName } from "./types.ts";

const COMMITMENTS = 5;

function formula({ rate }: StakeReport, tier: TierName): string {
  const commitments =
    rate.commitments === 0 ? "" : ` + ${rate.commitments} of ${COMMITMENTS} commitments × ${percent(rate.perCommitment, 0)}`;
  const base = rate.commitments === 0 ? percent(rate.base, 0) : `(${percent(rate.base, 0)}${commitments})`;
  const named = tier === "NONE" ? "without a tier" : `for tier ${tier}`;
  const uncapped = (rate.base + rate.commitments * rate.perCommitment) * rate.tierMultiplier * rate.multiplier;
  const cap = uncapped > rate.max ? `, cut off at ${percent(rate.max, 0)}` : `, below the cap of ${percent(rate.max, 0)}`;
  return `The rate at the end: ${base} × ${rate.tierMultiplier} ${named} × M of ${rate.multiplier.toFixed(3)} = ${percent(rate.total)} a year${cap}.`;
}

function source({ claims, fromFees, minted, recycled }: StakeReport): string {
  if (claims === 0) return "Nothing was claimed so far.";
  const paid = Number(fromFees) + Number(minted) + Number(recycled);
  const times = `${claims} claim${claims === 1 ? "" : "s"} paid ${amount(paid)} FTNS`;
  if (Number(fromFees) + Number(minted) === 0)
    return `${times}, all of it out of the pool's fees: without a tier nothing is ever minted.`;
  return `${times}: ${amount(Number(fromFees) + Number(recycled))} out of the pool's fees, ${amount(minted)} newly minted.`;
}

/** Why a stake earned what it earned. */
export function explainStake(stake: StakeReport, tier: TierName): string[] {
  const { staked, pending, waiting, waitingRecycled } = stake;
  const leaving = Number(pending) === 0 ? "" : `, with ${amount(pending, 0)} more on the way out`;
  return [
    `${amount(staked, 0)} FTNS are staked${leaving}: they pay no demurrage, and they vote.`,
    formula(stake, tier),
    `${source(stake)} ${amount(Number(waiting) + Number(waitingRecycled))} FTNS wait to be claimed.`,
  ];
}
