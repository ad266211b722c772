// What goes wrong with a payment without harm: an empty pool, contracts that are broken, nobody to pay.
import { expect } from "chai";
import { network } from "hardhat";
import { earnedFor, PAYMENT_OVERHEAD } from "@ftns/model";
import { HOUR } from "../helpers/time.ts";
import { ACTION } from "../safety/fixture.ts";
import { doneIn, JOB, keepersOn, NOBODY, rulesOf, task, WORK, type KeepersWorld } from "./fixture.ts";
import { BROKEN, FALLBACK, payingIn } from "./paying.ts";

const connection = await network.create();
const world = async () => keepersOn(connection);
const { ethers } = connection;

describe("KeeperJobs payments", () => {
  let w: KeepersWorld;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(world);
  });
  const { record, late, breakContract } = payingIn(connection, () => w);

  describe("P122: the pool's funds, and never new FTNS", () => {
    const empty = async (left: bigint) => {
      await w.token.settle(w.people.treasury);
      const pool = await w.pool.getAddress();
      const { impersonateAccount, setBalance, stopImpersonatingAccount } = connection.networkHelpers;
      await impersonateAccount(pool);
      await setBalance(pool, 10n ** 18n);
      const signer = await ethers.getSigner(pool);
      await w.token.connect(signer).transfer(w.people.treasury, (await w.token.balanceOf(pool)) - left);
      await stopImpersonatingAccount(pool);
    };

    it("pays what the pool holds when that is less, owes nothing and mints nothing", async () => {
      await w.clock.pass(HOUR);
      await w.report();
      await empty(5n);
      const supply = await w.token.totalSupply();
      expect((await record()).done.paid).to.equal(5n);
      await w.clock.pass(HOUR);
      await w.report();
      await empty(0n);
      expect((await record()).done.paid).to.equal(0n);
      expect(await w.pool.claimable(w.keeper)).to.equal(0n);
      expect(await w.token.totalSupply()).to.equal(supply);
    });

    it("reverts for anyone but the jobs, and for the zero account", async () => {
      for (const caller of [w.keeper, w.people.governor, w.people.admin]) {
        await expect(w.pool.connect(caller).payKeeper(w.keeper, 1n)).to.be.revertedWithCustomError(
          w.pool,
          "AccessManagedUnauthorized",
        );
      }
      await w.manager.connect(w.people.admin).grantRole(10n, w.people.admin, 0);
      const pool = w.pool.connect(w.people.admin);
      await expect(pool.payKeeper(ethers.ZeroAddress, 1n)).to.be.revertedWithCustomError(w.pool, "ZeroAccount");
      await expect(pool.payKeeper(w.keeper, 3n)).to.emit(w.pool, "KeeperPaid").withArgs(w.keeper, 3n);
    });
  });

  describe("P121: whatever goes wrong with the payment, the job is done", () => {
    const doneUnpaid = async () => {
      const { done } = await record();
      expect(done.paid).to.equal(0n);
      expect(await w.history.hasNewRound()).to.equal(false);
      expect(await w.jobs.gasLeftToday()).to.equal((await rulesOf(w)).dailyGas);
    };

    for (const broken of BROKEN) {
      it(`with a pool that is ${broken}`, async () => {
        await late(0n);
        await breakContract(await w.pool.getAddress(), broken);
        await w.clock.nextBlockAt((await w.clock.now()) + 1n);
        if (broken !== "Garbage") return doneUnpaid();
        // It claims to have paid more than there is, which counts as what was asked for.
        const { done, baseFee, receipt } = await record();
        const work = {
          gasUsed: done.gas - PAYMENT_OVERHEAD,
          gasPrice: receipt.gasPrice,
          baseFee,
          lateSec: done.lateSec,
          rate: FALLBACK,
        };
        expect(done.paid).to.equal(earnedFor(work, await rulesOf(w)));
      });
    }

    it("when the pool is told to pay somebody else's", async () => {
      await late(0n);
      await w.pool.connect(w.people.governor).setKeeperPayer(w.vault);
      await doneUnpaid();
    });

    it("with payees that cannot receive: the pool, and the token", async () => {
      for (const payee of [w.addresses.pool, w.addresses.token]) {
        await late(0n);
        const { done } = await doneIn(w, w.jobs[WORK](JOB.record, "0x", payee));
        expect(done[0]!.payee).to.equal(payee);
        expect(await w.history.hasNewRound()).to.equal(false);
        if (payee === w.addresses.pool) expect(done[0]!.paid).to.equal(0n);
      }
    });

    it("P240: when nobody is named by a forwarder", async () => {
      await late(0n);
      const before = await w.token.balanceOf(w.pool);
      const { done } = await doneIn(w, w.jobs.performUpkeep(task(JOB.record, "0x")));
      expect([done[0]!.payee, done[0]!.gas, done[0]!.paid]).to.deep.equal([NOBODY, 0n, 0n]);
      expect(await w.token.balanceOf(w.pool)).to.equal(before);
      expect(await w.history.hasNewRound()).to.equal(false);
    });

    it("pays under a halt and in recovery mode, as the pool is exempt", async () => {
      for (const action of [ACTION.halt, ACTION.recovery]) {
        await w.breaker.connect(w.people.governor).impose(action);
        await late(0n);
        expect((await record()).done.paid).to.be.greaterThan(0n);
      }
    });

    it("reverts with too little gas for the payment, so that an estimate of gas finds the way that is paid", async () => {
      await w.clock.pass(2n * HOUR);
      await w.report();
      const estimated = await w.jobs[WORK].estimateGas(JOB.record, "0x", NOBODY);
      const { done } = await doneIn(w, w.jobs[WORK](JOB.record, "0x", NOBODY, { gasLimit: estimated }));
      expect(done[0]!.paid).to.be.greaterThan(0n);
      await w.clock.pass(2n * HOUR);
      await w.report();
      await expect(w.jobs[WORK](JOB.record, "0x", NOBODY, { gasLimit: 450_000n })).to.be.revertedWithCustomError(
        w.jobs,
        "GasTooLow",
      );
    });
  });
});
