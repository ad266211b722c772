import { type FeedRound, roundFault } from "../../market/chainlink.ts";
import { WAD, formatDecimal, formatPercent } from "@ftns/sdk/units.ts";
import type { Head } from "@ftns/chain/connect.ts";
import { type Decision, act, broken, nothing } from "../decision.ts";

export interface Due {
  account: string;
  /** FTNS, 18 decimals. */
  due: bigint;
  /** Gas that settling would take, or why it would fail. */
  gas: bigint | { failure: string };
}

export interface DuesSnapshot {
  head: Head;
  /** Prices in dollars of FTNS and of the coin that gas is paid in. */
  price: FeedRound;
  gasPrice: FeedRound;
  /** The largest dues, of how many accounts, and what all the others owe together (FTNS, 18 decimals). */
  dues: Due[];
  looked: number;
  rest: bigint;
  /** Accounts beyond the limit were seen: there may be larger dues than these. */
  crowded: boolean;
}

export interface DuesRules {
  /** FTNS, 18 decimals. */
  minDueFtns: bigint;
  /** Most of a due's worth that its gas may cost (WAD). */
  maxCostShare: bigint;
  /** Oldest price of FTNS that is believed (seconds). */
  maxPriceAgeSec: number;
  gasFeed: { maxAgeSec: number };
  /** What a block's maker gets (wei per gas). */
  priorityFee: bigint;
}

export interface SettleArgs {
  account: string;
}

/** Settles the largest due that is worth its gas. Nobody is paid for it but the reward pool, which gets the due earlier. */
export function decideDues(seen: DuesSnapshot, rules: DuesRules): Decision<SettleArgs> {
  const now = seen.head.timestamp;
  const priceFault = roundFault(seen.price, now, rules.maxPriceAgeSec);
  if (priceFault !== undefined) return broken(`the price of FTNS cannot be used: ${priceFault}; check the reporters`);
  const gasFault = roundFault(seen.gasPrice, now, rules.gasFeed.maxAgeSec);
  if (gasFault !== undefined) return broken(`the price of gas cannot be used: ${gasFault}; check jobs.settle-dues.gasFeed`);

  const failures: string[] = [];
  for (const { account, due, gas } of seen.dues) {
    if (due === 0n || due < rules.minDueFtns) continue;
    if (typeof gas === "object") {
      failures.push(`${account} cannot be settled: ${gas.failure}`);
      continue;
    }
    const worth = dollars(due, seen.price);
    const cost = dollars(gas * (seen.head.baseFee + rules.priorityFee), seen.gasPrice);
    if (cost * WAD > worth * rules.maxCostShare) continue;
    return act({ account }, `${account} owes ${formatDecimal(due, 18)} FTNS (${usd(worth)}), and its gas costs ${usd(cost)}`);
  }
  if (failures.length > 0) return broken(failures.join(". "));
  const largest = seen.dues[0]?.due ?? 0n;
  const known = `${seen.looked} accounts${seen.crowded ? ", and others beyond jobs.settle-dues.maxHolders" : ""}`;
  const share = formatPercent(rules.maxCostShare);
  if (largest > 0n) {
    return nothing(`no due is worth its gas at ${share}, the largest is ${formatDecimal(largest, 18)} FTNS (${known})`);
  }
  return nothing(
    `${seen.rest > 0n ? `the largest dues are settled, ${formatDecimal(seen.rest, 18)} FTNS are left` : "nothing is due"} (${known})`,
  );
}

/** An amount of 18 decimals in dollars of 18 decimals. Its callers have looked at the round. */
function dollars(amount: bigint, { answer, decimals }: FeedRound): bigint {
  return (amount * answer) / 10n ** decimals;
}

const usd = (value: bigint) => `${formatDecimal(value, 18)} USD`;
