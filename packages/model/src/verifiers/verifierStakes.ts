/** VerifierStakes.sol and SignerAccount.sol: what a verifier may vouch for, and what it earns by it. Amounts in wei. */
import { Refused } from "../refused.ts";
import { DAY_SEC, dayOf } from "../time.ts";

export const UNLOCK_DELAY_SEC = 14n * DAY_SEC;
export const PRESENTER_DIVISOR = 10n;
export const FEE_DIVISOR = 100n;
/** What is kept of a verifier counts in 1e-9 FTNS. */
export const ACCOUNT_UNIT = 10n ** 9n;
const WEEK_DAYS = 7n;
const WAD = 10n ** 18n;

export interface VerifierTerms {
  /** Least lock of a verifier that signs. */
  minLock: bigint;
  /** Part of its lock that it may vouch for in a day (WAD). */
  dailyShare: bigint;
}

export const DEFAULT_VERIFIER_TERMS: VerifierTerms = { minLock: 10_000n * 10n ** 18n, dailyShare: 10n ** 17n };

interface Account {
  /** Protocol day that the others are as of. */
  day: bigint;
  used: bigint;
  /** Fees by the week in which they were earned; what is due and unpaid stands under the week -1. */
  fees: Map<bigint, bigint>;
  /** Seconds of time without restrictions. */
  unlockAt: bigint;
  /** What batches count, by day. */
  batches: Map<bigint, bigint>;
}

const DUE = -1n;

const roundUp = (amount: bigint) => ((amount + ACCOUNT_UNIT - 1n) / ACCOUNT_UNIT) * ACCOUNT_UNIT;

/** Keeps accounts in plain sums, one a week, where the contract keeps two that it moves on. */
export class VerifierStakesModel {
  readonly #accounts = new Map<string, Account>();
  terms: VerifierTerms;

  constructor(terms = DEFAULT_VERIFIER_TERMS) {
    this.terms = terms;
  }

  allowance(locked: bigint): bigint {
    return (locked * this.terms.dailyShare) / WAD;
  }

  usedBy(verifier: string, now: bigint): bigint {
    const { day, used, batches } = this.#of(verifier);
    return (day === dayOf(now) ? used : 0n) + (batches.get(dayOf(now)) ?? 0n);
  }

  feesOf(verifier: string, now: bigint): { due: bigint; waiting: bigint } {
    const { fees } = this.#of(verifier);
    const week = dayOf(now) / WEEK_DAYS;
    let [due, waiting] = [0n, 0n];
    for (const [earned, fee] of fees) {
      if (earned === DUE || earned + 2n <= week) due += fee;
      else waiting += fee;
    }
    return { due, waiting };
  }

  /** A proof of `value` that earned `reward`, signed by `signers` with their locks, in this order. */
  charge(signers: readonly { verifier: string; locked: bigint }[], value: bigint, reward: bigint, now: bigint): void {
    const amount = value > reward ? value : reward;
    const fee = reward / (FEE_DIVISOR * BigInt(signers.length));
    this.#check(signers, amount, now);
    for (const { verifier } of signers) {
      const account = this.#of(verifier);
      account.used = (account.day === dayOf(now) ? account.used : 0n) + roundUp(amount);
      account.day = dayOf(now);
      const week = account.day / WEEK_DAYS;
      account.fees.set(week, (account.fees.get(week) ?? 0n) + (fee / ACCOUNT_UNIT) * ACCOUNT_UNIT);
    }
  }

  /** A batch of `total`, which counts a part on each of `spreadDays` days. */
  chargeBatch(signers: readonly { verifier: string; locked: bigint }[], total: bigint, spreadDays: bigint, now: bigint): void {
    const steps = spreadDays * ACCOUNT_UNIT;
    const perDay = ((total + steps - 1n) / steps) * ACCOUNT_UNIT;
    this.#check(signers, perDay, now);
    for (const { verifier } of signers) {
      const { batches } = this.#of(verifier);
      for (let day = dayOf(now); day < dayOf(now) + spreadDays; day++) batches.set(day, (batches.get(day) ?? 0n) + perDay);
    }
  }

  #check(signers: readonly { verifier: string; locked: bigint }[], amount: bigint, now: bigint): void {
    for (const { verifier, locked } of signers) {
      const account = this.#of(verifier);
      if (account.unlockAt !== 0n) throw new Refused("VerifierLeaves", verifier);
      if (locked < this.terms.minLock) throw new Refused("LockBelowMinimum", verifier, locked, this.terms.minLock);
      const allowance = this.allowance(locked);
      if (amount > allowance) throw new Refused("LockTooSmall", verifier, amount, allowance);
      const used = this.usedBy(verifier, now);
      const left = allowance > used ? allowance - used : 0n;
      if (amount > left) throw new Refused("AllowanceUsedUp", verifier, amount, left, allowance);
    }
  }

  /** The pool paid `paid` of what was due. */
  pay(verifier: string, paid: bigint, now: bigint): void {
    const account = this.#of(verifier);
    const { due } = this.feesOf(verifier, now);
    if (due === 0n) throw new Refused("NoFeesDue", verifier);
    for (const earned of [...account.fees.keys()]) {
      if (earned === DUE || earned + 2n <= dayOf(now) / WEEK_DAYS) account.fees.delete(earned);
    }
    account.fees.set(DUE, due - roundUp(paid));
  }

  /** What `beneficiary` and the pool get of `amount`. */
  slash(verifier: string, amount: bigint, hasBeneficiary: boolean): { reward: bigint; toPool: bigint } {
    this.#of(verifier).fees.clear();
    const reward = hasBeneficiary ? amount / PRESENTER_DIVISOR : 0n;
    return { reward, toPool: amount - reward };
  }

  /** `unrestricted`: the time less that in which transfers were restricted (seconds). */
  requestUnlock(verifier: string, unrestricted: bigint): void {
    const account = this.#of(verifier);
    if (account.unlockAt !== 0n) throw new Refused("LeavesAlready", verifier);
    account.unlockAt = unrestricted + UNLOCK_DELAY_SEC;
  }

  cancelUnlock(verifier: string): void {
    const account = this.#of(verifier);
    if (account.unlockAt === 0n) throw new Refused("DoesNotLeave", verifier);
    account.unlockAt = 0n;
  }

  unlock(verifier: string, unrestricted: bigint, restricted: bigint): void {
    const account = this.#of(verifier);
    if (account.unlockAt === 0n) throw new Refused("DoesNotLeave", verifier);
    if (unrestricted < account.unlockAt) {
      throw new Refused("LockedUntil", verifier, account.unlockAt + restricted, unrestricted + restricted);
    }
    account.unlockAt = 0n;
  }

  #of(verifier: string): Account {
    let account = this.#accounts.get(verifier);
    if (account === undefined) {
      account = { day: 0n, used: 0n, fees: new Map(), unlockAt: 0n, batches: new Map() };
      this.#accounts.set(verifier, account);
    }
    return account;
  }
}

/**
 * What colluders with `locked` in all take at most on `days` protocol days before they are stopped, and what they lose then: each proof
 * counts in full against at least `threshold` of them, and a tenth of what is slashed comes back to the one that presents the proof.
 */
export function collusion(locked: bigint, days: bigint, threshold: bigint, { dailyShare } = DEFAULT_VERIFIER_TERMS) {
  const taken = (locked * dailyShare * days) / (WAD * threshold);
  return { taken, lost: locked - locked / PRESENTER_DIVISOR };
}
