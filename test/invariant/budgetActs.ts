// What moves the pool's day: keepers' pay, and what governance changes about it.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { MultiplierSwitch } from "../../typechain-types/index.ts";
import { contractSigner } from "../staking/fixture.ts";
import { GAS } from "./life.ts";
import { FTNS } from "./step.ts";
import type { BudgetWatch } from "./budgetWatch.ts";
import type { EconomyWorld } from "./world.ts";

const WAD = 10n ** 18n;
const BASIS_POINT = WAD / 10_000n;

export class BudgetActs {
  readonly acts = [
    () => this.#payKeeper(),
    () => this.#setShares(),
    () => this.#setEmissionShare(),
    () => this.#setMultiplier(),
    () => this.#cancel(),
  ];
  readonly #world: EconomyWorld;
  readonly #watch: BudgetWatch;
  readonly #keeper: HardhatEthersSigner;
  readonly #source: MultiplierSwitch;

  private constructor(world: EconomyWorld, watch: BudgetWatch, keeper: HardhatEthersSigner, source: MultiplierSwitch) {
    this.#world = world;
    this.#watch = watch;
    this.#keeper = keeper;
    this.#source = source;
  }

  static async create(world: EconomyWorld, watch: BudgetWatch): Promise<BudgetActs> {
    const { economy, connection } = world;
    const source = await connection.ethers.deployContract("MultiplierSwitch");
    await economy.pool.connect(economy.people.governor).setMultiplierSource(source);
    const acts = new BudgetActs(world, watch, await contractSigner(connection, economy.keeperJobs), source);
    world.now = await economy.clock.now();
    await acts.#setEmissionShare();
    return acts;
  }

  async #payKeeper(): Promise<void> {
    const { address } = this.#world.person();
    const amount = this.#world.random.magnitude(FTNS / 10n, 1_000_000n * FTNS);
    await this.#world.send(`${address} is paid ${amount} for a keeper's work`, () =>
      this.#world.economy.pool.connect(this.#keeper).payKeeper(address, amount, GAS),
    );
  }

  async #setShares(): Promise<void> {
    const { random, economy } = this.#world;
    if (random.chance(0.5)) return;
    const shares = [random.bigint(0n, 4_000n), random.bigint(0n, 3_000n), random.bigint(0n, 1_000n)] as const;
    const [y, c, s] = shares.map((share) => share * BASIS_POINT) as [bigint, bigint, bigint];
    await this.#world.send(`shares become ${shares.join(" ")}`, () =>
      economy.pool.connect(economy.people.governor).setShares(y, c, s, GAS),
    );
    this.#watch.rules.shares = shares;
    this.#watch.disturbed(this.#world.now);
  }

  async #setEmissionShare(): Promise<void> {
    const { random, economy } = this.#world;
    // A day's budget of up to 1,000,000 FTNS, mostly so small that not every reward fits.
    const share = random.chance(0.2) ? 0n : random.magnitude(WAD / 10n ** 6n, WAD / 100n);
    await this.#world.send(`the emission share becomes ${share}`, () =>
      economy.pool.connect(economy.people.governor).setEmissionShare(share, GAS),
    );
    this.#watch.rules.emissionShare = share;
  }

  async #setMultiplier(): Promise<void> {
    const { random } = this.#world;
    const multiplier = random.bigint(WAD / 10n, random.pick([WAD, 10n * WAD]));
    await this.#world.send(`M becomes ${multiplier}`, () => this.#source.set(multiplier, GAS));
    this.#watch.rules.multiplier = multiplier;
  }

  async #cancel(): Promise<void> {
    const { random, economy } = this.#world;
    const { address } = this.#world.person();
    const owed = await economy.pool.claimable(address);
    if (owed === 0n || random.chance(0.5)) return;
    const amount = random.magnitude(1n, 2n * owed);
    await this.#world.send(`${amount} of what ${address} waits for is cancelled`, () =>
      economy.pool.connect(economy.people.governor).cancelClaimable(address, amount, GAS),
    );
  }
}
