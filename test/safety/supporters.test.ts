import { expect } from "chai";
import { network } from "hardhat";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { economyOn, parametersOf } from "../helpers/economy.ts";
import { FOR, outsider, stake, STAKED, STATE } from "../governance/fixture.ts";
import { startOf, dayOf } from "../helpers/time.ts";
import { ACTION, crash, DAY, HOUR, restake, safetyOn, TRIGGER, vote, type SafetyWorld } from "./fixture.ts";

const connection = await network.create();
const fixture = async () => safetyOn(connection);
const FOUR = [0, 1, 2, 3].map((voter) => [voter, FOR] as const);

describe("supporters who may decide (P83, P216)", () => {
  let w: SafetyWorld;
  beforeEach(async () => {
    const world = await connection.networkHelpers.loadFixture(fixture);
    w = { ...world, voters: [...world.voters] };
  });

  /** A vote on a halt in which four who may decide are for it, with more than enough votes. */
  const fourFor = async () => {
    await crash(w);
    await w.breaker.trigger(TRIGGER.priceCrash);
    const id = await w.breaker.voteOn(ACTION.halt);
    await vote(w, id, FOUR);
    return id;
  };
  const cast = (who: HardhatEthersSigner, id: bigint) => w.emergencyGovernor.connect(who).castVote(id, FOR);
  const stateOf = (id: bigint) => w.emergencyGovernor.state(id);
  /** Somebody else with `amount` staked. */
  const staker = async (number: number, amount: bigint) => {
    const who = await outsider(connection, 4_000 + number);
    await stake({ economy: w.economy, votes: w.vault }, who, amount);
    return who;
  };

  it("five accounts made BASIC after the trigger count nothing", async () => {
    const fresh = await Promise.all([0, 1, 2, 3, 4].map((i) => outsider(connection, 5_000 + i)));
    for (const one of fresh) await stake({ economy: w.economy, votes: w.vault }, one, (STAKED * 4n) / 100n);
    await w.clock.pass(10n);
    await crash(w);
    await w.breaker.trigger(TRIGGER.priceCrash);
    const id = await w.breaker.voteOn(ACTION.halt);
    for (const one of fresh) {
      await w.contributes(one);
      await cast(one, id);
    }
    const { supporters, support, needed, passedAt } = await w.emergencyGovernor.standingOf(id);
    // Their votes count towards what is needed, and reach it.
    expect(support >= needed).to.equal(true);
    expect([supporters, passedAt]).to.deep.equal([0n, 0n]);
    await vote(w, id, FOUR);
    expect(await stateOf(id)).to.equal(STATE.active);
    await vote(w, id, [[4, FOR]]);
    expect(await stateOf(id)).to.equal(STATE.succeeded);
  });

  for (const [what, day, counts] of [
    ["on the trigger's own day, before it", 0n, false],
    ["on the day before", 1n, true],
  ] as const) {
    it(`${counts ? "are" : "are not"} those who became contributors ${what}`, async () => {
      const late = await staker(1, (STAKED * 4n) / 100n);
      // From the last hour of a day into the next one, in which the trigger is pulled.
      const nextDay = startOf(dayOf(await w.clock.now()) + 1n);
      await w.hours(Number((nextDay - HOUR / 2n - (await w.clock.now())) / HOUR), 10n ** 8n);
      if (day === 1n) await w.contributes(late);
      await w.hours(1, 10n ** 8n);
      expect(await w.clock.now()).to.be.at.least(nextDay);
      if (day === 0n) await w.contributes(late);
      const id = await fourFor();
      const triggered = dayOf((await w.breaker.emergency()).openedAt);
      expect(await w.registry.basicSince(late)).to.equal(triggered - day);
      await cast(late, id);
      expect(await stateOf(id)).to.equal(counts ? STATE.succeeded : STATE.active);
    });
  }

  it("are none whose contributions ran out, nor who came back after that", async () => {
    const back = w.ready[0]!;
    await stake({ economy: w.economy, votes: w.vault }, back, (STAKED * 4n) / 100n);
    await w.clock.pass(200n * DAY);
    for (const voter of w.voters) await w.contributes(voter);
    await w.hours(26, 10n ** 8n);
    const id = await fourFor();
    await w.contributes(back);
    expect(await w.registry.basicSince(back)).to.not.equal(0n);
    await cast(back, id);
    expect(await stateOf(id)).to.equal(STATE.active);
    const { supporters } = await w.emergencyGovernor.standingOf(id);
    expect(supporters).to.equal(4n);
    // Whose contributions ran out, and who did nothing since.
    await stake({ economy: w.economy, votes: w.vault }, w.ready[1]!, 1n);
    expect(await w.registry.basicSince(w.ready[1]!)).to.equal(0n);
  });

  it("are none whom only the token marks: a mark that is stored as a day is no tier", async () => {
    const marked = await staker(2, (STAKED * 4n) / 100n);
    await w.token.connect(w.people.governor).setAccountClass(marked, 1n);
    expect(await w.token.tierOn(marked, dayOf(await w.clock.now()))).to.equal(1n);
    expect(await w.registry.basicSince(marked)).to.equal(0n);
    await w.clock.pass(10n);
    const id = await fourFor();
    await cast(marked, id);
    expect((await w.emergencyGovernor.standingOf(id)).supporters).to.equal(4n);
    expect(await stateOf(id)).to.equal(STATE.active);
  });

  for (const [what, less, counts] of [
    ["exactly 0.1 % of what is staked", 0n, true],
    ["one wei less", 1n, false],
  ] as const) {
    it(`${counts ? "are" : "are not"} those with ${what}`, async () => {
      const part = STAKED / 1_000n - less;
      await restake(
        w,
        connection,
        [30n, 30n, 20n, 10n].map((share) => (STAKED * share) / 100n).concat(part, STAKED / 10n - part),
      );
      const id = await fourFor();
      expect((await w.emergencyGovernor.standingOf(id)).supporterStake).to.equal(STAKED / 1_000n);
      await vote(w, id, [[4, FOR]]);
      expect(await stateOf(id)).to.equal(counts ? STATE.succeeded : STATE.active);
    });
  }

  it("trigger, five votes (three of one wei) and execution in one block pass nothing", async () => {
    await restake(w, connection, [STAKED / 2n, STAKED / 2n - 3n, 1n, 1n, 1n]);
    await crash(w);
    await connection.ethers.provider.send("evm_setAutomine", [false]);
    await w.breaker.trigger(TRIGGER.priceCrash, { gasLimit: 5_000_000 });
    await connection.ethers.provider.send("evm_mine", []);
    await connection.ethers.provider.send("evm_setAutomine", [true]);
    const id = await w.breaker.voteOn(ACTION.halt);
    await vote(
      w,
      id,
      [0, 1, 2, 3, 4].map((voter) => [voter, FOR] as const),
    );
    const { support, needed, supporters } = await w.emergencyGovernor.standingOf(id);
    expect([support, supporters]).to.deep.equal([needed + 3n, 2n]);
    await expect(w.emergencyGovernor["execute(uint256)"](id)).to.be.revertedWithCustomError(
      w.emergencyGovernor,
      "GovernorUnexpectedProposalState",
    );
  });

  it("three are enough where a deployment says so, and nothing passes with two", async () => {
    const other = await network.create();
    const economy = await economyOn(other, (people) => ({ ...parametersOf(people), minSupporters: 3n }));
    expect(await economy.breaker.minSupporters()).to.equal(3n);
    for (const minSupporters of [2n, 26n]) {
      const refusal = await economyOn(other, (people) => ({ ...parametersOf(people), minSupporters })).then(
        () => "none",
        (error: Error) => error.message,
      );
      expect(refusal).to.contain(`minSupporters: ${minSupporters} is not between 3 and 25`);
    }
  });
});
