// The last three votes that ended, which tell a deadlock.
import { expect } from "chai";
import { network } from "hardhat";
import { FTNS } from "../helpers/economy.ts";
import { DAY, HOUR } from "../helpers/time.ts";
import {
  ABSTAIN,
  AGAINST,
  execute,
  FOR,
  WAD,
  governedOn,
  proposalOf,
  propose,
  queue,
  type Governed,
  type Proposal,
} from "./fixture.ts";

const connection = await network.create();
const fixture = async () => governedOn(connection);

describe("lastVotes", () => {
  let w: Governed;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
  });
  const now = async () => w.governor.lastVotes(await w.economy.clock.now());
  /** Voter number `by` proposes; `ballots` are [voter, support]. The vote may still be open afterwards. */
  const voteOf = async (by: number, ballots: readonly (readonly [number, bigint])[] = []): Promise<Proposal> => {
    const description = `of ${by} at ${await w.economy.clock.now()}`;
    const p = await proposalOf(w, w.economy.registry, "setBaseRate", [2n, 11n * FTNS], description);
    await propose(w.governor, w.voters[by]!, p);
    if (ballots.length === 0) return p;
    await w.economy.clock.to((await w.governor.proposalSnapshot(p.id)) + 1n);
    for (const [voter, support] of ballots) await w.governor.connect(w.voters[voter]!).castVote(p.id, support);
    return p;
  };
  const ended = async (p: Proposal) => w.economy.clock.to((await w.governor.proposalDeadline(p.id)) + 1n);

  it("are none before the first proposal: complete", async () => {
    expect(await now()).to.deep.equal([true, 0n, 0n, true, 0n, false]);
  });

  it("are neither open nor withdrawn ones; one ends after the last second of its deadline", async () => {
    const withdrawn = await voteOf(1);
    const { targets, values, calldatas, descriptionHash } = withdrawn;
    await w.governor.connect(w.voters[1]!).cancel(targets, values, calldatas, descriptionHash);
    const p = await voteOf(0, [[0, FOR]]);
    const deadline = await w.governor.proposalDeadline(p.id);
    await w.economy.clock.to(deadline);
    expect(await now()).to.deep.equal([true, 0n, 0n, true, 0n, false]);
    await w.economy.clock.pass(1n);
    expect(await now()).to.deep.equal([true, 1n, deadline, true, (30n * WAD) / 100n, true]);
  });

  it("tell the highest share that took part, by any kind of vote, until three came later", async () => {
    await ended(
      await voteOf(1, [
        [6, FOR],
        [5, AGAINST],
        [4, ABSTAIN],
      ]),
    );
    let last = 0n;
    for (const [by, share] of [
      [0, 22n],
      [2, 22n],
      [3, 4n],
    ] as const) {
      const p = await voteOf(by, [[6, AGAINST]]);
      await ended(p);
      last = await w.governor.proposalDeadline(p.id);
      expect((await now()).highestShare, `after that of ${by}`).to.equal((share * WAD) / 100n);
    }
    expect(await now()).to.deep.equal([true, 3n, last, true, (4n * WAD) / 100n, false]);
    // Long afterwards they still are the last.
    await w.economy.clock.pass(100n * DAY);
    expect((await now()).latestEnd).to.equal(last);
  });

  it("are of the same proposer when two of the three are, whichever two", async () => {
    for (const by of [0, 1, 0]) await ended(await voteOf(by));
    expect((await now()).differentProposers).to.equal(false);
    await ended(await voteOf(2));
    expect((await now()).differentProposers).to.equal(true);
    await ended(await voteOf(2));
    expect((await now()).differentProposers).to.equal(false);
  });

  it("tell whether one of them passed, until three came later; what had its quorum and more against it than for it did not", async () => {
    await ended(
      await voteOf(1, [
        [0, AGAINST],
        [1, FOR],
      ]),
    );
    expect((await now()).passed).to.equal(false);
    for (const [by, ballots, passed] of [
      [0, [[6, FOR]], true],
      [1, [], true],
      [2, [], true],
      [3, [], false],
    ] as const) {
      await ended(await voteOf(by, ballots));
      expect((await now()).passed, `after that of ${by}`).to.equal(passed);
    }
  });

  it("are in the order of their ends, not of their proposals", async () => {
    // A vote that reaches its quorum late goes on for a day more, and ends after one proposed later.
    const late = await voteOf(0);
    await w.economy.clock.pass(HOUR);
    const next = await voteOf(1);
    await w.economy.clock.to((await w.governor.proposalDeadline(late.id)) - 60n);
    await w.governor.connect(w.voters[6]!).castVote(late.id, FOR);
    await ended(next);
    expect(await now()).to.deep.equal([true, 1n, await w.governor.proposalDeadline(next.id), true, 0n, false]);
    await ended(late);
    const end = await w.governor.proposalDeadline(late.id);
    expect(await now()).to.deep.equal([true, 2n, end, true, (4n * WAD) / 100n, true]);
  });

  it("are no open ones, also when asked for a time to come", async () => {
    for (const by of [0, 1, 2]) await voteOf(by);
    await w.economy.clock.pass(DAY + HOUR);
    const later = (await w.economy.clock.now()) + 30n * DAY;
    expect(await w.governor.lastVotes(later)).to.deep.equal([true, 0n, 0n, true, 0n, false]);
  });

  // Votes that were made under longer settings end after others made later.
  it("are found behind votes made later that ended before, up to the longest vote there can be", async () => {
    const { governor } = w;
    const settings = async (by: number, delay: bigint, period: bigint) => {
      const one = await proposalOf(w, governor, "setVotingDelay", [delay], `delay ${delay}, period ${period}`);
      const targets = [...one.targets, ...one.targets];
      const calldatas = [...one.calldatas, governor.interface.encodeFunctionData("setVotingPeriod", [period])];
      const id = await governor["hashProposal"](targets, [0n, 0n], calldatas, one.descriptionHash);
      const both = { ...one, targets, values: [0n, 0n], calldatas, id };
      await propose(governor, w.voters[by]!, both);
      return both;
    };
    const long = await settings(5, 7n * DAY, 14n * DAY);
    const short = await settings(6, HOUR, 2n * DAY);
    await w.economy.clock.pass(DAY + 10n);
    for (const { id } of [long, short]) await governor.connect(w.voters[0]!).castVote(id, FOR);
    await ended(short);
    for (const p of [long, short]) await queue(governor, p);
    await w.economy.clock.to(await governor.proposalEta(short.id));
    await execute(governor, long);
    const slow = await voteOf(0);
    await execute(governor, short);
    await ended(await voteOf(1));
    await w.economy.clock.to((await governor.proposalDeadline(slow.id)) - 60n * HOUR);
    for (const by of [2, 3, 4]) await voteOf(by);
    await ended(slow);
    // The slow one ended last; the one made right after it long before the others.
    const { complete, count, latestEnd } = await now();
    expect([complete, count, latestEnd]).to.deep.equal([true, 3n, await governor.proposalDeadline(slow.id)]);
  });

  it("are as they were at a time of the past", async () => {
    for (const by of [0, 1, 2, 3]) await ended(await voteOf(by));
    const endOf = async (index: bigint) => w.governor.proposalDeadline(await w.governor.proposalIdAt(index));
    expect(await w.governor.lastVotes(await endOf(2n))).to.deep.equal([true, 2n, await endOf(1n), true, 0n, false]);
    expect(await w.governor.lastVotes((await endOf(2n)) + 1n)).to.deep.equal([true, 3n, await endOf(2n), true, 0n, false]);
  });
});
