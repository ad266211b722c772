/** StakeLocks.sol: parts of stakes that holders may slash. */
import { Refused } from "../refused.ts";

/** How long a holder without admission may still release and slash. */
export const ABANDON_DELAY_SEC = 1_209_600n;

interface LockHolder {
  admitted: boolean;
  freeableAt: bigint;
}

export class Locks {
  readonly #locks = new Map<string, Map<string, bigint>>();
  readonly #holders = new Map<string, LockHolder>();

  of(owner: string, holder: string): bigint {
    return this.#locks.get(owner)?.get(holder) ?? 0n;
  }

  lockedOf(owner: string): bigint {
    return [...(this.#locks.get(owner)?.values() ?? [])].reduce((sum, locked) => sum + locked, 0n);
  }

  setHolder(holder: string, admitted: boolean, now: bigint): void {
    if (!admitted && !this.#holderOf(holder).admitted) throw new Refused("LockHolderNotAdmitted", holder);
    this.#holders.set(holder, { admitted, freeableAt: admitted ? 0n : now + ABANDON_DELAY_SEC });
  }

  /** That `amount` of a stake of `staked` is free. */
  check(owner: string, staked: bigint, amount: bigint): void {
    if (amount > staked) throw new Refused("InsufficientStake", owner, staked, amount);
    const unlocked = staked - this.lockedOf(owner);
    if (amount > unlocked) throw new Refused("StakeLocked", owner, unlocked, amount);
  }

  lock(owner: string, holder: string, staked: bigint, amount: bigint): void {
    if (amount === 0n) throw new Refused("ZeroAmount");
    if (!this.#holderOf(holder).admitted) throw new Refused("LockHolderNotAdmitted", holder);
    this.check(owner, staked, amount);
    this.#set(owner, holder, this.of(owner, holder) + amount);
  }

  release(owner: string, holder: string, amount: bigint): void {
    if (amount === 0n) throw new Refused("ZeroAmount");
    const locked = this.of(owner, holder);
    if (amount > locked) throw new Refused("InsufficientLock", owner, holder, locked, amount);
    this.#set(owner, holder, locked - amount);
  }

  /** The lock's side of a slash. */
  slash(owner: string, holder: string, amount: bigint, to: string, now: bigint): void {
    const { admitted, freeableAt } = this.#holderOf(holder);
    if (!admitted && now >= freeableAt) throw new Refused("LockHolderNotAdmitted", holder);
    if (to === owner) throw new Refused("InvalidRecipient", to);
    this.release(owner, holder, amount);
  }

  freeAbandoned(owner: string, holder: string, now: bigint): void {
    const { admitted, freeableAt } = this.#holderOf(holder);
    if (admitted) throw new Refused("LockHolderAdmitted", holder);
    if (now < freeableAt) throw new Refused("NotReady", freeableAt, now);
    if (this.of(owner, holder) === 0n) throw new Refused("NothingLocked", owner, holder);
    this.#set(owner, holder, 0n);
  }

  #holderOf(holder: string): LockHolder {
    return this.#holders.get(holder) ?? { admitted: false, freeableAt: 0n };
  }

  #set(owner: string, holder: string, locked: bigint): void {
    if (!this.#locks.has(owner)) this.#locks.set(owner, new Map());
    this.#locks.get(owner)!.set(holder, locked);
  }
}
