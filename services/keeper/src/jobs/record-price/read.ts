import { contracts, type History } from "@ftns/sdk/contracts.ts";
import { type Chain, type Head, blockTag } from "@ftns/chain/connect.ts";
import { revertName } from "@ftns/sdk/errors/index.ts";

export interface RecordSnapshot {
  head: Head;
  /** Time of the last record (seconds), zero before the first. */
  recordedAt: bigint;
  /** Oldest answer that the history takes, and longest time that a record holds (seconds). */
  maxAge: bigint;
  maxHold: bigint;
  /** What the feed says now (USD, 8 decimals); absent when it has no answer. */
  answer?: { price: bigint; updatedAt: bigint };
}

export async function readRecord(chain: Chain, history: History): Promise<RecordSnapshot> {
  const head = await chain.latest();
  const at = { blockTag: blockTag(head) };
  const [last, feed, maxAge, maxHold] = await Promise.all([
    history.lastRecord(at),
    history.feed(at),
    history.maxAge(at),
    history.maxHold(at),
  ]);
  const snapshot = { head, recordedAt: last.recordedAt, maxAge, maxHold };
  try {
    // Every Chainlink feed answers this call; the median feed's binding is as good as any.
    const round = await contracts.medianFeed(feed, chain.provider).latestRoundData(at);
    return { ...snapshot, answer: { price: round.answer, updatedAt: round.updatedAt } };
  } catch (error) {
    if (revertName(error) === "NoRounds") return snapshot;
    throw error;
  }
}
