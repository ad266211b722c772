// The gas limits that docs/operating/guide.md names for callers: enough for each job, and no more than they have to be.
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { network } from "hardhat";
import { proposalOf, propose, queue, STAKED } from "../governance/fixture.ts";
import { FTNS } from "../helpers/economy.ts";
import { DAY, HOUR } from "../helpers/time.ts";
import { ACTION, crash, nobodyVotes, restake, TRIGGER, USD, vote } from "../safety/fixture.ts";
import { contentOf, doneIn, GWEI, JOB, keepersOn, month, task, word, type KeepersWorld } from "./fixture.ts";

const connection = await network.create();
const { ethers } = connection;
const world = async () => keepersOn(connection);
const GUIDE = new URL("../../docs/operating/guide.md", import.meta.url);
const [AGAINST, FOR] = [0n, 1n];
const FIVE = [0, 1, 2, 3, 4].map((voter) => [voter, FOR] as const);

/** The limits of the guide's table, by job. */
function limits(): ReadonlyMap<string, bigint> {
  const rows = readFileSync(GUIDE, "utf8").matchAll(/^\| `([A-Z_]+)` \|[^|]*\| ([\d,]+) \|$/gm);
  return new Map([...rows].map(([, job, gas]) => [job!, BigInt(gas!.replaceAll(",", ""))]));
}

describe("gas limits of the guide (P246)", () => {
  let w: KeepersWorld;
  beforeEach(async () => {
    const made = await connection.networkHelpers.loadFixture(world);
    w = { ...made, voters: [...made.voters] };
  });
  const attacked = () => w.report({ txTotal: 100n, txFailed: 90n });
  const dry = () => w.report({ volume6h: 0n });
  const passed = async () => {
    const target = await ethers.deployContract("HungryTarget");
    const p = await proposalOf(w, target, "eat", [1_000n], "one");
    await propose(w.governor, w.voters[0]!, p);
    await w.clock.pass(DAY + 1n);
    await w.governor.connect(w.voters[0]!).castVote(p.id, FOR);
    await w.clock.to((await w.governor.proposalDeadline(p.id)) + 1n);
    return p;
  };

  /** A state in which the job is due at its dearest, and its arguments. */
  const STATES: Record<string, { job: bigint; make(): Promise<string> }> = {
    TRIGGER_EMERGENCY: {
      job: JOB.trigger,
      async make() {
        await attacked();
        return word(TRIGGER.networkAttack);
      },
    },
    EXECUTE_EMERGENCY: {
      job: JOB.emergency,
      async make() {
        await attacked();
        await w.breaker.trigger(TRIGGER.networkAttack);
        const recovery = await w.breaker.voteOn(ACTION.recovery);
        await vote(w, recovery, FIVE);
        await w.clock.to((await w.emergencyGovernor.standingOf(recovery)).executableAt);
        return word(recovery);
      },
    },
    END_OPPOSED: {
      job: JOB.opposed,
      async make() {
        const each = (STAKED * 32n) / 1_000n;
        await restake(w, connection, [each, each, each, each, each, STAKED - 5n * each]);
        await crash(w);
        await w.breaker.trigger(TRIGGER.priceCrash);
        const halt = await w.breaker.voteOn(ACTION.halt);
        await vote(w, halt, FIVE);
        await w.emergencyGovernor["execute(uint256)"](halt);
        await vote(w, halt, [[5, AGAINST]]);
        await w.clock.pass(HOUR);
        return word(ACTION.halt);
      },
    },
    REPORT_PRICE: {
      job: JOB.report,
      async make() {
        await w.history.connect(w.people.governor).setFeed(w.medianFeed, true, 3n * HOUR);
        await w.medianFeed.connect(w.people.governor).setHistory(w.history);
        await w.clock.pass(2n * HOUR);
        return w.reports();
      },
    },
    RECORD_PRICE: {
      job: JOB.record,
      async make() {
        // As many rounds as one call walks.
        for (let i = 0; i < 70; i++) {
          await w.clock.pass(300n);
          await w.report();
        }
        return "0x";
      },
    },
    ADJUST_SUPPLY: {
      job: JOB.adjust,
      async make() {
        await month(w);
        return word((await w.controller.preview()).factor);
      },
    },
    QUEUE_PROPOSAL: {
      job: JOB.queue,
      make: async () => contentOf(await passed()),
    },
    EXECUTE_PROPOSAL: {
      job: JOB.execute,
      async make() {
        const p = await passed();
        await queue(w.governor, p);
        await w.clock.to(await w.governor.proposalEta(p.id));
        return contentOf(p);
      },
    },
    START_HOURS_ANEW: {
      job: JOB.anew,
      async make() {
        await nobodyVotes(w);
        await w.hours(1, USD);
        await w.breaker.trigger(TRIGGER.governanceDeadlock);
        await w.clock.pass(48n * HOUR + 1n);
        return word(await w.breaker.voteOn(ACTION.reset));
      },
    },
    SETTLE_BOND: {
      job: JOB.bond,
      async make() {
        await dry();
        await w.breaker.trigger(TRIGGER.liquidityCrisis);
        await w.clock.pass(12n * HOUR);
        await dry();
        await w.vault.connect(w.voters[0]!).lock(w.breaker, 1_000n * FTNS);
        await w.breaker.connect(w.voters[0]!).trigger(TRIGGER.liquidityCrisis);
        await w.clock.pass(6n * HOUR + 1n);
        return word(1n);
      },
    },
  };

  it("name every job", () => {
    expect([...limits().keys()]).to.deep.equal(Object.keys(STATES));
  });

  for (const [name, { job, make }] of Object.entries(STATES)) {
    it(`are enough for ${name}, and at most twice what it takes`, async function () {
      this.timeout(300_000);
      const args = await make();
      // The dearest shape, and somebody's very first payment, on a day on which nobody was paid yet.
      const data = task(job, args, `0x${"dd".repeat(20)}`);
      const limit = limits().get(name) ?? 0n;
      const least = await w.jobs.performUpkeep.estimateGas(data);
      expect(limit, `${least} are needed`).to.be.within(least, 2n * least);
      await connection.networkHelpers.setNextBlockBaseFeePerGas(GWEI);
      const fees = { gasLimit: limit, maxFeePerGas: 2n * GWEI, maxPriorityFeePerGas: 0n };
      const { done } = await doneIn(w, w.jobs.performUpkeep(data, fees));
      expect(done[0]!.paid).to.be.greaterThan(0n);
    });
  }
});
