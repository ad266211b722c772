// What stands and why, by the test's own book-keeping: triggers, motions with their ballots, and effects. It reads nothing from the
// breaker: the model of the package counts, in the words of these lives, on what the book says of the votes.
import {
  ACTIONS as MODEL_ACTIONS,
  BreakerModel,
  type Action as ModelAction,
  mayBeOfHalt,
  type Motion as ModelMotion,
  type Trigger as ModelTrigger,
} from "@ftns/model";
import { DAY, dayOf, HOUR } from "../helpers/time.ts";
import type { VoteBook } from "./voteBook.ts";

export const ACTIONS = ["pause", "halt", "reset", "recovery"] as const;
export type Action = (typeof ACTIONS)[number];
export const TRIGGERS = ["crash", "illiquidity", "attack", "deadlock"] as const;
export type Trigger = (typeof TRIGGERS)[number];

const NAMES: Record<Action, ModelAction> = {
  pause: "PAUSE_ADJUSTMENTS",
  halt: "HALT_TRANSACTIONS",
  reset: "RATE_RESET",
  recovery: "RECOVERY_MODE",
};
const KINDS: Record<Trigger, ModelTrigger> = {
  crash: "PRICE_CRASH",
  illiquidity: "LIQUIDITY_CRISIS",
  attack: "NETWORK_ATTACK",
  deadlock: "GOVERNANCE_DEADLOCK",
};
/** From passing to execution (seconds): stopping is fast, everything else is slow. */
export const DELAY: Record<Action, bigint> = { pause: 0n, halt: 0n, reset: 6n * HOUR, recovery: 12n * HOUR };
/** Longest time for which an effect stands (seconds). A reset is done at once. */
export const LIMIT: Record<Action, bigint> = { pause: 14n * DAY, halt: 72n * HOUR, reset: 0n, recovery: 7n * DAY };
const SIDES = ["against", "for", "abstain"] as const;
const wordOf = (action: ModelAction) => ACTIONS[MODEL_ACTIONS.indexOf(action)]!;

/** A motion of the model, with the number under which the governor knows it and who has voted. */
export class Motion {
  readonly of: ModelMotion;
  readonly voters = new Set<string>();
  proposalId = 0n;

  constructor(of: ModelMotion) {
    this.of = of;
  }

  get action(): Action {
    return wordOf(this.of.action);
  }

  get ending(): boolean {
    return this.of.ending;
  }

  get madeAt(): bigint {
    return this.of.madeAt;
  }

  get executed(): boolean {
    return this.of.vote.executed;
  }

  /** When the deciding ballot was cast; what passes unless it is opposed has none. */
  get passedAt(): bigint | undefined {
    const { vote } = this.of;
    return vote.terms.unlessOpposed || vote.passedAt(0n, 0n) === 0n ? undefined : vote.passedAt(0n, 0n);
  }
}

export class EmergencyLog {
  readonly motions: Motion[] = [];
  /** Seconds whose price was known when this was last looked at. */
  covered = 0n;
  lastDeadlockAt = 0n;
  readonly #model = new BreakerModel();
  readonly #book: VoteBook;

  constructor(book: VoteBook) {
    this.#book = book;
  }

  get emergencyId(): bigint {
    return this.#model.id;
  }

  get openUntil(): bigint {
    return this.#model.openUntil;
  }

  get haltVoteUntil(): bigint {
    return this.#model.haltVoteUntil;
  }

  get suspendedUntil(): bigint {
    return this.#model.suspendedUntil;
  }

  get guardianArmed(): boolean {
    return this.#model.guardianArmed;
  }

  set guardianArmed(armed: boolean) {
    this.#model.guardianArmed = armed;
  }

  set minSupporters(supporters: number) {
    this.#model.minSupporters = supporters;
  }

  setShare(action: Action, share: bigint): void {
    this.#model.shares[NAMES[action]] = share;
  }

  untilOf(action: Action): bigint {
    return this.#model.until[NAMES[action]];
  }

  isOpen(now: bigint): boolean {
    return this.#model.isOpen(now);
  }

  stands(action: Action, now: bigint): boolean {
    return now < this.untilOf(action);
  }

  /** Whether a trigger that is met is taken of somebody who has locked nothing; `observedAt` of the latest report. */
  takes(trigger: Trigger, observedAt: bigint, now: bigint): boolean {
    const ofHalt = mayBeOfHalt(this.untilOf("halt"), observedAt, now);
    const { taken, bond } = this.#model.canTrigger(KINDS[trigger], ofHalt, { now, covered: this.covered });
    return taken && bond === 0n;
  }

