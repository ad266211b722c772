import type { IMedianFeed } from "../../chain/contracts.ts";
import { type Chain, type Head, blockTag } from "../../chain/connect.ts";
import { revertName } from "../../chain/reasons.ts";
import { wordsOf } from "../../errors.ts";
import type { MarketSource, Reading } from "../../market/source.ts";

export interface ReportSnapshot {
  head: Head;
  readings: Reading[];
  /** The feed's last round (USD, 8 decimals; seconds); absent before the first. */
  last?: { price: bigint; updatedAt: bigint };
  quorum: bigint;
  /** Our reporters, and whether the feed knows them. */
  reporters: { address: string; registered: boolean }[];
}

/** Reads the sources first: they may be slow, and the chain's state must be the freshest of all. */
export async function readReport(
  chain: Chain,
  feed: IMedianFeed,
  sources: readonly MarketSource[],
  reporters: readonly string[],
): Promise<ReportSnapshot> {
  const readings = await Promise.all(sources.map(readSource));
  const head = await chain.latest();
  const at = { blockTag: blockTag(head) };
  const [last, quorum, registered] = await Promise.all([
    feed.latestMarket(at).catch((error: unknown) => {
      if (revertName(error) === "NoRounds") return undefined;
      throw error;
    }),
    feed.quorum(at),
    feed.reporters(at),
  ]);
  return {
    head,
    readings,
    ...(last && { last: { price: last.price, updatedAt: last.updatedAt } }),
    quorum,
    reporters: reporters.map((address) => ({ address, registered: registered.includes(address) })),
  };
}

/** A reading of one source; never rejects. */
export async function readSource(source: MarketSource): Promise<Reading> {
  const about = { source: source.name, ...(source.maxAgeSec !== undefined && { maxAgeSec: source.maxAgeSec }) };
  try {
    return { ...about, data: await source.read() };
  } catch (error) {
    return { ...about, failure: wordsOf(error) };
  }
}
