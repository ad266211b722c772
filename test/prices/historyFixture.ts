// A price history over a feed that says what it is told to.
import { expect } from "chai";
import { clockOf, dayOf, HOUR, startOf, type Connection } from "../helpers/time.ts";

export const USD = 10n ** 8n;
export const WAD = 10n ** 18n;

async function deploy(connection: Connection) {
  const { ethers } = connection;
  const [admin, stranger] = await ethers.getSigners();
  const manager = await ethers.deployContract("AccessManager", [admin!.address]);
  const feed = await ethers.deployContract("MockFeed", [8]);
  const history = await ethers.deployContract("PriceHistory", [manager, feed]);
  /** First second of the first protocol day after deployment. */
  const launch = startOf(dayOf(await clockOf(connection).now()) + 1n);
  return { manager, feed, history, launch, launchDay: dayOf(launch), stranger: stranger! };
}

/** What tests do with the history that `fresh` deployed last. */
export function priceHistoryOn(connection: Connection) {
  const clock = clockOf(connection);
  const deployed = () => deploy(connection);
  let setup: Awaited<ReturnType<typeof deploy>>;

  async function fresh() {
    setup = await connection.networkHelpers.loadFixture(deployed);
    return setup;
  }

  async function recordAt(time: bigint, price: bigint) {
    await setup.feed.set(1, price, time);
    await clock.nextBlockAt(time);
    return setup.history.connect(setup.stranger).record();
  }

  /** Records `price` at `time` and each `every` seconds after it, until just before `until`. */
  async function recordThrough(time: bigint, until: bigint, price: bigint, every = 3n * HOUR) {
    for (let t = time; t < until; t += every) await recordAt(t, price);
  }

  async function refuses(call: Promise<unknown>, name: string, ...args: unknown[]) {
    await expect(call)
      .to.be.revertedWithCustomError(setup.history, name)
      .withArgs(...args);
  }

  const day = async (index: bigint) => (await setup.history.dayAverages([index]))[0]!;
  const hour = async (index: bigint) => (await setup.history.hourAverages([index]))[0]!;

  return { clock, fresh, recordAt, recordThrough, refuses, day, hour };
}

export type PriceHistorySetup = Awaited<ReturnType<typeof deploy>>;
