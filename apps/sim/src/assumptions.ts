/**
 * Everything that this simulation assumes, in one place, each with its reason.
 *
 * Nobody has traded FTNS yet, so none of these numbers is measured. They were written down before the first run, and
 * policies are compared under all of them at once; a rule that is better in one world only is not better.
 * What is *not* here is not assumed: demurrage, tiers, budgets, the rule's own arithmetic are the contracts' and are compared
 * with them. Units: USD, FTNS, days; logarithms are natural; rates are a day unless they say otherwise.
 */

// ---------------------------------------------------------------------------------------------------------------- time

export const YEARS = 5;
/** Five years of 365 days and the day they end on. Long enough for a cycle and for demurrage to halve an idle balance. */
export const DAYS = 1_826;

/** Yearly volatility of the market's own shocks. 0.4 is a calm large coin, 0.8 a young one. */
export const VOLATILITIES = [0.4, 0.8] as const;

// -------------------------------------------------------------------------------------------------------------- worlds

/** How what people buy and sell becomes a price. Nobody knows which is true, so there are nine. */
export type World =
  | { name: string; kind: "impact"; impact: number; baseRewards: number; label: string }
  | { name: string; kind: "quantity"; elasticity: number; baseRewards: number; label: string }
  | { name: string; kind: "pool"; depth: number; baseRewards: number; label: string };

/**
 * Work that the network pays at M = 1, as a share of the launch supply a day. 0.03 % is a third of the emission budget, so that a
 * multiplier has room both ways; 0.08 % nearly fills it.
 */
const BASE_REWARDS = 0.0003;

export const WORLDS: readonly World[] = [
  // The logarithm of the price falls by `impact` times the share of supply sold, for good. Estimates for large stocks and coins lie
  // around 1; 5 is a market that takes every sale for news. What is sold at M = 1 is expected and priced, so that a regime is what
  // the price does at M = 1, and only more or less than that moves it.
  { name: "G0.5", kind: "impact", impact: 0.5, baseRewards: BASE_REWARDS, label: "permanent impact 0.5" },
  { name: "G1.5", kind: "impact", impact: 1.5, baseRewards: BASE_REWARDS, label: "permanent impact 1.5" },
  { name: "G5", kind: "impact", impact: 5, baseRewards: BASE_REWARDS, label: "permanent impact 5" },
  // Coins are worth what people want to do with them, shared among the free coins. `elasticity`: by how much use falls when it
  // gets dearer; below 1 users spend more dollars when the price rises.
  { name: "Q1", kind: "quantity", elasticity: 1, baseRewards: BASE_REWARDS, label: "quantity theory, elasticity 1" },
  { name: "Q0.7", kind: "quantity", elasticity: 0.7, baseRewards: BASE_REWARDS, label: "quantity theory, elasticity 0.7" },
  { name: "Q1.5", kind: "quantity", elasticity: 1.5, baseRewards: BASE_REWARDS, label: "quantity theory, elasticity 1.5" },
  // A constant-product pool in which investors trade towards what they think the coin is worth, and others follow the trend.
  { name: "A4", kind: "pool", depth: 0.04, baseRewards: BASE_REWARDS, label: "pool of 4 % of supply a side" },
  { name: "A1.5", kind: "pool", depth: 0.015, baseRewards: BASE_REWARDS, label: "pool of 1.5 % of supply a side" },
  { name: "A4big", kind: "pool", depth: 0.04, baseRewards: 0.0008, label: "pool of 4 %, more work than the budget pays" },
];

export const MARKET = {
  /** Quantity theory: half of the demand is use of the network, half is everything else. */
  useShare: 0.5,
  /** A change of the free supply is priced with this half-life: it shows on-chain, but few look. */
  supplyHalfLife: 20,
  /** Sales also press the price for some days before buyers come: per share of supply sold, fading with this half-life. */
  temporaryImpact: 3,
  temporaryHalfLife: 5,
  /** People get used to a price of use within weeks. */
  habitHalfLife: 30,
  /** Part of a 20-day trend that trend followers add to the price (quantity theory). */
  trendPush: 0.15,
  trendDays: 20,
  /** Pool: investors buy this share of supply a day for each unit by which the logarithm of the price lies below their value. */
  investorsPerUnit: 0.0024,
  /** Pool: trend followers buy this share of supply a day for each unit of a 20-day trend. */
  trendPerUnit: 0.0003,
  /** Liquidity follows the market: the pool returns to its depth within two months. */
  liquidityDays: 60,
  /** No price beyond these (USD); the feed has 8 decimals, and policies refuse averages beyond 1e-8 and 1e10. */
  minPrice: 1e-5,
  maxPrice: 1e6,
} as const;

