// Account words and rate tables as the token packs them, and random ones.
import {
  DAILY_DECAY,
  rateTable,
  type FrozenSpan,
  type LoopAccount,
  type RateEpoch,
  type RateTable,
} from "@ftns/model/token/dayLoop.ts";
import type { Random } from "../helpers/random.ts";

export const FTNS = 10n ** 18n;
export const WAD = 10n ** 18n;
/** Activity is kept in units of 2^30 wei, capacity in units of 2^54 wei. */
export const ACTIVITY_UNIT_BITS = 30n;
export const CAPACITY_UNIT_BITS = 54n;
export const CAPACITY_UNIT = 1n << CAPACITY_UNIT_BITS;
export const MAX_ACTIVITY_UNITS = (1n << 60n) - 1n;
export const MAX_CAPACITY_UNITS = (1n << 26n) - 1n;
export const GRACE_ALLOWANCE = 100n * FTNS;
export const EXEMPT = 0xffff;
export const POOLED = 0xfffe;
export const RECOGNISED = 0xffff;

export const DEFAULT_PARAMETERS = {
  monthlyRate: [WAD / 1000n, (2n * WAD) / 1000n, (4n * WAD) / 1000n, WAD / 100n] as [bigint, bigint, bigint, bigint],
  tierModifier: [(3n * WAD) / 2n, WAD, (7n * WAD) / 10n, WAD / 2n] as [bigint, bigint, bigint, bigint],
  monthlyCap: WAD / 100n,
};
export const DEFAULT_RATES = rateTable(DEFAULT_PARAMETERS);

/** `amount` rounded down to what can be lent. */
export const wholeUnits = (amount: bigint) => (amount >> CAPACITY_UNIT_BITS) << CAPACITY_UNIT_BITS;

export interface Fields {
  balance: bigint;
  /** In units of 2^54 wei. */
  capacity: bigint;
  /** In units of 2^30 wei. */
  activity: bigint;
  basicThrough: number;
  activeThrough: number;
  powerThrough: number;
  graceUntil: number;
  settledDay: number;
}

export function packWord(fields: Fields): bigint {
  const days = [fields.basicThrough, fields.activeThrough, fields.powerThrough, fields.graceUntil, fields.settledDay];
  const amounts = fields.balance | (fields.capacity << 90n) | (fields.activity << 116n);
  return days.reduce((word, day, i) => word | (BigInt(day) << BigInt(176 + 16 * i)), amounts);
}

export function unpackWord(word: bigint): Fields {
  const day = (shift: bigint) => Number((word >> shift) & 0xffffn);
  return {
    balance: word & ((1n << 90n) - 1n),
    capacity: (word >> 90n) & MAX_CAPACITY_UNITS,
    activity: (word >> 116n) & MAX_ACTIVITY_UNITS,
    basicThrough: day(176n),
    activeThrough: day(192n),
    powerThrough: day(208n),
    graceUntil: day(224n),
    settledDay: day(240n),
  };
}

/** What the day loop is told of an account word. */
export function loopAccount(fields: Fields): LoopAccount {
  const kind =
    fields.graceUntil === EXEMPT
      ? "exempt"
      : fields.graceUntil === POOLED
        ? "pooled"
        : fields.basicThrough === RECOGNISED
          ? "recognised"
          : "standard";
  return { ...fields, activity: fields.activity << ACTIVITY_UNIT_BITS, class: kind };
}

/** A rate table as 16 fields of 7 bits. */
export function packRates(rates: RateTable): bigint {
  return rates.flat().reduce((packed, rate, i) => packed | (rate << BigInt(7 * i)), 0n);
}

/** Epochs and frozen spans as the token's list of terms: a frozen day is one without rates. */
export function packTimeline(epochs: readonly RateEpoch[], frozen: readonly FrozenSpan[]): bigint[] {
  const starts = [...epochs.map((e) => e.fromDay), ...frozen.flatMap((span) => [span.fromDay, span.throughDay + 1])];
  return [...new Set(starts)]
    .sort((a, b) => a - b)
    .map((start) => {
      const isFrozen = frozen.some((span) => span.fromDay <= start && start <= span.throughDay);
      const epoch = epochs.findLast((e) => e.fromDay <= start)!;
      return (BigInt(start) << 112n) | (isFrozen ? 0n : packRates(epoch.rates));
    });
}

