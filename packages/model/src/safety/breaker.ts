// The breaker from a trigger to the end of what it led to, as CircuitBreaker and EmergencyGovernor have it. What other contracts
// say (whether a condition holds, who staked how much, how many seconds had a price) is told with each act.
import { Refused } from "../refused.ts";
import { MAX_MARKET_AGE } from "./conditions.ts";
import { EffectUses, Repetitions } from "./noise.ts";
import { ACTIONS, type Action, TRIGGERS, type Trigger } from "./triggers.ts";
import { type Ballot, EmergencyVote, EXECUTION_WINDOW, OBJECTION_PERIOD, VOTING_PERIOD } from "./votes.ts";

const WAD = 10n ** 18n;
const HOUR = 3_600n;
const DAY = 86_400n;
export const SNAPSHOT_AGE = 48n * HOUR;
/** The time over which failures are counted. */
const COUNTED_TIME = HOUR;
export const CONFIRM_AFTER = HOUR;
export const CONFIRM_BEFORE = 2n * HOUR;

export const ACTIONS_OF: Record<Trigger, readonly Action[]> = {
  PRICE_CRASH: ["PAUSE_ADJUSTMENTS", "HALT_TRANSACTIONS"],
  LIQUIDITY_CRISIS: ["PAUSE_ADJUSTMENTS"],
  NETWORK_ATTACK: ["HALT_TRANSACTIONS", "RECOVERY_MODE"],
  GOVERNANCE_DEADLOCK: ["RATE_RESET"],
};
/** From passing to execution, and how long the effect lasts (seconds). */
export const DELAYS: Record<Action, bigint> = {
  PAUSE_ADJUSTMENTS: 0n,
  HALT_TRANSACTIONS: 0n,
  RATE_RESET: 6n * HOUR,
  RECOVERY_MODE: 12n * HOUR,
};
export const LIMITS: Record<Action, bigint> = {
  PAUSE_ADJUSTMENTS: 14n * DAY,
  HALT_TRANSACTIONS: 72n * HOUR,
  RATE_RESET: 0n,
  RECOVERY_MODE: 7n * DAY,
};

export interface Motion {
  id: bigint;
  action: Action;
  ending: boolean;
  madeAt: bigint;
  /** The emergency in which it was made, and the time before which votes and tiers count (seconds). */
  emergency: bigint;
  since: bigint;
  vote: EmergencyVote;
}

export interface Bond {
  owner: string;
  amount: bigint;
  kind: Trigger;
  postedAt: bigint;
  dueAt: bigint;
  motions: readonly (Motion | undefined)[];
}

/** The time, and what the history says of it. */
export interface Moment {
  now: bigint;
  /** Seconds whose price is known since the history began. */
  covered: bigint;
}

export interface Pulled extends Moment {
  met: boolean;
  /** Only for NETWORK_ATTACK: a halt may have caused what failed. */
  ofHalt: boolean;
  caller: string;
  /** What the caller has locked towards the breaker (FTNS). */
  locked: bigint;
  /** What was staked at a time. */
  stakedAt: (time: bigint) => bigint;
}

/** Whether a halt that ended (or ends) at `haltedUntil` may have caused the failures that a report of `observedAt` counts. */
export function mayBeOfHalt(haltedUntil: bigint, observedAt: bigint, now: bigint): boolean {
  const clearFrom = haltedUntil + COUNTED_TIME;
  if (now >= clearFrom + MAX_MARKET_AGE) return false;
  return now < clearFrom || observedAt < clearFrom;
}

const byAction = <T>(value: (action: Action) => T) =>
  Object.fromEntries(ACTIONS.map((action) => [action, value(action)])) as Record<Action, T>;
const larger = (a: bigint, b: bigint) => (a > b ? a : b);
const lifeOf = (action: Action, unlessOpposed: boolean) =>
  (unlessOpposed ? OBJECTION_PERIOD : VOTING_PERIOD) + DELAYS[action] + EXECUTION_WINDOW;

