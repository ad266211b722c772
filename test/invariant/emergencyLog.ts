// What stands and why, by the test's own book-keeping: triggers, motions with their ballots, and effects. It reads nothing
// from the breaker and follows the specification's numbers, so that whatever stands without its vote shows as a difference.
import { DAY, HOUR } from "../helpers/time.ts";
import type { VoteBook } from "./voteBook.ts";

const WAD = 10n ** 18n;
const VOTE = 6n * HOUR;
/** From the end of a vote and its delay, the time to execute what passed. */
const WINDOW = 6n * HOUR;
const OPPOSITION_SHARE = WAD / 20n;

export const ACTIONS = ["pause", "halt", "reset", "recovery"] as const;
export type Action = (typeof ACTIONS)[number];
export const TRIGGERS = ["crash", "illiquidity", "attack", "deadlock"] as const;
export type Trigger = (typeof TRIGGERS)[number];

const ACTIONS_OF: Record<Trigger, readonly Action[]> = {
  crash: ["pause", "halt"],
  illiquidity: ["pause"],
  attack: ["halt", "recovery"],
  deadlock: ["reset"],
};
/** From passing to execution (seconds): stopping is fast, everything else is slow. */
export const DELAY: Record<Action, bigint> = { pause: 0n, halt: 0n, reset: 6n * HOUR, recovery: 12n * HOUR };
/** Longest time for which an effect stands (seconds). A reset is done at once. */
export const LIMIT: Record<Action, bigint> = { pause: 14n * DAY, halt: 72n * HOUR, reset: 0n, recovery: 7n * DAY };

const spanOf = (action: Action) => VOTE + DELAY[action] + WINDOW;
const largest = (amounts: bigint[]) => amounts.reduce((most, amount) => (amount > most ? amount : most), 0n);
const shareUp = (amount: bigint, share: bigint) => (amount * share + WAD - 1n) / WAD;

export interface Motion {
  proposalId: bigint;
  action: Action;
  ending: boolean;
  madeAt: bigint;
  unlessOpposed: boolean;
  needed: bigint;
  opposable: bigint;
  minSupporters: number;
  voters: Set<string>;
  support: bigint;
  supporters: number;
  against: bigint;
  passedAt: bigint | undefined;
  executed: boolean;
}

export class EmergencyLog {
  readonly motions: Motion[] = [];
  readonly until: Record<Action, bigint> = { pause: 0n, halt: 0n, reset: 0n, recovery: 0n };
  readonly shares: Record<Action, bigint> = { pause: WAD / 10n, halt: (3n * WAD) / 20n, reset: WAD / 5n, recovery: WAD / 4n };
  minSupporters = 5;
  guardianArmed = true;
  emergencyId = 0n;
  openUntil = 0n;
  haltVoteUntil = 0n;
  lastDeadlockAt = 0n;
  #triggers = new Set<Trigger>();
  #actions = new Set<Action>();
  readonly #endVoteUntil: Record<Action, bigint> = { pause: 0n, halt: 0n, reset: 0n, recovery: 0n };
  readonly #book: VoteBook;

  constructor(book: VoteBook) {
    this.#book = book;
  }

  isOpen(now: bigint): boolean {
    return now < this.openUntil;
  }

  stands(action: Action, now: bigint): boolean {
    return now < this.until[action];
  }

  /** Until when adjustments are suspended. */
  get suspendedUntil(): bigint {
    return largest([this.openUntil, this.until.pause, this.until.recovery]);
  }

  isRecorded(trigger: Trigger, now: bigint): boolean {
    return this.isOpen(now) && this.#triggers.has(trigger);
  }

