/** Why a balance changed: each transfer of FTNS in a transaction, with the event beside it that says what it was for. */
import { type Log, type LogDescription, ZeroAddress } from "ethers";
import { TIER_NAMES } from "@ftns/model/contributors/tiers.ts";
import { abis } from "../contracts.ts";
import type { EconomyAddresses } from "../economy.ts";
import { interfaceOf } from "../typed/contract.ts";
import { formatDecimal, formatFtns, formatPercent, formatTime } from "../units.ts";
import { nameAt } from "./calls.ts";

/** What a transaction leaves behind: a receipt of ethers or of any node. */
export interface Mined {
  readonly hash: string;
  readonly blockNumber: number;
  readonly logs: readonly Pick<Log, "address" | "topics" | "data" | "index">[];
}

/** The call that a transaction made, if it is known: it tells a gift to the pool from demurrage. */
export interface Sent {
  readonly from: string;
  readonly to: string | null;
  readonly data: string;
}

export type ChangeReason =
  | "demurrage"
  | "reward"
  | "claim"
  | "yield"
  | "keeper's pay"
  | "staked"
  | "unstaked"
  | "wrapped"
  | "unwrapped"
  | "minted"
  | "burned"
  | "slashed"
  | "sent"
  | "received";

/** One change of a balance of FTNS. */
export interface BalanceChange {
  /** More than nothing when it came in (wei). */
  readonly amount: bigint;
  readonly reason: ChangeReason;
  /** The reason in a sentence. */
  readonly text: string;
  /** Who is on the other side; the zero address for coins that were made or burned. */
  readonly other: string;
  readonly logIndex: number;
}

/** An event of the economy, with its values. */
export interface EconomyEvent {
  readonly contract: keyof typeof abis;
  readonly name: string;
  readonly args: Readonly<Record<string, any>>;
  readonly logIndex: number;
}

const KINDS = ["STORAGE", "COMPUTE", "DATA", "GOVERNANCE", "DOCUMENTATION", "MODEL", "RESEARCH", "TEACHING"];
/** What RewardPaid says as kind when it pays leaves of batches. */
const LEAVES = 255n;

/** The events of the economy's own contracts among the logs, in their order. */
export function eventsIn(addresses: EconomyAddresses, logs: Mined["logs"]): EconomyEvent[] {
  return logs.flatMap((log) => {
    const name = nameAt(addresses, log.address);
    if (name === undefined) return [];
    const contract = name === "feed" ? "medianFeed" : name;
    const parsed = parse(contract, log);
    return parsed === null ? [] : [{ contract, name: parsed.name, args: parsed.args.toObject(), logIndex: log.index }];
  });
}

function parse(contract: keyof typeof abis, { topics, data }: Mined["logs"][number]): LogDescription | null {
  try {
    return interfaceOf(abis[contract]).parseLog({ topics: [...topics], data });
  } catch {
    return null; // Topics of one of our events, with data of another shape: no event of ours.
  }
}

/** Every change of the balance of `account` in a transaction, with its reason. */
export function changesOf(addresses: EconomyAddresses, account: string, receipt: Mined, sent?: Sent): BalanceChange[] {
  const events = eventsIn(addresses, receipt.logs);
  const gift = giftToPool(addresses, events, sent);
  const same = (one: unknown) => String(one).toLowerCase() === account.toLowerCase();
  return events.flatMap((event) => {
    if (event.contract !== "token" || event.name !== "Transfer") return [];
    const { from, to, value } = event.args as { from: string; to: string; value: bigint };
    if (value === 0n || same(from) === same(to)) return [];
    const change = same(to) ? incoming(addresses, event, events) : outgoing(addresses, event, events, gift === event);
    return [{ ...change, amount: same(to) ? value : -value, other: same(to) ? from : to, logIndex: event.logIndex }];
  });
}

type Told = Pick<BalanceChange, "reason" | "text">;

function incoming(addresses: EconomyAddresses, event: EconomyEvent, events: readonly EconomyEvent[]): Told {
  const { from, to, value } = event.args as { from: string; to: string; value: bigint };
  const source = nameAt(addresses, from);
  if (from === ZeroAddress || source === "pool") {
    const paid = paymentTo(to, event, events);
    if (paid !== undefined) return paid;
    if (from === ZeroAddress) return { reason: "minted", text: `${formatFtns(value)} were created for it` };
  }
  if (source === "vault" && find(events, "vault", "Withdrawn", to)) {
    return { reason: "unstaked", text: `${formatFtns(value)} of its stake came back` };
  }
  if (source === "wrapper") return { reason: "unwrapped", text: `${formatFtns(value)} for wFTNS that were given back` };
  if (source === "vault") return { reason: "slashed", text: `${formatFtns(value)} that were taken from another's stake` };
  return { reason: "received", text: `${formatFtns(value)} from ${from}` };
}

