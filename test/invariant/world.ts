// Random lives of a whole economy on its real contracts, with a memory of its own (ghost state) to hold them against.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { Interface, type TransactionReceipt, type TransactionResponse } from "ethers";
import type { TestEconomy } from "../helpers/economy.ts";
import type { Random } from "../helpers/random.ts";
import { revertData } from "../helpers/reverts.ts";
import { attest } from "../helpers/sign.ts";
import { DAY, HOUR, dayOf, startOf, type Connection } from "../helpers/time.ts";
import { Allowances } from "./allowances.ts";
import { GAS } from "./life.ts";
import { CLASS, FTNS, type Holding } from "./step.ts";
import type { Landed } from "./vouchingWatch.ts";

const WAD = 10n ** 18n;

/** Of the launch's supply. */
const LEFT_AT_FIRST = 6_000_000n * FTNS;
/** Of what the pool pays for, as the contract's enum counts. */
const [YIELD, CLAIMS] = [1, 2] as const;

type Act = () => Promise<void>;
const times = (count: number, act: Act): Act[] => Array.from({ length: count }, () => act);
/** Storage, compute, model, research and teaching: the kinds that verifiers alone attest, and FTNS per unit. */
const KINDS = [
  { kind: 0n, rate: FTNS / 100n },
  { kind: 1n, rate: FTNS / 20n },
  { kind: 5n, rate: 100n * FTNS },
  { kind: 6n, rate: 500n * FTNS },
  { kind: 7n, rate: 20n * FTNS },
] as const;

export class EconomyWorld {
  readonly story: string[] = [];
  readonly people: HardhatEthersSigner[];
  /** Every address that ever held FTNS here. */
  readonly holders: string[];
  /** What the supply must be: the launch's, more what was minted, less what was burned. */
  supply: bigint;
  /** What the latest act sent, and the proof that landed by it. */
  receipt: TransactionReceipt | undefined;
  proof: Landed | undefined;
  /** What others do beside the people here. */
  readonly otherActs: Act[] = [];
  /** How much of somebody's stake is locked. */
  lockedOf = (_owner: string) => 0n;
  /** Who has landed a proof. */
  readonly contributors = new Set<string>();
  readonly economy: TestEconomy;
  readonly connection: Connection;
  readonly random: Random;
  readonly shop: string;
  readonly #chainId: bigint;
  #proofs = 0;
  readonly allowances = new Allowances();
  now = 0n;

  private constructor(economy: TestEconomy, connection: Connection, random: Random, supply: bigint, chainId: bigint) {
    this.economy = economy;
    this.connection = connection;
    this.random = random;
    this.#chainId = chainId;
    this.supply = supply;
    this.people = economy.people.users.slice(0, 5);
    // Any contract does as a shop: the token only looks at its address.
    this.shop = economy.addresses.history;
    const { treasury } = economy.people;
    const { pool, wrapper, vault } = economy.addresses;
    this.holders = [...this.people.map(({ address }) => address), treasury.address, pool, wrapper, vault, this.shop];
  }

  static async create(economy: TestEconomy, connection: Connection, random: Random): Promise<EconomyWorld> {
    const { chainId } = await connection.ethers.provider.getNetwork();
    // Nobody's fees are so high that the pool could always pay everybody.
    const hoard = economy.token.connect(economy.people.treasury);
    await hoard.burn((await economy.token.totalSupply()) - LEFT_AT_FIRST);
    const world = new EconomyWorld(economy, connection, random, LEFT_AT_FIRST, chainId);
    for (const person of world.people) {
      const amount = random.magnitude(FTNS, 10n ** 24n);
      await hoard.transfer(person.address, amount);
      for (const spender of [economy.addresses.wrapper, economy.addresses.vault]) {
        await economy.token.connect(person).approve(spender, 10n ** 30n);
      }
    }
    world.now = await economy.clock.now();
    return world;
  }

  get halted(): Promise<boolean> {
    return this.economy.token.haltedUntil().then((until) => until > this.now);
  }

