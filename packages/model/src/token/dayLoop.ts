/**
 * The law of demurrage told the long way: one turn of the loop for each day boundary, in the order that the rules give.
 *
 * It shares nothing with the settlement that the contract and its bit-exact model run (no logarithm, no power, no
 * crossing days, no packing), so that the two can judge each other. Slow on purpose; used by tests only.
 */

/** Decimal fixed point of everything that is not whole: 60 digits behind the point. */
const SCALE = 10n ** 60n;

/** e^(-1/30) with 60 digits, by its own Taylor series with 12 digits to spare. */
export const DAILY_DECAY = expOfMinusOneThirtieth();

/** Fees below 1e-9 FTNS are not charged. */
const MINIMUM_FEE = 10n ** 9n;

/** In grace no fee takes a balance below 100 FTNS. */
const GRACE_ALLOWANCE = 100n * 10n ** 18n;

/** A rate of one basis point a month takes `balance / 300,000` a day: 10,000 basis points, 30 days. */
const BASIS_POINT_DAYS = 300_000n;

/** Lower edges of bands 0, 1 and 2 in hundredths of `V / B`: 1.2 times 1.0, 0.7 and 0.3. */
const BAND_EDGES_PERCENT = [120n, 84n, 36n] as const;

/** Monthly rates in whole basis points, `rates[tier][band]`, after modifier and cap. */
export type RateTable = readonly (readonly bigint[])[];

/** Rates that govern the boundaries of `fromDay` and later, until the next epoch begins. */
export interface RateEpoch {
  fromDay: number;
  rates: RateTable;
}

/** Day boundaries that charge nothing, both ends included. */
export interface FrozenSpan {
  fromDay: number;
  throughDay: number;
}

export interface LoopAccount {
  /** Balance when last settled (wei). */
  balance: bigint;
  /** Activity `V` when last settled (wei). */
  activity: bigint;
  /** The boundaries up to and including this day's are done. */
  settledDay: number;
  /** Last day of each tier (inclusive). */
  basicThrough: number;
  activeThrough: number;
  powerThrough: number;
  /** First day after grace; 0 when there is none. */
  graceUntil: number;
  class: "standard" | "recognised" | "pooled" | "exempt";
}

/** What one day boundary did. */
export interface LoopDay {
  day: number;
  tier: number;
  band: number;
  /** Fee taken (wei; whole wei unless the loop runs unrounded). */
  fee: bigint;
}

export interface LoopResult {
  /** Balance after the last day (wei, rounded down at the end if the loop ran unrounded). */
  balance: bigint;
  /** Activity after the last day (wei, rounded down at the very end only). */
  activity: bigint;
  /** Number of charged days in each band. */
  daysCharged: [number, number, number, number];
}

export interface LoopOptions {
  /** Let fee and balance keep 60 digits behind the wei, so that no rounding of the loop itself shows. */
  unrounded?: boolean;
  /** Called for every boundary, charged or not. */
  onDay?: (day: LoopDay) => void;
}

/**
 * Default or custom parameters (WAD) as whole basis points a month: `base * modifier`, capped, rounded down (holders gain).
 */
export function rateTable(parameters: {
  monthlyRate: readonly bigint[];
  tierModifier: readonly bigint[];
  monthlyCap: bigint;
}): RateTable {
  const wadPerBasisPoint = 10n ** 14n;
  return parameters.tierModifier.map((modifier) =>
    parameters.monthlyRate.map((base) => {
      const rate = (base * modifier) / 10n ** 18n;
      return (rate < parameters.monthlyCap ? rate : parameters.monthlyCap) / wadPerBasisPoint;
    }),
  );
}

/** Tier (0 NONE to 3 POWER) that `account` is charged at on `day`. */
export function loopTier(account: LoopAccount, day: number): number {
  if (account.class === "recognised") return 1;
  if (account.class === "pooled") return 0;
  if (day <= account.powerThrough) return 3;
  if (day <= account.activeThrough) return 2;
  if (day <= account.basicThrough) return 1;
  return 0;
}

/** Every day boundary after `account.settledDay` up to and including `today`'s, one by one. */
export function runDayLoop(
  account: LoopAccount,
  today: number,
  epochs: readonly RateEpoch[],
  frozen: readonly FrozenSpan[] = [],
  options: LoopOptions = {},
): LoopResult {
  // Balances count in `1 / grain` wei.
  const grain = options.unrounded ? SCALE : 1n;
  let balance = account.balance * grain;
  let activity = account.activity * SCALE;
  const daysCharged: [number, number, number, number] = [0, 0, 0, 0];

  for (let day = account.settledDay + 1; day <= today; day++) {
    // First the activity decays, charged day or not.
    activity = (activity * DAILY_DECAY) / SCALE;

    // Then velocity looks at the decayed activity and the balance before the fee.
    const band = bandOf(activity, balance * (SCALE / grain));
    const tier = loopTier(account, day);

    // Then the fee is taken.
    let fee = 0n;
    if (isCharged(account, day, frozen)) {
      fee = (balance * ratesOn(day, epochs)[tier]![band]!) / BASIS_POINT_DAYS;
      if (fee < MINIMUM_FEE * grain) fee = 0n;
      if (hasGrace(account, day)) fee = min(fee, max(0n, balance - GRACE_ALLOWANCE * grain));
      if (fee > 0n) daysCharged[band]! += 1;
      balance -= fee;
    }
    options.onDay?.({ day, tier, band, fee: fee / grain });
  }
  return { balance: balance / grain, activity: activity / SCALE, daysCharged };
}

function bandOf(activity: bigint, balance: bigint): number {
  if (100n * activity >= BAND_EDGES_PERCENT[0] * balance) return 0;
  if (100n * activity >= BAND_EDGES_PERCENT[1] * balance) return 1;
  if (100n * activity >= BAND_EDGES_PERCENT[2] * balance) return 2;
  return 3;
}

function isCharged(account: LoopAccount, day: number, frozen: readonly FrozenSpan[]): boolean {
  if (account.class === "exempt") return false;
  return !frozen.some((span) => span.fromDay <= day && day <= span.throughDay);
}

function hasGrace(account: LoopAccount, day: number): boolean {
  return account.class !== "pooled" && day < account.graceUntil;
}

const min = (a: bigint, b: bigint) => (a < b ? a : b);
const max = (a: bigint, b: bigint) => (a > b ? a : b);

function ratesOn(day: number, epochs: readonly RateEpoch[]): RateTable {
  let rates: RateTable | undefined;
  for (const epoch of epochs) if (epoch.fromDay <= day) rates = epoch.rates;
  if (rates === undefined) throw new Error(`no rates govern day ${day}: the first epoch begins later`);
  return rates;
}

function expOfMinusOneThirtieth(): bigint {
  const guard = 10n ** 12n;
  const one = SCALE * guard;
  let sum = 0n;
  // Terms (-1)^k / (30^k k!) shrink at least thirtyfold each; the loop ends when one is below the last digit.
  for (let term = one, k = 1n; term !== 0n; k++) {
    sum += term;
    term = -term / (30n * k);
  }
  return sum / guard;
}
