// An economy with people who have tokens to stake, a source of M that does as it is told, and an account that may set
// standings as the registry does.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import {
  EMPTY_ACCOUNT,
  NO_STANDING,
  settle,
  standingOf,
  type DemurrageOf,
  type StakerStanding,
  type TierDays,
  type Timeline,
} from "@ftns/model";
import { FTNS, registryFixture, WAD, wad, type Registry } from "../contributors/fixture.ts";
import { ROLES } from "@ftns/deploy/wiring.ts";
import { DAY, dayOf, type Connection } from "../helpers/time.ts";

export { FTNS, WAD, wad };
export const HOLDING = 10_000n * FTNS;
export const WEEK = 604_800n;
export const YEAR = 365n * DAY;
export const STAKE = 1_000n * FTNS;
/** Nearly all that anyone has here. */
export const MUCH = 9_000n * FTNS;
/** More than anyone can stake. */
export const FULL_COVER = 2n ** 90n - 2n ** 30n;
/** Code that fails whatever is called, and burns all gas doing it. */
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

/** What the registry says of an account. */
export interface Told {
  schedule: TierDays;
  /** Day of the latest proof for each commitment; 0 = never. */
  commitmentDays: readonly number[];
  cover: bigint;
}

/** Tells the vault `told` of `who`, as the registry would. */
export async function setStanding(d: Staking, who: HardhatEthersSigner, { schedule, commitmentDays, cover }: Told) {
  return d.vault.connect(d.teller).setStanding(who, schedule, daysWord(commitmentDays), cover);
}

/** Days as the registry packs them. */
export function daysWord(days: readonly number[]): bigint {
  return days.reduce((word, day, index) => word | (BigInt(day) << (16n * BigInt(index))), 0n);
}

/** What the vault makes of it today. */
export async function keptOf(d: Staking, { schedule, commitmentDays, cover }: Told): Promise<StakerStanding> {
  return standingOf(schedule, commitmentDays, cover, Number(await d.clock.today()));
}

/** Tier `tier` for `days` from today, `commitments` commitments for the 30 days that they last. */
export async function standingFor(
  d: Staking,
  tier: 0 | 1 | 2 | 3,
  commitments: number,
  { days = 29, cover = FULL_COVER }: { days?: number; cover?: bigint } = {},
): Promise<Told> {
  const today = Number(await d.clock.today());
  const through = today + days;
  return {
    schedule: {
      basicThrough: tier >= 1 ? through : 0,
      activeThrough: tier >= 2 ? through : 0,
      powerThrough: tier >= 3 ? through : 0,
    },
    commitmentDays: NO_STANDING.commitmentThrough.map((_, index) => (index < commitments ? today : 0)),
    cover,
  };
}

/** The token's view, by its model. */
export function demurrageBy(timeline: Timeline): DemurrageOf {
  return (amount, fromDay, throughDay) =>
    settle({ ...EMPTY_ACCOUNT, balance: amount, settledDay: fromDay }, throughDay, (day) => timeline.termsSince(day)).fee;
}

/** Lets exactly `seconds` pass between the latest block and the next transaction. */
export async function after({ clock }: Pick<Staking, "clock">, seconds: bigint): Promise<void> {
  await clock.nextBlockAt((await clock.now()) + seconds);
}

/** `contract` fails from now on, whatever is called. */
export async function breakContract({ networkHelpers }: Connection, contract: { getAddress(): Promise<string> }): Promise<void> {
  await networkHelpers.setCode(await contract.getAddress(), BROKEN);
}

/** A contract that the test speaks for. */
export async function contractSigner({ ethers, networkHelpers }: Connection, contract: { getAddress(): Promise<string> }) {
  const address = await contract.getAddress();
  await networkHelpers.setBalance(address, 10n ** 21n);
  return ethers.getImpersonatedSigner(address);
}

/** Lets two contracts hold locks, and names one that may not. */
export async function admitHolders(d: Staking) {
  const [holder, other, unknown] = await Promise.all(
    [d.voteProofs, d.keeperJobs, d.history].map((contract) => contractSigner(d.connection, contract)),
  );
  for (const admitted of [holder!, other!]) await d.vault.connect(d.people.governor).setLockHolder(admitted, true);
  return { holder: holder!, other: other!, unknown: unknown! };
}

/** Puts a pool that pays what it is told in the place of the real one. */
export async function meteredPool(d: Staking) {
  const { ethers, networkHelpers } = d.connection;
  const template = await ethers.deployContract("MeteredPool", [d.token]);
  await networkHelpers.setCode(d.addresses.pool, (await ethers.provider.getCode(template))!);
  const metered = await ethers.getContractAt("MeteredPool", d.addresses.pool);
  await metered.setMeans(2n ** 200n, 2n ** 200n);
  return metered;
}

export async function fund({ token, people, pool }: Staking, amount: bigint): Promise<void> {
  await token.connect(people.treasury).transfer(pool, amount);
}

/** Transfers stop for `seconds` from the next block on. */
export async function halt(d: Staking, seconds = DAY): Promise<void> {
  await d.token.connect(d.people.breaker).halt((await d.clock.now()) + seconds);
}

export const dayNumber = async (d: Staking): Promise<number> => Number(dayOf(await d.clock.now()));