/** A rate table within the token's bounds: slower bands pay no less, higher tiers no more. */
export function randomRates(random: Random): RateTable {
  if (random.chance(0.3)) return DEFAULT_RATES;
  const ascending = (max: bigint) => [0, 1, 2, 3].map(() => random.bigint(0n, max)).sort((a, b) => (a < b ? -1 : 1));
  return rateTable({
    monthlyRate: ascending(WAD / 100n),
    tierModifier: ascending(2n * WAD).reverse(),
    monthlyCap: random.chance(0.5) ? WAD / 100n : random.bigint(0n, WAD / 100n),
  });
}

/** An account that is `gap` days behind `today`: every size of balance, velocity, tier, expiry, grace and class. */
export function randomFields(random: Random, today: number, gap = randomGap(random)): Fields {
  const settledDay = today - gap;
  const balance = randomBalance(random);
  const fields: Fields = {
    balance,
    capacity: random.magnitude(0n, MAX_CAPACITY_UNITS),
    activity: randomActivity(random, balance),
    basicThrough: 0,
    activeThrough: 0,
    powerThrough: 0,
    graceUntil: 0,
    settledDay,
  };
  if (random.chance(0.6)) {
    const ends = [0, 1, 2].map(() => (random.chance(0.2) ? 0 : settledDay + random.int(-3, Math.min(gap + 3, 130))));
    [fields.powerThrough, fields.activeThrough, fields.basicThrough] = ends.sort((a, b) => a - b) as [number, number, number];
  }
  if (random.chance(0.25)) fields.graceUntil = settledDay + random.int(1, Math.min(gap + 3, 365));
  if (random.chance(0.08)) {
    Object.assign(fields, { basicThrough: 0, activeThrough: 0, powerThrough: 0, graceUntil: 0 });
    Object.assign(fields, random.pick([{ graceUntil: EXEMPT }, { graceUntil: POOLED }, { basicThrough: RECOGNISED }]));
  }
  return fields;
}

/** An activity that comes to lie on a band's edge at the next boundary, give or take a few of its smallest units. */
export function activityAtEdge(random: Random, balance: bigint): bigint {
  const scale = 10n ** 60n;
  const edgePercent = random.pick([120n, 84n, 36n]);
  const units = ((balance * edgePercent * scale) / (100n * DAILY_DECAY)) >> ACTIVITY_UNIT_BITS;
  return capped(units + BigInt(random.int(-3, 3)));
}

/** Every size from below the minimum fee's cut-off to the cap of the supply, and often about the allowance of a grace. */
function randomBalance(random: Random): bigint {
  if (random.chance(0.2)) return (GRACE_ALLOWANCE * random.bigint(900_000n, 1_200_000n)) / 1_000_000n;
  return random.magnitude(10n ** 11n, 10n ** 27n);
}

/** Mostly short stays, many long ones, up to 2,000 days. */
function randomGap(random: Random): number {
  const kind = random.uint32() % 10;
  if (kind < 2) return random.int(0, 3);
  return kind < 5 ? random.int(0, 60) : random.int(0, 2_000);
}

/** `V / B` between 2^-12 and 2^10, at times none at all, at times within 1e-3 to 1e-14 of a band's edge some days from now. */
function randomActivity(random: Random, balance: bigint): bigint {
  if (random.chance(0.1)) return 0n;
  let wei: bigint;
  if (random.chance(0.25)) {
    const edge = random.pick([120, 84, 36]);
    const days = random.chance(0.5) ? 1 : random.int(0, 80);
    const besides = random.pick([-1, 1]) * 10 ** (-random.int(300, 1400) / 100);
    const ratio = (edge / 100) * Math.exp(days / 30) * (1 + besides);
    wei = (balance * BigInt(Math.round(ratio * 1e15))) / 10n ** 15n;
  } else {
    const exponent = random.int(-12_000, 10_000) / 1000;
    wei = (balance * BigInt(Math.round(2 ** exponent * 1e12))) / 10n ** 12n;
  }
  return capped(wei >> ACTIVITY_UNIT_BITS);
}

const capped = (units: bigint) => (units < MAX_ACTIVITY_UNITS ? units : MAX_ACTIVITY_UNITS);
