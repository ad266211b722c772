import { ZeroAddress } from "ethers";
import { MAX_REPORT_AGE_SEC, MIN_ROUND_DISTANCE_SEC, type MarketReport } from "@ftns/model";
import type { Activity, TransactionCounter } from "@ftns/chain/activity.ts";
import { contracts, type MedianFeed } from "@ftns/sdk/contracts.ts";
import { type Chain, type Head, blockTag } from "@ftns/chain/connect.ts";
import { revertName } from "@ftns/sdk/errors/index.ts";
import { wordsOf } from "@ftns/service/errors.ts";
import { type CombineRules, combineReadings } from "../../market/combine.ts";
import type { MarketData, MarketSource, Reading } from "../../market/source.ts";
import type { Exchange, Gathered, PeerAnswer } from "../../reporter/exchange.ts";
import type { PriceSamples } from "../../reporter/samples.ts";

/** The feed's last round, as far as the next depends on it (USD, 8 decimals; seconds; WAD). */
export interface LastRound {
  price: bigint;
  observedAt: bigint;
  updatedAt: bigint;
  /** Time of the round that it follows, and which one in its place must follow. */
  since: bigint;
  reports: bigint;
  confidence: bigint;
  /** It left the time before it without a price: fewer reports may take its place, if they know that price. */
  gap?: boolean;
}

export interface ReportSnapshot {
  head: Head;
  readings: Reading[];
  /** Accounts that we counted ourselves, or why we could not; absent when that is not configured. */
  counted?: Activity | { failure: string };
  /** Absent before the first. */
  last?: LastRound;
  /** The counts of that round. */
  reported?: Activity;
  /** What we sign now, when our sources agree. */
  report?: MarketReport;
  quorum: bigint;
  /** Our reporters, and whether the feed knows them. */
  reporters: { address: string; registered: boolean }[];
  /** Our reporters whose keys could not sign what we saw, and why. */
  unsigned?: string[];
  /** Reports of all reporters that could be had, ours among them; absent without an exchange. */
  gathered?: Gathered;
}

/** What comes from outside the chain, and may be slow. */
export interface Outside {
  readings: Reading[];
  /** Absent without an exchange. */
  answers: PeerAnswer[] | undefined;
}

export async function askOutside(sources: readonly MarketSource[], exchange?: Exchange): Promise<Outside> {
  const [readings, answers] = await Promise.all([Promise.all(sources.map(readSource)), exchange?.ask()]);
  return { readings, answers };
}

/**
 * Takes what sources and peers said, and reads the chain after them: its state must be the freshest of all. With an exchange,
 * what our own sources saw is signed and served on every look, so that others can gather it.
 */
export async function readReport(
  chain: Chain,
  feed: MedianFeed,
  { readings, answers }: Outside,
  reporters: readonly string[],
  rules: CombineRules,
  samples: PriceSamples,
  exchange?: Exchange,
  counter?: TransactionCounter,
): Promise<ReportSnapshot> {
  const head = await chain.latest();
  const at = { blockTag: blockTag(head) };
  const [last, quorum, registered, counted] = await Promise.all([
    feed.latestMarket(at).catch((error: unknown) => {
      if (revertName(error) === "NoRounds") return undefined;
      throw error;
    }),
    feed.quorum(at),
    feed.reporters(at),
    counter?.count(head).catch((error: unknown) => ({ failure: wordsOf(error) })),
  ]);
  // Only while reports of its time are young enough to take its place.
  const gap =
    exchange && last && head.timestamp <= last.observedAt + MAX_REPORT_AGE_SEC && (await leftGap(chain, feed, last, at));
  const seen = {
    head,
    readings,
    ...(counted && { counted }),
    ...(last && { last: { ...lastOf(last), ...(gap && { gap }) }, reported: activityIn(last) }),
    quorum,
    reporters: reporters.map((address) => ({ address, registered: registered.includes(address) })),
  };
  const combined = combineReadings(readings, head.timestamp, rules, activityOf(seen));
  const report = "market" in combined ? reportOf(combined.market, seen.last, samples) : undefined;
  const ours = { ...seen, ...(report && { report }) };
  if (!exchange || !answers) return ours;
  const unsigned = report ? await exchange.publish(report, registered) : [];
  const admission = { registered, now: head.timestamp, maxAgeSec: rules.maxObservationAgeSec };
  return { ...ours, unsigned, gathered: await exchange.settle(answers, admission) };
}

/** The first round fills nothing either way. */
async function leftGap(chain: Chain, feed: MedianFeed, last: LastRound, at: { blockTag: string }): Promise<boolean> {
  const address = last.since === 0n ? ZeroAddress : await feed.history(at);
  if (address === ZeroAddress) return false;
  const { price, knownUntil } = await contracts.history(address, chain.provider).lastRecord(at);
  return knownUntil === last.observedAt && price === 0n;
}

/**
 * What a reporter signs: the market, and the mean price since the round that its report would follow. While it is too soon for
 * the next round, that is the one before the last: only a fuller round in the last one's place could carry the report.
 */
export function reportOf(market: MarketData, last: LastRound | undefined, samples: PriceSamples): MarketReport {
  samples.note(market.observedAt, market.price);
  const since = sinceOf(market.observedAt, last);
  return { ...market, since, meanPrice: samples.mean(since, market.observedAt) };
}

/** The round that a report observed at `observedAt` follows. */
export function sinceOf(observedAt: bigint, last: LastRound | undefined): bigint {
  if (!last) return 0n;
  return observedAt >= last.observedAt + MIN_ROUND_DISTANCE_SEC ? last.observedAt : last.since;
}

// The contract's structs come as arrays with names; plain objects compare and print better.
const lastOf = ({ price, observedAt, updatedAt, since, reports, confidence }: LastRound): LastRound => ({
  price,
  observedAt,
  updatedAt,
  since,
  reports,
  confidence,
});
const activityIn = ({ txTotal, txFailed, sendersDay }: Activity): Activity => ({ txTotal, txFailed, sendersDay });

/** What we counted ourselves, when we could. */
export function activityOf({ counted }: Pick<ReportSnapshot, "counted">): Activity | undefined {
  return counted && "txTotal" in counted ? counted : undefined;
}

/** A remark for the log when we were to count and could not, so that the sources' numbers stand in. */
export function countingFault({ counted }: Pick<ReportSnapshot, "counted">): string[] {
  return counted && "failure" in counted ? [`accounts could not be counted: ${counted.failure}`] : [];
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
