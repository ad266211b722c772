// Locked parts of stakes in a random life, by the test's own book-keeping: who locked what towards whom, and where slashes go.
import { expect } from "chai";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { contractSigner } from "../staking/fixture.ts";
import { GAS } from "./life.ts";
import { happeningsIn, sum, type Step } from "./step.ts";
import type { EconomyWorld } from "./world.ts";

export class Locks {
  readonly acts = [
    () => this.#lock(),
    () => this.#lock(),
    () => this.#release(),
    () => this.#slash(),
    () => this.#slash(),
    () => this.#collect(),
  ];
  /** Slashes so far, and those of them in a halt. */
  slashes = 0;
  setAsides = 0;
  readonly #world: EconomyWorld;
  readonly #holders: readonly HardhatEthersSigner[];
  /** By owner, then as the holders are. */
  readonly #locked = new Map<string, bigint[]>();
  /** As it was written down last, by whom it is for. */
  readonly #aside = new Map<string, bigint>();

  private constructor(world: EconomyWorld, holders: readonly HardhatEthersSigner[]) {
    this.#world = world;
    this.#holders = holders;
  }

  static async create(world: EconomyWorld): Promise<Locks> {
    const { economy, connection } = world;
    const contracts = [economy.voteProofs, economy.keeperJobs];
    const holders = await Promise.all(contracts.map((contract) => contractSigner(connection, contract)));
    const governed = economy.vault.connect(economy.people.governor);
    for (const holder of holders) await governed.setLockHolder(holder, true);
    world.now = await economy.clock.now();
    return new Locks(world, holders);
  }

