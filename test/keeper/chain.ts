// A real local JSON-RPC chain with the contracts that a keeper works on, for tests that drive keepers from outside.
import { JsonRpcProvider, Wallet, parseEther, toBeHex, toQuantity } from "ethers";
import { network } from "hardhat";
import type { KeeperConfigInput, MarketData, MarketSource } from "@ftns/keeper";
import { packReports, signMarketReports } from "@ftns/sdk/signing.ts";
import {
  AccessManager__factory,
  MedianFeed__factory,
  PriceHistory__factory,
  RoadmapPolicy__factory,
  SupplyController__factory,
} from "../../typechain-types/index.ts";
import { blockNumber, record, recordingsOf, replay, wayThrough } from "../helpers/replay.ts";

export const DAY = 86_400n;
export const HOUR = 3_600n;
export const CHAIN_ID = 31_337;

/** The section `chain` of a configuration for local chains, whose time is not the world's. */
export const chainOf = (...rpcUrls: string[]) => ({ rpcUrls, chainId: CHAIN_ID, maxClockSkewSec: 0 });

/** Keys of this suite alone, in no other use, so that finding one in an output proves a leak. */
export const KEEPER_KEY = `0x${"1badcafe".repeat(8)}`;
export const TWIN_KEY = `0x${"2badcafe".repeat(8)}`;
export const REPORTER_KEYS = [3, 4, 5].map((digit) => `0x${`${digit}badcafe`.repeat(8)}`);
export const SECRET_ENV = {
  KEEPER_KEY,
  TWIN_KEY,
  REPORTER_0: REPORTER_KEYS[0]!,
  REPORTER_1: REPORTER_KEYS[1]!,
  REPORTER_2: REPORTER_KEYS[2]!,
};

/** Registered, so that there are five, and never heard of. */
export const SILENT_REPORTERS = [1, 2].map((i) => toBeHex(i, 20));

/** Two more reporters that are heard of take the places of those that are not: five with a quorum of three. */
export async function replaceSilent({ feed }: Pick<TestChain, "feed">, keys: readonly string[]): Promise<void> {
  for (const key of keys) await (await feed.addReporter(new Wallet(key).address)).wait();
  for (const reporter of SILENT_REPORTERS) await (await feed.removeReporter(reporter)).wait();
  await (await feed.setQuorum(3n)).wait();
}

export type TestChain = Awaited<ReturnType<typeof startChain>>;

/** A JSON-RPC endpoint of a chain that is to be used. */
export interface Door {
  url: string;
  close(): Promise<unknown>;
}

