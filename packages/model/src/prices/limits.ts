/** What every price obeys (PriceLimits.sol): USD with 8 decimals, above zero, at most ten billion dollars. */
export const PRICE_DECIMALS = 8n;
export const MAX_PRICE = 10n ** 18n;
/** From 8 decimals to WAD. */
export const PRICE_TO_WAD = 10n ** 10n;