  lockedOf(owner: string): bigint {
    return sum(this.#of(owner));
  }

  /** P70: what was set aside, as it was written. */
  get setAside(): bigint {
    return sum([...this.#aside.values()]);
  }

  acted({ receipt }: Step): void {
    for (const { contract, name, args } of happeningsIn(this.#world.economy, receipt)) {
      if (contract !== "vault") continue;
      if (name === "SetAside") this.#aside.set(args.to as string, args.total as bigint);
      if (name === "Collected") this.#aside.delete(args.to as string);
    }
  }

  /** P171: locks are the book's, at most the stake, and keep in what is locked. */
  async check(): Promise<void> {
    const { vault } = this.#world.economy;
    for (const { address } of this.#world.people) {
      const [staked, locked] = await Promise.all([vault.stakedOf(address), vault.lockedOf(address)]);
      expect(locked, `P171: locks of ${address} in all`).to.equal(this.lockedOf(address));
      expect(locked <= staked, `P171: ${address} has ${staked} staked and ${locked} locked`).to.equal(true);
      const each = await Promise.all(this.#holders.map((holder) => vault.lockOf(address, holder)));
      expect(each, `P171: locks of ${address}`).to.deep.equal(this.#of(address));
    }
    const owner = this.#world.person();
    const mine = vault.connect(owner);
    const free = (await vault.stakedOf(owner)) - this.lockedOf(owner.address);
    for (const request of ["requestUnstake", "requestUnstakeForfeiting"] as const) {
      if (free > 0n) await mine[request].staticCall(free);
      await expect(mine[request].staticCall(free + 1n), "P171: a locked part leaves").to.be.revertedWithCustomError(
        vault,
        this.lockedOf(owner.address) > 0n ? "StakeLocked" : "InsufficientStake",
      );
    }
    const i = this.#world.random.int(0, this.#holders.length - 1);
    const beyond = this.#of(owner.address)[i]! + 1n;
    const { pool } = this.#world.economy.addresses;
    await expect(
      vault.connect(this.#holders[i]!).slash.staticCall(owner, beyond, pool),
      "P171: a holder slashes more than its own lock",
    ).to.be.revertedWithCustomError(vault, "InsufficientLock");
    expect(await vault.totalSetAside(), "P70: set aside in all").to.equal(this.setAside);
  }

  #of(owner: string): bigint[] {
    const known = this.#locked.get(owner) ?? this.#holders.map(() => 0n);
    this.#locked.set(owner, known);
    return known;
  }

  async #lock(): Promise<void> {
    const { vault } = this.#world.economy;
    const { people, random } = this.#world;
    const frees = await Promise.all(people.map(async (one) => (await vault.stakedOf(one)) - this.lockedOf(one.address)));
    const able = people.filter((_, i) => frees[i]! > 0n);
    if (able.length === 0) return;
    const owner = random.pick(able);
    const free = frees[people.indexOf(owner)]!;
    const i = this.#world.random.int(0, this.#holders.length - 1);
    const amount = this.#world.random.chance(0.2) ? free : this.#world.random.magnitude(1n, free);
    await this.#world.send(`${owner.address} locks ${amount} towards ${i}`, () =>
      vault.connect(owner).lock(this.#holders[i]!, amount, GAS),
    );
    this.#of(owner.address)[i]! += amount;
  }

  /** A lock that there is, and a part of it. */
  #somePart(): { owner: string; i: number; amount: bigint } | undefined {
    const { random, people } = this.#world;
    for (const { address: owner } of random.shuffle(people)) {
      const i = this.#of(owner).findIndex((amount) => amount > 0n);
      if (i < 0) continue;
      const locked = this.#of(owner)[i]!;
      return { owner, i, amount: random.chance(0.3) ? locked : random.magnitude(1n, locked) };
    }
    return undefined;
  }

  async #release(): Promise<void> {
    const part = this.#somePart();
    if (part === undefined) return;
    const { owner, i, amount } = part;
    await this.#world.send(`${i} releases ${amount} of ${owner}`, () =>
      this.#world.economy.vault.connect(this.#holders[i]!).release(owner, amount, GAS),
    );
    this.#of(owner)[i]! -= amount;
  }

  /** P171: a slash takes exactly its amount from stake, lock and votes of the owner, and brings it where it says. */
  async #slash(): Promise<void> {
    const part = this.#somePart();
    if (part === undefined) return;
    const { owner, i, amount } = part;
    const { economy, people, random } = this.#world;
    const { pool } = economy.addresses;
    const others = people.map(({ address }) => address).filter((address) => address !== owner);
    const to = random.chance(0.5) ? pool : random.pick(others);
    const halted = (await economy.token.haltedUntil()) > this.#world.now + 1n;
    const before = await this.#around(owner, to);
    // In a halt the fee of what was set aside earlier is written down with it.
    const fee = halted && to === pool ? (this.#aside.get(to) ?? 0n) - before.aside : 0n;
    await this.#world.send(`${i} slashes ${amount} of ${owner} for ${to}`, () =>
      economy.vault.connect(this.#holders[i]!).slash(owner, amount, to, GAS),
    );
    this.#of(owner)[i]! -= amount;
    const after = await this.#around(owner, to);
    expect(after, "P171: what a slash moves").to.deep.equal({
      staked: before.staked - amount,
      votes: before.votes - amount,
      totalStaked: before.totalStaked - amount,
      held: before.held + (halted ? fee : amount),
      aside: before.aside + (halted ? amount : 0n),
    });
    this.slashes++;
    if (halted) this.setAsides++;
  }

  async #around(owner: string, to: string) {
    const { vault, token } = this.#world.economy;
    return {
      staked: await vault.stakedOf(owner),
      votes: await vault.getVotes(owner),
      totalStaked: await vault.totalStaked(),
      held: await token.balanceOf(to),
      aside: await vault.setAsideFor(to),
    };
  }

  async #collect(): Promise<void> {
    const [to] = this.#aside.keys();
    if (to === undefined || (await this.#world.halted)) return;
    const { vault, token, addresses } = this.#world.economy;
    const [aside, held] = [await vault.setAsideFor(to), await token.balanceOf(to)];
    const fee = this.#aside.get(to)! - aside;
    await this.#world.send(`${to} collects what was set aside`, () => vault.collect(to, GAS));
    expect((await token.balanceOf(to)) - held, "P171: collected").to.equal(aside + (to === addresses.pool ? fee : 0n));
  }
}
