/** Demurrage parameters and the table of rates that follows from them, as DemurrageRates.sol has them. */
import { WAD } from "../math/words.ts";

const BASIS_POINT = 10n ** 14n;

/** All WAD; see `DemurrageParameters` in IFTNSToken.sol. */
export interface DemurrageParameters {
  /** Monthly rate by band, slowest last. */
  monthlyRate: readonly [bigint, bigint, bigint, bigint];
  /** Modifier by tier: NONE, BASIC, ACTIVE, POWER. */
  tierModifier: readonly [bigint, bigint, bigint, bigint];
  monthlyCap: bigint;
}

export const DEFAULT_PARAMETERS: DemurrageParameters = {
  monthlyRate: [WAD / 1000n, WAD / 500n, WAD / 250n, WAD / 100n],
  tierModifier: [(3n * WAD) / 2n, WAD, (7n * WAD) / 10n, WAD / 2n],
  monthlyCap: WAD / 100n,
};

/** Sixteen rates in basis points a month, `tier * 4 + band`. */
export type RateTable = readonly bigint[];

export const NO_RATES: RateTable = new Array<bigint>(16).fill(0n);

/** Each base rate times each modifier, capped, rounded down to a basis point: the holder gains. */
export function rateTable(p: DemurrageParameters): RateTable {
  return Array.from({ length: 16 }, (_, i) => {
    const rate = (p.monthlyRate[i % 4]! * p.tierModifier[Math.floor(i / 4)]!) / WAD;
    return (rate > p.monthlyCap ? p.monthlyCap : rate) / BASIS_POINT;
  });
}
