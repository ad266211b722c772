// When an emergency motion passes, is stopped, lapses or starts anew, as EmergencyGovernor and VoteCount have it.

const WAD = 10n ** 18n;
const HOUR = 3_600n;
/** Below this, shares are of this (FTNS, 18 decimals). */
export const VOTING_SUPPLY_FLOOR = 1_000_000n * WAD;
/** Seconds. */
export const VOTING_PERIOD = 6n * HOUR;
export const OBJECTION_PERIOD = 48n * HOUR;
export const EXECUTION_WINDOW = 6n * HOUR;
export const OPPOSITION_TIME = HOUR;
export const MOST_UNCOVERED = 8n * HOUR;
export const MOST_RESTARTS = 3;

export interface Ballot {
  weight: bigint;
  side: "for" | "against" | "abstain";
  /** Of tier BASIC or higher today and without interruption since before the trigger's day. */
  contributor: boolean;
}

export interface MotionTerms {
  /** Staked at the snapshot, without what never votes (FTNS, 18 decimals). */
  staked: bigint;
  /** WAD. */
  supportShare: bigint;
  minSupporters: number;
  /** From passing to execution (seconds). */
  delaySec: bigint;
  unlessOpposed: boolean;
  /** When the vote opened (seconds). */
  openedAt: bigint;
  /** Seconds whose price was known then, since the history began. */
  coveredSec: bigint;
}

export type Outcome = "open" | "lapsed" | "stopped" | "executed";

/** Shares round up: it takes a wei more, not less. */
const shareUp = (supply: bigint, share: bigint) => (supply * share + WAD - 1n) / WAD;
const smaller = (a: bigint, b: bigint) => (a < b ? a : b);

/** One vote. `now` is the time (seconds); `covered` what `coveredSec` has become. */
export class EmergencyVote {
  readonly terms: MotionTerms;
  /** FTNS that it takes, that a deciding supporter has, that stop what passes unless it is opposed, and that are worth a call. */
  readonly needed: bigint;
  readonly supporterStake: bigint;
  readonly oppositionLimit: bigint;
  readonly noticed: bigint;
  support = 0n;
  inFavour = 0n;
  opposition = 0n;
  supporters = 0;
  executed = false;
  restarts = 0;
  /** Seconds; 0 = not. */
  opposedSince = 0n;
  #passedAt = 0n;
  #addedSec = 0n;
  #startedAt: bigint;
  #coveredSec: bigint;

  constructor(terms: MotionTerms) {
    const supply = terms.staked > VOTING_SUPPLY_FLOOR ? terms.staked : VOTING_SUPPLY_FLOOR;
    this.terms = terms;
    this.needed = terms.unlessOpposed ? 0n : shareUp(supply, terms.supportShare);
    this.supporterStake = shareUp(supply, WAD / 1_000n);
    this.oppositionLimit = shareUp(supply, WAD / 100n);
    this.noticed = shareUp(supply, WAD / 20n);
    this.#startedAt = terms.openedAt;
    this.#coveredSec = terms.coveredSec;
  }

  /** Until when it may pass. */
  get #periodEnd(): bigint {
    return this.#startedAt + (this.terms.unlessOpposed ? OBJECTION_PERIOD : VOTING_PERIOD);
  }

  /** Last second for ballots: what passed, or turned in its favour, late takes them for an hour. */
  get deadline(): bigint {
    return this.#periodEnd + this.#addedSec;
  }

  #addTime(now: bigint): void {
    const late = now + OPPOSITION_TIME - this.#periodEnd;
    this.#addedSec = late < 0n ? 0n : smaller(late, EXECUTION_WINDOW);
  }

  get executeBefore(): bigint {
    return this.#periodEnd + this.terms.delaySec + EXECUTION_WINDOW;
  }

  takesBallots(now: bigint): boolean {
    return now <= this.deadline;
  }

  /** Whether this ballot made it pass. */
  cast({ weight, side, contributor }: Ballot, now: bigint): boolean {
    if (side === "against") this.opposition += weight;
    if (side === "for") this.inFavour += weight;
    if (this.terms.unlessOpposed) return false;
    if (side === "for" && weight > 0n) {
      this.support += smaller(weight, this.needed / 2n);
      if (contributor && weight >= this.supporterStake) this.supporters++;
    }
    if (this.#passedAt !== 0n) {
      this.#oppose(now);
      return false;
    }
    const enough = this.support >= this.needed && this.support > this.opposition;
    if (!enough || this.supporters < this.terms.minSupporters) return false;
    this.#passedAt = now;
    this.#addTime(now);
    return true;
  }

  /** Since when more are against it than for it. What has lasted for an hour is decided. */
  #oppose(now: bigint): void {
    const exceeds = this.opposition > this.support;
    if (this.opposedSince === 0n) this.opposedSince = exceeds ? now : 0n;
    else if (!exceeds && now < this.opposedSince + OPPOSITION_TIME) {
      this.opposedSince = 0n;
      this.#addTime(now);
    }
  }

  isStopped(now: bigint): boolean {
    return this.opposedSince !== 0n && (now >= this.opposedSince + OPPOSITION_TIME || now > this.deadline);
  }

  /** When it passed (seconds); 0 = it has not. */
  passedAt(now: bigint, covered: bigint): bigint {
    if (!this.terms.unlessOpposed) return this.#passedAt;
    const passes = now > this.deadline && this.opposition < this.oppositionLimit && !this.#stoodStill(now, covered);
    return passes ? this.deadline : 0n;
  }

  executableAt(now: bigint, covered: bigint): bigint {
    const passedAt = this.passedAt(now, covered);
    return passedAt === 0n ? 0n : passedAt + this.terms.delaySec;
  }

  mayExecute(now: bigint, covered: bigint): boolean {
    const at = this.executableAt(now, covered);
    return !this.executed && at !== 0n && at <= now && now < this.executeBefore && !this.isStopped(now);
  }

  outcome(now: bigint, covered: bigint): Outcome {
    if (this.isStopped(now)) return "stopped";
    if (this.executed) return "executed";
    if (this.takesBallots(now) || this.canStartAnew(now, covered)) return "open";
    return this.passedAt(now, covered) !== 0n && now < this.executeBefore ? "open" : "lapsed";
  }

  foundSupport(now: bigint, covered: bigint): boolean {
    const support = this.terms.unlessOpposed ? this.inFavour : this.support;
    return this.passedAt(now, covered) !== 0n || support >= this.noticed;
  }

  #stoodStill(now: bigint, covered: bigint): boolean {
    return now - this.#startedAt > this.#grown(covered) + MOST_UNCOVERED;
  }

  #grown(covered: bigint): bigint {
    return covered > this.#coveredSec ? covered - this.#coveredSec : 0n;
  }

  canStartAnew(now: bigint, covered: bigint): boolean {
    if (!this.terms.unlessOpposed || this.executed || now <= this.deadline) return false;
    if (this.restarts === MOST_RESTARTS || this.opposition >= this.oppositionLimit) return false;
    const inTime = now < this.executeBefore || this.#grown(covered) < OBJECTION_PERIOD - MOST_UNCOVERED;
    return inTime && this.#stoodStill(now, covered);
  }

  startAnew(now: bigint, covered: bigint): void {
    this.restarts++;
    this.#startedAt = now;
    this.#coveredSec = covered;
  }
}
