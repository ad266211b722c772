// Ways to break the jobs or to draw money from the pool by them.
import { expect } from "chai";
import { network } from "hardhat";
import { Wallet, type ContractTransactionResponse } from "ethers";
import { proposalOf, propose, queue } from "../governance/fixture.ts";
import { DAY, HOUR } from "../helpers/time.ts";
import { ACTION } from "../safety/fixture.ts";
import { contentOf, doneIn, JOB, keepersOn, NOBODY, WORK, WORKABLE, word, type KeepersWorld } from "./fixture.ts";

const connection = await network.create();
const world = async () => keepersOn(connection);
const { ethers } = connection;
const BROKEN = ["Reverting", "BurningGas", "DataBomb", "Garbage", "Silent"] as const;
const ALL = Object.values(JOB);

describe("KeeperJobs under attack", () => {
  let w: KeepersWorld;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(world);
  });
  const breakContract = async (address: string, name?: string) => {
    const code = name === undefined ? "0x" : await ethers.provider.getCode(await ethers.deployContract(name));
    await connection.networkHelpers.setCode(address, code);
  };

  describe("P120: the views never revert, and no work is done on what cannot be read", () => {
    const SOURCES = ["breaker", "emergencyGovernor", "governor", "controller", "history", "feed", "vault", "token"] as const;
    for (const name of [...BROKEN, undefined]) {
      it(`while each contract in turn, and all together, ${name === undefined ? "have no code" : `are ${name}`}`, async function () {
        this.timeout(300_000);
        await w.clock.pass(HOUR);
        await w.report();
        const look = { gasLimit: 16_700_000n };
        for (const source of [...SOURCES, undefined]) {
          const snapshot = await connection.networkHelpers.takeSnapshot();
          for (const one of source === undefined ? SOURCES : [source]) await breakContract(w.addresses[one], name);
          const statuses = await w.jobs.jobs(look);
          expect(statuses.length).to.equal(ALL.length);
          for (const job of ALL) expect((await w.jobs[WORKABLE](job, look)).due).to.equal(statuses[Number(job)]!.due);
          const [canWork] = await w.jobs["workable(bytes32)"].staticCall(ethers.ZeroHash, look);
          expect((await w.jobs.checkUpkeep("0x", look))[0]).to.equal(canWork);
          await w.jobs.rate(look);
          await w.jobs.quote(1n, 1n, 1n, 1n, look);
          // What is broken hides only what depends on it.
          const recordDue = source !== undefined && source !== "history" && source !== "feed";
          expect(statuses[Number(JOB.record)]!.due, String(source)).to.equal(recordDue);
          if (!recordDue) {
            await expect(w.jobs[WORK](JOB.record, "0x", NOBODY, { gasLimit: 12_000_000n })).to.be.revert(ethers);
          }
          await snapshot.restore();
        }
      });
    }

    it("finds the trigger that can be judged behind those that cannot", async () => {
      await w.report({ txTotal: 100n, txFailed: 90n });
      await breakContract(w.addresses.history, "Reverting");
      expect((await w.jobs[WORKABLE](JOB.trigger)).args).to.equal(word(2n));
    });
  });

  describe("P127: nothing is paid twice, or for nothing", () => {
    it("does not let an executed proposal have another job done on the way", async () => {
      const target = await ethers.deployContract("ReentrantTarget", [w.jobs]);
      const p = await proposalOf(w, target, "reenter", [], "enter again");
      await propose(w.governor, w.voters[0]!, p);
      await w.clock.pass(DAY + 1n);
      await w.governor.connect(w.voters[0]!).castVote(p.id, 1n);
      await w.clock.to((await w.governor.proposalDeadline(p.id)) + 1n);
      await queue(w.governor, p);
      await w.clock.to(await w.governor.proposalEta(p.id));
      await w.report();
      expect((await w.jobs[WORKABLE](JOB.record)).due).to.equal(true);
      const { done } = await doneIn(w, w.jobs[WORK](JOB.execute, contentOf(p), NOBODY));
      expect(done.map(({ job }) => job)).to.deep.equal([JOB.execute]);
      const guard = w.jobs.interface.getError("ReentrancyGuardReentrantCall")!;
      expect(await target.getFunction("reason").staticCall()).to.equal(guard.selector);
      expect((await w.jobs[WORKABLE](JOB.record)).due).to.equal(true);
    });

    it("undoes and does not pay a call that leaves the job due", async () => {
      await w.clock.pass(HOUR);
      await w.report();
      // A history that reads as before and records nothing.
      const idle = await ethers.deployContract("IdleHistory");
      await breakContract(w.addresses.history, "IdleHistory");
      expect((await w.jobs[WORKABLE](JOB.record)).due).to.equal(true);
      await expect(w.jobs[WORK](JOB.record, "0x", NOBODY))
        .to.be.revertedWithCustomError(w.jobs, "NothingDone")
        .withArgs(JOB.record);
      expect(await idle.getFunction("record").staticCall()).to.equal(1n);
    });

    it("does not pay a transaction that gives the inner call too little gas to do its work", async () => {
      await w.clock.pass(HOUR);
      await w.report();
      const { knownUntil } = await w.history.lastRecord();
      for (let gasLimit = 40_000n; gasLimit <= 620_000n; gasLimit += 20_000n) {
        const snapshot = await connection.networkHelpers.takeSnapshot();
        const sent = await w.jobs[WORK](JOB.record, "0x", NOBODY, { gasLimit }).then(
          (tx) => tx.wait(),
          () => null,
        );
        const done = (await w.history.lastRecord()).knownUntil > knownUntil;
        const pays = (sent?.logs ?? []).flatMap((log) => w.jobs.interface.parseLog(log)?.args.paid ?? []) as bigint[];
        expect(pays.length === 1 && pays[0]! > 0n, `${gasLimit}`).to.equal(done);
        expect(sent !== null, `${gasLimit}`).to.equal(done);
        await snapshot.restore();
      }
    });

    it("pays for no more gas than the cap, however much a proposal burns", async () => {
      const target = await ethers.deployContract("HungryTarget");
      const p = await proposalOf(w, target, "eat", [5_000_000n], "burn");
      await propose(w.governor, w.voters[0]!, p);
      await w.clock.pass(DAY + 1n);
      await w.governor.connect(w.voters[0]!).castVote(p.id, 1n);
      await w.clock.to((await w.governor.proposalDeadline(p.id)) + 1n);
      await w.jobs[WORK](JOB.queue, contentOf(p), NOBODY);
      await w.clock.to(await w.governor.proposalEta(p.id));
      const { done, receipt } = await doneIn(w, w.jobs[WORK](JOB.execute, contentOf(p), NOBODY, { gasLimit: 9_000_000n }));
      expect(receipt.gasUsed).to.be.greaterThan(5_000_000n);
      expect(done[0]!.gas).to.equal(2_000_000n);
    });

    // Seen: six such proposals, executed six hours late, brought half of their gas as a gain.
    it("pays no premium of lateness for a proposal that only its maker can execute", async () => {
      await connection.networkHelpers.setBalance(await w.timelock.getAddress(), 10n ** 18n);
      const gate = await ethers.deployContract("ChoosyTaker", [1_300_000]);
      const one = await proposalOf(w, w.registry, "setBaseRate", [2n, 1n], "a wei for a friend");
      const targets = [await gate.getAddress()];
      const id = await w.governor["hashProposal"](targets, [1n], ["0x"], one.descriptionHash);
      const p = { ...one, targets, values: [1n], calldatas: ["0x"], id };
      await propose(w.governor, w.voters[0]!, p);
      await w.clock.pass(DAY + 1n);
      await w.governor.connect(w.voters[0]!).castVote(p.id, 1n);
      await w.clock.to((await w.governor.proposalDeadline(p.id)) + 1n);
      await queue(w.governor, p);
      await w.clock.to((await w.governor.proposalEta(p.id)) + 7n * HOUR);
      await expect(w.jobs[WORK](JOB.execute, contentOf(p), NOBODY)).to.be.revertedWithCustomError(gate, "NotNow");
      await gate.getFunction("setWilling").send(true);
      const { done, receipt } = await doneIn(w, w.jobs[WORK](JOB.execute, contentOf(p), NOBODY, { gasLimit: 4_000_000n }));
      expect(receipt.gasUsed).to.be.greaterThan(1_300_000n);
      expect(done[0]!.lateSec).to.equal(0n);
    });

    it("pays for no padding around the arguments", async () => {
      await w.clock.pass(HOUR);
      const plain = w.jobs.interface.encodeFunctionData(WORK, [JOB.report, await w.reports(), NOBODY]);
      const cost = async (data: string) => {
        const snapshot = await connection.networkHelpers.takeSnapshot();
        const sent = w.keeper.sendTransaction({ to: w.jobs, data, gasLimit: 2_000_000n });
        const { done, receipt } = await doneIn(w, sent as unknown as Promise<ContractTransactionResponse>);
        await snapshot.restore();
        return { paidFor: done[0]!.gas, used: receipt.gasUsed };
      };
      const [fair, greedy] = [await cost(plain), await cost(`${plain}${"00".repeat(3_000)}`)];
      expect(greedy.used - fair.used).to.be.at.least(12_000n);
      expect(greedy.paidFor).to.equal(fair.paidFor);
    });
  });

  describe("P245: plays for the keepers' money", () => {
    const mineTogether = async (...sends: (() => Promise<ContractTransactionResponse>)[]) => {
      await ethers.provider.send("evm_setAutomine", [false]);
      try {
        const sent = [];
        for (const send of sends) sent.push(await send());
        await ethers.provider.send("evm_mine", []);
        return await Promise.all(sent.map(({ hash }) => ethers.provider.getTransactionReceipt(hash)));
      } finally {
        await ethers.provider.send("evm_setAutomine", [true]);
      }
    };
    const due = async () => {
      await w.clock.pass(HOUR);
      await w.report();
    };

    it("copying a transaction with another payee wins at most the race: one is paid, for one job", async () => {
      const [thief, friend] = ["thief", "friend"].map((name) => new Wallet(ethers.id(name), ethers.provider));
      await w.people.treasury.sendTransaction({ to: thief!, value: 10n ** 18n });
      await due();
      const before = await w.token.balanceOf(w.pool);
      const fee = (tip: bigint) => ({ gasLimit: 1_000_000n, maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: tip });
      const receipts = await mineTogether(
        () => w.jobs[WORK](JOB.record, "0x", friend!, fee(1n)),
        () => w.jobs.connect(thief!)[WORK](JOB.record, "0x", thief!, fee(10n ** 10n)),
      );
      expect(receipts.map((receipt) => receipt!.status)).to.deep.equal([0, 1]);
      expect(await w.token.balanceOf(friend!)).to.equal(0n);
      const paid = await w.token.balanceOf(thief!);
      expect(before - (await w.token.balanceOf(w.pool))).to.equal(paid);
      // What was paid before is out of everybody's reach: a later call names its own payee only.
      await due();
      const { done } = await doneIn(w, w.jobs[WORK](JOB.record, "0x", friend!));
      expect(await w.token.balanceOf(friend!)).to.equal(done[0]!.paid);
      expect(await w.token.balanceOf(thief!)).to.equal(paid);
    });

    it("the same job twice in one transaction is not paid twice", async () => {
      await due();
      const batcher = await ethers.deployContract("Batcher", w.keeper);
      const both = batcher.getFunction("both").send(w.jobs, JOB.record, "0x", JOB.record, "0x", { gasLimit: 3_000_000n });
      await expect(both).to.be.revertedWithCustomError(w.jobs, "NotWorkable").withArgs(JOB.record);
    });

    it("the pool's right to pay is one stored caller's: strangers are refused, and an old caller loses it at once", async () => {
      const old = await ethers.deployContract("KeeperJobs", [
        w.addresses.manager,
        w.addresses.pool,
        w.addresses.breaker,
        w.addresses.governor,
        w.addresses.controller,
        ethers.ZeroAddress,
        2_000n * 10n ** 18n,
      ]);
      const paidBy = async (jobs: typeof w.jobs) => {
        await due();
        return (await doneIn({ jobs }, jobs[WORK](JOB.record, "0x", w.keeper))).done[0]!.paid;
      };
      const another = old.connect(w.keeper) as unknown as typeof w.jobs;
      expect(await paidBy(another)).to.equal(0n);
      const govern = w.pool.connect(w.people.governor);
      await expect(w.pool.connect(w.keeper).setKeeperPayer(old)).to.be.revertedWithCustomError(
        w.pool,
        "AccessManagedUnauthorized",
      );
      await govern.setKeeperPayer(old);
      expect(await paidBy(another)).to.be.greaterThan(0n);
      expect(await paidBy(w.jobs)).to.equal(0n);
      expect(await w.jobs.gasLeftToday()).to.equal((await w.jobs.paymentRules()).dailyGas);
    });

    it("a feed whose rounds cannot be read is not walked for pay, round after round", async () => {
      const feed = await ethers.deployContract("RoundsFeed");
      const add = async (roundId: bigint) => feed.getFunction("add").send(roundId, 10n ** 8n, await w.clock.now());
      await add(1n);
      await w.history.connect(w.people.governor).setFeed(feed, false, 3n * HOUR);
      await w.history.record();
      await w.clock.pass(2n * HOUR);
      for (let roundId = 2n; roundId < 5n; roundId++) {
        await add(roundId);
        await feed.getFunction("spoil").send(roundId, 1n);
        await expect(w.jobs[WORK](JOB.record, "0x", NOBODY)).to.be.revertedWithCustomError(w.jobs, "NothingDone");
      }
      // Nor does it stop: anyone walks them directly, and the next one that can be read is paid for.
      await add(5n);
      const { done } = await doneIn(w, w.jobs[WORK](JOB.record, "0x", NOBODY));
      expect(done[0]!.paid).to.be.greaterThan(0n);
    });

    it("no gas limit finds a way in which feeds that burn gas leave the job done and unpaid", async () => {
      const burning = await ethers.deployContract("BurningGas");
      const feed = await ethers.deployContract("MockFeed", [8]);
      const jobs = w.jobs.connect(w.people.governor);
      await jobs.setRateSources({ coinFeed: feed, maxCoinAge: HOUR, fallbackRate: 2_000n * 10n ** 18n });
      await jobs.setDataFees({ oracle: burning, maxFee: 10n ** 15n });
      await breakContract(await feed.getAddress(), "BurningGas");
      await due();
      const before = await w.token.balanceOf(w.keeper);
      let least = 0n;
      for (let gasLimit = 480_000n; gasLimit <= 720_000n; gasLimit += 4_000n) {
        const snapshot = await connection.networkHelpers.takeSnapshot();
        await w.jobs[WORK](JOB.record, "0x", NOBODY, { gasLimit }).then(
          (tx) => tx.wait(),
          () => null,
        );
        const done = !(await w.history.hasNewRound());
        expect((await w.token.balanceOf(w.keeper)) > before, `${gasLimit}`).to.equal(done);
        if (done && least === 0n) least = gasLimit;
        await snapshot.restore();
      }
      expect(least).to.be.within(500_000n, 720_000n);
    });

    it("no payee, however long unsettled, takes more gas than the payment has", async () => {
      const sleeper = ethers.Wallet.createRandom().address;
      await w.token.connect(w.people.treasury).transfer(sleeper, 10n ** 21n);
      await w.clock.pass(800n * DAY);
      for (let i = 0; i < 2; i++) await due();
      const { done } = await doneIn(w, w.jobs[WORK](JOB.record, "0x", sleeper));
      expect(done[0]!.paid).to.be.greaterThan(0n);
    });

    it("an executor that names the protocol's own places strands what it earned, and nothing else", async () => {
      for (const payee of [w.addresses.keeperJobs, w.addresses.vault, w.addresses.breaker]) {
        await due();
        const principal = await w.vault.totalStaked();
        await w.jobs[WORK](JOB.record, "0x", payee);
        expect(await w.vault.totalStaked()).to.equal(principal);
      }
    });
  });

  it("P128: emergencies do not stop the jobs that end them", async () => {
    for (const action of [ACTION.halt, ACTION.recovery, ACTION.pause]) await w.breaker.connect(w.people.governor).impose(action);
    await w.breaker.proposeEnd(ACTION.halt);
    const end = await w.breaker.endVoteOn(ACTION.halt);
    await w.clock.pass(5n);
    for (const voter of w.voters.slice(0, 5)) await w.emergencyGovernor.connect(voter).castVote(end, 1n);
    const { done } = await doneIn(w, w.jobs[WORK](JOB.emergency, word(end), NOBODY));
    expect(done[0]!.paid).to.be.greaterThan(0n);
  });
});
