import { expect } from "chai";
import { CLASS, clock, freshToken, give, makeContributor, setSchedule, startGrace, type Deployment } from "./fixture.ts";
import { FTNS, GRACE_ALLOWANCE } from "./words.ts";

const NO_TIERS = { basicThrough: 0, activeThrough: 0, powerThrough: 0 };

describe("FTNSToken grace", () => {
  let d: Deployment;
  let today: number;
  beforeEach(async () => {
    d = await freshToken();
    today = Number(await clock.today());
  });

  const start = (account: Parameters<typeof setSchedule>[1], graceUntil: number) =>
    setSchedule(d, account, NO_TIERS, { graceUntil });
  const balance = () => d.token.balanceOf(d.alice);

  describe("its start", () => {
    it("reverts for today and for more than 365 days, and passes between", async () => {
      for (const until of [1, today, today + 366, 0xfffe, 0xffff, 0x10000]) {
        await expect(start(d.alice, until))
          .to.be.revertedWithCustomError(d.token, "GraceOutOfBounds")
          .withArgs(until, today + 1, today + 365);
      }
      await start(d.alice, today + 1);
      await start(d.alice, today + 365);
    });

    it("reverts for accounts of another class", async () => {
      await expect(start(d.wrapper, today + 1))
        .to.be.revertedWithCustomError(d.token, "NotStandardAccount")
        .withArgs(d.wrapper, CLASS.POOLED);
    });

    it("is told, and shown while it lasts", async () => {
      await give(d, d.alice, FTNS);
      await expect(start(d.alice, today + 2))
        .to.emit(d.token, "GraceStarted")
        .withArgs(d.alice, today + 2);
      expect((await d.token.accountOf(d.alice)).graceUntil).to.equal(BigInt(today + 2));
      await clock.toDaysAhead(2n);
      expect((await d.token.accountOf(d.alice)).graceUntil).to.equal(0n);
    });

    it("charges what was due before it", async () => {
      await give(d, d.alice, 90n * FTNS);
      await clock.toDaysAhead(1n);
      await start(d.alice, today + 90);
      expect(await balance()).to.equal(90n * FTNS - (90n * FTNS) / 3_000n);
    });
  });

  describe("given a balance up to the allowance", () => {
    beforeEach(async () => {
      await give(d, d.alice, GRACE_ALLOWANCE);
      await start(d.alice, today + 90);
    });

    it("takes nothing before its last day is over, and the usual fee then", async () => {
      expect(await d.token.GRACE_ALLOWANCE()).to.equal(GRACE_ALLOWANCE);
      expect((await d.token.accountOf(d.alice)).nextFee).to.equal(0n);
      await clock.toDaysAhead(89n);
      expect(await balance()).to.equal(GRACE_ALLOWANCE);
      expect((await d.token.accountOf(d.alice)).nextFee).to.equal(GRACE_ALLOWANCE / 3_000n);
      await clock.toDaysAhead(1n);
      expect(await balance()).to.equal(GRACE_ALLOWANCE - GRACE_ALLOWANCE / 3_000n);
    });

    it("lets its activity decay all the same, so that the fee after it is that of the band then", async () => {
      await makeContributor(d, d.bob, { basic: 120 });
      await startGrace(d, d.alice, today + 31);
      await d.token.connect(d.alice).transfer(d.bob, 50n * FTNS);
      await d.token.connect(d.treasury).transfer(d.alice, 50n * FTNS);
      // 0.5 of the balance falls below 0.36 after ten days.
      await clock.toDaysAhead(31n);
      expect(GRACE_ALLOWANCE - (await balance())).to.equal(GRACE_ALLOWANCE / 3_000n);
    });
  });

  describe("given a balance above the allowance", () => {
    it("takes the usual fee of the whole balance, as far as it is above", async () => {
      await give(d, d.alice, 1_000n * FTNS);
      await start(d.alice, today + 90);
      expect((await d.token.accountOf(d.alice)).nextFee).to.equal((1_000n * FTNS) / 3_000n);
      await clock.toDaysAhead(1n);
      expect(await balance()).to.equal(1_000n * FTNS - (1_000n * FTNS) / 3_000n);
    });

    it("takes it down to the allowance and not below, in one step or in two", async () => {
      await give(d, d.alice, GRACE_ALLOWANCE + FTNS / 10n);
      await start(d.alice, today + 90);
      await clock.toDaysAhead(2n);
      const usual = (GRACE_ALLOWANCE * 2n) / 3_000n;
      expect(GRACE_ALLOWANCE + FTNS / 10n - (await balance())).to.be.within(usual, usual + FTNS / 10_000n);
      await clock.toDaysAhead(2n);
      expect(await balance()).to.equal(GRACE_ALLOWANCE);
      await d.token.settle(d.alice);
      await clock.toDaysAhead(30n);
      expect(await balance()).to.equal(GRACE_ALLOWANCE);
    });

    it("takes the remainder of a single day and no more", async () => {
      await give(d, d.alice, GRACE_ALLOWANCE + 5n);
      await start(d.alice, today + 90);
      await clock.toDaysAhead(1n);
      await expect(d.token.settle(d.alice)).to.emit(d.token, "Transfer").withArgs(d.alice, d.pool, 5n);
      expect(await balance()).to.equal(GRACE_ALLOWANCE);
    });
  });

  it("a proof of a wei shelters a hoard from nothing but the fees of 100 FTNS", async () => {
    const hoard = 1_000_000n * FTNS;
    await d.token.connect(d.treasury).transfer(d.alice, hoard);
    await d.token.connect(d.treasury).transfer(d.bob, hoard);
    await start(d.alice, today + 90);
    await clock.toDaysAhead(90n);
    expect(await balance()).to.equal(await d.token.balanceOf(d.bob));
  });

  it("a contract in grace parks no other people's coins: what they bring pays the usual fee", async () => {
    await start(d.vault, today + 90);
    for (const depositor of [d.alice, d.bob, d.carol]) {
      await give(d, depositor, 10_000n * FTNS);
      await d.token.connect(depositor).transfer(d.vault, 10_000n * FTNS);
    }
    await clock.toDaysAhead(1n);
    expect(await d.token.balanceOf(d.vault)).to.equal(30_000n * FTNS - 10n * FTNS);
  });

  it("spares the wrapper and exempt contracts nothing that their class doesn't", async () => {
    await expect(start(d.pool, today + 1)).to.be.revertedWithCustomError(d.token, "NotStandardAccount");
    await give(d, d.wrapper, 90n * FTNS);
    await clock.toDaysAhead(1n);
    expect(await d.token.balanceOf(d.wrapper)).to.equal(90n * FTNS - (90n * FTNS) / 3_000n);
  });
});
