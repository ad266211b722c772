// The one way in which an economy comes to a chain: for tests, the demo and real networks alike.
import { connectEconomy, contracts, type EconomyContracts } from "@ftns/sdk/contracts.ts";
import { CONTRACTS, ECONOMY_NAMES, type EconomyAddresses, type EconomyName } from "@ftns/sdk/economy.ts";
import { type Signer, ZeroAddress } from "ethers";
import type { Connection } from "./connection.ts";
import { economy } from "./modules/Economy.ts";
import {
  checkParameters,
  keeperParametersOf,
  ParameterError,
  type EconomyParameters,
  type ExternalFeedParameters,
} from "./parameters.ts";
import { readRecord } from "./record.ts";

export interface Economy extends EconomyContracts {
  addresses: EconomyAddresses;
  /** Sent everything; holds nothing now that the parameters do not give it. */
  deployer: string;
  /** Block before the first of the deployment's: no event of these contracts is older. */
  fromBlock: number;
}

/** Collects all addresses; the feed's may come from the parameters, and then nobody here pays its reporters. */
export function addressesOf(find: (name: EconomyName) => string | undefined, { priceFeed }: EconomyParameters): EconomyAddresses {
  const entries = ECONOMY_NAMES.map((name) => {
    const address = priceFeed.kind === "external" ? (foreign(name, priceFeed.address) ?? find(name)) : find(name);
    if (address === undefined)
      throw new Error(`The deployment has no ${CONTRACTS[name]}: run npm run deploy again to finish it.`);
    return [name, address];
  });
  return Object.fromEntries(entries) as EconomyAddresses;
}

function foreign(name: EconomyName, feed: string): string | undefined {
  if (name === "feed") return feed;
  return name === "reporterPay" ? ZeroAddress : undefined;
}

/**
 * Deploys by Ignition: on a real network it writes deploy/deployments/chain-<id>/ and, started again after an interruption,
 * goes on where it stopped. The first account of the connection is the deployer.
 */
export async function deployEconomy(
  connection: Connection,
  parameters: EconomyParameters,
  { showProgress = false } = {},
): Promise<Economy> {
  checkParameters(parameters);
  const plan = await checkChain(connection, parameters);
  const block = await connection.ethers.provider.getBlockNumber();

  const deployed = await connection.ignition.deploy(economy(plan), { displayUi: showProgress });

  const byName = deployed as Record<string, { target: string } | undefined>;
  const addresses = addressesOf((name) => byName[name === "feed" ? "medianFeed" : name]?.target, parameters);
  const signer = await connection.ethers.getSigner(plan.deployer);
  const fromBlock = (await readRecord(connection))?.fromBlock ?? block;
  return { ...connectEconomy(addresses, signer), addresses, deployer: plan.deployer, fromBlock };
}

/** Refuses what only the chain can tell, while nothing has been sent. */
async function checkChain(connection: Connection, parameters: EconomyParameters) {
  const { provider } = connection.ethers;
  const problems: string[] = [];

  const { chainId } = await provider.getNetwork();
  if (parameters.chainId !== undefined && parameters.chainId !== chainId) {
    throw new ParameterError("The parameters", [`chainId: meant for chain ${parameters.chainId}, but this is chain ${chainId}`]);
  }

  const [deployer] = await connection.ethers.getSigners();
  if (deployer === undefined) {
    throw new ParameterError(`Network ${connection.networkName}`, [
      "has no account to deploy with: give it a key in hardhat.config.ts",
    ]);
  }
  if ((await provider.getBalance(deployer.address)) === 0n) {
    problems.push(`deployer: ${deployer.address} has nothing to pay for transactions with`);
  }

  const block = await provider.getBlock("latest");
  const today = (BigInt(block?.timestamp ?? 0) - 7_200n) / 86_400n;
  const launchDay = parameters.launchDay === "today" ? ((await recordedLaunchDay(connection)) ?? today) : parameters.launchDay;
  const [earliest, latest] = [today - MAX_LAUNCH_AGE_DAYS, today + MAX_LAUNCH_AHEAD_DAYS];
  if (launchDay < earliest || launchDay > latest) {
    problems.push(`launchDay: day ${launchDay} is not between ${earliest} and ${latest} (today is ${today})`);
  }

  if (parameters.priceFeed.kind === "external") {
    const problem = await feedProblem(parameters.priceFeed.address, deployer);
    if (problem !== undefined) problems.push(`priceFeed.chainlink: ${parameters.priceFeed.address} ${problem}`);
    else problems.push(...(await heartbeatProblems(parameters.priceFeed, deployer, BigInt(block?.timestamp ?? 0))));
  }
  const { coinFeed } = keeperParametersOf(parameters);
  if (coinFeed !== undefined) {
    const problem = await feedProblem(coinFeed, deployer, ANY_DECIMALS);
    if (problem !== undefined) problems.push(`keepers.coinFeed: ${coinFeed} ${problem}`);
  }
  if (problems.length > 0) throw new ParameterError("The parameters", problems);
  return { parameters, launchDay, deployer: deployer.address };
}

