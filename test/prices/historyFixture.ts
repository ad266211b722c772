// A price history and a feed that hands it whatever stretches of prices a test wants, at whatever times.
import type { Connection } from "../helpers/time.ts";
import { clockOf, dayOf, HOUR, startOf } from "../helpers/time.ts";

export const USD = 10n ** 8n;
export const WAD = 10n ** 18n;

export async function deployHistory(connection: Connection, heartbeat = 48n * HOUR) {
  const { ethers } = connection;
  const [admin, stranger] = await ethers.getSigners();
  const manager = await ethers.deployContract("AccessManager", [admin!.address]);
  const feed = await ethers.deployContract("HandingFeed");
  const history = await ethers.deployContract("PriceHistory", [manager, feed, true, heartbeat]);
  /** First second of a protocol day. */
  const launch = startOf(dayOf(await clockOf(connection).now()) + 1n);

  /** `price` holds from `from` to `to`; what lies between it and what was known before is a gap. */
  const stretch = async (from: bigint, to: bigint, price: bigint) => {
    if ((await feed.lastAt()) !== from) await feed.hand(history, from, 0n);
    await feed.hand(history, to, price);
  };
  const day = async (index: bigint) => (await history.dayAverages([index]))[0]!;
  const hour = async (index: bigint) => (await history.hourAverages([index]))[0]!;
  return { manager, feed, history, launch, launchDay: dayOf(launch), stranger: stranger!, stretch, day, hour };
}

export type HistorySetup = Awaited<ReturnType<typeof deployHistory>>;
