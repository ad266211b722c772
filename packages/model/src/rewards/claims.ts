/** ClaimLedger.sol: rewards that did not fit on their day. */
import { WAD } from "../math/words.ts";
import { min } from "./amounts.ts";

/** What an account may always draw a day, if the share reaches. */
export const MIN_DAILY_DRAW = 50n * WAD;

export class ClaimLedgerModel {
  readonly #owed = new Map<string, bigint>();
  /** What an account may still draw on the day of its latest draw. */
  readonly #left = new Map<string, { day: bigint; left: bigint }>();
  total = 0n;

  claimable(account: string): bigint {
    return this.#owed.get(account) ?? 0n;
  }

  defer(account: string, amount: bigint): void {
    this.#owed.set(account, this.claimable(account) + amount);
    this.total += amount;
  }

  cancel(account: string, amount: bigint): bigint {
    const cancelled = min(amount, this.claimable(account));
    this.defer(account, -cancelled);
    return cancelled;
  }

  /** What may still be drawn on `day`, when the claims' part of its means is `part`. */
  drawable(account: string, day: bigint, part: bigint): bigint {
    return min(this.claimable(account), this.#leftOn(account, day, part));
  }

  draw(account: string, amount: bigint, day: bigint, part: bigint): void {
    this.#left.set(account, { day, left: this.#leftOn(account, day, part) - amount });
    this.defer(account, -amount);
  }

  #leftOn(account: string, day: bigint, part: bigint): bigint {
    const known = this.#left.get(account);
    if (known?.day === day) return known.left;
    if (this.claimable(account) === 0n) return MIN_DAILY_DRAW;
    const byPart = (part * this.claimable(account)) / this.total;
    return byPart > MIN_DAILY_DRAW ? byPart : MIN_DAILY_DRAW;
  }
}
