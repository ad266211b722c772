/** RewardPool.sol: what a contribution earns, and where the money comes from. */
import { WAD } from "../math/words.ts";

export const DEFAULT_TIER_MULTIPLIERS: readonly bigint[] = [0n, WAD, (WAD * 13n) / 10n, (WAD * 16n) / 10n];

/** What the pool reads from the token and the controller. */
export interface PoolSurroundings {
  /** Protocol day. */
  today: number;
  /** `M` (WAD). */
  multiplier: bigint;
  /** The pool's own balance. */
  funds: bigint;
  supply: bigint;
  maxSupply: bigint;
}

export interface Payment {
  fromFunds: bigint;
  minted: bigint;
}

export interface RewardSplit extends Payment {
  earned: bigint;
  deferred: bigint;
}

const NOTHING: RewardSplit = { earned: 0n, fromFunds: 0n, minted: 0n, deferred: 0n };

/** `value * M * tierMultiplier`, rounded down once. */
export function earnedBy(value: bigint, multiplier: bigint, tierMultiplier: bigint): bigint {
  return (value * multiplier * tierMultiplier) / (WAD * WAD);
}

export class RewardPoolModel {
  tierMultipliers: readonly bigint[] = DEFAULT_TIER_MULTIPLIERS;
  emissionShare = WAD / 1000n;
  totalClaimable = 0n;
  readonly #claimable = new Map<string, bigint>();
  /** Day, budget and mints of the latest day on which something was minted. */
  emission = { day: 0, budget: 0n, minted: 0n };

  claimable(account: string): bigint {
    return this.#claimable.get(account) ?? 0n;
  }

  /** What may still be minted. */
  budgetLeft(now: PoolSurroundings): bigint {
    const { budget, minted } = this.#emissionOf(now);
    return min(budget - minted, now.maxSupply - now.supply);
  }

  reward(account: string, value: bigint, tier: number, now: PoolSurroundings): RewardSplit {
    if (tier === 0) return NOTHING;
    const earned = earnedBy(value, now.multiplier, this.tierMultipliers[tier] ?? 0n);
    const { fromFunds, minted } = this.#pay(earned, now);
    const deferred = earned - fromFunds - minted;
    this.#owe(account, deferred);
    return { earned, fromFunds, minted, deferred };
  }

  /** Pays what fits of the claimable balance; both parts are zero where the contract refuses. */
  claim(account: string, now: PoolSurroundings): Payment {
    const payment = this.#pay(this.claimable(account), now);
    this.#owe(account, -payment.fromFunds - payment.minted);
    return payment;
  }

  #pay(amount: bigint, now: PoolSurroundings): Payment {
    const fromFunds = min(amount, now.funds);
    const minted = min(amount - fromFunds, this.budgetLeft(now));
    if (minted > 0n) {
      const emission = this.#emissionOf(now);
      this.emission = { ...emission, minted: emission.minted + minted };
    }
    return { fromFunds, minted };
  }

  #owe(account: string, change: bigint): void {
    this.#claimable.set(account, this.claimable(account) + change);
    this.totalClaimable += change;
  }

  #emissionOf(now: PoolSurroundings) {
    if (this.emission.day === now.today) return this.emission;
    return { day: now.today, budget: (now.supply * this.emissionShare) / WAD, minted: 0n };
  }
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
