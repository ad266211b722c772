/**
 * What an account owes after any number of idle days: Demurrage.sol with the numbers of DemurrageMath.sol, integer for
 * integer.
 */
import { expWad, lnWad } from "../math/wad.ts";
import type { RateTable } from "./parameters.ts";
import type { Term } from "./timeline.ts";

export const ACTIVITY_UNIT_BITS = 30n;
export const MAX_ACTIVITY = (1n << 60n) - 1n;
export const CAPACITY_UNIT_BITS = 54n;
export const MAX_CAPACITY = (1n << 26n) - 1n;
export const EXEMPT = 0xffff;
export const POOLED = 0xfffe;
export const RECOGNISED = 0xffff;

const FRACTION_BITS = 64n;
const MIN_FEE = 10n ** 9n;
const BP_DAYS = 300_000n;
const MIN_CHARGEABLE = MIN_FEE * BP_DAYS;
const NEVER_CHARGED_BELOW = MIN_CHARGEABLE / 100n;
/** In grace, demurrage takes no balance below this. */
export const GRACE_ALLOWANCE = 100n * 10n ** 18n;
const E18 = 10n ** 18n;
const DAY = 10n ** 36n;

/** L = p (LOG_1 + p (LOG_2 + ...)), LOG_i = 10^36 / (i * 300,000^i). */
const [LOG_1, LOG_2, LOG_3, LOG_4, LOG_5] = [1n, 2n, 3n, 4n, 5n].map((i) => DAY / (i * BP_DAYS ** i)) as [
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
];
const MAX_LOG_RATE = 333388901237655144300000000000000n;
const PADE_LIMIT = (34n * DAY) / 100n;

/** 30 ln(0.36), and how far 30 ln(1.2) and 30 ln(0.84) are above it: days with 36 decimals. */
const LOWEST_EDGE = -30649537425959440992330845778219716093n;
const EDGES = [36119184129778079778682386532855155089n, 25418935811616108411303225195619620750n, 0n] as const;

/** floor(e^(-2^i/30) * 2^128) for i = 0 to 10. */
const DECAYS = [
  0xf79b796fbc201ff3be5a46306be142bcn,
  0xef7d62c1e3ee9d2a16ca0708d7f3135cn,
  0xe00b5bcf9f0925d63ab5b677ab057131n,
  0xc413e12c5b14f0733ba4e67306bddb58n,
  0x962e72571e1c951662b47677156bf2bfn,
  0x581a766b61aa0572bf76eef022ebbb61n,
  0x1e52342617bbe55b855947e784165f94n,
  0x3975e9e6096bd6fc50aec838224fbc4n,
  0xce5b878122b2e2a1a05efb64e3f5dn,
  0xa6576ecd716003a5e503bf57c5n,
  0x6c15818eeea0c64ae8e0n,
] as const;

/** An account as its storage word holds it. */
export interface AccountState {
  /** wei */
  balance: bigint;
  /** units of 2^54 wei */
  capacity: bigint;
  /** units of 2^30 wei */
  activity: bigint;
  /** last day of each tier; RECOGNISED in basicThrough */
  basicThrough: number;
  activeThrough: number;
  powerThrough: number;
  /** first day after grace; 0, POOLED or EXEMPT */
  graceUntil: number;
  settledDay: number;
}

export const EMPTY_ACCOUNT: AccountState = {
  balance: 0n,
  capacity: 0n,
  activity: 0n,
  basicThrough: 0,
  activeThrough: 0,
  powerThrough: 0,
  graceUntil: 0,
  settledDay: 0,
};

/** Activity after `n` boundaries, in its stored unit, rounded down. */
export function decayActivity(activity: bigint, n: number): bigint {
  if (activity === 0n || n > 2047) return 0n;
  let v = activity << FRACTION_BITS;
  DECAYS.forEach((decay, bit) => {
    if ((n >> bit) & 1) v = (v * decay) >> 128n;
  });
  return v >> FRACTION_BITS;
}

