/**
 * The shape of report.json. Amounts are decimal strings of FTNS, exact to the wei ("12.5" is 12.5 FTNS); prices are USD and
 * rates are plain numbers (0.01 is 1 %), rounded to doubles. `day` counts from launch, 0 to `market.days`.
 */
export interface Report {
  readonly schema: "ftns-demo-report/1";
  readonly generatedAt: string;
  readonly timing: { readonly startSec: number; readonly replaySec: number; readonly totalSec: number };
  readonly chain: ChainFacts;
  readonly market: MarketFacts;
  /** One row for each day boundary after launch, day 0 being the launch itself. */
  readonly days: readonly DayRow[];
  readonly supply: SupplyFacts;
  readonly personas: readonly PersonaReport[];
  /** Every other account that ever held FTNS, so that all balances can be added up. */
  readonly others: readonly OtherAccount[];
  readonly checks: readonly Check[];
  /** Whole sentences for the head of the report. */
  readonly summary: readonly string[];
}

export interface ChainFacts {
  readonly rpcUrl: string;
  readonly chainId: number;
  readonly blocks: number;
  readonly transactions: number;
  readonly contracts: readonly { readonly name: string; readonly address: string }[];
}

export interface MarketFacts {
  readonly source: string;
  readonly from: string;
  readonly to: string;
  readonly days: number;
  readonly launchPrice: number;
  /** What the replay assumes about the source, in sentences. */
  readonly assumptions: readonly string[];
}

export interface DayRow {
  readonly day: number;
  /** Date of the close in the source. */
  readonly date: string;
  /** The market's price at the day's first second. */
  readonly price: number;
  /** What the target curve asks for: the launch price grown by T(d) / 365 each day. */
  readonly targetPrice: number;
  /** T(d), a year. */
  readonly targetRate: number;
  /** M once the day's adjustment is made. */
  readonly multiplier: number;
  readonly adjustment: AdjustmentRow | null;
  readonly totalSupply: string;
  /** Since launch. */
  readonly feesSettled: string;
  readonly minted: string;
  readonly rewards: string;
  readonly poolBalance: string;
}

export interface AdjustmentRow {
  readonly factor: number;
  readonly velocity: number;
  readonly volatility: number;
  readonly damping: number;
}

export interface SupplyFacts {
  readonly launch: string;
  readonly end: string;
  readonly minted: string;
  /** Demurrage that reached the reward pool. */
  readonly feesSettled: string;
  /** Demurrage due at the end and not settled yet. */
  readonly feesDue: string;
  readonly rewards: string;
  readonly rewardsFromFees: string;
  readonly rewardsMinted: string;
  readonly rewardsWaiting: string;
  readonly poolBalance: string;
}

/** `start + received + rewards - sent - fees = end`, to the wei for holders of FTNS. */
export interface Statement {
  readonly received: string;
  readonly rewards: string;
  readonly sent: string;
  readonly fees: string;
  readonly end: string;
}

/** A stretch of days during which an account paid one rate. */
export interface RateShare {
  readonly days: number;
  /** A month; 0 while nothing was charged. */
  readonly monthlyRate: number;
  readonly reason: string;
}

export type TierName = "NONE" | "BASIC" | "ACTIVE" | "POWER";

export interface Stretch {
  readonly tier: TierName;
  readonly fromDay: number;
  readonly toDay: number;
}

export interface PersonaReport {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  /** What this persona set out to do. */
  readonly story: string;
  readonly wallets: readonly { readonly address: string; readonly index: number | null }[];
  /** What it holds: FTNS itself, or wFTNS valued in FTNS. */
  readonly holds: "FTNS" | "wFTNS";
  readonly statement: Statement;
  readonly tier: TierName;
  readonly tiers: readonly Stretch[];
  readonly proofs: number;
  /** Largest velocity seen at a day boundary, as a share of the target of 1.2 a month. */
  readonly peakVelocity: number;
  /** Demurrage paid, a month, as a share of the balance that was held. */
  readonly effectiveMonthlyRate: number;
  readonly rates: readonly RateShare[];
  /** Sentences that explain the rate, worked out from the account's history. */
  readonly why: readonly string[];
  /** Balance at each day boundary, `days` long. */
  readonly balances: readonly number[];
  /** Fees paid and due at each day boundary, since launch. */
  readonly fees: readonly number[];
}

export interface OtherAccount {
  readonly name: string;
  readonly address: string;
  readonly role: string;
  readonly balance: string;
  readonly fees: string;
}

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}