  /** Lets a random time pass. */
  async passTime(): Promise<void> {
    const random = this.random;
    const kind = random.uint32() % 20;
    let seconds = random.bigint(1n, 3n * HOUR);
    const restricted = this.allowances.holdsAt(this.now) || (await this.halted);
    if (restricted && kind < 15) seconds = random.bigint(1n, 6n * HOUR);
    else if (kind < 7) seconds = random.bigint(1n, 2n * DAY);
    else if (kind < 11) seconds = random.bigint(1n, 30n * DAY);
    else if (kind < 12) seconds = random.bigint(1n, 400n * DAY);
    this.now += seconds;
    // At times the very boundary, or the hour before it, in which the day's shares are open to all.
    const tomorrow = startOf(dayOf(this.now) + 1n);
    if (kind === 19) this.now = tomorrow;
    if (kind === 18 && this.now < tomorrow - 3_600n) this.now = tomorrow - random.bigint(2n, 3_600n);
    // An act comes a second later, and on the same day.
    if (dayOf(this.now + 1n) > dayOf(this.now)) this.now += 1n;
    await this.economy.clock.to(this.now);
    this.tell("time passes");
  }

  /** One random act in the second after. */
  async act(): Promise<void> {
    this.receipt = undefined;
    this.proof = undefined;
    const acts: Act[] = [
      ...this.otherActs,
      ...times(9, () => this.#transfer()),
      ...times(8, () => this.#prove()),
      () => this.#refresh(),
      ...times(2, () => this.#claim()),
      () => this.#burn(),
      () => this.#wrap(),
      () => this.#unwrap(),
      ...times(3, () => this.#stake()),
      ...times(2, () => this.#unstake()),
      () => this.#leaveOrStay(),
      () => this.#claimYield(),
      () => this.#settle(),
    ];
    await this.random.pick(acts)();
  }

  /** Balance and dues of everyone now. */
  async holdings(): Promise<Holding[]> {
    return Promise.all(
      this.holders.map(async (address) => {
        const { balance, dueFee, activity, capacity, accountClass, tier, graceUntil } =
          await this.economy.token.accountOf(address);
        const isBasic = accountClass === CLASS.STANDARD && tier > 0n;
        return { address, balance, due: dueFee, activity, capacity, accountClass, isBasic, graceUntil };
      }),
    );
  }

  /** Balances of everyone `days` days from now if anyone is settled at `stops` (days from now) on the way; then forgotten. */
  async balancesAfter(days: number, stops: ReadonlyMap<number, readonly string[]>): Promise<bigint[]> {
    const { provider } = this.connection.ethers;
    const snapshot = await provider.send("evm_snapshot", []);
    const today = dayOf(this.now);
    for (const day of [...stops.keys()].sort((a, b) => a - b)) {
      await this.economy.clock.to(startOf(today + BigInt(day)) + HOUR);
      for (const holder of stops.get(day)!) await this.economy.token.settle(holder, GAS);
    }
    await this.economy.clock.to(startOf(today + BigInt(days)) + 2n * HOUR);
    const balances = await Promise.all(this.holders.map((holder) => this.economy.token.balanceOf(holder)));
    await provider.send("evm_revert", [snapshot]);
    return balances;
  }

  tell(what: string): void {
    this.story.push(`day ${dayOf(this.now)} (${this.now}): ${what}`);
  }

  /** Sends in the next second, and reads what was minted and burned from the receipt. */
  async send(what: string, sending: () => Promise<TransactionResponse>): Promise<TransactionReceipt> {
    this.tell(what);
    this.now += 1n;
    await this.economy.clock.nextBlockAt(this.now);
    const receipt = (await (await sending()).wait())!;
    this.receipt = receipt;
    const token = this.economy.addresses.token.toLowerCase();
    for (const log of receipt.logs) {
      if (log.address.toLowerCase() !== token) continue;
      const event = this.economy.token.interface.parseLog(log);
      if (event?.name !== "Transfer") continue;
      const [from, to, value] = event.args as unknown as [string, string, bigint];
      if (BigInt(from) === 0n) this.#countMint(to, value);
      if (BigInt(to) === 0n) this.supply -= value;
    }
    return receipt;
  }

  /**
   * Sends what moves `amount` out of `from`. In recovery mode it must work within the day's allowance and fail beyond it; an
   * amount that is known to `slack` wei (shares are rounded) may do either at the very limit.
   */
  async pay(
    what: string,
    from: string,
    amount: bigint,
    sending: () => Promise<TransactionResponse>,
    balanceOf = () => this.economy.token.balanceOf(from),
  ): Promise<void> {
    const at = this.now + 1n;
    if (!this.allowances.holdsAt(at)) return void (await this.send(what, sending));
    const balance = await balanceOf();
    const left = this.allowances.leftOf(from, balance, dayOf(at));
    const worked = await this.send(what, sending).then(() => true, refusedByLimit);
    if (worked) this.allowances.moved(from, balance, amount, dayOf(at));
    if (worked !== amount <= left) throw new Error(`P88: ${what} ${worked ? "worked" : "failed"}, with ${left} left`);
  }

  #countMint(to: string, value: bigint): void {
    if (this.allowances.holdsAt(this.now)) throw new Error(`P88: ${to} was minted ${value} in recovery mode`);
    if (!this.contributors.has(to)) throw new Error(`${to} was minted ${value} without a proof`);
    this.supply += value;
  }

  person(): HardhatEthersSigner {
    return this.random.pick(this.people);
  }

  async #transfer(): Promise<void> {
    if (await this.halted) return;
    const from = this.random.pick([...this.people, this.economy.people.treasury]);
    const to = this.random.pick([...this.people.map(({ address }) => address), this.shop, this.economy.addresses.pool]);
    const balance = await this.economy.token.balanceOf(from.address);
    const amount = this.random.chance(0.5) ? balance / BigInt(this.random.int(1, 50)) : this.random.magnitude(0n, balance);
    await this.pay(`${from.address} sends ${amount} to ${to}`, from.address, from.address === to ? 0n : amount, () =>
      this.economy.token.connect(from).transfer(to, amount, GAS),
    );
  }

  async #prove(): Promise<void> {
    const person = this.person();
    const { kind, rate } = this.random.pick(KINDS);
    const impact = this.random.bigint(WAD / 10n, 2n * WAD);
    // A value of 0.01 to 4,000 FTNS; one in two is worth a tier.
    const isGood = this.random.chance(0.5);
    const value = this.random.magnitude(isGood ? 20n * FTNS : FTNS / 100n, 4_000n * FTNS);
    const contribution = {
      contributor: person.address,
      kind,
      proofHash: this.random.hex(32),
      units: (((value * WAD) / rate) * WAD) / impact,
      quality: this.random.bigint(isGood ? 500n : 0n, 1_000n) * 10n ** 15n,
      confidence: this.random.bigint(WAD / 2n, WAD),
      impact,
      observedAt: this.now - this.random.bigint(0n, 6n * DAY),
      expiresAt: this.now + DAY,
      evidenceRoot: this.random.hex(32),
      evidenceURI: `proof:${this.#proofs++}`,
    };
    const place = { chainId: this.#chainId, verifyingContract: this.economy.addresses.registry };
    const signers = this.random.shuffle(this.economy.people.verifiers).slice(0, this.random.int(2, 3));
    const attestations = await attest(signers, contribution, place);
    this.contributors.add(person.address);
    await this.send(`${person.address} proves ${value} of kind ${kind}`, () =>
      this.economy.registry.connect(person).submit(contribution, attestations, [], GAS),
    );
    const { units, quality } = contribution;
    const counted = (units * rate * impact) / (WAD * WAD);
    this.proof = { account: person.address, day: dayOf(this.now), value: counted, quality };
  }

  async #refresh(): Promise<void> {
    const proven = this.people.filter(({ address }) => this.contributors.has(address));
    if (proven.length === 0) return;
    const { address } = this.random.pick(proven);
    await this.send(`${address} is refreshed`, () => this.economy.registry.refresh(address, GAS));
  }

  async #claim(): Promise<void> {
    for (const person of this.people) {
      if ((await this.economy.pool.claimable(person)) === 0n) continue;
      const claim = () => this.send(`${person.address} claims`, () => this.economy.pool.connect(person).claim(GAS));
      const { pool } = this.economy;
      const isSpent = async () => (await pool.drawableToday(person)) === 0n || (await pool.dayBudget()).left[CLAIMS] === 0n;
      return this.#unless(isSpent, claim);
    }
  }

  async #burn(): Promise<void> {
    if (await this.halted) return;
    const person = this.person();
    const amount = (await this.economy.token.balanceOf(person.address)) / BigInt(this.random.int(20, 1_000));
    await this.pay(`${person.address} burns ${amount}`, person.address, amount, () =>
      this.economy.token.connect(person).burn(amount, GAS),
    );
  }

