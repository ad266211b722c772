// What the history makes of its records: averages of hours and days, and the window that adjustments ask for.
import { expect } from "chai";
import { network } from "hardhat";
import { PriceHistoryModel } from "@ftns/model";
import { HOUR_NEEDED_SEC } from "@ftns/model/prices/priceHistory.ts";
import { DAY, dayOf, HOUR } from "../helpers/time.ts";
import { priceHistoryOn, USD, WAD, type PriceHistorySetup } from "./historyFixture.ts";

const connection = await network.create();
const { clock, fresh, recordAt, recordThrough, refuses, day, hour } = priceHistoryOn(connection);

describe("PriceHistory", () => {
  let setup: PriceHistorySetup;
  let launch: bigint;
  let launchDay: bigint;

  beforeEach(async () => {
    setup = await fresh();
    ({ launch, launchDay } = setup);
  });

  describe("averages", () => {
    it("weigh each price with the time it held", async () => {
      await recordAt(launch, 100n * USD);
      await recordAt(launch + 600n, 400n * USD);
      await recordAt(launch + HOUR, USD);
      const index = launch / HOUR;
      expect((await hour(index)).averageWad).to.equal(((100n * 600n + 400n * 3_000n) * WAD) / 3_600n);
      expect(await setup.history.hourAverage(index)).to.deep.equal([350n * WAD, 3_600n]);
    });

    it("round down", async () => {
      await recordAt(launch, 1n);
      await recordAt(launch + 1_200n, 2n);
      await recordAt(launch + HOUR, USD);
      expect((await hour(launch / HOUR)).averageWad).to.equal(((1n * 1_200n + 2n * 2_400n) * 10n ** 10n) / 3_600n);
    });

    it("split a stretch over the hours and days it touches", async () => {
      await recordAt(launch + DAY - 90n * 60n, 100n * USD);
      await recordAt(launch + DAY + 30n * 60n, 200n * USD);
      const boundary = (launch + DAY) / HOUR;
      const hours = await setup.history.hourAverages([boundary - 2n, boundary - 1n, boundary]);
      expect(hours.map((h) => h.coveredSec)).to.deep.equal([1_800n, 3_600n, 1_800n]);
      expect(hours.map((h) => h.coveredBeforeSec)).to.deep.equal([0n, 1_800n, 5_400n]);
      expect((await day(launchDay)).coveredSec).to.equal(5_400n);
      expect((await day(launchDay + 1n)).coveredSec).to.equal(1_800n);
      expect((await day(launchDay + 1n)).coveredBeforeSec).to.equal(5_400n);
    });

    it("P47: bridge a gap for maxHold and leave the rest uncovered", async () => {
      await recordAt(launch, 100n * USD);
      await recordAt(launch + 10n * HOUR, 200n * USD);
      expect((await day(launchDay)).coveredSec).to.equal(3n * HOUR);
      expect((await hour(launch / HOUR + 3n)).coveredSec).to.equal(0);
    });

    it("include the price that holds now, so that a finished period never changes", async () => {
      await recordThrough(launch, launch + DAY, 100n * USD, 2n * HOUR);
      await clock.to(launch + DAY);
      const finished = [...(await day(launchDay))];
      expect(finished).to.deep.equal([launchDay, 100n * WAD, DAY, 0n, true]);
      await clock.to(launch + DAY + HOUR);
      expect([...(await day(launchDay))]).to.deep.equal(finished);
      await recordAt(launch + DAY + 5n * HOUR, 999n * USD);
      expect([...(await day(launchDay))]).to.deep.equal(finished);
      expect((await day(launchDay + 1n)).coveredSec).to.equal(HOUR);
    });

    it("P47: are usable from 80 % coverage on, and say what is missing below", async () => {
      const needed = (DAY * 8n) / 10n;
      for (const [offset, short] of [
        [0n, 0n],
        [2n * DAY, 1n],
      ] as const) {
        const start = launch + offset;
        await recordThrough(start, start + needed - HOUR - short, 100n * USD);
        await setup.history.setMaxHold(HOUR);
        await recordAt(start + needed - HOUR - short, 100n * USD);
        await recordAt(start + DAY + 5n * HOUR, 100n * USD);
        await setup.history.setMaxHold(3n * HOUR);
        const index = dayOf(start);
        expect((await day(index)).usable).to.equal(short === 0n);
        if (short === 0n) expect(await setup.history.dayAverage(index)).to.deep.equal([100n * WAD, needed]);
        else await refuses(setup.history.dayAverage(index), "DayNotUsable", index, needed - 1n, needed);
      }
    });

    it("refuse an hour below 80 %, a future one and one that never was", async () => {
      await recordAt(launch + 721n, 100n * USD);
      await clock.to(launch + 2n * HOUR);
      const index = launch / HOUR;
      await refuses(setup.history.hourAverage(index), "HourNotUsable", index, HOUR_NEEDED_SEC - 1n, HOUR_NEEDED_SEC);
      await refuses(setup.history.hourAverage(index + 5n), "HourNotUsable", index + 5n, 0, 2_880n);
      for (const odd of [0n, 1n << 40n, (1n << 256n) - 1n]) {
        expect([...(await hour(odd))]).to.deep.equal([odd, 0n, 0n, 0n, false]);
        expect([...(await day(odd))]).to.deep.equal([odd, 0n, 0n, 0n, false]);
      }
    });

    it("are kept for 48 hours and 64 days", async () => {
      const days = 66n;
      await recordThrough(launch, launch + days * DAY, 100n * USD, 3n * HOUR);
      await clock.to(launch + days * DAY);
      const last = launchDay + days - 1n;
      expect((await day(last - 63n)).usable).to.equal(true);
      expect((await day(last - 64n)).coveredSec).to.equal(0);
      const lastHour = (launch + days * DAY) / HOUR - 1n;
      // The hours under the open stretch are not written yet, so their forerunners are still there.
      expect((await hour(lastHour - 47n)).usable).to.equal(true);
      expect((await hour(lastHour - 51n)).coveredSec).to.equal(0);
    });
  });

  describe("window", () => {
    const lastDay = () => launchDay + 30n;
    const fill = async (skip: bigint[] = []) => {
      for (let d = 0n; d <= 30n; d++) {
        if (!skip.includes(d)) await recordThrough(launch + d * DAY, launch + (d + 1n) * DAY, (100n + d) * USD);
      }
      await clock.to(launch + 31n * DAY);
    };

    it("names the first thin day among the nine that count", async () => {
      await fill([0n, 25n]);
      expect([...(await setup.history.window(lastDay()))].slice(0, 4)).to.deep.equal([false, launchDay, 0n, 69_120n]);
    });

    it("names a thin day among the latest eight", async () => {
      await fill([25n]);
      expect([...(await setup.history.window(lastDay()))].slice(0, 4)).to.deep.equal([false, launchDay + 25n, 0n, 69_120n]);
    });

    it("P47: is thin as a whole below 80 % of the 30 days, though all nine days are full", async () => {
      await fill([3n, 4n, 5n, 6n, 7n, 8n, 9n]);
      expect([...(await setup.history.window(lastDay()))].slice(0, 4)).to.deep.equal([false, 0n, 23n * DAY, 24n * DAY]);
    });

    it("P47: is usable at 80 % of the 30 days, and gives the nine averages", async () => {
      await fill([3n, 4n, 5n, 6n, 7n, 8n]);
      const window = await setup.history.window(lastDay());
      expect([...window].slice(0, 5)).to.deep.equal([true, 0n, 0n, 0n, 100n * WAD]);
      expect([...window.dailyAverages]).to.deep.equal([123n, 124n, 125n, 126n, 127n, 128n, 129n, 130n].map((p) => p * WAD));
    });

    describe("given 31 days that are covered for exactly 80 %, but for one of them", () => {
      const NEEDED = 69_120n;
      const HOLD = 6n * HOUR;
      let model: PriceHistoryModel;
      /** The contract's window, after checking that the model's is the same. */
      const windowWith = async (covered: (day: bigint) => bigint) => {
        for (let d = 0n; d <= 30n; d++) await coverFor(covered(d), launch + d * DAY, (100n + d) * USD);
        await clock.to(launch + 31n * DAY);
        const { usable, thinDay, coveredSec, neededSec, averageMonthBefore, dailyAverages } = await setup.history.window(
          lastDay(),
        );
        const window = { usable, thinDay, coveredSec, neededSec, averageMonthBefore, dailyAverages: [...dailyAverages] };
        expect(model.window(lastDay(), await clock.now())).to.deep.equal(window);
        return window;
      };
      /** Covers the day that begins at `start` for `seconds`: three whole records from its beginning, and its last seconds. */
      const coverFor = async (seconds: bigint, start: bigint, price: bigint) => {
        await setup.feed.set(1, price, start);
        for (const time of [start, start + HOLD, start + 2n * HOLD, start + DAY - (seconds - 3n * HOLD)]) {
          await clock.nextBlockAt(time);
          await setup.history.record();
          model.record({ roundId: 1n, answer: price, updatedAt: start }, time);
        }
      };

      beforeEach(async () => {
        await setup.history.setMaxHold(HOLD);
        await setup.history.setMaxAge(DAY);
        model = new PriceHistoryModel();
        [model.maxHold, model.maxAge] = [HOLD, DAY];
      });

      it("P47: is usable when that one is, too", async () => {
        const { usable, averageMonthBefore, dailyAverages } = await windowWith(() => NEEDED);
        expect([usable, averageMonthBefore, ...dailyAverages]).to.deep.equal([
          true,
          100n * WAD,
          ...[123n, 124n, 125n, 126n, 127n, 128n, 129n, 130n].map((price) => price * WAD),
        ]);
      });

      for (const [what, thin] of [
        ["the day a month before", 0n],
        ["the first of the latest eight", 23n],
        ["the latest", 30n],
      ] as const) {
        it(`P47: is thin, and names the day, when ${what} is covered for one second less`, async () => {
          const window = await windowWith((day) => (day === thin ? NEEDED - 1n : NEEDED));
          expect(window).to.include({ usable: false, thinDay: launchDay + thin, coveredSec: NEEDED - 1n, neededSec: NEEDED });
        });
      }

      it("P47: is thin as a whole when another day than the nine is covered for one second less", async () => {
        const window = await windowWith((day) => (day === 12n ? NEEDED - 1n : NEEDED));
        expect(window).to.include({ usable: false, thinDay: 0n, coveredSec: 30n * NEEDED - 1n, neededSec: 30n * NEEDED });
      });
    });
  });
});