/** -ln(1 - p / 300,000), 36 decimals, rounded down. */
export function dailyLogRate(p: bigint): bigint {
  return p * (LOG_1 + p * (LOG_2 + p * (LOG_3 + p * (LOG_4 + p * LOG_5))));
}

/** Fee of charged days whose log rates sum to `x`; a single day exactly. Rounded down: the holder gains. */
export function feeDown(balance: bigint, x: bigint): bigint {
  if (x < MAX_LOG_RATE) {
    const p = x / LOG_1;
    if (x - p * LOG_1 >= p * p * LOG_2) return (balance * p) / BP_DAYS;
  }
  if (x > PADE_LIMIT) return (balance * (E18 - expWad(-(x / E18)))) / E18;
  const s = (x * x) / DAY;
  const even = 665280n * DAY + (s * (75600n * DAY + (s * (840n * DAY + s)) / DAY)) / DAY;
  const odd = (x * (332640n * DAY + (s * (10080n * DAY + s * 42n)) / DAY)) / DAY;
  return (balance * 2n * odd) / (even + odd);
}

/** Tier on `day`, 0 NONE to 3 POWER. */
export function tierOn(account: AccountState, day: number): number {
  if (day > account.basicThrough) return 0;
  if (day > account.activeThrough) return 1;
  return day > account.powerThrough ? 2 : 3;
}

/** How far a walk has come: days of `y` above the lowest edge (0: the slowest band for good), and the summed log rates. */
interface Path {
  room: bigint;
  x: bigint;
}

function startOfPath({ activity, balance }: AccountState): Path {
  const wei = activity << ACTIVITY_UNIT_BITS;
  if (wei * 25n < balance * 9n) return { room: 0n, x: 0n };
  const y = lnWad((wei * E18) / balance) * 30n * E18;
  return { room: y > LOWEST_EDGE ? y - LOWEST_EDGE : 0n, x: 0n };
}

/** The next days at rate `p`: their log rate, and on how many of at most `n` the fee reaches its minimum. */
function chargedRun(balance: bigint, p: bigint, n: bigint, x: bigint): [logRate: bigint, days: bigint] {
  const left = balance - feeDown(balance, x);
  if (left * p < MIN_CHARGEABLE) return [0n, n];
  const logRate = dailyLogRate(p);
  const days = (lnWad((left * p * E18) / MIN_CHARGEABLE) * E18) / logRate + 1n;
  return [logRate, days < n ? days : n];
}

/** `n` days in one tier, band by band. */
function charge(path: Path, balance: bigint, n: bigint, rates: RateTable): void {
  while (n > 0n) {
    const reached = EDGES.findIndex((edge) => path.room >= edge + DAY);
    const band = reached < 0 ? 3 : reached;
    let [logRate, k] = chargedRun(balance, rates[band]!, n, path.x);
    if (band < 3) {
      const fall = DAY - 30n * logRate;
      const toEdge = (path.room - EDGES[band]! - 30n * logRate) / fall;
      if (toEdge < k) k = toEdge;
      path.room -= k * fall;
    }
    path.x += k * logRate;
    n -= k;
  }
}

/** From `cursor` (done) through `end` under one table of rates, tier by tier. */
function advance(path: Path, account: AccountState, cursor: number, end: number, rates: RateTable): void {
  while (cursor < end) {
    const tier = tierOn(account, cursor + 1);
    const tierEnd = [end, account.basicThrough, account.activeThrough, account.powerThrough][tier]!;
    const stop = Math.min(end, tierEnd);
    charge(path, account.balance, BigInt(stop - cursor), rates.slice(tier * 4, tier * 4 + 4));
    cursor = stop;
  }
}

/** The days after `cursor` through `day` under `terms`, of which the first governs the account's first day. */
function walk(path: Path, account: AccountState, cursor: number, day: number, terms: readonly Term[]): void {
  for (let i = 0; i < terms.length && cursor < day; i++) {
    const next = terms[i + 1];
    const end = next ? Math.min(day, next.startDay - 1) : day;
    if (end <= cursor) continue;
    advance(path, account, cursor, end, terms[i]!.rates);
    cursor = end;
  }
}

