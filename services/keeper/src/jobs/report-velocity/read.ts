import { type Refusal, dayOf, refusalOf, startOfDay } from "@ftns/model";
import { toQuantity } from "ethers";
import { firstBlockAt, timeOf } from "@ftns/chain/blocks.ts";
import { type Chain, type Head, blockTag } from "@ftns/chain/connect.ts";
import { type Controller, contracts, interfaces, type Token } from "@ftns/sdk/contracts.ts";
import { type TokenEvent, eventsOf } from "@ftns/chain/logs.ts";
import { inParts } from "@ftns/chain/parts.ts";
import { type Rule, ruleOf } from "../adjust-supply/rules.ts";
import { NOBODY, type Standing, Tally, type TallyEvent } from "./tally.ts";

export interface Holder {
  address: string;
  balance: bigint;
  due: bigint;
  /** The token's own memory of 30 days. */
  activity: bigint;
  /** Payments of the window that count, to the wei. */
  counted: bigint;
  band: number;
  tier: number;
  exempt: boolean;
}

/** Everything that a report says, as of one block, before anything is worked out from it. */
export interface VelocityFacts {
  /** First second of the window that was read, and the first that should have been (seconds). */
  since: bigint;
  wantedSince: bigint;
  fromBlock: number;
  /** Supply before the window; undefined where no endpoint remembers so far back. */
  supplyBefore: bigint | undefined;
  supply: bigint;
  /** Of the reward pool, before the window (undefined likewise) and now. */
  poolBefore?: bigint | undefined;
  pool: bigint;
  tally: Pick<Tally, "minted" | "burned" | "intoPool" | "outOfPool" | "paid" | "leftOut">;
  holders: Holder[];
  multiplier?: Multiplier;
}

export interface Multiplier {
  now: bigint;
  monthAgo: bigint;
  daysSinceLaunch: bigint;
  /** Which rule decides, as of the block of the report. */
  rule: Rule["name"];
  /** Of a PathPolicy: the path's price today (USD, 18 decimals); zero while it has no launch price. */
  pathPrice?: bigint;
  /** Yearly growth of the price as RoadmapPolicy reads it, and why the controller would not adjust. */
  velocity: bigint;
  volatility: bigint;
  refusal: Refusal;
}

export interface VelocitySnapshot {
  head: Head;
  /** The report that is due next (seconds); a report is made when this has come. */
  dueAt: bigint;
  facts?: VelocityFacts;
}

export interface VelocityLimits {
  maxBlocks: number;
  maxHolders: number;
}

const WINDOW_SEC = 30n * 86_400n;
const EXEMPT_CLASS = 3n;
const POOLED_CLASS = 2n;
const RECOGNISED_CLASS = 1n;
const POOL = interfaces.pool();

export async function readFacts(
  chain: Chain,
  token: Token,
  controller: Controller | undefined,
  head: Head,
  limits: VelocityLimits,
): Promise<VelocityFacts> {
  const at = { blockTag: blockTag(head) };
  const wantedSince = head.timestamp - WINDOW_SEC;
  const firstWanted = await firstBlockAt(chain, head, wantedSince);
  const fromBlock = Math.max(firstWanted, head.number - limits.maxBlocks + 1);
  const [pool, supply, before, since] = await Promise.all([
    token.REWARD_POOL(at),
    token.totalSupply(at),
    token.REWARD_POOL(at).then((pool) => stateBefore(chain, token, pool, fromBlock)),
    fromBlock === firstWanted ? wantedSince : timeOf(chain, fromBlock),
  ]);

  const tally = new Tally(pool, limits.maxHolders);
  // Where the past is known, standings start from it and follow the events; else from today's.
  const standingsAt = before === "forgotten" ? at : { blockTag: toQuantity(Math.max(0, fromBlock - 1)) };
  const admit = async (strangers: string[]) => {
    const ask = async (one: string) => (before === "unborn" ? NOBODY : standingOf(token, one, standingsAt));
    const found = await inParts(strangers, ask);
    strangers.forEach((account, index) => tally.admit(account, found[index]!));
  };
  const dayAt = await dayFinder(chain, head, since);
  const names = ["Transfer", "TierScheduleSet", "CapacitySet", "AccountClassSet"];
  for await (const events of eventsOf(chain, await token.getAddress(), token.interface, names, fromBlock, head.number)) {
    const notes = events.map((event) => ({ note: tallyEventOf(event), block: event.blockNumber }));
    await admit(tally.strangersIn(notes.map(({ note }) => note)));
    for (const { note, block } of notes) tally.note(note, dayAt(block));
  }
  // Only the pool tells what was paid for work. The order does not matter: rewards use nothing up.
  for await (const events of eventsOf(chain, pool, POOL, ["RewardPaid", "Claimed"], fromBlock, head.number)) {
    for (const { args, blockNumber } of events) {
      tally.note({ kind: "reward", account: args.account, value: args.fromFunds + args.minted }, dayAt(blockNumber));
    }
  }

  const holders = await inParts([...tally.accounts], ([one, { counted }]) => holderOf(token, one, counted, at));
  const { minted, burned, intoPool, outOfPool, paid, leftOut } = tally;
  return {
    since,
    wantedSince,
    fromBlock,
    supplyBefore: before === "forgotten" ? undefined : before === "unborn" ? 0n : before.supply,
    supply,
    poolBefore: before === "forgotten" ? undefined : before === "unborn" ? 0n : before.pool,
    pool: await token.balanceOf(pool, at),
    tally: { minted, burned, intoPool, outOfPool, paid, leftOut },
    holders,
    ...(controller && { multiplier: await multiplierOf(chain, controller, head) }),
  };
}

