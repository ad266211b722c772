// Who has staked what and votes for whom, at all moments, by the test's own book-keeping.
import { dayOf } from "../helpers/time.ts";

/** Whoever has less than this staked in all votes on shares of it (FTNS wei). */
const FLOOR = 1_000_000n * 10n ** 18n;

/** `amount` from second `at` on. */
interface Step {
  at: bigint;
  amount: bigint;
}

/** What is kept for somebody, as it was written last. The demurrage of the days after `chargedThrough` is due on it. */
interface Kept {
  amount: bigint;
  chargedThrough: bigint;
}

/** What is on its way out. */
export interface Pending extends Kept {
  readyAt: bigint;
}

const NOTHING: Pending = { amount: 0n, readyAt: 0n, chargedThrough: 0n };

class Line {
  readonly #steps: Step[] = [];

  get latest(): bigint {
    return this.#steps.at(-1)?.amount ?? 0n;
  }

  at(time: bigint): bigint {
    return this.#steps.findLast((step) => step.at <= time)?.amount ?? 0n;
  }

  add(amount: bigint, at: bigint): void {
    this.#steps.push({ at, amount: this.latest + amount });
  }
}

export class VoteBook {
  /** Every second at which something changed. */
  readonly moments: bigint[] = [];
  /** What was slashed during halts. Nobody collects it here. */
  aside: Kept = { amount: 0n, chargedThrough: 0n };
  readonly #staked = new Map<string, bigint>();
  readonly #locked = new Map<string, bigint>();
  readonly #pending = new Map<string, Pending>();
  readonly #delegates = new Map<string, string>();
  readonly #votes = new Map<string, Line>();
  readonly #total = new Line();

  stakedOf(account: string): bigint {
    return this.#staked.get(account) ?? 0n;
  }

  lockedOf(account: string): bigint {
    return this.#locked.get(account) ?? 0n;
  }

  pendingOf(account: string): Pending {
    return this.#pending.get(account) ?? NOTHING;
  }

  get totalStaked(): bigint {
    return this.#total.latest;
  }

  get totalPending(): bigint {
    return [...this.#pending.values()].reduce((sum, { amount }) => sum + amount, 0n);
  }

  /** Accounts that have or had votes. */
  get delegates(): string[] {
    return [...this.#votes.keys()];
  }

  votesAt(account: string, time: bigint): bigint {
    return this.#votes.get(account)?.at(time) ?? 0n;
  }

  totalAt(time: bigint): bigint {
    return this.#total.at(time);
  }

  /** What shares of the votes are shares of. */
  supplyAt(time: bigint): bigint {
    const staked = this.totalAt(time);
    return staked > FLOOR ? staked : FLOOR;
  }

  stake(account: string, amount: bigint, at: bigint): void {
    this.#staked.set(account, this.stakedOf(account) + amount);
    this.#lineOf(this.delegateOf(account)).add(amount, at);
    this.#total.add(amount, at);
    this.moments.push(at);
  }

  /** Locks `amount` more, or less, of the stake. */
  lock(account: string, amount: bigint): void {
    this.#locked.set(account, this.lockedOf(account) + amount);
  }

  /** Takes `amount` of the locked stake for good. */
  slash(account: string, amount: bigint, at: bigint): void {
    this.lock(account, -amount);
    this.stake(account, -amount, at);
  }

  /** `amount` was slashed, and can't leave during a halt. `fee` is the demurrage that was due on what waited already. */
  setAside(amount: bigint, at: bigint, fee: bigint): void {
    this.aside = { amount: this.aside.amount - fee + amount, chargedThrough: dayOf(at) };
  }

  /** `fee` is the demurrage that was due on what waited already. */
  unstake(account: string, amount: bigint, at: bigint, delay: bigint, fee: bigint): void {
    this.stake(account, -amount, at);
    const left = this.pendingOf(account).amount - fee;
    this.#pending.set(account, { amount: left + amount, readyAt: at + delay, chargedThrough: dayOf(at) });
  }

  stay(account: string, at: bigint, fee: bigint): void {
    this.stake(account, this.pendingOf(account).amount - fee, at);
    this.withdraw(account);
  }

  withdraw(account: string): void {
    this.#pending.delete(account);
  }

  /** The demurrage through `day` was written down. */
  charge(account: string, fee: bigint, day: bigint): void {
    const pending = this.pendingOf(account);
    this.#pending.set(account, { ...pending, amount: pending.amount - fee, chargedThrough: day });
  }

  delegate(account: string, to: string, at: bigint): void {
    const amount = this.stakedOf(account);
    this.#lineOf(this.delegateOf(account)).add(-amount, at);
    this.#delegates.set(account, to);
    this.#lineOf(to).add(amount, at);
    this.moments.push(at);
  }

  delegateOf(account: string): string {
    return this.#delegates.get(account) ?? account;
  }

  #lineOf(account: string): Line {
    const line = this.#votes.get(account) ?? new Line();
    this.#votes.set(account, line);
    return line;
  }
}
