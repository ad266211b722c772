// Random lives of a token: people and contracts do everything that the token allows, on the chain and in the model alike.
import { expect } from "chai";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { EXEMPT, POOLED, RECOGNISED, TokenLedger, type AccountClassName, type AccountState } from "@ftns/model";
import type { Random } from "../helpers/random.ts";
import { DAY, HOUR, dayOf, startOf } from "../helpers/time.ts";
import { CLASS, LAUNCH_SUPPLY, accountsSlot, clock, ethers, wordOf, type Deployment } from "./fixture.ts";
import { FTNS, MAX_ACTIVITY_UNITS, MAX_CAPACITY_UNITS, WAD, type Fields } from "./words.ts";

/** Enough for every call; saves the estimate. */
const GAS = { gasLimit: 10_000_000n };
const MAX_SUPPLY = 1_000_000_000n * FTNS;

interface Actor {
  name: string;
  address: string;
  signer: HardhatEthersSigner;
}

export class TokenWorld {
  /** What happened, for whoever has to find out why. */
  readonly story: string[] = [];
  readonly actors: readonly Actor[];
  readonly ledger: TokenLedger;
  readonly #d: Deployment;
  readonly #random: Random;
  readonly #slot: number;
  #now: bigint;
  #lastSender: Actor | undefined;

  private constructor(d: Deployment, random: Random, actors: Actor[], pool: string, slot: number, born: bigint, now: bigint) {
    this.#d = d;
    this.#random = random;
    this.actors = actors;
    this.#slot = slot;
    this.#now = now;
    this.ledger = new TokenLedger(pool, born);
    this.ledger.mint(d.treasury.address, LAUNCH_SUPPLY, born);
  }

  static async create(d: Deployment, random: Random): Promise<TokenWorld> {
    const people = { alice: d.alice, bob: d.bob, carol: d.carol, dave: d.dave, treasury: d.treasury };
    const contracts = { pool: d.pool, shop: d.shop, vault: d.vault, wrapper: d.wrapper };
    const actors: Actor[] = Object.entries(people).map(([name, signer]) => ({ name, address: signer.address, signer }));
    for (const [name, contract] of Object.entries(contracts)) {
      const address = await contract.getAddress();
      const signer = await ethers.getImpersonatedSigner(address);
      await ethers.provider.send("hardhat_setBalance", [address, "0x3635c9adc5dea00000"]);
      actors.push({ name, address, signer });
    }
    const pool = await d.pool.getAddress();
    const now = await clock.now();
    const born = startOf((await d.token.accountOf(d.treasury)).settledDay);
    await ethers.provider.send("hardhat_setBalance", [d.minter.address, "0x3635c9adc5dea00000"]);
    const world = new TokenWorld(d, random, actors, pool, await accountsSlot(d), born, now);
    // The fixture's own act.
    world.ledger.setAccountClass(await d.wrapper.getAddress(), "POOLED", now);
    return world;
  }

  get now(): bigint {
    return this.#now;
  }

