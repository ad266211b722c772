import { expect } from "chai";
import {
  CLASS,
  TIER,
  clock,
  ethers,
  freshToken,
  give,
  makeContributor,
  setSchedule,
  startGrace,
  wordOf,
  type Deployment,
} from "./fixture.ts";
import { CAPACITY_UNIT, FTNS, MAX_CAPACITY_UNITS } from "./words.ts";

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
    type Filling = Parameters<typeof setSchedule>[3];
    const set = (account: { getAddress(): Promise<string> } | string, of: ReturnType<typeof schedule>, filling?: Filling) =>
      setSchedule(d, account, of, filling);

    it("reverts for anyone but the registry", async () => {
      await expect(d.token.connect(d.alice).setTierSchedule(d.alice, schedule(today, today, today), 1n, 1n, 0n))
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

    it("keeps balance, activity, capacity and grace", async () => {
      await makeContributor(d, d.bob, { basic: 10 });
      await d.token.connect(d.alice).transfer(d.bob, 100n * FTNS);
      await set(d.alice, schedule(0, 0, 0), { added: 7n * FTNS, graceUntil: today + 90 });
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

  describe("setTierSchedule: events", () => {
    const names = async (filling: Parameters<typeof setSchedule>[3], of = schedule(today + 1, 0, 0)) => {
      const receipt = await (await setSchedule(d, d.alice, of, filling)).wait();
      return receipt!.logs.map((log) => d.token.interface.parseLog(log)!.name);
    };

    it("tell of days, capacity and grace, each when it changes", async () => {
      expect(await names({ added: 3n * FTNS, graceUntil: today + 1 })).to.deep.equal([
        "GraceStarted",
        "TierScheduleSet",
        "CapacitySet",
      ]);
      expect(await names({})).to.deep.equal([]);
      expect(await names({ added: CAPACITY_UNIT - 1n })).to.deep.equal([]);
      expect(await names({ added: CAPACITY_UNIT })).to.deep.equal(["CapacitySet"]);
      expect(await names({}, schedule(today + 2, 0, 0))).to.deep.equal(["TierScheduleSet"]);
    });
  });

  describe("setTierSchedule: capacity", () => {
    const fill = async (added: bigint, limit: bigint) => {
      await setSchedule(d, d.alice, schedule(today + 9, 0, 0), { added, limit });
      return (await wordOf(d, d.alice)).capacity;
    };

    it("grows by what is added, in whole units of 2^54 wei", async () => {
      expect(await fill(5n * CAPACITY_UNIT - 1n, ethers.MaxUint256)).to.equal(4n);
      expect(await fill(CAPACITY_UNIT, ethers.MaxUint256)).to.equal(5n);
      await expect(setSchedule(d, d.alice, schedule(0, 0, 0), { added: CAPACITY_UNIT }))
        .to.emit(d.token, "CapacitySet")
        .withArgs(d.alice, 6n * CAPACITY_UNIT);
    });

    it("never exceeds the limit, in whole units too, which cuts what was more", async () => {
      expect(await fill(100n * CAPACITY_UNIT, 8n * CAPACITY_UNIT - 1n)).to.equal(7n);
      expect(await fill(0n, ethers.MaxUint256)).to.equal(7n);
      expect(await fill(CAPACITY_UNIT, 3n * CAPACITY_UNIT)).to.equal(3n);
      expect(await fill(0n, 0n)).to.equal(0n);
    });

    it("holds 2^26 - 1 units at most, however much is added", async () => {
      expect(await fill(ethers.MaxUint256, ethers.MaxUint256)).to.equal(MAX_CAPACITY_UNITS);
      expect(await fill(ethers.MaxUint256, ethers.MaxUint256)).to.equal(MAX_CAPACITY_UNITS);
      expect(await fill(0n, 2n ** 200n)).to.equal(MAX_CAPACITY_UNITS);
      expect((await wordOf(d, d.alice)).activity).to.equal(0n);
      expect((await wordOf(d, d.alice)).balance).to.equal(1_000n * FTNS);
    });

    it("is touched neither by time nor by settling", async () => {
      await fill(9n * FTNS, ethers.MaxUint256);
      const { capacity } = await wordOf(d, d.alice);
      await clock.toDaysAhead(40n);
      await d.token.settle(d.alice);
      expect((await wordOf(d, d.alice)).capacity).to.equal(capacity);
      await clock.toDaysAhead(1n);
      await d.token.settle(d.alice);
      expect((await wordOf(d, d.alice)).capacity).to.equal(capacity);
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
      await startGrace(d, d.shop, today + 3);
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

    it("takes the capacity of any account, and keeps activity unless it becomes pooled", async () => {
      await makeContributor(d, d.alice, { basic: 9 });
      await makeContributor(d, d.shop, { basic: 1 });
      await d.token.connect(d.alice).transfer(d.shop, 100n * FTNS);
      await clock.toDaysAhead(2n);
      const { activity } = await d.token.accountOf(d.shop);
      expect((await wordOf(d, d.shop)).capacity).to.be.greaterThan(0n);
      await set(d.shop, CLASS.RECOGNISED);
      expect((await wordOf(d, d.shop)).capacity).to.equal(0n);
      expect((await d.token.accountOf(d.shop)).activity).to.equal(activity);
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
