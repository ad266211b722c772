/** StakingVault.sol without votes: stakes, locks, what is on its way out, and what is earned. */
import { Refused } from "../refused.ts";
import type { MultiplierPath } from "../supply/multiplierPath.ts";
import { dayOf, startOfDay } from "../time.ts";
import { Exits, type DemurrageOf } from "./exits.ts";
import { Locks } from "./locks.ts";
import { isNothing, lastDaysOf, NO_STANDING, type StakerStanding } from "./standing.ts";
import { DEFAULT_RATES, yieldBetween, type DatedTerms, type StakingTerms, type Yield } from "./yield.ts";

export interface Stake {
  staked: bigint;
  settledAt: bigint;
  standing: StakerStanding;
  /** Day on which the standing was written down. */
  standingDay: bigint;
  /** Written down and not claimed. */
  unpaid: Yield;
}

export class StakingVaultModel {
  readonly timeline: DatedTerms[] = [];
  readonly locks = new Locks();
  readonly exits: Exits;
  /** What was slashed during halts. */
  readonly setAside: Exits;
  unstakeDelay = 604_800n;
  totalStaked = 0n;
  readonly #stakes = new Map<string, Stake>();

  /** @param multipliers the source of `M` that the first terms name, if any */
  constructor(demurrageOf: DemurrageOf, multipliers?: MultiplierPath) {
    this.exits = new Exits(demurrageOf);
    this.setAside = new Exits(demurrageOf);
    this.timeline.push({ ...DEFAULT_RATES, ...(multipliers === undefined ? {} : { multipliers }), since: 0n });
  }

  stakeOf(account: string): Stake {
    let stake = this.#stakes.get(account);
    if (stake === undefined) {
      stake = { staked: 0n, settledAt: 0n, standing: NO_STANDING, standingDay: 0n, unpaid: { earned: 0n, recycled: 0n } };
      this.#stakes.set(account, stake);
    }
    return stake;
  }

  /** Everything that must be in the vault. */
  get total(): bigint {
    return this.totalStaked + this.exits.total + this.setAside.total;
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
    if (stake.staked === 0n) return;
    const [old, today] = [stake.standing, dayOf(now)];
    const sameDays = lastDaysOf(old).join() === lastDaysOf(standing).join();
    if (old.cover === standing.cover && sameDays && (isNothing(standing) || stake.standingDay === today)) return;
    this.settleThrough(account, now);
    [stake.standing, stake.standingDay] = [standing, today];
  }

  requestUnstake(account: string, amount: bigint, now: bigint, { forfeiting = false } = {}): void {
    const stake = this.stakeOf(account);
    if (amount === 0n) throw new Refused("ZeroAmount");
    this.locks.check(account, stake.staked, amount);
    if (forfeiting) stake.settledAt = now;
    else this.settleThrough(account, now);
    this.#leave(stake, amount);
    this.exits.add(account, amount, now, now + this.unstakeDelay);
  }

  cancelUnstake(account: string, now: bigint, registered: StakerStanding): void {
    this.#enter(account, this.#takeExit(account, now), now, registered);
  }

  withdraw(account: string, now: bigint): bigint {
    const { readyAt } = this.exits.of(account, now);
    if (now < readyAt) throw new Refused("NotReady", readyAt, now);
    return this.#takeExit(account, now);
  }

  lock(owner: string, holder: string, amount: bigint): void {
    this.locks.lock(owner, holder, this.stakeOf(owner).staked, amount);
  }

  /** @param working whether the yield can be worked out; @param halted whether transfers are */
  slash(owner: string, holder: string, amount: bigint, to: string, now: bigint, { working = true, halted = false } = {}): void {
    this.locks.slash(owner, holder, amount, to, now);
    const stake = this.stakeOf(owner);
    if (working) this.settleThrough(owner, now);
    else stake.settledAt = now;
    this.#leave(stake, amount);
    if (halted) this.setAside.add(to, amount, now, 0n);
  }

  collect(to: string, now: bigint): bigint {
    if (this.setAside.of(to, now).amount === 0n) throw new Refused("NothingSetAside", to);
    return this.setAside.take(to, now);
  }

  /** Takes everything earned; what the pool does not pay of it comes back through `owe`. */
  claim(account: string, now: bigint): Yield {
    const stake = this.stakeOf(account);
    const claimed = this.yieldOf(account, now);
    if (claimed.earned + claimed.recycled === 0n) throw new Refused("NothingToClaim", account);
    stake.unpaid = { earned: 0n, recycled: 0n };
    if (stake.staked > 0n) stake.settledAt = now;
    return claimed;
  }

  owe(account: string, unpaid: Yield): void {
    this.stakeOf(account).unpaid = { ...unpaid };
  }

  #enter(account: string, amount: bigint, now: bigint, registered: StakerStanding): void {
    const stake = this.stakeOf(account);
    if (stake.staked === 0n) [stake.standing, stake.standingDay, stake.settledAt] = [registered, dayOf(now), now];
    else this.settleThrough(account, now);
    stake.staked += amount;
    this.totalStaked += amount;
  }

  #leave(stake: Stake, amount: bigint): void {
    stake.staked -= amount;
    this.totalStaked -= amount;
    if (stake.staked === 0n) [stake.standing, stake.settledAt] = [NO_STANDING, 0n];
  }

  #takeExit(account: string, now: bigint): bigint {
    const amount = this.exits.take(account, now);
    if (amount === 0n) throw new Refused("NothingPending", account);
    return amount;
  }
}
