// Keepers that are paid: the same jobs through KeeperJobs, whenever it pays.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { network } from "hardhat";
import { Wallet } from "ethers";
import { FOR, proposalOf, propose, STATE } from "../governance/fixture.ts";
import { FTNS } from "../helpers/economy.ts";
import { DAY, HOUR } from "../helpers/time.ts";
import { ACTION, TRIGGER, crash, vote } from "../safety/fixture.ts";
import { ROLES } from "@ftns/deploy/wiring.ts";
import { JOB, keepersOn as paidWorldOn, month, rulesOf, type KeepersWorld } from "../keepers/fixture.ts";
import { Secrets } from "@ftns/service/secrets.ts";
import { checkAll } from "@ftns/keeper/service/checks.ts";
import { KEEPER_KEY, REPORTER_KEYS, SECRET_ENV, chainOf, liveMarket } from "./chain.ts";
import { keepersOn, said } from "./world.ts";

const connection = await network.create();
const { ethers } = connection;
const keeper = new Wallet(KEEPER_KEY).address;
const make = async () => {
  const world = await paidWorldOn(connection);
  await world.manager.connect(world.people.admin).grantRole(ROLES.GOVERNOR, world.timelock, 0);
  return world;
};
const env = (index: number) => ({ env: `REPORTER_${index}` });

