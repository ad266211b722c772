// What bounds a payment: tip, gas price, gas of a job, gas of a day.
import { expect } from "chai";
import { network } from "hardhat";
import { BASE_OVERHEAD } from "@ftns/model";
import { FTNS } from "../helpers/economy.ts";
import { HOUR } from "../helpers/time.ts";
import { TRIGGER } from "../safety/fixture.ts";
import { doneIn, GWEI, JOB, keepersOn, NOBODY, rulesOf, WORK, word, type KeepersWorld } from "./fixture.ts";
import { FALLBACK, payingIn, WAD } from "./paying.ts";

const connection = await network.create();
const world = async () => keepersOn(connection);
const { ethers } = connection;

describe("KeeperJobs payments", () => {
  let w: KeepersWorld;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(world);
  });
  const { record, late, govern } = payingIn(connection, () => w);

  describe("P123: caps", () => {
    // Seen: a tip of 2 gwei on a base fee of 0.01 multiplied the profit by 201.
    it("P241: pays a tip back without premium, up to a fifth of the base fee", async () => {
      const [base, tip] = [GWEI / 100n, 2n * GWEI];
      const paidAt = async (tip: bigint) => {
        const snapshot = await connection.networkHelpers.takeSnapshot();
        await w.clock.to((await w.history.lastRecord()).knownUntil + 6n * HOUR);
        await w.report();
        await connection.networkHelpers.setNextBlockBaseFeePerGas(base);
        const fee = { maxFeePerGas: base + tip, maxPriorityFeePerGas: tip };
        const { done, receipt } = await doneIn(w, w.jobs[WORK](JOB.record, "0x", NOBODY, fee));
        await snapshot.restore();
        expect([done[0]!.baseFee, done[0]!.tip]).to.deep.equal([base, tip < base / 5n ? tip : base / 5n]);
        const cost = (receipt.gasUsed * receipt.gasPrice * FALLBACK) / WAD;
        return { paid: done[0]!.paid, burned: (receipt.gasUsed * base * FALLBACK) / WAD, cost };
      };
      const [none, small, large] = [await paidAt(0n), await paidAt(base / 10n), await paidAt(tip)];
      // A builder who pays itself the tip gains no more than a fifth of what is burned.
      expect(large.paid - none.paid).to.be.at.most(large.burned / 5n + 1n);
      // Whoever pays a tip to somebody else gets it back as it was, and loses beyond a fifth.
      expect(small.paid - none.paid).to.be.at.most(small.cost - small.burned);
      expect(large.paid).to.be.lessThan(large.cost / 50n);
    });

    it("pays no gas price above the highest, tip included, and no gas above the highest", async () => {
      await govern().setPaymentRules({ ...(await rulesOf(w)), maxGasPrice: 7n, maxGas: 200_000n });
      await late(0n);
      const { baseFee, tip } = (await record()).done;
      expect([baseFee, tip]).to.deep.equal([7n, 0n]);
      await w.report({ txTotal: 100n, txFailed: 90n });
      const { done, receipt } = await doneIn(w, w.jobs[WORK](JOB.trigger, word(TRIGGER.networkAttack), NOBODY));
      expect(receipt.gasUsed).to.be.greaterThan(300_000n);
      expect(done[0]!.gas).to.equal(200_000n);
    });

    it("P242: pays for no more gas in a day than the cap, in full again the next day, and the job is done all the same", async () => {
      const dailyGas = 100_000n;
      await govern().setPaymentRules({ ...(await rulesOf(w)), dailyGas });
      await w.clock.toDaysAhead(1n, HOUR);
      await w.report();
      const first = (await record()).done;
      expect(first.gas).to.equal(dailyGas);
      expect(first.paid).to.be.greaterThan(0n);
      expect(await w.jobs.gasLeftToday()).to.equal(0n);
      await late(30n);
      const { done } = await record();
      expect([done.gas, done.paid]).to.deep.equal([0n, 0n]);
      expect(await w.history.hasNewRound()).to.equal(false);
      await w.clock.toDaysAhead(1n);
      expect(await w.jobs.gasLeftToday()).to.equal(dailyGas);
      await w.report();
      expect((await record()).done.gas).to.equal(dailyGas);
    });

    it("P242: pays as much work in a day whatever FTNS are worth", async () => {
      const gasAt = async (fallbackRate: bigint) => {
        const snapshot = await connection.networkHelpers.takeSnapshot();
        await govern().setRateSources({ coinFeed: ethers.ZeroAddress, maxCoinAge: HOUR, fallbackRate });
        await govern().setPaymentRules({ ...(await rulesOf(w)), dailyGas: 10_000_000n });
        await late(0n);
        const { done } = await record(0n);
        const left = await w.jobs.gasLeftToday();
        await snapshot.restore();
        return { gas: done.gas, left, paid: done.paid };
      };
      const [dear, cheap] = [await gasAt(2_000n * FTNS), await gasAt(200_000n * FTNS)];
      expect([cheap.gas, cheap.left]).to.deep.equal([dear.gas, dear.left]);
      expect(cheap.paid / dear.paid).to.equal(100n);
    });

    it("P242: and however wrong the rate, the pool pays keepers no more than their share of the day", async () => {
      await govern().setRateSources({ coinFeed: ethers.ZeroAddress, maxCoinAge: HOUR, fallbackRate: 10n ** 27n });
      await w.clock.toDaysAhead(1n, HOUR);
      await w.report();
      const services = (await w.pool.dayBudget()).left[3]!;
      await connection.networkHelpers.setNextBlockBaseFeePerGas(GWEI);
      const { done } = await record(GWEI);
      // The executor's own demurrage came in with the payment, if anything.
      expect(done.paid).to.be.at.most((services * 1001n) / 1000n);
      expect(done.paid).to.be.at.least(services);
      await late(0n);
      expect((await record(0n)).done.paid).to.be.at.most(done.paid / 1_000n);
      expect(await w.history.hasNewRound()).to.equal(false);
    });

    it("counts what was paid for before when the cap is lowered, and nothing that was not paid for", async () => {
      await late(0n);
      const { done } = await record();
      const { dailyGas } = await rulesOf(w);
      expect(await w.jobs.gasLeftToday()).to.equal(dailyGas - done.gas);
      await w.pool.connect(w.people.governor).setKeeperPayer(w.vault);
      await late(0n);
      expect((await record()).done.paid).to.equal(0n);
      expect(await w.jobs.gasLeftToday()).to.equal(dailyGas - done.gas);
      await govern().setPaymentRules({ ...(await rulesOf(w)), dailyGas: done.gas - 1n });
      expect(await w.jobs.gasLeftToday()).to.equal(0n);
    });

    it("pays the base cost once in a transaction", async () => {
      const batcher = await ethers.deployContract("Batcher", w.keeper);
      // Whoever is paid first on a day also opens the pool's counters for it, at more than the overhead covers.
      await late(0n);
      await record();
      await w.clock.pass(HOUR);
      await w.report({ txTotal: 100n, txFailed: 90n });
      const [trigger, args] = [JOB.trigger, word(TRIGGER.networkAttack)] as const;
      const both = batcher.getFunction("both").send(w.jobs, JOB.record, "0x", trigger, args, { gasLimit: 3_000_000n });
      const { done, receipt } = await doneIn(w, both);
      expect(done.map(({ job }) => job)).to.deep.equal([JOB.record, JOB.trigger]);
      // Paid twice, it would be more than the transaction took.
      const paidFor = done[0]!.gas + done[1]!.gas;
      expect(paidFor).to.be.at.most(receipt.gasUsed);
      expect(paidFor + BASE_OVERHEAD).to.be.greaterThan(receipt.gasUsed);
    });
  });
});
