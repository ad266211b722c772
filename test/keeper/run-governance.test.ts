import { expect } from "chai";
import { network } from "hardhat";
import { FOR, type Proposal, STATE, proposalOf, propose } from "../governance/fixture.ts";
import { FTNS } from "../helpers/economy.ts";
import { DAY } from "../helpers/time.ts";
import { ACTION, type SafetyWorld, TRIGGER, crash, safetyOn, vote } from "../safety/fixture.ts";
import { ROLES } from "@ftns/deploy/wiring.ts";
import { keepersOn, said } from "./world.ts";

const connection = await network.create();
const make = async () => {
  const world = await safetyOn(connection);
  await world.manager.connect(world.people.admin).grantRole(ROLES.GOVERNOR, world.timelock, 0);
  return world;
};

describe("run-governance on a real chain", () => {
  const suite = keepersOn(connection, make, ({ addresses: { governor } }) => ({
    contracts: { governor },
    jobs: { "run-governance": { jitterSec: 0 } },
  }));
  const { open, run } = suite;
  let w: SafetyWorld;
  beforeEach(() => {
    w = suite.world;
  });

  const rate = (kind: bigint, amount: bigint, description: string) =>
    proposalOf(w, w.registry, "setBaseRate", [kind, amount * FTNS], description);
  /** Each by a voter of its own; voter 0 is for all. */
  const passed = async (...proposals: Proposal[]) => {
    for (const [index, p] of proposals.entries()) await propose(w.governor, w.voters[index]!, p);
    await w.clock.pass(DAY + 60n);
    for (const p of proposals) await w.governor.connect(w.voters[0]!).castVote(p.id, FOR);
    await w.clock.to((await w.governor.proposalDeadline(proposals.at(-1)!.id)) + 1n);
  };

  it("has nothing to do while nothing passed, and asks for no events", async () => {
    await propose(w.governor, w.voters[0]!, await rate(2n, 11n, "open"));
    expect(said(await run())).to.equal("nothing: nothing that passed waits (1 proposals looked at)");
    expect(suite.bridge.asked).to.not.include("eth_getLogs");
  });

  it("queues what passed, waits for the timelock, executes it, and is done", async () => {
    const p = await rate(2n, 11n, "Pay more for data\nand a long explanation");
    await passed(p);
    const queued = await run();
    expect(said(queued)).to.match(/^done: queue proposal \.\.\.\d{8} \("Pay more for data"\)\nwaiting: /);
    expect(await w.governor.state(p.id)).to.equal(STATE.queued);
    const eta = await w.governor.proposalEta(p.id);
    expect(queued.at(-1)!.until).to.equal(eta);

    await w.clock.to(eta - 1n);
    expect(said(await run())).to.match(/^waiting: /);
    await w.clock.to(eta);
    expect(said(await run())).to.match(/^done: execute proposal .*\nnothing: /);
    expect(await w.governor.state(p.id)).to.equal(STATE.executed);
    expect(said(await run())).to.match(/^nothing: /);
  });

  it("finds a proposal's content when the voting delay has changed since, by another one of its own", async () => {
    const [delay, p] = [
      await proposalOf(w, w.governor, "setVotingDelay", [7_200n], "shorter delay"),
      await rate(2n, 12n, "made with the old delay"),
    ];
    await passed(delay);
    await run();
    // Constitutional: seven days. The other one's vote is open when it takes effect.
    const eta = await w.governor.proposalEta(delay.id);
    await w.clock.to(eta - 2n * DAY);
    await propose(w.governor, w.voters[1]!, p);
    await w.clock.to(eta);
    expect(said(await run())).to.match(/^done: execute proposal/);
    expect(await w.governor.votingDelay()).to.equal(7_200n);
    await w.governor.connect(w.voters[0]!).castVote(p.id, FOR);
    await w.clock.to((await w.governor.proposalDeadline(p.id)) + 1n);
    expect(said(await run())).to.match(/^done: queue proposal .* \("made with the old delay"\)/);
  });

  it("P111: lets a proposal that cannot be executed hold up no other, and says so at the end", async () => {
    const bad = await rate(2n, 10n ** 12n, "out of bounds");
    const good = await rate(3n, 13n, "fine");
    await passed(bad, good);
    expect(said(await run())).to.match(/^done: queue .*\ndone: queue .*\nwaiting: /);
    await w.clock.pass(2n * DAY);
    const reports = await run();
    expect(said(reports)).to.match(
      /^done: execute proposal .* \("fine"\)\nbroken: proposal .* passed, but it cannot be executed: /,
    );
    expect(await w.governor.state(good.id)).to.equal(STATE.executed);
    expect(await w.governor.state(bad.id)).to.equal(STATE.queued);
  });

  it("P155: leaves a proposal alone that its operator has given up, tells so once, and does the others", async () => {
    const bad = await rate(2n, 10n ** 12n, "out of bounds");
    const good = await rate(3n, 13n, "fine");
    await passed(bad, good);
    await run();
    await w.clock.pass(2n * DAY);
    const ignoring = await open({}, { jobs: { "run-governance": { ignore: [bad.id.toString()] } } });
    expect(said(await ignoring.runOnce())).to.match(
      /^done: execute proposal .* \("fine"\) \(left alone, as jobs\.run-governance\.ignore says: proposal \.\.\.\d{8}\)\nnothing: [^(]*\(2 proposals looked at\)$/,
    );
    expect(said(await ignoring.runOnce())).to.equal("nothing: nothing that passed waits (2 proposals looked at)");
    expect(await w.governor.state(bad.id)).to.equal(STATE.queued);
    expect(said(await run())).to.match(/^broken: /);
  });

  it("P91: lets twins share the work without a fault", async () => {
    const proposals = [await rate(2n, 11n, "one"), await rate(3n, 12n, "two"), await rate(4n, 13n, "three")];
    await passed(...proposals);
    const twins = [await open(), await open({ account: "TWIN_KEY" })];
    for (const step of ["queue", "execute"]) {
      const reports = (await Promise.all(twins.map((keeper) => keeper.runOnce()))).flat();
      expect(said(reports)).to.not.include("broken");
      const done = reports.filter(({ outcome, reason }) => outcome === "done" && reason.startsWith(step));
      expect(done).to.have.length(3);
      await w.clock.pass(2n * DAY);
    }
    for (const { id } of proposals) expect(await w.governor.state(id)).to.equal(STATE.executed);
  });

  it("P91: sends nothing while a twin's transaction for it waits for its block", async () => {
    const p = await rate(2n, 11n, "contested");
    await passed(p);
    const { provider } = connection;
    await provider.request({ method: "evm_setAutomine", params: [false] });
    const doing = (await open()).runOnce();
    for (;;) {
      const block = (await provider.request({ method: "eth_getBlockByNumber", params: ["pending", false] })) as {
        transactions: unknown[];
      };
      if (block.transactions.length >= 1) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const twin = await (await open({ account: "TWIN_KEY" })).runOnce();
    expect(twin.map(({ outcome }) => outcome)).to.deep.equal(["waiting"]);
    expect(said(twin)).to.include("waits for its block");
    await provider.request({ method: "evm_setAutomine", params: [true] });
    await provider.request({ method: "evm_mine", params: [] });
    expect((await doing).map(({ outcome }) => outcome)).to.deep.equal(["done", "waiting"]);
  });

  it("P94: is broken, not done, when events or states cannot be read", async () => {
    await passed(await rate(2n, 11n, "unreadable"));
    for (const method of ["eth_getLogs", "eth_call"]) {
      suite.bridge.fail((asked) => asked === method);
      expect(said(await run()), method).to.match(/^broken: /);
    }
  });

  it("executes what an emergency vote passed, when the breaker is configured", async () => {
    await crash(w);
    await w.breaker.trigger(TRIGGER.priceCrash);
    const pause = await w.breaker.voteOn(ACTION.pause);
    await vote(w, pause, [
      [0, FOR],
      [1, FOR],
      [2, FOR],
      [3, FOR],
      [4, FOR],
    ]);
    expect(said(await run())).to.match(/^nothing: /);
    const keeper = await open({}, { contracts: { governor: w.addresses.governor, breaker: w.addresses.breaker } });
    expect(said(await keeper.runOnce())).to.match(/^done: the voters passed: PAUSE_ADJUSTMENTS; /);
    expect(await w.emergencyGovernor.state(pause)).to.equal(STATE.executed);
  });
});
