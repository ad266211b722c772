// The flags that say which rates follow M.
import { expect } from "chai";
import { network } from "hardhat";
import { clockOf } from "../helpers/time.ts";
import { DOWN, refusingIn } from "./refusing.ts";
import { HOUR, readySupply, WAD, type SupplySetup } from "./supplyFixture.ts";

const connection = await network.create();
const { networkHelpers } = connection;
const clock = clockOf(connection);

const ready = () => readySupply(connection);

describe("SupplyController", () => {
  let setup: SupplySetup;
  const { refuses } = refusingIn(() => setup);

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
});
