// The arithmetic of payments against the model.
import { expect } from "chai";
import { network } from "hardhat";
import { amountOf, earnedFor, paidGasOf, paidGasPrice, premiumOf, rateOf, type PaymentRules } from "@ftns/model";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";

const { ethers } = await network.create();
const WAD = 10n ** 18n;
const GWEI = 10n ** 9n;

/** Any rules that governance can set. */
function anyRules(random: Random): PaymentRules {
  const basePremium = random.magnitude(0n, WAD / 2n);
  return {
    basePremium,
    maxPremium: random.bigint(basePremium, 2n * WAD),
    riseSec: random.bigint(3_600n, 172_800n),
    maxGas: random.bigint(200_000n, 10_000_000n),
    maxGasPrice: random.magnitude(0n, 10_000n * GWEI),
    dailyGas: random.magnitude(0n, 200_000_000n),
  };
}

describe("PaymentMath and its model", () => {
  it("P124: agree bit for bit on price, premium, amount and rate", async () => {
    const harness = await ethers.deployContract("PaymentHarness");
    await forCases(fuzzCases(300), async (random) => {
      const rules = anyRules(random);
      const [gasPrice, baseFee] = [random.magnitude(0n, 10n ** 14n), random.magnitude(0n, 10n ** 14n)];
      const lateSec = random.pick([random.magnitude(0n, 10n ** 7n), rules.riseSec, rules.riseSec - 1n, 0n]);
      const gas = random.magnitude(0n, rules.maxGas);
      const rate = random.magnitude(10n ** 12n, 10n ** 27n);
      const { base, tip } = paidGasPrice(gasPrice, baseFee, rules);
      const dataFee = random.magnitude(0n, 10n ** 17n);
      const premium = premiumOf(lateSec, rules);
      const [decimals, coin, ftns] = [random.bigint(0n, 18n), random.magnitude(1n, 10n ** 30n), random.magnitude(1n, 10n ** 28n)];

      const actual = await Promise.all([
        harness.getFunction("paidGasPrice")(gasPrice, baseFee, rules.maxGasPrice),
        harness.getFunction("premium")(lateSec, rules.basePremium, rules.maxPremium, rules.riseSec),
        harness.getFunction("amount")(gas, base, tip, dataFee, premium, rate),
        harness.getFunction("rateOf")(coin, decimals, ftns),
      ]);
      const amount = amountOf(gas, base, tip, dataFee, premium, rate);
      expect(actual).to.deep.equal([[base, tip], premium, amount, rateOf(coin, decimals, ftns)]);
    });
  });

  it("P124: no rules make the product overflow", async () => {
    const harness = await ethers.deployContract("PaymentHarness");
    const price = 10_000n * GWEI;
    const most = [10_000_000n, price, price / 5n, 10n ** 17n, 2n * WAD, 10n ** 27n] as const;
    expect(await harness.getFunction("amount")(...most)).to.equal(amountOf(...most));
  });

  it("P241: a tip brings no premium, and no more than a fifth of the base fee", async () => {
    await forCases(fuzzCases(1_000), (random) => {
      const rules = anyRules(random);
      const [baseFee, tip] = [random.magnitude(0n, 10n ** 13n), random.magnitude(0n, 10n ** 13n)];
      const work = {
        gasUsed: random.magnitude(0n, rules.maxGas),
        baseFee,
        lateSec: random.magnitude(0n, 10n ** 6n),
        rate: random.magnitude(10n ** 12n, 10n ** 27n),
      };
      const [plain, tipped] = [baseFee, baseFee + tip].map((gasPrice) => earnedFor({ ...work, gasPrice }, rules));
      const gas = paidGasOf(work.gasUsed, 0n, rules);
      const more = tipped! - plain!;
      // What the tip itself was worth, rounded up: the two payments are rounded down one by one.
      expect(more >= 0n && more <= (gas * tip * work.rate) / WAD + 1n).to.equal(true);
      expect(more <= (gas * (baseFee / 5n) * work.rate) / WAD + 1n).to.equal(true);
    });
  });

  it("P124: the premium rises with every second of lateness, from the lowest to the highest, and then no more", async () => {
    await forCases(fuzzCases(300), (random) => {
      const rules = anyRules(random);
      const [early, late] = [random.bigint(0n, rules.riseSec), random.bigint(0n, rules.riseSec)].sort((a, b) => (a < b ? -1 : 1));
      expect(premiumOf(early!, rules) <= premiumOf(late!, rules)).to.equal(true);
      expect(premiumOf(0n, rules)).to.equal(rules.basePremium);
      expect(premiumOf(rules.riseSec + random.bigint(0n, 10n ** 9n), rules)).to.equal(rules.maxPremium);
    });
  });
});
