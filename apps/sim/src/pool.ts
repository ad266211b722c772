/** The reward pool's day in doubles: funds, the emission budget, and who is paid out of which share (SPEC 4). */
import { LAUNCH_SUPPLY } from "./assumptions.ts";

const EMISSION_SHARE = 0.001;
const MAX_SUPPLY = 10 * LAUNCH_SUPPLY;
const [YIELD_SHARE, CLAIMS_SHARE, SERVICES_SHARE] = [0.3, 0.3, 0.1];
const MIN_DRAW = 50;

export class Pool {
  supply = LAUNCH_SUPPLY;
  funds = 0;
  totalClaimable = 0;
  /** Today's. */
  budget = 0;
  minted = 0;
  paidYield = 0;
  paidContributions = 0;
  paidClaims = 0;

  /** A new day; its budget follows a small `multiplier` where `follows` says so. */
  open(multiplier: number, follows: boolean): void {
    this.budget = this.supply * EMISSION_SHARE * (follows ? Math.min(1, multiplier) : 1);
    this.minted = 0;
    this.paidYield = 0;
    this.paidContributions = 0;
    this.paidClaims = 0;
  }

  get emissionLeft(): number {
    return Math.min(this.budget - this.minted, MAX_SUPPLY - this.supply);
  }

  get means(): number {
    return this.funds + this.paidYield + this.paidContributions + this.paidClaims + this.emissionLeft;
  }

  /** Yield of stakers who don't contribute, out of funds only, during the day; what can be paid of it. */
  payRecycledYield(wanted: number): number {
    const means = this.means;
    const keptForServices = Math.min(
      this.funds,
      Math.max(0, (this.funds + this.paidYield + this.paidContributions + this.paidClaims - this.minted) * SERVICES_SHARE),
    );
    const others = means * (YIELD_SHARE + CLAIMS_SHARE + SERVICES_SHARE) - this.paidYield - this.paidClaims;
    const room = Math.min(means * YIELD_SHARE - this.paidYield, others, this.funds - keptForServices);
    const paid = Math.max(0, Math.min(wanted, room));
    this.funds -= paid;
    this.paidYield += paid;
    return paid;
  }

  /** A contribution in the day's last hour, when every share is open to it; what is paid at once. */
  payContribution(earned: number): number {
    const paid = this.#payFundsFirst(Math.min(earned, this.funds + this.emissionLeft));
    this.paidContributions += paid;
    this.totalClaimable += earned - paid;
    return paid;
  }

  /** What an account of `weight` people draws on `claimable`, in the last hour. */
  payClaim(claimable: number, weight: number): number {
    const means = this.means;
    const part = means * CLAIMS_SHARE;
    const drawable = Math.min(claimable, Math.max(MIN_DRAW * weight, (part * claimable) / this.totalClaimable));
    const others = means * (YIELD_SHARE + CLAIMS_SHARE + SERVICES_SHARE) - this.paidYield - this.paidClaims;
    const paid = this.#payFundsFirst(Math.max(0, Math.min(drawable, this.funds + this.emissionLeft, others)));
    this.paidClaims += paid;
    this.totalClaimable -= paid;
    return paid;
  }

  #payFundsFirst(amount: number): number {
    const fromFunds = Math.min(amount, this.funds);
    this.funds -= fromFunds;
    this.minted += amount - fromFunds;
    this.supply += amount - fromFunds;
    return amount;
  }
}
