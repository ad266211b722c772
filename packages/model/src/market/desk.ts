/** MarketDesk.sol and DeskMath.sol, integer for integer. Prices are USD with 18 decimals, shares and ratios WAD, times seconds. */
import { mulDivUp, mulWad, mulWadUp } from "../math/fullMath.ts";
import { WAD } from "../math/words.ts";
import { Refused } from "../refused.ts";
import { dayOf } from "../time.ts";
import { DESK_REFUSALS, type DeskRefusal } from "./deskRefusals.ts";

export type DeskSide = "SELL" | "BUY";
export const DESK_SIDES = ["SELL", "BUY"] as const;

export const DESK_BAND = (8n * WAD) / 100n;
export const DESK_START = (3n * WAD) / 100n;
export const DESK_BEYOND = (3n * WAD) / 1_000n;
export const DESK_STEP_A_MINUTE = WAD / 1_000n;
export const DESK_START_TIME = 1_800n;
export const DESK_OFFER_TIME = 3_600n;
export const DESK_MAX_ANSWER_AGE = 900n;
export const DESK_MAX_DAY_SHARE = (3n * WAD) / 1_000n;
const MAX_APART = 1n;
const HELD_DIVISOR = 50n;
const LEAST_DIVISOR = 100n;

/** All that the desk looks at. */
export interface DeskMarket {
  halted: boolean;
  recovery: boolean;
  emergency: boolean;
  /** The path's price today; zero while there is none. */
  path: bigint;
  /** The feed's answer, when it was given (zero: never), and how many reporters agree with it; undefined for a foreign feed. */
  answer: bigint;
  answeredAt: bigint;
  reporters?: { agreeing: bigint; registered: bigint } | undefined;
  /** The latest hour that the last round closed, and its average; zero where it is not usable. */
  hour: bigint;
  hourAverage: bigint;
  totalSupply: bigint;
  /** What the desk holds: FTNS, and units of the dollar token. */
  inventory: bigint;
  reserve: bigint;
}

export interface DeskOffer {
  refusal: DeskRefusal;
  market: bigint;
  line: bigint;
  price: bigint;
  startedAt: bigint;
  share: bigint;
  left: bigint;
  least: bigint;
}

interface Book {
  startedAt: bigint;
  day: bigint;
  traded: bigint;
}

/** Where a side begins, rounded away from the path. */
export function deskLine(side: DeskSide, path: bigint): bigint {
  return side === "SELL" ? mulWadUp(path, WAD + DESK_BAND) : mulWad(path, WAD - DESK_BAND);
}

/** The price of a whole FTNS at `time`, in an offer that started at `startedAt`. */
export function deskPrice(side: DeskSide, market: bigint, line: bigint, startedAt: bigint, time: bigint): bigint {
  const ahead = startedAt > time;
  const moved = ahead ? mulDivUp(startedAt - time, DESK_STEP_A_MINUTE, 60n) : ((time - startedAt) * DESK_STEP_A_MINUTE) / 60n;
  if (side === "SELL") {
    const share = ahead ? WAD + DESK_START + moved : max(WAD + DESK_START - moved, WAD - DESK_BEYOND);
    return max(mulWadUp(market, share), line);
  }
  const part = ahead ? WAD - DESK_START - moved : min(WAD - DESK_START + moved, WAD + DESK_BEYOND);
  return min(mulWad(market, part), line);
}

/** The state of a MarketDesk for a dollar token of `decimals`. */
export class MarketDeskModel {
  readonly unit: bigint;
  dayShare: bigint;
  readonly books: Record<DeskSide, Book> = {
    SELL: { startedAt: 0n, day: 0n, traded: 0n },
    BUY: { startedAt: 0n, day: 0n, traded: 0n },
  };

  constructor(dayShare: bigint, decimals = 18n) {
    this.unit = 10n ** (36n - decimals);
    this.dayShare = dayShare;
  }

  tradedToday(side: DeskSide, now: bigint): bigint {
    const { day, traded } = this.books[side];
    return day === dayOf(now) ? traded : 0n;
  }

  offer(side: DeskSide, seen: DeskMarket, now: bigint): DeskOffer {
    const made: DeskOffer = {
      refusal: "NONE",
      market: 0n,
      line: 0n,
      price: 0n,
      startedAt: 0n,
      share: 0n,
      left: 0n,
      least: 0n,
    };
    made.refusal = calm(seen);
    if (made.refusal === "NONE") readMarket(side, seen, now, made);
    if (made.refusal === "NONE") this.#readShare(side, seen, now, made);
    if (made.refusal !== "NONE") return made;
    const { startedAt } = this.books[side];
    if (startedAt === 0n || now > startedAt + DESK_OFFER_TIME) return { ...made, refusal: "NOT_OPEN" };
    return { ...made, startedAt, price: deskPrice(side, made.market, made.line, startedAt, now) };
  }

