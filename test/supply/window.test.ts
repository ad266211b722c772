// The window of prices that an adjustment needs: until when it waits, and how much of it may be missing.
import { expect } from "chai";
import { network } from "hardhat";
import { PriceHistoryModel, SupplyControllerModel } from "@ftns/model";
import { clockOf, startOf } from "../helpers/time.ts";
import { DOWN, refusingIn } from "./refusing.ts";
import { DAY, deploySupply, fillDays, holds, HOLD, previewOf, readySupply, USD, type SupplySetup } from "./supplyFixture.ts";

const connection = await network.create();
const { networkHelpers } = connection;
const clock = clockOf(connection);

const fresh = () => deploySupply(connection);
const ready = () => readySupply(connection);

describe("SupplyController", () => {
  let setup: SupplySetup;
  const { refusesBoth } = refusingIn(() => setup);

  describe("adjust and preview", () => {
    describe("given no full window", () => {
      it("refuse as too early until 31 days after launch", async () => {
        setup = await networkHelpers.loadFixture(fresh);
        const first = startOf(setup.launch + 31n);
        await refusesBoth("TOO_EARLY", "TooEarly", () => [first]);
        await fillDays(connection, setup, setup.launch, setup.launch + 29n);
        const preview = await refusesBoth("TOO_EARLY", "TooEarly", () => [first]);
        expect(preview.availableAt).to.equal(first);
        await fillDays(connection, setup, setup.launch + 30n, setup.launch + 30n);
        expect((await previewOf(setup.controller)).refusal).to.equal("NONE");
      });

      it("refuse when the last round is too old to stand", async () => {
        setup = await networkHelpers.loadFixture(ready);
        const { staleAt } = await setup.history.lastRecord();
        await clock.to(staleAt - 1n);
        expect((await previewOf(setup.controller)).ok).to.equal(true);
        await clock.to(staleAt);
        await refusesBoth("RECORD_STALE", "RecordStale", () => [staleAt]);
        await setup.feed.hand(setup.history, staleAt, USD);
        expect((await previewOf(setup.controller)).ok).to.equal(true);
      });

      it("P202: wait for the round that closes yesterday", async () => {
        setup = await networkHelpers.loadFixture(fresh);
        const { launch, feed, history } = setup;
        await fillDays(connection, setup, launch, launch + 29n);
        const today = startOf(launch + 31n);
        await holds(setup, startOf(launch + 30n), today - 1n, 100n * USD);
        await clock.to(today);
        await refusesBoth("DAY_NOT_CLOSED", "DayNotClosed", () => [today - 1n, today]);
        await feed.hand(history, today, 100n * USD);
        expect((await previewOf(setup.controller)).ok).to.equal(true);
      });

      it("refuse when nothing was ever recorded", async () => {
        const today = await clock.today();
        setup = await deploySupply(connection, today - 100n);
        await refusesBoth("RECORD_STALE", "RecordStale", () => [0]);
      });

      it("refuse when the history began too late, though the launch is long past", async () => {
        const today = await clock.today();
        setup = await deploySupply(connection, today - 100n);
        await fillDays(connection, setup, today + 1n, today + 20n);
        const enough = startOf(today + 32n);
        await refusesBoth("HISTORY_TOO_SHORT", "HistoryTooShort", () => [enough]);
        await fillDays(connection, setup, today + 21n, today + 31n);
        expect((await previewOf(setup.controller)).ok).to.equal(true);
      });

      it("refuse a day with less than 80 % coverage", async () => {
        setup = await networkHelpers.loadFixture(fresh);
        const { launch } = setup;
        await fillDays(connection, setup, launch, launch + 26n);
        await fillDays(connection, setup, launch + 28n, launch + 30n);
        const preview = await refusesBoth("DAY_TOO_THIN", "DayTooThin", (p) => [launch + 27n, p.coveredSec, 69_120n]);
        expect(preview.thinDay).to.equal(launch + 27n);
        expect(preview.coveredSec).to.equal(0n);
      });

      describe("given a day that is covered for about 80 %", () => {
        const NEEDED = 69_120n;
        /** A month of full days but `thin`, which is covered for `seconds`, on the chain and in the model. */
        const monthWith = async (thin: bigint, seconds: bigint) => {
          setup = await networkHelpers.loadFixture(fresh);
          const { launch } = setup;
          const prices = new PriceHistoryModel(HOLD);
          for (let day = launch; day <= launch + 30n; day++) {
            const from = startOf(day + 1n) - (day === launch + thin ? seconds : DAY);
            await holds(setup, from, startOf(day + 1n), 100n * USD);
            for (let at = from; at < startOf(day + 1n); at += HOLD) {
              const to = at + HOLD < startOf(day + 1n) ? at + HOLD : startOf(day + 1n);
              if (prices.lastRecord().knownUntil !== at) prices.takeRound(0n, at, 0n, false);
              prices.takeRound(at, to, 100n * USD, false);
            }
          }
          await clock.to(startOf(launch + 31n));
          const model = new SupplyControllerModel(prices, launch, setup.createdAt);
          expect(await previewOf(setup.controller)).to.deep.equal(model.preview(await clock.now()));
          return model;
        };
        const days = [
          ["the day a month before", 0n],
          ["a day of the latest eight", 27n],
          ["the latest day", 30n],
        ] as const;

        for (const [what, day] of days) {
          it(`P47: adjust when ${what} is covered for exactly 80 %`, async () => {
            const model = await monthWith(day, NEEDED);
            await setup.controller.adjust(DOWN);
            model.adjust(DOWN, await clock.now());
            expect(await setup.controller.multiplier()).to.equal(model.multiplier());
          });

          it(`P47: refuse when ${what} is covered for one second less`, async () => {
            await monthWith(day, NEEDED - 1n);
            await refusesBoth("DAY_TOO_THIN", "DayTooThin", () => [setup.launch + day, NEEDED - 1n, NEEDED]);
          });
        }
      });

      it("refuse 30 days with less than 80 % coverage", async () => {
        setup = await networkHelpers.loadFixture(fresh);
        const { launch } = setup;
        await fillDays(connection, setup, launch, launch + 3n);
        await fillDays(connection, setup, launch + 11n, launch + 30n);
        await refusesBoth("WINDOW_TOO_THIN", "WindowTooThin", (p) => [p.coveredSec, 24n * DAY]);
      });
    });
  });
});
