// When the supply is adjusted, and that it is done once a day.
import { expect } from "chai";
import { network } from "hardhat";
import { DAY, HOUR } from "../helpers/time.ts";
import { askingIn } from "./asking.ts";
import { JOB, keepersOn, month, word, WORKABLE, type KeepersWorld } from "./fixture.ts";

const connection = await network.create();
const world = async () => keepersOn(connection);

describe("KeeperJobs", () => {
  let w: KeepersWorld;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(world);
  });
  const { statusOf, work, refuses, isRefused } = askingIn(() => w);

  describe("adjust supply", () => {
    it("reverts as long as the controller refuses", async () => {
      expect((await w.controller.preview()).ok).to.equal(false);
      expect((await statusOf(JOB.adjust)).due).to.equal(false);
      await isRefused(JOB.adjust, word(10n ** 18n), w.controller, "DayTooThin");
    });

    it("reverts with another factor than the chain's, adjusts by it once, and is due since the day began", async function () {
      this.timeout(300_000);
      await month(w);
      const { factor, newMultiplier } = await w.controller.preview();
      const status = await statusOf(JOB.adjust);
      const began = (await w.clock.today()) * DAY + 2n * HOUR;
      expect([status.due, status.complete, status.args, status.dueSince]).to.deep.equal([true, true, word(factor), began]);
      await isRefused(JOB.adjust, word(factor + 1n), w.controller, "FactorMismatch");
      await refuses(JOB.adjust, `${word(factor)}00`);
      await refuses(JOB.adjust);
      await work(JOB.adjust, word(factor));
      expect(await w.controller.multiplier()).to.equal(newMultiplier);
      await isRefused(JOB.adjust, word(factor), w.controller, "AlreadyAdjusted");
    });
  });
});

describe("KeeperJobs, given a month of prices", () => {
  const grown = async () => {
    const g = await world();
    await month(g);
    return g;
  };
  let w: KeepersWorld;
  /** First second of the next day. */
  let began: bigint;

  beforeEach(async function () {
    this.timeout(300_000);
    w = await connection.networkHelpers.loadFixture(grown);
    began = ((await w.clock.today()) + 1n) * DAY + 2n * HOUR;
    // Whatever the time of day at which the month ended, this day has its prices too.
    while ((await w.clock.now()) < began - 3n * HOUR) {
      await w.clock.pass(2n * HOUR);
      await w.report();
      await w.history.record();
    }
    await w.clock.to(began - 60n);
    await w.report();
    await w.history.record();
  });

  for (const [what, offset, since] of [
    ["a second before a day begins", -1n, 0n],
    ["in the first second of a day", 0n, 0n],
    ["a second after a day began", 1n, 1n],
    ["an hour after a day began", HOUR, HOUR],
  ] as const) {
    describe(`given a suspension of adjustments that runs out ${what}`, () => {
      const until = () => began + offset;
      beforeEach(() => w.controller.connect(w.people.breaker).suspend(until()));

      it("adjusting is not due in its last second", async () => {
        await w.clock.to(until() - 1n);
        expect((await w.jobs[WORKABLE](JOB.adjust)).due).to.equal(false);
      });

      it(`adjusting is due since ${since === 0n ? "the day began" : "it was over"}`, async () => {
        await w.clock.to(began + 2n * HOUR);
        await w.report();
        await w.history.record();
        const { due, args, dueSince } = await w.jobs[WORKABLE](JOB.adjust);
        expect([due, dueSince]).to.deep.equal([true, began + since]);
        expect(await w.jobs.check(JOB.adjust, args)).to.deep.equal([true, began + since]);
      });
    });
  }
});
