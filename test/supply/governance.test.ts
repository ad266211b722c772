// Which rates follow M, and what governance may do to the controller.
import { expect } from "chai";
import { network } from "hardhat";
import { clockOf } from "../helpers/time.ts";
import { DAY, HOUR, previewOf, readySupply, WAD, type SupplySetup } from "./supplyFixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const clock = clockOf(connection);

const DOWN = (9n * WAD) / 10n;
const HOSTILE = { CALM: 0, REVERT: 1, PANIC: 2, GAS_BOMB: 3, NO_ANSWER: 4, SHORT_ANSWER: 5, LONG_ANSWER: 6, RETURN_BOMB: 7 };

const ready = () => readySupply(connection);

describe("SupplyController", () => {
  let setup: SupplySetup;

  async function refuses(call: Promise<unknown>, name: string, ...args: unknown[]) {
    await expect(call)
      .to.be.revertedWithCustomError(setup.controller, name)
      .withArgs(...args);
  }

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
