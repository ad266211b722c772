// The three doors lead to the same work.
import { expect } from "chai";
import { network } from "hardhat";
import type { BaseContract, ContractTransactionResponse } from "ethers";
import { HOUR } from "../helpers/time.ts";
import { crash, TRIGGER, USD } from "../safety/fixture.ts";
import { doneIn, JOB, keepersOn, task, WORK, word, WORKABLE, type KeepersWorld } from "./fixture.ts";

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

    it("refuses what is no task", async () => {
      const work = (data: string) => w.jobs["work(bytes32,bytes)"](NETWORK, data);
      for (const data of ["0x", "0x00", task(JOB.record, "0x").slice(0, -64), word(7n) + task(JOB.record, "0x").slice(66)]) {
        await expect(work(data)).to.be.revertedWithCustomError(w.jobs, "MalformedTask");
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
      await w.jobs[WORK](JOB.record, "0x");
      expect((await w.jobs["workable(bytes32)"](NETWORK)).canWork).to.equal(false);
    });
  });

  describe("Chainlink Automation", () => {
    it("checks all jobs, or the one that is named, and never reverts on other data", async () => {
      expect(said(await w.jobs.checkUpkeep("0x"))).to.deep.equal([false, "0x"]);
      await recordDue();
      expect(said(await w.jobs.checkUpkeep("0x"))).to.deep.equal([true, task(JOB.record, "0x")]);
      expect(said(await w.jobs.checkUpkeep(word(JOB.record)))).to.deep.equal([true, task(JOB.record, "0x")]);
      for (const data of [word(JOB.adjust), word(JOB.report), word(7n), word(2n ** 255n), "0x01", `${word(JOB.record)}00`]) {
        expect(said(await w.jobs.checkUpkeep(data)), data).to.deep.equal([false, "0x"]);
      }
    });

    it("performs through a forwarder, which earns for whom it named, or for itself", async () => {
      const forwarder = await ethers.deployContract("UpkeepForwarder", w.keeper);
      await recordDue();
      const [needed, data] = await w.jobs.checkUpkeep("0x");
      expect(needed).to.equal(true);
      const sent = forwarder.forward(w.jobs, 1_000_000n, data, { gasLimit: 1_500_000n });
      const { done } = await doneIn(w, sent);
      expect([done[0]!.executor, done[0]!.payee]).to.deep.equal(Array(2).fill(await forwarder.getAddress()));
      expect(done[0]!.paid).to.be.greaterThan(0n);
      const again = forwarder.forward(w.jobs, 1_000_000n, data, { gasLimit: 1_500_000n });
      await expect(again)
        .to.emit(forwarder, "Forwarded")
        .withArgs(false, () => true);
      expect((await doneIn(w, again)).done).to.deep.equal([]);
    });
  });

  describe("Chainlink Runtime Environment", () => {
    const owner = ethers.getAddress(`0x${"aa".repeat(20)}`);
    const payee = ethers.getAddress(`0x${"bb".repeat(20)}`);
    const metadata = (by: string) =>
      ethers.concat([ethers.id("workflow"), ethers.encodeBytes32String("jobs").slice(0, 22), by, "0x0001"]);
    const installed = async () => {
      const forwarder = await ethers.deployContract("ReportForwarder", w.keeper);
      await w.jobs.connect(w.people.governor).setForwarder(forwarder, owner, payee);
      return forwarder;
    };
    const deliver = (forwarder: BaseContract, about: string, report: string) =>
      forwarder.getFunction("deliver").send(w.jobs, about, report) as Promise<ContractTransactionResponse>;

    it("is told by ERC-165", async () => {
      const selectors = { erc165: "0x01ffc9a7", receiver: ethers.id("onReport(bytes,bytes)").slice(0, 10) };
      for (const id of Object.values(selectors)) expect(await w.jobs.supportsInterface(id)).to.equal(true);
      for (const id of ["0xffffffff", "0x00000000"]) expect(await w.jobs.supportsInterface(id)).to.equal(false);
    });

    it("refuses everybody before a forwarder is named, and others after", async () => {
      await recordDue();
      const report = task(JOB.record, "0x");
      await expect(w.jobs.onReport(metadata(owner), report))
        .to.be.revertedWithCustomError(w.jobs, "UnknownForwarder")
        .withArgs(w.keeper);
      await installed();
      await expect(w.jobs.onReport(metadata(owner), report)).to.be.revertedWithCustomError(w.jobs, "UnknownForwarder");
      const other = await ethers.deployContract("ReportForwarder");
      await expect(deliver(other, metadata(owner), report))
        .to.be.revertedWithCustomError(w.jobs, "UnknownForwarder")
        .withArgs(other);
    });

    it("refuses the workflows of others, and metadata that names none", async () => {
      await recordDue();
      const forwarder = await installed();
      const report = task(JOB.record, "0x");
      await expect(deliver(forwarder, metadata(payee), report))
        .to.be.revertedWithCustomError(w.jobs, "UnknownWorkflowOwner")
        .withArgs(payee);
      await expect(deliver(forwarder, metadata(owner).slice(0, 2 + 61 * 2), report))
        .to.be.revertedWithCustomError(w.jobs, "UnknownWorkflowOwner")
        .withArgs(ethers.ZeroAddress);
    });

    it("does what the report says when it is due, brings what the chain does not know, and pays the named payee", async () => {
      const forwarder = await installed();
      await w.clock.pass(HOUR);
      const { done } = await doneIn(w, deliver(forwarder, metadata(owner), task(JOB.report, await w.reports())));
      expect([done[0]!.job, done[0]!.payee]).to.deep.equal([JOB.report, payee]);
      expect(await w.token.balanceOf(payee)).to.equal(done[0]!.paid);
      expect(done[0]!.paid).to.be.greaterThan(0n);
      await expect(deliver(forwarder, metadata(owner), task(JOB.report, "0x"))).to.be.revertedWithCustomError(
        w.jobs,
        "NotWorkable",
      );
    });

    it("is set whole or not at all, and can be taken away", async () => {
      const mine = w.jobs.connect(w.people.governor);
      const none = ethers.ZeroAddress;
      for (const half of [
        [payee, none, none],
        [payee, owner, none],
        [payee, none, payee],
        [none, owner, payee],
        [none, none, payee],
        [none, owner, none],
      ]) {
        await expect(mine.setForwarder(half[0]!, half[1]!, half[2]!)).to.be.revertedWithCustomError(
          w.jobs,
          "IncompleteForwarder",
        );
      }
      const forwarder = await installed();
      expect([await w.jobs.forwarder(), await w.jobs.workflowOwner()]).to.deep.equal([await forwarder.getAddress(), owner]);
      await expect(mine.setForwarder(none, none, none))
        .to.emit(w.jobs, "ForwarderSet")
        .withArgs(none, none, none);
      await recordDue();
      await expect(deliver(forwarder, metadata(owner), task(JOB.record, "0x"))).to.be.revertedWithCustomError(
        w.jobs,
        "UnknownForwarder",
      );
    });
  });
});
