/** MarketConditions.sol: what volumes and counts look like an emergency, of one report or of a round's medians. */
export interface Volumes {
  volume6h: bigint;
  meanVolume6h: bigint;
}

export interface Counts {
  txTotal: bigint;
  txFailed: bigint;
  sendersDay: bigint;
}

export const MIN_FAILED = 10n;

/** Whether the volume has dried up; a mean of zero is unknown. */
export function isIlliquid({ volume6h, meanVolume6h }: Volumes): boolean {
  return meanVolume6h !== 0n && volume6h * 10n <= meanVolume6h;
}

/** Whether enough of those who use the network fail. */
export function isAttacked({ txTotal, txFailed, sendersDay }: Counts): boolean {
  return txFailed >= MIN_FAILED && txFailed * 2n >= txTotal && txFailed * 10n >= sendersDay;
}
