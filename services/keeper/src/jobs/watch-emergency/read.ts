import {
  type Finding,
  type LastVotes,
  type MarketSight,
  type PriceAverage,
  NO_MARKET,
  TRIGGERS,
  type Trigger,
  crashHours,
  deadlockSince,
} from "@ftns/model";
import { ZeroAddress, isError } from "ethers";
import { contracts, type Breaker, type History } from "@ftns/sdk/contracts.ts";
import { type Chain, type Head, blockTag } from "@ftns/chain/connect.ts";
import { wordsOfFailure } from "@ftns/chain/reasons.ts";
import { type Motion, readMotions } from "../motions.ts";
import { type Upkeep, readUpkeep } from "./upkeep.ts";

type HourAverage = Pick<PriceAverage, "averageWad" | "usable">;

/** A value, or why it could not be read. One that fails must not hide the others. */
export type Read<T> = { value: T } | { failure: string };

export interface WatchSnapshot {
  head: Head;
  /** What the breaker says of each trigger. */
  findings: Record<Trigger, Read<Finding>>;
  /** What it should say it from, read at the sources themselves. `answers` is false when there is no feed or it fails. */
  market: Read<MarketSight & { answers: boolean; hasFeed: boolean }>;
  hours: Read<{ latest: HourAverage; dayBefore: HourAverage; knownUntil: bigint }>;
  /** When the price history began (seconds). */
  startedAt: Read<bigint>;
  lastVotes: Read<{ last: LastVotes; since: bigint }>;
  /** Triggers of the emergency that is open. */
  open: { id: bigint; until: bigint; recorded: Trigger[] } | undefined;
  /** Whether the breaker would take each trigger if it is met, and the bond that it would ask for (FTNS, 18 decimals). */
  takes: Record<Trigger, { taken: boolean; bond: bigint }>;
  votes: Read<{ emergencyGovernor: string; motions: Motion[] }>;
  upkeep: Read<Upkeep>;
}

/** Where the last look found things, so that the next one need not ask first. What may have changed is looked at again each time. */
export interface Known {
  sources?: { feed: string; history: string; governor: string };
  latestHour?: bigint;
}

/** Everything in one call, but for votes that run; `known` remembers where to ask. */
export async function readWatch(chain: Chain, breaker: Breaker, from: string, known: Known = {}): Promise<WatchSnapshot> {
  const head = await chain.latest();
  known.sources ??= await sourcesOf(breaker, head);
  const sources = known.sources;
  const at = { blockTag: blockTag(head) };
  const now = head.timestamp;
  const attempt = async <T>(reading: Promise<T>): Promise<Read<T>> => {
    try {
      return { value: await reading };
    } catch (error) {
      // Only the contracts may fail one by one. An endpoint that fails is a failure of the whole look.
      if (isError(error, "CALL_EXCEPTION") || isError(error, "BAD_DATA")) return { failure: wordsOfFailure(error) };
      throw error;
    }
  };

  const { feed, history, governor } = sources;
  const votes = contracts.governor(governor, chain.provider);
  const [feedNow, lastDeadlockAt, emergency, takes, findings, market, hours, startedAt, lastVotes, motions, upkeep] =
    await Promise.all([
      breaker.marketFeed(at),
      breaker.lastDeadlockAt(at),
      breaker.emergency(at),
      Promise.all(TRIGGERS.map((_, index) => breaker.canTrigger(BigInt(index), at))),
      Promise.all(TRIGGERS.map((_, index) => attempt(breaker.find(BigInt(index), at)))),
      feed === ZeroAddress
        ? { value: { ...NO_MARKET, answers: false, hasFeed: false } }
        : attempt(contracts.medianFeed(feed, chain.provider).latestMarket(at)).then((read) =>
            // The breaker takes a feed that fails for no market; so do we.
            "value" in read
              ? { value: { ...marketOf(read.value), answers: true, hasFeed: true } }
              : { value: { ...NO_MARKET, answers: false, hasFeed: true } },
          ),
      attempt(readHours(contracts.history(history, chain.provider), at, known)),
      attempt(contracts.history(history, chain.provider).startedAt(at)),
      attempt(votes.lastVotes(now, at)),
      attempt(readMotions(chain, breaker, head, from)),
      attempt(readUpkeep(breaker, now, at)),
    ]);
  if (feedNow !== feed) {
    known.sources = { ...sources, feed: feedNow };
    return readWatch(chain, breaker, from, known);
  }

  return {
    head,
    findings: Object.fromEntries(
      TRIGGERS.map((trigger, index) => [trigger, mapped(findings[index]!, findingOf)]),
    ) as WatchSnapshot["findings"],
    market,
    hours,
    startedAt,
    lastVotes: mapped(lastVotes, (last) => ({ last: lastVotesOf(last), since: deadlockSince(now, lastDeadlockAt) })),
    open:
      emergency.openUntil > now
        ? {
            id: emergency.id,
            until: emergency.openUntil,
            recorded: TRIGGERS.filter((_, index) => (emergency.triggers >> BigInt(index)) & 1n),
          }
        : undefined,
    takes: Object.fromEntries(
      TRIGGERS.map((trigger, index) => [trigger, { taken: takes[index]!.taken, bond: takes[index]!.bond }]),
    ) as WatchSnapshot["takes"],
    votes: motions,
    upkeep,
  };
}

async function sourcesOf(breaker: Breaker, head: Head) {
  const at = { blockTag: blockTag(head) };
  const [feed, history, governor] = await Promise.all([breaker.marketFeed(at), breaker.HISTORY(at), breaker.GOVERNOR(at)]);
  return { feed, history, governor };
}

/** The latest hour that a round has closed, and the same hour of the day before. */
async function readHours(
  history: History,
  at: { blockTag: string },
  known: Known,
): Promise<{ latest: HourAverage; dayBefore: HourAverage; knownUntil: bigint }> {
  known.latestHour ??= await history.latestHour(at);
  const guess = known.latestHour;
  const [latestHour, { knownUntil }, [latest, dayBefore]] = await Promise.all([
    history.latestHour(at),
    history.lastRecord(at),
    history.hourAverages(crashHours(guess), at),
  ]);
  if (latestHour !== guess) {
    known.latestHour = latestHour;
    return readHours(history, at, known);
  }
  return { latest: hourOf(latest!), dayBefore: hourOf(dayBefore!), knownUntil };
}

function mapped<From, To>(read: Read<From>, map: (value: From) => To): Read<To> {
  return "value" in read ? { value: map(read.value) } : read;
}

// The contract's structs come as arrays with names; plain objects compare and print better.
const findingOf = ({ known, met, measured, confidence }: Finding): Finding => ({ known, met, measured, confidence });
const hourOf = ({ averageWad, usable }: HourAverage): HourAverage => ({ averageWad, usable });
const lastVotesOf = ({ complete, count, latestEnd, differentProposers, highestShare, passed }: LastVotes): LastVotes => ({
  complete,
  count,
  latestEnd,
  differentProposers,
  highestShare,
  passed,
});
const marketOf = (market: MarketSight): MarketSight => ({
  price: market.price,
  volume6h: market.volume6h,
  meanVolume6h: market.meanVolume6h,
  txTotal: market.txTotal,
  txFailed: market.txFailed,
  sendersDay: market.sendersDay,
  observedAt: market.observedAt,
  confidence: market.confidence,
  registered: market.registered,
  illiquid: market.illiquid,
  attacked: market.attacked,
});