export class BreakerModel {
  id = 0n;
  openedAt = 0n;
  openUntil = 0n;
  suspendUntil = 0n;
  /** What of it needs no vote that passed. */
  noiseUntil = 0n;
  haltVoteUntil = 0n;
  triggers = new Set<Trigger>();
  actions = new Set<Action>();
  /** Whose vote passed in this emergency and was not said to be stopped. */
  passed = new Set<Action>();
  motions: Motion[] = [];
  bonds: Bond[] = [];
  guardianArmed = true;
  minSupporters = 5;
  readonly shares = byAction((action) => (BigInt(10 + 5 * ACTIONS.indexOf(action)) * WAD) / 100n);
  readonly until = byAction(() => 0n);
  readonly uses = byAction(() => new EffectUses());
  readonly noise = Object.fromEntries(TRIGGERS.map((kind) => [kind, new Repetitions()])) as Record<Trigger, Repetitions>;
  readonly bonded = new Map<string, bigint>();
  readonly #starts = byAction(() => undefined as { motion: Motion; until: bigint } | undefined);
  readonly #ends = byAction(() => undefined as Motion | undefined);

  isOpen(now: bigint): boolean {
    return now < this.openUntil;
  }

  /** Until when adjustments are suspended (seconds). */
  get suspendedUntil(): bigint {
    return larger(this.suspendUntil, larger(this.until.PAUSE_ADJUSTMENTS, this.until.RECOVERY_MODE));
  }

