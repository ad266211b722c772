// A local chain with a month of prices behind it, on which every job is due, and keepers that reach it through endpoints
// with faults.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Wallet, parseEther, toQuantity } from "ethers";
import { network } from "hardhat";
import {
  type JobName,
  type Keeper,
  type KeeperConfigInput,
  type KeeperOptions,
  type MarketSource,
  type RunReport,
  createKeeper,
  parseConfig,
} from "@ftns/keeper";
import { wordsOf } from "@ftns/service/errors.ts";
import { bridgeTo } from "../../keeper/bridge.ts";
import {
  CHAIN_ID,
  HOUR,
  REPORTER_KEYS,
  configFor,
  fillMonth,
  liveMarket,
  replaceSilent,
  startChain,
} from "../../keeper/chain.ts";
import { type FaultProxy, type Forward, type Plan, startProxy } from "./proxy.ts";
import "./record.ts";
import { RPC_TOKEN, SECRETS, newLogger, printed } from "./secrets.ts";

/** The jobs that move the chain of this suite, in the order in which a keeper runs them. */
export const JOBS = ["report-price", "record-price", "adjust-supply"] as const satisfies readonly JobName[];
export type PriceJob = (typeof JOBS)[number];

/** What a keeper is opened with, besides what all of them have. */
export interface Opening {
  /** Its endpoints, the preferred one first; one of its own without faults unless given. */
  through?: readonly FaultProxy[];
  /** Variable that holds the key of its account. */
  key?: string;
  jobs?: readonly JobName[];
  sources?: readonly MarketSource[];
  timeoutMs?: number;
  /** Folder of its journal; one of its own unless given. */
  stateDir?: string;
  change?: (config: KeeperConfigInput) => KeeperConfigInput;
  options?: KeeperOptions;
  /** Further variables. */
  env?: Record<string, string>;
}

/** How one life of a keeper ended: its reports, or why it did not start. */
export type Life = { reports: RunReport[] } | { refusal: string };

export type World = Awaited<ReturnType<typeof startWorld>>;

let shared: Promise<World> | undefined;

/** Gives a suite the world that all suites of this run share: a month of prices takes its time. */
export function useWorld(take: (world: World) => void): void {
  before(async () => {
    shared ??= startWorld();
    take(await shared);
  });
  after(async () => (await shared)!.reset());
}

// At the end of the run, whichever suites took part in it.
after(async () => (await shared)?.close());

