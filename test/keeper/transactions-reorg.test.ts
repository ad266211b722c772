import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ACCOUNT, KEY, type WorkChain, type Worker, untilTrue, useWorkChain } from "./transactions.ts";

describe("confirmations and reorganisations", () => {
  let chain: WorkChain;
  const open = useWorkChain((started) => (chain = started));

  const settled = async (running: Promise<unknown>) =>
    Promise.race([running.then(() => true), new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 150))]);

  describe("given a depth of three blocks", () => {
    const settings = { confirmations: 3 };

    it("P138: is done with the third block, not before", async () => {
      const worker = await open({ settings });
      const running = worker.run(1n);
      await worker.until("sent");
      for (let depth = 1; depth <= 2; depth++) {
        await chain.mine();
        expect(await settled(running)).to.equal(false);
        expect(worker.types()).to.deep.equal(["sent"]);
      }
      await chain.mine();
      expect(await running).to.include({ outcome: "done" });
      expect(worker.types()).to.deep.equal(["sent", "confirmed"]);
    });

    it("P138: while it waits, keeps the journal; restarted there, it waits on and does nothing twice", async () => {
      const folder = mkdtempSync(join(tmpdir(), "ftns-depth-"));
      try {
        const first = await open({ settings, stateDir: folder });
        void first.run(1n);
        await first.until("sent");
        await chain.mine();
        first.close();
        expect(readdirSync(folder)).to.have.length(1);
        const second = await open({ settings, stateDir: folder });
        const running = second.run(1n);
        expect(await settled(running)).to.equal(false);
        await chain.mine();
        await chain.mine();
        expect(await running).to.include({ outcome: "nothing" });
        expect(second.types()).to.deep.equal(["confirmed"]);
        expect([await chain.timesDone(1n), await chain.mined()]).to.deep.equal([1, 1]);
        expect(existsSync(join(folder, `transactions-31337-${ACCOUNT.toLowerCase()}.json`))).to.equal(false);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });

    it("P135: when blocks stop coming, is broken and says how deep it is", async () => {
      const worker = await open({ settings: { ...settings, giveUpAfterMs: 400 } });
      const running = worker.run(1n);
      await worker.until("sent");
      await chain.mine();
      expect((await running).reason).to.include("with 1 of 3 confirmations, and no new block came for 0.4 s");
    });

    describe("when its block is reorganised away meanwhile", () => {
      it("P138: broadcasts the same transaction again, and is done once", async () => {
        const before = await chain.snapshot();
        const worker = await open({ settings });
        const running = worker.run(1n);
        const sent = await worker.until("sent");
        await chain.mine();
        await chain.mine();
        await untilLooked(worker);
        await chain.revert(before);
        expect(await chain.timesDone(1n)).to.equal(0);
        const gone = await worker.until("reorganised");
        expect(gone).to.include({ hash: sent.hash, nonce: 0 });
        expect(worker.warnings.join()).to.include("the chain was reorganised").and.include("it is broadcast again");
        await untilTrue(async () => (await chain.waiting()).length === 1, "the broadcast");
        for (let depth = 1; depth <= 3; depth++) await chain.mine();
        expect(await running).to.include({ outcome: "done", hash: sent.hash });
        expect([await chain.timesDone(1n), await chain.mined()]).to.deep.equal([1, 1]);
      });

      it("P138: when it comes back in another block, counts from there", async () => {
        const before = await chain.snapshot();
        const worker = await open({ settings });
        const running = worker.run(1n);
        const sent = await worker.until("sent");
        const raw = worker.sentRaw.at(-1)!;
        await chain.mine();
        await chain.mine();
        await untilLooked(worker);
        // The queue sees nothing of the change until the new branch stands.
        const release = await worker.hold();
        await chain.revert(before);
        await chain.mine();
        await chain.provider.send("eth_sendRawTransaction", [raw]);
        await chain.mine();
        release();
        await worker.until("reorganised");
        expect(worker.warnings.join()).to.include(`${sent.hash} is no longer in block`).and.include("but in");
        expect(await settled(running)).to.equal(false);
        await chain.mine();
        await chain.mine();
        expect(await running).to.include({ outcome: "done" });
        expect(await chain.timesDone(1n)).to.equal(1);
      });

      it("P132, P138: when another transaction has the nonce then, does the work at the next one", async () => {
        const before = await chain.snapshot();
        const worker = await open({ settings });
        const running = worker.run(1n);
        await worker.until("sent");
        await chain.mine();
        await untilLooked(worker);
        const release = await worker.hold();
        await chain.revert(before);
        await chain.sendAs(KEY, 0, { feeGwei: 20n });
        await chain.mine();
        release();
        expect(await worker.until("sent", 2)).to.include({ nonce: 1 });
        for (let depth = 1; depth <= 3; depth++) await chain.mine();
        expect(await running).to.include({ outcome: "done" });
        expect(await chain.timesDone(1n)).to.equal(1);
      });
    });
  });

  describe("given work that was done and confirmed", () => {
    describe("when it is reorganised away later", () => {
      it("P139: is simply due again, and is done again on the new branch", async () => {
        const worker = await open();
        for (let branch = 1; branch <= 3; branch++) {
          const before = await chain.snapshot();
          const running = worker.run(1n);
          await worker.until("sent", branch);
          await chain.mine();
          expect(await running).to.include({ outcome: "done" });
          expect(await worker.run(1n)).to.include({ outcome: "nothing" });
          expect([await chain.timesDone(1n), await chain.mined()]).to.deep.equal([1, 1]);
          if (branch < 3) await chain.revert(before);
        }
        expect(worker.events.map(({ nonce }) => nonce)).to.deep.equal([0, 0, 0, 0, 0, 0]);
      });
    });
  });

  /** Until a look at the mined transaction has come back. */
  async function untilLooked(worker: Worker) {
    const looks = () => worker.asked.filter((method) => method === "eth_getTransactionReceipt").length;
    const now = looks();
    await untilTrue(() => looks() >= now + 2, "two looks");
  }
});
