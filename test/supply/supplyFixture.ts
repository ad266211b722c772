// A supply controller over a real price history that reads a feed which is always fresh.
import { refusalOf, type Preview } from "@ftns/model";
import type { SupplyController } from "../../typechain-types/index.js";
import { clockOf, DAY, HOUR, startOf, type Connection } from "../helpers/time.ts";

export const USD = 10n ** 8n;
export const WAD = 10n ** 18n;
/** A record holds for HOLD and they are made each PACE, so that filled days are fully covered. */
export const HOLD = 6n * HOUR;
export const PACE = 5n * HOUR;

export type SupplySetup = Awaited<ReturnType<typeof deploySupply>>;

/** The launch is tomorrow unless `launchDay` says otherwise. */
export async function deploySupply(connection: Connection, launchDay?: bigint) {
  const { ethers } = connection;
  const clock = clockOf(connection);
  const [admin, stranger] = await ethers.getSigners();
  const manager = await ethers.deployContract("AccessManager", [admin!.address]);
  const feed = await ethers.deployContract("FreshFeed");
  const history = await ethers.deployContract("PriceHistory", [manager, feed]);
  await history.setMaxHold(HOLD);
  const policy = await ethers.deployContract("RoadmapPolicy");
  const launch = launchDay ?? (await clock.today()) + 1n;
  const controller = await ethers.deployContract("SupplyController", [manager, history, policy, launch]);
  const createdAt = await clock.now();
  return { manager, feed, history, policy, controller, launch, createdAt, admin: admin!, stranger: stranger! };
}

/** Records `priceOf(day)` through the days `from` to `to`, and goes to the first second after them. */
export async function fillDays(
  connection: Connection,
  setup: SupplySetup,
  from: bigint,
  to: bigint,
  priceOf: (day: bigint) => bigint = () => 100n * USD,
): Promise<void> {
  const clock = clockOf(connection);
  for (let day = from; day <= to; day++) {
    await setup.feed.set(priceOf(day));
    for (let t = startOf(day) + (day === from ? 60n : 0n); t < startOf(day + 1n); t += PACE) {
      if (t <= (await clock.now())) continue;
      await clock.nextBlockAt(t);
      await setup.history.record();
    }
  }
  await clock.to(startOf(to + 1n));
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
