// What was done to one chain, done again to another that is as the first one was: only what changes a chain is sent once more,
// as it was sent then. A deployment plans, reads and verifies for seconds; its transactions alone take a fraction of one.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonRpcProvider } from "ethers";
import type { Connection } from "./time.ts";

interface Request {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What was sent, and how many blocks there were in the end. */
export interface Recording {
  readonly requests: readonly Request[];
  readonly blocks: number;
}

type Ask = (method: string, params: readonly unknown[]) => Promise<unknown>;

/** The way to a chain, at which one can stand and listen. */
interface Way {
  ask: Ask;
  /** From now on whoever asks asks `by`, until the function that this returns is called. */
  listen(by: Ask): () => void;
}

/** Methods that change nothing. */
const READS = /^(eth_(?!send)|net_|web3_|personal_sign$|hardhat_metadata$|debug_)/;

/** To a chain in this process. */
export function wayTo({ provider }: Connection): Way {
  const request = provider.request.bind(provider);
  return {
    ask: (method, params) => request({ method, params: [...params] }),
    listen(by) {
      provider.request = ({ method, params }) => by(method, (params ?? []) as readonly unknown[]);
      // What lies on the prototype is to be found there again.
      return () => Reflect.deleteProperty(provider, "request");
    },
  };
}

/** To a chain behind a URL. */
export function wayThrough(provider: JsonRpcProvider): Way {
  const send = provider.send.bind(provider);
  return {
    ask: (method, params) => send(method, [...params]),
    listen(by) {
      provider.send = (method, params) => by(method, params as readonly unknown[]);
      return () => Reflect.deleteProperty(provider, "send");
    },
  };
}

/** Folder that the processes of this run of tests share. */
const SHARED = process.env["FTNS_TEST_RUN"];
const inThisProcess = new Map<string, unknown>();

/** Where what was recorded is kept, with what else is to be known of it, for all who start with the same `inputs`. */
export function recordingsOf<T extends object>(name: string, inputs: object) {
  type Kept = T & { recording: Recording };
  const text = JSON.stringify(inputs, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
  const key = `${name}-${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
  const file = SHARED === undefined ? undefined : join(SHARED, `${key}.json`);
  return {
    read(): Kept | undefined {
      if (!inThisProcess.has(key) && file !== undefined && existsSync(file))
        inThisProcess.set(key, JSON.parse(readFileSync(file, "utf8")));
      return inThisProcess.get(key) as Kept | undefined;
    },
    write(kept: Kept): void {
      inThisProcess.set(key, kept);
      if (file === undefined) return;
      // Nobody may find half of it.
      writeFileSync(`${file}.${process.pid}`, JSON.stringify(kept));
      renameSync(`${file}.${process.pid}`, file);
    },
  };
}

/** Number of the latest block. */
export async function blockNumber({ ask }: Way): Promise<number> {
  return Number(await ask("eth_blockNumber", []));
}

/** Runs `act` on a chain, and keeps what it sends. */
export async function record<T>(way: Way, act: () => Promise<T>): Promise<{ result: T; recording: Recording }> {
  const requests: Request[] = [];
  const stop = way.listen((method, params) => {
    if (!READS.test(method)) requests.push({ method, params });
    return way.ask(method, params);
  });
  try {
    const result = await act();
    return { result, recording: { requests, blocks: await blockNumber(way) } };
  } finally {
    stop();
  }
}

/** Sends all of it again, to a chain that is as the other one was. */
export async function replay(way: Way, { requests, blocks }: Recording): Promise<void> {
  for (const { method, params } of requests) await way.ask(method, params);
  const made = await blockNumber(way);
  if (made !== blocks) throw new Error(`a chain that should be like another one has ${made} blocks, and not ${blocks}`);
}
