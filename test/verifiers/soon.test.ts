// A vote to slash, to remove or to uphold waits as long as an ordinary one, and needs a constitutional vote's support (P318).
import { expect } from "chai";
import { network } from "hardhat";
import { ZeroAddress } from "ethers";
import { DAY } from "../helpers/time.ts";
import {
  carryOut,
  execute,
  FOR,
  governedOn,
  proposalOf,
  queue,
  STATE,
  voted,
  type Governed,
  type Proposal,
} from "../governance/fixture.ts";

const connection = await network.create();
const fixture = async () => governedOn(connection);

describe("a vote about a verifier that lied (P318)", () => {
  let w: Governed;
  let verifier: string;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
    verifier = w.economy.people.verifiers[0]!.address;
  });
  const removal = async () => proposalOf(w, w.economy.registry, "removeVerifier", [verifier], "it lied");
  /** Both proposals in one. */
  const together = async (a: Proposal, b: Proposal): Promise<Proposal> => {
    const targets = [...a.targets, ...b.targets];
    const [values, calldatas] = [
      [...a.values, ...b.values],
      [...a.calldatas, ...b.calldatas],
    ];
    const id = await w.governor.hashProposal(targets, values, calldatas, a.descriptionHash);
    return { ...a, targets, values, calldatas, id };
  };
  /** Seconds from queueing to when it can be executed. */
  const waitOf = async (p: Proposal) => {
    await voted(w, 0, p, [[0, FOR]]);
    await w.economy.clock.to((await w.governor.proposalDeadline(p.id)) + 1n);
    expect(await w.governor.isConstitutional(p.id)).to.equal(true);
    await queue(w.governor, p);
    return (await w.governor.proposalEta(p.id)) - (await w.economy.clock.now());
  };

  it("takes effect two days after it passed, nine after it was proposed", async () => {
    const p = await removal();
    const before = await w.economy.clock.now();
    const wait = await waitOf(p);
    expect(wait).to.equal(2n * DAY);
    await w.economy.clock.pass(wait);
    await expect(execute(w.governor, p)).to.emit(w.economy.registry, "VerifierRemoved").withArgs(verifier);
    expect((await w.economy.clock.now()) - before < 9n * DAY).to.equal(true);
  });

  it("needs a fifth of the voting supply in favour", async () => {
    const p = await removal();
    // The least stakes: 8 and 4 % of it.
    await voted(w, 0, p, [
      [5, FOR],
      [6, FOR],
    ]);
    await w.economy.clock.to((await w.governor.proposalDeadline(p.id)) + 1n);
    expect(await w.governor.state(p.id)).to.equal(STATE.defeated);
  });

  it("waits seven days together with anything else that is constitutional", async () => {
    const other = await proposalOf(w, w.economy.registry, "addVerifier", [w.outsiders[0]!.address], "it lied");
    expect(await waitOf(await together(await removal(), other))).to.equal(7n * DAY);
  });

  it("waits seven days together with what spends, and two with what is ordinary and does not", async () => {
    const spends = await proposalOf(w, w.economy.token, "transfer", [w.outsiders[0]!.address, 1n], "it lied");
    expect(await waitOf(await together(await removal(), spends))).to.equal(7n * DAY);
    await w.economy.clock.pass(DAY);
    const ordinary = await proposalOf(w, w.economy.breaker, "rearmGuardian", [], "it lied");
    expect(await waitOf(await together(await removal(), ordinary))).to.equal(2n * DAY);
  });

  it("is on what the deployment names, and on nothing else", async () => {
    const list = w.economy.ordinaryCalls;
    const { verifierStakes, registry, rewardVesting, batchRewards, pool, addresses } = w.economy;
    const may = async (target: string, data: string, value = 0n) => list.maySoon([target], [value], [data]);
    const slash = verifierStakes.interface.encodeFunctionData("slash", [verifier, 1n, ZeroAddress]);
    expect(await may(addresses.verifierStakes, slash)).to.equal(true);
    expect(await may(addresses.batchRewards, batchRewards.interface.encodeFunctionData("end", [1n]))).to.equal(true);
    expect(await may(addresses.verifierStakes, slash, 1n)).to.equal(false);
    expect(await may(addresses.pool, slash)).to.equal(false);
    expect(await may(addresses.verifierStakes, "0x1234")).to.equal(false);
    const refused: [string, string][] = [
      [addresses.registry, registry.interface.encodeFunctionData("setAttestationThreshold", [2n])],
      [addresses.rewardVesting, rewardVesting.interface.encodeFunctionData("setBond", [1n])],
      [addresses.pool, pool.interface.encodeFunctionData("cancelClaimable", [verifier, 1n])],
    ];
    for (const [target, data] of refused) expect(await may(target, data)).to.equal(false);
    expect(await list.areOrdinary([addresses.verifierStakes], [0n], [slash])).to.equal(false);
  });

  it("carries out a slash", async () => {
    const p = await proposalOf(w, w.economy.verifierStakes, "slash", [verifier, 1n, ZeroAddress], "it lied");
    await voted(w, 0, p, [[0, FOR]]);
    // Nothing is locked in this world, which is as far as the call can come.
    await expect(carryOut(w, p)).to.be.revertedWithCustomError(w.economy.verifierStakes, "NothingToSlash").withArgs(verifier);
  });
});
