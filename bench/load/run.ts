// Five reporters that trade signed reports over HTTP and three keepers, through days of chain time. Every party may submit.
// They look at their places within the jitter, as on a schedule, on a chain with a block every 12 s: nearly all of them look
// before the first one's transaction is in a block.
import { JsonRpcProvider, Wallet, toQuantity } from "ethers";
import { type KeeperConfigInput, type MarketSource, type TransactionEvent, createKeeper, parseConfig } from "@ftns/keeper";
import { freePorts } from "../../test/keeper/ports.ts";
import { Random } from "../../test/helpers/random.ts";
import { type Party, Stage } from "./stage.ts";

export const REPORTERS = 5;
export const KEEPERS = 3;
const HOUR = 3_600n;
/** The second look of an hour, when all have published what they saw in the first. */
const SECOND_LOOK_SEC = 60n;
const RPC_TIMEOUT_MS = 30_000;

/** The chain that bears the load; the parties' accounts have coins, the reporters are registered. */
export interface LoadChain {
  url: string;
  chainId: number;
  addresses: { feed: string; history: string; controller: string };
  reporterKeys: readonly string[];
  /** One for each reporter, then one for each keeper. */
  accountKeys: readonly string[];
  startPrice: number;
}

export interface JobLoad {
  transactions: number;
  reverted: number;
  gas: number;
}

export interface LoadResult {
  days: number;
  looks: number;
  /** Looks that ended as broken or lost a race. */
  broken: number;
  lostRaces: number;
  jobs: Record<string, JobLoad>;
  transactions: number;
  reverted: number;
  /** Reverted of all. */
  wasted: number;
}

/** Runs `days` days at hourly steps; `afterDay` is awaited at the end of each. */
export async function runLoad(
  chain: LoadChain,
  days: number,
  afterDay: (day: number) => unknown = () => undefined,
): Promise<LoadResult> {
  const provider = new JsonRpcProvider(chain.url, chain.chainId, { staticNetwork: true, cacheTimeout: -1, batchStallTime: 0 });
  const now = async () => BigInt((await provider.send("eth_getBlockByNumber", ["latest", false])).timestamp);
  const mineAt = async (time: bigint) => {
    await provider.send("evm_setNextBlockTimestamp", [toQuantity(time)]);
    await provider.send("evm_mine", []);
  };
  const jobs: Record<string, JobLoad> = {};
  const note = ({ type, job = "none", gasUsed = 0n, reverted }: TransactionEvent & { reverted?: boolean }) => {
    const load = (jobs[job] ??= { transactions: 0, reverted: 0, gas: 0 });
    if (type !== "confirmed") return;
    load.transactions++;
    load.gas += Number(gasUsed);
    if (reverted) load.reverted++;
  };
  const sentBefore = await countSent(provider, chain);

  const random = new Random(30);
  let price = chain.startPrice;
  // All reporters look at one market, each a little off.
  const eyes = chain.reporterKeys.map((_, index) => 1 + (index - 2) * 0.0004);
  const ports = await freePorts(REPORTERS);
  const parties: Party[] = [];
  for (const [index, account] of chain.accountKeys.entries()) {
    const source: MarketSource = {
      name: "market",
      read: async () => ({
        price: BigInt(Math.round(price * (eyes[index] ?? 1) * 1e8)),
        volume6h: 50_000n * 10n ** 8n,
        meanVolume6h: 60_000n * 10n ** 8n,
        txTotal: 100n,
        txFailed: 2n,
        sendersDay: 900n,
        observedAt: await now(),
      }),
    };
    const reporter = chain.reporterKeys[index];
    const config = parseConfig(configOf(chain, ports, reporter === undefined ? undefined : index));
    const keeper = await createKeeper(config, {
      env: { ACCOUNT: account, ...(reporter !== undefined && { REPORTER: reporter }) },
      ...(reporter !== undefined && { sources: [source] }),
    });
    const jitterSec = new Map(keeper.jobs.map((job) => [job, config.jobs[job]!.jitterSec]));
    const party: Party = { keeper, jitterSec, running: 0, waits: false };
    keeper.observe((event) => {
      if (event.type !== "transaction") return;
      note(event.event);
      if (event.event.type === "sent") stage.sent(party);
    });
    parties.push(party);
  }

  const counts = { looks: 0, broken: 0, lostRaces: 0 };
  const stage = new Stage(parties, mineAt, (reports) => {
    counts.looks += reports.length;
    counts.broken += reports.filter(({ outcome }) => outcome === "broken").length;
    counts.lostRaces += reports.filter(({ outcome }) => outcome === "lost-race").length;
  });
  await provider.send("evm_setAutomine", [false]);
  const start = await now();
  for (let hour = 1; hour <= days * 24; hour++) {
    price *= 1 + random.int(-80, 82) / 10_000;
    const from = start + BigInt(hour) * HOUR;
    await stage.look(from, parties.slice(0, REPORTERS), random);
    await stage.look(from + SECOND_LOOK_SEC, parties, random);
    if (hour % 24 === 0) await afterDay(hour / 24);
  }
  await Promise.all(parties.map(({ keeper }) => keeper.stop()));
  await provider.send("evm_setAutomine", [true]);

  const transactions = (await countSent(provider, chain)) - sentBefore;
  provider.destroy();
  const reverted = Object.values(jobs).reduce((sum, job) => sum + job.reverted, 0);
  return { days, ...counts, jobs, transactions, reverted, wasted: transactions === 0 ? 1 : reverted / transactions };
}

async function countSent(provider: JsonRpcProvider, { accountKeys }: LoadChain): Promise<number> {
  const nonces = await Promise.all(accountKeys.map((key) => provider.getTransactionCount(new Wallet(key).address)));
  return nonces.reduce((sum, nonce) => sum + nonce, 0);
}

/** Of reporter `index`; without one, of a keeper that records, adjusts and carries the others' reports. */
function configOf(chain: LoadChain, ports: readonly number[], index: number | undefined): KeeperConfigInput {
  const peers = ports.flatMap((port, other) =>
    other === index ? [] : [{ name: `reporter ${other}`, url: `http://127.0.0.1:${port}` }],
  );
  const isReporter = index !== undefined;
  return {
    mode: "local",
    chain: { rpcUrls: [chain.url], chainId: chain.chainId, timeoutMs: RPC_TIMEOUT_MS, maxClockSkewSec: 0 },
    account: { env: "ACCOUNT" },
    contracts: chain.addresses,
    jobs: {
      "report-price": {
        reporters: isReporter ? [{ env: "REPORTER" }] : [],
        sources: isReporter ? [{ type: "file", name: "market", path: "unused.json" }] : [],
        exchange: { ...(isReporter && { listen: { port: ports[index]! } }), peers },
      },
      ...(!isReporter && { "record-price": {}, "adjust-supply": {} }),
    },
  };
}
