/** Why the market desk makes no offer, in the order of the contract's enum, and in words. */

export const DESK_REFUSALS = [
  "NONE",
  "HALTED",
  "RECOVERY",
  "EMERGENCY",
  "NO_PATH",
  "ANSWER_OLD",
  "HOUR_THIN",
  "REPORTERS_APART",
  "WITHIN_BAND",
  "EMPTY",
  "NOT_OPEN",
] as const;

export type DeskRefusal = (typeof DESK_REFUSALS)[number];

/** The name of a refusal that the contract gave as a number. */
export function deskRefusalOf(index: bigint): DeskRefusal | undefined {
  return index < BigInt(DESK_REFUSALS.length) ? DESK_REFUSALS[Number(index)] : undefined;
}

const WORDS: Record<DeskRefusal, string> = {
  NONE: "nothing stands in the way; look at its offer again",
  HALTED: "transfers are halted; wait for the end of the halt",
  RECOVERY: "recovery mode is on; wait for its end",
  EMERGENCY: "an emergency is open; wait until it closes",
  NO_PATH: "the path has no launch price yet; wait until thirty days of prices are noted",
  ANSWER_OLD: "the feed's answer is older than 15 minutes; carry a new round first",
  HOUR_THIN: "the last hour has too few prices; wait for the feed's next rounds",
  REPORTERS_APART: "more than one reporter differs or is not in the latest round; carry a fuller round first",
  WITHIN_BAND: "the market is within 8 % of the path; wait until it leaves it",
  EMPTY: "nothing is left for today, or there is nothing to trade with; come back tomorrow",
  NOT_OPEN: "nobody has opened this side; call open first",
};

/** What a refusal means; then, after a semicolon, what would end it. */
export function explainDeskRefusal(refusal: DeskRefusal | undefined): string {
  return refusal === undefined ? "for a reason that this program does not know; update it" : WORDS[refusal];
}
