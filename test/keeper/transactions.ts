// A small chain whose blocks come when a test says so, work that can be done once, and transaction queues that do it.
import { JsonRpcProvider, Wallet, parseEther, toQuantity } from "ethers";
import { network } from "hardhat";
import { type Chain, blockTag, connect } from "@ftns/chain/connect.ts";
import { TransactionQueue } from "@ftns/chain/transactions/queue.ts";
import type { QueueSettings, TransactionEvent } from "@ftns/chain/transactions/types.ts";
import type { Job, SnapshotBase } from "@ftns/keeper/jobs/job.ts";
import { runJob } from "@ftns/keeper/jobs/run.ts";
import { DoneOnce__factory } from "../../typechain-types/index.ts";

export const GWEI = 10n ** 9n;
export const KEY = `0x${"6badcafe".repeat(8)}`;
export const OTHER_KEY = `0x${"7badcafe".repeat(8)}`;
export const ACCOUNT = new Wallet(KEY).address;
const CHAIN_ID = 31_337;

export type WorkChain = Awaited<ReturnType<typeof startWorkChain>>;

/** Starts a chain that makes blocks only when told, with funded accounts and the work. */
async function startWorkChain() {
  const server = await network.createServer();
  const { port } = await server.listen();
  const url = `http://127.0.0.1:${port}`;
  const provider = new JsonRpcProvider(url, CHAIN_ID, { staticNetwork: true, cacheTimeout: -1, batchStallTime: 0 });
  const work = await new DoneOnce__factory(await provider.getSigner(0)).deploy();
  await work.waitForDeployment();
  for (const key of [KEY, OTHER_KEY]) await setBalance(key, parseEther("100"));
  await provider.send("evm_setAutomine", [false]);
  let clean = await provider.send("evm_snapshot", []);

  async function setBalance(key: string, amount: bigint) {
    await provider.send("hardhat_setBalance", [new Wallet(key).address, toQuantity(amount)]);
  }
  return {
    url,
    provider,
    work,
    setBalance,
    mine: () => provider.send("evm_mine", []),
    snapshot: (): Promise<string> => provider.send("evm_snapshot", []),
    revert: (id: string) => provider.send("evm_revert", [id]),
    /** A block of this base fee (wei per gas); what waits and offers less stays out. */
    async mineAt(baseFee: bigint) {
      await provider.send("hardhat_setNextBlockBaseFeePerGas", [toQuantity(baseFee)]);
      await provider.send("evm_mine", []);
    },
    /** How often `item` was done, by the events of the chain. */
    async timesDone(item: bigint): Promise<number> {
      return (await work.queryFilter(work.filters.Done(item))).length;
    },
    mined: (key = KEY) => provider.getTransactionCount(new Wallet(key).address, "latest"),
    /** Transactions that wait. */
    async waiting(): Promise<Record<string, string>[]> {
      return (await provider.send("eth_getBlockByNumber", ["pending", true])).transactions;
    },
    /** Sends from `key` as any other program would. */
    async sendAs(
      key: string,
      nonce: number,
      fields: { to?: string; data?: string; feeGwei?: bigint; tipGwei?: bigint } = {},
    ): Promise<string> {
      const { to = new Wallet(key).address, data = "0x", feeGwei = 3n, tipGwei = 1n } = fields;
      const fees = { maxFeePerGas: feeGwei * GWEI, maxPriorityFeePerGas: tipGwei * GWEI };
      const call = { to, data, nonce, gasLimit: 200_000n, chainId: CHAIN_ID, type: 2 };
      return provider.send("eth_sendRawTransaction", [await new Wallet(key).signTransaction({ ...call, ...fees })]);
    },
    /** Back to the beginning, with nothing waiting. */
    async reset() {
      await provider.send("evm_setAutomine", [false]);
      await provider.send("evm_revert", [clean]);
      clean = await provider.send("evm_snapshot", []);
    },
    async close() {
      provider.destroy();
      await server.close();
    },
  };
}

/** A time limit that no test waits for, so that none depends on the speed of the machine. */
export const NEVER_MS = 600_000;

const QUICK: QueueSettings = {
  maxFeeWei: 100n * GWEI,
  maxPriorityFeeWei: 10n * GWEI,
  confirmations: 1,
  stuckAfterMs: NEVER_MS,
  giveUpAfterMs: NEVER_MS,
  maxReplacements: 8,
  firstPollMs: 5,
  slowestPollMs: 20,
};