  open(side: DeskSide, seen: DeskMarket, now: bigint): void {
    const { refusal, startedAt } = this.offer(side, seen, now);
    if (refusal === "NONE") throw new Refused("SideOpen", sideNumber(side), startedAt);
    if (refusal !== "NOT_OPEN") throw noOffer(side, refusal);
    this.books[side].startedAt = now;
  }

  /** Fills `tokens` of the offer, and tells the dollars; `limit` is what the taker agreed to. What is moved is the caller's business. */
  fill(side: DeskSide, tokens: bigint, limit: bigint, seen: DeskMarket, now: bigint): bigint {
    const made = this.offer(side, seen, now);
    if (made.refusal !== "NONE") throw noOffer(side, made.refusal);
    const dollars = this.dollars(side, tokens, made.price);
    if (side === "SELL" ? dollars > limit : dollars < limit) throw new Refused("PastLimit", sideNumber(side), dollars, limit);
    const amount = side === "SELL" ? tokens : dollars;
    if (amount < made.least || amount > made.left) {
      throw new Refused("FillOutOfBounds", sideNumber(side), amount, made.least, made.left);
    }
    this.books[side] = {
      startedAt: this.books[side].startedAt + mulDivUp(amount, DESK_START_TIME, made.share),
      day: dayOf(now),
      traded: this.tradedToday(side, now) + amount,
    };
    return dollars;
  }

  /** What `tokens` cost or bring at `price`. */
  dollars(side: DeskSide, tokens: bigint, price: bigint): bigint {
    return side === "SELL" ? mulDivUp(tokens, price, this.unit) : (tokens * price) / this.unit;
  }

  #readShare(side: DeskSide, seen: DeskMarket, now: bigint, made: DeskOffer): void {
    const traded = this.tradedToday(side, now);
    const ofSupply = mulWad(seen.totalSupply, this.dayShare);
    const most = side === "SELL" ? ofSupply : (ofSupply * made.market) / this.unit;
    const held = side === "SELL" ? seen.inventory : seen.reserve;
    made.share = min(most, (held + traded) / HELD_DIVISOR);
    made.left = made.share > traded ? made.share - traded : 0n;
    made.least = (made.share + LEAST_DIVISOR - 1n) / LEAST_DIVISOR;
    if (made.left === 0n || made.left < made.least) made.refusal = "EMPTY";
  }
}

function calm({ halted, recovery, emergency }: DeskMarket): DeskRefusal {
  return halted ? "HALTED" : recovery ? "RECOVERY" : emergency ? "EMERGENCY" : "NONE";
}

function readMarket(side: DeskSide, seen: DeskMarket, now: bigint, made: DeskOffer): void {
  made.refusal = marketRefusal(seen, now);
  if (made.refusal !== "NONE") return;
  const { answer, hourAverage, path } = seen;
  made.market = side === "SELL" ? max(answer, hourAverage) : min(answer, hourAverage);
  made.line = deskLine(side, path);
  const beyond = side === "SELL" ? made.market > made.line : made.market < made.line;
  if (!beyond) made.refusal = "WITHIN_BAND";
}

function marketRefusal({ path, answeredAt, reporters, hour, hourAverage }: DeskMarket, now: bigint): DeskRefusal {
  if (path === 0n) return "NO_PATH";
  if (answeredAt === 0n || answeredAt + DESK_MAX_ANSWER_AGE < now) return "ANSWER_OLD";
  if (reporters !== undefined && reporters.agreeing + MAX_APART < reporters.registered) return "REPORTERS_APART";
  return hour + 2n < now / 3_600n || hourAverage === 0n ? "HOUR_THIN" : "NONE";
}

const sideNumber = (side: DeskSide) => BigInt(DESK_SIDES.indexOf(side));
const noOffer = (side: DeskSide, refusal: DeskRefusal) =>
  new Refused("NoOffer", sideNumber(side), BigInt(DESK_REFUSALS.indexOf(refusal)));
const max = (a: bigint, b: bigint) => (a > b ? a : b);
const min = (a: bigint, b: bigint) => (a < b ? a : b);
