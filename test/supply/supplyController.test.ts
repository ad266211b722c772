// The controller as it is deployed, and what moves M once it has a full window of prices.
import { expect } from "chai";
import { network } from "hardhat";
import { PriceHistoryModel, SupplyControllerModel } from "@ftns/model";
import { clockOf, startOf } from "../helpers/time.ts";
import { DOWN, refusingIn } from "./refusing.ts";
import { deploySupply, fillDays, holds, HOUR, previewOf, readySupply, USD, WAD, type SupplySetup } from "./supplyFixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const clock = clockOf(connection);

const fresh = () => deploySupply(connection);
const ready = () => readySupply(connection);

describe("SupplyController", () => {
  let setup: SupplySetup;
  const { refuses, refusesBoth } = refusingIn(() => setup);

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
          .withArgs(before.day, matches, decided, DOWN, DOWN, await policy.getAddress(), `0x${"0".repeat(40)}`, 0n);
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
  });

  describe("multiplierAt", () => {
    it("refuses the future", async () => {
      setup = await networkHelpers.loadFixture(fresh);
      const now = await clock.now();
      await refuses(setup.controller.multiplierAt(now + 1n), "FutureTime", now + 1n, now);
    });
  });
});
