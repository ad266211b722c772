// A pool over a token without demurrage, so that funds, supply, `M` and time are exactly what a test makes them.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { network } from "hardhat";
import { PURPOSES, type ByPurpose } from "@ftns/model";
import { clockOf, startOf } from "../helpers/time.ts";

export const FTNS = 10n ** 18n;
export const WAD = 10n ** 18n;
export const SUPPLY = 100_000_000n * FTNS;
/** 0.1 % of it. */
export const BUDGET = 100_000n * FTNS;
export const TIER = { NONE: 0n, BASIC: 1n, ACTIVE: 2n, POWER: 3n } as const;
export const PURPOSE = { CONTRIBUTIONS: 0n, YIELD: 1n, CLAIMS: 2n, SERVICES: 3n } as const;
/** From 01:00 on, as seconds of the protocol's day. */
export const LAST_HOUR = 82_800n;

export const percent = (whole: bigint) => (whole * WAD) / 100n;

export type PoolWorld = Awaited<ReturnType<Awaited<ReturnType<typeof poolFixture>>["fresh"]>>;

/** A chain for one test file. `fresh()` gives an empty pool, an hour into a day, each time anew. */
export async function poolFixture() {
  const connection = await network.create();
  const { ethers, networkHelpers } = connection;
  const clock = clockOf(connection);

  async function deploy() {
    const [admin, alice, bob, carol, eve, ...others] = (await ethers.getSigners()) as [
      HardhatEthersSigner,
      HardhatEthersSigner,
      HardhatEthersSigner,
      HardhatEthersSigner,
      HardhatEthersSigner,
    ];
    const manager = await ethers.deployContract("AccessManager", [admin]);
    const pool = await ethers.deployContract("RewardPool", [manager]);
    const token = await ethers.deployContract("PoolToken", [pool, SUPPLY]);
    const source = await ethers.deployContract("MultiplierSwitch");
    const driver = await ethers.deployContract("PoolDriver");
    await pool.initialize(token, source);
    await pool.setRewarder(driver);
    await pool.setYieldPayer(driver);
    await pool.setKeeperPayer(driver);
    await clock.toDaysAhead(1n, 3_600n);
    return { connection, ethers, clock, manager, pool, token, source, driver, admin, alice, bob, carol, eve, others };
  }
  return { connection, fresh: () => networkHelpers.loadFixture(deploy) };
}

/** Shorthands for a world; the admin pays and governs. */
export function payments(d: PoolWorld) {
  const { pool, token, clock } = d;
  return {
    fund: async (amount: bigint) => token.transfer(pool, amount),
    reward: async (value: bigint, who: { address: string } = d.alice, tier: bigint = TIER.BASIC) =>
      pool.reward(who.address, 0n, value, tier),
    payYield: async (earned: bigint, recycled = 0n, who = d.bob) => pool.payYield(who, earned, recycled),
    payKeeper: async (amount: bigint, who = d.carol) => pool.payKeeper(who, amount),
    /** Leaves `amount` claimable by `who`; the pool must be empty. The day stays untouched, because nothing is paid. */
    owe: async (amount: bigint, who: { address: string } = d.alice) => {
      const share = await pool.emissionShare();
      await pool.setEmissionShare(0n);
      await pool.reward(who.address, 0n, amount, TIER.BASIC);
      await pool.setEmissionShare(share);
    },
    /** Seconds of today from 02:00 on. */
    toSecond: async (seconds: bigint) => clock.toDay(await clock.today(), seconds),
    openAt: async () => startOf((await clock.today()) + 1n) - 3_600n,
    tomorrow: async () => startOf((await clock.today()) + 1n),
    left: async (): Promise<ByPurpose> => byPurpose((await pool.dayBudget()).left),
    paid: async (): Promise<ByPurpose> => byPurpose((await pool.dayBudget()).paid),
  };
}

export function byPurpose(amounts: readonly bigint[]): ByPurpose {
  return Object.fromEntries(PURPOSES.map((purpose, index) => [purpose, amounts[index]])) as ByPurpose;
}