export async function startWorld({ initialDate }: { initialDate?: string } = {}) {
  const connection = await network.create(initialDate === undefined ? {} : { override: { initialDate } });
  const bridge = await bridgeTo(connection);
  const chain = await startChain(bridge, { walks: true });
  const forward: Forward = (method, params) => connection.provider.request({ method, params });
  const { provider, feed, history, controller } = chain;

  for (const [name, key] of Object.entries(SECRETS)) {
    if (name.startsWith("ACCOUNT") || name === "TWIN_KEY") {
      await forward("hardhat_setBalance", [new Wallet(key).address, toQuantity(parseEther("100"))]);
    }
  }
  // Three of our reporters are registered from the start.
  const more = Object.entries(SECRETS).filter(([name, key]) => name.startsWith("REPORTER") && !REPORTER_KEYS.includes(key));
  await replaceSilent(
    chain,
    more.map(([, key]) => key),
  );
  const live = liveMarket(chain);
  await fillMonth(chain, live);
  await chain.jumpTo((await chain.now()) + HOUR);
  const startPrice = live.market.price;
  let clean: string = await chain.snapshot();

  const stateDir = () => mkdtempSync(join(tmpdir(), "ftns-faults-"));
  const opened: Keeper[] = [];
  const proxies: FaultProxy[] = [];
  /** Events of the three jobs from block `since` on: how often each was done. */
  async function timesDone(since: number): Promise<Record<PriceJob, number>> {
    const [reports, records, adjustments] = await Promise.all([
      feed.queryFilter(feed.filters.RoundUpdated(), since),
      history.queryFilter(history.filters.RoundsRecorded(), since),
      controller.queryFilter(controller.filters.Adjusted(), since),
    ]);
    return { "report-price": reports.length, "record-price": records.length, "adjust-supply": adjustments.length };
  }

  async function proxy(plan?: Plan): Promise<FaultProxy> {
    const one = await startProxy(forward, `/${RPC_TOKEN}`);
    if (plan) one.plan = plan;
    proxies.push(one);
    return one;
  }

  async function create({ through, key = "ACCOUNT_0", ...rest }: Opening = {}) {
    const endpoints = through ?? [await proxy()];
    const env: Record<string, string> = { ...SECRETS, ...rest.env };
    const rpcUrls = endpoints.map(({ url }, index) => {
      env[`RPC_${index}`] = url;
      return { env: `RPC_${index}` };
    });
    const base = configFor(chain, {
      chain: {
        rpcUrls,
        chainId: CHAIN_ID,
        timeoutMs: rest.timeoutMs ?? 5_000,
        quorum: Math.ceil(rpcUrls.length / 2),
        maxClockSkewSec: 0,
      },
      stateDir: rest.stateDir ?? stateDir(),
      transactions: { stuckAfterSec: 1, giveUpAfterSec: 2 },
      account: { env: key },
    });
    const config = parseConfig(rest.change ? rest.change(base) : base);
    const { logger, secrets } = newLogger();
    const keeper = await createKeeper(config, {
      env,
      secrets,
      logger,
      sources: rest.sources ?? [live.source],
      ...(rest.jobs && { jobs: rest.jobs }),
      ...rest.options,
    });
    return {
      keeper,
      watched: { config, context: { env, baseDir: stateDir(), secrets, warn: logger.warn.bind(logger) }, logger },
    };
  }

  async function open(opening?: Opening): Promise<Keeper> {
    return (await openAll(opening)).keeper;
  }

  /** With what a service needs that watches it. */
  async function openAll(opening?: Opening) {
    const all = await create(opening);
    opened.push(all.keeper);
    return all;
  }

  return {
    chain,
    forward,
    live,
    proxy,
    open,
    openAll,
    timesDone,
    /** Starts a keeper, lets it do what is due, and ends it, as `keeper once` does. */
    async life(opening: Opening = {}): Promise<Life> {
      let keeper: Keeper;
      try {
        keeper = await open(opening);
      } catch (error) {
        const refusal = wordsOf(error);
        return { refusal };
      }
      const reports = await keeper.runOnce();
      await keeper.stop();
      return { reports };
    },
    /**
     * Starts a keeper that will be cut off from the chain: from then on it is left to itself, and nobody waits for what it
     * makes of it. Ends at the cut, or when the keeper is done without one.
     */
    async victim(opening: Opening & { through: readonly FaultProxy[] }): Promise<"cut" | "done"> {
      const cut = new Promise<"cut">((resolve) => {
        for (const one of opening.through) {
          const { onCut } = one;
          one.onCut = () => (onCut(), resolve("cut"));
        }
      });
      const done = create(opening)
        .then(async ({ keeper }) => (await keeper.runOnce(), await keeper.stop()))
        .then(
          () => "done" as const,
          () => "done" as const,
        );
      return Promise.race([cut, done]);
    },
    blockNumber: () => forward("eth_blockNumber", []).then(Number),
    mine: () => forward("evm_mine", []),
    automine: (on: boolean) => forward("evm_setAutomine", [on]),
    async baseFee(gwei: number): Promise<void> {
      await forward("hardhat_setNextBlockBaseFeePerGas", [toQuantity(BigInt(Math.round(gwei * 1e9)))]);
      await forward("evm_mine", []);
    },
    setBalance: (key: string, wei: bigint) => forward("hardhat_setBalance", [new Wallet(key).address, toQuantity(wei)]),
    stateDir,
    /** Back to the moment at which all three jobs are due. */
    async reset(): Promise<void> {
      await Promise.all(opened.splice(0).map((keeper) => keeper.stop()));
      await Promise.all(proxies.splice(0).map((one) => one.close()));
      await forward("evm_setAutomine", [true]);
      await forward("evm_revert", [clean]);
      clean = (await forward("evm_snapshot", [])) as string;
      // The chain's clock has gone on meanwhile, however long that took: it goes back too.
      const { timestamp } = (await forward("eth_getBlockByNumber", ["latest", false])) as { timestamp: string };
      await chain.jumpTo(BigInt(timestamp) + 1n);
      live.market.price = startPrice;
    },
    async close(): Promise<void> {
      await Promise.all(opened.splice(0).map((keeper) => keeper.stop()));
      await Promise.all(proxies.splice(0).map((one) => one.close()));
      await chain.close();
    },
    printed,
    provider,
  };
}