  async #wrap(): Promise<void> {
    if (await this.halted) return;
    const person = this.person();
    const amount = (await this.economy.token.balanceOf(person.address)) / BigInt(this.random.int(2, 20));
    if ((await this.economy.wrapper.previewDeposit(amount)) === 0n) return;
    await this.pay(`${person.address} wraps ${amount}`, person.address, amount, () =>
      this.economy.wrapper.connect(person).deposit(amount, person.address, GAS),
    );
  }

  async #unwrap(): Promise<void> {
    if (await this.halted) return;
    const person = this.person();
    const { wrapper } = this.economy;
    const shares = (await wrapper.balanceOf(person.address)) / BigInt(this.random.int(1, 40));
    if ((await wrapper.previewRedeem(shares)) === 0n) return;
    const redeem = () => wrapper.connect(person).redeem(shares, person.address, person.address, GAS);
    // The wrapper is not limited; each of its users is, by what it holds of wFTNS.
    const held = () => wrapper.balanceOf(person.address);
    await this.pay(`${person.address} unwraps ${shares} shares`, `wFTNS of ${person.address}`, shares, redeem, held);
  }

  async #stake(): Promise<void> {
    if (await this.halted) return;
    const person = this.person();
    const amount = (await this.economy.token.balanceOf(person.address)) / BigInt(this.random.int(2, 20));
    if (amount === 0n) return;
    await this.pay(`${person.address} stakes ${amount}`, person.address, amount, () =>
      this.economy.vault.connect(person).stake(amount, GAS),
    );
  }

  async #unstake(): Promise<void> {
    const person = this.person();
    const free = (await this.economy.vault.stakedOf(person.address)) - this.lockedOf(person.address);
    if (free === 0n) return;
    const amount = this.random.bigint(1n, free);
    await this.send(`${person.address} unstakes ${amount}`, () => this.economy.vault.connect(person).requestUnstake(amount, GAS));
  }

  /** Whoever waits takes the stake out, whatever is halted, or puts it back. */
  async #leaveOrStay(): Promise<void> {
    const person = this.person();
    const { pending, readyAt } = await this.economy.vault.stakeOf(person.address);
    if (pending === 0n) return;
    const vault = this.economy.vault.connect(person);
    if (this.now + 1n >= readyAt) await this.send(`${person.address} withdraws`, () => vault.withdraw(GAS));
    else await this.send(`${person.address} stays`, () => vault.cancelUnstake(GAS));
  }

  async #claimYield(): Promise<void> {
    for (const person of this.random.shuffle(this.people)) {
      const { earned, recycled } = await this.economy.vault.stakeOf(person.address);
      if (earned + recycled === 0n) continue;
      const claim = () => this.send(`${person.address} claims yield`, () => this.economy.vault.connect(person).claim(GAS));
      const isSpent = async () => {
        const { left, funds, keptForServices } = await this.economy.pool.dayBudget();
        return left[YIELD] === 0n || (earned === 0n && funds === keptForServices);
      };
      return this.#unless(isSpent, claim);
    }
  }

  /** `claim` may be refused, but only where the pool's own views say that nothing can be paid. */
  async #unless(isSpent: () => Promise<boolean>, claim: () => Promise<unknown>): Promise<void> {
    try {
      await claim();
    } catch (error) {
      if (refusalIn(error) !== "NothingPayableNow" || !(await isSpent())) throw error;
    }
  }

  async #settle(): Promise<void> {
    const whom = this.random.pick(this.holders);
    await this.send(`${whom} is settled`, () => this.economy.token.settle(whom, GAS));
  }
}

const REFUSALS = new Interface([
  "error RecoveryLimitExceeded(address,uint256,uint256)",
  "error ERC4626ExceededMaxRedeem(address,uint256,uint256)",
  "error ERC4626ExceededMaxDeposit(address,uint256,uint256)",
  "error NothingPayableNow(address,uint256,uint256)",
]);
const VAULT_REFUSALS = new Interface(["error NothingPayableNow(uint256,uint256)"]);

/** By which error the chain refused. */
function refusalIn(error: unknown): string | undefined {
  const data = revertData(error) ?? "0x00000000";
  return (REFUSALS.parseError(data) ?? VAULT_REFUSALS.parseError(data))?.name;
}

/** False; throws on whatever is no refusal of recovery mode. */
function refusedByLimit(error: unknown): boolean {
  if (!/RecoveryLimitExceeded|ERC4626ExceededMax/.test(refusalIn(error) ?? "")) throw error;
  return false;
}