  get today(): number {
    return Number(dayOf(this.#now));
  }

  /** One random act at a random later time; false when nothing could be done. */
  async step(): Promise<void> {
    await this.#passTime();
    const acts = [
      () => this.#transfer(),
      () => this.#transfer(),
      () => this.#transfer(),
      () => this.#transfer(),
      () => this.#mint(),
      () => this.#payReward(),
      () => this.#payReward(),
      () => this.#burn(),
      () => this.#settle(),
      () => this.#settleThrough(),
      () => this.#setTierSchedule(),
      () => this.#setTierSchedule(),
      () => this.#setParameters(),
      () => this.#setAccountClass(),
      () => this.#halt(),
      () => this.#endHalt(),
      () => this.#startRecovery(),
      () => this.#endRecovery(),
    ];
    await this.#random.pick(acts)();
  }

  /** The stored word of an actor on the chain. */
  async wordOf(actor: Actor): Promise<Fields> {
    return wordOf(this.#d, { getAddress: async () => actor.address });
  }

  /** What an actor holds by the Transfer events alone, as an indexer sees it. */
  async seenBalanceOf({ address }: Actor): Promise<bigint> {
    const { token } = this.#d;
    let balance = 0n;
    for (const { args } of await token.queryFilter(token.filters.Transfer(undefined, address))) balance += args.value;
    for (const { args } of await token.queryFilter(token.filters.Transfer(address))) balance -= args.value;
    return balance;
  }

  /** What an actor may still move, on the chain. */
  async movableOf(actor: Actor): Promise<bigint> {
    return this.#d.token.movable(actor.address);
  }

  /** Settled fees, supply and restrictions as the chain stores them. */
  async totals() {
    const { token } = this.#d;
    const global = BigInt(await ethers.provider.getStorage(await token.getAddress(), this.#slot + 1));
    const [supply, haltedUntil, recoveryUntil] = [
      await token.totalSupply(),
      await token.haltedUntil(),
      await token.recoveryUntil(),
    ];
    return { settledFees: global & ((1n << 90n) - 1n), supply, haltedUntil, recoveryUntil };
  }

  async #passTime(): Promise<void> {
    const random = this.#random;
    const kind = random.uint32() % 20;
    let seconds = random.bigint(1n, 3n * HOUR);
    // Recovery mode counts by the day, so that several payments have to fall on one.
    if (this.ledger.recoveryUntil > this.#now && kind < 14) seconds = random.bigint(1n, HOUR);
    else if (kind < 6) seconds = random.bigint(1n, 2n * DAY);
    else if (kind < 9) seconds = random.bigint(1n, 40n * DAY);
    else if (kind < 10) seconds = random.bigint(1n, 500n * DAY);
    this.#now += seconds;
    // At times exactly at, or a second before, a boundary.
    if (kind > 17) this.#now = startOf(BigInt(this.today) + 1n) - (kind === 18 ? 0n : 1n);
    await clock.nextBlockAt(this.#now);
  }

  #tell(what: string): void {
    this.story.push(`day ${this.today} (${this.#now}): ${what}`);
  }

  #actor(): Actor {
    return this.#random.pick(this.actors);
  }

  /** Someone who may send now: anyone, or only the exempt during a halt. */
  #sender(): Actor | undefined {
    const able =
      this.ledger.haltedUntil > this.#now
        ? this.actors.filter((actor) => this.ledger.account(actor.address).graceUntil === EXEMPT)
        : this.actors;
    if (able.length === 0) return undefined;
    const again = able.find((actor) => actor === this.#lastSender);
    const recovering = this.ledger.recoveryUntil > this.#now;
    this.#lastSender = again !== undefined && recovering && this.#random.chance(0.6) ? again : this.#random.pick(able);
    return this.#lastSender;
  }

  async #idle(): Promise<void> {
    this.#tell("nothing");
    await ethers.provider.send("evm_mine", []);
  }

  /** An amount that `actor` may move now. */
  #amountOf(actor: Actor): bigint {
    const movable = this.ledger.movable(actor.address, this.#now);
    return this.#random.chance(0.3) ? (movable * BigInt(this.#random.int(0, 100))) / 100n : this.#random.magnitude(0n, movable);
  }

  /** Whether `actor` tries to move one wei more than recovery mode allows, in vain. */
  async #overreaches(actor: Actor, to: Actor): Promise<boolean> {
    const movable = this.ledger.movable(actor.address, this.#now);
    const balance = this.ledger.balanceOf(actor.address, this.#now);
    if (actor === to || movable === balance || this.#random.chance(0.7)) return false;
    this.#tell(`${actor.name} tries to send a wei too much to ${to.name}`);
    await expect(this.#d.token.connect(actor.signer).transfer(to.address, movable + 1n, GAS))
      .to.be.revertedWithCustomError(this.#d.token, "RecoveryLimitExceeded")
      .withArgs(actor.address, movable + 1n, movable);
    return true;
  }

  async #transfer(): Promise<void> {
    const from = this.#sender();
    if (from === undefined) return this.#idle();
    const to = this.#actor();
    if (await this.#overreaches(from, to)) return;
    const amount = this.#amountOf(from);
    this.#tell(`${from.name} sends ${amount} to ${to.name}`);
    await this.#d.token.connect(from.signer).transfer(to.address, amount, GAS);
    this.ledger.transfer(from.address, to.address, amount, this.#now);
  }

  async #mint(): Promise<void> {
    const to = this.#actor();
    const room = MAX_SUPPLY - this.ledger.supply;
    const amount = this.#random.magnitude(0n, room < 10n ** 24n ? room : 10n ** 24n);
    this.#tell(`${amount} are minted to ${to.name}`);
    if (this.ledger.recoveryUntil > this.#now) {
      await expect(this.#d.token.connect(this.#d.minter).mint(to.address, amount, GAS))
        .to.be.revertedWithCustomError(this.#d.token, "MintingStopped")
        .withArgs(this.ledger.recoveryUntil);
      return;
    }
    await this.#d.token.connect(this.#d.minter).mint(to.address, amount, GAS);
    this.ledger.mint(to.address, amount, this.#now);
  }

  /** The pool, or by role the minter, pays someone else. */
  async #payReward(): Promise<void> {
    const random = this.#random;
    const { minter } = this.#d;
    const to = this.#actor();
    const pool = this.actors.find((actor) => actor.name === "pool")!;
    const payer = to === pool || random.chance(0.2) ? { name: "minter", address: minter.address, signer: minter } : pool;
    const held = this.ledger.movable(payer.address, this.#now);
    const fromFunds = random.chance(0.3) ? 0n : random.magnitude(0n, held);
    const room = MAX_SUPPLY - this.ledger.supply;
    const minted = random.chance(0.3) ? 0n : random.magnitude(0n, room < 10n ** 24n ? room : 10n ** 24n);
    this.#tell(`${payer.name} rewards ${to.name} with ${fromFunds} and ${minted} new ones`);
    const sent = () => this.#d.token.connect(payer.signer).payReward(to.address, fromFunds, minted, GAS);
    if (minted > 0n && this.ledger.recoveryUntil > this.#now) {
      await expect(sent()).to.be.revertedWithCustomError(this.#d.token, "MintingStopped").withArgs(this.ledger.recoveryUntil);
      return;
    }
    await sent();
    this.ledger.payReward(payer.address, to.address, fromFunds, minted, this.#now);
  }

  async #burn(): Promise<void> {
    const from = this.#sender();
    if (from === undefined) return this.#idle();
    const amount = this.#amountOf(from) / 10n;
    this.#tell(`${from.name} burns ${amount}`);
    await this.#d.token.connect(from.signer).burn(amount, GAS);
    this.ledger.burn(from.address, amount, this.#now);
  }

  async #settle(): Promise<void> {
    const whom = this.#actor();
    this.#tell(`${whom.name} is settled`);
    await this.#d.token.settle(whom.address, GAS);
    this.ledger.settleThrough(whom.address, this.today);
  }

  async #settleThrough(): Promise<void> {
    const whom = this.#actor();
    const day = this.#random.int(this.ledger.account(whom.address).settledDay, this.today);
    this.#tell(`${whom.name} is settled through ${day}`);
    await this.#d.token.settleThrough(whom.address, day, GAS);
    this.ledger.settleThrough(whom.address, day);
  }

  async #setTierSchedule(): Promise<void> {
    const whom = this.#random.pick(this.actors.filter((actor) => classOf(this.ledger.account(actor.address)) === "STANDARD"));
    const end = () => (this.#random.chance(0.25) ? 0 : this.today + this.#random.int(-5, 120));
    const [power, active, basic] = [end(), end(), end()].sort((a, b) => a - b) as [number, number, number];
    const schedule = { basicThrough: basic, activeThrough: active, powerThrough: power };
    const added = this.#random.chance(0.3) ? 0n : this.#random.magnitude(0n, 2n ** 81n);
    const limit = this.#random.chance(0.5) ? ethers.MaxUint256 : this.#random.magnitude(0n, 2n ** 82n);
    const graceUntil = this.#random.chance(0.3) ? this.today + this.#random.int(1, 365) : 0;
    const name = whom.name;
    this.#tell(`${name} is BASIC through ${basic}, ACTIVE through ${active}, POWER through ${power}, grace ${graceUntil}`);
    this.#tell(`${name} may lend ${added} more, up to ${limit}`);
    await this.#d.token.connect(this.#d.registrar).setTierSchedule(whom.address, schedule, added, limit, graceUntil, GAS);
    this.ledger.setTierSchedule(whom.address, schedule, { added, limit }, graceUntil, this.#now);
  }

  async #setParameters(): Promise<void> {
    const random = this.#random;
    const ascending = (max: bigint) =>
      [0, 1, 2, 3].map(() => random.bigint(0n, max)).sort((a, b) => (a < b ? -1 : 1)) as [bigint, bigint, bigint, bigint];
    const parameters = {
      monthlyRate: random.chance(0.1) ? ([0n, 0n, 0n, 0n] as [bigint, bigint, bigint, bigint]) : ascending(WAD / 100n),
      tierModifier: ascending(2n * WAD).reverse() as [bigint, bigint, bigint, bigint],
      monthlyCap: random.bigint(0n, WAD / 100n),
    };
    this.#tell(`parameters ${JSON.stringify(parameters, (_, v) => (typeof v === "bigint" ? v.toString() : v))}`);
    await this.#d.token.connect(this.#d.governor).setParameters(parameters, GAS);
    this.ledger.setParameters(parameters, this.#now);
  }

  async #setAccountClass(): Promise<void> {
    const free = this.actors.filter(({ name, address }) => {
      if (name === "pool" || name === "treasury") return false;
      const account = this.ledger.account(address);
      const contributes = account.basicThrough >= this.today || account.graceUntil > this.today;
      return classOf(account) !== "STANDARD" || !contributes;
    });
    if (free.length === 0) return this.#idle();
    const whom = this.#random.pick(free);
    const isContract = whom.name === "shop" || whom.name === "vault" || whom.name === "wrapper";
    const kinds: AccountClassName[] = ["STANDARD", "RECOGNISED", "POOLED"];
    if (isContract) kinds.push("EXEMPT");
    const kind = this.#random.pick(kinds);
    this.#tell(`${whom.name} becomes ${kind}`);
    await this.#d.token.connect(this.#d.governor).setAccountClass(whom.address, CLASS[kind], GAS);
    this.ledger.setAccountClass(whom.address, kind, this.#now);
  }

  async #halt(): Promise<void> {
    const until = this.#now + this.#random.bigint(1n, 72n * HOUR);
    this.#tell(`transfers are halted until ${until}`);
    await this.#d.token.connect(this.#d.breaker).halt(until, GAS);
    this.ledger.halt(until, this.#now);
  }

  async #endHalt(): Promise<void> {
    if (this.ledger.haltedUntil <= this.#now) return this.#idle();
    this.#tell("the halt ends early");
    await this.#d.token.connect(this.#d.breaker).endHalt(GAS);
    this.ledger.endHalt(this.#now);
  }

  async #startRecovery(): Promise<void> {
    const until = this.#now + this.#random.bigint(1n, 7n * DAY);
    this.#tell(`recovery mode is on until ${until}`);
    await this.#d.token.connect(this.#d.breaker).startRecovery(until, GAS);
    this.ledger.startRecovery(until, this.#now);
  }

  async #endRecovery(): Promise<void> {
    // Mostly left to end by itself, so that there is something to see.
    if (this.ledger.recoveryUntil <= this.#now || this.#random.chance(0.5)) return this.#idle();
    this.#tell("recovery mode ends early");
    await this.#d.token.connect(this.#d.breaker).endRecovery(GAS);
    this.ledger.endRecovery(this.#now);
  }
}

function classOf(account: AccountState): AccountClassName {
  if (account.graceUntil === EXEMPT) return "EXEMPT";
  if (account.graceUntil === POOLED) return "POOLED";
  return account.basicThrough === RECOGNISED ? "RECOGNISED" : "STANDARD";
}

/** Sum of all that the model stores: balances and the pool's settled fees. */
export function storedSum(ledger: TokenLedger): bigint {
  return ledger.accounts().reduce((sum, name) => sum + ledger.account(name).balance, ledger.settledFees);
}

/** Sum of the capacity that all accounts have left. */
export function capacityLeft(ledger: TokenLedger): bigint {
  return ledger.accounts().reduce((sum, name) => sum + ledger.account(name).capacity, 0n);
}

/** Whether every field of `state` fits its place in the word. */
export function fitsWord(state: AccountState): boolean {
  const { balance, capacity, activity } = state;
  const positive = balance >= 0n && capacity >= 0n && activity >= 0n;
  return positive && balance < 1n << 90n && capacity <= MAX_CAPACITY_UNITS && activity <= MAX_ACTIVITY_UNITS;
}
