// A token with its wrapper, one named signer for each role, and the shorthands that the tests of the token share.
import { network } from "hardhat";
import { clockOf, startOf } from "../helpers/time.ts";
import { DEFAULT_PARAMETERS, FTNS, unpackWord, type Fields } from "./words.ts";

export const CLASS = { STANDARD: 0n, RECOGNISED: 1n, POOLED: 2n, EXEMPT: 3n } as const;
export const TIER = { NONE: 0n, BASIC: 1n, ACTIVE: 2n, POWER: 3n } as const;
export const LAUNCH_SUPPLY = 100_000_000n * FTNS;
export const ROLE = { MINTER: 1n, REGISTRAR: 2n, BREAKER: 4n, GOVERNOR: 5n } as const;

/** Day of the launch, far enough from the chain's own start. */
const LAUNCH_DAY = 21_000n;

export const connection = await network.create({ override: { initialDate: new Date(Number(startOf(LAUNCH_DAY) * 1000n)) } });
export const { ethers, networkHelpers } = connection;
export const clock = clockOf(connection);

export async function deployToken() {
  const [admin, treasury, minter, registrar, breaker, governor, alice, bob, carol, dave] = await ethers.getSigners();
  const manager = await ethers.deployContract("AccessManager", [admin!]);
  // Any contracts do as the reward pool, a shop and a vault: the token only looks at their addresses.
  const [pool, shop, vault] = await Promise.all([0, 1, 2].map(() => ethers.deployContract("AccessManager", [admin!])));
  const token = await ethers.deployContract("FTNSToken", [manager, pool, treasury, LAUNCH_SUPPLY]);
  const wrapper = await ethers.deployContract("WrappedFTNS", [token]);

  const allow = async (role: bigint, holder: typeof admin, functions: string[]) => {
    const selectors = functions.map((name) => token.interface.getFunction(name as "mint").selector);
    await manager.setTargetFunctionRole(token, selectors, role);
    await manager.grantRole(role, holder!, 0);
  };
  await allow(ROLE.MINTER, minter, ["mint", "payReward"]);
  await allow(ROLE.REGISTRAR, registrar, ["setTierSchedule"]);
  await allow(ROLE.BREAKER, breaker, ["halt", "endHalt", "startRecovery", "endRecovery"]);
  await allow(ROLE.GOVERNOR, governor, ["setParameters", "setAccountClass", "setMinter", "setRegistrar"]);
  await token.connect(governor!).setAccountClass(wrapper, CLASS.POOLED);
  // The pool as in any deployment; a registrar by role, so that it may be a plain account.
  await token.connect(governor!).setMinter(pool!);

  return {
    manager,
    token,
    wrapper,
    pool: pool!,
    shop: shop!,
    vault: vault!,
    admin: admin!,
    treasury: treasury!,
    minter: minter!,
    registrar: registrar!,
    breaker: breaker!,
    governor: governor!,
    alice: alice!,
    bob: bob!,
    carol: carol!,
    dave: dave!,
  };
}

export type Deployment = Awaited<ReturnType<typeof deployToken>>;

/** A fresh deployment for each test, at its launch. */
export async function freshToken(): Promise<Deployment> {
  return networkHelpers.loadFixture(deployToken);
}

type Account = { getAddress(): Promise<string> };

/** New tokens for `account`. */
export async function give({ token, minter }: Deployment, account: Account, amount: bigint): Promise<void> {
  await token.connect(minter).mint(await account.getAddress(), amount);
}

export interface Schedule {
  basicThrough: number;
  activeThrough: number;
  powerThrough: number;
}

/** More than any test asks to be lent, and less than an account can hold. */
export const PLENTY = 1_000_000n * FTNS;

/** What the registry tells the token: days of tiers, and if it says so, capacity and a grace. */
export async function setSchedule(
  { token, registrar }: Deployment,
  account: Account | string,
  schedule: Schedule,
  { added = 0n, limit = ethers.MaxUint256, graceUntil = 0 }: { added?: bigint; limit?: bigint; graceUntil?: number } = {},
) {
  const address = typeof account === "string" ? account : await account.getAddress();
  return token.connect(registrar).setTierSchedule(address, schedule, added, limit, graceUntil);
}

/** Gives `account` its tiers for so many days after today, and plenty to lend unless `capacity` says how much. */
export async function makeContributor(
  deployment: Deployment,
  account: Account,
  days: { basic: number; active?: number; power?: number },
  capacity = PLENTY,
): Promise<void> {
  const today = Number(await clock.today());
  const through = (length: number | undefined) => (length === undefined ? 0 : today + length);
  const schedule = {
    basicThrough: through(days.basic),
    activeThrough: through(days.active),
    powerThrough: through(days.power),
  };
  await setSchedule(deployment, account, schedule, { added: capacity });
}

/** Starts a grace, with the tiers that `account` has. */
export async function startGrace(deployment: Deployment, account: Account, graceUntil: number) {
  const { basicThrough, activeThrough, powerThrough } = await wordOf(deployment, account);
  return setSchedule(deployment, account, { basicThrough, activeThrough, powerThrough }, { graceUntil });
}

/** The default parameters with some changed. */
export function parametersWith(changes: Partial<typeof DEFAULT_PARAMETERS>): typeof DEFAULT_PARAMETERS {
  return { ...DEFAULT_PARAMETERS, ...changes };
}

/** The stored word of `account`, field by field. */
export async function wordOf(deployment: Deployment, account: Account): Promise<Fields> {
  const slot = await accountsSlot(deployment);
  return unpackWord(await readSlot(deployment, slot, await account.getAddress()));
}

const slots = new Map<string, number>();

/** Place of the token's mapping of accounts: the first under which the reward pool has a word. */
export async function accountsSlot(deployment: Deployment): Promise<number> {
  const address = await deployment.token.getAddress();
  const known = slots.get(address);
  if (known !== undefined) return known;
  const pool = await deployment.pool.getAddress();
  for (let slot = 0; slot < 32; slot++) {
    if ((await readSlot(deployment, slot, pool)) !== 0n) {
      slots.set(address, slot);
      return slot;
    }
  }
  throw new Error("the token has no mapping of account words in its first 32 slots");
}

async function readSlot(deployment: Deployment, slot: number, account: string): Promise<bigint> {
  const key = ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [account, slot]));
  return BigInt(await ethers.provider.getStorage(await deployment.token.getAddress(), key));
}
