import type { Activity, TransactionCounter } from "@ftns/chain/activity.ts";
import type { MedianFeed } from "@ftns/sdk/contracts.ts";
import { type Chain, type Head, blockTag } from "@ftns/chain/connect.ts";
import { revertName } from "@ftns/sdk/errors/index.ts";
import { wordsOf } from "@ftns/service/errors.ts";
import { type CombineRules, combineReadings } from "../../market/combine.ts";
import type { MarketSource, Reading } from "../../market/source.ts";
import type { Exchange, Gathered } from "../../reporter/exchange.ts";

/** How many reports a round had, and what a fuller one of the same time must be newer than (seconds). */
export interface MadeOf {
  count: bigint;
  newerThan: bigint;
}

export interface ReportSnapshot {
  head: Head;
  readings: Reading[];
  /** Transactions that we counted ourselves, or why we could not; absent when that is not configured. */
  counted?: Activity | { failure: string };
  /** The feed's last round (USD, 8 decimals; seconds; WAD); absent before the first. */
  last?: { price: bigint; updatedAt: bigint; confidence?: bigint; made?: MadeOf };
  /** The transactions of that round. */
  reported?: Activity;
  quorum: bigint;
  /** Our reporters, and whether the feed knows them. */
  reporters: { address: string; registered: boolean }[];
  /** Our reporters whose keys could not sign what we saw, and why. */
  unsigned?: string[];
  /** Reports of all reporters that could be had, ours among them; absent without an exchange. */
  gathered?: Gathered;
}

/**
 * Reads sources and peers first: they may be slow, and the chain's state must be the freshest of all. With an exchange,
 * what our own sources saw is signed and served on every look, so that others can gather it.
 */
export async function readReport(
  chain: Chain,
  feed: MedianFeed,
  sources: readonly MarketSource[],
  reporters: readonly string[],
  rules: CombineRules,
  exchange?: Exchange,
  counter?: TransactionCounter,
): Promise<ReportSnapshot> {
  const [readings, answers] = await Promise.all([Promise.all(sources.map(readSource)), exchange?.ask()]);
  const head = await chain.latest();
  const at = { blockTag: blockTag(head) };
  const [last, made, quorum, registered, counted] = await Promise.all([
    feed.latestMarket(at).catch((error: unknown) => {
      if (revertName(error) === "NoRounds") return undefined;
      throw error;
    }),
    feed.latestReports(at),
    feed.quorum(at),
    feed.reporters(at),
    counter?.count(head).catch((error: unknown) => ({ failure: wordsOf(error) })),
  ]);
  const seen = {
    head,
    readings,
    ...(counted && { counted }),
    ...(last && {
      last: {
        price: last.price,
        updatedAt: last.updatedAt,
        confidence: last.confidence,
        made: { count: made.count, newerThan: made.newerThan },
      },
      reported: { txTotal: last.txTotal, txFailed: last.txFailed },
    }),
    quorum,
    reporters: reporters.map((address) => ({ address, registered: registered.includes(address) })),
  };
  if (!exchange || !answers) return seen;
  const combined = combineReadings(readings, head.timestamp, rules, activityOf(seen));
  const unsigned = "market" in combined ? await exchange.publish(combined.market, registered) : [];
  const admission = { registered, now: head.timestamp, maxAgeSec: rules.maxObservationAgeSec };
  return { ...seen, unsigned, gathered: await exchange.settle(answers, admission) };
}

/** What we counted ourselves, when we could. */
export function activityOf({ counted }: Pick<ReportSnapshot, "counted">): Activity | undefined {
  return counted && "txTotal" in counted ? counted : undefined;
}

/** A remark for the log when we were to count and could not, so that the sources' numbers stand in. */
export function countingFault({ counted }: Pick<ReportSnapshot, "counted">): string[] {
  return counted && "failure" in counted ? [`transactions could not be counted: ${counted.failure}`] : [];
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
