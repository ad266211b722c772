// What was done to one fresh chain, done again to another: only what changes a chain is sent once more, as it was sent then.
// A deployment plans, reads and verifies for seconds; its transactions alone take a fraction of one.
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
const READS = /^(eth_(?!send|sign)|net_|web3_|personal_sign$|eth_sign|hardhat_metadata$|debug_)/;

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
