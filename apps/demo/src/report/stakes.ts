import { amount, percent } from "./numbers.ts";
import type { StakeReport, TierName } from "./types.ts";

const COMMITMENTS = 5;

function formula({ rate }: StakeReport, tier: TierName): string {
  const commitments =
    rate.commitments === 0 ? "" : ` + ${rate.commitments} of ${COMMITMENTS} commitments × ${percent(rate.perCommitment, 0)}`;
  const base = rate.commitments === 0 ? percent(rate.base, 0) : `(${percent(rate.base, 0)}${commitments})`;
  const named = tier === "NONE" ? "without a tier" : `for tier ${tier}`;
  const uncapped = (rate.base + rate.commitments * rate.perCommitment) * rate.tierMultiplier * (rate.multiplier ?? 1);
  const multiplier = rate.multiplier === null ? "" : ` × M of ${rate.multiplier.toFixed(3)}`;
  const cap = uncapped > rate.max ? `, cut off at ${percent(rate.max, 0)}` : `, below the cap of ${percent(rate.max, 0)}`;
  return `The rate at the end: ${base} × ${rate.tierMultiplier} ${named}${multiplier} = ${percent(rate.total)} a year${cap}${rate.multiplier === null ? "; it does not follow M" : ""}.`;
}

function source({ claims, fromFees, minted, recycled }: StakeReport): string {
  if (claims === 0) return "Nothing was claimed so far.";
  const paid = Number(fromFees) + Number(minted) + Number(recycled);
  const times = `${claims} claim${claims === 1 ? "" : "s"} paid ${amount(paid)} FTNS`;
  if (Number(fromFees) + Number(minted) === 0)
    return `${times}, all of it out of the pool's fees: what no contribution covers is never paid by minting.`;
  return `${times}: ${amount(Number(fromFees) + Number(recycled))} out of the pool's fees, ${amount(minted)} newly minted.`;
}

/** How far contribution covers the stake, and what the rest earns. */
function cover({ staked, covered, coverFactor, rate }: StakeReport, tier: TierName): string[] {
  const rest = Number(staked) - Number(covered);
  if (tier === "NONE" || Number(staked) === 0) return [];
  const reach = `A stake earns by tier and commitments as far as contribution covers it, ${coverFactor} × the score`;
  if (rest <= 0) return [`${reach}: all of it.`];
  return [
    `${reach}: ${amount(covered, 0)} FTNS. The other ${amount(rest, 0)} earn as without a tier, ${percent(rate.uncovered)} a year out of the pool's fees.`,
  ];
}

/** What leaving cost. */
function exitCharge({ exitFees }: StakeReport): string[] {
  if (Number(exitFees) === 0) return [];
  return [
    `What leaves a stake pays demurrage from the request on, as in a wallet without a tier: ${amount(exitFees)} FTNS so far, which went to the pool or are due.`,
  ];
}

/** Why a stake earned what it earned. */
export function explainStake(stake: StakeReport, tier: TierName): string[] {
  const { staked, pending, waiting, waitingRecycled } = stake;
  const leaving = Number(pending) === 0 ? "" : `, with ${amount(pending, 0)} more on the way out`;
  return [
    `${amount(staked, 0)} FTNS are staked${leaving}: they pay no demurrage, and they vote.`,
    formula(stake, tier),
    ...cover(stake, tier),
    `${source(stake)} ${amount(Number(waiting) + Number(waitingRecycled))} FTNS wait to be claimed.`,
    ...exitCharge(stake),
  ];
}
