// Which votes are constitutional, and what they take (P220, P221).
import { expect } from "chai";
import { network } from "hardhat";
import { FTNS } from "../helpers/economy.ts";
import { DAY } from "../helpers/time.ts";
import {
  ABSTAIN,
  AGAINST,
  FOR,
  STAKED,
  STATE,
  carryOut,
  execute,
  governedOn,
  proposalOf,
  propose,
  queue,
  stake,
  voted,
  type Governed,
  type Proposal,
} from "./fixture.ts";

const connection = await network.create();
const { ethers } = connection;
const fixture = async () => governedOn(connection);

describe("constitutional votes", () => {
  let w: Governed;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
  });

  const isConstitutional = async (p: Proposal) => {
    await propose(w.governor, w.voters[0]!, p);
    return w.governor.isConstitutional(p.id);
  };
  /** All stakes are gone but those of new accounts. */
  const restaked = async (amounts: readonly bigint[]) => {
    for (const voter of w.voters) await w.votes.connect(voter).requestUnstake(await w.votes.stakedOf(voter));
    for (const [i, amount] of amounts.entries()) await stake(w, w.outsiders[i]!, amount);
    await w.economy.clock.pass(10n);
    w = { ...w, voters: w.outsiders };
  };
  const outcome = async (p: Proposal) => {
    await w.economy.clock.to((await w.governor.proposalDeadline(p.id)) + 1n);
    return w.governor.state(p.id);
  };

  describe("are on", () => {
    const calls: [string, () => [Parameters<typeof proposalOf>[1], string, readonly unknown[]]][] = [
      ["the right to mint", () => [w.economy.manager, "grantRole", [1n, w.outsiders[0]!.address, 0]]],
      ["the setter of a hot function", () => [w.economy.token, "setMinter", [w.outsiders[0]!.address]]],
      ["the class of an account", () => [w.economy.token, "setAccountClass", [w.outsiders[0]!.address, 1n]]],
      ["higher emissions", () => [w.economy.pool, "setEmissionShare", [10n ** 15n + 1n]]],
      ["the policy", () => [w.economy.controller, "setPolicy", [w.outsiders[0]!.address]]],
      ["a verifier", () => [w.economy.registry, "addVerifier", [w.outsiders[0]!.address]]],
      ["the delay of the timelock", () => [w.timelock, "updateDelay", [DAY]]],
      ["a setting of the governor", () => [w.governor, "setVotingPeriod", [2n * DAY]]],
      ["the base rate to which a reset returns", () => [w.economy.registry, "settleBaseRate", [2n, 11n * FTNS]]],
      ["the deposit", () => [w.economy.proposalDeposits, "setDeposit", [100n * FTNS]]],
      ["an allowance", () => [w.economy.token, "approve", [w.outsiders[0]!.address, 1n]]],
      ["more than the treasury's part", () => [w.economy.token, "transfer", [w.outsiders[0]!.address, 5_000n * FTNS + 1n]]],
      [
        "the list itself",
        () => [
          w.economy.ordinaryCalls,
          "setRule",
          [w.economy.addresses.token, "0xa9059cbb", [1n, 0n, "0x00000000", ethers.ZeroAddress]],
        ],
      ],
    ];
    const treasury = async () => {
      await w.economy.token.connect(w.economy.people.treasury).transfer(w.timelock, 1_000_000n * FTNS);
    };
    for (const [what, call] of calls) {
      it(what, async () => {
        await treasury();
        expect(await isConstitutional(await proposalOf(w, ...call(), what))).to.equal(true);
      });

      // Seen: a call that is not ordinary goes through when another contract passes it on.
      it(`${what}, wrapped in execute, multicall, relay or scheduleBatch`, async () => {
        await treasury();
        const [target, name, args] = call();
        const data = target.interface.encodeFunctionData(name, args as unknown[]);
        const to = await target.getAddress();
        const wrapped: [Parameters<typeof proposalOf>[1], string, readonly unknown[]][] = [
          [w.economy.manager, "execute", [to, data]],
          [w.economy.manager, "multicall", [[data]]],
          [w.governor, "relay", [to, 0n, data]],
          [w.timelock, "scheduleBatch", [[to], [0n], [data], ethers.ZeroHash, ethers.ZeroHash, 2n * DAY]],
          [w.timelock, "schedule", [to, 0n, data, ethers.ZeroHash, ethers.ZeroHash, 2n * DAY]],
        ];
        for (const [i, [wrapper, fn, params]] of wrapped.entries()) {
          const p = await proposalOf(w, wrapper, fn, params, `${what} ${fn}`);
          await propose(w.governor, w.voters[i]!, p);
          expect(await w.governor.isConstitutional(p.id), fn).to.equal(true);
        }
      });
    }

    it("a proposal of ordinary calls with one other among them", async () => {
      const rate = await proposalOf(w, w.economy.registry, "setBaseRate", [2n, 11n * FTNS], "mixed");
      const grant = await proposalOf(w, w.economy.manager, "grantRole", [1n, w.outsiders[0]!.address, 0], "mixed");
      for (const [i, both] of [
        [rate, grant],
        [grant, rate],
      ].entries()) {
        const targets = both.map((p) => p.targets[0]!);
        const calldatas = both.map((p) => p.calldatas[0]!);
        const id = await w.governor["hashProposal"](targets, [0n, 0n], calldatas, rate.descriptionHash);
        await propose(w.governor, w.voters[i]!, { ...rate, targets, values: [0n, 0n], calldatas, id });
        expect(await w.governor.isConstitutional(id)).to.equal(true);
      }
    });
  });

  describe("are not on", () => {
    const calls: [string, () => [Parameters<typeof proposalOf>[1], string, readonly unknown[]]][] = [
      ["a base rate", () => [w.economy.registry, "setBaseRate", [2n, 11n * FTNS]]],
      ["lower emissions, and the same", () => [w.economy.pool, "setEmissionShare", [10n ** 15n]]],
      ["a share of support", () => [w.economy.breaker, "setSupportShare", [1n, 2n * 10n ** 17n]]],
      ["the end of an action", () => [w.economy.breaker, "end", [1n]]],
      ["an action of the closed list", () => [w.economy.breaker, "impose", [1n]]],
      ["the guardian's next bridge", () => [w.economy.breaker, "rearmGuardian", []]],
    ];
    for (const [what, call] of calls) {
      it(what, async () => {
        expect(await isConstitutional(await proposalOf(w, ...call(), what))).to.equal(false);
        expect(await w.governor.turnoutNeeded((await w.governor.proposalIdAt(0n))!)).to.equal(0n);
      });
    }

    it("nor is what nobody proposed", async () => {
      expect(await w.governor.isConstitutional(1n)).to.equal(false);
    });
  });

  describe("given a turnout that is enough", () => {
    /** A grant that passes with 20 % of ten million. */
    const grant = () => proposalOf(w, w.economy.manager, "grantRole", [1n, w.outsiders[0]!.address, 0], "A minter");

    for (const [what, wei, state] of [
      ["20 % of the staked votes", 0n, STATE.succeeded],
      ["one wei less", 5n, STATE.defeated],
    ] as const) {
      it(`${state === STATE.succeeded ? "pass" : "fail"} with ${what} in favour`, async () => {
        if (wei > 0n) await stake(w, w.outsiders[1]!, wei);
        await w.economy.clock.pass(10n);
        const p = await grant();
        await voted(w, 0, p, [
          [1, FOR],
          [2, ABSTAIN],
        ]);
        expect(await outcome(p)).to.equal(state);
      });
    }

    it("fail with 20 % in favour and as many against", async () => {
      const p = await grant();
      await voted(w, 0, p, [
        [1, FOR],
        [2, AGAINST],
        [6, AGAINST],
      ]);
      expect(await outcome(p)).to.equal(STATE.defeated);
    });

    // Seen: 40,000 FTNS granted the right to mint.
    it("fail with what an ordinary vote takes", async () => {
      const p = await grant();
      await voted(w, 0, p, [
        [3, FOR],
        [4, ABSTAIN],
      ]);
      expect(await outcome(p)).to.equal(STATE.defeated);
    });

    it("take effect seven days after they were queued, and not a second before", async () => {
      const p = await grant();
      await voted(w, 0, p, [[0, FOR]]);
      await w.economy.clock.to((await w.governor.proposalDeadline(p.id)) + 1n);
      await queue(w.governor, p);
      const eta = await w.governor.proposalEta(p.id);
      expect(eta - (await w.economy.clock.now())).to.equal(7n * DAY);
      await w.economy.clock.nextBlockAt(eta - 1n);
      await expect(execute(w.governor, p)).to.be.revertedWithCustomError(w.governor, "ProposalWaits").withArgs(p.id, eta);
      await w.economy.clock.nextBlockAt(eta);
      await execute(w.governor, p);
      expect((await w.economy.manager.hasRole(1n, w.outsiders[0]!))[0]).to.equal(true);
    });

    it("wait as long as the timelock where that is longer", async () => {
      const delay = await proposalOf(w, w.timelock, "updateDelay", [9n * DAY], "Slower");
      await voted(w, 0, delay, [[0, FOR]]);
      await carryOut(w, delay);
      const p = await grant();
      await voted(w, 1, p, [[0, FOR]]);
      await w.economy.clock.to((await w.governor.proposalDeadline(p.id)) + 1n);
      await queue(w.governor, p);
      expect((await w.governor.proposalEta(p.id)) - (await w.economy.clock.now())).to.equal(9n * DAY);
    });
  });

  describe("need a turnout of", () => {
    const grant = () => proposalOf(w, w.economy.manager, "grantRole", [1n, w.outsiders[0]!.address, 0], "A minter");

    it("2 % of the total supply when it was proposed, rounded up, where that is less than half of what is staked", async () => {
      const { token, people } = w.economy;
      await token.connect(people.treasury).burn(1n);
      const p = await grant();
      await voted(w, 0, p, []);
      expect(await w.governor.turnoutNeeded(p.id)).to.equal(2_000_000n * FTNS);
      await token.connect(people.treasury).burn(50_000_000n * FTNS);
      expect(await w.governor.turnoutNeeded(p.id)).to.equal(2_000_000n * FTNS);
    });

    it("half of what is staked where that is less, rounded up", async () => {
      await restaked([3_000_000n * FTNS + 1n]);
      const p = await grant();
      await voted(w, 0, p, []);
      expect(await w.governor.turnoutNeeded(p.id)).to.equal(1_500_000n * FTNS + 1n);
    });

    it("500,000 FTNS in the first months, when little is staked", async () => {
      await restaked([300_000n * FTNS, 199_999n * FTNS, FTNS]);
      const p = await grant();
      await voted(w, 0, p, [
        [0, FOR],
        [1, ABSTAIN],
      ]);
      expect(await w.governor.turnoutNeeded(p.id)).to.equal(500_000n * FTNS);
      expect(await w.governor.quorumReached(p.id)).to.equal(false);
      await w.governor.connect(w.voters[2]!).castVote(p.id, AGAINST);
      expect(await w.governor.quorumReached(p.id)).to.equal(true);
      expect(await outcome(p)).to.equal(STATE.succeeded);
    });

    it("that much, or nothing passes, however many are in favour", async () => {
      await restaked([499_999n * FTNS]);
      const p = await grant();
      await voted(w, 0, p, [[0, FOR]]);
      expect(await outcome(p)).to.equal(STATE.defeated);
    });
  });

  it("STAKED is what the shares above are of", async () => {
    expect(await w.governor.votingSupply((await w.economy.clock.now()) - 1n)).to.equal(STAKED);
  });
});
