// The 31 days that an adjustment looks at.
import { expect } from "chai";
import { network } from "hardhat";
import { plain } from "../helpers/plain.ts";
import { PriceHistoryModel } from "@ftns/model";
import { DAY, HOUR } from "../helpers/time.ts";
import { deployHistory, USD, WAD, type HistorySetup } from "./historyFixture.ts";

const connection = await network.create();
const fixture = async () => deployHistory(connection);

describe("PriceHistory", () => {
  let w: HistorySetup;
  let launch: bigint;
  let launchDay: bigint;
  let model: PriceHistoryModel;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
    ({ launch, launchDay } = w);
    model = new PriceHistoryModel(48n * HOUR);
  });

  const lastDay = () => launchDay + 30n;
  /** Covers the day that begins at `start` for its first and last hours, `seconds` in all. */
  const cover = async (start: bigint, seconds: bigint, price: bigint) => {
    const half = seconds / 2n;
    for (const [from, to] of [
      [start, start + half],
      [start + DAY - (seconds - half), start + DAY],
    ] as const) {
      if (from === to) continue;
      const since = await w.feed.lastAt();
      if (since !== from) model.takeRound(since, from, 0n, false);
      model.takeRound(from, to, price, false);
      await w.stretch(from, to, price);
    }
  };
  const fill = async (covered: (day: bigint) => bigint) => {
    for (let d = 0n; d <= 30n; d++) await cover(launch + d * DAY, covered(d), (100n + d) * USD);
  };
  /** The contract's window, after checking that the model's is the same. */
  const windowOf = async () => {
    const window = plain(await w.history.window(lastDay()));
    expect(model.window(lastDay())).to.deep.equal({ ...window, dailyAverages: [...(window.dailyAverages as bigint[])] });
    return window;
  };
  const LATEST = [123n, 124n, 125n, 126n, 127n, 128n, 129n, 130n].map((price) => price * WAD);

  describe("window", () => {
    it("names the first thin day among the nine that count", async () => {
      await fill((d) => (d === 0n || d === 25n ? 0n : DAY));
      expect(await windowOf()).to.include({ usable: false, thinDay: launchDay, coveredSec: 0n, neededSec: 69_120n });
    });

    it("P47: is thin as a whole below 80 % of the 30 days, though all nine days are full", async () => {
      await fill((d) => (d >= 3n && d <= 9n ? 0n : DAY));
      expect(await windowOf()).to.include({ usable: false, thinDay: 0n, coveredSec: 23n * DAY, neededSec: 24n * DAY });
    });

    it("P47: is usable at 80 % of the 30 days, and gives the nine averages", async () => {
      await fill((d) => (d >= 3n && d <= 8n ? 0n : DAY));
      const window = await windowOf();
      expect([window.usable, window.averageMonthBefore, ...(window.dailyAverages as bigint[])]).to.deep.equal([
        true,
        100n * WAD,
        ...LATEST,
      ]);
    });

    describe("given 31 days that are covered for exactly 80 %, but for one of them", () => {
      const NEEDED = 69_120n;

      it("P47: is usable when that one is, too", async () => {
        await fill(() => NEEDED);
        const window = await windowOf();
        expect([window.usable, window.averageMonthBefore, ...(window.dailyAverages as bigint[])]).to.deep.equal([
          true,
          100n * WAD,
          ...LATEST,
        ]);
      });

      for (const [what, thin] of [
        ["the day a month before", 0n],
        ["the first of the latest eight", 23n],
        ["the latest", 30n],
      ] as const) {
        it(`P47: is thin, and names the day, when ${what} is covered for one second less`, async () => {
          await fill((day) => (day === thin ? NEEDED - 1n : NEEDED));
          const window = await windowOf();
          expect(window).to.include({ usable: false, thinDay: launchDay + thin, coveredSec: NEEDED - 1n, neededSec: NEEDED });
        });
      }

      it("P47: is thin as a whole when another day than the nine is covered for one second less", async () => {
        await fill((day) => (day === 12n ? NEEDED - 1n : NEEDED));
        const window = await windowOf();
        expect(window).to.include({ usable: false, thinDay: 0n, coveredSec: 30n * NEEDED - 1n, neededSec: 30n * NEEDED });
      });
    });
  });
});
