/** The records of ContributorRegistry.sol: what a verified contribution changes, without signatures. */
import { checkedUint256, MAX_UINT256, WAD } from "../math/words.ts";
import {
  DEFAULT_TIER_RULES,
  NEVER,
  nextSchedule,
  scoreOf,
  standing,
  tierOnDay,
  type TierDays,
  type TierNumber,
  type TierRules,
} from "./tiers.ts";
import { type Bucket, ContributionRing, WEIGHTED_UNIT } from "./window.ts";

/** By ContributionKind. */
export const KIND_NAMES = ["STORAGE", "COMPUTE", "DATA", "GOVERNANCE", "DOCUMENTATION", "MODEL", "RESEARCH", "TEACHING"] as const;

/** FTNS for one unit, by ContributionKind. */
export const DEFAULT_BASE_RATES: readonly bigint[] = [
  WAD / 100n,
  WAD / 20n,
  10n * WAD,
  2n * WAD,
  5n * WAD,
  100n * WAD,
  500n * WAD,
  20n * WAD,
];

/** `units * baseRate * impact`, rounded down; a product beyond 256 bits counts as the largest. */
export function contributionValue(units: bigint, baseRate: bigint, impact: bigint): bigint {
  const product = units * checkedUint256(baseRate * impact);
  return (product < MAX_UINT256 ? product : MAX_UINT256) / (WAD * WAD);
}

export interface VerifiedContribution {
  kind: number;
  units: bigint;
  quality: bigint;
  impact: bigint;
}

/** Those of ProofRules that decide what a proof changes. */
export interface RecordRules {
  newcomerGraceDays: number;
  disconnectionGraceDays: number;
  /** Activity that an FTNS of value times quality lets its contributor vouch for (FTNS). */
  vouchingFactor: bigint;
  /** Stake that an FTNS of score covers (FTNS). */
  stakeCover: bigint;
  /** Least value of a proof that counts its kind and renews its commitment (FTNS, 18 decimals). */
  minCommitment: bigint;
}

export const DEFAULT_RECORD_RULES: RecordRules = {
  newcomerGraceDays: 90,
  disconnectionGraceDays: 14,
  vouchingFactor: 20n,
  stakeCover: 20n,
  minCommitment: 2n * WAD,
};

/** By ContributionKind: the commitment that a proof renews (0 storage, 1 compute, 2 governance, 3 data curation, 4 community). */
export const COMMITMENT_OF_KIND = [0, 1, 3, 2, 4, 3, 4, 4] as const;

/** One step of the score that is kept, in wei, and the most that is. */
const SCORE_UNIT = 10n ** 12n;
const MAX_SCORE = (1n << 40n) - 1n;

/** What the token and the vault are told. */
export interface RecordUpdate {
  schedule: TierDays;
  /** FTNS, 18 decimals. */
  capacityAdded: bigint;
  capacityLimit: bigint;
  /** First day after grace; 0 = none begins. */
  graceUntil: number;
  commitmentDays: readonly number[];
  cover: bigint;
}

export interface ContributionOutcome extends RecordUpdate {
  value: bigint;
  score: bigint;
  averageQuality: bigint;
  tier: TierNumber;
}

/** A proof as its record tells it. */
export interface CountedProof {
  kind: number;
  value: bigint;
  quality: bigint;
  /** Protocol day on which it counted. */
  day: number;
  countedKind: boolean;
}

export class ContributorRecord {
  readonly ring = new ContributionRing();
  schedule: TierDays = NEVER;
  proofs = 0;
  /** Day on which BASIC began the last time; 0 = never held. */
  basicSince = 0;
  /** Score of the latest proof, in 1e-6 FTNS. */
  score = 0n;
  /** Day of the latest proof that counted, by commitment; 0 = never. */
  readonly commitmentDays: number[] = [0, 0, 0, 0, 0];

  /** The header word as stored. */
  header(): bigint {
    const fields = [
      [this.schedule.basicThrough, 0],
      [this.schedule.activeThrough, 16],
      [this.schedule.powerThrough, 32],
      [this.ring.lastDay, 48],
      [this.ring.occupied, 64],
      [this.proofs, 96],
      [this.basicSince, 120],
      [this.score, 136],
      ...this.commitmentDays.map((day, commitment) => [day, 176 + 16 * commitment] as const),
    ] as const;
    return fields.reduce((word, [value, shift]) => word | (BigInt(value) << BigInt(shift)), 0n);
  }
}

export class RegistryModel {
  readonly baseRates: bigint[] = [...DEFAULT_BASE_RATES];
  tierRules: TierRules = DEFAULT_TIER_RULES;
  rules: RecordRules = DEFAULT_RECORD_RULES;
  readonly #records = new Map<string, ContributorRecord>();

  record(account: string): ContributorRecord {
    let record = this.#records.get(account);
    if (record === undefined) this.#records.set(account, (record = new ContributorRecord()));
    return record;
  }

  /** Counts a contribution that landed on `today`. */
  land(account: string, { kind, units, quality, impact }: VerifiedContribution, today: number): ContributionOutcome {
    return this.count(account, kind, contributionValue(units, this.baseRates[kind] ?? 0n, impact), quality, today);
  }