/** The launch day of a deployment that was interrupted after its controller, so that "today" stays what it was. */
async function recordedLaunchDay(connection: Connection): Promise<bigint | undefined> {
  const controller = (await readRecord(connection))?.deployed.get("SupplyController");
  if (controller === undefined || (await connection.ethers.provider.getCode(controller)) === "0x") return undefined;
  return contracts.controller(controller, connection.ethers.provider).launchDay();
}

/** Limits of SupplyController. */
const MAX_LAUNCH_AGE_DAYS = 3_650n;
const MAX_LAUNCH_AHEAD_DAYS = 365n;
/** What PriceHistory reads, and what KeeperJobs reads for the price of the chain's coin. */
const FEED_DECIMALS = { least: 8n, most: 8n };
const ANY_DECIMALS = { least: 0n, most: 18n };

/** Rounds of a feed that are held against the heartbeat that it is said to have. */
const ROUNDS_SEEN = 24n;

/** A price that may stand for less than the feed takes between two rounds would leave gaps in the history for ever. */
async function heartbeatProblems({ address, heartbeat }: ExternalFeedParameters, runner: Signer, now: bigint): Promise<string[]> {
  const feed = contracts.medianFeed(address, runner);
  const [latestId, , , latestAt] = await feed.latestRoundData();
  const words = (seconds: bigint, what: string) =>
    `priceFeed.heartbeat: ${heartbeat} s, but ${address} ${what} ${seconds} s; give a little more than that`;
  if (now > latestAt + heartbeat) return [words(now - latestAt, "has made no round for")];
  const times = [latestAt];
  // The lower 64 bits count an aggregator's rounds, the upper ones a proxy's phases.
  const first = (latestId & 0xffffffffffffffffn) > ROUNDS_SEEN ? ROUNDS_SEEN : latestId & 0xffffffffffffffffn;
  for (let back = 1n; back < first; back++) {
    const at = await feed.getRoundData(latestId - back).then(
      ([, , , updatedAt]) => updatedAt,
      () => 0n,
    );
    if (at !== 0n) times.push(at);
  }
  const gaps = times.slice(1).map((at, index) => times[index]! - at);
  const longest = gaps.reduce((a, b) => (b > a ? b : a), 0n);
  return longest > heartbeat ? [words(longest, "lately took up to")] : [];
}

async function feedProblem(address: string, runner: Signer, { least, most } = FEED_DECIMALS): Promise<string | undefined> {
  const feed = contracts.medianFeed(address, runner);
  if ((await runner.provider?.getCode(address)) === "0x") return "has no code on this chain";
  try {
    const decimals = await feed.decimals();
    if (decimals < least || decimals > most)
      return `has ${decimals} decimals; ${least === most ? most : `at most ${most}`} are needed`;
    const [, answer] = await feed.latestRoundData();
    return answer > 0n ? undefined : `answers ${answer}, which is no price`;
  } catch {
    return "does not answer like a Chainlink feed";
  }
}
