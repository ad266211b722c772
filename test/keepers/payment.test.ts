// What is paid, to whom, out of what, and what goes wrong without harm.
import { expect } from "chai";
import { network } from "hardhat";
import { BASE_OVERHEAD, earnedFor, PAYMENT_OVERHEAD, premiumOf } from "@ftns/model";
import { FTNS } from "../helpers/economy.ts";
import { DAY, HOUR } from "../helpers/time.ts";
import { ACTION, TRIGGER, USD } from "../safety/fixture.ts";
import {
  doneIn,
  GWEI,
  JOB,
  keepersOn,
  NOBODY,
  rulesOf,
  task,
  WORK,
  WORKABLE,
  word,
  youngOn,
  type KeepersWorld,
} from "./fixture.ts";

const connection = await network.create();
const world = async () => keepersOn(connection);
const { ethers } = connection;
const WAD = 10n ** 18n;
const FALLBACK = 2_000n * FTNS;

describe("KeeperJobs payments", () => {
  let w: KeepersWorld;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(world);
  });
  /** Does a job that is due, at `gasPrice`. */
  const record = async (tip = GWEI) => {
    const { baseFeePerGas } = (await ethers.provider.getBlock("latest"))!;
    const fee = { maxFeePerGas: 3n * baseFeePerGas! + tip, maxPriorityFeePerGas: tip };
    const { receipt, done } = await doneIn(w, w.jobs[WORK](JOB.record, "0x", NOBODY, fee));
    const { baseFeePerGas: baseFee } = (await ethers.provider.getBlock(receipt.blockNumber))!;
    return { receipt, done: done[0]!, baseFee: baseFee! };
  };
  const late = async (seconds: bigint) => {
    const { knownUntil } = await w.history.lastRecord();
    await w.clock.to(knownUntil + HOUR + seconds - 20n);
    await w.report();
    await w.clock.nextBlockAt(knownUntil + HOUR + seconds);
  };
  const govern = () => w.jobs.connect(w.people.governor);

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

    for (const broken of ["Reverting", "BurningGas", "DataBomb", "Garbage", "Silent"]) {
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

  describe("P126: the rate", () => {
    const withFeed = async (decimals: number) => {
      const feed = await ethers.deployContract("MockFeed", [decimals]);
      await govern().setRateSources({ coinFeed: feed, maxCoinAge: 3n * HOUR, fallbackRate: FALLBACK });
      const set = async (dollars: bigint, age = 0n, unit = 10n ** BigInt(decimals)) =>
        feed.getFunction("set").send(1n, dollars * unit, (await w.clock.now()) - age);
      return { feed, set };
    };
    const fallsBack = async (error: string) => {
      expect(await w.jobs.rate()).to.deep.equal([FALLBACK, false]);
      await expect(w.jobs.feedRate()).to.be.revertedWithCustomError(w.jobs, error);
    };

    it("is the fallback without a feed", async () => {
      await fallsBack("NoCoinFeed");
    });

    it("is the coin's price by our own average of the latest full hour, whatever the feed's decimals", async () => {
      for (const decimals of [0, 8, 18]) {
        const { set } = await withFeed(decimals);
        await set(3_000n);
        expect(await w.jobs.rate()).to.deep.equal([3_000n * FTNS, true]);
      }
    });

    it("is not moved by the price of now", async () => {
      const { set } = await withFeed(8);
      await w.hour(2n * USD);
      await set(3_000n);
      const before = await w.jobs.rate();
      await w.report({ price: USD });
      await w.history.record();
      expect(await w.jobs.rate()).to.deep.equal(before);
    });

    it("is the fallback when the coin's price is stale, of the future, or none", async () => {
      const { set } = await withFeed(8);
      await set(3_000n, 3n * HOUR - 10n);
      expect((await w.jobs.rate())[1]).to.equal(true);
      for (const [dollars, age] of [
        [3_000n, 4n * HOUR],
        [3_000n, -HOUR],
        [0n, 0n],
        [-1n, 0n],
      ] as const) {
        await set(dollars, age);
        await fallsBack("CoinPriceUnusable");
      }
    });

    it("is the fallback when the ratio is absurd", async () => {
      const { set } = await withFeed(8);
      await set(10n ** 13n);
      await fallsBack("RateOutOfBounds");
      await set(1n, 0n, 10n ** 1n);
      await fallsBack("RateOutOfBounds");
    });

    it("is the fallback when our own price is thin", async () => {
      const { set } = await withFeed(8);
      await w.clock.pass(8n * HOUR);
      await set(3_000n);
      expect(await w.jobs.rate()).to.deep.equal([FALLBACK, false]);
      await expect(w.jobs.feedRate()).to.be.revertedWithCustomError(w.jobs, "FtnsPriceStale");
      await w.report();
      await w.history.record();
      await set(3_000n);
      await expect(w.jobs.feedRate()).to.be.revertedWithCustomError(w.history, "HourNotUsable");
    });

    for (const broken of ["Reverting", "BurningGas", "DataBomb", "Garbage", "Silent"]) {
      it(`is the fallback with a coin feed that is ${broken}, and the job is done and paid`, async () => {
        const { feed } = await withFeed(8);
        await breakContract(await feed.getAddress(), broken);
        expect(await w.jobs.rate()).to.deep.equal([FALLBACK, false]);
        await late(0n);
        const { done } = await record();
        expect(done.rate).to.equal(FALLBACK);
        expect(done.paid).to.be.greaterThan(0n);
      });
    }
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

  async function breakContract(address: string, name: string) {
    const mock = await ethers.deployContract(name);
    await connection.networkHelpers.setCode(address, await ethers.provider.getCode(mock));
  }
});
