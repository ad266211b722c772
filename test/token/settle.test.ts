import { expect } from "chai";
import { runDayLoop } from "@ftns/model/token/dayLoop.ts";
import { startOf } from "../helpers/time.ts";
import { CLASS, PLENTY, TIER, clock, ethers, freshToken, give, makeContributor, wordOf, type Deployment } from "./fixture.ts";
import { DEFAULT_RATES, FTNS, WAD, loopAccount, wholeUnits } from "./words.ts";

const DAY_FEE = (1_000n * FTNS) / 3_000n;

describe("FTNSToken demurrage", () => {
  let d: Deployment;
  let launchDay: bigint;
  beforeEach(async () => {
    d = await freshToken();
    await give(d, d.alice, 1_000n * FTNS);
    launchDay = await clock.today();
  });

  describe("settle", () => {
    it("does nothing for an account that never held anything", async () => {
      const transaction = await d.token.settle(d.dave);
      expect((await transaction.wait())!.logs).to.deep.equal([]);
      expect((await wordOf(d, d.dave)).settledDay).to.equal(0);
    });

    it("does nothing twice on a day", async () => {
      await clock.toDaysAhead(3n);
      await d.token.settle(d.alice);
      const word = await wordOf(d, d.alice);
      expect(await d.token.settle.staticCall(d.alice)).to.equal(0n);
      expect((await (await d.token.settle(d.alice)).wait())!.logs).to.deep.equal([]);
      expect(await wordOf(d, d.alice)).to.deep.equal(word);
    });

    it("charges nothing one second before 02:00 UTC, and a day's fee at 02:00", async () => {
      await clock.nextBlockAt(startOf(launchDay + 1n) - 1n);
      await d.token.settle(d.alice);
      expect(await d.token.balanceOf(d.alice)).to.equal(1_000n * FTNS);
      await clock.nextBlockAt(startOf(launchDay + 1n));
      await d.token.settle(d.alice);
      expect(await d.token.balanceOf(d.alice)).to.equal(1_000n * FTNS - DAY_FEE);
    });

    it("may be called by anyone, moves the fee to the pool, emits it, and returns it", async () => {
      await clock.toDaysAhead(1n);
      expect(await d.token.connect(d.dave).settle.staticCall(d.alice)).to.equal(DAY_FEE);
      await expect(d.token.connect(d.dave).settle(d.alice)).to.emit(d.token, "Transfer").withArgs(d.alice, d.pool, DAY_FEE);
      expect(await d.token.balanceOf(d.pool)).to.equal(DAY_FEE);
    });

    it("P3: changes nobody's balanceOf but the pool's, by just the fee", async () => {
      await give(d, d.bob, 77n * FTNS);
      await clock.toDaysAhead(100n);
      const holders = [d.alice, d.bob, d.treasury];
      const balances = () => Promise.all(holders.map((holder) => d.token.balanceOf(holder)));
      const before = await balances();
      const pool = await d.token.balanceOf(d.pool);
      const due = (await d.token.accountOf(d.alice)).dueFee;
      await d.token.settle(d.alice);
      expect(await balances()).to.deep.equal(before);
      expect((await d.token.balanceOf(d.pool)) - pool).to.equal(due);
      expect(await d.token.totalSupply()).to.equal((await sumOf(d, [...holders, d.pool])) + (await duesOf(d, holders)));
    });

    it("charges 1/3000 a day of a hoarder, the fee exactly 1e-9 FTNS and nothing below", async () => {
      const cutOff = 3n * 10n ** 12n;
      await give(d, d.bob, cutOff);
      await give(d, d.carol, cutOff - 1n);
      await clock.toDaysAhead(1n);
      expect(await d.token.balanceOf(d.bob)).to.equal(cutOff - 10n ** 9n);
      expect(await d.token.balanceOf(d.carol)).to.equal(cutOff - 1n);
    });

    it("gives after 400 days of tier steps what the day loop gives", async () => {
      await makeContributor(d, d.alice, { basic: 100, active: 60, power: 30 });
      await makeContributor(d, d.bob, { basic: 1 });
      for (let i = 0; i < 4; i++) {
        await d.token.connect(d.alice).transfer(d.bob, 500n * FTNS);
        await d.token.connect(d.bob).transfer(d.alice, 500n * FTNS);
      }
      const start = loopAccount(await wordOf(d, d.alice));
      await clock.toDaysAhead(400n);
      const truth = runDayLoop(start, Number(launchDay) + 400, [{ fromDay: 0, rates: DEFAULT_RATES }], [], {
        unrounded: true,
      });
      expect(truth.daysCharged.every((days) => days > 0)).to.equal(true);
      expect((await d.token.balanceOf(d.alice)) - truth.balance).to.be.within(-1_000n, 1_000n);
    });

    it("P15: costs much the same for 30 days as for 2,000 with every step of tier and band", async () => {
      const costOf = async (days: bigint) => {
        d = await freshToken();
        await give(d, d.alice, 1_000_000n * FTNS);
        await give(d, d.bob, 9_000_000n * FTNS);
        await makeContributor(d, d.alice, { basic: 100, active: 60, power: 30 });
        await makeContributor(d, d.bob, { basic: 1 });
        await d.token.connect(d.bob).transfer(d.alice, 9_000_000n * FTNS);
        await clock.toDaysAhead(days);
        return (await (await d.token.settle(d.alice)).wait())!.gasUsed;
      };
      const [short, long] = [await costOf(30n), await costOf(2_000n)];
      expect(long - short).to.be.lessThan(15_000n);
    });

    it("never touches an exempt account", async () => {
      await d.token.connect(d.governor).setAccountClass(d.vault, CLASS.EXEMPT);
      await give(d, d.vault, 1_000n * FTNS);
      await clock.toDaysAhead(500n);
      expect(await d.token.settle.staticCall(d.vault)).to.equal(0n);
      expect(await d.token.balanceOf(d.vault)).to.equal(1_000n * FTNS);
    });

    it("charges a pooled account at the top rate", async () => {
      await d.token.connect(d.alice).transfer(d.wrapper, 1_000n * FTNS);
      await clock.toDaysAhead(1n);
      expect(await d.token.settle.staticCall(d.wrapper)).to.equal(DAY_FEE);
    });

    it("charges a recognised account as BASIC", async () => {
      await d.token.connect(d.governor).setAccountClass(d.shop, CLASS.RECOGNISED);
      await makeContributor(d, d.alice, { basic: 9 });
      await d.token.connect(d.alice).transfer(d.shop, 500n * FTNS);
      await clock.toDaysAhead(1n);
      // 500 / 500 decays to 0.967: band 1, 20 basis points a month for BASIC.
      expect(await d.token.settle.staticCall(d.shop)).to.equal((500n * FTNS * 20n) / 300_000n);
    });
  });

  describe("settleThrough", () => {
    it("reverts for a day that has not come", async () => {
      await clock.toDaysAhead(2n);
      await expect(d.token.settleThrough(d.alice, launchDay + 3n))
        .to.be.revertedWithCustomError(d.token, "SettleDayOutOfBounds")
        .withArgs(launchDay + 3n, launchDay, launchDay + 2n);
    });

    it("reverts for a day before the last settled one", async () => {
      await clock.toDaysAhead(2n);
      await d.token.settle(d.alice);
      await expect(d.token.settleThrough(d.alice, launchDay + 1n))
        .to.be.revertedWithCustomError(d.token, "SettleDayOutOfBounds")
        .withArgs(launchDay + 1n, launchDay + 2n, launchDay + 2n);
    });

    it("does nothing for the settled day itself", async () => {
      await clock.toDaysAhead(2n);
      expect(await d.token.settleThrough.staticCall(d.alice, launchDay)).to.equal(0n);
    });

    it("settles a part of the way, and the rest comes to the same", async () => {
      await clock.toDaysAhead(2n);
      const balance = await d.token.balanceOf(d.alice);
      await expect(d.token.settleThrough(d.alice, launchDay + 1n))
        .to.emit(d.token, "Transfer")
        .withArgs(d.alice, d.pool, DAY_FEE);
      expect((await wordOf(d, d.alice)).settledDay).to.equal(Number(launchDay) + 1);
      expect((await d.token.balanceOf(d.alice)) - balance).to.be.within(-1_000n, 1_000n);
    });
  });

  describe("accountOf", () => {
    it("is all zero but the velocity for a stranger", async () => {
      const info = await d.token.accountOf(d.dave);
      expect(info.balance).to.equal(0n);
      expect(info.velocity).to.equal(ethers.MaxUint256);
      expect(info.settledDay).to.equal(0n);
      expect(info.nextFee).to.equal(0n);
    });

    it("explains a hoarder", async () => {
      await clock.toDaysAhead(10n);
      const info = await d.token.accountOf(d.alice);
      expect(info.balance).to.equal(await d.token.balanceOf(d.alice));
      expect(info.dueFee).to.equal(1_000n * FTNS - info.balance);
      expect(info.velocity).to.equal(0n);
      expect(info.band).to.equal(3n);
      expect(info.tier).to.equal(TIER.NONE);
      expect(info.monthlyRate).to.equal(WAD / 100n);
      expect(info.accountClass).to.equal(CLASS.STANDARD);
      expect(info.settledDay).to.equal(launchDay);
      expect(info.nextFeeAt).to.equal(startOf(launchDay + 11n));
      expect(info.nextFee).to.equal(info.balance / 3_000n);
    });

    it("explains a contributor: schedule, tier, capacity, activity, velocity, band and rate", async () => {
      await makeContributor(d, d.alice, { basic: 40, active: 30, power: 20 });
      await makeContributor(d, d.bob, { basic: 5 });
      await d.token.connect(d.alice).transfer(d.bob, 500n * FTNS);
      const info = await d.token.accountOf(d.alice);
      const activity = wholeUnits(500n * FTNS);
      expect(info.activity).to.equal(activity);
      expect(info.capacity).to.equal(wholeUnits(PLENTY) - activity);
      expect(info.velocity).to.equal((activity * WAD) / (500n * FTNS));
      expect(info.band).to.equal(1n);
      expect(info.tier).to.equal(TIER.POWER);
      expect(info.monthlyRate).to.equal(WAD / 1_000n);
      expect([...info.schedule]).to.deep.equal([launchDay + 40n, launchDay + 30n, launchDay + 20n]);
    });

    it("tells the fee that the next boundary then takes", async () => {
      await makeContributor(d, d.alice, { basic: 2 });
      for (const _ of [1, 2, 3, 4]) {
        const info = await d.token.accountOf(d.alice);
        await clock.to(info.nextFeeAt);
        const after = await d.token.accountOf(d.alice);
        expect(info.balance - after.balance).to.be.within(info.nextFee - 1_000n, info.nextFee + 1_000n);
      }
    });

    it("counts the reward pool's settled fees as its own", async () => {
      await clock.toDaysAhead(1n);
      await d.token.settle(d.alice);
      const info = await d.token.accountOf(d.pool);
      expect(info.balance).to.equal(DAY_FEE);
      expect(info.accountClass).to.equal(CLASS.EXEMPT);
    });

    it("tells the rate, but no fee due or to come, on frozen days", async () => {
      await d.token.connect(d.breaker).halt((await clock.now()) + 172_800n);
      await clock.toDaysAhead(1n);
      const info = await d.token.accountOf(d.alice);
      expect(info.monthlyRate).to.equal(WAD / 100n);
      expect(info.dueFee).to.equal(0n);
      expect(info.nextFee).to.equal(0n);
    });

    it("tells no grace of an exempt or pooled account, and no schedule of a recognised one", async () => {
      await d.token.connect(d.governor).setAccountClass(d.shop, CLASS.RECOGNISED);
      for (const [account, kind] of [
        [d.pool, CLASS.EXEMPT],
        [d.wrapper, CLASS.POOLED],
        [d.shop, CLASS.RECOGNISED],
      ] as const) {
        const info = await d.token.accountOf(account);
        expect(info.accountClass).to.equal(kind);
        expect(info.graceUntil).to.equal(0n);
        expect([...info.schedule]).to.deep.equal([0n, 0n, 0n]);
      }
    });
  });
});

async function sumOf(d: Deployment, holders: { getAddress(): Promise<string> }[]): Promise<bigint> {
  const balances = await Promise.all(holders.map(async (holder) => d.token.balanceOf(await holder.getAddress())));
  return balances.reduce((sum, balance) => sum + balance, 0n);
}

async function duesOf(d: Deployment, holders: { getAddress(): Promise<string> }[]): Promise<bigint> {
  const infos = await Promise.all(holders.map(async (holder) => d.token.accountOf(await holder.getAddress())));
  return infos.reduce((sum, info) => sum + info.dueFee, 0n);
}
