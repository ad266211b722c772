import { expect } from "chai";
import { network } from "hardhat";
import { explainRefusal, type Preview, PriceHistoryModel, type Refusal, SupplyControllerModel } from "@ftns/model";
import { clockOf, startOf } from "../helpers/time.ts";
import { DAY, deploySupply, fillDays, holds, HOLD, HOUR, previewOf, USD, WAD, type SupplySetup } from "./supplyFixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const clock = clockOf(connection);

const UP = (11n * WAD) / 10n;
const DOWN = (9n * WAD) / 10n;
const HOSTILE = { CALM: 0, REVERT: 1, PANIC: 2, GAS_BOMB: 3, NO_ANSWER: 4, SHORT_ANSWER: 5, LONG_ANSWER: 6, RETURN_BOMB: 7 };

const fresh = () => deploySupply(connection);
/** A full window of flat prices; it is the first second of the first day on which an adjustment may come. */
async function ready() {
  const setup = await deploySupply(connection);
  await fillDays(connection, setup, setup.launch, setup.launch + 30n);
  return setup;
}

describe("SupplyController", () => {
  let setup: SupplySetup;

  async function refuses(call: Promise<unknown>, name: string, ...args: unknown[]) {
    await expect(call)
      .to.be.revertedWithCustomError(setup.controller, name)
      .withArgs(...args);
  }

  /** Preview names `refusal` and `adjust` reverts with `error`. */
  async function refusesBoth(refusal: Refusal, error: string, args: (preview: Preview) => unknown[]) {
    const preview = await previewOf(setup.controller);
    expect([preview.ok, preview.refusal]).to.deep.equal([false, refusal]);
    expect([preview.factor, preview.newMultiplier]).to.deep.equal([0n, 0n]);
    expect(explainRefusal(preview.refusal, preview)).to.not.equal("");
    await refuses(setup.controller.adjust(DOWN), error, ...args(preview));
    expect(await setup.controller.multiplier()).to.equal(WAD);
    return preview;
  }

  describe("deployment", () => {
    beforeEach(async () => {
      setup = await networkHelpers.loadFixture(fresh);
    });

    const deploy = (changes: { history?: unknown; policy?: unknown; launchDay?: bigint }) =>
      ethers.deployContract("SupplyController", [
        setup.manager,
        (changes.history ?? setup.history) as string,
        (changes.policy ?? setup.policy) as string,
        changes.launchDay ?? setup.launch,
      ]);

    it("refuses a history or policy that is no contract, or a policy that cannot judge", async () => {
      const { stranger, feed } = setup;
      await refuses(deploy({ history: stranger.address }), "NotContract", stranger.address);
      await refuses(deploy({ policy: stranger.address }), "NotContract", stranger.address);
      await refuses(deploy({ policy: feed }), "PolicyFailed", await feed.getAddress());
    });

    it("refuses a launch more than ten years back or a year ahead", async () => {
      const today = await clock.today();
      for (const launchDay of [today - 3_651n, today + 366n]) {
        await refuses(deploy({ launchDay }), "LaunchDayOutOfBounds", launchDay, today - 3_650n, today + 365n);
      }
    });

    it("starts with M = 1", async () => {
      const { controller, history, policy, launch, createdAt } = setup;
      expect(await controller.multiplier()).to.equal(WAD);
      expect(await controller.history()).to.equal(await history.getAddress());
      expect(await controller.policy()).to.equal(await policy.getAddress());
      expect(await controller.launchDay()).to.equal(launch);
      expect(await controller.lastAdjustedDay()).to.equal(0);
      expect(await controller.multiplierAt(0)).to.equal(WAD);
      expect(await controller.multiplierAt(createdAt)).to.equal(WAD);
    });
  });

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

    describe("given a full window", () => {
      beforeEach(async () => {
        setup = await networkHelpers.loadFixture(ready);
      });

      it("refuse another factor than the chain's", async () => {
        const { factor } = await previewOf(setup.controller);
        for (const wrong of [0n, factor - 1n, factor + 1n, WAD]) {
          await refuses(setup.controller.adjust(wrong), "FactorMismatch", wrong, factor);
        }
      });

      it("move M by the factor, once, for anyone, and say why", async () => {
        const { controller, policy, stranger } = setup;
        const before = await previewOf(controller);
        expect(before.factor).to.equal(DOWN); // flat prices are slower than the target
        const at = (await clock.now()) + 7n;
        await clock.nextBlockAt(at);
        const matches = (value: unknown[]) => String(value.flat(2)) === String([...Object.values(before.window)].flat());
        const decided = (value: unknown[]) => String(value) === String(Object.values(before.decision));
        await expect(controller.connect(stranger).adjust(DOWN))
          .to.emit(controller, "Adjusted")
          .withArgs(before.day, matches, decided, DOWN, DOWN, await policy.getAddress());
        expect(await controller.multiplier()).to.equal(DOWN);
        expect(await controller.lastAdjustedDay()).to.equal(before.day);
        expect(await controller.multiplierAt(at - 1n)).to.equal(WAD);
        expect(await controller.multiplierAt(at)).to.equal(DOWN);
      });

      it("P57: refuse a second time on the same protocol day and allow it in the first second of the next", async () => {
        const { controller, launch } = setup;
        await controller.adjust(DOWN);
        const next = startOf(launch + 32n);
        const again = async () => {
          const preview = await previewOf(controller);
          expect([preview.refusal, preview.availableAt]).to.deep.equal(["ALREADY_ADJUSTED", next]);
          await refuses(controller.adjust(DOWN), "AlreadyAdjusted", launch + 31n, next);
        };
        await again();
        await holds(setup, startOf(launch + 31n), next, 100n * USD);
        await clock.to(next - 2n);
        await again(); // sent in the block of the day's last second
        await clock.nextBlockAt(next);
        await controller.adjust(DOWN);
        expect(await controller.lastAdjustedDay()).to.equal(launch + 32n);
      });

      it("P57: do not make up for missed days", async () => {
        const { controller, launch } = setup;
        await fillDays(connection, setup, launch + 31n, launch + 35n);
        await controller.adjust(DOWN);
        expect(await controller.multiplier()).to.equal(DOWN);
        expect(await controller.lastAdjustedDay()).to.equal(launch + 36n);
        expect((await previewOf(controller)).refusal).to.equal("ALREADY_ADJUSTED");
      });

      it("P53: a price of the present day moves nothing", async () => {
        const before = await previewOf(setup.controller);
        await setup.feed.hand(setup.history, (await clock.now()) + 10n, 1_000_000n * USD);
        await clock.pass(HOUR);
        expect(await previewOf(setup.controller)).to.deep.equal(before);
        await setup.controller.adjust(before.factor);
      });

      it("P58: refuse when suspended, until it ends by itself", async () => {
        const { controller } = setup;
        const until = (await clock.now()) + HOUR;
        await controller.suspend(until);
        await refusesBoth("SUSPENDED", "Suspended", () => [until]);
        await clock.to(until);
        expect((await previewOf(controller)).ok).to.equal(true);
      });

      describe("given a suspension that runs out", () => {
        let until: bigint;
        beforeEach(async () => {
          until = (await clock.now()) + HOUR;
          await setup.controller.suspend(until);
        });

        it("P58: refuse in the second before", async () => {
          await clock.nextBlockAt(until - 1n);
          await refuses(setup.controller.adjust(DOWN), "Suspended", until);
        });

        for (const [when, offset] of [
          ["in that very second", 0n],
          ["in the second after", 1n],
        ] as const) {
          it(`P58: adjust ${when}`, async () => {
            await clock.nextBlockAt(until + offset);
            await setup.controller.adjust(DOWN);
            expect(await setup.controller.multiplierAt(until + offset - 1n)).to.equal(WAD);
            expect(await setup.controller.multiplier()).to.equal(DOWN);
          });
        }

        it("P58: say so in the model in the same second", async () => {
          const { launch, createdAt } = setup;
          const model = new SupplyControllerModel(new PriceHistoryModel(), launch, createdAt);
          model.suspendedUntil = until;
          for (const offset of [-1n, 0n, 1n]) {
            // Without prices the next thing that the model meets is their absence.
            const expected = offset < 0n ? ["SUSPENDED", until] : ["RECORD_STALE", 0n];
            const { refusal, availableAt } = model.preview(until + offset);
            expect([refusal, availableAt]).to.deep.equal(expected);
          }
        });
      });
    });

    describe("given a hostile policy", () => {
      beforeEach(async () => {
        setup = await networkHelpers.loadFixture(ready);
      });

      it("P54: M stays within 10 % a day and 0.1 to 10, whatever the policy says", async () => {
        const { controller, launch } = setup;
        const policy = await ethers.deployContract("FixedPolicy", [WAD]);
        await controller.setPolicy(policy);
        const wishes = [0n, (1n << 256n) - 1n];
        let day = launch + 31n;
        for (const [index, days] of [
          [0, 24n],
          [1, 50n],
        ] as const) {
          await policy.set(wishes[index] as bigint);
          for (let i = 0n; i < days; i++, day++) {
            const before = await controller.multiplier();
            await controller.adjust(index === 0 ? DOWN : UP);
            const after = await controller.multiplier();
            const moved = after > before ? after - before : before - after;
            expect(10n * moved).to.be.lessThanOrEqual(before);
            expect(after >= WAD / 10n && after <= 10n * WAD).to.equal(true);
            await fillDays(connection, setup, day, day);
          }
          expect(await controller.multiplier()).to.equal(index === 0 ? WAD / 10n : 10n * WAD);
        }
      });

      it("refuse a policy that reverts, burns its gas or gives no decision", async () => {
        const { controller } = setup;
        const policy = await ethers.deployContract("HostilePolicy");
        await controller.setPolicy(policy);
        for (const [name, mode] of Object.entries(HOSTILE)) {
          await policy.set(mode);
          if (name === "CALM") expect((await previewOf(controller)).factor).to.equal(WAD);
          else await refusesBoth("POLICY_FAILED", "PolicyFailed", () => [policy.target]);
        }
      });

      it("limit the gas that a policy can burn", async () => {
        const { controller } = setup;
        const policy = await ethers.deployContract("HostilePolicy");
        await controller.setPolicy(policy);
        for (const mode of [HOSTILE.GAS_BOMB, HOSTILE.RETURN_BOMB]) {
          await policy.set(mode);
          const sent = await controller.adjust(WAD, { gasLimit: 5_000_000 }).catch(() => undefined);
          expect(sent).to.equal(undefined);
          const block = await ethers.provider.getBlock("latest", true);
          const receipt = await ethers.provider.getTransactionReceipt(block!.transactions[0] as string);
          expect(receipt!.status).to.equal(0);
          expect(receipt!.gasUsed).to.be.lessThan(3_000_000n);
        }
      });
    });
  });

  describe("multiplierAt", () => {
    it("refuses the future", async () => {
      setup = await networkHelpers.loadFixture(fresh);
      const now = await clock.now();
      await refuses(setup.controller.multiplierAt(now + 1n), "FutureTime", now + 1n, now);
    });
  });

  describe("rate flags", () => {
    const RATES = 11n;
    beforeEach(async () => {
      setup = await networkHelpers.loadFixture(ready);
    });

    async function following(): Promise<bigint[]> {
      const rates = Array.from({ length: Number(RATES) }, (_, rate) => BigInt(rate));
      const follows = await Promise.all(rates.map(async (rate) => setup.controller.followsMultiplier(rate)));
      return rates.filter((_, index) => follows[index]);
    }

    it("have the eight rewards follow M at launch, and nothing else", async () => {
      const { controller } = setup;
      expect(await following()).to.deep.equal([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n]);
      expect(await controller.rateFlags()).to.equal(0xffn);
      await controller.adjust(DOWN);
      for (let rate = 0n; rate < RATES; rate++) {
        expect(await controller.multiplierFor(rate)).to.equal(rate < 8n ? DOWN : WAD);
      }
    });

    it("say for each rate alone whether it follows M", async () => {
      const { controller } = setup;
      await controller.adjust(DOWN);
      for (let rate = 0n; rate < RATES; rate++) {
        await expect(controller.setRateFlags(1n << rate))
          .to.emit(controller, "RateFlagsSet")
          .withArgs(1n << rate);
        expect(await following()).to.deep.equal([rate]);
        for (let other = 0n; other < RATES; other++) {
          expect(await controller.multiplierFor(other)).to.equal(other === rate ? DOWN : WAD);
        }
      }
      expect(await controller.multiplier()).to.equal(DOWN);
    });

    it("stay when M moves, and change nothing of its past", async () => {
      const { controller } = setup;
      const before = await clock.now();
      await controller.setRateFlags(0x7ffn);
      await controller.adjust(DOWN);
      const adjustedAt = await clock.now();
      expect(await controller.rateFlags()).to.equal(0x7ffn);
      await controller.setRateFlags(0n);
      await clock.pass(HOUR);
      expect(await controller.multiplier()).to.equal(DOWN);
      expect(await controller.multiplierAt(before)).to.equal(WAD);
      expect(await controller.multiplierAt(adjustedAt + HOUR)).to.equal(DOWN);
      const [integral] = await controller.multiplierIntegral(adjustedAt - 10n, adjustedAt + 10n, 10n * WAD);
      expect(integral).to.equal(10n * WAD + 10n * DOWN);
    });

    it("refuse rates that there are not", async () => {
      const { controller } = setup;
      for (const rate of [RATES, 255n]) {
        await refuses(controller.multiplierFor(rate), "UnknownRate", rate, RATES);
        await refuses(controller.followsMultiplier(rate), "UnknownRate", rate, RATES);
      }
      for (const flags of [0x800n, 2n ** 256n - 1n]) {
        await refuses(controller.setRateFlags(flags), "UnknownRateFlags", flags, 0x7ffn);
      }
    });

    it("refuse a stranger (P61)", async () => {
      const { controller, stranger } = setup;
      await expect(controller.connect(stranger).setRateFlags(2n ** 256n - 1n))
        .to.be.revertedWithCustomError(controller, "AccessManagedUnauthorized")
        .withArgs(stranger.address);
    });
  });

  describe("governance", () => {
    beforeEach(async () => {
      setup = await networkHelpers.loadFixture(ready);
    });

    it("refuses a stranger", async () => {
      const controller = setup.controller.connect(setup.stranger);
      const calls = [
        () => controller.suspend(1),
        () => controller.endSuspension(),
        () => controller.resetMultiplier(),
        () => controller.setPolicy(setup.policy),
      ];
      for (const call of calls) await refuses(call(), "AccessManagedUnauthorized", setup.stranger.address);
    });

    it("refuses a suspension that is over already or longer than 14 days", async () => {
      const now = (await clock.now()) + 100n;
      for (const until of [0n, now, now + 14n * DAY + 1n]) {
        await clock.nextBlockAt(now);
        await refuses(setup.controller.suspend(until), "SuspensionOutOfBounds", until, now + 1n, now + 14n * DAY);
      }
    });

    it("P58: suspends for 14 days at most, and ends it early", async () => {
      const { controller } = setup;
      const until = (await clock.now()) + 14n * DAY;
      await expect(controller.suspend(until)).to.emit(controller, "AdjustmentsSuspended").withArgs(until);
      expect(await controller.suspendedUntil()).to.equal(until);
      await expect(controller.endSuspension()).to.emit(controller, "SuspensionEnded");
      expect((await previewOf(controller)).ok).to.equal(true);
      await refuses(controller.endSuspension(), "NotSuspended");
    });

    it("P58: suspends for one second at least", async () => {
      const now = (await clock.now()) + 100n;
      await clock.nextBlockAt(now);
      await setup.controller.suspend(now + 1n);
      expect((await previewOf(setup.controller)).refusal).to.equal("SUSPENDED");
      await clock.to(now + 1n);
      expect((await previewOf(setup.controller)).ok).to.equal(true);
    });

    describe("endSuspension, given a suspension that runs out", () => {
      for (const [when, offset, ends] of [
        ["in the second before", -1n, true],
        ["in that very second", 0n, false],
        ["in the second after", 1n, false],
      ] as const) {
        it(`P58: ${ends ? "ends it" : "refuses, as there is none any more,"} ${when}`, async () => {
          const { controller } = setup;
          const until = (await clock.now()) + HOUR;
          await controller.suspend(until);
          await clock.nextBlockAt(until + offset);
          if (ends) await expect(controller.endSuspension()).to.emit(controller, "SuspensionEnded");
          else await refuses(controller.endSuspension(), "NotSuspended");
          expect(await controller.suspendedUntil()).to.equal(ends ? 0n : until);
        });
      }
    });

    it("resets M to 1 and keeps what it was before", async () => {
      const { controller } = setup;
      await controller.adjust(DOWN);
      const adjustedAt = await clock.now();
      await clock.pass(HOUR);
      await expect(controller.resetMultiplier()).to.emit(controller, "MultiplierReset").withArgs(DOWN, WAD);
      expect(await controller.multiplier()).to.equal(WAD);
      expect(await controller.multiplierAt(adjustedAt + HOUR - 1n)).to.equal(DOWN);
      expect((await previewOf(controller)).refusal).to.equal("ALREADY_ADJUSTED");
    });

    it("resets M and leaves the rate flags", async () => {
      const { controller } = setup;
      await controller.setRateFlags(0x701n);
      await controller.adjust(DOWN);
      await controller.resetMultiplier();
      expect(await controller.multiplierFor(0)).to.equal(WAD);
      expect(await controller.rateFlags()).to.equal(0x701n);
    });

    it("refuses a policy that is no contract or cannot judge a calm market", async () => {
      const { controller, stranger } = setup;
      await refuses(controller.setPolicy(stranger.address), "NotContract", stranger.address);
      const hostile = await ethers.deployContract("HostilePolicy");
      for (const [name, mode] of Object.entries(HOSTILE)) {
        await hostile.set(mode);
        if (name !== "CALM") await refuses(controller.setPolicy(hostile), "PolicyFailed", await hostile.getAddress());
      }
    });

    it("replaces the policy", async () => {
      const { controller } = setup;
      const policy = await ethers.deployContract("FixedPolicy", [(105n * WAD) / 100n]);
      await expect(controller.setPolicy(policy))
        .to.emit(controller, "PolicySet")
        .withArgs(await policy.getAddress());
      await controller.adjust((105n * WAD) / 100n);
      expect(await controller.multiplier()).to.equal((105n * WAD) / 100n);
    });
  });
});
