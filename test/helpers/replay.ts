// What was done to one fresh chain, done again to another: only what changes a chain is sent once more, as it was sent then.
// A deployment plans, reads and verifies for seconds; its transactions alone take a fraction of one.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Connection } from "./time.ts";

interface Request {
  readonly method: string;
  readonly params?: readonly unknown[] | object | undefined;
}

/** What was sent, and how many blocks came of it. */
export interface Recording {
  readonly requests: readonly Request[];
  readonly blocks: number;
}

/** Methods that change nothing, and whose answers the recorded ones have been made from. */
const READS = /^(eth_(?!send)|net_|web3_|personal_sign$|hardhat_metadata$|debug_)/;

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

/** Whether nothing has happened on this chain yet. */
export async function isFresh({ provider }: Connection): Promise<boolean> {
  return (await provider.request({ method: "eth_blockNumber" })) === "0x0";
}

/** Runs `act` on a fresh chain, and keeps what it sends. */
export async function record<T>(connection: Connection, act: () => Promise<T>): Promise<{ result: T; recording: Recording }> {
  const { provider } = connection;
  const requests: Request[] = [];
  const request = provider.request;
  provider.request = async (args) => {
    const answer = await request.call(provider, args);
    if (!READS.test(args.method)) requests.push(args);
    return answer;
  };
  try {
    const result = await act();
    return { result, recording: { requests, blocks: await blockNumber(connection) } };
  } finally {
    // What lies on the prototype is to be found there again.
    Reflect.deleteProperty(provider, "request");
  }
}

/** Sends all of it again, to another fresh chain. */
export async function replay(connection: Connection, { requests, blocks }: Recording): Promise<void> {
  for (const { method, params } of requests) {
    await connection.provider.request({ method, ...(params !== undefined && { params }) });
  }
  const made = await blockNumber(connection);
  if (made !== blocks) throw new Error(`a chain that should be like another one has ${made} blocks, and not ${blocks}`);
}

async function blockNumber({ provider }: Connection): Promise<number> {
  return Number(await provider.request({ method: "eth_blockNumber" }));
}
