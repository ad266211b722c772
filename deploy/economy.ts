// The one way in which an economy comes to a chain: for tests, the demo and real networks alike.
import { existsSync } from "node:fs";
import { connectEconomy, contracts, type EconomyContracts } from "@ftns/sdk/contracts.ts";
import { CONTRACTS, ECONOMY_NAMES, type EconomyAddresses, type EconomyName } from "@ftns/sdk/economy.ts";
import { type Signer, ZeroAddress } from "ethers";
import type { Connection } from "./connection.ts";
import { economy } from "./modules/Economy.ts";
import { DeploymentError } from "@ftns/sdk/deployments.ts";
import {
  checked,
  inventoryOf,
  keeperParametersOf,
  ParameterError,
  type Complaints,
  type EconomyParameters,
  type ExternalFeedParameters,
} from "./parameters.ts";
import { findMismatch, readRecord, recordFolder, setAside, type Mismatch } from "./record.ts";
import { differences, flatten, keepParameters, keptLaunchDay } from "./recordedParameters.ts";
import { settlePrepared } from "./resume.ts";

export interface Economy extends EconomyContracts {
  addresses: EconomyAddresses;
  /** Sent everything; holds nothing now that the parameters do not give it. */
  deployer: string;
  /** Block before the first of the deployment's: no event of these contracts is older. */
  fromBlock: number;
}

