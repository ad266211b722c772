import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Wallet } from "ethers";
import { ACCOUNT, KEY, OTHER_KEY, type WorkChain, untilTrue, useWorkChain } from "./transactions.ts";

describe("a transaction queue that starts again", () => {
  let chain: WorkChain;
  let folder: string;
  const openOn = useWorkChain((started) => (chain = started));
  const open = (options: Parameters<typeof openOn>[0] = {}) => openOn({ stateDir: folder, ...options });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ftns-journal-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const journal = () => join(folder, `transactions-31337-${ACCOUNT.toLowerCase()}.json`);
  /** Runs a worker that dies before (or after) its request of `method` arrives. */
  async function dyingAt(method: string, arrives: boolean, item = 1n) {
    const worker = await open();
    const dead = new Promise<void>((resolve) => {
      worker.seam.before = async (asked, params) => {
        if (asked !== method) return;
        if (arrives) await chain.provider.send(asked, params);
        resolve();
        return new Promise(() => undefined);
      };
    });
    void worker.run(item);
    await dead;
    return worker;
  }

  describe("given a journal", () => {
    describe("when it died before it signed", () => {
      it("P136: does the work once", async () => {
        await dyingAt("eth_getBalance", false);
        expect(readdirSync(folder)).to.deep.equal([]);
        const worker = await open();
        const running = worker.run(1n);
        await worker.until("sent");
        await chain.mine();
        expect(await running).to.include({ outcome: "done" });
        expect([await chain.timesDone(1n), await chain.mined()]).to.deep.equal([1, 1]);
      });
    });

    describe("when it died between journal and broadcast", () => {
      it("P136: broadcasts the very transaction that it had signed", async () => {
        await dyingAt("eth_sendRawTransaction", false);
        expect(await chain.waiting()).to.deep.equal([]);
        const [attempt] = JSON.parse(readFileSync(journal(), "utf8")).attempts;
        const worker = await open();
        const running = worker.run(1n);
        await untilTrue(async () => (await chain.waiting()).length === 1, "the broadcast");
        await chain.mine();
        expect(await running).to.include({ outcome: "done", hash: attempt.hash });
        expect([await chain.timesDone(1n), await chain.mined()]).to.deep.equal([1, 1]);
        expect(readdirSync(folder)).to.deep.equal([]);
      });

      it("P134, P136: when a twin did it meanwhile, sends nothing for it and uses the nonce for what is due", async () => {
        await dyingAt("eth_sendRawTransaction", false);
        await doneByTwin(1n);
        const worker = await open();
        expect(await worker.run(1n)).to.include({ outcome: "nothing" });
        const running = worker.run(2n);
        await worker.until("replaced");
        await chain.mine();
        expect(await running).to.include({ outcome: "done" });
        expect([await chain.timesDone(1n), await chain.timesDone(2n), await chain.mined()]).to.deep.equal([1, 1, 1]);
      });
    });

    describe("when it died after the broadcast", () => {
      it("P136: waits for it, and sends no second one", async () => {
        await dyingAt("eth_sendRawTransaction", true);
        const worker = await open();
        const running = worker.run(1n);
        await untilTrue(() => worker.asked.includes("eth_getTransactionReceipt"), "a look");
        expect(await chain.waiting()).to.have.length(1);
        await chain.mine();
        expect(await running).to.include({ outcome: "done" });
        expect([await chain.timesDone(1n), await chain.mined()]).to.deep.equal([1, 1]);
      });

      it("P136: when another job comes first, lets it wait its turn", async () => {
        await dyingAt("eth_sendRawTransaction", true);
        const worker = await open();
        const running = worker.run(2n, "adjust-supply");
        await untilTrue(() => worker.asked.includes("eth_getTransactionReceipt"), "a look");
        await chain.mine();
        await worker.until("sent");
        await chain.mine();
        expect(await running).to.include({ outcome: "done" });
        expect(await worker.run(1n)).to.include({ outcome: "nothing" });
        expect([await chain.timesDone(1n), await chain.timesDone(2n), await chain.mined()]).to.deep.equal([1, 1, 2]);
      });

      it("P134: cancels it when a twin was faster and it has waited long enough", async () => {
        const dead = await dyingAt("eth_sendRawTransaction", true);
        const hash = (await chain.waiting())[0]!["hash"]!;
        await chain.provider.send("hardhat_dropTransaction", [hash]);
        await doneByTwin(1n);
        expect(dead.events).to.deep.equal([]);
        const worker = await open({ settings: { stuckAfterMs: 1 } });
        expect(await worker.run(1n)).to.include({ outcome: "nothing" });
        const [cancelled] = worker.events;
        expect(cancelled).to.include({ type: "cancelled", nonce: 0 });
        await chain.mine();
        expect(await worker.run(1n)).to.include({ outcome: "nothing" });
        expect(worker.events.at(-1)).to.include({ type: "confirmed", hash: cancelled!.hash, gasUsed: 21_000n });
      });
    });

    describe("when it died after the transaction was mined", () => {
      it("P136: confirms it, tells it, and does nothing twice", async () => {
        await dyingAt("eth_sendRawTransaction", true);
        await chain.mine();
        const worker = await open();
        expect(await worker.run(1n)).to.include({ outcome: "nothing" });
        expect(worker.types()).to.deep.equal(["confirmed"]);
        expect(worker.warnings.join()).to.include("of record-price, left in flight before, is in block");
        expect([await chain.timesDone(1n), await chain.mined()]).to.deep.equal([1, 1]);
        expect(readdirSync(folder)).to.deep.equal([]);
      });
    });

    describe("when the chain has gone back behind it", () => {
      it("P136: believes the chain", async () => {
        const start = await chain.snapshot();
        const first = await open();
        const running = first.run(1n);
        await first.until("sent");
        await chain.mine();
        await running;
        await dyingAt("eth_sendRawTransaction", false, 2n);
        await chain.revert(start);
        const worker = await open();
        const again = worker.run(2n);
        await worker.until("sent");
        await chain.mine();
        expect(await again).to.include({ outcome: "done" });
        expect(worker.warnings.join()).to.include("what is remembered of that nonce is left aside");
        expect([await chain.timesDone(2n), await chain.mined()]).to.deep.equal([1, 1]);
      });
    });

    it("P92: holds no key", async () => {
      await dyingAt("eth_sendRawTransaction", false);
      expect(readFileSync(journal(), "utf8").toLowerCase()).to.not.include(KEY.slice(2));
    });
  });

  describe("given a journal that cannot be used", () => {
    const whole = async () => {
      await dyingAt("eth_sendRawTransaction", false);
      return readFileSync(journal(), "utf8");
    };
    const changed = async (change: (content: any) => void) => {
      const content = JSON.parse(await whole());
      change(content);
      return JSON.stringify(content);
    };
    const cases: [what: string, content: () => Promise<string>, words: string][] = [
      ["half of one", async () => (await whole()).slice(0, 200), "holds no valid JSON"],
      ["an empty file", async () => "", "holds no valid JSON"],
      ["another shape", async () => '{"version": 2}', "does not hold what it should"],
      ["a damaged transaction", () => changed(({ attempts }) => (attempts[0].raw = "0x02ffff")), "is left aside"],
      ["another nonce than is signed", () => changed((content) => (content.nonce = 7)), "has nonce 0, not 7"],
      [
        "another account's transaction",
        async () => {
          const other = await open({ key: OTHER_KEY });
          void other.run(1n);
          await other.until("sent");
          const name = readdirSync(folder).find((file) => join(folder, file) !== journal())!;
          await chain.reset();
          return readFileSync(join(folder, name), "utf8");
        },
        `is of the account`,
      ],
    ];
    for (const [what, content, words] of cases) {
      it(`P137: ${what}: warns, and goes on by the chain`, async () => {
        writeFileSync(journal(), await content());
        const worker = await open();
        const running = worker.run(1n);
        await worker.until("sent");
        await chain.mine();
        expect(await running).to.include({ outcome: "done" });
        expect(worker.warnings).to.have.length(1);
        expect(worker.warnings[0]).to.include(words).and.include(journal());
        expect([await chain.timesDone(1n), await chain.mined()]).to.deep.equal([1, 1]);
      });
    }

    it("P137: a disk that takes nothing: warns once, and goes on", async () => {
      // A folder in the file's place stands in for a full disk.
      mkdirSync(join(journal(), "full"), { recursive: true });
      const worker = await open();
      for (const item of [1n, 2n]) {
        const running = worker.run(item);
        await worker.until("sent", Number(item));
        await chain.mine();
        expect(await running).to.include({ outcome: "done" });
      }
      expect(worker.warnings.filter((words) => words.includes("cannot be written"))).to.have.length(1);
    });
  });

  describe("given a transaction of this account that it does not know", () => {
    describe("when a block takes it", () => {
      it("P137: after a lost journal finds its work done, and does nothing twice", async () => {
        await dyingAt("eth_sendRawTransaction", true);
        rmSync(journal());
        const worker = await open();
        const running = worker.run(1n);
        await untilTrue(() => worker.warnings.length > 0, "the warning");
        expect(worker.warnings[0]).to.include(`does not know waits at nonce 0 of ${ACCOUNT}`);
        await chain.mine();
        expect(await running).to.include({ outcome: "nothing" });
        expect([await chain.timesDone(1n), await chain.mined()]).to.deep.equal([1, 1]);
      });

      it("P132: of another program, sends at the next nonce", async () => {
        await chain.sendAs(KEY, 0);
        await chain.sendAs(KEY, 1);
        const worker = await open();
        const running = worker.run(1n);
        await untilTrue(() => worker.warnings.length > 0, "the warning");
        await chain.mine();
        expect(await worker.until("sent")).to.include({ nonce: 2 });
        await chain.mine();
        expect(await running).to.include({ outcome: "done" });
        expect(await chain.timesDone(1n)).to.equal(1);
      });
    });

    describe("when no block takes it", () => {
      it("P132: puts what is due in its place, for an eighth more", async () => {
        await chain.sendAs(KEY, 0, { feeGwei: 30n });
        const worker = await open({ settings: { stuckAfterMs: 50 } });
        const running = worker.run(1n);
        const replaced = await worker.until("replaced");
        expect(replaced).to.include({ nonce: 0, maxFeePerGas: 33_750_000_000n });
        await chain.mine();
        expect(await running).to.include({ outcome: "done" });
        expect([await chain.timesDone(1n), await chain.mined()]).to.deep.equal([1, 1]);
      });

      it("P132: outbids what stands at its own nonce, not what somebody else has at the same one", async () => {
        await chain.sendAs(OTHER_KEY, 0, { feeGwei: 50n, tipGwei: 9n });
        const mine = await chain.sendAs(KEY, 0, { feeGwei: 30n });
        // The one that pays better is shown first.
        const [first] = await chain.waiting();
        expect(first).to.include({ from: new Wallet(OTHER_KEY).address.toLowerCase(), nonce: "0x0" });
        const worker = await open({ settings: { stuckAfterMs: 50 } });
        const running = worker.run(1n);
        expect(await worker.until("replaced")).to.include({ nonce: 0, maxFeePerGas: 33_750_000_000n });
        expect(worker.warnings[0]).to.include(`waits at nonce 0 of ${ACCOUNT} (${mine})`);
        await chain.mine();
        expect(await running).to.include({ outcome: "done" });
        expect([await chain.timesDone(1n), await chain.mined(), await chain.mined(OTHER_KEY)]).to.deep.equal([1, 1, 1]);
      });

      it("P131, P132: on a node that does not show it, offers more and more, up to the cap", async () => {
        await chain.sendAs(KEY, 0, { feeGwei: 5n });
        const worker = await open({ settings: { stuckAfterMs: 50, maxReplacements: 32 } });
        worker.seam.before = async (method, params) => {
          if (method === "eth_getBlockByNumber" && params[0] === "pending") throw new Error("unknown block");
        };
        const running = worker.run(1n);
        await worker.until("replaced");
        await chain.mine();
        expect(await running).to.include({ outcome: "done" });
        expect(worker.warnings.join()).to.include("another transaction waits at nonce 0 and offers more");
        expect([await chain.timesDone(1n), await chain.mined()]).to.deep.equal([1, 1]);
      });
    });

    describe("when it takes the nonce of one that is in flight", () => {
      it("P132: says so, and does the work at the next nonce", async () => {
        const worker = await open();
        const running = worker.run(1n);
        const sent = await worker.until("sent");
        await chain.sendAs(KEY, 0, { feeGwei: 50n, tipGwei: 2n });
        await chain.mine();
        const next = await worker.until("sent", 2);
        expect(next.nonce).to.equal(1);
        expect(worker.warnings.join()).to.include(
          `nonce 0 of ${ACCOUNT} was used by a transaction that this keeper did not send`,
        );
        await chain.mine();
        expect(await running).to.include({ outcome: "done", hash: next.hash });
        expect(await chain.provider.getTransactionReceipt(sent.hash)).to.equal(null);
        expect(worker.types()).to.deep.equal(["sent", "displaced", "sent", "confirmed"]);
        expect(await chain.timesDone(1n)).to.equal(1);
      });
    });
  });

  describe("given two queues with the same key and journal at once", () => {
    it("P132, P137: do the work once, and harm each other no further", async () => {
      await chain.provider.send("evm_setAutomine", [true]);
      const pair = [await open(), await open()];
      for (let item = 1n; item <= 8n; item++) {
        const reports = await Promise.all(pair.map((worker) => worker.run(item)));
        expect(reports.filter(({ outcome }) => outcome === "broken")).to.deep.equal([]);
        expect(reports.map(({ outcome }) => outcome)).to.include("done");
        expect(await chain.timesDone(item)).to.equal(1);
      }
      expect(await chain.mined()).to.be.within(8, 16);
    });

    it("P132: when blocks are slow and both replace, still once", async () => {
      const pair = [await open({ settings: { stuckAfterMs: 60 } }), await open({ settings: { stuckAfterMs: 90 } })];
      const running = Promise.all(pair.map((worker) => worker.run(1n)));
      await untilTrue(() => pair.some(({ events }) => events.some(({ type }) => type === "replaced")), "a replacement");
      await chain.mine();
      await chain.provider.send("evm_setAutomine", [true]);
      const reports = await running;
      expect(reports.map(({ outcome }) => outcome))
        .to.include("done")
        .and.not.include("broken");
      expect(await chain.timesDone(1n)).to.equal(1);
    });
  });

  async function doneByTwin(item: bigint) {
    const data = chain.work.interface.encodeFunctionData("work", [item]);
    await chain.sendAs(OTHER_KEY, await chain.mined(OTHER_KEY), { to: await chain.work.getAddress(), data });
    await chain.mine();
    expect(await chain.timesDone(item)).to.equal(1);
  }
});