/** The transfer by which somebody gave FTNS to the reward pool: the last one of a call that says so. */
function giftToPool(
  { token, pool }: EconomyAddresses,
  events: readonly EconomyEvent[],
  sent: Sent | undefined,
): EconomyEvent | undefined {
  if (sent?.to?.toLowerCase() !== token.toLowerCase()) return undefined;
  const call = interfaceOf(abis.token).parseTransaction({ data: sent.data });
  if (call === null || !["transfer", "transferFrom"].includes(call.name)) return undefined;
  const { to, value } = call.args.toObject() as { to: string; value: bigint };
  if (to.toLowerCase() !== pool.toLowerCase()) return undefined;
  return events.findLast(({ contract, name, args }) => contract === "token" && name === "Transfer" && args["value"] === value);
}

function outgoing(addresses: EconomyAddresses, event: EconomyEvent, events: readonly EconomyEvent[], isGift: boolean): Told {
  const { from, to, value } = event.args as { from: string; to: string; value: bigint };
  const target = nameAt(addresses, to);
  if (to === ZeroAddress) return { reason: "burned", text: `${formatFtns(value)} were burned` };
  if (target === "pool" && !isGift)
    return { reason: "demurrage", text: `${formatFtns(value)} of demurrage that had become due were settled` };
  if (target === "vault" && find(events, "vault", "Staked", from)) {
    return { reason: "staked", text: `${formatFtns(value)} were staked` };
  }
  if (target === "wrapper") return { reason: "wrapped", text: `${formatFtns(value)} were wrapped into wFTNS` };
  return { reason: "sent", text: `${formatFtns(value)} to ${to}` };
}

/** The event of the pool behind a transfer from it or a mint: the first one after it that pays this account, or one before. */
function paymentTo(account: string, { logIndex }: EconomyEvent, events: readonly EconomyEvent[]): Told | undefined {
  const payments = events.filter(
    ({ contract, name, args }) =>
      contract === "pool" &&
      ["RewardPaid", "YieldPaid", "Claimed", "KeeperPaid"].includes(name) &&
      String(args["account"]).toLowerCase() === account.toLowerCase(),
  );
  const paid = payments.find(({ logIndex: index }) => index > logIndex) ?? payments.at(-1);
  switch (paid?.name) {
    case "RewardPaid":
      return { reason: "reward", text: wordsOfReward(paid.args as RewardArgs, acceptedBy(account, events)) };
    case "YieldPaid":
      return { reason: "yield", text: wordsOfYield(paid.args as YieldArgs) };
    case "Claimed":
      return {
        reason: "claim",
        text: `earlier rewards that had not fit into their day's budget; ${formatFtns(paid.args["remaining"] as bigint)} still wait`,
      };
    case "KeeperPaid":
      return { reason: "keeper's pay", text: "pay for work that the economy needed: a job done, a price reported" };
    default:
      return undefined;
  }
}

interface RewardArgs {
  kind: bigint;
  value: bigint;
  multiplier: bigint;
  earned: bigint;
  deferred: bigint;
  tier: bigint;
}

interface YieldArgs {
  fromFunds: bigint;
  minted: bigint;
  recycled: bigint;
}

/** `earned = value * M * tier multiplier`, in words, and on whose word. */
function wordsOfReward(
  { kind, value, multiplier, earned, deferred, tier }: RewardArgs,
  accepted: EconomyEvent | undefined,
): string {
  const what = kind === LEAVES ? "proofs of a batch" : `a ${KINDS[Number(kind)] ?? "contribution"} proof`;
  const factor = value === 0n || multiplier === 0n ? 0n : (earned * 10n ** 36n) / (value * multiplier);
  const base =
    `a reward of ${formatFtns(earned)} for ${what}: worth ${formatFtns(value)}, times M ${formatDecimal(multiplier, 18, 6)}, ` +
    `times ${formatDecimal(factor + 5n * 10n ** 11n, 18, 6)} for tier ${TIER_NAMES[Number(tier)] ?? tier}`;
  const waits = deferred === 0n ? "" : `; ${formatFtns(deferred)} of it did not fit into the day's budget and wait as claimable`;
  if (accepted === undefined) return base + waits;
  const { quality, confidence, observedAt, vouchers } = accepted.args as {
    quality: bigint;
    confidence: bigint;
    observedAt: bigint;
    vouchers: { verifiers: string[]; reviewers: string[] };
  };
  const signers = `${vouchers.verifiers.length} verifiers vouched for it (${vouchers.verifiers.join(", ")})`;
  return (
    `${base}${waits}. Quality ${formatDecimal(quality, 18, 3)}, confidence ${formatPercent(confidence)}, ` +
    `observed ${formatTime(observedAt)}; ${signers}`
  );
}

function wordsOfYield({ fromFunds, minted, recycled }: YieldArgs): string {
  return `yield of its stake: ${formatFtns(fromFunds + minted)} as far as contribution covers it, ${formatFtns(recycled)} beyond that`;
}

function acceptedBy(account: string, events: readonly EconomyEvent[]): EconomyEvent | undefined {
  return events.find(
    ({ contract, name, args }) =>
      contract === "registry" &&
      name === "ContributionAccepted" &&
      String(args["contributor"]).toLowerCase() === account.toLowerCase(),
  );
}

function find(events: readonly EconomyEvent[], contract: keyof typeof abis, name: string, account: string): boolean {
  return events.some(
    (event) =>
      event.contract === contract && event.name === name && String(event.args["account"]).toLowerCase() === account.toLowerCase(),
  );
}
