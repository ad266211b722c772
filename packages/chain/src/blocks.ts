import { type EventLog, type Log, toQuantity } from "ethers";
import { ServiceError } from "@ftns/service/errors.ts";
import type { Chain, Head } from "./connect.ts";

/** Blocks that one request for events spans: what most public endpoints allow. */
const LOG_SPAN = 2_000;

/** Number of the first block at or after `time` (seconds); the head's own when there is none before it. */
export async function firstBlockAt(chain: Chain, head: Head, time: bigint): Promise<number> {
  // Gallop back from the head, then halve: the time is recent, and most chains are long.
  let above = head.number;
  let step = 64;
  while (above > 0) {
    const number = Math.max(0, above - step);
    if ((await timeOf(chain, number)) < time) return firstBetween(chain, number, above, time);
    above = number;
    step *= 4;
  }
  return above;
}

/** Between a block that is older than `time` and one that is not. */
async function firstBetween(chain: Chain, older: number, notOlder: number, time: bigint): Promise<number> {
  while (notOlder - older > 1) {
    const middle = older + Math.floor((notOlder - older) / 2);
    if ((await timeOf(chain, middle)) < time) older = middle;
    else notOlder = middle;
  }
  return notOlder;
}

export async function timeOf(chain: Chain, number: number): Promise<bigint> {
  const block = await chain.provider.send("eth_getBlockByNumber", [toQuantity(number), false]);
  if (!block) throw unknownBlock(number);
  return BigInt(block.timestamp);
}

export const unknownBlock = (number: number) =>
  new ServiceError(`The RPC endpoint does not know block ${number}.`, "Check that the node is in sync.");

/** What `query` finds from one block to another, asked for in spans that public endpoints allow. */
export async function eventsBetween<Found extends Log | EventLog>(
  query: (from: number, to: number) => Promise<Found[]>,
  from: number,
  to: number,
): Promise<Found[]> {
  const found: Found[] = [];
  for (let start = from; start <= to; start += LOG_SPAN) {
    found.push(...(await query(start, Math.min(to, start + LOG_SPAN - 1))));
  }
  return found;
}