describe("a keeper that is paid (P125)", () => {
  const suite = keepersOn(connection, make, ({ addresses }) => {
    const { feed, history, controller, breaker, governor, keeperJobs } = addresses;
    return {
      contracts: { feed, history, controller, breaker, governor, keeperJobs },
      jobs: {
        "report-price": {
          reporters: [env(0), env(1), env(2)],
          sources: [{ type: "file", name: "unused", path: "unused" }],
          jitterSec: 0,
        },
        "record-price": { jitterSec: 0 },
        "adjust-supply": { jitterSec: 0 },
        "watch-emergency": { jitterSec: 0 },
        "run-governance": { jitterSec: 0 },
      },
    };
  });
  let w: KeepersWorld;
  beforeEach(() => {
    w = suite.world;
  });

  type Name = "report-price" | "record-price" | "adjust-supply" | "watch-emergency" | "run-governance";
  /** What the keeper does of `job`, and what it is paid for. */
  const does = async (job: Name, change = {}) => {
    const from = await ethers.provider.getBlockNumber();
    const one = await suite.open({ jobs: [job], sources: [liveMarket({ now: w.clock.now }).source] }, change);
    const reports = await one.runOnce();
    const events = await w.jobs.queryFilter(w.jobs.filters.JobDone(), from + 1);
    for (const { args } of events) expect([args.executor, args.payee]).to.deep.equal([keeper, keeper]);
    return { reports, jobs: events.map(({ args }) => args.job), paid: events.reduce((sum, { args }) => sum + args.paid, 0n) };
  };

  it("records and reports through KeeperJobs, and holds FTNS afterwards", async () => {
    const feed = w.medianFeed.connect(w.people.governor);
    for (const key of REPORTER_KEYS) await feed.addReporter(new Wallet(key).address);
    for (const reporter of w.people.reporters.slice(2)) await feed.removeReporter(reporter);
    await feed.setQuorum(3n);
    await w.clock.pass(HOUR);
    const reported = await does("report-price");
    expect(said(reported.reports)).to.match(/^done: /);
    expect(reported.jobs).to.deep.equal([JOB.report]);
    const recorded = await does("record-price");
    expect([recorded.reports[0]!.outcome, recorded.jobs]).to.deep.equal(["done", [JOB.record]]);
    expect(recorded.paid).to.be.greaterThan(0n);
    expect(await w.token.balanceOf(keeper)).to.equal(reported.paid + recorded.paid);
  });

  it("is paid more than its gas costs, at the rate that is paid by", async () => {
    await w.clock.pass(HOUR);
    await w.report();
    // The first payment opens an account in the token's books; the second is like all later ones.
    await does("record-price");
    await w.clock.pass(HOUR);
    // At a base fee of which the tip is a small part: beyond a fifth of it tips are the sender's own.
    await connection.networkHelpers.setNextBlockBaseFeePerGas(20n * 10n ** 9n);
    await w.report();
    const before = await ethers.provider.getBalance(keeper);
    const { paid } = await does("record-price");
    const cost = before - (await ethers.provider.getBalance(keeper));
    const [rate] = await w.jobs.rate();
    expect(paid).to.be.greaterThan((cost * rate) / 10n ** 18n);
  });

  it("P240: names the payee of the configuration in each call", async () => {
    const [friend] = w.people.users;
    await w.clock.pass(HOUR);
    await w.report();
    const from = await ethers.provider.getBlockNumber();
    await (await suite.open({ jobs: ["record-price"] }, { payee: friend!.address })).runOnce();
    const [event] = await w.jobs.queryFilter(w.jobs.filters.JobDone(), from + 1);
    expect([event!.args.executor, event!.args.payee]).to.deep.equal([keeper, friend!.address]);
    expect(event!.args.paid).to.be.greaterThan(0n);
    expect(await w.token.balanceOf(keeper)).to.equal(0n);
  });

  it("adjusts through KeeperJobs", async function () {
    this.timeout(300_000);
    await month(w);
    const { reports, jobs } = await does("adjust-supply");
    expect([reports[0]!.outcome, jobs]).to.deep.equal(["done", [JOB.adjust]]);
  });

  it("pulls triggers and executes what emergency votes passed through KeeperJobs", async () => {
    await crash(w);
    expect((await does("watch-emergency")).jobs).to.deep.equal([JOB.trigger]);
    expect((await w.breaker.emergency()).triggers).to.equal(1n << TRIGGER.priceCrash);
    await vote(
      w,
      await w.breaker.voteOn(ACTION.halt),
      [0, 1, 2, 3, 4].map((voter) => [voter, FOR] as const),
    );
    expect((await does("watch-emergency")).jobs).to.deep.equal([JOB.emergency]);
    expect(await w.token.haltedUntil()).to.be.greaterThan(await w.clock.now());
  });

  it("queues and executes proposals through KeeperJobs", async () => {
    const p = await proposalOf(w, w.registry, "setBaseRate", [2n, 11n * FTNS], "Pay more for data");
    await propose(w.governor, w.voters[0]!, p);
    await w.clock.pass(DAY + 1n);
    await w.governor.connect(w.voters[0]!).castVote(p.id, FOR);
    await w.clock.to((await w.governor.proposalDeadline(p.id)) + 1n);
    expect((await does("run-governance")).jobs).to.deep.equal([JOB.queue]);
    await w.clock.to(await w.governor.proposalEta(p.id));
    expect((await does("run-governance")).jobs).to.deep.equal([JOB.execute]);
    expect(await w.governor.state(p.id)).to.equal(STATE.executed);
  });

  describe("goes the direct way", () => {
    const recordsDirectly = async (change = {}) => {
      const { reports, jobs } = await does("record-price", change);
      expect([reports[0]!.outcome, jobs]).to.deep.equal(["done", []]);
      expect(await w.history.hasNewRound()).to.equal(false);
    };
    const due = async () => {
      await w.clock.pass(HOUR);
      await w.report();
    };

    it("when the job is due by the keeper's rules alone", async () => {
      await w.clock.pass(HOUR / 2n);
      await w.report();
      await recordsDirectly({ jobs: { "record-price": { intervalSec: 600, schedule: "*/5 * * * *", jitterSec: 0 } } });
    });

    it("when nothing would be paid: an empty day's gas, or no right to pay", async () => {
      await due();
      const jobs = w.jobs.connect(w.people.governor);
      await jobs.setPaymentRules({ ...(await rulesOf(w)), dailyGas: 0n });
      await recordsDirectly();
      await jobs.setPaymentRules({ ...(await rulesOf(w)), dailyGas: 50_000_000n });
      await w.pool.connect(w.people.governor).setKeeperPayer(w.vault);
      await due();
      await recordsDirectly();
    });

    it("when KeeperJobs is about other contracts", async () => {
      const other = await ethers.deployContract("PriceHistory", [w.addresses.manager, w.addresses.feed, false, 3n * HOUR]);
      await due();
      const contracts = { history: await other.getAddress(), keeperJobs: w.addresses.keeperJobs };
      const { jobs } = await does("record-price", { contracts, jobs: { "record-price": { jitterSec: 0 } } });
      expect(jobs).to.deep.equal([]);
      expect(await other.hasNewRound()).to.equal(false);
    });
  });

  it("is told by check-config what may still be paid, and that KeeperJobs is about other contracts", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ftns-paid-"));
    const check = async (contracts: Record<string, string>) => {
      const file = join(folder, "keeper.json");
      const jobs = { "record-price": {} };
      writeFileSync(
        file,
        JSON.stringify({ mode: "local", chain: chainOf(suite.bridge.url), account: { env: "KEEPER_KEY" }, contracts, jobs }),
      );
      const results = await checkAll(file, new Secrets(), SECRET_ENV);
      return results.find(({ name }) => name === "contracts.keeperJobs");
    };
    const { history, keeperJobs, feed } = w.addresses;
    const other = await (await ethers.deployContract("PriceHistory", [w.addresses.manager, feed, false, 3n * HOUR])).getAddress();
    try {
      const fine = { name: "contracts.keeperJobs", outcome: "ok", detail: "pays for at most 50,000,000 gas more today" };
      expect(await check({ history, keeperJobs })).to.deep.equal(fine);
      const detail = `its history is ${history}, and the configuration says ${other}`;
      expect(await check({ history: other, keeperJobs })).to.deep.equal({ ...fine, outcome: "warning", detail });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("loses a race to a twin without harm", async () => {
    await w.clock.pass(HOUR);
    await w.report();
    const twins = await Promise.all([
      suite.open({ jobs: ["record-price"] }),
      suite.open({ account: "TWIN_KEY", jobs: ["record-price"] }),
    ]);
    const outcomes = (await Promise.all(twins.map((twin) => twin.runOnce()))).flat().map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === "done")).to.have.length(1);
    expect(outcomes).to.not.include("broken");
  });
});
