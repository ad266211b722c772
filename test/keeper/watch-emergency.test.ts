import { expect } from "chai";
import { type Finding, TRIGGERS } from "@ftns/model";
import { network } from "hardhat";
import { Wallet } from "ethers";
import { connect } from "@ftns/chain/connect.ts";
import { contracts } from "@ftns/sdk/contracts.ts";
import { readWatch } from "@ftns/keeper/jobs/watch-emergency/read.ts";
import { recompute } from "@ftns/keeper/jobs/watch-emergency/recompute.ts";
import { findingsOf } from "@ftns/keeper/service/findings.ts";
import { readVitals } from "@ftns/keeper/service/vitals.ts";
import { AGAINST, FOR, STATE } from "../governance/fixture.ts";
import { FTNS } from "../helpers/economy.ts";
import { Random, fuzzCases } from "../helpers/random.ts";
import { ACTION, CALM, HOUR, type SafetyWorld, TRIGGER, USD, crash, safetyOn, vote } from "../safety/fixture.ts";
import { KEEPER_KEY, chainOf } from "./chain.ts";
import { NOW, RULES, stateWith } from "./service-state.ts";
import { keepersOn, said } from "./world.ts";

const connection = await network.create();

describe("watch-emergency on a real chain", () => {
  const suite = keepersOn(
    connection,
    () => safetyOn(connection),
    ({ addresses: { breaker } }) => ({
      contracts: { breaker },
      jobs: { "watch-emergency": { jitterSec: 0 } },
    }),
  );
  const { open, run } = suite;
  let w: SafetyWorld;
  beforeEach(() => {
    w = suite.world;
  });

  describe("given calm weather", () => {
    it("finds nothing to do, and sends nothing", async () => {
      const reports = await run();
      expect(said(reports)).to.match(/^nothing: no emergency/);
      expect(await connection.ethers.provider.getTransactionCount(new Wallet(KEEPER_KEY).address)).to.equal(0);
    });

    it("P90: finds what the breaker finds, to the last digit, whatever was reported", async () => {
      const chain = await connect({ ...chainOf(suite.bridge.url), timeoutMs: 5_000, quorum: 1 });
      const breaker = contracts.breaker(w.addresses.breaker, chain.provider);
      const random = new Random();
      let met = 0;
      for (let i = 0; i < fuzzCases(15); i++) {
        const price = random.bigint(USD / 2n, USD);
        await w.hour(price);
        const txTotal = random.bigint(0n, 20n);
        const sight = {
          price,
          volume6h: random.bigint(0n, 200n) * USD,
          txTotal,
          txFailed: random.bigint(0n, txTotal),
        };
        await w.clock.pass(random.bigint(1n, 100n));
        await w.report(sight, random.int(0, 2));
        if (random.chance(0.2)) await w.clock.pass(6_000n);
        const seen = await readWatch(chain, breaker, new Wallet(KEEPER_KEY).address);
        for (const trigger of TRIGGERS) {
          expect(seen.findings[trigger], trigger).to.deep.equal(recompute(trigger, seen));
          if ((seen.findings[trigger] as { value: Finding }).value.met) met++;
        }
      }
      chain.close();
      expect(met).to.be.greaterThan(0);
    }).timeout(60_000);
  });

  describe("given a crash", () => {
    beforeEach(() => crash(w));

    it("pulls the trigger once, and then watches the votes", async () => {
      const reports = await run();
      expect(said(reports)).to.match(
        /^done: PRICE_CRASH: the hourly price is 60 % of that of a day before\nnothing: emergency 1 is open until /,
      );
      expect(said(reports)).to.include("voted on: PAUSE_ADJUSTMENTS, HALT_TRANSACTIONS");
      expect((await w.breaker.emergency()).triggers).to.equal(1n << TRIGGER.priceCrash);
      expect(said(await run())).to.match(/^nothing: emergency 1 is open/);
    });

    it("P141: is told of by the service, too, while it lasts", async () => {
      await run();
      const chain = await connect({ ...chainOf(suite.bridge.url), timeoutMs: 5_000, quorum: 1 });
      const vitals = await readVitals(chain, { breaker: w.addresses.breaker }, new Wallet(KEEPER_KEY).address);
      chain.close();
      expect(vitals.emergency)
        .to.have.property("value")
        .that.deep.includes({ open: true, triggers: ["PRICE_CRASH"] });
      const state = stateWith({ vitals: { at: NOW, wallAt: NOW, value: vitals } });
      const found = findingsOf(state, { ...RULES, maxClockSkewSec: 0 });
      expect(found.map(({ id }) => id)).to.deep.equal(["emergency-open"]);
    });

    it("sends nothing in a dry run", async () => {
      expect(said(await (await open({ dryRun: true })).runOnce())).to.match(/^would-do: PRICE_CRASH/);
      expect(await w.breaker.isOpen()).to.equal(false);
    });

    it("records a second trigger in the same run", async () => {
      await w.clock.pass(60n);
      await w.report({ price: (6n * USD) / 10n, txFailed: CALM.txTotal });
      expect(said(await run())).to.match(/^done: PRICE_CRASH.*\ndone: NETWORK_ATTACK: calls of 100 % of the accounts failed\n/);
      expect((await w.breaker.emergency()).triggers).to.equal(0b0101n);
    });

    it("executes what the voters passed, and what ends it again, and nothing twice", async () => {
      await run();
      const halt = await w.breaker.voteOn(ACTION.halt);
      await vote(w, halt, [
        [0, FOR],
        [1, FOR],
        [2, FOR],
        [3, FOR],
        [4, FOR],
      ]);
      expect(said(await run())).to.match(/^done: the voters passed: HALT_TRANSACTIONS; it can be executed until .*\nnothing: /);
      expect(await w.emergencyGovernor.state(halt)).to.equal(STATE.executed);
      expect(await w.token.haltedUntil()).to.equal((await w.clock.now()) + 72n * HOUR);

      await w.clock.pass(10n);
      await w.breaker.proposeEnd(ACTION.halt);
      const [made] = (await w.breaker.queryFilter(w.breaker.filters.MotionMade())).slice(-1);
      await vote(w, made!.args.proposalId, [
        [0, FOR],
        [1, FOR],
        [2, FOR],
        [3, FOR],
        [4, FOR],
      ]);
      expect(said(await run())).to.match(/^done: the voters passed: end of HALT_TRANSACTIONS;/);
      expect(await w.token.haltedUntil()).to.be.at.most(await w.clock.now());
    });

    it("P279: ends what more are against than for, once that is so for an hour", async () => {
      await run();
      const halt = await w.breaker.voteOn(ACTION.halt);
      const supporters = [2, 3, 4, 5, 6].map((voter) => [voter, FOR] as const);
      await vote(w, halt, supporters);
      await run();
      const opponents = [0, 1].map((voter) => [voter, AGAINST] as const);
      await vote(w, halt, opponents);
      await w.clock.pass(HOUR - 2n);
      expect(said(await run())).to.match(/^nothing: /);
      await w.clock.pass(2n);
      expect(said(await run())).to.match(/^done: more are against HALT_TRANSACTIONS than for it: .*\nnothing: /);
      expect(await w.token.haltedUntil()).to.be.at.most(await w.clock.now());
    });

    it("P279: settles a bond once its votes are over, and not before", async () => {
      await run();
      await w.vault.connect(w.voters[0]!).lock(w.breaker, 1_000n * FTNS);
      await w.clock.pass(6n * HOUR + 1n);
      await crash(w, (3n * USD) / 10n);
      await w.breaker.connect(w.voters[0]!).trigger(TRIGGER.priceCrash);
      await w.clock.pass(5n * HOUR);
      await w.report({ price: (3n * USD) / 10n });
      expect(said(await run())).to.not.include("bond 1");
      await w.clock.pass(HOUR + 1n);
      await w.report({ price: (3n * USD) / 10n });
      expect(said(await run())).to.match(/^done: the votes of bond 1 are over: its 1,?000 FTNS are given back or slashed/);
      expect(await w.breaker.bondedOf(w.voters[0]!)).to.equal(0n);
      expect(said(await run())).to.not.include("bond 1");
    });

    it("waits for the delay of recovery mode, then executes it", async () => {
      await w.clock.pass(60n);
      await w.report({ txFailed: CALM.txTotal });
      await run();
      const recovery = await w.breaker.voteOn(ACTION.recovery);
      await vote(w, recovery, [
        [0, FOR],
        [1, FOR],
        [2, FOR],
        [3, FOR],
        [4, FOR],
      ]);
      const { executableAt } = await w.emergencyGovernor.standingOf(recovery);
      await w.report({});
      const [waiting] = await run();
      expect(waiting).to.include({ outcome: "waiting", until: executableAt });
      await w.clock.to(executableAt);
      await w.report({});
      expect(said(await run())).to.match(/^done: the voters passed: RECOVERY_MODE/);
      expect(await w.token.recoveryUntil()).to.be.greaterThan(executableAt);
    });

    it("P91: lets a twin find nothing to do or lose the race, which is no fault", async () => {
      const [first, second] = [await open(), await open({ account: "TWIN_KEY" })];
      const reports = (await Promise.all([first.runOnce(), second.runOnce()])).flat();
      expect(said(reports)).to.not.include("broken");
      expect(reports.filter(({ outcome }) => outcome === "done")).to.have.length(1);
      expect((await w.breaker.emergency()).id).to.equal(1n);
    });

    it("P94: is broken, not calm, when the endpoint fails, and pulls the trigger when it is back", async () => {
      const keeper = await open();
      suite.bridge.fail((method) => method === "eth_call");
      expect(said(await keeper.runOnce())).to.match(/^broken: /);
      suite.bridge.fail();
      expect(said(await keeper.runOnce())).to.match(/^done: PRICE_CRASH/);
    });
  });

  describe("given a breaker that cannot see", () => {
    it("P94: is broken when no report came for more than 90 minutes", async () => {
      await w.clock.pass(91n * 60n);
      expect(said(await run())).to.match(/^broken: the breaker is blind: the last market report is .* old; check the reporters/);
    });
    it("P94: is broken when too few reporters agree, and names what is not seen", async () => {
      await w.clock.pass(60n);
      await w.report({}, 1);
      expect(said(await run())).to.include("the breaker is blind to PRICE_CRASH, NETWORK_ATTACK: ");
    });
    it("P94: is broken without a market feed, and with one that fails", async () => {
      const asGovernor = w.breaker.connect(w.people.governor);
      await asGovernor.setMarketFeed(connection.ethers.ZeroAddress);
      expect(said(await run())).to.include("it has no market feed");
      await asGovernor.setMarketFeed(w.addresses.token);
      expect(said(await run())).to.include("its market feed gives no answer");
    });
  });
});
