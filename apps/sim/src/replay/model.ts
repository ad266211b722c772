/**
 * Lives through a run again in the bit-exact model: every price, proof, reward, transfer and boundary in whole numbers. Throws at
 * the first tier, band or refusal that differs, and at a factor that is off by more than 1e-12.
 */
import {
  ACTIVITY_UNIT_BITS,
  countTransfer,
  credited,
  DailyBudgetModel,
  DEFAULT_PARAMETERS,
  earnedBy,
  EMPTY_ACCOUNT,
  EXEMPT as EXEMPT_GRACE,
  filled,
  launchPriceOf,
  pathPolicy,
  type Policy as ModelPolicy,
  POOLED as POOLED_GRACE,
  PriceHistoryModel,
  type PoolSurroundings,
  rateTable,
  RegistryModel,
  roadmapPolicy,
  settle,
  startOfDay,
  SupplyControllerModel,
  Timeline,
  WAD,
  type AccountState,
} from "@ftns/model";
import { DESK, PEOPLE } from "../assumptions.ts";
import { ACCOUNTS, EXEMPT, type Person, POOLED } from "../people.ts";
import type { Pool } from "../pool.ts";
import type { DayStart, Recorder } from "../recorder.ts";
import { NONE, PATH, type PathShape, REFUSAL_NAMES, type Rule } from "../rules.ts";
import type { Token } from "../token.ts";
import { HOLD_SEC, LAUNCH_DAY, roundsOf } from "./prices.ts";

const MAX_SUPPLY = 10n ** 27n;
const MIN_DRAW = 50n * WAD;
const TIER_MULTIPLIERS = [0n, WAD, (13n * WAD) / 10n, (16n * WAD) / 10n];
const OFF_BY = 1e-12;
/** Amounts add up thousands of roundings of doubles. */
const AMOUNTS_OFF_BY = 1e-7;
/** Below this (FTNS, a person) a rate can't be read from the fee. */
const READABLE = 1e-3;

export const wei = (amount: number): bigint => BigInt(Math.round(amount * 1e18));
const ftns = (amount: bigint): number => Number(amount) / 1e18;
const least = (...all: bigint[]): bigint => all.reduce((a, b) => (b < a ? b : a));

export interface Deviations {
  factor: number;
  amount: number;
  days: number;
  bands: number;
  tiers: number;
  factors: number;
  refusals: number;
}

export class ModelReplay implements Recorder {
  readonly worst: Deviations = { factor: 0, amount: 0, days: 0, bands: 0, tiers: 0, factors: 0, refusals: 0 };
  readonly #history = new PriceHistoryModel(HOLD_SEC);
  readonly #controller: SupplyControllerModel;
  readonly #registry = new RegistryModel();
  readonly #budget = new DailyBudgetModel();
  readonly #timeline = new Timeline(rateTable(DEFAULT_PARAMETERS));
  readonly #people: readonly Person[];
  readonly #weights: readonly bigint[];
  readonly #accounts: AccountState[];
  readonly #claimable = Array<bigint>(ACCOUNTS).fill(0n);
  readonly #usableAverages: bigint[] = [];
  readonly #rule: Rule;
  #noted = 0n;
  #totalClaimable = 0n;
  #funds = 0n;
  #supply: bigint;
  #desk: bigint;
  #staked = wei(PEOPLE.staker.weight * PEOPLE.staker.stakes);
  #day = 0;
  #before: { price: number; outage: boolean } | undefined;

