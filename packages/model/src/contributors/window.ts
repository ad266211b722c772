/** Daily buckets of contributions, as ContributionWindow.sol packs them. */

/** Days in the window. */
export const SCORE_DAYS = 30;
export const MAX_PROOFS_PER_DAY = 63;
/** One step of a bucket's value, in wei. */
export const VALUE_UNIT = 10n ** 13n;
/** One step of quality, in WAD. */
export const QUALITY_UNIT = 10n ** 15n;
/** One step of a bucket's weighted value, in wei: a step of value times a step of quality. */
export const WEIGHTED_UNIT = 10n ** 10n;

const RING_DAYS = 32;
const BUCKETS_PER_WORD = 2;
const KINDS = 8;
/** A count of proofs of a kind stays here once there. */
const MAX_COUNT = 15;

/** The proofs of one day. */
export interface Bucket {
  /** Proofs worth enough to count their kind, by ContributionKind. */
  counts: readonly number[];
  /** Proofs of any worth. */
  proofs: bigint;
  /** 1e-5 FTNS. */
  value: bigint;
  /** Value times quality, in 1e-8 FTNS. */
  weighted: bigint;
}

/** Sums over several days. */
export interface Totals {
  /** Bit k: a proof of kind k was worth enough to count. */
  kinds: bigint;
  proofs: bigint;
  value: bigint;
  weighted: bigint;
}

export const NO_BUCKET: Bucket = { counts: new Array<number>(KINDS).fill(0), proofs: 0n, value: 0n, weighted: 0n };
export const NO_PROOFS: Totals = { kinds: 0n, proofs: 0n, value: 0n, weighted: 0n };

/** `totals` with the proofs of a day more. */
export function withDay(totals: Totals, { counts, proofs, value, weighted }: Bucket): Totals {
  const kinds = counts.reduce((bits, count, kind) => (count > 0 ? bits | (1n << BigInt(kind)) : bits), totals.kinds);
  return { kinds, proofs: totals.proofs + proofs, value: totals.value + value, weighted: totals.weighted + weighted };
}

/** `bucket` with one proof more. Its value is rounded down; its quality is in whole thousandths. */
export function withProof(bucket: Bucket, kind: number, valueWei: bigint, quality: bigint, countsKind: boolean): Bucket {
  const value = valueWei / VALUE_UNIT;
  return {
    counts: bucket.counts.map((count, k) => (k === kind && countsKind ? Math.min(count + 1, MAX_COUNT) : count)),
    proofs: bucket.proofs + 1n,
    value: bucket.value + value,
    weighted: bucket.weighted + value * (quality / QUALITY_UNIT),
  };
}

/** `bucket` without one of its proofs, given as it was put in. A count that has reached its end stays: nobody knows how many there were. */
export function withoutProof(bucket: Bucket, kind: number, valueWei: bigint, quality: bigint, countedKind: boolean): Bucket {
  const value = valueWei / VALUE_UNIT;
  return {
    counts: bucket.counts.map((count, k) => (k === kind && countedKind && count < MAX_COUNT ? count - 1 : count)),
    proofs: bucket.proofs - 1n,
    value: bucket.value - value,
    weighted: bucket.weighted - value * (quality / QUALITY_UNIT),
  };
}

/** 128 bits: counts 8 x 4, kind 0 lowest | proofs 6 | value 40 | weighted 50. */
export function packBucket({ counts, proofs, value, weighted }: Bucket): bigint {
  const packed = counts.reduce((word, count, kind) => word | (BigInt(count) << BigInt(4 * kind)), 0n);
  return (packed << 96n) | (proofs << 90n) | (value << 50n) | weighted;
}

/**
 * The 32 latest days on which something could have landed. A day keeps its place in the ring until another takes it, so
 * places hold dead buckets too; `occupied` says which are alive: bit `a` stands for the day `a` days before `lastDay`.
 */
export class ContributionRing {
  lastDay = 0;
  occupied = 0n;
  readonly #places: Bucket[] = Array.from({ length: RING_DAYS }, () => NO_BUCKET);

  /** `occupied` as seen on day `today`: of the window's days only, as older ones never count again. */
  occupiedOn(today: number): bigint {
    const elapsed = today - this.lastDay;
    return elapsed < SCORE_DAYS ? BigInt.asUintN(SCORE_DAYS, this.occupied << BigInt(elapsed)) : 0n;
  }

  /** Buckets of the window that ends with `today`, newest first. */
  buckets(today: number): Bucket[] {
    const occupied = this.occupiedOn(today);
    return Array.from({ length: SCORE_DAYS }, (_, age) => ((occupied >> BigInt(age)) & 1n ? this.#at(today - age) : NO_BUCKET));
  }

  /** Lands a proof on `today`. */
  land(today: number, kind: number, valueWei: bigint, quality: bigint, countsKind: boolean): void {
    const [bucket = NO_BUCKET] = this.buckets(today);
    if (bucket.proofs === BigInt(MAX_PROOFS_PER_DAY)) throw new Error(`already ${MAX_PROOFS_PER_DAY} proofs today`);
    this.#places[today % RING_DAYS] = withProof(bucket, kind, valueWei, quality, countsKind);
    this.occupied = this.occupiedOn(today) | 1n;
    this.lastDay = today;
  }

  /** Takes a proof of `day` out, if that is in the window of the latest day. */
  takeOut(day: number, kind: number, valueWei: bigint, quality: bigint, countedKind: boolean): void {
    const age = this.lastDay - day;
    if (age >= SCORE_DAYS) return;
    const bucket = withoutProof(this.#at(day), kind, valueWei, quality, countedKind);
    this.#places[day % RING_DAYS] = bucket;
    if (bucket.proofs === 0n) this.occupied &= ~(1n << BigInt(age));
  }

  /** The sixteen words as stored. */
  words(): bigint[] {
    return Array.from({ length: RING_DAYS / BUCKETS_PER_WORD }, (_, word) =>
      this.#places
        .slice(word * BUCKETS_PER_WORD, (word + 1) * BUCKETS_PER_WORD)
        .reduce((packed, bucket, lane) => packed | (packBucket(bucket) << BigInt(lane * 128)), 0n),
    );
  }

  #at(day: number): Bucket {
    return this.#places[day % RING_DAYS] ?? NO_BUCKET;
  }
}
