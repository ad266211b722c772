// What the pool paid today and for what, counted from the token's transfers, against the law of the shares.
import { expect } from "chai";
import { dayOf, startOf } from "../helpers/time.ts";
import { happeningsIn, least, sum, type Happening, type Step } from "./step.ts";
import type { EconomyWorld } from "./world.ts";

const WAD = 10n ** 18n;
const CAP = 10n ** 27n;
const HOUR = 3_600n;
const WHOLE = 10_000n;
const UNIT = 10n ** 9n;
/** As the contract's enum counts them. */
const [CONTRIBUTIONS, YIELD, CLAIMS, SERVICES] = [0, 1, 2, 3] as const;
const POWER = 3n;

interface Payment {
  purpose: 0 | 1 | 2 | 3;
  fromFunds: bigint;
  minted: bigint;
  /** Of a reward. */
  earned: bigint;
  deferred: bigint;
}

/** What governance last said. Shares in basis points, of yield, claims and services. */
export interface BudgetRules {
  multiplier: bigint;
  emissionShare: bigint;
  shares: readonly [bigint, bigint, bigint];
}

export class BudgetWatch {
  readonly rules: BudgetRules = { multiplier: WAD, emissionShare: WAD / 1_000n, shares: [3_000n, 3_000n, 1_000n] };
  /** Rewards, and those of them that did not fit. */
  rewards = 0;
  deferrals = 0;
  readonly #world: EconomyWorld;
  readonly #owed = new Map<string, bigint>();
  #day = 0n;
  /** Emission budget, once a payment of the day has fixed it. */
  #fixed: bigint | undefined;
  #paid = [0n, 0n, 0n, 0n];
  #minted = 0n;
  /** The day's means only grew. */
  #calm = true;

  constructor(world: EconomyWorld) {
    this.#world = world;
  }

  /** The shares changed: what was paid stays paid. */
  disturbed(now: bigint): void {
    this.#turn(now);
    this.#calm = false;
  }

