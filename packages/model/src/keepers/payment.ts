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
  /** Gas a protocol day. */
  dailyGas: bigint;
}

/** Gas that is paid for and not measured: once in a transaction, and for each payment. */
export const BASE_OVERHEAD = 43_500n;
export const PAYMENT_OVERHEAD = 27_000n;

/** Bytes of a transaction around the arguments of its job. */
export const DATA_OVERHEAD = 100n;
/** A tip is paid back up to this part of the base fee. */
const TIP_DIVISOR = 5n;

/** One job as the chain saw it. */
export interface PaidWork {
  /** Measured, with `BASE_OVERHEAD` for the first job of a transaction. */
  gasUsed: bigint;
  /** Wei. */
  gasPrice: bigint;
  baseFee: bigint;
  /** What a rollup takes for the data, as far as it is paid (wei). */
  dataFee?: bigint;
  lateSec: bigint;
  /** FTNS a coin (WAD). */
  rate: bigint;
}

const min = (a: bigint, b: bigint) => (a < b ? a : b);

/** What is paid for a unit of gas (wei): the base fee, on which the premium comes, and the tip. */
export function paidGasPrice(gasPrice: bigint, baseFee: bigint, { maxGasPrice }: PaymentRules): { base: bigint; tip: bigint } {
  const price = min(gasPrice, maxGasPrice);
  const base = min(price, baseFee);
  return { base, tip: min(price - base, base / TIP_DIVISOR) };
}

/** WAD of the base fee's cost. */
export function premiumOf(lateSec: bigint, { basePremium, maxPremium, riseSec }: PaymentRules): bigint {
  return basePremium + ((maxPremium - basePremium) * min(lateSec, riseSec)) / riseSec;
}

/** FTNS for `gas` units at `base` and `tip` wei, and for a data fee of `dataFee` wei; the premium comes on the base fee alone. */
export function amountOf(gas: bigint, base: bigint, tip: bigint, dataFee: bigint, premium: bigint, rate: bigint): bigint {
  const cost = gas * base * (WAD + premium) + (gas * tip + dataFee) * WAD;
  return (cost * rate) / (WAD * WAD);
}

/** The gas that is paid for when `paidGas` of the day's was paid for before. */
export function paidGasOf(gasUsed: bigint, paidGas: bigint, { maxGas, dailyGas }: PaymentRules): bigint {
  const left = dailyGas > paidGas ? dailyGas - paidGas : 0n;
  return min(min(gasUsed + PAYMENT_OVERHEAD, maxGas), left);
}

/** What is owed for a job before the pool's funds (FTNS), when `paidGas` of the day's gas was paid for before. */
export function earnedFor(work: PaidWork, rules: PaymentRules, paidGas = 0n): bigint {
  const gas = paidGasOf(work.gasUsed, paidGas, rules);
  const { base, tip } = paidGasPrice(work.gasPrice, work.baseFee, rules);
  const dataFee = gas === 0n ? 0n : (work.dataFee ?? 0n);
  return amountOf(gas, base, tip, dataFee, premiumOf(work.lateSec, rules), work.rate);
}

/** FTNS a coin (WAD) from `coinPrice` (USD, `decimals` decimals) and `ftnsPrice` (USD, 18 decimals). */
export function rateOf(coinPrice: bigint, decimals: bigint, ftnsPrice: bigint): bigint {
  return (coinPrice * 10n ** (FTNS_DECIMALS - decimals) * WAD) / ftnsPrice;
}