interface Options {
  key?: string;
  stateDir?: string;
  settings?: Partial<QueueSettings>;
}

export type Worker = Awaited<ReturnType<typeof openWorker>>;

/** A queue of its own, as a process of its own has it, and jobs that run through it. */
async function openWorker(on: WorkChain, { key = KEY, stateDir, settings }: Options = {}) {
  const opened = await connect({ rpcUrls: [on.url], chainId: CHAIN_ID, timeoutMs: 20_000, quorum: 1, maxClockSkewSec: 0 });
  const events: TransactionEvent[] = [];
  const warnings: string[] = [];
  /** What a test does before a request of the queue leaves; a promise that never ends is a process that died there. */
  const seam = { before: async (_method: string, _params: unknown[]): Promise<unknown> => undefined };
  const asked: string[] = [];
  const sentRaw: string[] = [];
  let underWay = 0;
  const send = async (method: string, params: unknown[]) => {
    asked.push(method);
    if (method === "eth_sendRawTransaction") sentRaw.push(params[0] as string);
    await seam.before(method, params);
    underWay++;
    return opened.provider.send(method, params).finally(() => underWay--);
  };
  const chain: Chain = { ...opened, provider: { send } as never };
  const queue = new TransactionQueue(
    chain,
    new Wallet(key),
    { ...QUICK, ...settings },
    {
      stateDir,
      onEvent: (event) => events.push(event),
      warn: (message) => warnings.push(message),
    },
  );
  return {
    queue,
    events,
    warnings,
    seam,
    asked,
    sentRaw,
    /** Keeps every request from now on until it is released; those under way are waited for. */
    async hold() {
      let release = () => {};
      const released = new Promise<void>((resolve) => (release = resolve));
      seam.before = () => released;
      await new Promise((resolve) => setTimeout(resolve, 10));
      await untilTrue(() => underWay === 0, "the answers to what was asked");
      return release;
    },
    types: () => events.map(({ type }) => type),
    run: (item: bigint, name: "record-price" | "adjust-supply" = "record-price", dryRun = false) =>
      runJob(workJob(on, item, name), queue, chain, dryRun),
    async until(type: TransactionEvent["type"], count = 1) {
      await untilTrue(() => events.filter((event) => event.type === type).length >= count, `${count} x ${type}`);
      return events.filter((event) => event.type === type)[count - 1]!;
    },
    close() {
      queue.stop();
      opened.close();
    },
  };
}

/** A work chain for the tests of one `describe`, as it was at the beginning for each of them, and workers on it. */
export function useWorkChain(onStart: (chain: WorkChain) => void) {
  let chain: WorkChain;
  const workers: Worker[] = [];
  before(async () => onStart((chain = await startWorkChain())));
  afterEach(async () => {
    for (const worker of workers.splice(0)) worker.close();
    await chain.reset();
  });
  after(() => chain.close());
  return async (options: Options = {}) => {
    const worker = await openWorker(chain, options);
    workers.push(worker);
    return worker;
  };
}

/** Looks every few milliseconds until `holds`. */
export async function untilTrue(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const end = performance.now() + 60_000; !(await holds()); ) {
    if (performance.now() > end) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Does `item` once, like any job: reads as of a block, decides, and names the call. */
function workJob({ work, provider }: WorkChain, item: bigint, name: Job<Seen, bigint>["name"]): Job<Seen, bigint> {
  return {
    name,
    async read() {
      const { number, timestamp, baseFeePerGas } = await provider.send("eth_getBlockByNumber", ["latest", false]);
      const head = { number: Number(number), timestamp: BigInt(timestamp), baseFee: BigInt(baseFeePerGas) };
      return { head, isDone: await work.isDone(item, { blockTag: blockTag(head) }) };
    },
    decide: ({ isDone }) =>
      isDone ? { kind: "nothing", reason: `item ${item} is done` } : { kind: "act", args: item, reason: `item ${item} is due` },
    call: async (args) => ({
      to: await work.getAddress(),
      data: work.interface.encodeFunctionData("work", [args]),
    }),
  };
}

interface Seen extends SnapshotBase {
  isDone: boolean;
}
