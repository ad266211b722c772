import { TIER_NAMES, targetRate } from "@ftns/model";
import { WAD, formatDuration } from "@ftns/sdk/units.ts";
import type { Holder, VelocityFacts } from "./read.ts";

/** Accounts of one band or tier, or of both. Velocities are WAD a month, undefined of nothing. */
export interface Group {
  holders: number;
  balance: bigint;
  counted: bigint;
  velocity: bigint | undefined;
}

export interface VelocityReport {
  /** Block and chain time (seconds) as of which it holds. */
  block: number;
  madeAt: bigint;
  window: { since: bigint; fromBlock: number; whole: boolean; notes: string[] };
  supply: { total: bigint; minted: bigint; burned: bigint; intoPool: bigint; outOfPool: bigint; pool: bigint };
  /** Of all that is not exempt: payments that count, what they moved among, and all payments. */
  economy: Group & { paid: bigint };
  /** What makes up the whole beside the bands: accounts that hold nothing any more, and FTNS of those that are not listed. */
  gone: Group;
  quiet: { balance: bigint };
  /** Band 0 is the fastest. */
  bands: Group[];
  /** By tier, then band. */
  tiers: { tier: string; all: Group; bands: Group[] }[];
  dues: { total: bigint; largest: { address: string; due: bigint; balance: bigint }[] };
  multiplier?: {
    now: bigint;
    monthAgo: bigint;
    daysSinceLaunch: bigint;
    target: bigint;
    rule: string;
    /** Of a PathPolicy. */
    pathPrice?: bigint;
    velocity?: bigint;
    volatility?: bigint;
    refusal: string;
  };
}

const BANDS = [0, 1, 2, 3];
const LARGEST = 10;

/** Works a report out of what was read. Pure. */
export function reportOf(facts: VelocityFacts, block: number, madeAt: bigint): VelocityReport {
  const { tally, supply, multiplier } = facts;
  const notes = notesOn(facts, madeAt);
  const charged = facts.holders.filter(({ exempt, balance }) => !exempt && balance > 0n);
  const dues = facts.holders.filter(({ due }) => due > 0n).sort((a, b) => (a.due > b.due ? -1 : 1));
  const exempt = sumOf(
    facts.holders.filter((holder) => holder.exempt),
    "balance",
  );
  const counted = sumOf(
    facts.holders.filter((holder) => !holder.exempt),
    "counted",
  );
  const gone = groupOf(facts.holders.filter((holder) => !holder.exempt && holder.balance === 0n));
  const circulating = supply - exempt;
  return {
    block,
    madeAt,
    window: { since: facts.since, fromBlock: facts.fromBlock, whole: notes.length === 0, notes },
    supply: {
      total: supply,
      minted: tally.minted,
      burned: tally.burned,
      intoPool: tally.intoPool,
      outOfPool: tally.outOfPool,
      pool: facts.pool,
    },
    economy: {
      holders: charged.length,
      balance: circulating,
      counted,
      velocity: ratio(counted, circulating),
      paid: tally.paid,
    },
    gone,
    quiet: { balance: circulating - sumOf(charged, "balance") },
    bands: BANDS.map((band) => groupOf(charged.filter((holder) => holder.band === band))),
    tiers: TIER_NAMES.map((tier, number) => {
      const members = charged.filter((holder) => holder.tier === number);
      const bands = BANDS.map((band) => groupOf(members.filter((holder) => holder.band === band)));
      return { tier, all: groupOf(members), bands };
    }),
    dues: {
      total: sumOf(dues, "due"),
      largest: dues.slice(0, LARGEST).map(({ address, due, balance }) => ({ address, due, balance })),
    },
    ...(multiplier && {
      multiplier: {
        now: multiplier.now,
        monthAgo: multiplier.monthAgo,
        daysSinceLaunch: multiplier.daysSinceLaunch,
        target: targetRate(multiplier.daysSinceLaunch < 0n ? 0n : multiplier.daysSinceLaunch),
        rule: multiplier.rule,
        ...(multiplier.pathPrice !== undefined && { pathPrice: multiplier.pathPrice }),
        ...(multiplier.refusal === "NONE" &&
          multiplier.rule === "roadmap" && { velocity: multiplier.velocity, volatility: multiplier.volatility }),
        refusal: multiplier.refusal,
      },
    }),
  };
}

/** What keeps the window from being whole, or from being proven whole. */
function notesOn({ since, wantedSince, supplyBefore, supply, poolBefore, pool, tally }: VelocityFacts, now: bigint): string[] {
  const notes: string[] = [];
  if (since > wantedSince) {
    notes.push(
      `only ${formatDuration(now - since)} of ${formatDuration(now - wantedSince)} were read; raise jobs.report-velocity.maxBlocks`,
    );
  }
  if (tally.leftOut > 0) {
    notes.push(
      `${tally.leftOut} transfers touch accounts beyond the limit, which are left out; raise jobs.report-velocity.maxHolders`,
    );
  }
  if (supplyBefore === undefined) {
    notes.push(
      "no endpoint remembers the state of a month ago: that no event is missing cannot be proven, and tiers that changed " +
        "within the window are taken as they are now for the time before the change",
    );
  } else if (supplyBefore + tally.minted - tally.burned !== supply) {
    notes.push("events are missing: what was minted and burned does not lead from the earlier supply to today's");
  } else if (poolBefore !== undefined && poolBefore + tally.intoPool - tally.outOfPool !== pool) {
    notes.push(
      "events are missing: what went into the reward pool and out of it does not lead from what it held to what it holds",
    );
  }
  return notes;
}

function groupOf(holders: readonly Holder[]): Group {
  const [balance, counted] = [sumOf(holders, "balance"), sumOf(holders, "counted")];
  return { holders: holders.length, balance, counted, velocity: ratio(counted, balance) };
}

const sumOf = (holders: readonly Holder[], field: "balance" | "counted" | "due") =>
  holders.reduce((sum, holder) => sum + holder[field], 0n);
const ratio = (counted: bigint, balance: bigint) => (balance > 0n ? (counted * WAD) / balance : undefined);