  #opensNew(now: bigint): boolean {
    return !this.isOpen(now) || now > this.openedAt + SNAPSHOT_AGE;
  }

  /** Actions of `kind` that go to the vote now. */
  #toOpen(kind: Trigger, { now, covered }: Moment): Action[] {
    const opens = this.#opensNew(now);
    return ACTIONS_OF[kind].filter((action) => {
      const last = this.#starts[action];
      const isIn = !opens && this.actions.has(action);
      if (isIn) return last!.motion.vote.outcome(now, covered) === "lapsed";
      const objecting = action === "RATE_RESET" && last !== undefined && last.until > now;
      return !objecting || last.motion.vote.outcome(now, covered) !== "open";
    });
  }

  /** Whether a trigger would be taken if its condition is met, and the bond that it takes. */
  canTrigger(kind: Trigger, ofHalt: boolean, moment: Moment): { taken: boolean; bond: bigint } {
    const opens = this.#opensNew(moment.now);
    const repeats = opens || this.triggers.has(kind);
    const changes = this.#toOpen(kind, moment).length > 0 || !repeats;
    const bond = this.noise[kind].bondFor(opens ? this.id + 1n : this.id, moment.now);
    return { taken: changes && !(kind === "NETWORK_ATTACK" && ofHalt), bond };
  }

  trigger(kind: Trigger, pulled: Pulled): Motion[] {
    const { now, covered } = pulled;
    if (!pulled.met) throw new Refused("TriggerNotMet");
    if (kind === "NETWORK_ATTACK" && pulled.ofHalt) throw new Refused("FailuresOfHalt");
    const opens = this.#opensNew(now);
    const added = this.#toOpen(kind, pulled);
    if (added.length === 0 && (opens || this.triggers.has(kind))) throw new Refused("TriggerAlreadyRecorded");
    const bond = this.noise[kind].bondFor(opens ? this.id + 1n : this.id, now);
    if (bond > pulled.locked - (this.bonded.get(pulled.caller) ?? 0n)) throw new Refused("BondNeeded");

    if (opens) {
      [this.id, this.openedAt, this.haltVoteUntil] = [this.id + 1n, now, 0n];
      [this.triggers, this.actions, this.passed] = [new Set(), new Set(), new Set()];
      this.suspendUntil = this.noiseUntil;
    }
    this.triggers.add(kind);
    for (const action of added) this.actions.add(action);
    const unlessOpposed = kind === "GOVERNANCE_DEADLOCK";
    const lifeSec = added.map((action) => lifeOf(action, unlessOpposed)).reduce(larger, 0n);
    this.openUntil = larger(this.openUntil, now + lifeSec);
    this.noiseUntil = larger(this.noiseUntil, this.noise[kind].note(this.id, lifeSec, now));
    const vindicated = ACTIONS_OF[kind].some((action) => this.passed.has(action));
    this.suspendUntil = larger(this.suspendUntil, vindicated ? this.openUntil : this.noiseUntil);
    if (added.includes("HALT_TRANSACTIONS")) this.haltVoteUntil = now + VOTING_PERIOD;
    const made = ACTIONS.filter((action) => added.includes(action)).map((action) => {
      const motion = this.#move(action, false, this.openedAt, unlessOpposed, pulled.stakedAt(this.openedAt - 1n), {
        now,
        covered,
      });
      this.#starts[action] = { motion, until: now + lifeOf(action, unlessOpposed) };
      return motion;
    });
    if (bond > 0n) {
      this.bonded.set(pulled.caller, (this.bonded.get(pulled.caller) ?? 0n) + bond);
      const dueAt = now + (unlessOpposed ? OBJECTION_PERIOD : VOTING_PERIOD);
      const motions = ACTIONS_OF[kind].map((action) => this.#starts[action]?.motion);
      this.bonds.push({ owner: pulled.caller, amount: bond, kind, postedAt: now, dueAt, motions });
    }
    return made;
  }

  #move(action: Action, ending: boolean, since: bigint, unlessOpposed: boolean, staked: bigint, moment: Moment): Motion {
    const vote = new EmergencyVote({
      staked,
      supportShare: this.shares[action],
      minSupporters: this.minSupporters,
      delaySec: DELAYS[action],
      unlessOpposed,
      openedAt: moment.now,
      coveredSec: moment.covered,
    });
    const motion = { id: BigInt(this.motions.length + 1), action, ending, madeAt: moment.now, emergency: this.id, since, vote };
    this.motions.push(motion);
    return motion;
  }

  /** The motion that is named for starting (or ending) `action`. */
  voteOn(action: Action, ending: boolean, { now, covered }: Moment): Motion | undefined {
    if (ending) {
      const motion = this.#lastEnd(action);
      return motion?.vote.outcome(now, covered) === "open" ? motion : undefined;
    }
    const last = this.#starts[action];
    const named = (this.isOpen(now) && this.actions.has(action)) || (last?.until ?? 0n) > now;
    return named ? last?.motion : undefined;
  }

  /** The last motion to end `action`, unless it was made before what is in effect. */
  #lastEnd(action: Action): Motion | undefined {
    const motion = this.#ends[action];
    return motion !== undefined && motion.madeAt >= this.uses[action].startedAt ? motion : undefined;
  }

  cast(motion: Motion, ballot: Ballot, now: bigint): void {
    if (motion.vote.cast(ballot, now) && !motion.ending) this.#notePassed(motion, now);
  }

  #notePassed({ emergency, action, vote }: Motion, now: bigint): void {
    for (const kind of TRIGGERS) if (ACTIONS_OF[kind].includes(action)) this.noise[kind].notePassed(emergency, vote);
    if (emergency !== this.id || !this.isOpen(now)) return;
    this.passed.add(action);
    this.suspendUntil = this.openUntil;
  }

  execute(motion: Motion, moment: Moment): void {
    const { now, covered } = moment;
    const { action, ending, vote } = motion;
    if (!vote.mayExecute(now, covered)) {
      const waits = !vote.executed && !vote.isStopped(now) && now < vote.executeBefore && vote.executableAt(now, covered) > now;
      throw new Refused(waits ? "NotExecutableYet" : "GovernorUnexpectedProposalState");
    }
    if (ending) {
      if (motion !== this.#lastEnd(action)) throw new Refused("EffectRenewed");
      this.#endForVoters(action, now);
    } else {
      const until = action === "RATE_RESET" ? 0n : this.#start(action, motion.id, now + LIMITS[action], now);
      if (vote.terms.unlessOpposed) this.#notePassed(motion, now);
      this.until[action] = until;
    }
    vote.executed = true;
  }

  #start(action: Action, motion: bigint, wanted: bigint, now: bigint): bigint {
    const until = this.uses[action].grant(motion, this.until[action], wanted, now);
    if (until === undefined) throw new Refused("EffectUsedUp");
    return until;
  }

  startAnew(motion: Motion, { now, covered }: Moment): void {
    if (!motion.vote.canStartAnew(now, covered)) throw new Refused("NotToStartAnew");
    const last = this.#starts.RATE_RESET;
    if (last?.motion !== motion) throw new Refused("MotionSuperseded");
    motion.vote.startAnew(now, covered);
    last.until = motion.vote.executeBefore;
    this.openUntil = larger(this.openUntil, last.until);
  }

  proposeEnd(action: Action, staked: bigint, moment: Moment): Motion {
    if (this.until[action] <= moment.now) throw new Refused("NotInEffect");
    if (this.voteOn(action, true, moment) !== undefined) throw new Refused("EndAlreadyProposed");
    const motion = this.#move(action, true, moment.now, false, staked, moment);
    this.#ends[action] = motion;
    return motion;
  }

  endOpposed(action: Action, now: bigint): void {
    const motion = this.opposedMotion(action, now);
    if (motion === undefined) throw new Refused("NotOpposed");
    if (this.passed.has(action) && motion === this.#starts[action]?.motion) {
      this.passed.delete(action);
      if (this.passed.size === 0) this.suspendUntil = this.noiseUntil;
    }
    if (this.until[action] > now && this.uses[action].startedBy === motion.id) this.#endForVoters(action, now);
  }

  /** What voters stopped, and what it started or suspends still lasts. */
  opposedMotion(action: Action, now: bigint): Motion | undefined {
    const by = this.motions[Number(this.uses[action].startedBy) - 1];
    if (this.until[action] > now && by?.vote.isStopped(now)) return by;
    const last = this.#starts[action]?.motion;
    return this.isOpen(now) && this.passed.has(action) && last?.vote.isStopped(now) ? last : undefined;
  }

  #endForVoters(action: Action, now: bigint): void {
    this.end(action, now);
    if (action === "HALT_TRANSACTIONS") this.guardianArmed = false;
  }

  guardianHalt(moment: Moment): void {
    const { now, covered } = moment;
    if (!this.guardianArmed) throw new Refused("GuardianNotArmed");
    const motion = this.#starts.HALT_TRANSACTIONS?.motion;
    const open = motion?.vote.outcome(now, covered) === "open";
    if (!this.isOpen(now) || this.haltVoteUntil <= now || !open) throw new Refused("NothingToBridge");
    const halted = this.until.HALT_TRANSACTIONS;
    if (halted >= this.haltVoteUntil) throw new Refused("AlreadyInEffect");
    // A halt of its own is the vote's that it bridges the time to.
    const by = halted > now ? 0n : motion!.id;
    this.until.HALT_TRANSACTIONS = this.#start("HALT_TRANSACTIONS", by, this.haltVoteUntil, now);
    this.guardianArmed = false;
  }

  /** The ordinary governor's. */
  impose(action: Action, now: bigint): void {
    this.uses[action].restart(now);
    this.until[action] = action === "RATE_RESET" ? 0n : now + LIMITS[action];
  }

  end(action: Action, now: bigint): void {
    if (this.until[action] <= now) throw new Refused("NotInEffect");
    this.uses[action].giveBack(this.until[action], now);
    this.until[action] = now;
  }

  /** Whether bond number `id` was slashed. `holds`: its condition holds now as it did then. */
  settleBond(id: bigint, holds: boolean, { now, covered }: Moment): boolean {
    const bond = this.bonds[Number(id) - 1];
    if (bond === undefined || bond.amount === 0n) throw new Refused("UnknownBond");
    if (now < bond.postedAt + CONFIRM_AFTER) throw new Refused("BondNotDue");
    const confirmed = now < bond.postedAt + CONFIRM_BEFORE && holds;
    const justified = confirmed || bond.motions.some((motion) => motion?.vote.foundSupport(now, covered));
    if (!justified && now <= bond.dueAt) throw new Refused("BondNotDue");
    this.bonded.set(bond.owner, this.bonded.get(bond.owner)! - bond.amount);
    bond.amount = 0n;
    return !justified;
  }
}