  /** Counts what is worth `value`, a vote for example. */
  count(account: string, kind: number, value: bigint, quality: bigint, today: number): ContributionOutcome {
    const record = this.record(account);
    const counts = value >= this.rules.minCommitment;
    record.ring.land(today, kind, value, quality, counts);
    record.proofs++;
    const commitment = COMMITMENT_OF_KIND[kind];
    if (counts && commitment !== undefined) record.commitmentDays[commitment] = today;
    const { totals, score, averageQuality } = this.standingOf(account, today);
    const kept = score / SCORE_UNIT;
    record.score = kept < MAX_SCORE ? kept : MAX_SCORE;
    const update = this.#reschedule(record, today);
    const { vouchingFactor } = this.rules;
    return {
      ...update,
      capacityAdded: vouchingFactor * ((value * quality) / WAD),
      capacityLimit: vouchingFactor * totals.weighted * WEIGHTED_UNIT,
      value,
      score,
      averageQuality,
      tier: tierOnDay(update.schedule, today),
    };
  }

  /** Works out the schedule anew. */
  refresh(account: string, today: number): RecordUpdate {
    return this.#reschedule(this.record(account), today);
  }

  /**
   * Takes back a proof that was counted (RecordWithoutProof.sol), of an account that may lend `capacity` now. Its latest day's window
   * decides what is left; a tier that it does not carry ends the day before, without grace.
   */
  cancel(account: string, proof: CountedProof, capacity: bigint, today: number): RecordUpdate {
    const record = this.record(account);
    const { kind, value, quality, day, countedKind } = proof;
    const { disconnectionGraceDays, stakeCover, vouchingFactor } = this.rules;
    record.ring.takeOut(day, kind, value, quality, countedKind);
    const { lastDay } = record.ring;
    const commitment = COMMITMENT_OF_KIND[kind]!;
    if (countedKind && record.commitmentDays[commitment] === day) {
      const alike = (bucket: Bucket) => bucket.counts.some((count, k) => count > 0 && COMMITMENT_OF_KIND[k] === commitment);
      const age = record.ring.buckets(lastDay).findIndex(alike);
      record.commitmentDays[commitment] = age < 0 ? 0 : lastDay - age;
    }
    const { daysHeld, score } = this.standingOf(account, lastDay);
    const kept = score / SCORE_UNIT;
    record.score = kept < MAX_SCORE ? kept : MAX_SCORE;
    const cut = (old: number, held: number) =>
      Math.min(old, held > 0 ? lastDay + held - 1 + disconnectionGraceDays : lastDay - 1);
    record.schedule = {
      basicThrough: cut(record.schedule.basicThrough, daysHeld[0]),
      activeThrough: cut(record.schedule.activeThrough, daysHeld[1]),
      powerThrough: cut(record.schedule.powerThrough, daysHeld[2]),
    };
    record.basicSince = today;
    const lent = vouchingFactor * ((value * quality) / WAD);
    return {
      schedule: record.schedule,
      capacityAdded: 0n,
      capacityLimit: capacity > lent ? capacity - lent : 0n,
      graceUntil: 0,
      commitmentDays: [...record.commitmentDays],
      cover: stakeCover * record.score * SCORE_UNIT,
    };
  }

  /** Score, mean quality and tier that the last 30 days support. */
  standingOf(account: string, today: number) {
    const found = this.#standing(this.record(account), today);
    return { ...found, ...scoreOf(found.totals, this.tierRules) };
  }

  /** Day since which BASIC holds without interruption; 0 when it does not hold on `today`. */
  basicSince(account: string, today: number): number {
    const { schedule, basicSince } = this.record(account);
    return schedule.basicThrough < today ? 0 : basicSince;
  }

  /** Stake that the latest proof's score covers. */
  coverOf(account: string): bigint {
    return this.rules.stakeCover * this.record(account).score * SCORE_UNIT;
  }

  #reschedule(record: ContributorRecord, today: number): RecordUpdate {
    const { newcomerGraceDays, disconnectionGraceDays, stakeCover } = this.rules;
    const old = record.schedule;
    const schedule = nextSchedule(old, this.#standing(record, today), today, disconnectionGraceDays);
    let graceUntil = 0;
    if (old.basicThrough < today && schedule.basicThrough >= today) {
      if (record.basicSince === 0 && newcomerGraceDays !== 0) graceUntil = today + newcomerGraceDays;
      record.basicSince = today;
    }
    record.schedule = schedule;
    return {
      schedule,
      capacityAdded: 0n,
      capacityLimit: MAX_UINT256,
      graceUntil,
      commitmentDays: [...record.commitmentDays],
      cover: stakeCover * record.score * SCORE_UNIT,
    };
  }

  #standing(record: ContributorRecord, today: number) {
    return standing(record.ring.buckets(today), this.tierRules);
  }
}

/** What a vote is worth that `votes` were cast with, of a voter who proved `proven` in 30 days (value times quality; wei all). */
export function voteValue(votes: bigint, baseRate: bigint, proven: bigint): bigint {
  return [votes / 1000n, baseRate, proven / 10n].reduce((least, one) => (one < least ? one : least));
}
