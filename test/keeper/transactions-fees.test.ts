import { expect } from "chai";
import {
  type FeeCaps,
  type Fees,
  highest,
  nextBaseFee,
  paidPerGas,
  planFees,
  planReplacement,
} from "@ftns/chain/transactions/fees.ts";
import { intrinsicGas } from "@ftns/chain/transactions/replace.ts";
import { type Random, forCases, fuzzCases } from "../helpers/random.ts";

const GWEI = 10n ** 9n;
const caps = { maxFeeWei: 100n * GWEI, maxPriorityFeeWei: 10n * GWEI };
const market = (baseGwei: bigint, tipGwei = 1n) => ({ baseFee: baseGwei * GWEI, suggestedTip: tipGwei * GWEI });
const offer = (maxGwei: bigint, tipGwei: bigint) => ({
  maxFeePerGas: maxGwei * GWEI,
  maxPriorityFeePerGas: tipGwei * GWEI,
});

describe("fees of transactions", () => {
  describe("planFees", () => {
    describe("given a next block that may cost more than the cap", () => {
      it("P130: refuses, and names both prices", () => {
        expect(planFees(market(89n), caps)).to.deep.equal({
          refusal: "gas costs 100.125 gwei, above transactions.maxFeeGwei of 100; wait for cheaper blocks or raise the cap",
        });
      });
    });
    describe("given cheap gas", () => {
      it("offers twice the base fee and the usual tip", () => {
        expect(planFees(market(20n), caps)).to.deep.equal({ fees: offer(41n, 1n) });
      });
      it("offers next to nothing where gas costs nothing", () => {
        expect(planFees({ baseFee: 0n, suggestedTip: 0n }, caps)).to.deep.equal({ fees: offer(0n, 0n) });
      });
    });
    describe("given dear gas below the cap", () => {
      it("keeps room for two raises", () => {
        const plan = planFees(market(45n), caps) as { fees: Fees };
        expect(plan.fees.maxFeePerGas).to.equal(((100n * GWEI - 2n) * 64n) / 81n);
      });
      it("gives up that room rather than miss the next block", () => {
        expect(planFees(market(80n), caps)).to.deep.equal({ fees: offer(91n, 1n) });
        expect(planFees(market(88n, 9n), caps)).to.have.nested.property("fees.maxFeePerGas", caps.maxFeeWei);
      });
    });
    describe("given a tip above its cap", () => {
      it("keeps room for two raises there, too", () => {
        const plan = planFees(market(20n, 500n), caps) as { fees: Fees };
        expect(plan.fees.maxPriorityFeePerGas).to.equal(((10n * GWEI - 2n) * 64n) / 81n);
      });
    });
  });

  describe("planReplacement", () => {
    describe("given gas above the cap", () => {
      it("P130: refuses like a new transaction", () => {
        expect(planReplacement(offer(41n, 1n), market(89n), caps))
          .to.have.property("refusal")
          .that.includes("100.125");
      });
    });
    describe("given an offer that cannot be raised by an eighth below the cap", () => {
      it("P130: refuses, and names the setting", () => {
        expect(planReplacement(offer(89n, 1n), market(20n), caps)).to.deep.equal({
          refusal:
            "a replacement would have to offer 100.125 gwei, above transactions.maxFeeGwei of 100; " +
            "wait for cheaper blocks or raise the cap",
        });
        expect(planReplacement(offer(41n, 9n), market(20n), caps))
          .to.have.property("refusal")
          .that.includes("10.125 gwei, above transactions.maxPriorityFeeGwei of 10");
      });
    });
    describe("given a market as before", () => {
      it("raises both fields by an eighth", () => {
        expect(planReplacement(offer(48n, 8n), market(20n), caps)).to.deep.equal({ fees: offer(54n, 9n) });
      });
    });
    describe("given a market that rose", () => {
      it("offers what a new transaction would", () => {
        expect(planReplacement(offer(8n, 1n), market(30n, 2n), caps)).to.deep.equal({ fees: offer(62n, 2n) });
      });
    });
  });

  it("P130, P131: never offers more than a cap, and at least an eighth more than what stands, or refuses", async () => {
    let refused = 0;
    let raisedTwice = 0;
    const cases = fuzzCases(1_000);
    await forCases(cases, (random) => {
      const { limits, seen } = drawn(random);
      const plan = planFees(seen, limits);
      if ("refusal" in plan) {
        refused++;
        expect(nextBaseFee(seen) > limits.maxFeeWei).to.equal(true);
        return;
      }
      expectWithin(plan.fees, limits);
      expect(plan.fees.maxFeePerGas >= nextBaseFee(seen)).to.equal(true);
      let standing = plan.fees;
      for (let raise = 1; raise <= 400; raise++) {
        const again = planReplacement(standing, raise % 8 > 0 ? seen : drawn(random).seen, limits);
        if ("refusal" in again) break;
        expectWithin(again.fees, limits);
        const isAbove = (["maxFeePerGas", "maxPriorityFeePerGas"] as const).every(
          (field) => again.fees[field] * 8n >= standing[field] * 9n && again.fees[field] > standing[field],
        );
        if (!isAbove)
          expect.fail(
            `${JSON.stringify([standing, again.fees], (_, one) => (typeof one === "bigint" ? String(one) : one))} is no replacement`,
          );
        standing = again.fees;
        if (raise === 2) raisedTwice++;
        if (raise === 400) expect.fail("raises without end");
      }
    });
    // The cases reach both sides.
    if (cases >= 1_000) expect(Math.min(refused, raisedTwice)).to.be.greaterThan(cases / 20);
  });

  it("P131: a first offer in a calm market can be raised twice", async () => {
    await forCases(fuzzCases(1_000), (random) => {
      const maxFeeWei = random.magnitude(1_000n, 10n ** 15n);
      const limits = { maxFeeWei, maxPriorityFeeWei: random.magnitude(100n, maxFeeWei / 4n) };
      const calm = { baseFee: random.bigint(0n, maxFeeWei / 4n), suggestedTip: random.magnitude(0n, maxFeeWei) };
      let plan = planFees(calm, limits);
      for (let raise = 0; raise < 2; raise++) {
        if ("refusal" in plan) return expect.fail(plan.refusal);
        plan = planReplacement(plan.fees, calm, limits);
      }
      expect(plan).to.have.property("fees");
    });
  });

  it("highest takes each field by itself, and nothing of nothing", () => {
    expect(highest([])).to.equal(undefined);
    expect(highest([offer(5n, 1n), offer(4n, 2n)])).to.deep.equal(offer(5n, 2n));
  });
  it("what is paid is the base fee and the tip, at most the offer", () => {
    expect(paidPerGas(offer(30n, 2n), 20n * GWEI)).to.equal(22n * GWEI);
    expect(paidPerGas(offer(30n, 2n), 29n * GWEI)).to.equal(30n * GWEI);
  });
  it("a transaction takes 21,000 gas, 16 for each byte of its data and 4 for each that is zero", () => {
    expect(intrinsicGas("0x")).to.equal(21_000n);
    expect(intrinsicGas("0x00ff00")).to.equal(21_024n);
  });
});

function drawn(random: Random): { limits: FeeCaps; seen: { baseFee: bigint; suggestedTip: bigint } } {
  const maxFeeWei = random.magnitude(0n, 10n ** 15n);
  const limits = { maxFeeWei, maxPriorityFeeWei: random.magnitude(0n, maxFeeWei) };
  return { limits, seen: { baseFee: random.magnitude(0n, maxFeeWei + 10n), suggestedTip: random.magnitude(0n, 10n ** 13n) } };
}

function expectWithin({ maxFeePerGas, maxPriorityFeePerGas }: Fees, { maxFeeWei, maxPriorityFeeWei }: FeeCaps): void {
  const isWithin = maxFeePerGas <= maxFeeWei && maxPriorityFeePerGas <= maxPriorityFeeWei;
  if (!isWithin || maxPriorityFeePerGas > maxFeePerGas) {
    expect.fail(`${maxFeePerGas} and ${maxPriorityFeePerGas} are not within ${maxFeeWei} and ${maxPriorityFeeWei}`);
  }
}
