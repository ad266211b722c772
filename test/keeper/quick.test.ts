// How soon a keeper on its own schedule does what is due, and what its looks cost in calm: measured.
import { expect } from "chai";
import { network } from "hardhat";
import { openService } from "@ftns/keeper/service/service.ts";
import { parseConfig } from "@ftns/keeper";
import { Secrets } from "@ftns/service/secrets.ts";
import { Agenda } from "@ftns/keeper/agenda.ts";
import { economyOn } from "../helpers/economy.ts";
import { crash, safetyOn } from "../safety/fixture.ts";
import { chainOf, SECRET_ENV, HOUR } from "./chain.ts";
import { stageOfKeepers } from "./stage.ts";
import { keepersOn } from "./world.ts";

const connection = await network.create();
const JOBS = { "watch-emergency": {}, "run-governance": {}, "adjust-supply": {}, "record-price": {} };
const LOOKS_AN_HOUR = {
  "watch-emergency": 360,
  "run-governance": 60,
  "adjust-supply": 60,
  "record-price": 60,
  "report-price": 60,
};

describe("what a keeper's looks cost (P257)", () => {
  const suite = keepersOn(
    connection,
    () => economyOn(connection),
    ({ addresses }) => ({
      contracts: addressesOf(addresses),
      jobs: JOBS,
    }),
  );
  const addressesOf = ({ feed, history, controller, breaker, governor, token }: Record<string, string>) =>
    ({ feed, history, controller, breaker, governor, token }) as Record<string, string>;

  it("is at most 2,000 calls an hour in calm, its vitals among them (seen: 3,000 and 3,300)", async () => {
    // Blocks that come by themselves, as on most chains; one call more a look where they do not.
    const keeper = await suite.open({}, { chain: { ...chainOf(suite.bridge.url), blocksOnDemand: false } });
    await keeper.runOnce();
    let calls = 0;
    for (const job of keeper.jobs) {
      suite.bridge.asked.length = 0;
      await keeper.runOnce([job]);
      calls += suite.bridge.asked.length * LOOKS_AN_HOUR[job as keyof typeof LOOKS_AN_HOUR];
      expect(suite.bridge.asked.length, `${job}: ${suite.bridge.asked.join()}`).to.be.at.most(2);
    }
    // A report's look reads the feed as the others read theirs.
    calls += 2 * LOOKS_AN_HOUR["report-price"];
    const config = parseConfig({
      mode: "local",
      chain: { ...chainOf(suite.bridge.url), blocksOnDemand: false },
      account: { env: "KEEPER_KEY" },
      contracts: addressesOf(suite.world.addresses),
      jobs: JOBS,
    });
    const service = await openService(keeper, {
      config,
      context: { env: SECRET_ENV, baseDir: ".", secrets: new Secrets(), warn: () => undefined },
      sending: true,
    });
    await service.readVitals();
    suite.bridge.asked.length = 0;
    await service.readVitals();
    expect(suite.bridge.asked.length, suite.bridge.asked.join()).to.be.at.most(3);
    calls += suite.bridge.asked.length * 60;
    await service.stop();
    console.log(`      ${calls} calls an hour`);
    expect(calls).to.be.at.most(2_000);
  });
});

describe("how soon a keeper pulls a trigger, on its default schedule (P258)", () => {
  const suite = keepersOn(
    connection,
    () => safetyOn(connection),
    ({ addresses: { breaker } }) => ({
      contracts: { breaker },
      jobs: { "watch-emergency": {} },
    }),
  );
  it("sends within 15 s from when the chain shows an emergency", async () => {
    const w = suite.world;
    const keeper = await suite.open();
    let looks = 0;
    keeper.observe((event) => event.type === "finished" && looks++);
    keeper.start();
    // Right after a look is the worst moment for it.
    await until(async () => looks > 0 || undefined, 30_000);
    await crash(w);
    const started = performance.now();
    await until(async () => (await w.breaker.isOpen()) || undefined, 60_000);
    const took = (performance.now() - started) / 1_000;
    console.log(`      sent ${took.toFixed(1)} s after it was there`);
    expect(took).to.be.lessThan(15);
  }).timeout(120_000);
});

describe("how soon a keeper does what is due, on its default schedule (P258)", function () {
  this.timeout(150_000);
  const stage = stageOfKeepers({ walks: true });
  const TIMED = {
    "report-price": {
      reporters: [{ env: "REPORTER_0" }, { env: "REPORTER_1" }, { env: "REPORTER_2" }],
      sources: [{ type: "file" as const, name: "test file", path: "market.json" }],
      maxGapSec: 86_400,
    },
    "record-price": {},
  };

  it("sends a price within 30 s from when it is due (seen: 24.7 and 55.2 s)", async () => {
    const { chain } = stage;
    const first = await stage.open({ jobs: TIMED });
    await first.runOnce();
    await first.stop();
    // Blocks come by themselves; the report is due in a few seconds.
    await chain.jumpTo((await chain.feed.latestMarket()).updatedAt + HOUR - 6n);
    await chain.provider.send("evm_setIntervalMining", [1_000]);
    const dueAt = (await chain.feed.latestMarket()).updatedAt + HOUR;
    const keeper = await stage.open({ jobs: TIMED });
    keeper.start();
    const reported = await until(async () => {
      const { updatedAt } = await chain.feed.latestMarket();
      return updatedAt >= dueAt ? updatedAt : undefined;
    }, 90_000);
    console.log(`      reported ${reported - dueAt} s after it was due`);
    expect(reported - dueAt <= 30n).to.equal(true);
    const recorded = await until(async () => {
      const { knownUntil } = await chain.history.lastRecord();
      return knownUntil >= dueAt ? await chain.now() : undefined;
    }, 90_000);
    console.log(`      recorded ${recorded - reported} s after the round`);
  });

  it("wakes a job at the time it named, and at once when another sees that the chain is past it", () => {
    const wakes: [string, number][] = [];
    const agenda = new Agenda((job, afterSec) => wakes.push([job, afterSec]));
    const report = { job: "report-price", outcome: "waiting", reason: "", block: 1, chainTime: 100n } as const;
    agenda.note("report-price", [{ ...report, until: 160n }]);
    expect(wakes.splice(0)).to.deep.equal([["report-price", 60]]);
    agenda.note("watch-emergency", [{ ...report, job: "watch-emergency", outcome: "nothing", chainTime: 159n }]);
    expect(wakes.splice(0)).to.deep.equal([]);
    agenda.note("watch-emergency", [{ ...report, job: "watch-emergency", outcome: "nothing", chainTime: 5_000n }]);
    expect(wakes.splice(0)).to.deep.equal([["report-price", 0]]);
    agenda.note("watch-emergency", [{ ...report, job: "watch-emergency", outcome: "nothing", chainTime: 5_001n }]);
    agenda.note("report-price", [{ ...report, outcome: "broken", chainTime: 5_002n }]);
    expect(wakes).to.deep.equal([]);
  });
});

async function until<T>(look: () => Promise<T | undefined>, ms: number): Promise<T> {
  for (const end = performance.now() + ms; ; ) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) return expect.fail("it did not come to pass");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