// ------------------------------------------------------------------------------------------------------------- regimes

/** What the market's own demand does. The first six are for choosing; the others were held out. */
export const TRAINING_REGIMES = ["steady", "bull", "bear", "crash", "cycle", "fat"] as const;
export const HELD_OUT_REGIMES = ["jumps", "reverting", "stagnation", "scurve", "sp500", "sp500scaled"] as const;
export type Regime = (typeof TRAINING_REGIMES)[number] | (typeof HELD_OUT_REGIMES)[number];

export const REGIME_LABELS: Record<Regime, string> = {
  steady: "steady growth of 30 % a year",
  bull: "doubling a year for 18 months, then flat",
  bear: "falling 35 % a year",
  crash: "growth, a fall of 65 % in 20 days, half of it recovered",
  cycle: "a two-year cycle between half and double",
  fat: "fat tails, switching between calm and wild",
  jumps: "jumps, and volatility that clusters",
  reverting: "mean reversion to a growing value",
  stagnation: "no growth",
  scurve: "adoption along an S-curve",
  sp500: "the S&P 500 since 2000 as it was",
  sp500scaled: "the S&P 500 since 2000, scaled to the volatility",
};

export const REGIMES = {
  steadyGrowth: Math.log(1.3),
  bullGrowth: Math.log(2),
  bullDays: 548,
  bearGrowth: Math.log(0.65),
  crash: { from: 500, to: 900, fall: Math.log(0.35), days: 20, recovered: 0.5, recoveryDays: 250, growth: Math.log(1.2) },
  cycle: { days: 730, amplitude: Math.log(2), growth: Math.log(1.15) },
  /** Student's t with 3 degrees of freedom; calm and wild last 120 and 60 days on average. */
  fat: { degrees: 3, calm: 0.6, wild: 1.8, calmDays: 120, wildDays: 60, calmGrowth: 0.3, wildGrowth: -0.2 },
  /** Six jumps a year of 12 % either way; today's variance is 0.06 yesterday's shock, 0.92 yesterday's variance. */
  jumps: { perYear: 6, size: 0.12, shock: 0.06, memory: 0.92, growth: Math.log(1.2) },
  reverting: { days: 120, growth: Math.log(1.2) },
  /** A tenfold demand, half of it after 900 days. */
  scurve: { top: Math.log(10), middle: 900, width: 180 },
  /** Eight windows of one series that overlap: hardly two independent ones. */
  seriesWindows: 8,
} as const;

/** Seeds of the choice of a rule, and those of the report, which nothing was chosen on. */
export const TRAINING_SEEDS = { first: 0, count: 20 } as const;
export const REPORT_SEEDS = { first: 1_000, count: 100 } as const;

/** A feed that is down for 8 hours makes a day too thin to be used; once in two years. The same days under all rules. */
export const OUTAGES_PER_YEAR = 0.5;
/** Voters pass the pause after a crash trigger in half of the cases; it lasts this many days. */
export const EMERGENCY = { passes: 0.5, pauseDays: 3, voteHours: 6 } as const;

// -------------------------------------------------------------------------------------------------------------- people

export const LAUNCH_SUPPLY = 100_000_000;
export const LAUNCH_PRICE = 1;

/**
 * Contributors. 60 people stand for thousands, each for `weight` people like itself; 20 of each kind of work.
 * Each proves the same value every 7 days, and claims then what it is owed: the least regular work that keeps its tier with a margin.
 */
export const CONTRIBUTORS = {
  perKind: 20,
  proofEveryDays: 7,
  kinds: [
    { name: "storage", kind: 0, value: 6, quality: 0.6, shareOfRewards: 0.2 },
    { name: "compute", kind: 1, value: 24, quality: 0.7, shareOfRewards: 0.35 },
    { name: "data", kind: 2, value: 60, quality: 0.9, shareOfRewards: 0.45 },
  ],
  /**
   * Income in dollars at which the work just pays: lognormal, half of the launch income in the middle, so that most earn
   * something and 14 % would come only if it paid more.
   */
  breakEvenMedian: 0.5,
  breakEvenSigma: 0.65,
  /** Who loses money leaves within 45 days on average; who would gain 20 % comes within 90: leaving is easier than starting. */
  leaveDays: 45,
  comeDays: 90,
  comeAbove: 1.2,
  /** People look at the last month's income. */
  incomeDays: 30,
  /** They live on it: four fifths are sold at once, a twentieth pays for AI, the rest is kept. */
  sold: 0.8,
  usedForAi: 0.05,
} as const;

