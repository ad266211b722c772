/** Daily buckets of contributions, as ContributionWindow.sol packs them. */

/** Days in the window. */
export const SCORE_DAYS = 30;
export const MAX_PROOFS_PER_DAY = 127;
/** One step of a bucket's weighted value, in wei. */
export const WEIGHTED_UNIT = 10n ** 12n;
/** One step of a bucket's quality, in WAD. */
export const QUALITY_UNIT = 10n ** 15n;

const RING_DAYS = 32;
const MAX_WEIGHTED = (1n << 32n) - 1n;

/** Sums over the proofs of one day, or of several. */
export interface Totals {
  /** Bit k: a proof of kind k. */
  kinds: bigint;
  /** Value times quality, in 1e-6 FTNS. */
  weighted: bigint;
  proofs: bigint;
  /** Qualities, in thousandths. */
  quality: bigint;
}

export const NO_PROOFS: Totals = { kinds: 0n, weighted: 0n, proofs: 0n, quality: 0n };

export function sum(a: Totals, b: Totals): Totals {
  return {
    kinds: a.kinds | b.kinds,
    weighted: a.weighted + b.weighted,
    proofs: a.proofs + b.proofs,
    quality: a.quality + b.quality,
  };
}

/** `bucket` with one proof more; what is weighted stays at its limit once there. */
export function withProof(bucket: Totals, kind: number, weightedWei: bigint, quality: bigint): Totals {
  const added = sum(bucket, {
    kinds: 1n << BigInt(kind),
    weighted: weightedWei / WEIGHTED_UNIT,
    proofs: 1n,
    quality: quality / QUALITY_UNIT,
  });
  return { ...added, weighted: added.weighted < MAX_WEIGHTED ? added.weighted : MAX_WEIGHTED };
}

/** 64 bits: kinds 8 | weighted 32 | proofs 7 | quality 17. */
export function packBucket({ kinds, weighted, proofs, quality }: Totals): bigint {
  return (kinds << 56n) | (weighted << 24n) | (proofs << 17n) | quality;
}

/**
 * The 32 latest days on which something could have landed. A day keeps its place in the ring until another takes it, so
 * places hold dead buckets too; `occupied` says which are alive: bit `a` stands for the day `a` days before `lastDay`.
 */
export class ContributionRing {
  lastDay = 0;
  occupied = 0n;
  readonly #places: Totals[] = Array.from({ length: RING_DAYS }, () => NO_PROOFS);

  /** `occupied` as seen on day `today`. */
  occupiedOn(today: number): bigint {
    const elapsed = today - this.lastDay;
    return elapsed < RING_DAYS ? BigInt.asUintN(RING_DAYS, this.occupied << BigInt(elapsed)) : 0n;
  }

  /** Buckets of the window that ends with `today`, newest first. */
  buckets(today: number): Totals[] {
    const occupied = this.occupiedOn(today);
    return Array.from({ length: SCORE_DAYS }, (_, age) => ((occupied >> BigInt(age)) & 1n ? this.#at(today - age) : NO_PROOFS));
  }

  /** Lands a proof on `today`. */
  land(today: number, kind: number, weightedWei: bigint, quality: bigint): void {
    const [bucket = NO_PROOFS] = this.buckets(today);
    if (bucket.proofs === BigInt(MAX_PROOFS_PER_DAY)) throw new Error(`already ${MAX_PROOFS_PER_DAY} proofs today`);
    this.#places[today % RING_DAYS] = withProof(bucket, kind, weightedWei, quality);
    this.occupied = this.occupiedOn(today) | 1n;
    this.lastDay = today;
  }

  /** The eight words as stored. */
  words(): bigint[] {
    return Array.from({ length: RING_DAYS / 4 }, (_, word) =>
      this.#places
        .slice(word * 4, word * 4 + 4)
        .reduce((packed, bucket, lane) => packed | (packBucket(bucket) << BigInt(lane * 64)), 0n),
    );
  }

  #at(day: number): Totals {
    return this.#places[day % RING_DAYS] ?? NO_PROOFS;
  }
}
