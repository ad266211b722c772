/** PendingExits.sol: what is on its way out, and pays demurrage from day to day. */
import { Refused } from "../refused.ts";
import { dayOf } from "../time.ts";

/** What a wallet of tier NONE without activity pays at the boundaries after `fromDay` through `throughDay` (the token's view). */
export type DemurrageOf = (amount: bigint, fromDay: number, throughDay: number) => bigint;

export interface Exit {
  /** As written down. */
  amount: bigint;
  readyAt: bigint;
  /** Protocol day through which `amount` has paid. */
  chargedThrough: number;
}

const NOTHING: Exit = { amount: 0n, readyAt: 0n, chargedThrough: 0 };

/** The exits, or what was set aside, of all accounts. */
export class Exits {
  /** Sum of the amounts as written down. */
  total = 0n;
  /** All fees that were taken. */
  charged = 0n;
  readonly #exits = new Map<string, Exit>();
  readonly #demurrageOf: DemurrageOf;

  constructor(demurrageOf: DemurrageOf) {
    this.#demurrageOf = demurrageOf;
  }

  /** Net of the fee that is due. */
  of(account: string, now: bigint): Exit {
    const exit = this.#exits.get(account) ?? NOTHING;
    return { ...exit, amount: exit.amount - this.#feeOf(exit, Number(dayOf(now))) };
  }

  add(account: string, amount: bigint, now: bigint, readyAt: bigint): void {
    const left = this.#charge(account, Number(dayOf(now)));
    this.#exits.set(account, { amount: left + amount, readyAt, chargedThrough: Number(dayOf(now)) });
    this.total += amount;
  }

  take(account: string, now: bigint): bigint {
    const amount = this.#charge(account, Number(dayOf(now)));
    this.#exits.delete(account);
    this.total -= amount;
    return amount;
  }

  settle(account: string, throughDay: number, now: bigint): void {
    const { amount, chargedThrough } = this.#exits.get(account) ?? NOTHING;
    if (amount === 0n) throw new Refused("NothingPending", account);
    if (throughDay < chargedThrough || BigInt(throughDay) > dayOf(now)) {
      throw new Refused("ExitDayOutOfBounds", BigInt(throughDay), BigInt(chargedThrough), dayOf(now));
    }
    this.#charge(account, throughDay);
  }

  #charge(account: string, day: number): bigint {
    const exit = this.#exits.get(account);
    if (exit === undefined) return 0n;
    const fee = this.#feeOf(exit, day);
    exit.amount -= fee;
    exit.chargedThrough = day;
    this.total -= fee;
    this.charged += fee;
    return exit.amount;
  }

  #feeOf({ amount, chargedThrough }: Exit, day: number): bigint {
    return amount === 0n || chargedThrough === day ? 0n : this.#demurrageOf(amount, chargedThrough, day);
  }
}