/** The fee of an account that is not exempt through `day`, with the allowance of its grace. */
function feeUnder(account: AccountState, day: number, terms: readonly Term[]): bigint {
  if (account.balance < NEVER_CHARGED_BELOW) return 0n;
  let path = startOfPath(account);
  let cursor = account.settledDay;
  let base = account;
  const hasGrace = account.graceUntil !== 0 && account.graceUntil !== POOLED;
  const graced = hasGrace ? Math.min(day, account.graceUntil - 1) : 0;
  if (graced > cursor) {
    const free = account.balance > GRACE_ALLOWANCE ? account.balance - GRACE_ALLOWANCE : 0n;
    let fee = 0n;
    if (free > 0n) {
      walk(path, account, cursor, graced, terms);
      fee = feeDown(account.balance, path.x);
      if (fee > free) fee = free;
    }
    if (graced === day) return fee;
    if (fee === free) {
      base = { ...account, balance: account.balance - fee };
      path = startOfPath(base);
      const fallen = BigInt(graced - cursor) * DAY;
      path.room = fallen < path.room ? path.room - fallen : 0n;
    }
    cursor = graced;
  }
  walk(path, base, cursor, day, terms);
  return account.balance - base.balance + feeDown(base.balance, path.x);
}

/** The fee of the next day as if there were no grace, by the rule itself. */
function oneDayFee(account: AccountState, rates: RateTable): bigint {
  if (account.balance < NEVER_CHARGED_BELOW) return 0n;
  const velocity = (account.activity * DECAYS[0] * 25n) << ACTIVITY_UNIT_BITS;
  const unit = account.balance << 128n;
  const reached = [30n, 21n, 9n].findIndex((edge) => velocity >= edge * unit);
  const band = reached < 0 ? 3 : reached;
  const tier = tierOn(account, account.settledDay + 1);
  const fee = (account.balance * rates[tier * 4 + band]!) / BP_DAYS;
  return fee < MIN_FEE ? 0n : fee;
}

/** The fee of `account` through `day` under `terms`, the first of which governs its first day. */
export function feeThrough(account: AccountState, day: number, terms: readonly Term[]): bigint {
  if (account.graceUntil === EXEMPT) return 0n;
  // The contract takes the path for a single day only where the latest terms have governed from the settled day on.
  const latest = terms[terms.length - 1]!;
  const governed = account.settledDay >= Math.max(0, latest.startDay - 1);
  if (!governed || account.settledDay + 1 !== day) return feeUnder(account, day, terms);
  const fee = oneDayFee(account, latest.rates);
  if (account.graceUntil === 0 || account.graceUntil === POOLED || day >= account.graceUntil) return fee;
  const free = account.balance > GRACE_ALLOWANCE ? account.balance - GRACE_ALLOWANCE : 0n;
  return fee < free ? fee : free;
}

/** `account` settled through `day`, and the fee it pays. `termsSince` gives the terms from a day on, to the latest. */
export function settle(
  account: AccountState,
  day: number,
  termsSince: (day: number) => readonly Term[],
): { account: AccountState; fee: bigint } {
  if (isEmpty(account)) return { account: { ...account, settledDay: day }, fee: 0n };
  if (account.settledDay >= day) return { account, fee: 0n };
  const fee = feeThrough(account, day, termsSince(account.settledDay + 1));
  return {
    account: {
      ...account,
      balance: account.balance - fee,
      activity: decayActivity(account.activity, day - account.settledDay),
      graceUntil: account.graceUntil > day ? account.graceUntil : 0,
      settledDay: day,
    },
    fee,
  };
}

/** Whether nothing was ever stored of an account. */
export function isEmpty(account: AccountState): boolean {
  return account.settledDay === 0 && account.balance === 0n;
}