  async acted(step: Step): Promise<void> {
    const { now } = step;
    this.#turn(now);
    if (this.#world.allowances.holdsAt(now) || this.#world.allowances.holdsAt(now - 1n)) this.#calm = false;
    const happenings = happeningsIn(this.#world.economy, step.receipt);
    const payments = happenings.flatMap(paymentsOf);
    this.#checkTransfers(happenings, payments);
    for (const payment of payments) this.#count(step, payment);
    happenings.forEach((happening) => this.#owe(happening));
    await this.#checkDay(step, payments);
    await this.#checkOwed();
  }

  #turn(now: bigint): void {
    if (dayOf(now) === this.#day) return;
    this.#day = dayOf(now);
    this.#fixed = undefined;
    this.#paid = [0n, 0n, 0n, 0n];
    this.#minted = 0n;
    this.#calm = !this.#world.allowances.holdsAt(startOf(this.#day));
  }

  /** What left the pool and what was minted is what the pool says it paid, and nothing else. */
  #checkTransfers(happenings: readonly Happening[], payments: readonly Payment[]): void {
    const { pool } = this.#world.economy.addresses;
    const moved = happenings.filter(({ contract, name }) => contract === "token" && name === "Transfer");
    const valueOf = (from: (address: string) => boolean) =>
      sum(moved.filter(({ args }) => from(args.from as string)).map(({ args }) => args.value as bigint));
    expect(
      valueOf((from) => from === pool),
      "P30: what left the pool",
    ).to.equal(sum(payments.map((one) => one.fromFunds)));
    expect(
      valueOf((from) => BigInt(from) === 0n),
      "P30: minted",
    ).to.equal(sum(payments.map((one) => one.minted)));
  }

  #count({ before, now }: Step, { purpose, fromFunds, minted, earned, deferred }: Payment): void {
    const supply = this.#world.supply - minted;
    if (purpose === CONTRIBUTIONS) {
      this.rewards++;
      if (deferred > 0n) this.deferrals++;
      const { pool } = this.#world.economy.addresses;
      const funds = before.find(({ address }) => address === pool)!.balance;
      const theirs = this.#parts(this.#means(funds, supply, now))[CONTRIBUTIONS] - this.#paid[CONTRIBUTIONS]!;
      if (this.#calm && earned <= theirs) expect(deferred, "P37: paid in full while their part lasts").to.equal(0n);
    }
    if (fromFunds + minted === 0n) return;
    this.#fixed ??= this.#budgetNow(supply);
    this.#paid[purpose]! += fromFunds + minted;
    this.#minted += minted;
  }

  #owe({ contract, name, args }: Happening): void {
    if (contract !== "pool") return;
    const account = args.account as string;
    const change = (by: bigint) => this.#owed.set(account, (this.#owed.get(account) ?? 0n) + by);
    if (name === "RewardPaid") change(args.deferred as bigint);
    if (name === "Claimed") change(-((args.fromFunds as bigint) + (args.minted as bigint)));
    if (name === "ClaimableCancelled") change(-(args.cancelled as bigint));
  }

  /** P31, P37: the day as it stands. */
  async #checkDay({ after, now }: Step, payments: readonly Payment[]): Promise<void> {
    const { pool, addresses } = { pool: this.#world.economy.pool, addresses: this.#world.economy.addresses };
    const funds = after.find(({ address }) => address === addresses.pool)!.balance;
    const { supply } = this.#world;
    const view = await pool.dayBudget();
    expect([...view.paid], "P37: paid today").to.deep.equal(this.#paid);
    expect(view.emissionBudget, "P31: the day's budget").to.equal(this.#fixed ?? this.#budgetNow(supply));
    expect(this.#minted <= (this.#fixed ?? 0n), "P10, P31: emission within the day's budget").to.equal(true);
    const means = this.#means(funds, supply, now);
    expect(view.means, "P37: the day's means").to.equal(means);

    const parts = this.#parts(means);
    const open = now >= startOf(this.#day + 1n) - HOUR;
    const others = this.#paid[YIELD]! + this.#paid[CLAIMS]! + this.#paid[SERVICES]!;
    for (const { purpose, fromFunds, minted } of payments) {
      if (fromFunds + minted === 0n) continue;
      if (!open) expect(this.#paid[purpose]! <= parts[purpose], `P37: the share of ${purpose} until 01:00`).to.equal(true);
      if (purpose === YIELD || purpose === CLAIMS || (purpose === SERVICES && open)) {
        const theirs = parts[YIELD] + parts[CLAIMS] + parts[SERVICES];
        expect(others <= theirs, "P37: the others together take nothing of the contributions' part").to.equal(true);
      }
    }
    if (!this.#calm) return;
    const { fromFunds, minted } = await pool.previewReward(0n, CAP, POWER);
    const left = parts[CONTRIBUTIONS] - this.#paid[CONTRIBUTIONS]!;
    expect(fromFunds + minted >= left, `P37: ${left} is left of the contributions' part`).to.equal(true);
  }

  async #checkOwed(): Promise<void> {
    const { pool } = this.#world.economy;
    const { people } = this.#world;
    const claimable = await Promise.all(people.map(({ address }) => pool.claimable(address)));
    expect(claimable, "P30: claimable").to.deep.equal(people.map(({ address }) => this.#owed.get(address) ?? 0n));
    expect(await pool.totalClaimable(), "P30: claimable in all").to.equal(sum(claimable));
  }

  /** `share * supply * min(1, M)`, cut to 1e-9 FTNS. */
  #budgetNow(supply: bigint): bigint {
    const { multiplier, emissionShare } = this.rules;
    const budget = (supply * emissionShare * least(multiplier, WAD)) / (WAD * WAD);
    return budget - (budget % UNIT);
  }

  /** Funds, what was paid, and what can still be minted. */
  #means(funds: bigint, supply: bigint, now: bigint): bigint {
    const emission = least((this.#fixed ?? this.#budgetNow(supply)) - this.#minted, CAP - supply);
    return funds + sum(this.#paid) + (this.#world.allowances.holdsAt(now) ? 0n : emission);
  }

  #parts(means: bigint): [bigint, bigint, bigint, bigint] {
    const [forYield, forClaims, forServices] = this.rules.shares.map((share) => (means * share) / WHOLE) as [
      bigint,
      bigint,
      bigint,
    ];
    return [means - forYield - forClaims - forServices, forYield, forClaims, forServices];
  }
}

function paymentsOf({ contract, name, args }: Happening): Payment[] {
  if (contract !== "pool") return [];
  const none = { minted: 0n, earned: 0n, deferred: 0n };
  const split = { ...none, fromFunds: args.fromFunds as bigint, minted: args.minted as bigint };
  if (name === "RewardPaid") {
    return [{ ...split, purpose: CONTRIBUTIONS, earned: args.earned as bigint, deferred: args.deferred as bigint }];
  }
  if (name === "YieldPaid") return [{ ...split, purpose: YIELD, fromFunds: split.fromFunds + (args.recycled as bigint) }];
  if (name === "Claimed") return [{ ...split, purpose: CLAIMS }];
  if (name === "KeeperPaid") return [{ ...none, purpose: SERVICES, fromFunds: args.paid as bigint }];
  return [];
}
