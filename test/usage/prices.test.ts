// What use costs: bases, plans, the context multiplier, M, contributors' discounts; and from when on.
import { expect } from "chai";
import { AbiCoder, keccak256, MaxUint256 } from "ethers";
import { DiscountModel, planUntil, quoteFrom, type Layers, type QuoteInputs } from "@ftns/model";
import { channelIdOf } from "@ftns/sdk/usage.ts";
import { contribute } from "../contributors/fixture.ts";
import { forCases, fuzzCases } from "../helpers/random.ts";
import { FTNS, HOUR, type Usage, usageFixture, W, WAD } from "./fixture.ts";

const DAY = 24n * HOUR;
const [FREE, BASIC, PREMIUM, ENTERPRISE] = [0n, 1n, 2n, 3n] as const;
const MULTIPLIERS: [bigint, bigint, bigint, bigint] = [WAD, (WAD * 95n) / 100n, (WAD * 85n) / 100n, (WAD * 75n) / 100n];
const PRICES: [bigint, bigint, bigint, bigint] = [0n, 10n * FTNS, 100n * FTNS, 1_000n * FTNS];
/** 0.0001 FTNS in 1e-28 FTNS. */
const BASE = 10n ** 24n;
const all = (value: bigint): [bigint, bigint, bigint, bigint, bigint] => [value, value, value, value, value];

