// The three doors lead to the same work.
import { expect } from "chai";
import { network } from "hardhat";
import { Wallet, type BaseContract, type ContractTransactionResponse } from "ethers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { HOUR } from "../helpers/time.ts";
import { crash, TRIGGER, USD } from "../safety/fixture.ts";
import { doneIn, JOB, keepersOn, NOBODY, task, WORK, word, WORKABLE, type KeepersWorld } from "./fixture.ts";

const connection = await network.create();
const world = async () => keepersOn(connection);
const { ethers } = connection;
const NETWORK = ethers.encodeBytes32String("anybody");

describe("KeeperJobs doors", () => {
  let w: KeepersWorld;
  beforeEach(async () => {
    w = await connection.networkHelpers.loadFixture(world);
  });
  const recordDue = async (price = USD) => {
    await w.clock.pass(HOUR);
    await w.report({ price });
  };
  const said = ([yes, data]: readonly [boolean, string]) => [yes, data];

  describe("Maker's cron", () => {
    it("finds nothing to do in calm hours, and refuses to do it", async () => {
      expect(said(await w.jobs["workable(bytes32)"](NETWORK))).to.deep.equal([false, "0x"]);
      await expect(w.jobs["work(bytes32,bytes)"](NETWORK, task(JOB.record, "0x"))).to.be.revertedWithCustomError(
        w.jobs,
        "NotWorkable",
      );
    });

    it("P240: pays the caller, or whom the task names", async () => {
      const [friend] = w.people.users;
      for (const payee of [NOBODY, friend!.address]) {
        await recordDue();
        const { done } = await doneIn(w, w.jobs["work(bytes32,bytes)"](NETWORK, task(JOB.record, "0x", payee)));
        expect(done[0]!.payee).to.equal(payee === NOBODY ? w.keeper.address : payee);
        expect(done[0]!.paid).to.be.greaterThan(0n);
      }
    });

    it("refuses what is no task, and what names a payee in another form", async () => {
      const work = (data: string) => w.jobs["work(bytes32,bytes)"](NETWORK, data);
      const good = task(JOB.record, "0x", w.keeper.address);
      const old = ethers.AbiCoder.defaultAbiCoder().encode(["uint8", "bytes"], [JOB.adjust, word(7n)]);
      const withWord = (index: number, value: bigint) =>
        good.slice(0, 2 + 64 * index) + word(value).slice(2) + good.slice(66 + 64 * index);
      for (const data of [
        "0x",
        "0x00",
        good.slice(0, -64),
        withWord(0, 10n),
        withWord(0, 2n ** 255n),
        withWord(1, 64n),
        withWord(1, 128n),
        withWord(2, 2n ** 160n),
        withWord(3, 1n),
        withWord(3, 2n ** 256n - 1n),
        old,
      ]) {
        await expect(work(data), data).to.be.revertedWithCustomError(w.jobs, "MalformedTask");
      }
    });

    it("finds what is due and does it, the most urgent first", async () => {
      await crash(w);
      await recordDue((6n * USD) / 10n);
      const first = await w.jobs["workable(bytes32)"](NETWORK);
      expect(said(first)).to.deep.equal([true, task(JOB.trigger, word(TRIGGER.priceCrash))]);
      await w.jobs["work(bytes32,bytes)"](NETWORK, first.args);
      const second = await w.jobs["workable(bytes32)"](NETWORK);
      expect(said(second)).to.deep.equal([true, task(JOB.record, "0x")]);
      await w.jobs["work(bytes32,bytes)"](NETWORK, second.args);
      expect((await w.jobs["workable(bytes32)"](NETWORK)).canWork).to.equal(false);
    });

    it("never offers what needs something from outside", async () => {
      await recordDue();
      await w.clock.pass(HOUR);
      expect((await w.jobs[WORKABLE](JOB.report)).due).to.equal(true);
      await w.jobs[WORK](JOB.record, "0x", NOBODY);
      expect((await w.jobs["workable(bytes32)"](NETWORK)).canWork).to.equal(false);
    });
  });

  describe("Chainlink Automation", () => {
    const payee = ethers.getAddress(`0x${"cc".repeat(20)}`);
    const one = (job: bigint, to = payee) => ethers.concat([to, ethers.toBeHex(job, 1)]);

    it("checks all jobs, or the one that is named, for a payee, and never reverts on other data", async () => {
      for (const data of ["0x", payee, one(JOB.record)]) {
        expect(said(await w.jobs.checkUpkeep(data)), data).to.deep.equal([false, "0x"]);
      }
      await recordDue();
      expect(said(await w.jobs.checkUpkeep("0x"))).to.deep.equal([true, task(JOB.record, "0x")]);
      for (const data of [payee, one(JOB.record)]) {
        expect(said(await w.jobs.checkUpkeep(data)), data).to.deep.equal([true, task(JOB.record, "0x", payee)]);
      }
      for (const data of [
        one(JOB.adjust),
        one(JOB.report),
        one(10n),
        one(255n),
        "0x01",
        word(JOB.record),
        `${one(JOB.record)}00`,
      ]) {
        expect(said(await w.jobs.checkUpkeep(data)), data).to.deep.equal([false, "0x"]);
      }
    });

    describe("through Chainlink's own forwarder, which can move no tokens", () => {
      const performed = async (data: string) => {
        const logic = await ethers.deployContract("AutomationForwarderLogic");
        // The keeper stands for the registry, the only one who may forward.
        const forwarder = await ethers.deployContract("AutomationForwarder", [w.jobs, w.keeper, logic], w.keeper);
        const call = w.jobs.interface.encodeFunctionData("performUpkeep", [data]);
        const forward = async () =>
          doneIn(
            w,
            forwarder
              .getFunction("forward")
              .send(1_000_000n, call, { gasLimit: 1_500_000n }) as Promise<ContractTransactionResponse>,
          );
        return { forwarder, forward };
      };

      // Seen: with a real registry the pay lay in a forwarder that can't move tokens.
      it("P240: pays whom the upkeep's check data name, once", async () => {
        await recordDue();
        const [needed, data] = await w.jobs.checkUpkeep(payee);
        expect(needed).to.equal(true);
        const { forwarder, forward } = await performed(data);
        const { done } = await forward();
        expect([done[0]!.executor, done[0]!.payee]).to.deep.equal([await forwarder.getAddress(), payee]);
        expect(done[0]!.paid).to.be.greaterThan(0n);
        expect(await w.token.balanceOf(payee)).to.equal(done[0]!.paid);
        expect(await w.token.balanceOf(forwarder)).to.equal(0n);
        expect((await forward()).done).to.deep.equal([]);
      });

      it("P240: pays nobody when nobody is named, and the work is done", async () => {
        await recordDue();
        const { forwarder, forward } = await performed((await w.jobs.checkUpkeep("0x")).performData);
        const { done } = await forward();
        expect([done[0]!.payee, done[0]!.paid]).to.deep.equal([NOBODY, 0n]);
        expect(await w.token.balanceOf(forwarder)).to.equal(0n);
        expect(await w.history.hasNewRound()).to.equal(false);
      });
    });
  });

  describe("Chainlink Runtime Environment", () => {
    const owner = ethers.getAddress(`0x${"aa".repeat(20)}`);
    const payee = ethers.getAddress(`0x${"bb".repeat(20)}`);
    /** One of them may be false: the forwarder wants one signature more than that. */
    const signers = [new Wallet(ethers.id("signer 1")), ...[2, 3, 4].map((i) => new Wallet(ethers.id(`signer ${i}`)))];
    const DON = 7;

    const installed = async () => {
      const forwarder = await newForwarder();
      await w.jobs.connect(w.people.governor).setForwarder(forwarder, owner);
      return forwarder;
    };
    const newForwarder = async () => {
      const forwarder = await ethers.deployContract("KeystoneForwarder", w.keeper);
      const addresses = signers.map(({ address }) => address);
      await forwarder.getFunction("setConfig").send(DON, 1, 1, addresses);
      return forwarder;
    };
    /** As KeystoneForwarder takes it: version, execution, time, DON, its config, then the metadata of the workflow, then the report. */
    const rawReport = (by: string, report: string, execution = ethers.hexlify(ethers.randomBytes(32))) =>
      ethers.concat([
        "0x01",
        execution,
        ethers.toBeHex(1_700_000_000, 4),
        ethers.toBeHex(DON, 4),
        ethers.toBeHex(1, 4),
        ethers.id("workflow"),
        ethers.encodeBytes32String("jobs").slice(0, 22),
        by,
        "0x0001",
        report,
      ]);
    const context = ethers.zeroPadValue("0x", 96);
    const signed = (raw: string) => {
      const digest = ethers.keccak256(ethers.concat([ethers.keccak256(raw), context]));
      return signers.slice(0, 2).map((signer) => {
        const { r, s, v } = signer.signingKey.sign(digest);
        return ethers.concat([r, s, ethers.toBeHex(v - 27, 1)]);
      });
    };
    const transmit = (forwarder: BaseContract, raw: string, signatures = signed(raw)) =>
      forwarder
        .getFunction("report")
        .send(w.jobs, raw, context, signatures, { gasLimit: 2_000_000n }) as Promise<ContractTransactionResponse>;
    const delivered = async (forwarder: BaseContract, by: string, report: string) =>
      doneIn(w, transmit(forwarder, rawReport(by, report)));
    const metadata = (by: string) =>
      ethers.concat([ethers.id("workflow"), ethers.encodeBytes32String("jobs").slice(0, 22), by, "0x0001"]);
    const asForwarder = async (caller: HardhatEthersSigner = w.keeper) => {
      await w.jobs.connect(w.people.governor).setForwarder(caller, owner);
      return w.jobs.connect(caller);
    };

    it("is told by ERC-165", async () => {
      const selectors = { erc165: "0x01ffc9a7", receiver: ethers.id("onReport(bytes,bytes)").slice(0, 10) };
      for (const id of Object.values(selectors)) expect(await w.jobs.supportsInterface(id)).to.equal(true);
      for (const id of ["0xffffffff", "0x00000000"]) expect(await w.jobs.supportsInterface(id)).to.equal(false);
    });

    it("refuses everybody before a forwarder is named, and others after", async () => {
      await recordDue();
      const report = task(JOB.record, "0x", payee);
      await expect(w.jobs.onReport(metadata(owner), report))
        .to.be.revertedWithCustomError(w.jobs, "UnknownForwarder")
        .withArgs(w.keeper);
      await installed();
      await expect(w.jobs.onReport(metadata(owner), report)).to.be.revertedWithCustomError(w.jobs, "UnknownForwarder");
      expect((await delivered(await newForwarder(), owner, report)).done).to.deep.equal([]);
      expect((await w.jobs[WORKABLE](JOB.record)).due).to.equal(true);
    });

    it("refuses the workflows of others, and metadata that names none", async () => {
      await recordDue();
      const jobs = await asForwarder();
      const report = task(JOB.record, "0x", payee);
      await expect(jobs.onReport(metadata(payee), report))
        .to.be.revertedWithCustomError(w.jobs, "UnknownWorkflowOwner")
        .withArgs(payee);
      await expect(jobs.onReport(metadata(owner).slice(0, 2 + 61 * 2), report))
        .to.be.revertedWithCustomError(w.jobs, "UnknownWorkflowOwner")
        .withArgs(ethers.ZeroAddress);
      await expect(jobs.onReport(metadata(owner), "0x")).to.be.revertedWithCustomError(w.jobs, "MalformedTask");
    });

    it("P240: does what the report says, brings what the chain does not know, and pays whom it names", async () => {
      const forwarder = await installed();
      await w.clock.pass(HOUR);
      const { done } = await delivered(forwarder, owner, task(JOB.report, await w.reports(), payee));
      expect([done[0]!.job, done[0]!.executor, done[0]!.payee]).to.deep.equal([JOB.report, await forwarder.getAddress(), payee]);
      expect(await w.token.balanceOf(payee)).to.equal(done[0]!.paid);
      expect(done[0]!.paid).to.be.greaterThan(0n);
      expect(await w.token.balanceOf(forwarder)).to.equal(0n);
      expect((await delivered(forwarder, owner, task(JOB.report, "0x", payee))).done).to.deep.equal([]);
    });

    it("P240: pays nobody when the report names nobody, and the work is done", async () => {
      const forwarder = await installed();
      await recordDue();
      const { done } = await delivered(forwarder, owner, task(JOB.record, "0x"));
      expect([done[0]!.payee, done[0]!.paid]).to.deep.equal([NOBODY, 0n]);
      expect(await w.token.balanceOf(forwarder)).to.equal(0n);
      expect(await w.history.hasNewRound()).to.equal(false);
    });

    it("P240: a payee in a report is signed: whoever transmits it cannot put in another", async () => {
      const forwarder = await installed();
      await recordDue();
      const execution = ethers.id("execution");
      const honest = rawReport(owner, task(JOB.record, "0x", payee), execution);
      const forged = rawReport(owner, task(JOB.record, "0x", w.keeper.address), execution);
      await expect(transmit(forwarder, forged, signed(honest))).to.revert(ethers);
      expect(await w.history.hasNewRound()).to.equal(true);
      const stranger = forwarder.connect(w.people.users[0]!) as BaseContract;
      expect((await doneIn(w, transmit(stranger, honest))).done[0]!.payee).to.equal(payee);
    });

    it("is set whole or not at all, and can be taken away", async () => {
      const mine = w.jobs.connect(w.people.governor);
      const none = ethers.ZeroAddress;
      for (const [forwarder, by] of [
        [payee, none],
        [none, owner],
      ]) {
        await expect(mine.setForwarder(forwarder!, by!)).to.be.revertedWithCustomError(w.jobs, "IncompleteForwarder");
      }
      const forwarder = await installed();
      expect([await w.jobs.forwarder(), await w.jobs.workflowOwner()]).to.deep.equal([await forwarder.getAddress(), owner]);
      await expect(mine.setForwarder(none, none)).to.emit(w.jobs, "ForwarderSet").withArgs(none, none);
      await recordDue();
      expect((await delivered(forwarder, owner, task(JOB.record, "0x", payee))).done).to.deep.equal([]);
    });
  });
});
