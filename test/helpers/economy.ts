// A whole economy in memory, deployed and verified like a real one. Fixtures make it cheap: deployed once a file,
// then reset by snapshot.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { network } from "hardhat";
import { deployEconomy, type Economy } from "@ftns/deploy/economy.ts";
import type { EconomyParameters } from "@ftns/deploy/parameters.ts";
import { verifyWiring } from "@ftns/deploy/verification.ts";
import { connectEconomy } from "@ftns/sdk/contracts.ts";
import { blockNumber, record, recordingsOf, replay, wayTo } from "./replay.ts";
import { clockOf, DAY, dayOf, startOf, type Connection } from "./time.ts";

export const FTNS = 10n ** 18n;
export const INITIAL_SUPPLY = 100_000_000n * FTNS;
const QUARTER_SEC = 900n;

/** Who is who among the test chain's accounts. */
export async function cast(connection: Connection) {
  const signers = await connection.ethers.getSigners();
  const take = (count: number) => signers.splice(0, count) as HardhatEthersSigner[];
  const [deployer, admin, governor, breaker, treasury] = take(5) as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
  ];
  return { deployer, admin, governor, breaker, treasury, verifiers: take(3), reporters: take(5), users: signers };
}

export type Cast = Awaited<ReturnType<typeof cast>>;

/** Parameters as a real deployment would have them, with every role in other hands. */
export function parametersOf(people: Cast): EconomyParameters {
  return {
    admin: people.admin.address,
    governor: people.governor.address,
    breaker: people.breaker.address,
    guardian: people.breaker.address,
    treasury: people.treasury.address,
    initialSupply: INITIAL_SUPPLY,
    verifiers: people.verifiers.map(({ address }) => address),
    attestationThreshold: 2n,
    priceFeed: {
      kind: "median",
      description: "FTNS / USD",
      reporters: people.reporters.map(({ address }) => address),
      quorum: 3n,
    },
    launchDay: "today",
  };
}

/** Parameters of a deployment as it is meant: no account holds power but the guardian. */
export function parametersOfVoters(people: Cast): EconomyParameters {
  const { admin: _admin, governor: _governor, breaker: _breaker, ...rest } = parametersOf(people);
  return rest;
}

/**
 * Deploys and verifies an economy on `connection`. In tests that are not about verifiers' stakes these need none and may vouch for
 * anything, so that a proof takes two signatures alone, and nothing vests; `bound` leaves both as deployed. For fresh chains of one run the
 * same economy is planned and verified once, and sent again to the others.
 */
export async function economyOn(
  connection: Connection,
  choose: (people: Cast) => EconomyParameters = parametersOf,
  { bound = false } = {},
) {
  const people = await cast(connection);
  const parameters = choose(people);
  const clock = clockOf(connection);
  const fresh = (await blockNumber(wayTo(connection))) === 0;
  // A deployment takes seconds of real time, in which no day may end.
  const now = await clock.now();
  if (now - startOf(dayOf(now)) > DAY - QUARTER_SEC) await clock.toDaysAhead(1n, QUARTER_SEC);
  const deploy = () => deployVerified(connection, parameters, bound);
  const economy = fresh
    ? await deployOnFresh(connection, { parameters, bound, day: await clock.today() }, deploy)
    : await deploy();
  return { ...economy, people, parameters, clock };
}

async function deployVerified(connection: Connection, parameters: EconomyParameters, bound: boolean): Promise<Economy> {
  const economy = await deployEconomy(connection, parameters);
  const { problems } = await verifyWiring(connection, economy, parameters, { fresh: true });
  if (problems.length > 0) throw new Error(`the fresh economy is wired wrongly:\n${problems.join("\n")}`);
  if (!bound) await unbind(connection, economy, parameters);
  if (!bound) await payAtOnce(connection, economy);
  return economy;
}

async function deployOnFresh(connection: Connection, inputs: object, deploy: () => Promise<Economy>): Promise<Economy> {
  const { chainId } = connection.networkConfig;
  const recordings = recordingsOf<Pick<Economy, "addresses" | "deployer" | "fromBlock">>("economy", { ...inputs, chainId });
  const known = recordings.read();
  if (known === undefined) {
    const { result, recording } = await record(wayTo(connection), deploy);
    const { addresses, deployer, fromBlock } = result;
    recordings.write({ addresses, deployer, fromBlock, recording });
    return result;
  }
  const { addresses, deployer, fromBlock, recording } = known;
  await replay(wayTo(connection), recording);
  return { ...connectEconomy(addresses, await connection.ethers.getSigner(deployer)), addresses, deployer, fromBlock };
}

/** Governance names another contract in the place of VerifierStakes, one that lets everything pass. */
async function unbind({ ethers, networkHelpers }: Connection, economy: Economy, { governor }: EconomyParameters) {
  const address = governor ?? economy.addresses.timelock;
  await networkHelpers.impersonateAccount(address);
  await networkHelpers.setBalance(address, 10n ** 22n);
  const speaker = await ethers.getSigner(address);
  await economy.registry.connect(speaker).setVerifierStakes(await ethers.deployContract("AmpleStakes"));
}

/** As if nobody had been named yet who says what has vested: rewards of any size are paid at once. */
async function payAtOnce({ ethers, networkHelpers }: Connection, { addresses: { pool, rewardVesting } }: Economy) {
  for (let slot = 0; slot < 32; slot++) {
    const word = await ethers.provider.getStorage(pool, slot);
    if (!word.endsWith(rewardVesting.slice(2).toLowerCase())) continue;
    await networkHelpers.setStorageAt(pool, slot, 0n);
    return;
  }
  throw new Error("no slot of the pool holds its vester");
}

/** What the treasury gives its desk in tests. */
export const DESK_INVENTORY = 10_000_000n * FTNS;

/** Parameters of an economy whose treasury runs a market desk, for a dollar of 6 decimals that is on the chain from now on. */
export async function parametersWithDesk({ ethers }: Connection): Promise<typeof parametersOf> {
  const dollar = await (await ethers.deployContract("DeskDollar", [6])).getAddress();
  return (people) => ({ ...parametersOf(people), desk: { dollar, inventory: DESK_INVENTORY } });
}

export type TestEconomy = Awaited<ReturnType<typeof economyOn>>;

/**
 * A chain of its own for one test file, and a function that returns to the moment after deployment:
 * `const { connection, fresh } = await economyFixture(); beforeEach(async () => { economy = await fresh(); });`
 */
export async function economyFixture({ bound = false, withDesk = false } = {}) {
  const connection = await network.create();
  const fixture = async () => economyOn(connection, withDesk ? await parametersWithDesk(connection) : parametersOf, { bound });
  return { connection, fresh: () => connection.networkHelpers.loadFixture(fixture) };
}
