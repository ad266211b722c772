import { type Interface, type LogDescription, toQuantity } from "ethers";
import type { Chain } from "./connect.ts";

export interface TokenEvent extends LogDescription {
  blockNumber: number;
}

interface RpcLog {
  blockNumber: string;
  logIndex: string;
  topics: string[];
  data: string;
  removed?: boolean;
}

/** Blocks that one request spans at most: what most public endpoints allow. */
const LONGEST_SPAN = 2_000;
/** After so many spans in a row a longer one is tried again: refusals count against an endpoint. */
const CALM_SPANS = 32;

/**
 * The events `names` of a contract from one block to another, in their order, a span of blocks at a time: only one span is
 * held in memory. An endpoint that finds a span too long is asked for half of it, down to a single block.
 */
export async function* eventsOf(
  chain: Chain,
  address: string,
  abi: Interface,
  names: readonly string[],
  from: number,
  to: number,
): AsyncGenerator<TokenEvent[]> {
  const topics = [names.map((name) => abi.getEvent(name)!.topicHash)];
  let span = LONGEST_SPAN;
  let calm = 0;
  for (let start = from; start <= to; ) {
    const end = Math.min(to, start + span - 1);
    let logs: RpcLog[];
    try {
      const filter = { address, topics, fromBlock: toQuantity(start), toBlock: toQuantity(end) };
      logs = await chain.provider.send("eth_getLogs", [filter]);
    } catch (error) {
      if (end === start) throw error;
      span = Math.ceil((end - start + 1) / 2);
      calm = 0;
      continue;
    }
    yield logs
      .filter(({ removed }) => removed !== true)
      .sort((a, b) => Number(a.blockNumber) - Number(b.blockNumber) || Number(a.logIndex) - Number(b.logIndex))
      .map((log) => Object.assign(abi.parseLog(log)!, { blockNumber: Number(log.blockNumber) }));
    start = end + 1;
    if (++calm % CALM_SPANS === 0) span = Math.min(LONGEST_SPAN, span * 2);
  }
}
