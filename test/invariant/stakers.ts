// What people do with their tokens in random lives: stake, delegate, leave, pay, and contribute.
import { expect } from "chai";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { contribute, type Proving } from "../contributors/fixture.ts";
import { dayOf } from "../helpers/time.ts";
import type { Ruled } from "./ruled.ts";
import { GAS } from "./life.ts";

export class Stakers {
  readonly #world: Ruled;
  readonly #proving: Proving;

  constructor(world: Ruled, proving: Proving) {
    this.#world = world;
    this.#proving = proving;
  }

  async stake(person: HardhatEthersSigner, amount: bigint): Promise<void> {
    const halted = (now: bigint) => this.#world.log.stands("halt", now);
    const able = (now: bigint) => !halted(now) && (this.#world.log.stands("recovery", now) ? undefined : true);
    const staked = await this.#world.attempt(`${person.address} stakes ${amount}`, able, [], () =>
      this.#world.economy.vault.connect(person).stake(amount, GAS),
    );
    if (staked !== undefined) this.#world.book.stake(person.address, amount, this.#world.now);
  }

  async stakeMore(): Promise<void> {
    const person = this.#world.person();
    const amount = (await this.#world.economy.token.balanceOf(person.address)) / BigInt(this.#world.random.int(11, 40));
    if (amount > 0n) await this.stake(person, amount);
  }

  async leave(): Promise<void> {
    const person = this.#world.person();
    const staked = this.#world.book.stakedOf(person.address);
    if (staked === 0n) return;
    const amount = this.#world.random.chance(0.1) ? staked : this.#world.random.bigint(1n, staked / 2n + 1n);
    const free = staked - this.#world.book.lockedOf(person.address);
    const left = await this.#world.attempt(
      `${person.address} unstakes ${amount} of ${free} that are not locked`,
      () => amount <= free,
      [],
      () => this.#world.economy.vault.connect(person).requestUnstake(amount, GAS),
    );
    if (left === undefined) return;
    const fee = await this.#exitFee(person.address);
    this.#world.book.unstake(person.address, amount, this.#world.now, this.#world.rules.unstakeDelay, fee);
  }

  async leaveOrStay(): Promise<void> {
    const person = this.#world.person();
    const { amount, readyAt } = this.#world.book.pendingOf(person.address);
    const vault = this.#world.economy.vault.connect(person);
    if (this.#world.random.chance(0.3)) {
      const stayed = await this.#world.attempt(
        `${person.address} stays`,
        () => amount > 0n,
        [],
        () => vault.cancelUnstake(GAS),
      );
      if (stayed !== undefined) this.#world.book.stay(person.address, this.#world.now, await this.#exitFee(person.address));
      return;
    }
    // Also during a halt, and in full in recovery mode.
    const ready = (now: bigint) => amount > 0n && now >= readyAt;
    const balance = await this.#world.economy.token.balanceOf(person.address);
    const left = await this.#world.attempt(`${person.address} withdraws`, ready, [], () => vault.withdraw(GAS));
    if (left === undefined) return;
    const paid = amount - (await this.#exitFee(person.address));
    // A day's demurrage of the wallet may have fallen due in the second between.
    if (dayOf(this.#world.now) === dayOf(this.#world.now - 1n)) {
      const after = await this.#world.economy.token.balanceOf(person.address);
      expect(after - balance, "P170: all of it is paid, less what a wallet would have paid").to.equal(paid);
    }
    this.#world.book.withdraw(person.address);
  }

  /** What a wallet of tier NONE would have paid by now on what `account` has on its way out. */
  async #exitFee(account: string): Promise<bigint> {
    const { amount, chargedThrough } = this.#world.book.pendingOf(account);
    return amount === 0n ? 0n : this.#world.economy.token.demurrageOf(amount, chargedThrough, dayOf(this.#world.now));
  }

  /** Anyone writes down what is due on what somebody has on its way out. */
  async settleExit(): Promise<void> {
    const { address } = this.#world.person();
    const { amount, chargedThrough } = this.#world.book.pendingOf(address);
    const settled = await this.#world.attempt(
      `the exit of ${address} is charged`,
      () => amount > 0n,
      [],
      () => this.#world.economy.vault.settleExit(address, dayOf(this.#world.now), GAS),
    );
    if (settled === undefined) return;
    const day = dayOf(this.#world.now);
    this.#world.book.charge(address, await this.#world.economy.token.demurrageOf(amount, chargedThrough, day), day);
  }

  async delegate(): Promise<void> {
    const from = this.#world.person();
    // Whoever has given votes away often takes them back, so that enough different voters are left.
    const to = this.#world.random.chance(0.6) ? from : this.#world.person();
    await this.#world.attempt(
      `${from.address} delegates to ${to.address}`,
      () => true,
      [],
      () => this.#world.economy.vault.connect(from).delegate(to.address, GAS),
    );
    this.#world.book.delegate(from.address, to.address, this.#world.now);
  }

  async contribute(): Promise<void> {
    for (const person of this.#world.people) {
      if ((await this.contributes(person)) && this.#world.random.chance(0.9)) continue;
      await this.#world.attempt(
        `${person.address} contributes`,
        () => undefined,
        [],
        () => contribute(this.#proving, person, 100n),
      );
    }
  }

  /** Whether the tier of `person` in the next second is BASIC or higher. */
  async contributes(person: HardhatEthersSigner): Promise<boolean> {
    return (await this.#world.economy.registry.tierOn(person.address, dayOf(this.#world.now + 1n))) > 0n;
  }

  async move(): Promise<void> {
    const { token, people } = this.#world.economy;
    const to = this.#world.person().address;
    const balance = await token.balanceOf(people.treasury.address);
    const part = this.#world.random.bigint(1n, 30n);
    const may = (now: bigint) => {
      if (this.#world.log.stands("halt", now)) return false;
      if (!this.#world.log.stands("recovery", now)) return true;
      return part > 10n ? false : undefined;
    };
    await this.#world.attempt(`the treasury sends ${part} %`, may, [], () =>
      token.connect(people.treasury).transfer(to, (balance * part) / 100n, GAS),
    );
  }

  /** Somebody stakes in the block of what `then` sends, just before it. */
  async afterStake<T>(then: () => Promise<T>): Promise<T> {
    const person = this.#world.person();
    const amount = (await this.#world.economy.token.balanceOf(person.address)) / 15n;
    const at = this.#world.now + 1n;
    if (amount === 0n || this.#world.log.stands("halt", at) || this.#world.log.stands("recovery", at)) return then();
    this.#world.tell(`${person.address} stakes ${amount} in the block of the next`);
    this.#world.book.stake(person.address, amount, at);
    return this.#world.inOneBlock(() => this.#world.economy.vault.connect(person).stake(amount, GAS), then);
  }
}
