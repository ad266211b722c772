/** How a day's sales become the next day's price: the three kinds of worlds of assumptions.ts. */
import { CONTRIBUTORS, LAUNCH_PRICE, LAUNCH_SUPPLY, MARKET, type World } from "./assumptions.ts";

const { useShare, trendPush, trendDays, temporaryImpact, investorsPerUnit, trendPerUnit } = MARKET;
const fading = (halfLife: number) => 2 ** (-1 / halfLife);
const SUPPLY_FADES = fading(MARKET.supplyHalfLife);
const TEMPORARY_FADES = fading(MARKET.temporaryHalfLife);
const HABIT_FADES = fading(MARKET.habitHalfLife);

export class Market {
  readonly world: World;
  /** Logarithm of the price, exactly that of the 8 decimals that the feed has. */
  logPrice = Math.log(LAUNCH_PRICE);
  price = LAUNCH_PRICE;
  /** Logarithm of demand since launch. */
  demand = 0;
  /** What use costs in dollars as users feel it (logarithm, against launch). */
  habit = 0;
  #pricedSupply = 0;
  #pressed = 0;
  /** FTNS in the pool. */
  #coins = 0;
  readonly #past = new Float64Array(trendDays + 1);
  #day = 0;
  /** What is sold a day at M = 1 by those at work at launch (FTNS). */
  readonly #expected: number;
  /** Free supply at launch, where free supply matters. */
  #freeAtLaunch = 0;

  constructor(world: World) {
    this.world = world;
    this.#expected = CONTRIBUTORS.sold * world.baseRewards * LAUNCH_SUPPLY;
    if (world.kind === "pool") this.#coins = world.depth * LAUNCH_SUPPLY;
  }

  /** Change of the logarithm of the price over the last 20 days. */
  get trend(): number {
    return this.logPrice - this.#past[(this.#day + 1) % (trendDays + 1)]!;
  }

  /**
   * The next day's price.
   * @param sold FTNS that contributors, stakers and the desk sold, less what it bought
   * @param free FTNS that anybody could sell: not staked, nor in the treasury, the pool or the desk
   * @param context multiplier of what use costs
   */
  step(demand: number, sold: number, supply: number, free: number, context: number): void {
    if (this.#day === 0) this.#freeAtLaunch = free;
    this.demand += demand;
    this.habit = HABIT_FADES * this.habit + (1 - HABIT_FADES) * (this.logPrice + Math.log(context));
    const share = sold / supply;
    const before = this.logPrice;
    let next: number;
    if (this.world.kind === "impact") next = before + demand - this.world.impact * (share - this.#expected / supply);
    else if (this.world.kind === "quantity") next = this.#quantity(this.world.elasticity, share, free);
    else next = this.#traded(this.world.depth, sold, supply, demand, free);
    const price = Math.min(MARKET.maxPrice, Math.max(MARKET.minPrice, Math.exp(next)));
    this.price = Math.round(price * 1e8) / 1e8;
    this.logPrice = Math.log(this.price);
    this.#day += 1;
    this.#past[this.#day % (trendDays + 1)] = this.logPrice;
  }

  #quantity(elasticity: number, share: number, free: number): number {
    this.#priceSupply(free);
    this.#pressed = TEMPORARY_FADES * this.#pressed + temporaryImpact * share;
    const dearer = Math.min(3, Math.max(-3, this.habit));
    const use = 1 - useShare + useShare * Math.exp((1 - elasticity) * dearer);
    return (
      this.demand + Math.log(use) - this.#pricedSupply - this.#pressed + trendPush * Math.min(0.5, Math.max(-0.5, this.trend))
    );
  }

  /** Constant product: investors buy below what they think it is worth, followers with the trend, and sellers sell. */
  #traded(depth: number, sold: number, supply: number, demand: number, free: number): number {
    this.#priceSupply(free);
    const worth = this.demand - this.#pricedSupply;
    // Investors follow what is new at once; the rest of their money comes by and by.
    const level = this.logPrice + demand;
    const bought = supply * (investorsPerUnit * (worth - level) + trendPerUnit * this.trend);
    const coins = this.#coins * Math.exp(-demand / 2);
    const most = coins * 0.5;
    const after = coins + Math.min(most, Math.max(-most, sold - bought));
    const next = level - 2 * Math.log(after / coins);
    const wanted = depth * supply;
    this.#coins = after + (wanted - after) / MARKET.liquidityDays;
    return next;
  }

  #priceSupply(free: number): void {
    const now = Math.log(free / this.#freeAtLaunch);
    this.#pricedSupply = SUPPLY_FADES * this.#pricedSupply + (1 - SUPPLY_FADES) * now;
  }
}
