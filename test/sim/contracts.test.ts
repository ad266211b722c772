// Some weeks of a run again on the contracts; npm run simulate-contracts plays five years of each regime.
import { expect } from "chai";
import { network } from "hardhat";
import { startOfDay } from "@ftns/model";
import { WORLDS } from "@ftns/sim/assumptions.ts";
import { playOnContracts } from "@ftns/sim/replay/contracts.ts";
import { LAUNCH_DAY } from "@ftns/sim/replay/prices.ts";
import { seedWithoutEarlyOutage } from "@ftns/sim/replay/sample.ts";
import { ruleOf } from "@ftns/sim/rules.ts";

const initialDate = new Date(Number(startOfDay(LAUNCH_DAY - 2n) * 1000n));
const DAYS = 36;

describe("a run again on the contracts", function () {
  this.timeout(600_000);

  it("P405: has the same refusals, factors of both rules, tiers and balances", async () => {
    const connection = await network.create({ override: { initialDate } });
    const { shocks } = seedWithoutEarlyOutage("fat", 1_000, 0.8);
    const played = await playOnContracts(connection, WORLDS[3]!, ruleOf("path"), shocks, DAYS);
    expect(played.factors + played.refusals).to.equal(2 * DAYS);
    expect(played.factors).to.be.at.least(2 * 5);
    expect(played.balances).to.equal(6 * 13);
    expect(played.factorOff).to.be.lessThan(1e-12);
    expect(played.balanceOff).to.be.lessThan(1e-9);
  });
});
