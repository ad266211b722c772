import { expect } from "chai";
import { BUDGET, FTNS, LAST_HOUR, payments, percent, poolFixture, SUPPLY, TIER, WAD, type PoolWorld } from "./fixture.ts";

const { connection, fresh } = await poolFixture();
const { ethers } = connection;

describe("DailyBudget", () => {
  let d: PoolWorld;
  let pool: PoolWorld["pool"];
  let p: ReturnType<typeof payments>;
  beforeEach(async () => {
    d = await fresh();
    pool = d.pool;
    p = payments(d);
  });

  const recover = async (seconds: bigint) => d.token.setRecovery((await d.clock.now()) + seconds);
  const budget = async () => (await pool.dayBudget()).emissionBudget;

  describe("the emission budget (P31)", () => {
    it("is 0.1 % of the supply", async () => {
      expect(await pool.budgetLeft()).to.equal(BUDGET);
      expect(await budget()).to.equal(BUDGET);
    });

    it("follows M below 1, and not above", async () => {
      for (const [M, expected] of [
        [WAD / 10n, BUDGET / 10n],
        [(WAD * 99n) / 100n, (BUDGET * 99n) / 100n],
        [WAD, BUDGET],
        [10n * WAD, BUDGET],
      ] as const) {
        await d.source.set(M);
        expect(await pool.budgetLeft()).to.equal(expected);
      }
    });

    it("follows M also where no reward does", async () => {
      await d.source.fix(0xffn);
      await d.source.set(WAD / 2n);
      expect(await pool.budgetLeft()).to.equal(BUDGET / 2n);
    });

    it("is rounded down to a billionth", async () => {
      await d.token.changeSupply(1_234_567_890_123n);
      expect(await pool.budgetLeft()).to.equal(BUDGET + 1_000_000_000n);
      await d.token.changeSupply(-234_567_890_124n);
      expect(await pool.budgetLeft()).to.equal(BUDGET);
    });

    it("is fixed by the first payment of the day, whatever it is for", async () => {
      await p.owe(5n * FTNS);
      await p.fund(10n * FTNS);
      const firsts = [
        async () => p.reward(1n),
        async () => p.payYield(1n),
        async () => p.payYield(0n, 1n),
        async () => p.payKeeper(1n),
        async () => pool.connect(d.alice).claim(),
      ];
      for (const first of firsts) {
        await d.clock.toDaysAhead(1n);
        await d.source.set(WAD);
        const before = await budget();
        await first();
        await d.source.set(WAD / 10n);
        await pool.setEmissionShare(percent(1n));
        await d.token.changeSupply(SUPPLY);
        expect(await budget()).to.equal(before);
        await d.token.changeSupply(-SUPPLY);
        await pool.setEmissionShare(percent(1n) / 10n);
      }
    });

    it("is not fixed by a payment of nothing", async () => {
      await p.payYield(0n);
      await p.payKeeper(FTNS); // finds no funds
      await pool.setEmissionShare(0n);
      await p.reward(FTNS); // deferred
      await d.source.set(WAD / 2n);
      await pool.setEmissionShare(percent(1n) / 10n);
      expect(await budget()).to.equal(BUDGET / 2n);
    });

    it("begins anew at the day boundary, and what was left is not saved up", async () => {
      await p.reward(20_000n * FTNS);
      const tomorrow = await p.tomorrow();
      await d.clock.to(tomorrow - 1n);
      expect(await pool.budgetLeft()).to.equal(80_000n * FTNS);
      await d.clock.to(tomorrow);
      expect(await pool.budgetLeft()).to.equal(BUDGET + 20n * FTNS);
      expect(await p.paid()).to.deep.equal({ CONTRIBUTIONS: 0n, YIELD: 0n, CLAIMS: 0n, SERVICES: 0n });
      await d.clock.toDaysAhead(30n);
      expect(await pool.budgetLeft()).to.equal(BUDGET + 20n * FTNS);
    });

    it("never reaches past the hard cap, and counts among the means only as far", async () => {
      await d.token.changeSupply((await d.token.MAX_SUPPLY()) - SUPPLY - 10n * FTNS);
      expect(await pool.budgetLeft()).to.equal(10n * FTNS);
      expect((await pool.dayBudget()).means).to.equal(10n * FTNS);
      await expect(p.reward(8n * FTNS)).to.changeTokenBalance(ethers, d.token, d.alice, 3n * FTNS);
      await p.toSecond(LAST_HOUR);
      await p.reward(8n * FTNS);
      expect(await d.token.totalSupply()).to.equal(await d.token.MAX_SUPPLY());
      expect(await pool.claimable(d.alice)).to.equal(6n * FTNS);
      expect(await pool.budgetLeft()).to.equal(0n);
    });

    it("is nothing in recovery mode, and there again afterwards", async () => {
      await p.fund(100n * FTNS);
      await p.reward(1_000n * FTNS);
      await recover(3_600n);
      expect(await pool.budgetLeft()).to.equal(0n);
      expect((await pool.dayBudget()).means).to.equal(1_010n * FTNS);
      await d.clock.pass(3_601n);
      expect(await pool.budgetLeft()).to.equal(BUDGET - 910n * FTNS);
    });

    it("that M cannot tell is nothing until M can be read; what needs no M is paid out of funds", async () => {
      await p.owe(90n * FTNS);
      await p.fund(100n * FTNS);
      await d.source.switchOff();
      expect(await pool.budgetLeft()).to.equal(0n);
      expect((await pool.dayBudget()).means).to.equal(100n * FTNS);
      await expect(p.payYield(99n * FTNS)).to.changeTokenBalance(ethers, d.token, d.bob, 30n * FTNS);
      await expect(p.payKeeper(99n * FTNS)).to.changeTokenBalance(ethers, d.token, d.carol, 10n * FTNS);
      await expect(pool.connect(d.alice).claim()).to.changeTokenBalance(ethers, d.token, d.alice, 30n * FTNS);
      await d.source.switchOn();
      expect(await pool.budgetLeft()).to.equal(BUDGET);
      expect(await p.paid()).to.deep.equal({
        CONTRIBUTIONS: 0n,
        YIELD: 30n * FTNS,
        CLAIMS: 30n * FTNS,
        SERVICES: 10n * FTNS,
      });
      await p.reward(FTNS);
      await d.source.switchOff();
      expect(await pool.budgetLeft()).to.equal(BUDGET);
      expect((await p.paid()).YIELD).to.equal(30n * FTNS);
    });
  });

  describe("the means", () => {
    it("are funds and emission at the first payment, and what comes in later", async () => {
      await p.fund(1_000n * FTNS);
      expect((await pool.dayBudget()).means).to.equal(101_000n * FTNS);
      await p.reward(500n * FTNS);
      await p.payYield(700n * FTNS, 50n * FTNS);
      await p.payKeeper(20n * FTNS);
      expect((await pool.dayBudget()).means).to.equal(101_000n * FTNS);
      await p.fund(9_000n * FTNS);
      expect((await pool.dayBudget()).means).to.equal(110_000n * FTNS);
      await p.payYield(11n * FTNS);
      const { means, funds, emissionLeft, paid, keptForServices } = await pool.dayBudget();
      expect(means).to.equal(110_000n * FTNS);
      expect(funds + emissionLeft + paid.reduce((a, b) => a + b)).to.equal(means);
      expect(keptForServices).to.equal(980n * FTNS); // a tenth of 10,000 less what was paid
    });

    it("of which a donor gets less back than it gave", async () => {
      await p.payYield(40_000n * FTNS);
      const before = (await p.left()).YIELD;
      expect(before).to.equal(0n);
      await p.fund(1_000n * FTNS);
      expect((await p.left()).YIELD).to.equal(300n * FTNS);
    });
  });

  describe("given the time before 01:00", () => {
    it("gives each purpose its share, whatever the others asked for", async () => {
      await p.owe(500_000n * FTNS);
      await p.fund(100_000n * FTNS);
      const whole = 200_000n * FTNS;
      expect(await p.left()).to.deep.equal({
        CONTRIBUTIONS: (whole * 3n) / 10n,
        YIELD: (whole * 3n) / 10n,
        CLAIMS: (whole * 3n) / 10n,
        SERVICES: whole / 10n,
      });
      const asks = {
        CONTRIBUTIONS: async () => p.reward(whole),
        YIELD: async () => p.payYield(whole, whole),
        CLAIMS: async () => pool.connect(d.alice).claim(),
        SERVICES: async () => p.payKeeper(whole),
      };
      // Services last: nine tenths of the funds are gone by then, and what is kept is all that they can have.
      for (const purpose of ["CLAIMS", "YIELD", "CONTRIBUTIONS", "SERVICES"] as const) {
        await asks[purpose]();
        const expected = purpose === "SERVICES" ? 10_000n * FTNS : (whole * 3n) / 10n;
        expect((await p.paid())[purpose], purpose).to.equal(expected);
      }
      expect((await pool.dayBudget()).funds).to.equal(0n);
    });

    it("keeps a tenth of the day's funds for services, also of what comes in later", async () => {
      await p.fund(1_000n * FTNS);
      await p.payYield(950n * FTNS);
      expect((await pool.dayBudget()).funds).to.equal(100n * FTNS);
      await p.payKeeper(60n * FTNS);
      await p.fund(1_000n * FTNS);
      await p.reward(1_000n * FTNS);
      expect((await pool.dayBudget()).funds).to.equal(140n * FTNS);
      await p.payYield(0n, FTNS);
      expect((await pool.dayBudget()).funds).to.equal(140n * FTNS);
      await p.payKeeper(200n * FTNS);
      expect((await p.paid()).SERVICES).to.equal(200n * FTNS);
    });

    it("has the last second before 01:00 obey the shares", async () => {
      await d.clock.nextBlockAt((await p.openAt()) - 1n);
      await expect(p.payYield(50_000n * FTNS)).to.changeTokenBalance(ethers, d.token, d.bob, 30_000n * FTNS);
    });
  });

  describe("given the hour from 01:00 on", () => {
    beforeEach(async () => d.clock.nextBlockAt(await p.openAt()));

    it("opens what is left of the other shares, and leaves contributions theirs", async () => {
      await expect(p.payYield(BUDGET)).to.changeTokenBalance(ethers, d.token, d.bob, (BUDGET * 7n) / 10n);
      expect((await pool.dayBudget()).openToAll).to.equal(true);
      expect(await p.left()).to.deep.equal({ CONTRIBUTIONS: (BUDGET * 3n) / 10n, YIELD: 0n, CLAIMS: 0n, SERVICES: 0n });
      await expect(p.reward(BUDGET)).to.changeTokenBalance(ethers, d.token, d.alice, (BUDGET * 3n) / 10n);
    });

    it("lets contributions use everything that is left", async () => {
      await p.reward((BUDGET * 6n) / 10n);
      expect((await p.left()).YIELD).to.equal((BUDGET * 4n) / 10n);
      await expect(p.payYield(BUDGET)).to.changeTokenBalance(ethers, d.token, d.bob, (BUDGET * 4n) / 10n);
      await expect(p.reward(FTNS)).to.emit(pool, "RewardPaid").withArgs(d.alice, TIER.BASIC, 0n, FTNS, WAD, FTNS, 0n, 0n, FTNS);
    });

    it("frees what was kept for services, and lets services use all of the others' funds", async () => {
      await p.fund(10_000n * FTNS);
      expect((await pool.dayBudget()).keptForServices).to.equal(0n);
      await p.payKeeper(20_000n * FTNS);
      expect((await p.paid()).SERVICES).to.equal(10_000n * FTNS);
    });

    it("holds until the last second of the day", async () => {
      await d.clock.nextBlockAt((await p.tomorrow()) - 1n);
      await expect(p.payYield(BUDGET)).to.changeTokenBalance(ethers, d.token, d.bob, (BUDGET * 7n) / 10n);
      await expect(p.payYield(BUDGET)).to.changeTokenBalance(ethers, d.token, d.bob, 30_021n * FTNS);
    });
  });

  it("pays nothing more to others when recovery mode has shrunk the means below what they were paid", async () => {
    await p.fund(1_000n * FTNS);
    await p.payYield(20_000n * FTNS);
    await recover(86_400n);
    expect(await p.left()).to.deep.equal({ CONTRIBUTIONS: 0n, YIELD: 0n, CLAIMS: 0n, SERVICES: 100n * FTNS });
    await p.fund(1_000n * FTNS);
    // 19,100 were minted. The means are these and what came in: 21,100, of which the others have had more than seven tenths.
    expect(await p.left()).to.deep.equal({ CONTRIBUTIONS: 900n * FTNS, YIELD: 0n, CLAIMS: 0n, SERVICES: 1_100n * FTNS });
    await p.fund(10_000n * FTNS);
    expect((await p.left()).CLAIMS).to.equal((31_100n * FTNS * 7n) / 10n - 20_000n * FTNS);
    await p.toSecond(LAST_HOUR);
    expect((await p.left()).SERVICES).to.equal((31_100n * FTNS * 7n) / 10n - 20_000n * FTNS);
  });

  it("pays others no more than 1.2 million FTNS a day, and contributions what there is", async () => {
    await p.fund(20_000_000n * FTNS);
    const end = 2n ** 80n - 1n;
    await p.payYield(0n, 10_000_000n * FTNS);
    expect((await p.paid()).YIELD).to.equal(end);
    await p.payYield(FTNS, FTNS);
    expect((await p.paid()).YIELD).to.equal(end);
    await p.payKeeper(10_000_000n * FTNS);
    expect((await p.paid()).SERVICES).to.equal(end);
    await p.reward(10_000_000n * FTNS);
    expect((await p.paid()).CONTRIBUTIONS).to.equal(6_030_000n * FTNS);
    expect((await p.paid()).YIELD).to.equal(end);
  });

  describe("setShares", () => {
    it("reverts for a stranger before it looks at anything (P61)", async () => {
      await expect(pool.connect(d.eve).setShares(WAD, WAD, WAD))
        .to.be.revertedWithCustomError(pool, "AccessManagedUnauthorized")
        .withArgs(d.eve);
    });

    it("reverts where less than a fifth is left for contributions", async () => {
      const max = percent(80n);
      for (const [y, c, s] of [
        [percent(30n), percent(30n), percent(20n) + WAD / 10_000n],
        [max, WAD / 10_000n, 0n],
      ] as const) {
        await expect(pool.setShares(y, c, s))
          .to.be.revertedWithCustomError(pool, "SharesOutOfBounds")
          .withArgs(y + c + s, max);
      }
      const huge = ethers.MaxUint256;
      for (const shares of [
        [huge, 1n, 0n],
        [0n, huge, 1n],
        [1n, 0n, huge],
      ] as [bigint, bigint, bigint][]) {
        await expect(pool.setShares(...shares)).to.revert(ethers);
      }
    });

    it("reverts with a part of a basis point", async () => {
      for (const shares of [
        [1n, 0n, 0n],
        [0n, percent(1n) + 1n, 0n],
        [0n, 0n, WAD / 10_000n - 1n],
      ] as [bigint, bigint, bigint][]) {
        await expect(pool.setShares(...shares))
          .to.be.revertedWithCustomError(pool, "ShareTooFine")
          .withArgs(
            shares.find((share) => share > 0n),
            WAD / 10_000n,
          );
      }
    });

    it("holds at once", async () => {
      expect(await pool.shares()).to.deep.equal([percent(30n), percent(30n), percent(30n), percent(10n)]);
      await p.payYield(30_000n * FTNS);
      const shares = [percent(30n), percent(40n), percent(25n), percent(5n)];
      await expect(pool.setShares(shares[1]!, shares[2]!, shares[3]!))
        .to.emit(pool, "SharesChanged")
        .withArgs(shares);
      expect(await pool.shares()).to.deep.equal(shares);
      expect((await p.left()).YIELD).to.equal(10_000n * FTNS);
      await pool.setShares(percent(20n), 0n, percent(60n));
      expect(await p.left()).to.deep.equal({ CONTRIBUTIONS: 20_000n * FTNS, YIELD: 0n, CLAIMS: 0n, SERVICES: 0n });
      await pool.setShares(percent(80n), 0n, 0n);
      expect((await p.left()).YIELD).to.equal(50_000n * FTNS);
    });
  });
});