/** What was before a block: a supply, no token yet, or what no endpoint remembers. */
async function stateBefore(chain: Chain, token: Token, pool: string, block: number) {
  if (block === 0) return "unborn";
  const blockTag = toQuantity(block - 1);
  try {
    const code = await chain.provider.send("eth_getCode", [await token.getAddress(), blockTag]);
    if (code === "0x") return "unborn";
    const [supply, held] = await Promise.all([token.totalSupply({ blockTag }), token.balanceOf(pool, { blockTag })]);
    return { supply, pool: held };
  } catch {
    return "forgotten";
  }
}

async function standingOf(token: Token, account: string, at: { blockTag: string }): Promise<Standing> {
  const { accountClass, schedule, capacity } = await token.accountOf(account, at);
  return { ...classStanding(accountClass), basicThrough: schedule.basicThrough, capacity };
}

/** A class comes without contributor's state. */
const classStanding = (accountClass: bigint): Standing => ({
  ...NOBODY,
  recognised: accountClass === RECOGNISED_CLASS,
  apart: accountClass === POOLED_CLASS || accountClass === EXEMPT_CLASS,
});

function tallyEventOf({ name, args }: TokenEvent): TallyEvent {
  if (name === "Transfer") return { kind: "transfer", from: args.from, to: args.to, value: args.value };
  const { account } = args;
  if (name === "AccountClassSet") return { kind: "standing", account, standing: classStanding(args.accountClass) };
  const standing = name === "CapacitySet" ? { capacity: args.capacity } : { basicThrough: args.schedule.basicThrough };
  return { kind: "standing", account, standing };
}

async function holderOf(token: Token, address: string, counted: bigint, at: { blockTag: string }): Promise<Holder> {
  const { balance, dueFee, activity, band, tier, accountClass } = await token.accountOf(address, at);
  const exempt = accountClass === EXEMPT_CLASS;
  return { address, balance, due: dueFee, activity, counted, band: Number(band), tier: Number(tier), exempt };
}

async function multiplierOf(chain: Chain, controller: Controller, head: Head): Promise<Multiplier> {
  const at = { blockTag: blockTag(head) };
  const policy = await controller.policy(at);
  const [rule, now, monthAgo, launchDay, preview] = await Promise.all([
    ruleOf(chain, policy, head),
    controller.multiplier(at),
    controller.multiplierAt(head.timestamp - WINDOW_SEC, at),
    controller.launchDay(at),
    controller.preview(at),
  ]);
  const { velocity, volatility } = preview.decision;
  const daysSinceLaunch = dayOf(head.timestamp) - launchDay;
  const known = { now, monthAgo, daysSinceLaunch, velocity, volatility, refusal: refusalOf(preview.refusal) };
  if (rule.name !== "path") return { ...known, rule: rule.name };
  const pathPrice = daysSinceLaunch < 0n ? 0n : await contracts.pathPolicy(policy, chain.provider).pathPrice(daysSinceLaunch, at);
  return { ...known, rule: rule.name, pathPrice };
}

/** Protocol day of any block from `since` to the head: 31 boundaries are looked for, not the time of every block. */
async function dayFinder(chain: Chain, head: Head, since: bigint): Promise<(block: number) => bigint> {
  const first = dayOf(since);
  const days = Array.from({ length: Number(dayOf(head.timestamp) - first) }, (_, index) => first + 1n + BigInt(index));
  const starts = await Promise.all(days.map((day) => firstBlockAt(chain, head, startOfDay(day))));
  return (block) => first + BigInt(starts.filter((start) => start <= block).length);
}