  /** Notes that `trigger` was pulled; the actions that go to a vote for it. */
  triggered(trigger: Trigger, now: bigint): Action[] {
    if (!this.isOpen(now)) {
      this.emergencyId += 1n;
      [this.openUntil, this.haltVoteUntil] = [0n, 0n];
      this.#triggers = new Set();
      this.#actions = new Set();
    }
    this.#triggers.add(trigger);
    const added = ACTIONS_OF[trigger].filter((action) => !this.#actions.has(action));
    for (const action of added) this.#actions.add(action);
    this.openUntil = largest([this.openUntil, ...ACTIONS_OF[trigger].map((action) => now + spanOf(action))]);
    if (added.includes("halt")) this.haltVoteUntil = now + VOTE;
    if (trigger === "deadlock") this.lastDeadlockAt = now;
    return added;
  }

  mayProposeEnd(action: Action, now: bigint): boolean {
    return this.stands(action, now) && this.#endVoteUntil[action] <= now;
  }

  moved(proposalId: bigint, action: Action, ending: boolean, unlessOpposed: boolean, madeAt: bigint): void {
    if (ending) this.#endVoteUntil[action] = madeAt + spanOf(action);
    // Votes are those of before anybody knew of the motion.
    const supply = this.#book.supplyAt(madeAt - 1n);
    this.motions.push({
      proposalId,
      action,
      ending,
      madeAt,
      unlessOpposed,
      needed: shareUp(supply, this.shares[action]),
      opposable: unlessOpposed ? shareUp(supply, OPPOSITION_SHARE) : 0n,
      minSupporters: this.minSupporters,
      voters: new Set(),
      support: 0n,
      supporters: 0,
      against: 0n,
      passedAt: undefined,
      executed: false,
    });
  }

  mayVote(motion: Motion, voter: string, now: bigint): boolean {
    return motion.passedAt === undefined && now <= motion.madeAt + VOTE && !motion.voters.has(voter);
  }

  voted(motion: Motion, voter: string, support: bigint, contributes: boolean, now: bigint): void {
    const votes = this.#book.votesAt(voter, motion.madeAt - 1n);
    motion.voters.add(voter);
    if (support === 0n) motion.against += votes;
    if (support === 1n && votes > 0n) {
      motion.support += votes < motion.needed / 2n ? votes : motion.needed / 2n;
      if (contributes) motion.supporters += 1;
    }
    const enough = motion.support >= motion.needed && motion.support > motion.against;
    if (enough && motion.supporters >= motion.minSupporters) motion.passedAt = now;
  }

  /** Why `motion` cannot be carried out now; undefined when it can. */
  refusal(motion: Motion, now: bigint): string | undefined {
    const end = motion.madeAt + VOTE;
    const unopposed = motion.against < motion.opposable && now > end;
    const passedAt = motion.passedAt ?? (unopposed ? end : undefined);
    if (motion.executed) return "it was carried out before";
    if (passedAt === undefined) return "it has not passed";
    if (now < passedAt + DELAY[motion.action]) return "its delay is not over";
    if (now >= motion.madeAt + spanOf(motion.action)) return "its time is over";
    if (motion.ending && !this.stands(motion.action, now)) return "there is nothing to end";
    return undefined;
  }

  executed(motion: Motion, now: bigint): void {
    motion.executed = true;
    if (motion.ending) this.ended(motion.action, now);
    else this.taken(motion.action, now);
  }

  /** Moments around which a vote begins or ends to count, or an effect to stand. */
  edges(now: bigint): bigint[] {
    const votes = this.motions.flatMap(({ madeAt, passedAt, action }) => {
      const delayed = passedAt === undefined ? [] : [passedAt + DELAY[action]];
      return [madeAt + VOTE, madeAt + VOTE + DELAY[action], madeAt + spanOf(action), ...delayed];
    });
    return [...votes, this.openUntil, ...Object.values(this.until)].filter((edge) => edge > now + 1n);
  }

  taken(action: Action, now: bigint): void {
    this.until[action] = now + LIMIT[action];
  }

  ended(action: Action, now: bigint): void {
    this.until[action] = now;
  }

  mayBridge(now: bigint): boolean {
    return this.guardianArmed && this.isOpen(now) && now < this.haltVoteUntil && this.until.halt < this.haltVoteUntil;
  }

  bridged(): void {
    this.guardianArmed = false;
    this.until.halt = this.haltVoteUntil;
  }
}
