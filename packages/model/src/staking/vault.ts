/** StakingVault.sol without votes: stakes, what waits, and what is earned. */
import { Refused } from "../refused.ts";
import type { MultiplierPath } from "../supply/multiplierPath.ts";
import { dayOf, startOfDay } from "../time.ts";
import { NO_STANDING, type StakerStanding } from "./standing.ts";
import { DEFAULT_RATES, yieldBetween, type DatedTerms, type StakingTerms, type Yield } from "./yield.ts";

export interface Stake {
  staked: bigint;
  settledAt: bigint;
  standing: StakerStanding;
  /** Written down and not claimed. */
  unpaid: Yield;
  pending: bigint;
  readyAt: bigint;
}

export class StakingVaultModel {
  readonly timeline: DatedTerms[] = [];
  unstakeDelay = 604_800n;
  totalStaked = 0n;
  totalPending = 0n;
  readonly #stakes = new Map<string, Stake>();

  constructor(multipliers: MultiplierPath) {
    this.timeline.push({ ...DEFAULT_RATES, multipliers, since: 0n });
  }

  stakeOf(account: string): Stake {
    let stake = this.#stakes.get(account);
    if (stake === undefined) {
      stake = {
        staked: 0n,
        settledAt: 0n,
        standing: NO_STANDING,
        unpaid: { earned: 0n, recycled: 0n },
        pending: 0n,
        readyAt: 0n,
      };
      this.#stakes.set(account, stake);
    }
    return stake;
  }

  /** Written down and since. */
  yieldOf(account: string, now: bigint): Yield {
    const { staked, standing, settledAt, unpaid } = this.stakeOf(account);
    if (staked === 0n) return { ...unpaid };
    const { earned, recycled } = yieldBetween(staked, standing, this.timeline, settledAt, now);
    return { earned: unpaid.earned + earned, recycled: unpaid.recycled + recycled };
  }

  /** From the next day boundary on. */
  setTerms(terms: StakingTerms, now: bigint): void {
    const since = startOfDay(dayOf(now) + 1n);
    if (this.timeline.at(-1)?.since === since) this.timeline.pop();
    this.timeline.push({ ...terms, since });
  }

  /** @param registered what the registry says of the account; asked at a first stake only */
  stake(account: string, amount: bigint, now: bigint, registered: StakerStanding): void {
    if (amount === 0n) throw new Refused("ZeroAmount");
    this.#enter(account, amount, now, registered);
  }

  settleThrough(account: string, time: bigint): void {
    const stake = this.stakeOf(account);
    if (stake.staked === 0n) return;
    stake.unpaid = this.yieldOf(account, time);
    stake.settledAt = time;
  }

  setStanding(account: string, standing: StakerStanding, now: bigint): void {
    const stake = this.stakeOf(account);
    if (stake.staked === 0n || JSON.stringify(stake.standing) === JSON.stringify(standing)) return;
    this.settleThrough(account, now);
    stake.standing = standing;
  }

  requestUnstake(account: string, amount: bigint, now: bigint, { forfeiting = false } = {}): void {
    const stake = this.stakeOf(account);
    if (amount === 0n) throw new Refused("ZeroAmount");
    if (amount > stake.staked) throw new Refused("InsufficientStake", account, stake.staked, amount);
    if (forfeiting) stake.settledAt = now;
    else this.settleThrough(account, now);
    stake.staked -= amount;
    stake.pending += amount;
    stake.readyAt = now + this.unstakeDelay;
    this.totalStaked -= amount;
    this.totalPending += amount;
    if (stake.staked === 0n) [stake.standing, stake.settledAt] = [NO_STANDING, 0n];
  }

  cancelUnstake(account: string, now: bigint, registered: StakerStanding): void {
    this.#enter(account, this.#takePending(account), now, registered);
  }

  withdraw(account: string, now: bigint): bigint {
    const { pending, readyAt } = this.stakeOf(account);
    if (pending > 0n && now < readyAt) throw new Refused("NotReady", readyAt, now);
    return this.#takePending(account);
  }

  /** Takes everything earned; `unpaid` of its recycled part comes back through `owe`. */
  claim(account: string, now: bigint): Yield {
    const stake = this.stakeOf(account);
    const claimed = this.yieldOf(account, now);
    if (claimed.earned + claimed.recycled === 0n) throw new Refused("NothingToClaim", account);
    stake.unpaid = { earned: 0n, recycled: 0n };
    if (stake.staked > 0n) stake.settledAt = now;
    return claimed;
  }

  owe(account: string, unpaid: bigint): void {
    this.stakeOf(account).unpaid.recycled += unpaid;
  }

  #enter(account: string, amount: bigint, now: bigint, registered: StakerStanding): void {
    const stake = this.stakeOf(account);
    if (stake.staked === 0n) [stake.standing, stake.settledAt] = [registered, now];
    else this.settleThrough(account, now);
    stake.staked += amount;
    this.totalStaked += amount;
  }

  #takePending(account: string): bigint {
    const stake = this.stakeOf(account);
    const amount = stake.pending;
    if (amount === 0n) throw new Refused("NothingPending", account);
    [stake.pending, stake.readyAt] = [0n, 0n];
    this.totalPending -= amount;
    return amount;
  }
}
