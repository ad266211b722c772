// How often a trigger may be pulled for nothing, and how long an action may be kept in effect, as Repetitions and Effects have it.

const HOUR = 3_600n;
const DAY = 86_400n;
export const NOISE_WINDOW = 14n * DAY;
export const MOST_SUSPENDED = 24n * HOUR;
export const FIRST_BOND = 1_000n * 10n ** 18n;
export const EFFECT_WINDOW = 60n * DAY;
export const MOST_USED = 30n * DAY;
const MOST_DOUBLINGS = 20;

const larger = (a: bigint, b: bigint) => (a > b ? a : b);
const smaller = (a: bigint, b: bigint) => (a < b ? a : b);

interface Count {
  /** Seconds; 0 = none. */
  since: bigint;
  suspendedSec: bigint;
  triggers: number;
}

/** Triggers of one kind that led to no passed vote. */
export class Repetitions {
  #count: Count = { since: 0n, suspendedSec: 0n, triggers: 0 };
  /** The same before the first trigger of `#emergency`. */
  #before: Count = { ...this.#count };
  #emergency = 0n;
  suspendedUntil = 0n;

  #runs(now: bigint): boolean {
    return this.#count.since !== 0n && now < this.#count.since + NOISE_WINDOW;
  }

  at(now: bigint): Count {
    return this.#runs(now) ? { ...this.#count } : { since: 0n, suspendedSec: 0n, triggers: 0 };
  }

  bondFor(now: bigint): bigint {
    if (!this.#runs(now) || this.#count.triggers === 0) return 0n;
    return FIRST_BOND << BigInt(Math.min(this.#count.triggers - 1, MOST_DOUBLINGS));
  }

  /** A trigger in `emergency` whose votes take `lifeSec`; until when it suspends adjustments. */
  note(emergency: bigint, lifeSec: bigint, now: bigint): bigint {
    const left = smaller(larger(this.suspendedUntil - now, 0n), MOST_SUSPENDED);
    if (!this.#runs(now)) this.#count = { since: 0n, suspendedSec: left, triggers: 0 };
    if (this.#emergency !== emergency) [this.#emergency, this.#before] = [emergency, { ...this.#count }];
    const from = larger(this.suspendedUntil, now);
    const until = smaller(larger(now + lifeSec, from), from + MOST_SUSPENDED - this.#count.suspendedSec);
    this.#count = {
      since: this.#count.since === 0n ? now : this.#count.since,
      suspendedSec: this.#count.suspendedSec + until - from,
      triggers: Math.min(this.#count.triggers + 1, 255),
    };
    this.suspendedUntil = until;
    return until;
  }

  forgive(emergency: bigint): void {
    if (this.#emergency === emergency) this.#count = { ...this.#before };
  }
}

/** How votes and the guardian have used one action. */
export class EffectUses {
  #since = 0n;
  usedSec = 0n;
  startedAt = 0n;
  /** Number of the motion; 0 = none. */
  startedBy = 0n;

  get usableAt(): bigint {
    return this.#since + EFFECT_WINDOW;
  }

  /** Whether votes may add to what lasts until `current`. */
  mayGrant(current: bigint, wanted: bigint, now: bigint): boolean {
    const fresh = this.#since === 0n || now >= this.#since + EFFECT_WINDOW;
    return wanted > larger(current, now) && (fresh || this.usedSec < MOST_USED);
  }

  /** Until when it lasts that lasts until `current` and should until `wanted`; undefined when nothing may be added. */
  grant(motion: bigint, current: bigint, wanted: bigint, now: bigint): bigint | undefined {
    const from = larger(current, now);
    const fresh = this.#since === 0n || now >= this.#since + EFFECT_WINDOW;
    const used = fresh ? from - now : this.usedSec;
    const until = smaller(wanted, from + MOST_USED - used);
    if (until <= from) return undefined;
    if (fresh) this.#since = now;
    this.usedSec = used + until - from;
    [this.startedAt, this.startedBy] = [now, motion];
    return until;
  }

  giveBack(current: bigint, now: bigint): void {
    this.usedSec = larger(this.usedSec - (current - now), 0n);
  }

  restart(now: bigint): void {
    [this.#since, this.usedSec, this.startedAt, this.startedBy] = [0n, 0n, now, 0n];
  }
}
