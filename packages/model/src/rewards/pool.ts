/** RewardPool.sol: what a contribution earns, and what of it, of yield, old claims and services is paid. */
import { WAD } from "../math/words.ts";
import { Refused } from "../refused.ts";
import { dayOf, startOfDay } from "../time.ts";
import { min } from "./amounts.ts";
import { ClaimLedgerModel } from "./claims.ts";
import { DailyBudgetModel, type PoolSurroundings } from "./dailyBudget.ts";

export const DEFAULT_TIER_MULTIPLIERS: readonly bigint[] = [0n, WAD, (WAD * 13n) / 10n, (WAD * 16n) / 10n];

export interface Payment {
  fromFunds: bigint;
  minted: bigint;
}

export interface RewardSplit extends Payment {
  earned: bigint;
  deferred: bigint;
}

export interface YieldSplit extends Payment {
  recycled: bigint;
  unpaidEarned: bigint;
  unpaidRecycled: bigint;
}

const NOTHING: RewardSplit = { earned: 0n, fromFunds: 0n, minted: 0n, deferred: 0n };

/** `value * M * tierMultiplier`, rounded down once. */
export function earnedBy(value: bigint, multiplier: bigint, tierMultiplier: bigint): bigint {
  return (value * multiplier * tierMultiplier) / (WAD * WAD);
}

export class RewardPoolModel {
  tierMultipliers: readonly bigint[] = DEFAULT_TIER_MULTIPLIERS;
  readonly budget = new DailyBudgetModel();
  readonly claims = new ClaimLedgerModel();

  get totalClaimable(): bigint {
    return this.claims.total;
  }

  claimable(account: string): bigint {
    return this.claims.claimable(account);
  }

  /** What may still be minted. */
  budgetLeft(now: PoolSurroundings): bigint {
    return this.budget.emissionLeft(now);
  }

  /** `multiplier` is `M` as it holds for contributions of this kind. */
  reward(account: string, value: bigint, tier: number, now: PoolSurroundings, multiplier = now.multiplier): RewardSplit {
    if (tier === 0) return NOTHING;
    if (multiplier === undefined || !this.budget.isKnown(now)) throw new Refused("MultiplierUnreadable");
    const earned = earnedBy(value, multiplier, this.tierMultipliers[tier] ?? 0n);
    const { fromFunds, minted } = this.budget.fit("CONTRIBUTIONS", earned, now);
    const deferred = earned - fromFunds - minted;
    this.claims.defer(account, deferred);
    this.budget.count("CONTRIBUTIONS", fromFunds, minted, now);
    return { earned, fromFunds, minted, deferred };
  }

  payYield(earned: bigint, recycled: bigint, now: PoolSurroundings): YieldSplit {
    const { inAll, ofFunds } = this.budget.room("YIELD", now);
    const fromFunds = min(earned, ofFunds);
    const minted = min(earned, inAll) - fromFunds;
    const recycledNow = min(recycled, ofFunds - fromFunds);
    this.budget.count("YIELD", fromFunds + recycledNow, minted, now);
    return {
      fromFunds,
      minted,
      recycled: recycledNow,
      unpaidEarned: earned - fromFunds - minted,
      unpaidRecycled: recycled - recycledNow,
    };
  }

  payKeeper(amount: bigint, now: PoolSurroundings): bigint {
    const { fromFunds } = this.budget.fit("SERVICES", amount, now);
    this.budget.count("SERVICES", fromFunds, 0n, now);
    return fromFunds;
  }

  /** What the account may still draw today, if the share reaches. */
  drawable(account: string, now: PoolSurroundings): bigint {
    return this.claims.drawable(account, dayOf(now.time), this.#claimsPart(now));
  }

  /** Pays what fits of the claimable balance. */
  claim(account: string, now: PoolSurroundings): Payment {
    const owed = this.claimable(account);
    if (owed === 0n) throw new Refused("NothingToClaim", account);
    const drawable = this.drawable(account, now);
    const { fromFunds, minted } = this.budget.fit("CLAIMS", drawable, now);
    if (fromFunds + minted === 0n) throw new Refused("NothingPayableNow", account, owed, this.#retryAt(drawable, now));
    this.claims.draw(account, fromFunds + minted, dayOf(now.time), this.#claimsPart(now));
    this.budget.count("CLAIMS", fromFunds, minted, now);
    return { fromFunds, minted };
  }

  cancelClaimable(account: string, amount: bigint): bigint {
    return this.claims.cancel(account, amount);
  }

  #claimsPart(now: PoolSurroundings): bigint {
    return this.budget.parts(this.budget.means(now)).CLAIMS;
  }

  #retryAt(drawable: bigint, now: PoolSurroundings): bigint {
    const later = drawable > 0n && !this.budget.isOpenToAll(now);
    return later ? this.budget.openToAllAt(now.time) : startOfDay(dayOf(now.time) + 1n);
  }
}
