import type { IMedianFeed } from "../../chain/contracts.ts";
import { type Chain, type Head, blockTag } from "../../chain/connect.ts";
import { revertName } from "../../chain/reasons.ts";
import { wordsOf } from "../../errors.ts";
import { type CombineRules, combineReadings } from "../../market/combine.ts";
import type { MarketSource, Reading } from "../../market/source.ts";
import type { Exchange, Gathered } from "../../reporter/exchange.ts";

export interface ReportSnapshot {
  head: Head;
  readings: Reading[];
  /** The feed's last round (USD, 8 decimals; seconds; WAD); absent before the first. */
  last?: { price: bigint; updatedAt: bigint; confidence?: bigint };
  quorum: bigint;
  /** Our reporters, and whether the feed knows them. */
  reporters: { address: string; registered: boolean }[];
  /** Reports of all reporters that could be had, ours among them; absent without an exchange. */
  gathered?: Gathered;
}

/**
 * Reads sources and peers first: they may be slow, and the chain's state must be the freshest of all. With an exchange,
 * what our own sources saw is signed and served on every look, so that others can gather it.
 */
export async function readReport(
  chain: Chain,
  feed: IMedianFeed,
  sources: readonly MarketSource[],
  reporters: readonly string[],
  rules: CombineRules,
  exchange?: Exchange,
): Promise<ReportSnapshot> {
  const [readings, answers] = await Promise.all([Promise.all(sources.map(readSource)), exchange?.ask()]);
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
  const seen = {
    head,
    readings,
    ...(last && { last: { price: last.price, updatedAt: last.updatedAt, confidence: last.confidence } }),
    quorum,
    reporters: reporters.map((address) => ({ address, registered: registered.includes(address) })),
  };
  if (!exchange || !answers) return seen;
  const combined = combineReadings(readings, head.timestamp, rules);
  if ("market" in combined) exchange.publish(combined.market, registered);
  const admission = { registered, now: head.timestamp, maxAgeSec: rules.maxObservationAgeSec };
  return { ...seen, gathered: exchange.settle(answers, admission) };
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
