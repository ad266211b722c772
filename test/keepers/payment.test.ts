// How much is paid, and to whom.
import { expect } from "chai";
import { network } from "hardhat";
import { BASE_OVERHEAD, earnedFor, PAYMENT_OVERHEAD, premiumOf } from "@ftns/model";
import { DAY, HOUR } from "../helpers/time.ts";
import { TRIGGER } from "../safety/fixture.ts";
import { doneIn, GWEI, JOB, keepersOn, NOBODY, rulesOf, WORK, WORKABLE, word, youngOn, type KeepersWorld } from "./fixture.ts";
import { FALLBACK, payingIn, WAD } from "./paying.ts";

const connection = await network.create();
const world = async () => keepersOn(connection);
const { ethers } = connection;

describe("KeeperJobs payments", () => {
  let w: KeepersWorld;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(world);
  });
  const { record, late } = payingIn(connection, () => w);

  describe("P124: the amount", () => {
    it("is the model's, to the wei, for what the event says was used", async () => {
      for (const [lateSec, tip] of [
        [0n, GWEI],
        [HOUR, 0n],
        [2n * HOUR, 5n * GWEI],
      ] as const) {
        await late(lateSec);
        const rules = await rulesOf(w);
        const before = rules.dailyGas - (await w.jobs.gasLeftToday());
        const funds = await w.token.balanceOf(w.pool);
        const { receipt, done, baseFee } = await record(tip);
        const gasUsed = done.gas - PAYMENT_OVERHEAD;
        const earned = earnedFor({ gasUsed, gasPrice: receipt.gasPrice, baseFee, lateSec, rate: FALLBACK }, rules, before);
        expect(done.lateSec).to.equal(lateSec);
        expect([done.baseFee, done.tip]).to.deep.equal([baseFee, tip < baseFee / 5n ? tip : baseFee / 5n]);
        expect(done.paid).to.equal(earned);
        expect(rules.dailyGas - (await w.jobs.gasLeftToday())).to.equal(before + done.gas);
        expect(done.paid).to.be.greaterThan(0n);
        // Where a day began since the last payment, the payee's own demurrage came in with this one.
        const pool = await w.pool.getAddress();
        const fees = receipt.logs
          .map((log) => w.token.interface.parseLog(log))
          .filter((event) => event?.name === "Transfer" && event.args.to === pool)
          .reduce((sum, event) => sum + (event!.args.value as bigint), 0n);
        expect(funds + fees - (await w.token.balanceOf(w.pool))).to.equal(done.paid);
        expect(await w.token.balanceOf(w.keeper)).to.be.at.least(done.paid);
      }
    });

    it("covers no more gas than the transaction used, and nearly all of it", async () => {
      // Both on one day: the first payment of a day writes its budget.
      await w.clock.toDaysAhead(1n, HOUR);
      await w.report();
      await w.history.record();
      await late(0n);
      await record();
      await late(0n);
      const { receipt, done } = await record();
      expect(done.gas).to.be.at.most(receipt.gasUsed);
      expect(done.gas).to.be.greaterThan((receipt.gasUsed * 9n) / 10n);
    });

    it("grows from the base premium to the highest", async () => {
      const rules = await rulesOf(w);
      expect([rules.basePremium, rules.maxPremium, rules.riseSec]).to.deep.equal([WAD / 5n, WAD, 6n * HOUR]);
      const at = (lateSec: bigint) => w.jobs.quote(200_000n, 9n * GWEI, 10n * GWEI, lateSec);
      const [onTime, half, full, fuller] = await Promise.all([at(0n), at(3n * HOUR), at(6n * HOUR), at(7n * DAY)]);
      for (const [amount, lateSec] of [
        [half, 3n * HOUR],
        [full, 6n * HOUR],
      ] as const) {
        // The premium alone, on the base fee; the tip of a ninth is paid back as it is.
        const tip = (onTime * WAD) / 9n / (WAD + rules.basePremium + WAD / 9n);
        const grown = ((amount - tip) * (WAD + rules.basePremium)) / (onTime - tip);
        expect(grown / 10n ** 9n).to.equal((WAD + premiumOf(lateSec, rules)) / 10n ** 9n);
      }
      expect(fuller).to.equal(full);
    });

    it("is quoted as it is paid", async () => {
      const rules = await rulesOf(w);
      for (const [baseFee, gasPrice] of [
        [GWEI, 3n * GWEI],
        [GWEI, GWEI],
        [300n * GWEI, 301n * GWEI],
      ] as const) {
        const work = { gasUsed: 123_456n + BASE_OVERHEAD, gasPrice, baseFee, lateSec: 777n, rate: FALLBACK };
        expect(await w.jobs.quote(123_456n, baseFee, gasPrice, 777n)).to.equal(earnedFor(work, rules));
      }
      const most = 2n ** 256n - 1n;
      expect(await w.jobs.quote(most, most, most, most)).to.equal(
        await w.jobs.quote(10n ** 9n, 10n ** 15n, 10n ** 15n, 6n * HOUR),
      );
    });
  });

  describe("P124: lateness that nobody knows", () => {
    /** What `done` would have been paid on time, from the fallback rate. */
    const onTime = async ({ jobs }: Pick<KeepersWorld, "jobs">, done: { gas: bigint }, gasPrice: bigint, baseFee: bigint) =>
      earnedFor(
        { gasUsed: done.gas - PAYMENT_OVERHEAD, gasPrice, baseFee, lateSec: 0n, rate: FALLBACK },
        await rulesOf({ jobs }),
      );
    const baseFeeOf = async (block: number) => (await ethers.provider.getBlock(block))!.baseFeePerGas!;

    describe("given a condition of an emergency that has been met for an hour", () => {
      beforeEach(async () => {
        await w.report({ txTotal: 100n, txFailed: 90n });
        await w.clock.pass(HOUR);
      });

      it("is told as due since nobody knows when", async () => {
        expect(await w.jobs.check(JOB.trigger, word(TRIGGER.networkAttack))).to.deep.equal([true, 0n]);
        const { due, dueSince } = await w.jobs[WORKABLE](JOB.trigger);
        expect([due, dueSince]).to.deep.equal([true, 0n]);
      });

      it("is paid the base premium when its trigger is pulled", async () => {
        const { receipt, done } = await doneIn(w, w.jobs[WORK](JOB.trigger, word(TRIGGER.networkAttack), NOBODY));
        expect(done[0]!.lateSec).to.equal(0n);
        expect(done[0]!.paid).to.equal(await onTime(w, done[0]!, receipt.gasPrice, await baseFeeOf(receipt.blockNumber)));
      });
    });

    describe("given a history without a record", () => {
      const young = async () => youngOn(connection);

      it("is told as due since nobody knows when", async () => {
        const y = await connection.networkHelpers.loadFixture(young);
        expect(await y.jobs.check(JOB.record, "0x")).to.deep.equal([true, 0n]);
        expect((await y.jobs[WORKABLE](JOB.record)).dueSince).to.equal(0n);
      });

      it("is paid the base premium for the very first record", async () => {
        const y = await connection.networkHelpers.loadFixture(young);
        const { receipt, done } = await doneIn(y, y.jobs[WORK](JOB.record, "0x", NOBODY));
        expect(await y.history.hasNewRound()).to.equal(false);
        expect(done[0]!.lateSec).to.equal(0n);
        expect(done[0]!.paid).to.equal(await onTime(y, done[0]!, receipt.gasPrice, await baseFeeOf(receipt.blockNumber)));
      });
    });
  });

  describe("P240: who is paid", () => {
    it("is whom the call names, or the caller, and nobody else", async () => {
      const [friend] = w.people.users;
      for (const [named, paid] of [
        [friend!.address, friend!.address],
        [NOBODY, w.keeper.address],
        [w.keeper.address, w.keeper.address],
      ] as const) {
        await late(0n);
        const balances = async () => Promise.all([friend!, w.keeper].map((one) => w.token.balanceOf(one)));
        await Promise.all([friend!, w.keeper].map((one) => w.token.settle(one)));
        const before = await balances();
        const { done } = await doneIn(w, w.jobs[WORK](JOB.record, "0x", named));
        expect([done[0]!.executor, done[0]!.payee]).to.deep.equal([w.keeper.address, paid]);
        const after = await balances();
        const grown = after.map((balance, i) => balance - before[i]!);
        expect(grown).to.deep.equal(paid === friend!.address ? [done[0]!.paid, 0n] : [0n, done[0]!.paid]);
      }
    });
  });
});
