/**
 * The shape of report.json. Amounts are decimal strings of FTNS, exact to the wei ("12.5" is 12.5 FTNS); prices are USD and
 * rates are plain numbers (0.01 is 1 %), rounded to doubles. `day` counts from launch, 0 to `market.days`,
 * and on through the days of the crash, which are `synthetic`.
 */
export interface Report {
  readonly schema: "ftns-demo-report/4";
  readonly generatedAt: string;
  readonly timing: { readonly startSec: number; readonly replaySec: number; readonly totalSec: number };
  readonly chain: ChainFacts;
  readonly market: MarketFacts;
  /** One row for each day boundary after launch, day 0 being the launch itself; those after `market.days` are made up. */
  readonly days: readonly DayRow[];
  readonly supply: SupplyFacts;
  readonly personas: readonly PersonaReport[];
  readonly voters: VotersReport;
  readonly keepers: KeepersReport;
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
  /** Date of the close in the source; "made up" on days of the crash. */
  readonly date: string;
  /** Part of the crash: the price comes from no market. */
  readonly synthetic: boolean;
  /** The market's price at the day's first second. */
  readonly price: number;
  /** What the target curve asks for: the launch price grown by T(d) / 365 each day. */
  readonly targetPrice: number;
  /** T(d), a year. */
  readonly targetRate: number;
  /** M once the day's adjustment is made. */
  readonly multiplier: number;
  /** M if the rule in the shadow had decided from the start, at the prices that were. */
  readonly otherMultiplier: number;
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
  /** Paid to stakers, and the part of it that was minted. */
  readonly yieldPaid: string;
  readonly yieldMinted: string;
  /** What stakers have put into the vault and not taken out. */
  readonly staked: string;
  readonly poolBalance: string;
}

/** `received + rewards + yield - sent - fees - exitFees - staked = end`, to the wei for holders of FTNS. */
export interface Statement {
  readonly received: string;
  /** For contributions. */
  readonly rewards: string;
  /** For a stake. */
  readonly yield: string;
  readonly sent: string;
  readonly fees: string;
  /** Demurrage of what was on its way out of the staking vault, settled or due. */
  readonly exitFees: string;
  /** Principal that lies in the staking vault, earning or on its way out, net of that demurrage. */
  readonly staked: string;
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
  /** Null for who never staked. */
  readonly stake: StakeReport | null;
  readonly proofs: number;
  /** Largest velocity seen at a day boundary, as a share of the target of 1.2 a month. */
  readonly peakVelocity: number;
  /** Demurrage paid, a month, as a share of the balance that was held. */
  readonly effectiveMonthlyRate: number;
  readonly rates: readonly RateShare[];
  /** Sentences that explain the rate, worked out from the account's history. */
  readonly why: readonly string[];
  /** Balance and stake at each day boundary, `days` long. */
  readonly balances: readonly number[];
  /** Fees paid and due at each day boundary, since launch. */
  readonly fees: readonly number[];
}

/** A stake at the end, and what it earned. */
export interface StakeReport {
  /** Earns and votes. */
  readonly staked: string;
  /** On its way out, net of the demurrage due on it. */
  readonly pending: string;
  /** Demurrage of what was on its way out, settled or due. */
  readonly exitFees: string;
  /** So much of `staked` earns the rate of tier and commitments; the rest earns as without a tier. */
  readonly covered: string;
  /** What one FTNS of score covers. */
  readonly coverFactor: number;
  readonly claims: number;
  /** Yield of the covered part, paid out of the pool's fees, and newly minted. */
  readonly fromFees: string;
  readonly minted: string;
  /** Yield of the rest: out of the pool's fees alone. */
  readonly recycled: string;
  /** Earned, not paid yet: by the covered part, and by the rest. */
  readonly waiting: string;
  readonly waitingRecycled: string;
  /** The yearly rate of the covered part: `min(max, (base + commitments * perCommitment) * tierMultiplier * (multiplier ?? 1))`. */
  readonly rate: {
    readonly base: number;
    readonly commitments: number;
    readonly perCommitment: number;
    readonly tierMultiplier: number;
    /** M as it holds for stakes: null while they do not follow it. */
    readonly multiplier: number | null;
    readonly max: number;
    readonly total: number;
    /** Of what is not covered: `min(max, base * tierMultiplier of NONE)`. */
    readonly uncovered: number;
  };
}

/** What those who staked decided, and what came of it. */
export interface VotersReport {
  readonly decision: DecisionReport;
  /** Null with --no-crash. */
  readonly emergency: EmergencyReport | null;
  readonly timeline: readonly TimelineEvent[];
}

