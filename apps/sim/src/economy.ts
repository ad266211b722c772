/** One run: five years of an economy in a world, under shocks and a rule. */
import { BEHAVIOUR, CONTRIBUTORS, DAYS, EMERGENCY, LAUNCH_SUPPLY, PEOPLE, USE, type World } from "./assumptions.ts";
import { Desk } from "./desk.ts";
import { Market } from "./market.ts";
import { Measures } from "./measures.ts";
import {
  ACCOUNTS,
  EXCHANGE,
  HEAVY_USER,
  HOARDER,
  IDLE_POWER,
  MARKET_MAKER,
  type Person,
  SPECULATOR,
  STAKER,
  TREASURY,
  USER,
  WASH_A,
  WASH_B,
  WORKERS,
} from "./people.ts";
import { Pool } from "./pool.ts";
import type { Recorder } from "./recorder.ts";
import { Controller, logPath, NONE, type Rule } from "./rules.ts";
import type { Shocks } from "./shocks.ts";
import { TIER_MULTIPLIER, Token } from "./token.ts";
import { Workers } from "./workers.ts";

const CHEATS = [IDLE_POWER, WASH_A, WASH_B];
const STAKER_RATE = (0.03 * 0.5) / 365;
/** A fall of this much in a day opens an emergency (SPEC 9). */
const CRASH = 0.6;

export class Economy {
  readonly token: Token;
  readonly pool = new Pool();
  readonly market: Market;
  readonly workers: Workers;
  readonly controller: Controller;
  readonly desk: Desk | undefined;
  readonly measures = new Measures();
  readonly averages = new Float64Array(DAYS);
  readonly usable = new Uint8Array(DAYS);
  /** By account: what the pool owes one person (FTNS). */
  readonly claimable = new Float64Array(ACCOUNTS);
  staked = PEOPLE.staker.weight * PEOPLE.staker.stakes;
  readonly #stakedAtLaunch = this.staked;
  readonly #rule: Rule;
  readonly #shocks: Shocks;
  readonly #recorder: Recorder | undefined;
  #pausedThrough = -1;
  /** Of the day. */
  #earned = 0;
  #paid = 0;
  #sold = 0;

  constructor(world: World, people: readonly Person[], rule: Rule, shocks: Shocks, recorder?: Recorder) {
    this.token = new Token(people);
    this.market = new Market(world);
    this.workers = new Workers(people, shocks);
    this.controller = new Controller(rule.policy, this.averages, this.usable);
    if (rule.desk !== undefined) {
      this.desk = new Desk(rule.desk);
      this.token.balance[TREASURY] = this.token.balance[TREASURY]! - this.desk.inventory;
    }
    this.#rule = rule;
    this.#shocks = shocks;
    this.#recorder = recorder;
  }

  run(): Measures {
    for (let day = 0; day < DAYS; day++) this.#live(day);
    this.measures.end(this);
    return this.measures;
  }

  #live(day: number): void {
    const { token, pool, controller, market } = this;
    const fees = token.charge(day) + (this.desk?.charge() ?? 0);
    pool.funds += fees;
    const before = controller.multiplier;
    const suspended = day <= this.#pausedThrough;
    const refusal = controller.adjust(day, suspended);
    if (this.#recorder !== undefined) {
      const { factor, multiplier } = controller;
      const outage = this.#shocks.outage[day] === 1;
      this.#recorder.day(day, { price: market.price, outage, suspended, refusal, factor, multiplier, fees }, token, pool);
    }
    if (refusal === NONE) this.measures.adjusted(before, controller.multiplier);

    const ofRewards = controller.multiplier;
    const ofOthers = this.#rule.allRates ? controller.multiplier : 1;
    pool.open(controller.multiplier, this.#rule.budgetFollows);
    this.#earned = 0;
    this.#paid = 0;
    this.#sold = 0;
    this.#payStakers(day, ofOthers);
    this.#rewardWork(day, ofRewards);
    this.#payClaims(day);
    this.#use(day, ofOthers);
    this.#trade(day);

    const paidShare = this.#earned === 0 ? 1 : Math.min(1, this.#paid / this.#earned);
    this.workers.live(day, ofRewards * paidShare * market.price);
    this.averages[day] = market.price;
    this.usable[day] = this.#shocks.outage[day] === 1 ? 0 : 1;
    const path = controller.launchPrice === 0 ? 0 : controller.launchPrice * Math.exp(logPath(day));
    this.measures.day(day, this, path, fees);
    this.#recorder?.endOfDay(day, token, pool);
    if (day + 1 < DAYS) this.#nextPrice(day, path, ofOthers);
  }

