// A market desk over a real price history, with a token, a feed, a breaker and a path that say whatever a test wants.
import { DESK_REFUSALS, type DeskSide, DESK_SIDES } from "@ftns/model";
import { clockOf, type Connection, dayOf, HOUR, startOf } from "../helpers/time.ts";

export const WAD = 10n ** 18n;
export const FTNS = WAD;
/** The dollar token has 6 decimals unless a test says otherwise. */
export const USD = 10n ** 6n;
export const SUPPLY = 100_000_000n * FTNS;
export const INVENTORY = 10_000_000n * FTNS;
export const RESERVE = 20_000_000n * USD;
/** What the desk trades a day: 0.1 % of the supply. */
export const SHARE = WAD / 1_000n;
const HEARTBEAT = 3n * HOUR;
const REPORTERS = 5n;
const ALL = (1n << 256n) - 1n;

export const SIDE: Record<DeskSide, bigint> = { SELL: 0n, BUY: 1n };
export const refusalNumber = (name: (typeof DESK_REFUSALS)[number]) => BigInt(DESK_REFUSALS.indexOf(name));

export type DeskSetup = Awaited<ReturnType<typeof deskOn>>;

/** 1 - 2^-lead, as the feed says it. */
export const confidenceOf = (agreeing: bigint, reports: bigint): bigint => {
  const lead = 2n * agreeing - reports;
  return lead <= 0n ? 0n : ((WAD << lead) - WAD) >> lead;
};

export interface Said {
  agreeing?: bigint;
  reports?: bigint;
  registered?: bigint;
  /** Age of the answer (seconds). */
  age?: bigint;
  /** The last hour's average, where it is not the price. */
  average?: bigint;
}

/** At noon, with a path at 1 USD and a market that nobody has told yet. */
export async function deskOn(connection: Connection, { decimals = 6n } = {}) {
  const { ethers } = connection;
  const clock = clockOf(connection);
  await clock.toDaysAhead(1n, 10n * HOUR);
  const [admin, taker, stranger] = await ethers.getSigners();
  const manager = await ethers.deployContract("AccessManager", [admin!.address]);
  const token = await ethers.deployContract("DeskToken");
  const dollar = await ethers.deployContract("DeskDollar", [decimals]);
  const feed = await ethers.deployContract("DeskFeed");
  const history = await ethers.deployContract("PriceHistory", [manager, feed, true, HEARTBEAT]);
  const breaker = await ethers.deployContract("DeskBreaker");
  const path = await ethers.deployContract("DeskPath", [(await clock.today()) - 100n]);
  const desk = await ethers.deployContract("MarketDesk", [manager, token, dollar, history, breaker, path, SHARE]);
  const unit = 10n ** decimals;
  await path.set(WAD);
  await token.mint(desk, INVENTORY);
  await token.mint(taker!, SUPPLY - INVENTORY);
  await dollar.mint(desk, (RESERVE / USD) * unit);
  await dollar.mint(taker!, 1_000_000_000n * unit);
  await token.connect(taker!).approve(desk, ALL);
  await dollar.connect(taker!).approve(desk, ALL);

  /** `price` (USD, 8 decimals) held for the last hours and is the feed's answer now; the next block comes at this time too. */
  const market = async (
    price: bigint,
    { agreeing, reports = REPORTERS, registered = REPORTERS, age = 0n, average = price }: Said = {},
  ) => {
    const now = (await clock.now()) + 1n;
    const at = now - age;
    const from = at - 2n * HOUR;
    const before = await feed.lastAt();
    if (before < from) await feed.hand(history, from, 0n);
    await feed.hand(history, at, average);
    await feed.say(price, at, confidenceOf(agreeing ?? reports, reports), reports, registered);
    return at;
  };
  return {
    connection,
    clock,
    admin: admin!,
    taker: taker!,
    stranger: stranger!,
    manager,
    token,
    dollar,
    feed,
    history,
    breaker,
    path,
    desk,
    market,
    /** What the contract offers in the block to come, in the model's form. */
    offer: async (side: DeskSide, blockTag: "latest" | "pending" = "latest") => {
      const { refusal, market, line, price, startedAt, share, left, least } = await desk.offer(SIDE[side], { blockTag });
      return { refusal: DESK_REFUSALS[Number(refusal)]!, market, line, price, startedAt, share, left, least };
    },
  };
}

export { clockOf, DESK_SIDES, dayOf, HOUR, startOf };
