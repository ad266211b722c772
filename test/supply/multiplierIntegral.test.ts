import { expect } from "chai";
import { network } from "hardhat";
import { clockOf } from "../helpers/time.ts";
import { deploySupply, WAD, type SupplySetup } from "./supplyFixture.ts";

const connection = await network.create();
const { networkHelpers } = connection;
const clock = clockOf(connection);
const MAX = 10n * WAD;

describe("SupplyController multiplierIntegral", () => {
  const fixture = async () => deploySupply(connection);
  let setup: SupplySetup;
  beforeEach(async () => {
    setup = await networkHelpers.loadFixture(fixture);
  });

  it("reverts for a period that ends before it begins, or in the future", async () => {
    const { controller } = setup;
    const now = await clock.now();
    await expect(controller.multiplierIntegral(now, now - 1n, MAX))
      .to.be.revertedWithCustomError(controller, "PeriodReversed")
      .withArgs(now, now - 1n);
    await expect(controller.multiplierIntegral(now, now + 1n, MAX))
      .to.be.revertedWithCustomError(controller, "FutureTime")
      .withArgs(now + 1n, now);
  });

  it("is 1 a second before the controller existed", async () => {
    const { controller, createdAt } = setup;
    await clock.pass(100n);
    expect(await controller.multiplierIntegral(createdAt - 50n, createdAt + 50n, MAX)).to.deep.equal([100n * WAD, 0n]);
    expect(await controller.multiplierIntegral(createdAt - 50n, createdAt + 50n, WAD)).to.deep.equal([100n * WAD, 0n]);
    expect(await controller.multiplierIntegral(createdAt - 50n, createdAt + 50n, WAD - 1n)).to.deep.equal([0n, 100n]);
  });
});
