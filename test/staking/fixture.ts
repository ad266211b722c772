// An economy with people who have tokens to stake, a source of M that does as it is told, and an account that may set
// standings as the registry does.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type MultiplierPath, NO_STANDING, StakingVaultModel, type StakerStanding } from "@ftns/model";
import { FTNS, registryFixture, WAD, wad, type Registry } from "../contributors/fixture.ts";
import { ROLES } from "@ftns/deploy/wiring.ts";
import { DAY, type Connection } from "../helpers/time.ts";

export { FTNS, WAD, wad };
export const HOLDING = 10_000n * FTNS;
export const WEEK = 604_800n;
export const YEAR = 365n * DAY;
export const STAKE = 1_000n * FTNS;
/** Nearly all that anyone has here. */
export const MUCH = 9_000n * FTNS;
/** Code that fails whatever is called. */
const BROKEN = "0xfe";

export const RATES = {
  baseRate: wad("0.03"),
  commitmentRate: wad("0.01"),
  maxRate: wad("0.2"),
  tierMultiplier: [wad("0.5"), WAD, wad("1.2"), wad("1.5")] as [bigint, bigint, bigint, bigint],
};

/** `fresh()` gives the economy on a day on which the terms already name the `store` as source of M. */
export async function stakingFixture() {
  const { connection, fresh: freshRegistry } = await registryFixture();
  const { ethers, networkHelpers } = connection;

  async function ready() {
    const d = await freshRegistry();
    const { people, manager, token, vault, clock } = d;
    const store = await ethers.deployContract("MultiplierStore");
    await vault.connect(people.governor).setTerms({ ...RATES, multiplierSource: store });
    const teller = people.users[6]!;
    await manager.connect(people.admin).grantRole(ROLES.REGISTRAR, teller, 0);
    for (const who of [d.alice, d.bob, d.carol, d.dave]) {
      await token.connect(people.treasury).transfer(who, HOLDING);
      await token.connect(who).approve(vault, ethers.MaxUint256);
    }
    await clock.toDaysAhead(1n, 7_200n);
    for (const who of [d.alice, d.bob, d.carol, d.dave, people.treasury]) await token.settle(who);
    return { ...d, store, teller };
  }

  return { connection, fresh: () => networkHelpers.loadFixture(ready) };
}

export type Staking = Registry & Awaited<ReturnType<Awaited<ReturnType<typeof stakingFixture>>["fresh"]>>;

/** Model of a vault whose terms name `path`; the terms at launch are older than any stake. */
export function modelOf(path: MultiplierPath): StakingVaultModel {
  return new StakingVaultModel(path);
}

/** Tells the vault that `who` has `standing`, as the registry would. Proofs are dated back 29 days from their last day. */
export async function setStanding(d: Staking, who: HardhatEthersSigner, standing: StakerStanding) {
  return d.vault.connect(d.teller).setStanding(who, standing.schedule, lastDaysWord(standing));
}

/** Days of the latest proofs that lead to `standing`, as the registry packs them. */
export function lastDaysWord({ commitmentThrough }: StakerStanding): bigint {
  const kinds = [0n, 1n, 3n, 5n, 6n]; // STORAGE, COMPUTE, GOVERNANCE, MODEL, RESEARCH
  return commitmentThrough.reduce(
    (word, through, index) => word | ((through === 0 ? 0n : BigInt(through - 29)) << (16n * kinds[index]!)),
    0n,
  );
}

/** Tier `tier` and `commitments` commitments, all through `days` from today. */
export async function standingFor(d: Staking, tier: 0 | 1 | 2 | 3, commitments: number, days = 29): Promise<StakerStanding> {
  const through = Number(await d.clock.today()) + days;
  return {
    schedule: {
      basicThrough: tier >= 1 ? through : 0,
      activeThrough: tier >= 2 ? through : 0,
      powerThrough: tier >= 3 ? through : 0,
    },
    commitmentThrough: NO_STANDING.commitmentThrough.map((_, index) => (index < commitments ? through : 0)),
  };
}

/** Lets exactly `seconds` pass between the latest block and the next transaction. */
export async function after({ clock }: Pick<Staking, "clock">, seconds: bigint): Promise<void> {
  await clock.nextBlockAt((await clock.now()) + seconds);
}

/** `contract` fails from now on, whatever is called. */
export async function breakContract({ networkHelpers }: Connection, contract: { getAddress(): Promise<string> }): Promise<void> {
  await networkHelpers.setCode(await contract.getAddress(), BROKEN);
}

export async function fund({ token, people, pool }: Staking, amount: bigint): Promise<void> {
  await token.connect(people.treasury).transfer(pool, amount);
}

/** Empties the pool of the fees of the days so far. */
export async function drain({ manager, people, teller, token, pool, eve }: Staking): Promise<void> {
  await manager.connect(people.admin).grantRole(ROLES.STAKING, teller, 0);
  await token.settle(people.treasury);
  const funds = await token.balanceOf(pool);
  if (funds > 0n) await pool.connect(teller).payYield(eve, 0n, funds);
}
