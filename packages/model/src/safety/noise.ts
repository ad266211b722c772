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

/** What can be asked of a vote that passed. */
export interface Passed {
  isStopped(now: bigint): boolean;
  takesBallots(now: bigint): boolean;
}

const NONE: Count = { since: 0n, suspendedSec: 0n, triggers: 0 };
const runs = ({ since }: Count, now: bigint) => since !== 0n && now < since + NOISE_WINDOW;

/** Triggers of one kind that led to no passed vote. */
export class Repetitions {
  /** With all triggers of `#emergency`, whatever they led to. */
  #count = NONE;
  /** Without them. */
  #before = NONE;
  /** Votes of `#emergency` on the kind's actions that passed. */
  #passed: Passed[] = [];
  #emergency = 0n;
  suspendedUntil = 0n;

  /** What counts for a trigger in `emergency`. In a later one a vote that may still be stopped does not help. */
  #counted(emergency: bigint, now: bigint): Count {
    const later = emergency !== this.#emergency;
    const stands = this.#passed.some((vote) => !vote.isStopped(now) && !(later && vote.takesBallots(now)));
    return stands ? this.#before : this.#count;
  }

  at(now: bigint): Count {
    const count = this.#counted(this.#emergency, now);
    return runs(count, now) ? count : NONE;
  }

  bondFor(emergency: bigint, now: bigint): bigint {
    const count = this.#counted(emergency, now);
    if (!runs(count, now) || count.triggers === 0) return 0n;
    return FIRST_BOND << BigInt(Math.min(count.triggers - 1, MOST_DOUBLINGS));
  }

  /** A trigger in `emergency` whose votes take `lifeSec`; until when it suspends adjustments. */
  note(emergency: bigint, lifeSec: bigint, now: bigint): bigint {
    const left = smaller(larger(this.suspendedUntil - now, 0n), MOST_SUSPENDED);
    if (this.#emergency !== emergency) this.#count = this.#counted(emergency, now);
    if (!runs(this.#count, now)) this.#count = { since: 0n, suspendedSec: left, triggers: 0 };
    if (this.#emergency !== emergency) [this.#emergency, this.#before, this.#passed] = [emergency, this.#count, []];
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

  notePassed(emergency: bigint, vote: Passed): void {
    if (this.#emergency === emergency) this.#passed.push(vote);
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

  /**
   * Until when it lasts that lasts until `current` and should until `wanted`; undefined when nothing may be added. `motion` 0 is the
   * guardian, who only lengthens.
   */
  grant(motion: bigint, current: bigint, wanted: bigint, now: bigint): bigint | undefined {
    const from = larger(current, now);
    const fresh = this.#since === 0n || now >= this.#since + EFFECT_WINDOW;
    const used = fresh ? from - now : this.usedSec;
    const until = smaller(wanted, from + MOST_USED - used);
    if (until <= from) return undefined;
    if (fresh) this.#since = now;
    this.usedSec = used + until - from;
    if (motion !== 0n) [this.startedAt, this.startedBy] = [now, motion];
    return until;
  }

  giveBack(current: bigint, now: bigint): void {
    this.usedSec = larger(this.usedSec - (current - now), 0n);
  }

  restart(now: bigint): void {
    [this.#since, this.usedSec, this.startedAt, this.startedBy] = [0n, 0n, now, 0n];
  }
}