async function ownDoor(): Promise<Door> {
  const server = await network.createServer();
  const { port } = await server.listen();
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/**
 * Starts a chain, unless one is given; funds the keepers and deploys feed, history, policy and controller. With `walks` the
 * history walks the feed's rounds, as it would those of a foreign feed, so that recording is a keeper's job.
 */
export async function startChain(door?: Door, { walks = false } = {}) {
  const { url, close } = door ?? (await ownDoor());
  const provider = new JsonRpcProvider(url, CHAIN_ID, {
    staticNetwork: true,
    cacheTimeout: -1,
    batchStallTime: 0,
    pollingInterval: 20,
  });
  const governor = await provider.getSigner(0);
  for (const key of [KEEPER_KEY, TWIN_KEY]) {
    await provider.send("hardhat_setBalance", [new Wallet(key).address, toQuantity(parseEther("100"))]);
  }

  const manager = await new AccessManager__factory(governor).deploy(governor.address);
  // The feed asks for five: two are registered and never report.
  const silent = SILENT_REPORTERS;
  const reporters = [...REPORTER_KEYS.map((key) => new Wallet(key).address), ...silent];
  const feed = await new MedianFeed__factory(governor).deploy(manager, "FTNS / USD", reporters, 3n);
  const history = await new PriceHistory__factory(governor).deploy(manager, feed, !walks, 3n * HOUR);
  const policy = await new RoadmapPolicy__factory(governor).deploy();
  const now = async () => BigInt((await provider.send("eth_getBlockByNumber", ["latest", false])).timestamp);
  const launchDay = ((await now()) - 7_200n) / DAY;
  const controller = await new SupplyController__factory(governor).deploy(manager, history, policy, launchDay);
  await controller.waitForDeployment();
  if (!walks) await (await feed.setHistory(history)).wait();

  return {
    url,
    provider,
    governor,
    feed,
    history,
    policy,
    controller,
    launchDay,
    walks,
    addresses: {
      feed: await feed.getAddress(),
      history: await history.getAddress(),
      controller: await controller.getAddress(),
    },
    now,
    /** A block at `time`. */
    async jumpTo(time: bigint) {
      await provider.send("evm_setNextBlockTimestamp", [toQuantity(time)]);
      await provider.send("evm_mine", []);
    },
    snapshot: (): Promise<string> => provider.send("evm_snapshot", []),
    revert: (id: string) => provider.send("evm_revert", [id]),
    async close() {
      provider.destroy();
      await close();
    },
  };
}

/** A configuration of all three jobs for `chain`, with the file market.json as the only source. */
export function configFor(
  chain: Pick<TestChain, "url" | "addresses">,
  change: Partial<KeeperConfigInput> = {},
): KeeperConfigInput {
  return {
    mode: "local",
    chain: chainOf(chain.url),
    transactions: { stuckAfterSec: 10, giveUpAfterSec: 20 },
    account: { env: "KEEPER_KEY" },
    contracts: chain.addresses,
    jobs: {
      "report-price": {
        reporters: [{ env: "REPORTER_0" }, { env: "REPORTER_1" }, { env: "REPORTER_2" }],
        sources: [{ type: "file", name: "test file", path: "market.json" }],
        jitterSec: 0,
        maxGapSec: 86_400,
      },
      "record-price": { jitterSec: 0 },
      "adjust-supply": { jitterSec: 0 },
    },
    ...change,
  };
}

/** A market in memory whose price a test sets and whose observation is always of the chain's present. */
export function liveMarket(chain: Pick<TestChain, "now">, startPrice = 1.0) {
  const market = { price: startPrice };
  const source: MarketSource = {
    name: "live market",
    read: async (): Promise<MarketData> => ({
      price: BigInt(Math.round(market.price * 1e8)),
      volume6h: 50_000n * 10n ** 8n,
      meanVolume6h: 60_000n * 10n ** 8n,
      txTotal: 100n,
      txFailed: 2n,
      sendersDay: 900n,
      observedAt: await chain.now(),
    }),
  };
  return { market, source };
}

/**
 * 32 days of rounds every 3 hours, at prices that rise by half a percent a day, ending shortly after a day's start. Signed once a
 * run, and sent again to chains that are alike.
 */
export async function fillMonth(chain: TestChain, live: ReturnType<typeof liveMarket>): Promise<void> {
  const { provider, addresses, walks } = chain;
  const way = wayThrough(provider);
  const { timestamp, baseFeePerGas } = (await way.ask("eth_getBlockByNumber", ["latest", false])) as Record<string, string>;
  const startPrice = live.market.price;
  const day = BigInt(timestamp!) / DAY;
  const recordings = recordingsOf<{ price: number }>("month", {
    ...{ addresses, walks, startPrice, day, baseFeePerGas },
    block: await blockNumber(way),
  });
  const known = recordings.read();
  if (known === undefined) {
    const { recording } = await record(way, () => signMonth(chain, live));
    recordings.write({ price: live.market.price, recording });
  } else {
    await replay(way, known.recording);
    live.market.price = known.price;
  }
  if (!(await chain.controller.preview()).ok) throw new Error("the month is not complete");
}

async function signMonth(chain: TestChain, { market, source }: ReturnType<typeof liveMarket>): Promise<void> {
  const { feed, history } = chain;
  const wallets = REPORTER_KEYS.map((key) => new Wallet(key));
  const place = { chainId: BigInt(CHAIN_ID), verifyingContract: await feed.getAddress() };
  /** As reporters do that never sleep. */
  const report = async (time: bigint, walked = true) => {
    const seen = (await source.read()) as MarketData;
    const since = await feed.latestMarket().then(
      ({ observedAt }) => observedAt,
      () => 0n,
    );
    const one = { ...seen, observedAt: time, since, meanPrice: seen.price };
    const reports = packReports(
      await signMarketReports(
        place,
        wallets.map((signer) => ({ signer, report: one })),
      ),
    );
    await chain.provider.send("evm_setNextBlockTimestamp", [toQuantity(time)]);
    await (await feed.submit(reports)).wait();
    if (chain.walks && walked) await (await history.record()).wait();
  };
  let time = ((await chain.now()) / DAY) * DAY + DAY + 7_260n;
  for (let day = 0; day < 32; day++, time += DAY) {
    market.price *= 1.005;
    for (let hour = 0n; hour < 24n; hour += 3n) await report(time + hour * HOUR);
  }
  await report(time);
  // One more that nobody has walked yet.
  if (chain.walks) await report(time + 600n, false);
}
