// A policy that wants too much, fails, or does harm.
import { expect } from "chai";
import { network } from "hardhat";
import { DOWN, HOSTILE, refusingIn, UP } from "./refusing.ts";
import { fillDays, previewOf, readySupply, WAD, type SupplySetup } from "./supplyFixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const ready = () => readySupply(connection);

describe("SupplyController", () => {
  let setup: SupplySetup;
  const { refusesBoth } = refusingIn(() => setup);

  describe("adjust and preview", () => {
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
});
