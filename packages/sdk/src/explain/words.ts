/** Sentences about an account: what it holds and why, what is taken next and why, what is missing for the next tier. */
import { TIER_NAMES } from "@ftns/model/contributors/tiers.ts";
import { EXEMPT, POOLED } from "@ftns/model/token/settlement.ts";
import { dayOf } from "@ftns/model/time.ts";
import type { AccountReport } from "../account/report.ts";
import type { ProjectedDay } from "../account/projection.ts";
import { formatDay, formatDecimal, formatDuration, formatFtns, formatPercent, formatTime } from "../units.ts";

/** A sentence and what it is about. */
export interface Said {
  readonly about: "holds" | "fee" | "tier" | "stake" | "reward" | "votes" | "stop";
  readonly text: string;
}

/** The bands of velocity in words, fastest first; 1.2 turnovers a month is the target. */
export const BAND_WORDS = [
  "1.2 or more times a month",
  "0.84 to 1.2 times a month",
  "0.36 to 0.84 times a month",
  "less than 0.36 times a month",
] as const;

const KINDS = ["STORAGE", "COMPUTE", "DATA", "GOVERNANCE", "DOCUMENTATION", "MODEL", "RESEARCH", "TEACHING"] as const;
const COMMITMENTS = ["storage", "compute", "governance", "data curation", "community"] as const;
const SHOWN = 6;

const ftns = (amount: bigint) => formatFtns(amount, SHOWN);
const tierName = (tier: bigint | number) => TIER_NAMES[Number(tier)] ?? `tier ${tier}`;

/** All of it, in the order in which people ask. */
export function wordsOfAccount(report: AccountReport): Said[] {
  return [
    ...wordsOfStops(report),
    { about: "holds", text: `It holds ${ftns(report.holds.balance)}.` },
    ...wordsOfWrapped(report),
    ...wordsOfFee(report),
    ...wordsOfTier(report),
    ...wordsOfStake(report),
    ...wordsOfRewards(report),
  ];
}

function wordsOfStops({ haltedUntil, recoveryUntil, at, movable }: AccountReport): Said[] {
  const said: Said[] = [];
  if (haltedUntil > at.timestamp) {
    said.push({
      about: "stop",
      text: `Transfers are halted until ${formatTime(haltedUntil)}; no demurrage is charged meanwhile.`,
    });
  }
  if (recoveryUntil > at.timestamp) {
    said.push({
      about: "stop",
      text: `Recovery mode holds until ${formatTime(recoveryUntil)}: ${ftns(movable)} can be moved today, and no demurrage is charged.`,
    });
  }
  return said;
}

function wordsOfWrapped({ wrapped, wrappedWorth }: AccountReport): Said[] {
  if (wrapped === 0n) return [];
  return [
    {
      about: "holds",
      text: `It holds wFTNS worth ${ftns(wrappedWorth)}; their number stays, what each is worth falls at the top rate.`,
    },
  ];
}

/** What the next boundary takes, and why. */
export function wordsOfFee({ holds, at, stored }: AccountReport): Said[] {
  const today = dayOf(at.timestamp);
  const say = (text: string): Said => ({ about: "fee", text });
  if (stored.state.graceUntil === EXEMPT) return [say("It is one of the protocol's own contracts and pays no demurrage.")];
  const due = holds.dueFee > 0n ? [say(`${ftns(holds.dueFee)} of past days are due and already taken off that balance.`)] : [];
  const when = formatTime(holds.nextFeeAt);
  if (holds.nextFee === 0n) return [...due, say(`The next day boundary, ${when}, takes nothing${whyNothing(holds, today)}.`)];
  const how = holds.balance === 0n ? "" : `, a thirtieth of ${formatPercent(holds.monthlyRate)} a month`;
  return [
    ...due,
    say(`The next day boundary, ${when}, takes ${ftns(holds.nextFee)}${how}.`),
    say(
      stored.state.graceUntil === POOLED
        ? "It is a vault that pools others' tokens: it earns no activity and no tier, so it pays the top rate."
        : `That is the rate of tier ${tierName(holds.tier)} for coins that turn over ${BAND_WORDS[Number(holds.band)] ?? "at an unknown speed"} ` +
            `(${ftns(holds.activity)} of counted payments and rewards in its memory of 30 days).`,
    ),
  ];
}

function whyNothing({ graceUntil, balance }: AccountReport["holds"], today: bigint): string {
  if (balance === 0n) return ", as nothing is held";
  if (graceUntil > today + 1n) return `: until ${formatDay(graceUntil)} demurrage takes nothing below 100 FTNS`;
  return ": fees below 0.000000001 FTNS are not charged, nor is anything while transfers are halted";
}