  /** Notes that `trigger` was pulled; the motions that go to a vote for it. */
  triggered(trigger: Trigger, now: bigint): Motion[] {
    const made = this.#model.trigger(KINDS[trigger], {
      now,
      covered: this.covered,
      met: true,
      ofHalt: false,
      caller: "",
      locked: 0n,
      stakedAt: (time) => this.#book.totalAt(time),
    });
    if (trigger === "deadlock") this.lastDeadlockAt = now;
    return made.map((motion) => this.#keep(motion));
  }

  #keep(of: ModelMotion): Motion {
    const motion = new Motion(of);
    this.motions.push(motion);
    return motion;
  }

  mayProposeEnd(action: Action, now: bigint): boolean {
    return this.stands(action, now) && this.#model.voteOn(NAMES[action], true, { now, covered: this.covered }) === undefined;
  }

  endProposed(action: Action, now: bigint): Motion {
    return this.#keep(this.#model.proposeEnd(NAMES[action], this.#book.totalAt(now - 1n), { now, covered: this.covered }));
  }

  mayVote({ of, voters }: Motion, voter: string, now: bigint): boolean {
    return of.vote.takesBallots(now) && !voters.has(voter);
  }

  /** `basicSince`: the day since which the voter contributes, 0 = not. */
  voted({ of, voters }: Motion, voter: string, support: bigint, basicSince: bigint, now: bigint): void {
    voters.add(voter);
    const weight = this.#book.votesAt(voter, of.since - 1n);
    const contributor = basicSince !== 0n && basicSince < dayOf(of.since);
    this.#model.cast(of, { weight, side: SIDES[Number(support)]!, contributor }, now);
  }

  /** Why `motion` cannot be carried out now; undefined when it can. */
  refusal({ of, action, ending }: Motion, now: bigint): string | undefined {
    if (!of.vote.mayExecute(now, this.covered)) return "it has not passed, was stopped, or it is not the time for it";
    const uses = this.#model.uses[of.action];
    if (ending && !this.stands(action, now)) return "there is nothing to end";
    if (ending && uses.startedAt > of.madeAt) return "it was renewed since";
    const usable = action === "reset" || uses.mayGrant(this.untilOf(action), now + LIMIT[action], now);
    return ending || usable ? undefined : "it is used up";
  }

  executed({ of }: Motion, now: bigint): void {
    this.#model.execute(of, { now, covered: this.covered });
  }

  /** Whether more came to be against `action` than for it, and something of it lasts. */
  isOpposed(action: Action, now: bigint): boolean {
    return this.#model.opposedMotion(NAMES[action], now) !== undefined;
  }

  opposed(action: Action, now: bigint): void {
    this.#model.endOpposed(NAMES[action], now);
  }

  /** Moments around which a vote begins or ends to count, or an effect to stand. */
  edges(now: bigint): bigint[] {
    const votes = this.motions.flatMap(({ of: { vote } }) => {
      const { passedAt, opposedSince, deadline, terms } = { ...vote, passedAt: vote.passedAt(0n, 0n), deadline: vote.deadline };
      const delayed = terms.unlessOpposed || passedAt === 0n ? [] : [passedAt + terms.delaySec];
      const stopped = opposedSince === 0n ? [] : [opposedSince + HOUR];
      return [deadline, deadline + terms.delaySec, vote.executeBefore, ...delayed, ...stopped];
    });
    const until = ACTIONS.map((action) => this.untilOf(action));
    return [...votes, this.openUntil, this.#model.suspendUntil, ...until].filter((edge) => edge > now + 1n);
  }

  taken(action: Action, now: bigint): void {
    this.#model.impose(NAMES[action], now);
  }

  ended(action: Action, now: bigint): void {
    this.#model.end(NAMES[action], now);
  }

  mayBridge(now: bigint): boolean {
    const { guardianArmed, haltVoteUntil } = this.#model;
    const vote = this.#model.voteOn("HALT_TRANSACTIONS", false, { now, covered: this.covered })?.vote;
    const runs = this.isOpen(now) && now < haltVoteUntil && vote?.outcome(now, this.covered) === "open";
    return (
      guardianArmed &&
      runs &&
      this.untilOf("halt") < haltVoteUntil &&
      this.#model.uses.HALT_TRANSACTIONS.mayGrant(this.untilOf("halt"), haltVoteUntil, now)
    );
  }

  bridged(now: bigint): void {
    this.#model.guardianHalt({ now, covered: this.covered });
  }
}