  constructor(people: readonly Person[], rule: Rule) {
    this.#people = people;
    this.#rule = rule;
    this.#weights = people.map(({ weight }) => BigInt(weight));
    this.#desk = rule.desk === undefined ? 0n : wei(DESK.inventory * 1e8);
    this.#accounts = people.map(({ holds, kind }) => ({
      ...EMPTY_ACCOUNT,
      balance: wei(holds),
      graceUntil: kind === EXEMPT ? EXEMPT_GRACE : kind === POOLED ? POOLED_GRACE : 0,
      settledDay: Number(LAUNCH_DAY) - 1,
    }));
    this.#accounts.at(-1)!.balance -= this.#desk;
    this.#supply = this.#accounts.reduce((sum, { balance }, i) => sum + balance * this.#weights[i]!, this.#staked + this.#desk);
    this.#controller = new SupplyControllerModel(this.#history, LAUNCH_DAY, startOfDay(LAUNCH_DAY), this.#policy());
  }

  /** Those that don't ship are taken as the run had them: their factor is given by `day`. */
  #given = WAD;

  #policy(): ModelPolicy {
    const { policy } = this.#rule;
    if (policy.kind === "roadmap") return roadmapPolicy;
    const ships =
      policy.kind === "path" && Object.entries(PATH).every(([key, value]) => policy[key as keyof PathShape] === value);
    if (ships) return (window) => pathPolicy(window, launchPriceOf(this.#usableAverages));
    return (window) => ({ ...roadmapPolicy(window), factor: this.#given });
  }

  day(day: number, happened: DayStart, token: Token, pool: Pool): void {
    this.#day = day;
    if (this.#before !== undefined) {
      for (const { since, observedAt, price } of roundsOf(day - 1, this.#before.price, this.#before.outage)) {
        this.#history.takeRound(since, observedAt, price, false);
      }
    }
    this.#before = happened;
    this.#charge(token);
    this.#adjust(happened);
    this.#near("funds after the boundary", ftns(this.#funds), pool.funds, 1e3);
    this.worst.days += 1;
  }

  #charge(token: Token): void {
    const today = this.#today();
    this.#accounts.forEach((account, i) => {
      const settled = settle(account, today, (from) => this.#timeline.termsSince(from));
      this.#accounts[i] = settled.account;
      this.#funds += settled.fee * this.#weights[i]!;
      this.#compareRate(i, account, settled.fee, token.rate(i));
    });
    const deskFee = this.#desk / 3_000n;
    this.#desk -= deskFee;
    this.#funds += deskFee;
  }

  /** The rate that a day's fee was taken at is the band and the tier in one. */
  #compareRate(i: number, { balance, graceUntil }: AccountState, fee: bigint, expected: number): void {
    if (Number.isNaN(expected)) {
      if (fee !== 0n) this.#fail(`${this.#people[i]!.name} is exempt and paid ${ftns(fee)}`);
      return;
    }
    const inGrace = graceUntil !== 0 && graceUntil !== POOLED_GRACE && this.#today() < graceUntil;
    if (inGrace || ftns(balance) < READABLE) return;
    const rate = Number((fee * 300_000n * 1_000n) / balance) / 1_000;
    if (Math.round(rate * 10) / 10 !== expected) {
      this.#fail(`${this.#people[i]!.name} pays ${rate} basis points a month, in the run ${expected}`);
    }
    this.worst.bands += 1;
  }

  #adjust({ suspended, refusal, factor, multiplier }: DayStart): void {
    const now = startOfDay(BigInt(this.#today()));
    this.#noteDays();
    this.#controller.suspendedUntil = suspended ? now + 1n : 0n;
    this.#given = wei(factor);
    const preview = this.#controller.preview(now);
    if (preview.refusal !== REFUSAL_NAMES[refusal]) {
      this.#fail(`the adjustment is refused as ${preview.refusal}, in the run ${REFUSAL_NAMES[refusal]}`);
    }
    if (refusal !== NONE) {
      this.worst.refusals += 1;
      return;
    }
    const off = Math.abs(Number(preview.factor) / 1e18 / factor - 1);
    if (!(off <= OFF_BY)) this.#fail(`the factor is ${preview.factor}, in the run ${factor}`);
    this.worst.factor = Math.max(this.worst.factor, off);
    this.worst.factors += 1;
    this.#controller.adjust(preview.factor, now);
    this.#near("M", ftns(this.#controller.multiplier()), multiplier, 0);
  }

  /** Days count towards the launch price once the following one is known. */
  #noteDays(): void {
    for (; this.#noted <= BigInt(this.#day) - 2n && this.#usableAverages.length < 30; this.#noted++) {
      const { usable, averageWad } = this.#history.day(LAUNCH_DAY + this.#noted);
      if (usable) this.#usableAverages.push(averageWad);
    }
  }

  yield(wanted: number, paid: number): void {
    const now = this.#pool(10n * 3_600n);
    const { inAll, ofFunds } = this.#budget.room("YIELD", now);
    const payable = least(wei(wanted), ofFunds, inAll);
    this.#budget.count("YIELD", payable, 0n, now);
    this.#near("yield", ftns(payable), paid, 1);
    this.#funds -= payable;
    const staker = this.#index("staker");
    this.#move(staker, payable / this.#weights[staker]!, 0n);
    // What does not divide by heads stays in the pool.
    this.#funds += payable % this.#weights[staker]!;
  }

  stake(each: number): void {
    const staker = this.#index("staker");
    this.#move(staker, -wei(each), 0n);
    this.#staked += wei(each) * this.#weights[staker]!;
  }

  proof(i: number, tier: number, earned: number, paid: number): void {
    const { kind, value, quality } = this.#people[i]!.work!;
    const valueWei = BigInt(Math.round(value * 1e6)) * 10n ** 12n;
    const qualityWad = BigInt(Math.round(quality * 1e3)) * 10n ** 15n;
    const today = this.#today();
    const outcome = this.#registry.count(String(i), kind, valueWei, qualityWad, today);
    if (outcome.tier !== tier) this.#fail(`${this.#people[i]!.name} has tier ${outcome.tier}, in the run ${tier}`);
    this.worst.tiers += 1;
    const account = this.#accounts[i]!;
    const { basicThrough, activeThrough, powerThrough } = outcome.schedule;
    Object.assign(account, { basicThrough, activeThrough, powerThrough });
    account.capacity = filled(account.capacity, outcome.capacityAdded, outcome.capacityLimit);
    if (outcome.graceUntil !== 0) account.graceUntil = outcome.graceUntil;

    const weight = this.#weights[i]!;
    const each = earnedBy(valueWei, this.#controller.multiplier(), TIER_MULTIPLIERS[tier]!);
    this.#near("earned", ftns(each * weight), earned, 1);
    const now = this.#pool(85_000n);
    const { fromFunds, minted } = this.#budget.fit("CONTRIBUTIONS", each * weight, now);
    this.#budget.count("CONTRIBUTIONS", fromFunds, minted, now);
    this.#near("paid", ftns(fromFunds + minted), paid, 1e3);
    this.#pay(i, fromFunds, minted);
    const owed = each * weight - fromFunds - minted;
    this.#claimable[i] = this.#claimable[i]! + owed;
    this.#totalClaimable += owed;
  }

  claim(i: number, paid: number): void {
    const now = this.#pool(85_100n);
    const owed = this.#claimable[i]!;
    const part = this.#budget.parts(this.#budget.means(now)).CLAIMS;
    const byShare = (part * owed) / this.#totalClaimable;
    const floor = MIN_DRAW * this.#weights[i]!;
    const { fromFunds, minted } = this.#budget.fit("CLAIMS", least(owed, byShare > floor ? byShare : floor), now);
    this.#budget.count("CLAIMS", fromFunds, minted, now);
    this.#near("claimed", ftns(fromFunds + minted), paid, 1e3);
    this.#pay(i, fromFunds, minted);
    this.#claimable[i] = owed - fromFunds - minted;
    this.#totalClaimable -= fromFunds + minted;
  }

  /** All people of `i` share a payment; what does not divide by heads stays in the pool, as if it had not been minted or taken. */
  #pay(i: number, fromFunds: bigint, minted: bigint): void {
    const each = (fromFunds + minted) / this.#weights[i]!;
    const rest = (fromFunds + minted) % this.#weights[i]!;
    this.#funds += rest - fromFunds;
    this.#supply += minted;
    this.#move(i, each, each >> ACTIVITY_UNIT_BITS);
  }

  transfer(from: number, to: number, x: number): void {
    const value = wei(x);
    const [sender, receiver] = [this.#accounts[from]!, this.#accounts[to]!];
    // The receiver has no tier, so it vouches for nothing.
    const { earned, lent } = countTransfer(receiver, sender, value, this.#today());
    sender.capacity -= lent;
    const share = (amount: bigint) => (amount * this.#weights[from]!) / this.#weights[to]!;
    this.#move(from, -value, 0n);
    this.#move(to, share(value), share(earned));
  }

  wash(a: number, b: number): void {
    const [first, second] = [this.#accounts[a]!, this.#accounts[b]!];
    const value = least(first.balance, second.balance) / 2n;
    const today = this.#today();
    for (let turn = 0; turn < 2; turn++) {
      const [forFirst, forSecond] = [countTransfer(first, second, value, today), countTransfer(second, first, value, today)];
      [first.activity, second.activity] = [
        credited(first.activity, forFirst.earned),
        credited(second.activity, forSecond.earned),
      ];
      first.capacity -= forSecond.lent;
      second.capacity -= forFirst.lent;
    }
  }

  pay(i: number, x: number, burned: number, toPool: number, toExchange: number): void {
    this.#move(i, -wei(x), wei(x) >> ACTIVITY_UNIT_BITS);
    this.#supply -= wei(burned);
    this.#funds += wei(toPool);
    this.#move(this.#index("exchange"), wei(toExchange), 0n);
  }

  desk(sold: number): void {
    this.#desk -= wei(sold);
    this.#move(this.#index("exchange"), wei(sold), 0n);
  }

  endOfDay(_day: number, token: Token, pool: Pool): void {
    this.#accounts.forEach(({ balance, capacity }, i) => {
      this.#near(`balance of ${this.#people[i]!.name}`, ftns(balance), token.balance[i]!, 1e-3);
      if (Math.abs(Number(capacity) - token.capacity[i]!) > 1) this.#fail(`capacity of ${this.#people[i]!.name} is ${capacity}`);
    });
    this.#near("supply", ftns(this.#supply), pool.supply, 0);
    this.#near("claimable", ftns(this.#totalClaimable), pool.totalClaimable, 1e3);
  }

  /** Supply identity, to the wei but for the roundings of amounts that were given as doubles. */
  end(): void {
    const held = this.#accounts.reduce((sum, { balance }, i) => sum + balance * this.#weights[i]!, 0n);
    this.#near("the sum of all coins", ftns(held + this.#funds + this.#staked + this.#desk), ftns(this.#supply), 0);
  }

  #today(): number {
    return Number(LAUNCH_DAY) + this.#day;
  }

  #index(name: string): number {
    return this.#people.findIndex((person) => person.name === name);
  }

  #move(i: number, amount: bigint, units: bigint): void {
    const account = this.#accounts[i]!;
    account.balance += amount;
    if (account.balance < 0n) this.#fail(`${this.#people[i]!.name} has less than nothing`);
    account.activity = credited(account.activity, account.graceUntil === POOLED_GRACE ? 0n : units);
  }

  #pool(secondOfDay: bigint): PoolSurroundings {
    return {
      time: startOfDay(BigInt(this.#today())) + secondOfDay,
      multiplier: this.#rule.budgetFollows ? this.#controller.multiplier() : WAD,
      funds: this.#funds,
      supply: this.#supply,
      maxSupply: MAX_SUPPLY,
      recovering: false,
    };
  }

  /** @param small an amount of which a part of 1e-7 does not matter */
  #near(what: string, ours: number, run: number, small: number): void {
    const off = Math.abs(ours - run) / Math.max(Math.abs(run), small, 1e-12);
    if (!(off <= AMOUNTS_OFF_BY)) this.#fail(`${what} is ${ours}, in the run ${run}`);
    this.worst.amount = Math.max(this.worst.amount, off);
  }

  #fail(what: string): never {
    throw new Error(`day ${this.#day}: ${what}`);
  }
}
