/** UsageRouter.sol: how a payment is divided. */

const WAD = 10n ** 18n;
export const MAX_BURN_SHARE = WAD / 2n;
/** Units of wFTNS for a wei of FTNS when the wrapper was new. */
export const WRAPPED_UNITS_AT_PAR = 10n ** 6n;

/** All WAD. The operator's is of all of a payment, the others of what is left then. */
export interface UsageShares {
  readonly burn: bigint;
  readonly royalty: bigint;
  readonly operator: bigint;
}

export const DEFAULT_USAGE_SHARES: UsageShares = { burn: WAD / 10n, royalty: WAD / 5n, operator: WAD / 20n };

/** The share that is burned, with the burn multiplier (WAD). */
export function burnShareOf(burn: bigint, multiplier: bigint): bigint {
  const share = (burn * multiplier) / WAD;
  return share < MAX_BURN_SHARE ? share : MAX_BURN_SHARE;
}

/** wFTNS that stay wFTNS, and what is redeemed. Rounded down, each but the last: the pool gains. */
export function divide(amount: bigint, shares: UsageShares, hasOperator: boolean) {
  const operator = hasOperator ? (amount * shares.operator) / WAD : 0n;
  const rest = amount - operator;
  const royalties = hasOperator ? (rest * shares.royalty) / WAD : 0n;
  return { operator, royalties, redeemed: rest - royalties, rest };
}

/** Of the FTNS that `redeemed` brought, what is burned. `burnShare` is of `rest`. */
export function burnedOf(assets: bigint, redeemed: bigint, rest: bigint, burnShare: bigint): bigint {
  return (assets * ((rest * burnShare) / WAD)) / redeemed;
}
