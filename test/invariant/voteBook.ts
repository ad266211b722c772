// Who has staked what and votes for whom, at all moments, by the test's own book-keeping.

/** Whoever has less than this staked in all votes on shares of it (FTNS wei). */
const FLOOR = 1_000_000n * 10n ** 18n;

/** `amount` from second `at` on. */
interface Step {
  at: bigint;
  amount: bigint;
}

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
  readonly #staked = new Map<string, bigint>();
  readonly #pending = new Map<string, { amount: bigint; readyAt: bigint }>();
  readonly #delegates = new Map<string, string>();
  readonly #votes = new Map<string, Line>();
  readonly #total = new Line();

  stakedOf(account: string): bigint {
    return this.#staked.get(account) ?? 0n;
  }

  pendingOf(account: string): { amount: bigint; readyAt: bigint } {
    return this.#pending.get(account) ?? { amount: 0n, readyAt: 0n };
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

  unstake(account: string, amount: bigint, at: bigint, delay: bigint): void {
    this.stake(account, -amount, at);
    this.#pending.set(account, { amount: this.pendingOf(account).amount + amount, readyAt: at + delay });
  }

  stay(account: string, at: bigint): void {
    this.stake(account, this.withdraw(account), at);
  }

  withdraw(account: string): bigint {
    const { amount } = this.pendingOf(account);
    this.#pending.delete(account);
    return amount;
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
