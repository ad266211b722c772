// Who has reporters paid, and for how much it is worth a transaction.
import { expect } from "chai";
import { network } from "hardhat";
import { decidePay, type Earning } from "@ftns/keeper/jobs/pay-reporters/decide.ts";
import { FTNS } from "../helpers/economy.ts";
import { safetyOn, type SafetyWorld } from "../safety/fixture.ts";
import { keepersOn, said } from "./world.ts";

const connection = await network.create();

describe("decisions of pay-reporters", () => {
  const decide = (...earnings: Earning[]) =>
    decidePay({ head: { number: 1, timestamp: 1n, baseFee: 1n }, earnings }, { minPayFtns: 2n * FTNS });
  const of = (reporter: string, amount: bigint, paid: Earning["paid"] = amount): Earning => ({ reporter, amount, paid: paid! });

  it("pays who would get most, from the least amount on", () => {
    expect(decide(of("a", 2n * FTNS), of("b", 3n * FTNS))).to.deep.include({ kind: "act", args: { reporter: "b" } });
    expect(decide(of("a", 2n * FTNS)).kind).to.equal("act");
    expect(decide({ reporter: "a", amount: 2n * FTNS - 1n }).kind).to.equal("nothing");
    expect(decide().kind).to.equal("nothing");
  });
  it("waits while the pool has no means, or too few", () => {
    for (const paid of [0n, 2n * FTNS - 1n]) {
      expect(decide(of("a", 9n * FTNS, paid)).reason).to.equal(
        "the pool has too little for any reporter who has earned something (1)",
      );
    }
    expect(decide(of("a", 9n * FTNS, FTNS), of("b", 3n * FTNS))).to.deep.include({ args: { reporter: "b" } });
  });
  it("P94: tells who cannot be paid, after those who can", () => {
    const failing = of("a", 9n * FTNS, { failure: "no" });
    expect(decide(failing, of("b", 3n * FTNS)).kind).to.equal("act");
    expect(decide(failing)).to.deep.equal({ kind: "broken", reason: "a cannot be paid: no" });
  });
});

describe("pay-reporters on a real chain", () => {
  const suite = keepersOn(
    connection,
    () => safetyOn(connection),
    ({ addresses: { reporterPay } }) => ({
      contracts: { reporterPay },
      jobs: { "pay-reporters": { jitterSec: 0, minPayFtns: 1 } },
    }),
  );
  let w: SafetyWorld;
  beforeEach(() => {
    w = suite.world;
  });

  it("P279: has every reporter paid once for all its hours, and then nobody", async () => {
    await w.token.connect(w.people.treasury).transfer(w.pool, 10_000n * FTNS);
    const reporters = await w.medianFeed.reporters();
    const earned = await Promise.all(reporters.map(async (one) => (await w.reporterPay.earned(one)).amount));
    expect(earned.every((amount) => amount >= 2n * FTNS)).to.equal(true);
    const before = await Promise.all(reporters.map((one) => w.token.balanceOf(one)));
    const reports = await suite.run();
    expect(reports.filter(({ outcome }) => outcome === "done")).to.have.length(reporters.length);
    for (const [i, reporter] of reporters.entries()) {
      expect((await w.token.balanceOf(reporter)) - before[i]!).to.be.at.least(earned[i]!);
    }
    expect(said(await suite.run())).to.match(/^nothing: no reporter has earned 1 FTNS/);
  });
});
