// The list of what an ordinary vote may do, and the buckets of the treasury (P223, P224).
import { expect } from "chai";
import type { BaseContract } from "ethers";
import { network } from "hardhat";
import { BOUND } from "@ftns/deploy/ordinary.ts";
import { FTNS } from "../helpers/economy.ts";
import { forCases, fuzzCases } from "../helpers/random.ts";
import { DAY } from "../helpers/time.ts";
import { contractSigner } from "../staking/fixture.ts";
import { carryOut, execute, FOR, governedOn, proposalOf, queue, voted, type Governed } from "./fixture.ts";

const connection = await network.create();
const { ethers } = connection;
const MONTH = 30n * DAY;
const TREASURY = 1_000_000n * FTNS;
/** 0.5 % of it. */
const CAPACITY = 5_000n * FTNS;
const NO_SELECTOR = "0x00000000";

const fixture = async () => {
  const w = await governedOn(connection);
  const { token, people } = w.economy;
  await token.connect(people.treasury).transfer(w.timelock, TREASURY);
  await w.economy.manager.connect(people.admin).grantRole(5n, people.admin, 0);
  return w;
};

describe("OrdinaryCalls", () => {
  let w: Governed;
  let list: Governed["economy"]["ordinaryCalls"];
  let token: Governed["economy"]["token"];
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(fixture);
    list = w.economy.ordinaryCalls;
    token = w.economy.token;
  });
  const call = (name: string, args: unknown[]) => token.interface.encodeFunctionData(name as "transfer", args as never);
  const give = (amount: bigint) => call("transfer", [w.outsiders[0]!.address, amount]);
  const ordinary = async (targets: BaseContract[], datas: string[], values = datas.map(() => 0n)) =>
    list.areOrdinary(await Promise.all(targets.map((target) => target.getAddress())), values, datas);
  const rule = (bound: bigint, argument = 0n, current = NO_SELECTOR, asset = ethers.ZeroAddress) => ({
    bound,
    argument,
    current,
    asset,
  });
  /** What the governor does as the timelock's executor. */
  const asGovernor = async () => contractSigner(connection, w.governor);

  describe("a call", () => {
    it("without a rule is not ordinary; nor one of another contract, nor one too short to have a selector", async () => {
      const data = w.economy.registry.interface.encodeFunctionData("setBaseRate", [2n, FTNS]);
      expect(await ordinary([w.economy.registry], [data])).to.equal(true);
      expect(await ordinary([w.economy.token], [data])).to.equal(false);
      expect(await ordinary([w.economy.registry], [data.slice(0, 8)])).to.equal(false);
      expect(await ordinary([w.economy.registry], ["0x"])).to.equal(false);
      expect(
        await ordinary(
          [w.economy.registry],
          [w.economy.registry.interface.encodeFunctionData("addVerifier", [w.economy.addresses.token])],
        ),
      ).to.equal(false);
    });

    it("with data that also sends coins is not ordinary", async () => {
      const data = w.economy.registry.interface.encodeFunctionData("setBaseRate", [2n, FTNS]);
      expect(await ordinary([w.economy.registry], [data], [1n])).to.equal(false);
    });

    it("that may only lower is ordinary up to what is in force now", async () => {
      const share = await w.economy.pool.emissionShare();
      const set = (value: bigint) => w.economy.pool.interface.encodeFunctionData("setEmissionShare", [value]);
      for (const [value, is] of [
        [0n, true],
        [share, true],
        [share + 1n, false],
        [2n ** 256n - 1n, false],
      ] as const) {
        expect(await ordinary([w.economy.pool], [set(value)]), `${value}`).to.equal(is);
      }
    });

    it("that may only lower is not ordinary where the value of now can't be read, or the argument is missing", async () => {
      const people = w.economy.people;
      const { selector } = w.economy.registry.interface.getFunction("setBaseRate");
      // The registry has no view `name()`.
      await list.connect(people.admin).setRule(w.economy.registry, selector, rule(BOUND.lowering, 1n, "0x06fdde03"));
      const data = w.economy.registry.interface.encodeFunctionData("setBaseRate", [2n, 0n]);
      expect(await ordinary([w.economy.registry], [data])).to.equal(false);
      const { selector: mine } = w.economy.pool.interface.getFunction("setEmissionShare");
      expect(await ordinary([w.economy.pool], [mine])).to.equal(false);
      expect(await ordinary([w.economy.pool], [`${mine}${"00".repeat(31)}`])).to.equal(false);
      expect(await ordinary([w.economy.pool], [`${mine}${"00".repeat(32)}`])).to.equal(true);
    });

    it("that spends is ordinary up to 0.5 % of what the treasury holds, all calls of an asset together", async () => {
      expect(await list.capacityOf(token)).to.equal(CAPACITY);
      expect(await ordinary([token], [give(CAPACITY)])).to.equal(true);
      expect(await ordinary([token], [give(CAPACITY + 1n)])).to.equal(false);
      expect(await ordinary([token, token], [give(CAPACITY - 1n), give(1n)])).to.equal(true);
      expect(await ordinary([token, token], [give(CAPACITY), give(1n)])).to.equal(false);
      // Wrapping is spending, too.
      const wrap = w.economy.wrapper.interface.encodeFunctionData("deposit", [1n, w.outsiders[0]!.address]);
      expect(await ordinary([token, w.economy.wrapper], [give(CAPACITY - 1n), wrap])).to.equal(true);
      expect(await ordinary([w.economy.wrapper, token], [wrap, give(CAPACITY)])).to.equal(false);
    });

    it("that sends coins of the chain is ordinary up to 0.5 % of those", async () => {
      await connection.networkHelpers.setBalance(await w.timelock.getAddress(), 10n ** 18n);
      expect(await ordinary([list], ["0x"], [5n * 10n ** 15n])).to.equal(true);
      expect(await ordinary([list], ["0x"], [5n * 10n ** 15n + 1n])).to.equal(false);
    });
  });

  describe("setRule", () => {
    const set = (target: unknown, selector: string, given: ReturnType<typeof rule>) =>
      list.connect(w.economy.people.admin).setRule(target as string, selector, given);

    it("takes a rule and takes it away again", async () => {
      const { selector } = w.economy.registry.interface.getFunction("addVerifier");
      await expect(set(w.economy.registry, selector, rule(BOUND.always))).to.emit(list, "RuleSet");
      expect(await list.ruleOf(w.economy.registry, selector)).to.deep.equal([BOUND.always, 0n, NO_SELECTOR, ethers.ZeroAddress]);
      const data = w.economy.registry.interface.encodeFunctionData("addVerifier", [w.outsiders[0]!.address]);
      expect(await ordinary([w.economy.registry], [data])).to.equal(true);
      await set(w.economy.registry, selector, rule(BOUND.never));
      expect(await ordinary([w.economy.registry], [data])).to.equal(false);
    });

    for (const signature of [
      "approve(address,uint256)",
      "increaseAllowance(address,uint256)",
      "setApprovalForAll(address,bool)",
      "execute(address,bytes)",
      "execute(address,uint256,bytes)",
      "multicall(bytes[])",
      "relay(address,uint256,bytes)",
      "schedule(address,uint256,bytes,bytes32,bytes32,uint256)",
      "scheduleBatch(address[],uint256[],bytes[],bytes32,bytes32,uint256)",
      "execute(address,uint256,bytes,bytes32,bytes32)",
      "executeBatch(address[],uint256[],bytes[],bytes32,bytes32)",
    ]) {
      it(`refuses ${signature} of any contract`, async () => {
        const selector = ethers.id(signature).slice(0, 10);
        await expect(set(token, selector, rule(BOUND.always)))
          .to.be.revertedWithCustomError(list, "NeverOrdinary")
          .withArgs(await token.getAddress(), selector);
        await set(token, selector, rule(BOUND.never));
      });
    }

    it("refuses any function of the timelock, the authority and the list, and what is no contract", async () => {
      for (const target of [w.timelock, w.economy.manager, list]) {
        await expect(set(target, "0x12345678", rule(BOUND.always))).to.be.revertedWithCustomError(list, "NeverOrdinary");
      }
      await expect(set(w.outsiders[0]!.address, "0x12345678", rule(BOUND.always)))
        .to.be.revertedWithCustomError(list, "NotAContract")
        .withArgs(w.outsiders[0]!.address);
    });

    it("refuses a rule that says more or less than its bound needs", async () => {
      const asset = await token.getAddress();
      for (const wrong of [
        rule(BOUND.always, 1n),
        rule(BOUND.always, 0n, "0x12345678"),
        rule(BOUND.always, 0n, NO_SELECTOR, asset),
        rule(BOUND.lowering),
        rule(BOUND.lowering, 0n, "0x12345678", asset),
        rule(BOUND.spending),
        rule(BOUND.spending, 0n, "0x12345678", asset),
        rule(BOUND.never, 1n),
      ]) {
        await expect(set(token, "0x12345678", wrong)).to.be.revertedWithCustomError(list, "InvalidRule");
      }
    });
  });

  describe("a vote on what the treasury gives", () => {
    const grant = async (amount: bigint, name: string) =>
      proposalOf(w, token, "transfer", [w.outsiders[0]!.address, amount], name);

    it("passes as an ordinary one, and the next waits until the bucket has room", async () => {
      const [first, second] = [await grant(CAPACITY, "a grant"), await grant(CAPACITY / 4n, "one more")];
      await voted(w, 0, first, [[0, FOR]]);
      await voted(w, 1, second, [[0, FOR]]);
      await expect(carryOut(w, first)).to.changeTokenBalance(ethers, token, w.outsiders[0]!, CAPACITY);
      await queue(w.governor, second);
      await w.economy.clock.pass(2n * DAY);
      await expect(execute(w.governor, second)).to.be.revertedWithCustomError(list, "BucketFull");
      await w.economy.clock.pass(8n * DAY);
      await expect(execute(w.governor, second)).to.changeTokenBalance(ethers, token, w.outsiders[0]!, CAPACITY / 4n);
    });

    it("gives wFTNS, although no ordinary vote can approve the wrapper", async () => {
      const wrapped = await proposalOf(w, w.economy.wrapper, "deposit", [1_000n * FTNS, w.outsiders[0]!.address], "wrapped");
      await voted(w, 0, wrapped, [[0, FOR]]);
      expect(await w.governor.isConstitutional(wrapped.id)).to.equal(false);
      await carryOut(w, wrapped);
      expect(await w.economy.wrapper.convertToAssets(await w.economy.wrapper.balanceOf(w.outsiders[0]!))).to.be.greaterThan(
        999n * FTNS,
      );
    });

    it("is refused at its end where the list has changed since", async () => {
      const p = await grant(1n, "a grant");
      await voted(w, 0, p, [[0, FOR]]);
      await list.connect(w.economy.people.admin).setRule(token, "0xa9059cbb", rule(BOUND.never));
      await expect(carryOut(w, p)).to.be.revertedWithCustomError(list, "NoLongerOrdinary").withArgs(0n);
    });

    it("is refused at its end where what is in force is lower by then", async () => {
      const share = await w.economy.pool.emissionShare();
      const p = await proposalOf(w, w.economy.pool, "setEmissionShare", [share - 1n], "a little lower");
      await voted(w, 0, p, [[0, FOR]]);
      await w.economy.pool.connect(w.economy.people.governor).setEmissionShare(share - 2n);
      await expect(carryOut(w, p)).to.be.revertedWithCustomError(list, "NoLongerOrdinary").withArgs(0n);
    });
  });

  describe("a bucket", () => {
    const spend = async (amount: bigint) => list.connect(await asGovernor()).count([token], [0n], [give(amount)]);

    it("is filled by an executor of the timelock and nobody else", async () => {
      await expect(list.connect(w.voters[0]!).count([token], [0n], [give(1n)]))
        .to.be.revertedWithCustomError(list, "NotTheExecutor")
        .withArgs(w.voters[0]!.address);
      await expect(spend(7n))
        .to.emit(list, "Spent")
        .withArgs(await token.getAddress(), 7n, 7n);
      expect(await list.roomOf(token)).to.equal(CAPACITY - 7n);
    });

    it("takes exactly its capacity, and empties evenly within 30 days", async () => {
      await expect(spend(CAPACITY + 1n))
        .to.be.revertedWithCustomError(list, "BucketFull")
        .withArgs(await token.getAddress(), CAPACITY, CAPACITY + 1n);
      await spend(CAPACITY);
      expect(await list.roomOf(token)).to.equal(0n);
      const start = await w.economy.clock.now();
      for (const [days, part] of [
        [3n, 10n],
        [15n, 50n],
        [30n, 100n],
        [31n, 100n],
      ] as const) {
        await w.economy.clock.to(start + days * DAY);
        expect(await list.roomOf(token)).to.equal((CAPACITY * part) / 100n);
      }
    });

    it("P224: takes no more than 1 % of the treasury in any 30 days, whatever is asked when", async () => {
      await forCases(fuzzCases(15), async (random) => {
        w = await connection.networkHelpers.loadFixture(fixture);
        const spent: { at: bigint; amount: bigint }[] = [];
        for (let i = 0; i < 25; i++) {
          await w.economy.clock.pass(random.pick([1n, 3_600n, DAY, 5n * DAY, 16n * DAY]));
          const room = await list.roomOf(token);
          const amount = random.pick([room, room, room / 2n, random.magnitude(1n, CAPACITY)]);
          if (amount === 0n) continue;
          const at = (await w.economy.clock.now()) + 1n;
          await w.economy.clock.nextBlockAt(at);
          if (amount > (await list.roomOf(token))) await expect(spend(amount)).to.be.revertedWithCustomError(list, "BucketFull");
          else {
            await spend(amount);
            spent.push({ at, amount });
          }
        }
        for (const { at } of spent) {
          const within = spent.filter((one) => one.at > at - MONTH && one.at <= at).reduce((sum, { amount }) => sum + amount, 0n);
          expect(within <= 2n * CAPACITY, `${within} within 30 days`).to.equal(true);
        }
        expect(spent.length).to.be.greaterThan(0);
      });
    });

    it("of coins is another one", async () => {
      await connection.networkHelpers.setBalance(await w.timelock.getAddress(), 10n ** 18n);
      await spend(CAPACITY);
      await list.connect(await asGovernor()).count([list], [5n * 10n ** 15n], ["0x"]);
      expect(await list.roomOf(ethers.ZeroAddress)).to.equal(0n);
      expect(await list.roomOf(token)).to.be.lessThan(CAPACITY / 1_000n);
    });
  });

  it("needs a treasury that is a contract", async () => {
    await expect(ethers.deployContract("OrdinaryCalls", [w.economy.manager, w.voters[0]!]))
      .to.be.revertedWithCustomError(list, "NotAContract")
      .withArgs(w.voters[0]!.address);
  });
});
