import { expect } from "chai";
import { parseEther, toQuantity, Wallet } from "ethers";
import { Account } from "@ftns/chain/transactions/account.ts";
import { ACCOUNT, GWEI, KEY, OTHER_KEY, type WorkChain, untilTrue, useWorkChain } from "./transactions.ts";

describe("one transaction queue per signer", () => {
  let chain: WorkChain;
  const open = useWorkChain((started) => (chain = started));

  /** A block of this base fee with the twin's transaction. */
  async function doneByTwin(item: bigint, baseFee: bigint) {
    const data = chain.work.interface.encodeFunctionData("work", [item]);
    const nonce = await chain.mined(OTHER_KEY);
    await chain.sendAs(OTHER_KEY, nonce, { to: await chain.work.getAddress(), data, feeGwei: 20n });
    await chain.mineAt(baseFee);
    expect(await chain.timesDone(item)).to.equal(1);
  }

  describe("given an account that cannot pay", () => {
    it("P130: signs nothing, and says how much is missing", async () => {
      await chain.setBalance(KEY, parseEther("0.00001"));
      const worker = await open();
      const report = await worker.run(1n);
      expect(report).to.include({ outcome: "broken" });
      expect(report.reason).to.include(`${ACCOUNT} holds 0.00001`).and.include("fund it");
      expect(worker.asked).to.not.include("eth_sendRawTransaction");
    });
  });

  describe("given gas above the cap", () => {
    it("P130: signs nothing, and says so", async () => {
      await chain.mineAt(200n * GWEI);
      const worker = await open();
      const report = await worker.run(1n);
      expect(report.reason).to.include("above transactions.maxFeeGwei of 100");
      expect(worker.asked).to.not.include("eth_sendRawTransaction");
      expect(worker.events).to.deep.equal([]);
    });
  });

  describe("given work that is due", () => {
    it("sends it, and tells what it cost", async () => {
      const worker = await open();
      const running = worker.run(1n);
      const sent = await worker.until("sent");
      expect(sent).to.include({ job: "record-price", nonce: 0 });
      await chain.mine();
      const report = await running;
      expect(report).to.include({ outcome: "done", hash: sent.hash, reason: "item 1 is due" });
      const receipt = (await chain.provider.getTransactionReceipt(sent.hash))!;
      expect(worker.types()).to.deep.equal(["sent", "confirmed"]);
      expect(worker.events[1]).to.include({ gasUsed: receipt.gasUsed, feePaidWei: receipt.fee });
      expect(report.gasUsed).to.equal(receipt.gasUsed);
    });

    it("in a dry run sends nothing, also while an earlier transaction waits", async () => {
      await chain.sendAs(KEY, 0);
      const worker = await open();
      expect(await worker.run(1n, "record-price", true)).to.include({ outcome: "would-do" });
      expect(worker.asked).to.not.include("eth_sendRawTransaction");
    });

    it("P132: has one transaction in flight, however many jobs ask at once", async () => {
      const worker = await open();
      const running = Promise.all([1n, 2n, 3n].map((item) => worker.run(item)));
      for (let count = 1; count <= 3; count++) {
        await worker.until("sent", count);
        expect(await chain.waiting()).to.have.length(1);
        await chain.mine();
      }
      expect((await running).map(({ outcome }) => outcome)).to.deep.equal(["done", "done", "done"]);
      expect(worker.events.filter(({ type }) => type === "sent").map(({ nonce }) => nonce)).to.deep.equal([0, 1, 2]);
    });
  });

  describe("given a transaction that no block takes", () => {
    const settings = { stuckAfterMs: 100 };

    it("P131, P133: replaces it at the same nonce for an eighth more, and does the work once", async () => {
      const worker = await open({ settings });
      const running = worker.run(1n);
      const [sent, replaced] = [await worker.until("sent"), await worker.until("replaced")];
      expect(replaced.nonce).to.equal(sent.nonce);
      expect(replaced.maxFeePerGas * 8n >= sent.maxFeePerGas * 9n).to.equal(true);
      await chain.mine();
      const report = await running;
      expect(report).to.include({ outcome: "done" });
      expect(worker.events.map(({ hash }) => hash)).to.include(report.hash);
      expect(await chain.timesDone(1n)).to.equal(1);
      expect(await chain.mined()).to.equal(1);
    });

    it("P133: takes the first one's landing for its own when that is the one that lands", async () => {
      const worker = await open({ settings: { ...settings, maxReplacements: 1 } });
      // The replacement never reaches anybody who makes blocks.
      let broadcasts = 0;
      worker.seam.before = async (method) => {
        if (method === "eth_sendRawTransaction" && ++broadcasts > 1) throw new Error("the connection broke");
      };
      const running = worker.run(1n);
      const sent = await worker.until("sent");
      await worker.until("replaced");
      await chain.mine();
      expect(await running).to.include({ outcome: "done", hash: sent.hash });
      expect(await chain.timesDone(1n)).to.equal(1);
    });

    it("P131: replaces at most as often as allowed, never above the cap, then waits", async () => {
      const caps = { maxFeeWei: 20n * GWEI, maxPriorityFeeWei: 4n * GWEI };
      const worker = await open({ settings: { stuckAfterMs: 20, maxReplacements: 3, ...caps } });
      const running = worker.run(1n);
      await worker.until("replaced", 3);
      await untilTrue(() => worker.warnings.some((words) => words.includes("replaced 3 times")), "the warning");
      await chain.mine();
      expect(await running).to.include({ outcome: "done" });
      expect(worker.types().filter((type) => type === "replaced")).to.have.length(3);
      for (const { maxFeePerGas } of worker.events) expect(maxFeePerGas <= caps.maxFeeWei).to.equal(true);
      expect(worker.warnings.filter((words) => words.includes("replaced 3 times"))).to.have.length(1);
    });

    describe("when a twin does the work meanwhile", () => {
      it("P134: cancels it, and calls it a lost race", async () => {
        const worker = await open({ settings: { stuckAfterMs: 300 } });
        const running = worker.run(1n);
        const sent = await worker.until("sent");
        await chain.provider.send("hardhat_dropTransaction", [sent.hash]);
        await doneByTwin(1n, GWEI);
        const cancelled = await worker.until("cancelled");
        expect(worker.types()).to.deep.equal(["sent", "cancelled"]);
        await chain.mine();
        const report = await running;
        expect(report).to.include({ outcome: "lost-race", hash: cancelled.hash });
        expect(report.reason).to.include("item 1 is done");
        expect((await chain.provider.getTransactionReceipt(cancelled.hash))!.gasUsed).to.equal(21_000n);
        expect(await chain.timesDone(1n)).to.equal(1);
        expect(await chain.mined()).to.equal(1);
      });

      it("P134: leaves it when gas has become so dear that it costs less to let it fail later", async () => {
        const worker = await open({ settings: { stuckAfterMs: 300 } });
        const running = worker.run(1n);
        await worker.until("sent");
        await doneByTwin(1n, 8n * GWEI);
        expect(await running).to.include({ outcome: "nothing", reason: "item 1 is done" });
        expect(worker.warnings.join()).to.include("to cancel it would cost more than to let it be");
        expect(worker.types()).to.deep.equal(["sent"]);
        // What is due next takes its place.
        const next = worker.run(2n);
        await worker.until("replaced");
        await chain.mine();
        expect(await next).to.include({ outcome: "done" });
        expect([await chain.timesDone(1n), await chain.timesDone(2n), await chain.mined()]).to.deep.equal([1, 1, 1]);
      });
    });

    describe("when gas rises above the cap meanwhile", () => {
      it("P130: says so once, offers no more, and goes on when gas falls", async () => {
        const worker = await open({ settings });
        await chain.mineAt(200n * GWEI);
        const head = worker.run(1n);
        expect((await head).reason).to.include("above transactions.maxFeeGwei");
        await chain.mineAt(2n * GWEI);
        worker.seam.before = async (method) => {
          if (method === "eth_sendRawTransaction") await chain.mineAt(300n * GWEI);
        };
        const running = worker.run(1n);
        await worker.until("sent");
        worker.seam.before = async () => undefined;
        await untilTrue(() => worker.warnings.length > 0, "the warning");
        const looks = worker.asked.length;
        await untilTrue(() => worker.asked.length > looks + 40, "further looks");
        expect(worker.types()).to.deep.equal(["sent"]);
        expect(worker.warnings).to.have.length(1);
        expect(worker.warnings[0]).to.include("gas costs").and.include("above transactions.maxFeeGwei of 100");
        await chain.mineAt(10n * GWEI);
        await worker.until("replaced");
        await chain.mine();
        expect(await running).to.include({ outcome: "done" });
        expect(await chain.timesDone(1n)).to.equal(1);
      });
    });

    describe("when the account is emptied meanwhile", () => {
      it("keeps what stands, and says what is missing", async () => {
        const worker = await open({ settings });
        worker.seam.before = async (method) => {
          if (method === "eth_sendRawTransaction") worker.seam.before = emptied;
        };
        const emptied = async () => chain.setBalance(KEY, 100_000n * 3n * GWEI);
        const running = worker.run(1n);
        await untilTrue(() => worker.warnings.some((words) => words.includes("fund it")), "the warning");
        expect(worker.types()).to.deep.equal(["sent"]);
        worker.seam.before = async () => undefined;
        await chain.setBalance(KEY, parseEther("1"));
        await worker.until("replaced");
        await chain.mine();
        expect(await running).to.include({ outcome: "done" });
      });
    });

    describe("when the time is over", () => {
      const short = { stuckAfterMs: 100, giveUpAfterMs: 250, maxReplacements: 1 };

      it("P135: is broken and names nonce and hash; the next run takes up the same nonce", async () => {
        const worker = await open({ settings: short });
        const first = await worker.run(1n);
        const last = worker.events.findLast(({ type }) => type === "replaced")!;
        expect(first).to.include({ outcome: "broken", hash: last.hash });
        expect(first.reason)
          .to.include(last.hash)
          .and.include(`nonce 0 of ${ACCOUNT}`)
          .and.include("is not in a block after 0.25 s")
          .and.include("the next run goes on with the same nonce");
        expect(worker.types()).to.include("gave-up");

        const count = worker.events.length;
        const second = worker.run(1n);
        await untilTrue(() => worker.events.length > count, "the next replacement");
        expect(worker.events[count]).to.include({ type: "replaced", nonce: 0 });
        expect(await chain.waiting()).to.have.length(1);
        await chain.mine();
        expect(await second).to.include({ outcome: "done" });
        expect(await chain.timesDone(1n)).to.equal(1);
      });

      it("P135: gives the nonce to another job that is due, and the first one's turn comes again", async () => {
        const worker = await open({ settings: short });
        expect(await worker.run(1n)).to.include({ outcome: "broken" });
        const running = worker.run(2n, "adjust-supply");
        await untilTrue(() => worker.events.at(-1)?.job === "adjust-supply", "the replacement");
        expect(worker.events.at(-1)).to.include({ type: "replaced", nonce: 0 });
        await chain.mine();
        expect(await running).to.include({ outcome: "done" });
        expect([await chain.timesDone(1n), await chain.timesDone(2n)]).to.deep.equal([0, 1]);
        await chain.provider.send("evm_setAutomine", [true]);
        expect(await worker.run(1n)).to.include({ outcome: "done" });
        expect(await chain.timesDone(1n)).to.equal(1);
      });

      it("P134: leaves it alone when the other job is not wanted any more", async () => {
        const worker = await open({ settings: short });
        expect(await worker.run(1n)).to.include({ outcome: "broken" });
        worker.seam.before = async (method) => {
          if (method !== "eth_estimateGas") return;
          worker.seam.before = async () => undefined;
          for (const { hash } of worker.events)
            await chain.provider.send("hardhat_dropTransaction", [hash]).catch(() => undefined);
          await doneByTwin(2n, GWEI);
        };
        const before = worker.events.length;
        expect(await worker.run(2n, "adjust-supply")).to.include({ outcome: "nothing", reason: "item 2 is done" });
        expect(worker.events).to.have.length(before);
        // It is still there, and does what it is for.
        await chain.mine();
        expect(await chain.timesDone(1n)).to.equal(1);
      });

      it("P133: when it landed between the runs, the next one tells it and finds nothing to do", async () => {
        const worker = await open({ settings: short });
        expect(await worker.run(1n)).to.include({ outcome: "broken" });
        await chain.mine();
        expect(await worker.run(1n)).to.include({ outcome: "nothing" });
        expect(worker.types().at(-1)).to.equal("confirmed");
        expect(worker.warnings.at(-1)).to.include("left in flight before, is in block");
        expect(await chain.timesDone(1n)).to.equal(1);
      });
    });

    describe("when the keeper is stopped", () => {
      it("waits no longer, and says where it stands", async () => {
        const worker = await open();
        const running = worker.run(1n);
        await worker.until("sent");
        worker.queue.stop();
        const report = await running;
        expect(report.reason).to.include("The keeper was stopped while it waited").and.include("nonce 0");
        expect(await worker.run(2n)).to.have.property("reason", "The keeper was stopped; nothing was sent.");
      });
    });
  });
});

