import { expect } from "chai";
import { CLASS, TIER, clock, ethers, freshToken, give, makeContributor, wordOf, type Deployment } from "./fixture.ts";
import { FTNS } from "./words.ts";

const { ZeroAddress } = ethers;

describe("FTNSToken contributors", () => {
  let d: Deployment;
  let today: number;
  beforeEach(async () => {
    d = await freshToken();
    await give(d, d.alice, 1_000n * FTNS);
    today = Number(await clock.today());
  });

  const schedule = (basicThrough: number, activeThrough: number, powerThrough: number) => ({
    basicThrough,
    activeThrough,
    powerThrough,
  });

  describe("setTierSchedule", () => {
    const set = (account: { getAddress(): Promise<string> } | string, of: ReturnType<typeof schedule>) =>
      d.token.connect(d.registrar).setTierSchedule(account as string, of);

    it("reverts for anyone but the registry", async () => {
      await expect(d.token.connect(d.alice).setTierSchedule(d.alice, schedule(today, today, today)))
        .to.be.revertedWithCustomError(d.token, "AccessManagedUnauthorized")
        .withArgs(d.alice);
    });

    it("reverts for the zero account", async () => {
      await expect(set(ZeroAddress, schedule(0, 0, 0))).to.be.revertedWithCustomError(d.token, "ZeroAccount");
    });

    it("reverts when a higher tier would outlast a lower one", async () => {
      for (const [basic, active, power] of [
        [today, today + 1, 0],
        [today + 2, today, today + 1],
      ] as const) {
        await expect(set(d.alice, schedule(basic, active, power)))
          .to.be.revertedWithCustomError(d.token, "ScheduleNotNested")
          .withArgs([basic, active, power]);
      }
    });

    it("reverts beyond 120 days, and passes at 120", async () => {
      await expect(set(d.alice, schedule(today + 121, 0, 0)))
        .to.be.revertedWithCustomError(d.token, "ScheduleTooFar")
        .withArgs(today + 121, today + 120);
      await set(d.alice, schedule(today + 120, today + 120, today + 120));
    });

    it("reverts for accounts of another class", async () => {
      await d.token.connect(d.governor).setAccountClass(d.shop, CLASS.RECOGNISED);
      for (const [account, kind] of [
        [d.pool, CLASS.EXEMPT],
        [d.wrapper, CLASS.POOLED],
        [d.shop, CLASS.RECOGNISED],
      ] as const) {
        await expect(set(account, schedule(today, 0, 0)))
          .to.be.revertedWithCustomError(d.token, "NotStandardAccount")
          .withArgs(account, kind);
      }
    });

    it("stores the days and tells them", async () => {
      await expect(set(d.alice, schedule(today + 3, today + 2, today + 1)))
        .to.emit(d.token, "TierScheduleSet")
        .withArgs(d.alice, [today + 3, today + 2, today + 1]);
      const tiers = await Promise.all([0, 1, 2, 3, 4].map((days) => d.token.tierOn(d.alice, today + days)));
      expect(tiers).to.deep.equal([TIER.POWER, TIER.POWER, TIER.ACTIVE, TIER.BASIC, TIER.NONE]);
    });

    it("settles the past at the old tier first", async () => {
      await clock.toDaysAhead(30n);
      const balance = await d.token.balanceOf(d.alice);
      await set(d.alice, schedule(today + 40, today + 40, today + 40));
      expect(await d.token.balanceOf(d.alice)).to.equal(balance);
      expect((await wordOf(d, d.alice)).settledDay).to.equal(today + 30);
    });

    it("keeps balance, activity and grace", async () => {
      await makeContributor(d, d.bob, { basic: 10 });
      await d.token.connect(d.alice).transfer(d.bob, 100n * FTNS);
      await d.token.connect(d.registrar).startGrace(d.alice, today + 90);
      const before = await wordOf(d, d.alice);
      await set(d.alice, schedule(today + 3, today + 2, today + 1));
      expect(await wordOf(d, d.alice)).to.deep.equal({ ...before, ...schedule(today + 3, today + 2, today + 1) });
    });

    it("works for an account that holds nothing, and may take tiers away", async () => {
      await set(d.dave, schedule(today + 9, 0, 0));
      expect(await d.token.tierOn(d.dave, today)).to.equal(TIER.BASIC);
      await set(d.dave, schedule(0, 0, 0));
      expect(await d.token.tierOn(d.dave, today)).to.equal(TIER.NONE);
    });

    it("lowers the fee from the next boundary on", async () => {
      await set(d.alice, schedule(today + 1, today + 1, today + 1));
      await clock.toDaysAhead(1n);
      expect(await d.token.balanceOf(d.alice)).to.equal(1_000n * FTNS - (1_000n * FTNS) / 6_000n);
    });
  });

  describe("startGrace", () => {
    const start = (account: { getAddress(): Promise<string> } | string, until: number) =>
      d.token.connect(d.registrar).startGrace(account as string, until);

    it("reverts for anyone but the registry", async () => {
      await expect(d.token.connect(d.alice).startGrace(d.alice, today + 1)).to.be.revertedWithCustomError(
        d.token,
        "AccessManagedUnauthorized",
      );
    });

    it("reverts for the zero account", async () => {
      await expect(start(ZeroAddress, today + 1)).to.be.revertedWithCustomError(d.token, "ZeroAccount");
    });

    it("reverts for today and for more than 365 days, and passes between", async () => {
      for (const until of [0, today, today + 366, 0xfffe, 0xffff, 0x10000]) {
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

    it("charges nothing before the day, which itself is charged", async () => {
      await expect(start(d.alice, today + 90))
        .to.emit(d.token, "GraceStarted")
        .withArgs(d.alice, today + 90);
      expect((await d.token.accountOf(d.alice)).graceUntil).to.equal(BigInt(today + 90));
      await clock.toDaysAhead(89n);
      expect(await d.token.balanceOf(d.alice)).to.equal(1_000n * FTNS);
      expect((await d.token.accountOf(d.alice)).nextFee).to.equal((1_000n * FTNS) / 3_000n);
      await clock.toDaysAhead(1n);
      expect(await d.token.balanceOf(d.alice)).to.equal(1_000n * FTNS - (1_000n * FTNS) / 3_000n);
      expect((await d.token.accountOf(d.alice)).graceUntil).to.equal(0n);
    });

    it("charges what was due before it started", async () => {
      await clock.toDaysAhead(1n);
      await start(d.alice, today + 90);
      expect(await d.token.balanceOf(d.alice)).to.equal(1_000n * FTNS - (1_000n * FTNS) / 3_000n);
    });
  });

  describe("setAccountClass", () => {
    const set = (account: { getAddress(): Promise<string> } | string, kind: bigint) =>
      d.token.connect(d.governor).setAccountClass(account as string, kind);

    it("reverts for anyone but governance", async () => {
      await expect(d.token.connect(d.registrar).setAccountClass(d.shop, CLASS.RECOGNISED)).to.be.revertedWithCustomError(
        d.token,
        "AccessManagedUnauthorized",
      );
    });

    it("reverts for the zero account and for the reward pool", async () => {
      await expect(set(ZeroAddress, CLASS.POOLED)).to.be.revertedWithCustomError(d.token, "ZeroAccount");
      await expect(set(d.pool, CLASS.STANDARD))
        .to.be.revertedWithCustomError(d.token, "NotStandardAccount")
        .withArgs(d.pool, CLASS.EXEMPT);
    });

    it("reverts when a wallet without code would be exempt", async () => {
      await expect(set(d.alice, CLASS.EXEMPT)).to.be.revertedWithCustomError(d.token, "ExemptMustBeContract").withArgs(d.alice);
    });

    it("reverts for a contributor, until the last day of its tier and grace is over", async () => {
      await makeContributor(d, d.shop, { basic: 1 });
      await clock.toDaysAhead(1n);
      await expect(set(d.shop, CLASS.RECOGNISED)).to.be.revertedWithCustomError(d.token, "AccountIsContributor").withArgs(d.shop);
      await d.token.connect(d.registrar).startGrace(d.shop, today + 3);
      await clock.toDaysAhead(1n);
      await expect(set(d.shop, CLASS.RECOGNISED)).to.be.revertedWithCustomError(d.token, "AccountIsContributor");
      await clock.toDaysAhead(1n);
      await set(d.shop, CLASS.RECOGNISED);
    });

    it("settles the past by the old class, and forgets contributor's days", async () => {
      await give(d, d.vault, 1_000n * FTNS);
      await clock.toDaysAhead(20n);
      const balance = await d.token.balanceOf(d.vault);
      await expect(set(d.vault, CLASS.EXEMPT)).to.emit(d.token, "AccountClassSet").withArgs(d.vault, CLASS.EXEMPT);
      expect(await d.token.balanceOf(d.vault)).to.equal(balance);
      await clock.toDaysAhead(20n);
      expect(await d.token.balanceOf(d.vault)).to.equal(balance);
      await set(d.vault, CLASS.STANDARD);
      expect(await d.token.balanceOf(d.vault)).to.equal(balance);
      await clock.toDaysAhead(1n);
      expect(await d.token.balanceOf(d.vault)).to.equal(balance - balance / 3_000n);
    });

    it("goes from any class to any other", async () => {
      for (const from of Object.values(CLASS)) {
        for (const to of Object.values(CLASS)) {
          await set(d.shop, from);
          await set(d.shop, to);
          expect((await d.token.accountOf(d.shop)).accountClass).to.equal(to);
        }
      }
    });

    it("takes the activity of an account that becomes pooled", async () => {
      await makeContributor(d, d.alice, { basic: 9 });
      await d.token.connect(d.alice).transfer(d.shop, 100n * FTNS);
      expect((await d.token.accountOf(d.shop)).activity).to.be.greaterThan(0n);
      await set(d.shop, CLASS.POOLED);
      expect((await d.token.accountOf(d.shop)).activity).to.equal(0n);
    });

    it("makes a recognised account BASIC for ever", async () => {
      await set(d.shop, CLASS.RECOGNISED);
      expect(await d.token.tierOn(d.shop, today + 10_000)).to.equal(TIER.BASIC);
    });
  });
});
