// What recovery mode lets people move, by the test's own book-keeping: a tenth a day of what an account held at its first
// payment of the day.

export class Allowances {
  /** Recovery mode holds before this second. */
  recoveryUntil = 0n;
  readonly #left = new Map<string, { day: bigint; left: bigint }>();

  holdsAt(time: bigint): boolean {
    return time < this.recoveryUntil;
  }

  /** What `account`, which holds `balance`, may still move on `day`. */
  leftOf(account: string, balance: bigint, day: bigint): bigint {
    const known = this.#left.get(account);
    return known?.day === day ? known.left : balance / 10n;
  }

  moved(account: string, balance: bigint, amount: bigint, day: bigint): void {
    if (amount > 0n) this.#left.set(account, { day, left: this.leftOf(account, balance, day) - amount });
  }
}