/** Collects all addresses; the feed's may come from the parameters, and then nobody here pays its reporters. */
export function addressesOf(
  find: (name: EconomyName) => string | undefined,
  { priceFeed, desk }: EconomyParameters,
): EconomyAddresses {
  const entries = ECONOMY_NAMES.map((name) => {
    const own = priceFeed.kind === "external" ? (foreign(name, priceFeed.address) ?? find(name)) : find(name);
    const address = own ?? (name === "desk" && desk === undefined ? ZeroAddress : undefined);
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

export interface DeployOptions {
  showProgress?: boolean;
  /** Sets the record of an earlier deployment aside, and deploys everything anew. */
  anew?: boolean;
  /** What was found wrong with the parameters before; more may be found on the chain. */
  complaints?: Complaints;
  /** Where the parameters come from, for the error. */
  source?: string;
  /** Tells a person what was found and done. */
  say?: (text: string) => void;
}

/**
 * Deploys by Ignition: on a real network it writes deploy/deployments/chain-<id>/ and, started again after an interruption,
 * goes on where it stopped. The first account of the connection is the deployer.
 */
export async function deployEconomy(
  connection: Connection,
  parameters: EconomyParameters,
  { showProgress = false, anew = false, complaints, source = "The parameters", say = () => {} }: DeployOptions = {},
): Promise<Economy> {
  const all = complaints ?? checked(parameters);
  // Ahead of the record's own questions, which only make sense on the chain that is meant.
  const chainIsMeant = await checkChainId(connection, parameters, all);
  const folder = await recordFolder(connection);
  if (chainIsMeant && folder !== undefined) await checkRecord(connection, folder, anew, say);
  const plan = chainIsMeant ? await checkChain(connection, parameters, all) : undefined;
  if (plan === undefined || all.texts.length > 0) throw new ParameterError(source, all.texts);
  if (folder !== undefined) {
    const flat = flatten(parameters, plan.launchDay);
    checkUnchanged(folder, flat);
    keepParameters(folder, flat);
    await settlePrepared(connection, folder, say);
  }
  const block = await connection.ethers.provider.getBlockNumber();

  const deployed = await connection.ignition.deploy(economy(plan), {
    displayUi: showProgress,
    config: connection.networkName === "local" ? { blockPollingInterval: LOCAL_POLLING_MS } : {},
  });

  const byName = deployed as Record<string, { target: string } | undefined>;
  const addresses = addressesOf((name) => byName[name === "feed" ? "medianFeed" : name]?.target, parameters);
  const signer = await connection.ethers.getSigner(plan.deployer);
  const fromBlock = (await readRecord(connection))?.fromBlock ?? block;
  return { ...connectEconomy(addresses, signer), addresses, deployer: plan.deployer, fromBlock };
}

/** A chain on this machine makes its blocks at once; on others Ignition asks once a second. */
const LOCAL_POLLING_MS = 50;

/** Ids of chains that start again from nothing all the time. */
const LOCAL_CHAINS = [31_337n, 1_337n];

/** A record that the code on the chain contradicts is never gone on with. */
async function checkRecord(connection: Connection, folder: string, anew: boolean, say: (text: string) => void): Promise<void> {
  const mismatch = await findMismatch(connection);
  const { chainId } = await connection.ethers.provider.getNetwork();
  const restarted = mismatch !== undefined && mismatch.missing.length === mismatch.all && LOCAL_CHAINS.includes(chainId);
  if ((anew || restarted) && existsSync(folder)) {
    const why = anew ? "As asked, the record" : "The local chain has started anew; the record of what was deployed before";
    say(`${why} is set aside: ${setAside(folder)}`);
    return;
  }
  if (mismatch !== undefined) throw new DeploymentError(mismatchWords(mismatch));
}

/** What is wrong with a record, and what to do. */
export function mismatchWords({ folder, missing, all }: Mismatch): string {
  const what =
    missing.length === all
      ? `tells of another chain: none of its ${all} contracts has its code here. The chain has started anew, or the endpoint is of another one.`
      : `does not fit the chain: ${missing.length} of its ${all} contracts do not have their code here (${missing.join(", ")}).`;
  return (
    `The record ${folder} ${what}\n` +
    "Look at the endpoint first. If it is the right one, `npm run deploy -- ... --anew` sets the record aside and deploys everything anew. " +
    "After a restart of a local node `npm run deploy` does so without `--anew`."
  );
}

function checkUnchanged(folder: string, flat: ReturnType<typeof flatten>): void {
  const changed = differences(folder, flat);
  if (changed.length === 0) return;
  throw new DeploymentError(
    `The parameters are not those that this deployment began with (${folder}):\n${changed.map((line) => `  - ${line}`).join("\n")}\n` +
      "Put the old values back to go on. What is deployed changes by votes only; with --anew another economy is deployed beside it.",
  );
}

async function checkChainId({ ethers }: Connection, parameters: EconomyParameters, complaints: Complaints): Promise<boolean> {
  const { chainId } = await ethers.provider.getNetwork();
  if (parameters.chainId === undefined || parameters.chainId === chainId || complaints.about("chainId")) return true;
  complaints.add("chainId", `meant for chain ${parameters.chainId}, but this is chain ${chainId}`);
  return false;
}

/** Adds what only the chain can tell, while nothing has been sent. */
async function checkChain(connection: Connection, parameters: EconomyParameters, complaints: Complaints) {
  const { provider } = connection.ethers;
  const [deployer] = await connection.ethers.getSigners();
  if (deployer === undefined) {
    throw new ParameterError(`Network ${connection.networkName}`, [
      "has no account to deploy with: give it a key in hardhat.config.ts",
    ]);
  }
  if ((await provider.getBalance(deployer.address)) === 0n) {
    complaints.add("deployer", `${deployer.address} has nothing to pay for transactions with`);
  }

  const block = await provider.getBlock("latest");
  const today = (BigInt(block?.timestamp ?? 0) - 7_200n) / 86_400n;
  const launchDay = parameters.launchDay === "today" ? ((await recordedLaunchDay(connection)) ?? today) : parameters.launchDay;
  const [earliest, latest] = [today - MAX_LAUNCH_AGE_DAYS, today + MAX_LAUNCH_AHEAD_DAYS];
  if (launchDay < earliest || launchDay > latest) {
    complaints.add("launchDay", `day ${launchDay} is not between ${earliest} and ${latest} (today is ${today})`);
  }

  const { priceFeed } = parameters;
  if (priceFeed.kind === "external" && !complaints.about("priceFeed.chainlink")) {
    const problem = await feedProblem(priceFeed.address, deployer);
    if (problem !== undefined) complaints.add("priceFeed.chainlink", `${priceFeed.address} ${problem}`);
    else if (!complaints.about("priceFeed.heartbeat")) {
      const late = await heartbeatProblem(priceFeed, deployer, BigInt(block?.timestamp ?? 0));
      if (late !== undefined) complaints.add("priceFeed.heartbeat", late);
    }
  }
  const signers = await connection.ethers.getSigners();
  const { desk, treasury } = parameters;
  if (desk !== undefined && !complaints.about("desk.dollar")) {
    const problem = await dollarProblem(desk.dollar, deployer);
    if (problem !== undefined) complaints.add("desk.dollar", `${desk.dollar} ${problem}`);
  }
  if (inventoryOf(parameters) > 0n && !signers.some(({ address }) => address.toLowerCase() === treasury.toLowerCase())) {
    complaints.add(
      "desk.inventory",
      `the deployment cannot send from the treasury ${treasury}; leave it out, and let the treasury send it to the desk afterwards`,
    );
  }
  const { coinFeed } = keeperParametersOf(parameters);
  if (coinFeed !== undefined && !complaints.about("keepers.coinFeed")) {
    const problem = await feedProblem(coinFeed, deployer, ANY_DECIMALS);
    if (problem !== undefined) complaints.add("keepers.coinFeed", `${coinFeed} ${problem}`);
  }
  return { parameters, launchDay, deployer: deployer.address };
}

/** The launch day of a deployment that was begun before, so that "today" stays what it was. */
async function recordedLaunchDay(connection: Connection): Promise<bigint | undefined> {
  const folder = await recordFolder(connection);
  const kept = folder === undefined ? undefined : keptLaunchDay(folder);
  if (kept !== undefined) return kept;
  const controller = (await readRecord(connection))?.deployed.get("SupplyController");
  if (controller === undefined) return undefined;
  return contracts.controller(controller, connection.ethers.provider).launchDay();
}

/** Limits of SupplyController. */
const MAX_LAUNCH_AGE_DAYS = 3_650n;
const MAX_LAUNCH_AHEAD_DAYS = 365n;
/** What PriceHistory reads, and what KeeperJobs reads for the price of the chain's coin. */
const FEED_DECIMALS = { least: 8n, most: 8n };
const ANY_DECIMALS = { least: 0n, most: 18n };
/** Limit of MarketDesk. */
const DOLLAR_DECIMALS = 18n;

/** Rounds of a feed that are held against the heartbeat that it is said to have. */
const ROUNDS_SEEN = 24n;

/** A price that may stand for less than the feed takes between two rounds would leave gaps in the history for ever. */
async function heartbeatProblem(
  { address, heartbeat }: ExternalFeedParameters,
  runner: Signer,
  now: bigint,
): Promise<string | undefined> {
  const feed = contracts.medianFeed(address, runner);
  const [latestId, , , latestAt] = await feed.latestRoundData();
  const words = (seconds: bigint, what: string) =>
    `${heartbeat} s, but ${address} ${what} ${seconds} s; give a little more than that`;
  if (now > latestAt + heartbeat) return words(now - latestAt, "has made no round for");
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
  return longest > heartbeat ? words(longest, "lately took up to") : undefined;
}

async function dollarProblem(address: string, runner: Signer): Promise<string | undefined> {
  if ((await runner.provider?.getCode(address)) === "0x") return "has no code on this chain";
  try {
    const decimals = await contracts.token(address, runner).decimals();
    return decimals > DOLLAR_DECIMALS ? `has ${decimals} decimals; at most ${DOLLAR_DECIMALS} are needed` : undefined;
  } catch {
    return "does not answer like a token";
  }
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
