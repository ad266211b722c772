// The policy that doesn't decide: what every adjustment's event says of it, and that it can neither change nor stop anything.
import { expect } from "chai";
import { network } from "hardhat";
import { clampFactor, type MarketWindow, pathPolicy, roadmapPolicy } from "@ftns/model";
import { DOWN, HOSTILE, refusingIn } from "./refusing.ts";
import { fillDays, previewOf, readySupply, WAD, type SupplySetup } from "./supplyFixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const ready = () => readySupply(connection);
const NOBODY = ethers.ZeroAddress;

/** An event's window in the model's form. */
const windowOf = ({ day, daysSinceLaunch, multiplier, averageMonthBefore, dailyAverages }: MarketWindow): MarketWindow => ({
  day,
  daysSinceLaunch,
  multiplier,
  averageMonthBefore,
  dailyAverages: [...dailyAverages],
});

describe("SupplyController's shadow", () => {
  let setup: SupplySetup;
  const { refuses } = refusingIn(() => setup);

  beforeEach(async () => {
    setup = await networkHelpers.loadFixture(ready);
  });

  /** Adjusts, and gives what the event says of the shadow. */
  async function adjusted(gasLimit?: bigint) {
    const { controller } = setup;
    const { factor } = await previewOf(controller, "pending");
    await controller.adjust(factor, gasLimit === undefined ? {} : { gasLimit });
    const [event] = await controller.queryFilter(controller.filters.Adjusted(), "latest");
    const { shadow, shadowFactor, policy, window } = event!.args;
    return { shadow, shadowFactor, policy, factor: event!.args.factor, window };
  }

  describe("setShadow", () => {
    it("refuses a stranger", async () => {
      const { controller, stranger, policy } = setup;
      await refuses(controller.connect(stranger).setShadow(policy), "AccessManagedUnauthorized", stranger.address);
    });

    it("refuses what is no contract, cannot judge a calm market, or takes more gas than it will get", async () => {
      const { controller, stranger } = setup;
      await refuses(controller.setShadow(stranger), "NotContract", stranger.address);
      const hostile = await ethers.deployContract("HostilePolicy");
      for (const [name, mode] of Object.entries(HOSTILE)) {
        await hostile.set(mode);
        if (name !== "CALM") await refuses(controller.setShadow(hostile), "PolicyFailed", await hostile.getAddress());
      }
    });

    it("names it, and takes it away again", async () => {
      const { controller } = setup;
      const shadow = await ethers.deployContract("FixedPolicy", [WAD]);
      await expect(controller.setShadow(shadow))
        .to.emit(controller, "ShadowSet")
        .withArgs(await shadow.getAddress());
      expect(await controller.shadow()).to.equal(await shadow.getAddress());
      await expect(controller.setShadow(NOBODY)).to.emit(controller, "ShadowSet").withArgs(NOBODY);
      expect(await controller.shadow()).to.equal(NOBODY);
    });
  });

  describe("adjust", () => {
    it("P381: tells what the other rule would have done, whichever of the two decides", async () => {
      const { controller, history, launch, policy: roadmap } = setup;
      const path = await ethers.deployContract("PathPolicy", [history, launch, 90n * WAD]);
      await controller.setShadow(path);
      const first = await adjusted();
      const window = windowOf(first.window);
      expect(first.shadow).to.equal(await path.getAddress());
      expect(first.shadowFactor).to.equal(pathPolicy(window, 90n * WAD).factor);
      expect(first.shadowFactor).to.equal((103n * WAD) / 100n);
      expect(first.factor).to.equal(DOWN);

      await controller.setPolicy(path);
      await controller.setShadow(roadmap);
      await fillDays(connection, setup, launch + 31n, launch + 31n);
      const second = await adjusted();
      const next = windowOf(second.window);
      expect([second.policy, second.shadow]).to.deep.equal([await path.getAddress(), await roadmap.getAddress()]);
      expect(second.shadowFactor).to.equal(roadmapPolicy(next).factor);
      expect(second.factor).to.equal(pathPolicy(next, 90n * WAD).factor);
    });

    it("tells the shadow's factor within the controller's own limits, and nothing where there is none", async () => {
      const { controller, launch } = setup;
      expect(await adjusted()).to.include({ shadow: NOBODY, shadowFactor: 0n });
      const shadow = await ethers.deployContract("FixedPolicy", [3n * WAD]);
      await controller.setShadow(shadow);
      await fillDays(connection, setup, launch + 31n, launch + 31n);
      expect((await adjusted()).shadowFactor).to.equal(clampFactor(3n * WAD));
      await shadow.set(0);
      await fillDays(connection, setup, launch + 32n, launch + 32n);
      expect((await adjusted()).shadowFactor).to.equal(clampFactor(0n));
    });

    it("P382: goes on whatever the shadow does, for at most its gas more, and the event says that it couldn't know", async () => {
      const { controller } = setup;
      const shadow = await ethers.deployContract("HostilePolicy");
      await controller.setShadow(shadow);
      const before = await networkHelpers.takeSnapshot();
      const { factor } = await previewOf(controller, "pending");
      const gasOf = async () => (await (await controller.adjust(factor)).wait())!.gasUsed;
      const calm = await gasOf();
      await before.restore();
      for (const [name, mode] of Object.entries(HOSTILE)) {
        if (name === "CALM") continue;
        await shadow.set(mode);
        const snapshot = await networkHelpers.takeSnapshot();
        const gas = await gasOf();
        const [event] = await controller.queryFilter(controller.filters.Adjusted(), "latest");
        expect(event!.args.shadowFactor, name).to.equal(0);
        expect(event!.args.newMultiplier, name).to.equal(factor);
        expect(gas - calm, name).to.be.lessThan(60_000n);
        await snapshot.restore();
      }
    });

    it("P382: goes on where the shadow's code is gone", async () => {
      const { controller } = setup;
      const shadow = await ethers.deployContract("FixedPolicy", [WAD]);
      await controller.setShadow(shadow);
      await networkHelpers.setCode(await shadow.getAddress(), "0x");
      expect((await adjusted()).shadowFactor).to.equal(0);
    });

    it("P383: no caller keeps the gas from the shadow: at every gas limit it says what it would have done, or nothing happens", async () => {
      const { controller } = setup;
      await controller.setShadow(await ethers.deployContract("HungryPolicy"));
      const { factor } = await previewOf(controller, "pending");
      const [worked, refused] = [[] as bigint[], [] as bigint[]];
      for (let gasLimit = 70_000n; gasLimit < 260_000n; gasLimit += 1_500n) {
        const snapshot = await networkHelpers.takeSnapshot();
        const sent = await controller.adjust(factor, { gasLimit }).catch(() => undefined);
        if (sent === undefined) {
          refused.push(gasLimit);
        } else {
          const [event] = await controller.queryFilter(controller.filters.Adjusted(), "latest");
          expect(event!.args.shadowFactor, String(gasLimit)).to.equal((105n * WAD) / 100n);
          worked.push(gasLimit);
        }
        await snapshot.restore();
      }
      expect(worked.length).to.be.greaterThan(10);
      expect(refused.length).to.be.greaterThan(10);
      expect(refused.at(-1)).to.be.lessThan(worked[0]);
    });

    it("P383: says how much gas is missing", async () => {
      const { controller } = setup;
      await controller.setShadow(await ethers.deployContract("FixedPolicy", [WAD]));
      const { factor } = await previewOf(controller, "pending");
      // The policy has answered, and what is left is less than the shadow's part.
      const call = { to: await controller.getAddress(), data: controller.interface.encodeFunctionData("adjust", [factor]) };
      const needed = await controller.GAS_BEFORE_SHADOW();
      let seen = 0n;
      for (let gasLimit = 100_000n; gasLimit < 200_000n && seen === 0n; gasLimit += 5_000n) {
        const reason = await ethers.provider.call({ ...call, gasLimit }).then(
          () => "0x",
          (error: { data?: string }) => error.data ?? "0x",
        );
        const parsed = reason === "0x" ? null : controller.interface.parseError(reason);
        if (parsed?.name !== "TooLittleGas") continue;
        seen = parsed.args.gas as bigint;
        expect(parsed.args.needed).to.equal(needed);
      }
      expect(seen).to.be.within(1n, needed - 1n);
    });

    it("takes at most 130,000 gas with the other rule in its shadow", async () => {
      const { controller, history, launch } = setup;
      await controller.setShadow(await ethers.deployContract("PathPolicy", [history, launch, 90n * WAD]));
      await adjusted();
      // The second is like every further one: all of its slots are written.
      await fillDays(connection, setup, launch + 31n, launch + 31n);
      const { factor } = await previewOf(controller, "pending");
      const receipt = await (await controller.adjust(factor)).wait();
      expect(receipt!.gasUsed).to.be.lessThanOrEqual(130_000n);
    });
  });
});
