import type { Sample } from "../scenario/history.ts";
import { percent, wadToNumber } from "./numbers.ts";
import type { RateShare, Stretch } from "./types.ts";

/** Demurrage rules that hold at the boundaries from day `fromDay` on (WAD). */
export interface Rules {
  /** Days since launch. */
  readonly fromDay: number;
  readonly monthlyRate: readonly bigint[];
  readonly tierModifier: readonly bigint[];
  readonly monthlyCap: bigint;
}

/** What one boundary took from an account. */
export interface Charge {
  readonly day: number;
  /** Balance just before (FTNS, 18 decimals). */
  readonly base: bigint;
  readonly fee: bigint;
  readonly sample: Sample;
}

const MONTH_DAYS = 30n;
const BAND_WORDS = [
  "velocity at or above the target",
  "velocity at least 70 % of the target",
  "velocity at least 30 % of the target",
  "velocity below 30 % of the target",
];
const TIER_INDEX = { NONE: 0, BASIC: 1, ACTIVE: 2, POWER: 3 } as const;
const WAD = 10n ** 18n;

/** The charge of each boundary: fees only ever rise there, so two samples that follow each other tell it exactly. */
export function chargesOf(samples: readonly Sample[]): Charge[] {
  return samples.slice(1).map((sample, i) => {
    const fee = sample.fees - samples[i]!.fees;
    return { day: i + 1, base: sample.balance + fee, fee, sample };
  });
}

/** Fees over balances held, a month (WAD). */
export function effectiveMonthlyRate(charges: readonly Charge[]): bigint {
  const fees = charges.reduce((sum, charge) => sum + charge.fee, 0n);
  const held = charges.reduce((sum, charge) => sum + charge.base, 0n);
  return held === 0n ? 0n : (fees * MONTH_DAYS * WAD) / held;
}

function rateWords(sample: Sample, rules: Rules): string {
  const band = rules.monthlyRate[sample.band]!;
  const modifier = rules.tierModifier[TIER_INDEX[sample.tier]]!;
  const product = (band * modifier) / WAD;
  const tier = sample.tier === "NONE" ? "no tier" : `tier ${sample.tier}`;
  const capped = product > rules.monthlyCap ? `, capped at ${percent(Number(rules.monthlyCap) / 1e18)}` : "";
  return `${BAND_WORDS[sample.band]}: ${percent(Number(band) / 1e18)} × ${Number(modifier) / 1e18} for ${tier}${capped}`;
}

/** Grace keeps what is left from demurrage. */
export function isSpared({ balance, allowance }: Sample): boolean {
  return allowance > 0n && balance <= allowance;
}

function freeWords(sample: Sample): string {
  if (sample.frozen) return "transfers were halted, and such days are not charged";
  if (isSpared(sample)) return graceWords(sample);
  return "the fee was below the minimum of 0.000000001 FTNS";
}

function graceWords({ allowance }: Sample): string {
  return `grace for newcomers: demurrage takes no balance below ${Number(allowance) / 1e18} FTNS`;
}

/**
 * Groups the days of an account by what it paid and why, the longest stretch first. `rules` are in the order in which they
 * came into force.
 */
export function rateShares(charges: readonly Charge[], rules: readonly Rules[]): RateShare[] {
  const groups = new Map<string, { days: number; monthlyRate: number; reason: string }>();
  for (const { day, base, fee, sample } of charges) {
    if (base === 0n) continue;
    const free = fee === 0n;
    // Grace left less than the rate asks for.
    const spared = !free && isSpared(sample);
    const rule = rules.findLast(({ fromDay }) => fromDay <= day)!;
    const reason = free ? freeWords(sample) : spared ? graceWords(sample) : rateWords(sample, rule);
    const monthlyRate = free ? 0 : spared ? wadToNumber((fee * MONTH_DAYS * WAD) / base) : wadToNumber(sample.monthlyRate);
    const group = groups.get(reason) ?? { days: 0, monthlyRate, reason };
    group.days += 1;
    groups.set(reason, group);
  }
  return [...groups.values()].sort((a, b) => b.days - a.days);
}

/** Runs of days with one tier. */
export function tierStretches(samples: readonly Sample[]): Stretch[] {
  const stretches: { tier: Stretch["tier"]; fromDay: number; toDay: number }[] = [];
  samples.forEach(({ tier }, day) => {
    const last = stretches.at(-1);
    if (last?.tier === tier) last.toDay = day;
    else stretches.push({ tier, fromDay: day, toDay: day });
  });
  return stretches;
}
