// What the governor and the breaker may do with the controller: suspend, reset, and give it another policy.
import { expect } from "chai";
import { network } from "hardhat";
import { clockOf } from "../helpers/time.ts";
import { DOWN, HOSTILE, refusingIn } from "./refusing.ts";
import { DAY, HOUR, previewOf, readySupply, WAD, type SupplySetup } from "./supplyFixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const clock = clockOf(connection);

const ready = () => readySupply(connection);

describe("SupplyController", () => {
  let setup: SupplySetup;
  const { refuses } = refusingIn(() => setup);

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