  #payStakers(day: number, multiplier: number): void {
    const wanted = this.staked * STAKER_RATE * multiplier;
    const paid = this.pool.payRecycledYield(wanted);
    const each = paid / PEOPLE.staker.weight;
    this.token.balance[STAKER] = this.token.balance[STAKER]! + each;
    this.#recorder?.yield(wanted, paid);
    this.#send(STAKER, EXCHANGE, each * BEHAVIOUR.yieldSold, day);
    this.#sold += paid * BEHAVIOUR.yieldSold;
    // Staking follows what it brings, slowly.
    const brings = (0.015 * multiplier + BEHAVIOUR.holdingCost) / (0.015 + BEHAVIOUR.holdingCost);
    const wish = this.#stakedAtLaunch * brings ** BEHAVIOUR.stakingElasticity * (this.pool.supply / LAUNCH_SUPPLY);
    const move = Math.min((wish - this.staked) / BEHAVIOUR.stakingDays, 0.02 * this.token.balance[EXCHANGE]!);
    if (move > 0) this.#send(EXCHANGE, STAKER, move, day);
    this.staked += move;
    this.token.balance[STAKER] = this.token.balance[STAKER]! - move / PEOPLE.staker.weight;
    this.#recorder?.stake(move / PEOPLE.staker.weight);
    if (move < 0) this.#send(STAKER, EXCHANGE, -move / PEOPLE.staker.weight, day);
  }

  #rewardWork(day: number, multiplier: number): void {
    const { token } = this;
    // Worker `i` proves on days whose remainder is that of `i`.
    const every = CONTRIBUTORS.proofEveryDays;
    for (let i = day % every; i < WORKERS; i += every) {
      if (this.workers.working[i] === 1) this.#prove(i, day, multiplier);
    }
    for (const cheat of CHEATS) {
      const { everyDays, phase } = token.people[cheat]!.work!;
      if (day % everyDays === phase) this.#prove(cheat, day, multiplier);
    }
    token.wash(WASH_A, WASH_B, day);
    this.#recorder?.wash(WASH_A, WASH_B);
  }

  #prove(i: number, day: number, multiplier: number): void {
    const { value } = this.token.people[i]!.work!;
    const tier = this.token.prove(i, day);
    const weight = this.token.weight[i]!;
    const earned = value * multiplier * TIER_MULTIPLIER[tier]! * weight;
    const paid = earned === 0 ? 0 : this.pool.payContribution(earned);
    this.claimable[i] = this.claimable[i]! + (earned - paid) / weight;
    this.#recorder?.proof(i, tier, earned, paid);
    this.#earned += earned;
    this.#receive(i, paid, day);
  }

  /** Whoever is owed something asks for it once a week. */
  #payClaims(day: number): void {
    if (this.pool.totalClaimable < 1) return;
    const every = CONTRIBUTORS.proofEveryDays;
    for (let i = day % every; i < ACCOUNTS; i += every) {
      if (this.claimable[i]! < 1e-6) continue;
      const weight = this.token.weight[i]!;
      const paid = this.pool.payClaim(this.claimable[i]! * weight, weight);
      if (paid <= 0) return;
      this.claimable[i] = this.claimable[i]! - paid / weight;
      this.#recorder?.claim(i, paid);
      this.#receive(i, paid, day);
    }
  }

  /** All people of `i` got `paid` together: they sell most of it, use some, and keep the rest; cheats sell it all. */
  #receive(i: number, paid: number, day: number): void {
    if (paid === 0) return;
    this.#paid += paid;
    const each = paid / this.token.weight[i]!;
    this.token.reward(i, each);
    const soldShare = i < WORKERS ? CONTRIBUTORS.sold : 1;
    this.#send(i, EXCHANGE, each * soldShare, day);
    this.#sold += paid * soldShare;
    if (i < WORKERS) this.#pay(i, each * CONTRIBUTORS.usedForAi);
  }

  /** Users buy what they need and pay for AI; what they hold and spend follows what use costs them. */
  #use(day: number, context: number): void {
    const elasticity = this.market.world.kind === "quantity" ? this.market.world.elasticity : BEHAVIOUR.useElasticity;
    const amount = Math.min(20, Math.max(0.05, context * Math.exp(-elasticity * this.market.habit)));
    for (const i of [USER, HEAVY_USER]) {
      const { holds, spendsAMonth } = i === USER ? PEOPLE.user : PEOPLE.heavyUser;
      const pays = (spendsAMonth / 30) * amount;
      this.#pay(i, Math.min(pays, this.token.balance[i]! * 0.9));
      const wants = holds * amount - this.token.balance[i]!;
      if (wants > 0) this.#sendUpTo(EXCHANGE, i, (wants / 2) * this.token.weight[i]!, day);
      else this.#send(i, EXCHANGE, -wants / 30, day);
    }
  }

  /** Buyers take what came to the exchange today; speculators follow the trend; the market maker keeps its depth. */
  #trade(day: number): void {
    const { token, market } = this;
    if (this.#sold > 0) {
      this.#sendUpTo(EXCHANGE, HOARDER, this.#sold * BEHAVIOUR.hoardersBuy, day);
      this.#sendUpTo(EXCHANGE, SPECULATOR, this.#sold * BEHAVIOUR.speculatorsBuy, day);
    }
    const follow = Math.min(0.02, Math.max(-0.02, BEHAVIOUR.speculation * market.trend)) * token.balance[SPECULATOR]!;
    if (follow > 0) this.#sendUpTo(EXCHANGE, SPECULATOR, follow * token.weight[SPECULATOR]!, day);
    else if (follow < 0) this.#send(SPECULATOR, EXCHANGE, -follow, day);
    if (token.balance[EXCHANGE]! < BEHAVIOUR.exchangeStock) this.#send(HOARDER, EXCHANGE, token.balance[HOARDER]! * 0.01, day);
    const missing = PEOPLE.marketMaker.holds - token.balance[MARKET_MAKER]!;
    if (missing > 0) this.#sendUpTo(EXCHANGE, MARKET_MAKER, missing / 30, day);
  }

  /** Contracts' emergencies, the desk, and the price of the day after. */
  #nextPrice(day: number, path: number, context: number): void {
    const { market, pool, token, desk } = this;
    let sold = this.#sold;
    if (desk !== undefined && path > 0 && this.usable[day] === 1 && day > this.#pausedThrough) {
      const traded = desk.trade(market.price, path, pool.supply, token.balance[EXCHANGE]! * BEHAVIOUR.deskOffered);
      token.balance[EXCHANGE] = token.balance[EXCHANGE]! + traded;
      this.#recorder?.desk(traded);
      sold += traded;
    }
    const free = pool.supply - this.staked - token.balance[TREASURY]! - pool.funds - (desk?.inventory ?? 0);
    const before = market.price;
    market.step(this.#shocks.demand[day + 1]!, sold, pool.supply, free, context);
    if (market.price <= CRASH * before) {
      this.measures.emergency();
      if (this.#shocks.pausePasses[day + 1] === 1) {
        this.#pausedThrough = day + 1 + EMERGENCY.pauseDays;
        this.measures.pause();
      }
    }
  }

  /** `x` FTNS of each of `from`. */
  #send(from: number, to: number, x: number, day: number): void {
    this.token.transfer(from, to, x, day);
    this.#recorder?.transfer(from, to, x);
  }

  /** `total` FTNS, if as much is there. */
  #sendUpTo(from: number, to: number, total: number, day: number): void {
    const each = Math.min(total / this.token.weight[from]!, this.token.balance[from]! * 0.5);
    this.#send(from, to, each, day);
  }

  /** Each of `i` pays `x` for AI: parts are burned, fill the pool, or come back to the market by operators and owners of works. */
  #pay(i: number, x: number): void {
    const total = x * this.token.weight[i]!;
    this.token.pay(i, x);
    const net = total * (1 - USE.operator);
    const burned = net * USE.burn * (this.#rule.allRates ? Math.min(5, this.controller.multiplier) : 1);
    const royalties = net * USE.royalties;
    this.pool.supply -= burned;
    this.pool.funds += net - burned - royalties;
    this.token.balance[EXCHANGE] = this.token.balance[EXCHANGE]! + total * USE.operator + royalties;
    this.#recorder?.pay(i, x, burned, net - burned - royalties, total * USE.operator + royalties);
  }
}
