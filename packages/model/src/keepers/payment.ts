// What a keeper is paid, bit for bit as PaymentMath and KeeperPayments work it out. All roundings are down, against the keeper.
const WAD = 10n ** 18n;
const FTNS_DECIMALS = 18n;

/** As `PaymentRules` of IKeeperJobs. */
export interface PaymentRules {
  /** WAD of the cost, on time and from `riseSec` late on. */
  basePremium: bigint;
  maxPremium: bigint;
  riseSec: bigint;
  /** Gas a job. */
  maxGas: bigint;
  /** Wei. */
  maxGasPrice: bigint;
  maxTip: bigint;
  /** FTNS a protocol day. */
  dailyCap: bigint;
}

/** Gas that is paid for and not measured: once in a transaction, and for each payment. */
export const BASE_OVERHEAD = 22_500n;
export const PAYMENT_OVERHEAD = 50_000n;

/** One job as the chain saw it. */
export interface PaidWork {
  /** Measured, with `BASE_OVERHEAD` for the first job of a transaction. */
  gasUsed: bigint;
  /** Wei. */
  gasPrice: bigint;
  baseFee: bigint;
  lateSec: bigint;
  /** FTNS a coin (WAD). */
  rate: bigint;
}

const min = (a: bigint, b: bigint) => (a < b ? a : b);

/** The price of a unit of gas that is paid for (wei). */
export function paidGasPrice(gasPrice: bigint, baseFee: bigint, { maxTip, maxGasPrice }: PaymentRules): bigint {
  return min(min(gasPrice, baseFee + maxTip), maxGasPrice);
}

/** WAD of the cost. */
export function premiumOf(lateSec: bigint, { basePremium, maxPremium, riseSec }: PaymentRules): bigint {
  return basePremium + ((maxPremium - basePremium) * min(lateSec, riseSec)) / riseSec;
}

/** FTNS for `gas` units at `gasPrice` wei. */
export function amountOf(gas: bigint, gasPrice: bigint, premium: bigint, rate: bigint): bigint {
  return (gas * gasPrice * (WAD + premium) * rate) / (WAD * WAD);
}

/** What is owed for a job before the day's cap and the pool's funds (FTNS). */
export function earnedFor({ gasUsed, gasPrice, baseFee, lateSec, rate }: PaidWork, rules: PaymentRules): bigint {
  const gas = min(gasUsed + PAYMENT_OVERHEAD, rules.maxGas);
  return amountOf(gas, paidGasPrice(gasPrice, baseFee, rules), premiumOf(lateSec, rules), rate);
}

/** What is paid of `earned` when `paidToday` is paid already and the pool holds `funds` (FTNS). */
export function paidOf(earned: bigint, paidToday: bigint, funds: bigint, { dailyCap }: PaymentRules): bigint {
  const left = dailyCap > paidToday ? dailyCap - paidToday : 0n;
  return min(min(earned, left), funds);
}

/** FTNS a coin (WAD) from `coinPrice` (USD, `decimals` decimals) and `ftnsPrice` (USD, 18 decimals). */
export function rateOf(coinPrice: bigint, decimals: bigint, ftnsPrice: bigint): bigint {
  return (coinPrice * 10n ** (FTNS_DECIMALS - decimals) * WAD) / ftnsPrice;
}
