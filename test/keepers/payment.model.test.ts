// The arithmetic of payments against the model.
import { expect } from "chai";
import { network } from "hardhat";
import { amountOf, paidGasPrice, premiumOf, rateOf, type PaymentRules } from "@ftns/model";
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
    maxTip: random.magnitude(0n, 100n * GWEI),
    dailyCap: random.magnitude(0n, 10_000n * WAD),
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
      const price = paidGasPrice(gasPrice, baseFee, rules);
      const premium = premiumOf(lateSec, rules);
      const [decimals, coin, ftns] = [random.bigint(0n, 18n), random.magnitude(1n, 10n ** 30n), random.magnitude(1n, 10n ** 28n)];

      const actual = await Promise.all([
        harness.getFunction("paidGasPrice")(gasPrice, baseFee, rules),
        harness.getFunction("premium")(lateSec, rules),
        harness.getFunction("amount")(gas, price, premium, rate),
        harness.getFunction("rateOf")(coin, decimals, ftns),
      ]);
      expect(actual).to.deep.equal([price, premium, amountOf(gas, price, premium, rate), rateOf(coin, decimals, ftns)]);
    });
  });

  it("P124: no rules make the product overflow", async () => {
    const harness = await ethers.deployContract("PaymentHarness");
    const most = [10_000_000n, 10_000n * GWEI, 2n * WAD, 10n ** 27n] as const;
    expect(await harness.getFunction("amount")(...most)).to.equal(amountOf(...most));
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