/** Tier, until when, and what is missing for the next. */
export function wordsOfTier({ contributes, at, basicSince }: AccountReport): Said[] {
  const today = dayOf(at.timestamp);
  const { tier, schedule, score, averageQuality, kinds, proofs, nextTier, supportedTier, missingScore, missingQuality } =
    contributes;
  const say = (text: string): Said => ({ about: "tier", text });
  if (contributes.totalProofs === 0n) return [say("It has proven no contribution yet, so its tier is NONE.")];
  const through = { 1: schedule.basicThrough, 2: schedule.activeThrough, 3: schedule.powerThrough }[Number(tier)];
  const until = through === undefined ? "" : ` through ${formatDay(through)} if nothing more is proven`;
  const since = basicSince > 0n ? ` It is BASIC or higher since ${formatDay(basicSince)}.` : "";
  const said = [say(`Its tier is ${tierName(tier)}${until}.${since}`)];
  const lower = Number(tier) > 1 ? ([schedule.basicThrough, schedule.activeThrough][Number(tier) - 2] ?? 0n) : 0n;
  if (lower > (through ?? 0n)) said.push(say(`Then it is ${tierName(Number(tier) - 1)} through ${formatDay(lower)}.`));
  if (through !== undefined && through - today <= 3n)
    said.push(say(`That ends in ${through - today + 1n} days: prove something before.`));
  said.push(
    say(
      `Its score of 30 days is ${formatDecimal(score, 18, SHOWN)} from ${proofs} proofs of ${namesOf(kinds)}, with a mean quality of ${formatDecimal(averageQuality, 18, 3)}.`,
    ),
  );
  if (nextTier !== supportedTier) {
    const missing = [
      ...(missingScore > 0n ? [`${formatDecimal(missingScore, 18, SHOWN)} of score`] : []),
      ...(missingQuality > 0n ? [`${formatDecimal(missingQuality, 18, 3)} of mean quality`] : []),
    ];
    said.push(
      say(`For ${tierName(nextTier)} it misses ${missing.join(" and ") || "nothing: call refresh(account) on the registry"}.`),
    );
  }
  return said;
}

function namesOf(kinds: bigint): string {
  const names = KINDS.filter((_, kind) => (kinds >> BigInt(kind)) & 1n);
  return names.length === 0 ? "no kind worth at least 2 FTNS each" : names.join(", ");
}

/** Stake, yield, exits and votes. */
export function wordsOfStake({ stakes, at, votes, delegate, address }: AccountReport): Said[] {
  const say = (text: string): Said => ({ about: "stake", text });
  const said: Said[] = [];
  if (stakes.staked > 0n) {
    const locked = stakes.locked > 0n ? `, ${ftns(stakes.locked)} of it locked` : "";
    said.push(say(`${ftns(stakes.staked)} are staked${locked}.`));
    const covered = stakes.cover < stakes.staked ? stakes.cover : stakes.staked;
    said.push(
      say(
        `${ftns(covered)} of that earn at tier ${tierName(stakes.tier)} with ${stakes.commitments} of 5 commitments${activeOf(stakes.commitmentThrough)}; ` +
          `the rest earns as tier NONE, out of fees only.`,
      ),
    );
    said.push(say(`Yield so far: ${ftns(stakes.earned)}, and ${ftns(stakes.recycled)} out of fees.`));
  }
  if (stakes.pending > 0n) {
    const ready =
      stakes.readyAt > at.timestamp
        ? `in ${formatDuration(stakes.readyAt - at.timestamp)} (${formatTime(stakes.readyAt)})`
        : "now";
    said.push(
      say(`${ftns(stakes.pending)} are on their way out and can be withdrawn ${ready}; demurrage is charged on them meanwhile.`),
    );
  }
  if (votes > 0n) said.push({ about: "votes", text: `It casts ${ftns(votes)} of votes.` });
  const elsewhere = delegate !== "0x0000000000000000000000000000000000000000" && delegate.toLowerCase() !== address.toLowerCase();
  if (elsewhere && stakes.staked > 0n) said.push({ about: "votes", text: `Its own votes are cast by ${delegate}.` });
  return said;
}

function activeOf(through: readonly bigint[]): string {
  const names = COMMITMENTS.filter((_, index) => (through[index] ?? 0n) > 0n);
  return names.length === 0 ? "" : ` (${names.join(", ")})`;
}

function wordsOfRewards({ claimable, drawableToday }: AccountReport): Said[] {
  if (claimable === 0n) return [];
  const text = `${ftns(claimable)} are earned and wait in the reward pool; up to ${ftns(drawableToday)} can be claimed today if the day's budget reaches.`;
  return [{ about: "reward", text }];
}

/** A day of a projection in one sentence. */
export function wordsOfDay({ at, fee, balance, reason, tier, band, rate }: ProjectedDay): string {
  const left = `leaves ${ftns(balance)}`;
  switch (reason) {
    case "charged":
      return (
        `${formatTime(at)} takes ${ftns(fee)} and ${left}: a thirtieth of ${formatPercent(rate * 10n ** 14n)}, ` +
        `tier ${tierName(tier)}, turning over ${BAND_WORDS[band]}`
      );
    case "grace":
      return `${formatTime(at)} takes ${ftns(fee)} and ${left}: in grace nothing below 100 FTNS is taken`;
    case "exempt":
      return `${formatTime(at)} takes nothing and ${left}: the account is exempt`;
    case "not charged":
      return `${formatTime(at)} takes nothing and ${left}: the day is not charged`;
    case "too small":
      return `${formatTime(at)} takes nothing and ${left}: the fee would be below 0.000000001 FTNS`;
    case "empty":
      return `${formatTime(at)}: nothing is held`;
  }
}