describe("what waits at a nonce of an account", () => {
  const OTHER = new Wallet(OTHER_KEY).address;
  const transaction = (from: string, nonce: number, more: object = {}) => ({
    hash: `0x${from.slice(2, 6)}${nonce}`,
    from: from.toLowerCase(),
    nonce: toQuantity(nonce),
    ...more,
  });
  const fees = (gwei: bigint) => ({ maxFeePerGas: toQuantity(gwei * GWEI), maxPriorityFeePerGas: toQuantity(GWEI) });
  /** What the account sees at `nonce` when a node answers `pending` to the question for what waits. */
  const seen = (pending: unknown, nonce = 7) => {
    const send = async (method: string, params: unknown[]) => {
      expect([method, ...params]).to.deep.equal(["eth_getBlockByNumber", "pending", true]);
      if (pending instanceof Error) throw pending;
      return pending;
    };
    return new Account({ provider: { send } } as never, { address: ACCOUNT } as never).waiting(nonce);
  };

  describe("given a pending block with other accounts' transactions of the same nonce, and its own of others", () => {
    const transactions = [
      transaction(OTHER, 7, fees(90n)),
      transaction(ACCOUNT, 6, fees(80n)),
      transaction(ACCOUNT, 8, fees(70n)),
    ];

    it("is nothing when its own is not there", async () => {
      expect(await seen({ transactions })).to.equal(undefined);
    });

    it("is its own when that is there, however the node writes the address", async () => {
      const own = { ...transaction(ACCOUNT, 7, fees(30n)), from: ACCOUNT };
      const expected = { hash: own.hash, maxFeePerGas: 30n * GWEI, maxPriorityFeePerGas: GWEI };
      expect(await seen({ transactions: [...transactions, own] })).to.deep.equal(expected);
    });
  });

  it("offers its gas price for both when it is of the old kind", async () => {
    const old = transaction(ACCOUNT, 7, { gasPrice: toQuantity(5n * GWEI) });
    const expected = { hash: old.hash, maxFeePerGas: 5n * GWEI, maxPriorityFeePerGas: 5n * GWEI };
    expect(await seen({ transactions: [old] })).to.deep.equal(expected);
  });

  it("is unknown on a node that shows hashes only, nothing, or fails", async () => {
    for (const answer of [{ transactions: ["0x12"] }, {}, null, new Error("no such method")]) {
      expect(await seen(answer)).to.equal(undefined);
    }
  });
});
