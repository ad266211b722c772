// A supply controller over a real price history, and a feed that hands it whatever prices a test wants.
import { refusalOf, type Preview } from "@ftns/model";
import type { SupplyController } from "../../typechain-types/index.js";
import { clockOf, DAY, HOUR, startOf, type Connection } from "../helpers/time.ts";

export const USD = 10n ** 8n;
export const WAD = 10n ** 18n;
/** A price stands for HOLD. */
export const HOLD = 6n * HOUR;

export type SupplySetup = Awaited<ReturnType<typeof deploySupply>>;

/** The launch is tomorrow unless `launchDay` says otherwise. */
export async function deploySupply(connection: Connection, launchDay?: bigint) {
  const { ethers } = connection;
  const clock = clockOf(connection);
  const [admin, stranger] = await ethers.getSigners();
  const manager = await ethers.deployContract("AccessManager", [admin!.address]);
  const feed = await ethers.deployContract("HandingFeed");
  const history = await ethers.deployContract("PriceHistory", [manager, feed, true, HOLD]);
  const policy = await ethers.deployContract("RoadmapPolicy");
  const launch = launchDay ?? (await clock.today()) + 1n;
  const controller = await ethers.deployContract("SupplyController", [manager, history, policy, launch]);
  const createdAt = await clock.now();
  return { manager, feed, history, policy, controller, launch, createdAt, admin: admin!, stranger: stranger! };
}

/** `price` holds from `from` to `to`, in stretches that a price may stand; what was unknown before it stays so. */
export async function holds(
  { feed, history }: Pick<SupplySetup, "feed" | "history">,
  from: bigint,
  to: bigint,
  price: bigint,
): Promise<void> {
  if ((await feed.lastAt()) !== from) await feed.hand(history, from, 0n);
  for (let at = from; at < to; ) {
    at = at + HOLD < to ? at + HOLD : to;
    await feed.hand(history, at, price);
  }
}

/** `priceOf(day)` through the days `from` to `to`; goes to the first second after them, at which a round closes the last. */
export async function fillDays(
  connection: Connection,
  setup: SupplySetup,
  from: bigint,
  to: bigint,
  priceOf: (day: bigint) => bigint = () => 100n * USD,
): Promise<void> {
  for (let day = from; day <= to; day++) await holds(setup, startOf(day), startOf(day + 1n), priceOf(day));
  await clockOf(connection).to(startOf(to + 1n));
}

/** The contract's preview in the model's form, as of the latest block or of the one to come. */
export async function previewOf(controller: SupplyController, blockTag: "latest" | "pending" = "latest"): Promise<Preview> {
  const preview = await controller.preview({ blockTag });
  const { ok, refusal, day, availableAt, thinDay, coveredSec, neededSec, window, decision, factor, newMultiplier } = preview;
  return {
    ok,
    refusal: refusalOf(refusal),
    day,
    availableAt,
    thinDay,
    coveredSec,
    neededSec,
    window: {
      day: window.day,
      daysSinceLaunch: window.daysSinceLaunch,
      multiplier: window.multiplier,
      averageMonthBefore: window.averageMonthBefore,
      dailyAverages: [...window.dailyAverages],
    },
    decision: {
      target: decision.target,
      velocity: decision.velocity,
      volatility: decision.volatility,
      damping: decision.damping,
      baseFactor: decision.baseFactor,
      factor: decision.factor,
    },
    factor,
    newMultiplier,
  };
}

export { DAY, HOUR };

/** With a full window of flat prices, in the first second of the first day on which an adjustment may come. */
export async function readySupply(connection: Connection) {
  const setup = await deploySupply(connection);
  await fillDays(connection, setup, setup.launch, setup.launch + 30n);
  return setup;
}
