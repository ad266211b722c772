// Votes as work (P227): one stake delegated in turns, votes instead of work, and votes that strangers present.
import { expect } from "chai";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { network } from "hardhat";
import { contribute, type Proving } from "../contributors/fixture.ts";
import { FOR, governedOn, outsider, proposalOf, propose, stake, type Governed, type Proposal } from "../governance/fixture.ts";
import { FTNS } from "../helpers/economy.ts";
import { DAY } from "../helpers/time.ts";

const connection = await network.create();
const fixture = async () => governedOn(connection);

const ROUNDS = 5;
const STAKE = 2_000n * FTNS;

describe("votes of a stake that is delegated in turns", () => {
  let w: Governed;
  let proving: Proving;
  let work = 0n;
  let ballots = 0;
  /** What a delegate works before it presents its votes (FTNS). */
  let upkeep = 20n;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
    [work, upkeep] = [0n, 20n];
    const { economy } = w;
    const place = { chainId: 31_337n, verifyingContract: economy.addresses.registry };
    proving = { ...economy, connection, alice: w.outsiders[0]!, verifiers: [...economy.people.verifiers], place };
  });

  /** A COMPUTE proof of `value` FTNS. */
  async function works(who: HardhatEthersSigner, value: bigint) {
    await contribute(proving, who, value, { quality: FTNS });
    work += value * FTNS;
  }

  /** Four ballots at once, which others bring and pass the 5 % of; `delegate` votes in each with the stake. */
  async function round(staker: HardhatEthersSigner, delegate: HardhatEthersSigner): Promise<bigint> {
    await w.votes.connect(staker).delegate(delegate);
    await w.economy.clock.pass(60n);
    const open: Proposal[] = [];
    for (const by of [1, 2, 3, 4]) {
      const p = await proposalOf(w, w.economy.registry, "setBaseRate", [2n, 11n * FTNS], `ballot ${ballots++}`);
      await propose(w.governor, w.voters[by]!, p);
      open.push(p);
    }
    await w.economy.clock.pass(DAY + 10n);
    for (const p of open) {
      await w.governor.connect(w.voters[0]!).castVote(p.id, FOR);
      await w.governor.connect(delegate).castVote(p.id, FOR);
    }
    await w.economy.clock.to((await w.governor.proposalDeadline(open[3]!.id)) + 1n);
    await works(delegate, upkeep);
    let earned = 0n;
    for (const p of open) {
      const receipt = await (await w.economy.voteProofs.submitVote(p.id, delegate)).wait();
      const [event] = await w.economy.voteProofs.queryFilter(
        w.economy.voteProofs.filters.VoteAccepted(),
        receipt!.blockNumber,
        receipt!.blockNumber,
      );
      earned += event!.args.outcome.earned;
    }
    return earned;
  }

  /** A ballot that is over, on which `who` voted with 2,000 FTNS, `days` from now. */
  async function voted(who: HardhatEthersSigner, days: bigint): Promise<bigint> {
    await stake(w, w.outsiders[0]!, STAKE);
    await w.votes.connect(w.outsiders[0]!).delegate(who);
    await w.economy.clock.pass((days - 6n) * DAY - 60n);
    const p = await proposalOf(w, w.economy.registry, "setBaseRate", [2n, 11n * FTNS], "a ballot");
    await propose(w.governor, w.voters[1]!, p);
    await w.economy.clock.pass(DAY + 10n);
    for (const by of [w.voters[0]!, who]) await w.governor.connect(by).castVote(p.id, FOR);
    await w.economy.clock.to((await w.governor.proposalDeadline(p.id)) + 60n);
    return p.id;
  }

  it("are worth nothing when the work is more than 30 days old, though the tier still holds", async () => {
    const who = await outsider(connection, 10);
    await works(who, 100n);
    const id = await voted(who, 32n);
    expect((await w.economy.registry.statusOf(who)).tier).to.equal(3n);
    await expect(w.economy.voteProofs.submitVote(id, who))
      .to.be.revertedWithCustomError(w.economy.voteProofs, "NothingProvenLately")
      .withArgs(who.address);
  });

  // Seen: a stranger presents a vote worth 0.001 FTNS, and a cover of 18,000 FTNS becomes 0.02.
  it("presented by a stranger lower nobody's cover; by the voter they may", async () => {
    const who = await outsider(connection, 10);
    await works(who, 1_000n);
    await w.economy.clock.pass(28n * DAY);
    await works(who, 10n);
    const { cover } = await w.economy.registry.standingOf(who);
    expect(cover).to.equal(20n * 1_010n * FTNS);
    const id = await voted(who, 7n);
    // 10 FTNS and the vote, 1 FTNS, of two kinds the second of which is too small to count as one.
    const lower = 20n * 11n * FTNS;
    const { capacity } = await w.economy.token.accountOf(who);
    await expect(w.economy.voteProofs.connect(w.voters[3]!).submitVote(id, who))
      .to.be.revertedWithCustomError(w.economy.voteProofs, "OnlyTheVoter")
      .withArgs(who.address, cover, lower, capacity, lower - (lower % 2n ** 54n));
    await w.economy.voteProofs.connect(who).submitVote(id, who);
    expect((await w.economy.registry.standingOf(who)).cover).to.equal(lower);
  });

  // Seen: a new kind raises the cover while the window shrinks, and 1,900 FTNS of vouching become 1,740.
  it("presented by a stranger lower nobody's vouching either, where the cover rises", async () => {
    const { registry, token, voteProofs } = w.economy;
    const who = await outsider(connection, 10);
    await works(who, 10n);
    await w.economy.clock.pass(10n * DAY);
    await works(who, 85n);
    await w.economy.clock.pass(15n * DAY);
    const id = await voted(who, 7n);
    const [cover, { capacity }] = [(await registry.standingOf(who)).cover, await token.accountOf(who)];
    const presented = voteProofs.connect(w.voters[3]!).submitVote(id, who);
    await expect(presented).to.be.revertedWithCustomError(voteProofs, "OnlyTheVoter");
    await voteProofs.connect(who).submitVote(id, who);
    expect((await registry.standingOf(who)).cover > cover).to.equal(true);
    expect((await token.accountOf(who)).capacity < capacity).to.equal(true);
  });

  it("make nobody BASIC who does the least work: 2 FTNS a month bear 0.9 of votes", async () => {
    const staker = w.outsiders[0]!;
    await stake(w, staker, STAKE);
    const who = await outsider(connection, 10);
    await works(who, 10n);
    await w.economy.clock.pass(30n * DAY);
    upkeep = 2n;
    const earned = await round(staker, who);
    expect(earned).to.be.within((9n * FTNS) / 10n, (93n * FTNS) / 100n);
    const { score } = await w.economy.registry.statusOf(who);
    expect(score).to.be.lessThan(3n * FTNS);
  });

  it("bring less than half an FTNS for each FTNS of work", async () => {
    const staker = w.outsiders[0]!;
    await stake(w, staker, STAKE);
    const delegates = await Promise.all(Array.from({ length: ROUNDS }, async (_, i) => outsider(connection, 10 + i)));
    for (const who of delegates) await works(who, 10n);
    let last = { work: 0n, brings: 0n };
    for (let month = 0; month < 4; month++) {
      const before = work;
      let brings = 0n;
      for (const who of delegates) {
        brings += await round(staker, who);
        expect((await w.economy.registry.statusOf(who)).tier).to.equal(1n);
      }
      last = { work: work - before, brings };
    }
    // Seen: 40 FTNS for 10 of work, month after month.
    expect(last.work).to.equal(100n * FTNS);
    expect(last.brings).to.equal(40n * FTNS);
  });
});
