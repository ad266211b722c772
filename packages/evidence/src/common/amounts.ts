// Shares and units in whole numbers. Every division rounds down, so that a contributor is never credited what was not shown.

export const WAD = 10n ** 18n;
/** Quality is counted in these on the chain. */
export const THOUSANDTH = 10n ** 15n;

/** What a verifier says of evidence that it accepts: the fields of a `Contribution`, all WAD. */
export interface Verdict {
  units: bigint;
  /** A whole number of thousandths, 1 at most. */
  quality: bigint;
  /** 1 at most. */
  confidence: bigint;
  /** Always 1: nobody can measure at that time what a work will lead to. */
  impact: bigint;
}

/** `part` of `whole` as a WAD, 1 at most. */
export function shareWadDown(part: bigint, whole: bigint): bigint {
  if (whole <= 0n || part <= 0n) return 0n;
  return part >= whole ? WAD : (part * WAD) / whole;
}

/** `part` of `whole` in whole thousandths, 1,000 at most. */
export function thousandthsDown(part: bigint | number, whole: bigint | number): bigint {
  return shareWadDown(BigInt(part), BigInt(whole)) / THOUSANDTH;
}

/** A mean of thousandths with whole weights, as a WAD of whole thousandths. */
export function weightedQuality(parts: readonly { readonly thousandths: bigint; readonly weight: bigint }[]): bigint {
  const weights = parts.reduce((sum, { weight }) => sum + weight, 0n);
  const sum = parts.reduce((total, { thousandths, weight }) => total + thousandths * weight, 0n);
  return (sum / weights) * THOUSANDTH;
}

/** Confidence `count / enough`, 1 at most. */
export const confidenceOf = (count: number, enough: number): bigint => shareWadDown(BigInt(count), BigInt(enough));
