// The contracts as a world: a whole economy on a chain of its own, at M = 1.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { DEFAULT_BASE_RATES } from "@ftns/model";
import { attestations, proof, registryFixture, type Registry } from "../contributors/fixture.ts";
import { HOUR, startOf } from "../helpers/time.ts";
import { WAD, World, type Holding } from "./world.ts";

/** AccountClass.RECOGNISED */
const RECOGNISED = 1n;
/** Enough for every call of a play; saves the estimate. */
export const GAS = { gasLimit: 16_000_000n };

const { connection, fresh } = await registryFixture();
const { ethers, networkHelpers } = connection;
export { ethers };

/** A new economy, an hour into its second day. */
export async function freshChain(): Promise<ChainWorld> {
  return new ChainWorld(await networkHelpers.loadFixture(withTrips));
}

async function withTrips() {
  const d = await fresh();
  return { d, trips: await ethers.deployContract("RoundTrips") };
}

export class ChainWorld extends World {
  readonly d: Registry;
  readonly #trips: Awaited<ReturnType<typeof withTrips>>["trips"];
  readonly #signers = new Map<string, HardhatEthersSigner>();

  constructor({ d, trips }: Awaited<ReturnType<typeof withTrips>>) {
    super();
    this.d = d;
    this.#trips = trips;
    this.#signers.set("treasury", d.people.treasury);
  }

  /** Speaks for `who`, an account made up by its name. */
  async signer(who: string): Promise<HardhatEthersSigner> {
    return this.#signers.get(who) ?? this.know(who, ethers.getAddress(ethers.id(who).slice(0, 42)));
  }

  /** From now on `who` is the account at `address`, a contract for example. */
  async know(who: string, address: string): Promise<HardhatEthersSigner> {
    await networkHelpers.setBalance(address, 10n ** 24n);
    const signer = await ethers.getImpersonatedSigner(address);
    this.#signers.set(who, signer);
    return signer;
  }

  async holding(who: string): Promise<Holding> {
    const { balance, activity, capacity } = await this.d.token.accountOf(await this.signer(who));
    return { balance, activity, capacity };
  }

  async tier(who: string): Promise<number> {
    return Number((await this.d.token.accountOf(await this.signer(who))).tier);
  }

  /** Lets the contract at `spender` take the coins of `who`. */
  async allow(who: string, spender: { getAddress(): Promise<string> }): Promise<void> {
    await this.d.token.connect(await this.signer(who)).approve(spender, ethers.MaxUint256, GAS);
  }

  async recognise(who: string): Promise<void> {
    await this.d.token.connect(this.d.people.governor).setAccountClass(await this.signer(who), RECOGNISED, GAS);
  }

  async pass(days: number): Promise<void> {
    await this.d.clock.toDaysAhead(BigInt(days), HOUR);
  }

  /** The next transaction is so many minutes into the hour in which everybody acts: yield counts by the second. */
  async atMinute(minute: number): Promise<void> {
    await this.d.clock.nextBlockAt(startOf(await this.d.clock.today()) + HOUR + BigInt(minute) * 60n);
  }

  /** Lets the seven days pass after which what was requested within this hour is ready. */
  async passExit(): Promise<void> {
    await this.pass(7);
    await this.d.clock.pass(HOUR);
  }

  protected async transfer(from: string, to: string, amount: bigint): Promise<void> {
    await this.d.token.connect(await this.signer(from)).transfer(await this.signer(to), amount, GAS);
  }

  protected async roundTrips(hoarder: string, accomplices: readonly string[], amount: bigint): Promise<void> {
    for (const who of [hoarder, ...accomplices]) await this.#allowTrips(who);
    const addresses = await Promise.all(accomplices.map(async (who) => (await this.signer(who)).address));
    await this.#trips.make(this.d.token, await this.signer(hoarder), addresses, amount, GAS);
  }

  protected async land(who: string, kind: number, value: bigint): Promise<bigint> {
    const { d } = this;
    const contributor = await this.signer(who);
    const units = (value * WAD) / DEFAULT_BASE_RATES[kind]!;
    const statement = await proof(d, { contributor: contributor.address, kind: BigInt(kind), units, quality: WAD });
    const before = await d.token.balanceOf(contributor);
    await d.registry.connect(contributor).submit(statement, await attestations(d, statement), [], GAS);
    return (await d.token.balanceOf(contributor)) - before;
  }

  readonly #allowed = new Set<string>();

  async #allowTrips(who: string): Promise<void> {
    if (this.#allowed.has(who)) return;
    this.#allowed.add(who);
    await this.allow(who, this.#trips);
  }
}
