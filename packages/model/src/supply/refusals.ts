/** Why the supply controller refuses an adjustment, in the order of the contract's enum, and in words. */

export const REFUSALS = [
  "NONE",
  "SUSPENDED",
  "ALREADY_ADJUSTED",
  "TOO_EARLY",
  "RECORD_STALE",
  "DAY_NOT_CLOSED",
  "HISTORY_TOO_SHORT",
  "DAY_TOO_THIN",
  "WINDOW_TOO_THIN",
  "POLICY_FAILED",
] as const;

export type Refusal = (typeof REFUSALS)[number];

/** The name of a refusal that the contract gave as a number. */
export function refusalOf(index: bigint): Refusal {
  const refusal = REFUSALS[Number(index)];
  if (refusal === undefined) throw new RangeError(`the controller gave refusal ${index}, which this model does not know`);
  return refusal;
}

/** The fields of a preview that an explanation needs; the contract's and the model's previews both have them. */
export interface RefusalDetails {
  availableAt: bigint;
  thinDay: bigint;
  coveredSec: bigint;
  neededSec: bigint;
}

/** What a refusal means, and what would end it. */
export function explainRefusal(refusal: Refusal, details: RefusalDetails): string {
  const when = () => new Date(Number(details.availableAt) * 1_000).toISOString();
  const coverage = () => `${details.coveredSec} s of ${details.neededSec} s needed`;
  switch (refusal) {
    case "NONE":
      return "nothing stands in the way";
    case "SUSPENDED":
      return `adjustments are suspended until ${when()}`;
    case "ALREADY_ADJUSTED":
      return `today's adjustment is done; the next may come at ${when()}`;
    case "TOO_EARLY":
      return `no full window since launch yet; the first adjustment may come at ${when()}`;
    case "RECORD_STALE":
      return "the price feed's last round is too old to stand: it must make a new one first";
    case "DAY_NOT_CLOSED":
      return "no round of the price feed has closed yesterday yet: the next one will";
    case "HISTORY_TOO_SHORT":
      return `the price history is too short; with gapless records it suffices at ${when()}`;
    case "DAY_TOO_THIN":
      return `protocol day ${details.thinDay} has too few price records (${coverage()})`;
    case "WINDOW_TOO_THIN":
      return `the last 30 days have too few price records (${coverage()})`;
    case "POLICY_FAILED":
      return "the policy gave no decision: governance must replace it";
  }
}