describe("ContextPrices", () => {
  let fixture: Awaited<ReturnType<typeof usageFixture>>;
  let u: Usage;
  before(async () => {
    fixture = await usageFixture();
  });
  beforeEach(async () => {
    u = await fixture.fresh();
  });

  const governed = () => u.prices.connect(u.people.governor);
  const proving = async () => ({
    ...u,
    verifiers: u.people.verifiers,
    place: { chainId: u.chainId, verifyingContract: u.addresses.registry },
  });
  const contributes = async (who: Usage["alice"], value: bigint) => contribute(await proving(), who, value);
  const quoteOf = async (who: { address: string }) => {
    const { day, prices, discounted, unitsPerFtns } = await u.prices.quoteOf(who.address);
    return { day, prices: [...prices], discounted: [...discounted], unitsPerFtns };
  };
  /** By the model, with what the chain says of everything that goes into it. */
  const expected = async (changes: Partial<QuoteInputs>) => {
    const inputs: QuoteInputs = {
      day: await u.clock.today(),
      bases: all(BASE),
      contextMultiplier: WAD,
      planMultiplier: WAD,
      multiplier: WAD,
      earningMultiplier: WAD,
      sharesPerFtns: await u.wrapper.convertToShares(FTNS),
      ...changes,
    };
    const { prices, discounted, ...rest } = quoteFrom(inputs);
    return { ...rest, prices: [...prices], discounted: [...discounted] };
  };

  describe("given nothing was changed", () => {
    it("P432: asks 0.0001 FTNS a unit in each layer, in wFTNS", async () => {
      const quote = await quoteOf(u.alice);
      expect(quote).to.deep.equal(await expected({}));
      // 0.0001 FTNS are 1e20 units of wFTNS at par, in 1e-18 of them.
      expect(quote.prices[0]! / 10n ** 18n).to.be.within(10n ** 20n, 10n ** 20n + 10n ** 17n);
      expect(quote.discounted).to.deep.equal(quote.prices);
      expect(String(await u.prices.pricesToday())).to.equal(String(await u.prices.pricesTomorrow()));
      expect([...(await u.prices.pricesToday()).planMultipliers]).to.deep.equal(MULTIPLIERS);
      expect([...(await u.prices.pricesToday()).planPrices]).to.deep.equal(PRICES);
    });

    it("P432: a quote's hash is that of its fields", async () => {
      const { day, prices, discounted, unitsPerFtns } = await quoteOf(u.alice);
      const types = ["uint256", "uint256[5]", "uint256[5]", "uint256"];
      const hash = keccak256(AbiCoder.defaultAbiCoder().encode(types, [day, prices, discounted, unitsPerFtns]));
      expect(await u.prices.hashQuote({ day, prices, discounted, unitsPerFtns } as never)).to.equal(hash);
    });

    it("P432: never takes a wFTNS for more than an FTNS", async () => {
      await u.token.connect(u.alice).transfer(u.wrapper, 5_000n * FTNS);
      expect(await u.wrapper.convertToShares(FTNS)).to.be.lessThan(W);
      expect((await quoteOf(u.alice)).unitsPerFtns).to.equal(W);
      expect((await quoteOf(u.alice)).prices[0]).to.equal(10n ** 38n);
    });
  });

  describe("when governance changes prices", () => {
    it("P433: they hold from 02:00 on, to the second, and both can be read before", async () => {
      const bases = [1n, BASE, 10n ** 28n, 0n, 7n * BASE] as [bigint, bigint, bigint, bigint, bigint];
      const today = await u.clock.today();
      await expect(governed().setBases(bases)).to.emit(u.prices, "PricesChanged");
      await governed().setContextMultiplier(3n * WAD);
      const before = await u.prices.pricesToday();
      const after = await u.prices.pricesTomorrow();
      expect([...before.bases]).to.deep.equal(all(BASE));
      expect(before.contextMultiplier).to.equal(WAD);
      expect([...after.bases]).to.deep.equal(bases);
      expect(after.contextMultiplier).to.equal(3n * WAD);
      await u.clock.toDay(today + 1n, -1n);
      expect(await quoteOf(u.alice)).to.deep.equal(await expected({}));
      await u.clock.toDay(today + 1n);
      expect(await quoteOf(u.alice)).to.deep.equal(await expected({ bases, contextMultiplier: 3n * WAD }));
      expect([...(await u.prices.pricesToday()).bases]).to.deep.equal(bases);
    });

    it("P433: changes of two days follow each other, and what holds today stays", async () => {
      await governed().setContextMultiplier(2n * WAD);
      await u.clock.toDaysAhead(1n, HOUR);
      await governed().setContextMultiplier(3n * WAD);
      await governed().setBases(all(5n));
      expect(await quoteOf(u.alice)).to.deep.equal(await expected({ contextMultiplier: 2n * WAD }));
      await u.clock.toDaysAhead(1n, HOUR);
      expect(await quoteOf(u.alice)).to.deep.equal(await expected({ contextMultiplier: 3n * WAD, bases: all(5n) }));
      await u.clock.toDaysAhead(5n, HOUR);
      await governed().setContextMultiplier(WAD);
      expect((await u.prices.pricesToday()).contextMultiplier).to.equal(3n * WAD);
    });

    it("P431: keeps them within their bounds", async () => {
      for (const layer of [0, 4]) {
        const bases = all(10n ** 28n);
        await governed().setBases(bases);
        bases[layer]!++;
        await expect(governed().setBases(bases))
          .to.be.revertedWithCustomError(u.prices, "BaseOutOfBounds")
          .withArgs(layer, 10n ** 28n + 1n, 10n ** 28n);
      }
      const [low, high] = [WAD / 10n, 10n * WAD];
      for (const value of [low, high]) await governed().setContextMultiplier(value);
      for (const value of [low - 1n, high + 1n]) {
        await expect(governed().setContextMultiplier(value))
          .to.be.revertedWithCustomError(u.prices, "UseMultiplierOutOfBounds")
          .withArgs(value, low, high);
      }
    });

    it("P431: keeps plans within their bounds and in their order", async () => {
      const most = 100_000n * FTNS;
      await governed().setPlans([WAD, WAD, WAD, WAD / 10n], [0n, 1n, 2n, most]);
      const refuse = (error: string, multipliers: typeof MULTIPLIERS, prices: typeof PRICES) =>
        expect(governed().setPlans(multipliers, prices)).to.be.revertedWithCustomError(u.prices, error);
      await refuse("UseMultiplierOutOfBounds", [WAD + 1n, WAD, WAD, WAD], PRICES);
      await refuse("UseMultiplierOutOfBounds", [WAD, WAD, WAD, WAD / 10n - 1n], PRICES);
      await refuse("PlanPriceOutOfBounds", MULTIPLIERS, [0n, 1n, 2n, most + 1n]);
      await refuse("PlansOutOfOrder", MULTIPLIERS, [1n, 2n, 3n, 4n]);
      await refuse("PlansOutOfOrder", MULTIPLIERS, [0n, 0n, 3n, 4n]);
      await refuse("PlansOutOfOrder", MULTIPLIERS, [0n, 5n, 5n, 6n]);
      await refuse("PlansOutOfOrder", [WAD / 2n, WAD / 2n + 1n, WAD / 2n, WAD / 2n], PRICES);
    });

    it("P432: M counts where the context rate follows it", async () => {
      await u.controller.connect(u.people.governor).setRateFlags(0xffn);
      expect(await u.controller.multiplierFor(8)).to.equal(WAD);
      const source = await fixture.ethers.deployContract("MultiplierSwitch");
      const prices = await fixture.ethers.deployContract("ContextPrices", [u.addresses.manager, u.router, u.registry, source]);
      for (const multiplier of [WAD, 123_456_789_012_345_678n, 10n * WAD, WAD / 10n]) {
        await source.set(multiplier);
        const quote = await prices.quoteOf(u.alice);
        expect([...quote.prices]).to.deep.equal((await expected({ multiplier })).prices);
      }
    });
  });

  describe("when a plan is bought", () => {
    const buy = (plan: bigint, most = MaxUint256, who = u.alice) => u.prices.connect(who).buyPlan(plan, most);
    const planOf = async (who = u.alice) => [...(await u.prices.planOf(who.address))];
    beforeEach(async () => {
      await u.token.connect(u.people.treasury).transfer(u.alice, 50_000n * FTNS);
      await u.token.connect(u.alice).approve(u.prices, MaxUint256);
    });

    it("refuses the free one, one that costs more than the buyer said, and whoever has not approved", async () => {
      await expect(buy(FREE)).to.be.revertedWithCustomError(u.prices, "PlanIsFree");
      await expect(buy(BASIC, 10n * FTNS - 1n))
        .to.be.revertedWithCustomError(u.prices, "PlanCostsMore")
        .withArgs(10n * FTNS, 10n * FTNS - 1n);
      await expect(buy(BASIC, MaxUint256, u.bob)).to.be.revertedWithCustomError(u.token, "ERC20InsufficientAllowance");
    });

    for (const [index, plan] of [BASIC, PREMIUM, ENTERPRISE].entries()) {
      it(`P434: plan ${plan} costs its price, makes use cheaper for 30 days, and counts as activity`, async () => {
        const price = PRICES[index + 1]!;
        const before = (await u.token.accountOf(u.alice)).activity;
        await buy(plan, price);
        const until = (await u.clock.now()) + 30n * DAY;
        expect(await planOf()).to.deep.equal([plan, until]);
        expect(await u.token.balanceOf(u.router)).to.equal(price);
        expect((await u.token.accountOf(u.alice)).activity - before).to.be.within(price - 2n ** 30n, price);
        expect(await quoteOf(u.alice)).to.deep.equal(await expected({ planMultiplier: MULTIPLIERS[index + 1]! }));
        expect(await quoteOf(u.bob)).to.deep.equal(await expected({}));
        await u.clock.to(until - 1n);
        expect(await planOf()).to.deep.equal([plan, until]);
        await u.clock.to(until);
        expect(await planOf()).to.deep.equal([FREE, 0n]);
        expect(await quoteOf(u.alice)).to.deep.equal(await expected({}));
      });
    }

    it("P434: the same plan is prolonged, up to a year ahead", async () => {
      await buy(BASIC);
      const start = await u.clock.now();
      for (let i = 0; i < 11; i++) await buy(BASIC);
      const [, until] = await planOf();
      expect(until).to.equal(start + 12n * 30n * DAY);
      await expect(buy(BASIC)).to.be.revertedWithCustomError(u.prices, "BoughtTooFarAhead");
    });

    it("P434: what is left of a cheaper plan becomes time of the dearer one, by value; a cheaper one waits", async () => {
      await buy(BASIC);
      const [, basicUntil] = (await planOf()) as [bigint, bigint];
      await u.clock.pass(10n * DAY);
      await buy(PREMIUM);
      const now = await u.clock.now();
      const until = planUntil(now, PRICES[2]!, { until: basicUntil, price: PRICES[1]! });
      expect(until - now - 30n * DAY).to.be.within(2n * DAY - 2n, 2n * DAY);
      expect(await planOf()).to.deep.equal([PREMIUM, until]);
      await expect(buy(BASIC)).to.be.revertedWithCustomError(u.prices, "DearerPlanRuns").withArgs(PREMIUM, until);
      await u.clock.to(until);
      await buy(BASIC);
    });
  });

  describe("when a contributor allots its discount", () => {
    const allot = (amount: bigint, terms = u.terms, who = u.alice) => u.prices.connect(who).allotDiscount(terms, amount);
    const scoreOf = async () => (await u.registry.statusOf(u.alice)).score;

    it("P435: only the payer allots, in whole hundredths, and a stranger has nothing to allot", async () => {
      await expect(allot(FTNS, u.terms, u.bob))
        .to.be.revertedWithCustomError(u.prices, "NotThePayer")
        .withArgs(u.bob, u.alice);
      await expect(allot(10n ** 16n + 1n)).to.be.revertedWithCustomError(u.prices, "NotWholeHundredths");
      await expect(allot(10n ** 16n))
        .to.be.revertedWithCustomError(u.prices, "DiscountUsedUp")
        .withArgs(u.alice, 10n ** 16n, 0n);
    });

    it("P435: twice the score in 30 days, by channel, to the hundredth", async () => {
      await contributes(u.alice, 60n);
      const most = 2n * (await scoreOf());
      expect(most).to.be.greaterThan(100n * FTNS);
      expect(await u.prices.discountLeft(u.alice)).to.equal(most);
      const whole = most - (most % 10n ** 16n);
      await allot(whole - 5n * FTNS);
      await allot(5n * FTNS, { ...u.terms, salt: 1n });
      await expect(allot(10n ** 16n)).to.be.revertedWithCustomError(u.prices, "DiscountUsedUp");
      expect(await u.prices.allottedTo(channelIdOf(u.terms))).to.equal(whole - 5n * FTNS);
      expect(await u.prices.allottedTo(channelIdOf({ ...u.terms, salt: 1n }))).to.equal(5n * FTNS);
    });

    it("P435: whoever earns more pays less: the quote divides by 1.3 and 1.6", async () => {
      await contributes(u.alice, 60n);
      expect(await quoteOf(u.alice)).to.deep.equal(await expected({ earningMultiplier: (WAD * 13n) / 10n }));
      await contributes(u.bob, 12n);
      expect(await quoteOf(u.bob)).to.deep.equal(await expected({ earningMultiplier: WAD }));
      await contributes(u.bob, 112n);
      expect(await quoteOf(u.bob)).to.deep.equal(await expected({ earningMultiplier: (WAD * 16n) / 10n }));
    });

    it("P435: the window is that of a list of all allotments, on every day (random)", async () => {
      await forCases(fuzzCases(3), async (random) => {
        u = await fixture.fresh();
        const model = new DiscountModel();
        for (let i = 0; i < 25; i++) {
          if (random.chance(0.3)) await contributes(u.alice, random.bigint(1n, 100n));
          const score = await scoreOf();
          const today = await u.clock.today();
          const left = await u.prices.discountLeft(u.alice);
          expect(left).to.equal(model.left(score, today));
          const amount = random.chance(0.3) ? left - (left % 10n ** 16n) : random.bigint(0n, left / 10n ** 16n) * 10n ** 16n;
          await allot(amount);
          model.allot(u.alice.address, amount, score, today);
          await u.clock.pass(random.pick([0n, 1n, 1n, 2n, 5n, 29n, 30n, 31n, 32n, 33n, 70n]) * DAY + 60n);
        }
      });
    });
  });

  describe("given any prices", () => {
    it("P432: a quote is the model's, to the last digit (random)", async () => {
      const source = await fixture.ethers.deployContract("MultiplierSwitch");
      const prices = await fixture.ethers.deployContract("ContextPrices", [u.addresses.manager, u.router, u.registry, source]);
      const speaker = u.people.governor;
      // A contract that nobody assigned functions of obeys the admin.
      const admin = u.people.admin;
      await u.manager.connect(admin).grantRole(0n, speaker, 0);
      await forCases(fuzzCases(15), async (random) => {
        const bases = Array.from({ length: 5 }, () => random.magnitude(0n, 10n ** 28n)) as unknown as Layers;
        const contextMultiplier = random.magnitude(WAD / 10n, 10n * WAD);
        const multiplier = random.magnitude(WAD / 10n, 10n * WAD);
        await prices.connect(speaker).setBases([...bases] as [bigint, bigint, bigint, bigint, bigint]);
        await prices.connect(speaker).setContextMultiplier(contextMultiplier);
        await source.set(multiplier);
        await u.clock.toDaysAhead(random.pick([1n, 1n, 3n]), HOUR);
        const quote = await prices.quoteOf(u.bob);
        const model = await expected({ bases, contextMultiplier, multiplier });
        expect([...quote.prices]).to.deep.equal(model.prices);
      });
    });
  });
});
