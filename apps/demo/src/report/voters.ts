import { amount, percent } from "./numbers.ts";
import type { DecisionReport, EmergencyReport, VotersReport } from "./types.ts";

/** "2026-11-22 14:00 UTC". */
export function clockWords(iso: string): string {
  return `${iso.slice(0, 16).replace("T", " ")} UTC`;
}

/** "2 h 41 min". */
export function spanWords(from: string, to: string): string {
  const minutes = Math.round((Date.parse(to) - Date.parse(from)) / 60_000);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function decisionSentence({ capBefore, capAfter, proposedOn, effectiveOn, effect }: DecisionReport): string {
  const change = `Proposed on day ${proposedOn}, in force from day ${effectiveOn}: stakers lowered the cap of demurrage from ${percent(capBefore, 1)} to ${percent(capAfter, 1)} a month.`;
  if (effect === null) return change;
  const touched = effect.transactions === 0 ? `, without a transaction of ${effect.name}'s or anybody else's` : "";
  return `${change} ${effect.name} was charged ${percent(effect.rateBefore)} the day before and ${percent(effect.rateAfter)} from then on${touched}.`;
}

function emergencySentence(emergency: EmergencyReport): string {
  const { priceBefore, priceAfter, votes, openedAt, refusedTransfer, haltedUntil } = emergency;
  const last = votes
    .map((vote) => vote.passedAt)
    .sort()
    .at(-1)!;
  const supporters = Math.max(...votes.map((vote) => vote.supporters));
  return (
    `Then a made-up crash took the price from $${priceBefore.toFixed(3)} to $${priceAfter.toFixed(3)}. The breaker opened, and ${supporters} stakers halted transfers and paused adjustments ` +
    `${spanWords(openedAt, last)} later. ${refusedTransfer.who} could not pay, stakes still left, and the halt ended by itself on ${clockWords(haltedUntil)}.`
  );
}

/** What those who staked did, in sentences. */
export function votersSentences({ decision, emergency }: VotersReport): string[] {
  return [decisionSentence(decision), ...(emergency === null ? [] : [emergencySentence(emergency)])];
}

/** Votes for, against and abstaining. */
export function tallyWords({ votesFor, votesAgainst, votesAbstain, quorum }: DecisionReport): string {
  return `${amount(votesFor, 0)} for, ${amount(votesAgainst, 0)} against, ${amount(votesAbstain, 0)} abstaining; ${amount(quorum, 0)} needed to take part`;
}