export interface TimelineEvent {
  /** Days since launch. */
  readonly day: number;
  /** Chain time, ISO 8601. */
  readonly at: string;
  readonly part: "vote" | "emergency" | "keeper";
  readonly title: string;
  readonly text: string;
}

/** A vote of the ordinary governor: the cap of demurrage, a month. */
export interface DecisionReport {
  readonly proposalId: string;
  readonly description: string;
  readonly votesFor: string;
  readonly votesAgainst: string;
  readonly votesAbstain: string;
  readonly quorum: string;
  readonly votingSupply: string;
  readonly proposedOn: number;
  readonly executedOn: number;
  /** First boundary under the new rule. */
  readonly effectiveOn: number;
  readonly capBefore: number;
  readonly capAfter: number;
  /** What the first persona that pays the cap was charged at the boundaries before and after, as a monthly rate. */
  readonly effect: {
    readonly name: string;
    readonly rateBefore: number;
    readonly rateAfter: number;
    readonly transactions: number;
  } | null;
}

export interface EmergencyVote {
  readonly action: "pause adjustments" | "halt transfers";
  readonly needed: string;
  readonly support: string;
  readonly supporters: number;
  readonly minSupporters: number;
  /** Chain times, ISO 8601. */
  readonly openedAt: string;
  readonly passedAt: string;
  readonly effectUntil: string;
}

/** A transaction that failed, as it had to. */
export interface Refusal {
  readonly who: string;
  readonly what: string;
  readonly at: string;
  readonly transaction: string;
  /** Custom error of the contract. */
  readonly error: string;
  readonly words: string;
}

export interface EmergencyReport {
  readonly trigger: "PRICE_CRASH";
  readonly openedAt: string;
  readonly openUntil: string;
  readonly priceBefore: number;
  readonly priceAfter: number;
  /** Hourly average against that of the day before, as the breaker measured it. */
  readonly measured: number;
  readonly confidence: number;
  readonly votes: readonly EmergencyVote[];
  readonly refusedTransfer: Refusal;
  readonly refusedAdjustment: Refusal;
  readonly exits: {
    readonly requestedUnderHalt: {
      readonly who: string;
      /** Asked for, and paid: the difference is demurrage. */
      readonly amount: string;
      readonly paid: string;
      readonly at: string;
      readonly withdrawnAt: string;
    };
    readonly withdrawnUnderHalt: {
      readonly who: string;
      readonly amount: string;
      readonly paid: string;
      readonly requestedAt: string;
      readonly at: string;
    };
  };
  readonly haltedUntil: string;
  /** The first transfer after it. */
  readonly transferAgainAt: string;
  /** Transactions that ended the halt: none, it ended by itself. */
  readonly haltsEnded: number;
  readonly pausedUntil: string;
}

/** The two keepers, who report and record prices, adjust M, pull triggers, and carry out what was voted. */
export interface KeepersReport {
  readonly twins: readonly KeeperReport[];
  readonly jobs: readonly JobWork[];
  /** What they did with emergencies and votes, in order. */
  readonly decisions: readonly KeeperDecision[];
}

/** What was done in a number of looks. */
export interface KeeperWork {
  /** A look of one keeper at one job. */
  readonly looks: number;
  /** Looks at which there was something to do. */
  readonly due: number;
  readonly done: number;
  /** Times that the other one was faster. */
  readonly lostRaces: number;
  /** Sent, those that came too late among them. */
  readonly transactions: number;
  readonly gasUsed: number;
  /** Part of `gasUsed`: of transactions that came too late. */
  readonly gasWasted: number;
}

export interface KeeperReport extends KeeperWork {
  readonly name: string;
  readonly address: string;
  /** Place among the accounts of the test mnemonic. */
  readonly index: number;
  /** What its account holds less of the chain's coin than at launch, and the fees that it counted itself; exact to the wei. */
  readonly paid: string;
  readonly fees: string;
  /** Pay for its work, out of the pool's funds (FTNS), and what is left of it after demurrage. */
  readonly earned: string;
  readonly balance: string;
  /** Chain time at which it was switched off; null for who works to the end. */
  readonly stoppedAt: string | null;
}

/** The work of both keepers at one job. */
export interface JobWork extends KeeperWork {
  readonly job: string;
  /** A number for each of `days`. */
  readonly byDay: {
    readonly looks: readonly number[];
    readonly due: readonly number[];
    readonly done: readonly number[];
    readonly lostRaces: readonly number[];
  };
}

export interface KeeperDecision {
  /** Chain time, ISO 8601. */
  readonly at: string;
  readonly keeper: string;
  readonly job: string;
  readonly did: string;
  /** The keeper's own words. */
  readonly reason: string;
  readonly otherwise: string;
  readonly transaction: string;
  readonly gasUsed: number;
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