/** Everybody else. `holds` is what one of them holds at launch (FTNS), `weight` how many there are; all holdings sum to 100 M. */
export const PEOPLE = {
  /** Does nothing, buys what is for sale. The largest holders of most coins are. */
  hoarder: { weight: 5_000, holds: 5_000 },
  /** One account of an exchange with its customers' coins: everybody buys from it and sells to it. */
  exchange: { weight: 1, holds: 14_000_000 },
  /** In and out of the exchange all day: no tier, so the token counts none of it as use. */
  trader: { weight: 2_000, holds: 2_500 },
  /** Buys a fifth of its holding a month on a rising trend and sells on a falling one. */
  speculator: { weight: 1_000, holds: 5_000 },
  /** Pays for AI as it goes: half of what it holds each month. */
  user: { weight: 20_000, holds: 40, spendsAMonth: 20 },
  /** A firm that pays out three times what it holds. */
  heavyUser: { weight: 500, holds: 400, spendsAMonth: 1_200 },
  /** Stakes without contributing, for 1.5 % a year and no demurrage; keeps a little at hand. */
  staker: { weight: 3_000, holds: 100, stakes: 5_000 },
  /** The pool's coins, held as wFTNS: charged at the top rate without a tier. */
  marketMaker: { weight: 1, holds: 4_000_000 },
  /** Cheat: a hoarder that works 101 FTNS every 43 days for the highest tier's half rate (docs/attacks.md, "POWER, idle"). */
  idlePower: { weight: 20, holds: 100_000, proves: 101, everyDays: 43 },
  /** Cheat: two such accounts that pay each other all they have every day ("two own contributor accounts"). */
  washPair: { weight: 20, holds: 50_000, proves: 101, everyDays: 43 },
  /** The timelock, exempt; a desk's inventory comes out of it. The rest of the launch supply. */
  treasury: { weight: 1 },
} as const;

export const BEHAVIOUR = {
  /** Who takes the coins that contributors sell: parts of what the exchange gains (the rest stays there). */
  hoardersBuy: 0.6,
  speculatorsBuy: 0.2,
  /** An exchange that has less than this gets coins from hoarders, who sell a hundredth a day; a desk finds at most 5 % of it a day. */
  exchangeStock: 8_000_000,
  deskOffered: 0.05,
  /** Speculators move this part of their coins a day for a unit of the 20-day trend, at most 2 %. */
  speculation: 0.05,
  /** The staked share follows what staking brings over holding (yield plus demurrage spared), within months. */
  stakingDays: 90,
  stakingElasticity: 0.5,
  /** Holding costs about this much a year (12 months at 1 %). */
  holdingCost: 0.115,
  /** Stakers and royalty owners sell what they are paid. */
  yieldSold: 1,
  /** Users' spending follows the price of use in dollars with the world's elasticity, and with this one where it has none. */
  useElasticity: 1,
} as const;

/** Use of the token (SPEC 10): the operator keeps 5 %; of the rest a tenth is burned, a fifth are royalties, 70 % fill the pool. */
export const USE = { operator: 0.05, burn: 0.1, royalties: 0.2 } as const;

// ---------------------------------------------------------------------------------------------------------------- desk

/** The market desk of SPEC 14, as large as the lab's. */
export const DESK = {
  /** Share of the launch supply, and dollars as a share of the launch market value. */
  inventory: 0.1,
  reserve: 0.2,
  /** Of supply, a day and side; and at most this part of inventory or reserve. */
  perDay: 0.001,
  perDayOfStock: 0.02,
  above: 1.08,
  below: 0.92,
  /** Takers wait until the auction is 0.3 % on their side: the worst that the desk accepts. */
  takers: 0.003,
} as const;

// ------------------------------------------------------------------------------------------------------------- metrics

/** "Within 20 % of the path", either way in logarithms. */
export const BAND = Math.log(1.2);
