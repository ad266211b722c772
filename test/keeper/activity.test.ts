import { expect } from "chai";
import { network } from "hardhat";
import { type Chain, connect } from "@ftns/chain/connect.ts";
import { type Judge, TransactionCounter } from "@ftns/chain/activity.ts";
import { firstBlockAt } from "@ftns/chain/blocks.ts";
import { ServiceError } from "@ftns/service/errors.ts";
import { type Bridge, bridgeTo } from "./bridge.ts";
import { chainOf } from "./chain.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;

const deploy = () => ethers.deployContract("DemoDollar");

describe("what the blocks say", () => {
  let bridge: Bridge;
  let chain: Chain;
  let target: Awaited<ReturnType<typeof deploy>>;
  let elsewhere: typeof target;
  let clean: Awaited<ReturnType<typeof networkHelpers.takeSnapshot>>;

  before(async () => {
    bridge = await bridgeTo(connection);
    chain = await connect({ ...chainOf(bridge.url), timeoutMs: 5_000, quorum: 1 });
    target = await deploy();
    elsewhere = await deploy();
    await networkHelpers.time.increase(90_000);
    clean = await networkHelpers.takeSnapshot();
  });
  afterEach(async () => {
    bridge.fail();
    await clean.restore();
    bridge.asked.length = 0;
  });
  after(() => {
    chain.close();
    return bridge.close();
  });

  const anybody: Judge = { knows: () => true, members: async (accounts) => new Set(accounts), leastFailed: 0n };
  const counter = async (maxBlocks = 1_000, judge = anybody) =>
    new TransactionCounter(chain, { to: [await target.getAddress()], maxBlocks }, judge);
  const count = async (by: TransactionCounter) => by.count(await chain.latest());
  /** Account `from` sends something. */
  const send = async (what: "ok" | "fails" | "elsewhere", from = 0) => {
    const sender = (await ethers.getSigners())[from];
    const contract = what === "elsewhere" ? elsewhere : target;
    // No function of a token has this selector.
    const data = what === "fails" ? "0xffffffff" : contract.interface.encodeFunctionData("approve", [sender!.address, 1n]);
    await sender!.sendTransaction({ to: await contract.getAddress(), data, gasLimit: 100_000n }).catch(() => undefined);
  };
  const asksFor = (method: string) => bridge.asked.filter((asked) => asked === method).length;

  describe("TransactionCounter", () => {
    it("P203: counts accounts and not calls, those whose calls failed, and nobody who sends elsewhere", async () => {
      for (const [what, from] of [
        ["ok", 0],
        ["fails", 1],
        ["elsewhere", 2],
        ["fails", 1],
        ["ok", 1],
        ["ok", 3],
        ["fails", 3],
      ] as const)
        await send(what, from);
      expect(await count(await counter())).to.deep.equal({ txTotal: 3n, txFailed: 2n, sendersDay: 3n });
    });

    it("P203: a stranger who fails ten times is one account (seen: it opened NETWORK_ATTACK)", async () => {
      for (let i = 0; i < 10; i++) await send("fails", 5);
      expect(await count(await counter())).to.deep.equal({ txTotal: 1n, txFailed: 1n, sendersDay: 1n });
    });

    it("forgets what is an hour old, and of the day's senders what is a day old, to the second", async () => {
      await send("fails");
      const at = (await chain.latest()).timestamp;
      const [kept, fresh] = [await counter(), await counter()];
      await count(kept);
      for (const [age, counts] of [
        [3_599n, { txTotal: 1n, txFailed: 1n, sendersDay: 1n }],
        [3_600n, { txTotal: 0n, txFailed: 0n, sendersDay: 1n }],
        [86_399n, { txTotal: 0n, txFailed: 0n, sendersDay: 1n }],
        [86_400n, { txTotal: 0n, txFailed: 0n, sendersDay: 0n }],
      ] as const) {
        await networkHelpers.time.increaseTo(at + age);
        expect(await count(kept)).to.deep.equal(counts);
      }
      expect(await count(fresh)).to.deep.equal({ txTotal: 0n, txFailed: 0n, sendersDay: 0n });
    });

    it("P112: counts the same with its memory as anew, and asks for new blocks only", async () => {
      const kept = await counter();
      for (let i = 0; i < 130; i++) await send(i % 3 === 0 ? "fails" : "ok", i % 15);
      expect(await count(kept)).to.deep.equal({ txTotal: 15n, txFailed: 5n, sendersDay: 15n });
      for (const [what, from] of [
        ["fails", 16],
        ["elsewhere", 17],
        ["ok", 18],
      ] as const)
        await send(what, from);
      bridge.asked.length = 0;
      expect(await count(kept)).to.deep.equal({ txTotal: 17n, txFailed: 6n, sendersDay: 17n });
      // The head, the last known block again, and three new ones; receipts of ours alone.
      expect(asksFor("eth_getBlockByNumber")).to.equal(5);
      expect(asksFor("eth_getTransactionReceipt")).to.equal(2);
      expect(await count(await counter())).to.deep.equal({ txTotal: 17n, txFailed: 6n, sendersDay: 17n });
    });

    it("P112: starts afresh when the chain has replaced blocks that it knew", async () => {
      const kept = await counter();
      await send("ok");
      const fork = await networkHelpers.takeSnapshot();
      await send("fails", 1);
      await send("fails", 2);
      expect(await count(kept)).to.deep.equal({ txTotal: 3n, txFailed: 2n, sendersDay: 3n });
      await fork.restore();
      await networkHelpers.time.increase(5);
      for (const [what, from] of [
        ["ok", 3],
        ["ok", 4],
        ["elsewhere", 5],
      ] as const)
        await send(what, from);
      expect(await count(kept)).to.deep.equal({ txTotal: 3n, txFailed: 0n, sendersDay: 3n });
    });

    it("gives no number when a receipt is missing, and loses nothing by it", async () => {
      const kept = await counter();
      await count(kept);
      await send("fails");
      bridge.fail((method) => method === "eth_getTransactionReceipt");
      expect(await count(kept).catch((error: unknown) => error)).to.be.instanceOf(Error);
      bridge.fail();
      expect(await count(kept)).to.deep.equal({ txTotal: 1n, txFailed: 1n, sendersDay: 1n });
    });

    it("refuses a day with more blocks than allowed", async () => {
      for (let i = 0; i < 60; i++) await networkHelpers.mine();
      const refused = await count(await counter(40)).catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(ServiceError);
      expect((refused as ServiceError).advice)
        .to.include("more than 40 blocks")
        .and.include("maxBlocks");
    });
  });

  describe("firstBlockAt", () => {
    it("is the first block at or after a time, for every block of a long chain", async () => {
      for (let i = 0; i < 400; i++) await networkHelpers.mine();
      const head = await chain.latest();
      for (let number = head.number; number > head.number - 400; number -= 37) {
        const { timestamp } = (await ethers.provider.getBlock(number))!;
        expect(await firstBlockAt(chain, head, BigInt(timestamp))).to.equal(number);
      }
      expect(await firstBlockAt(chain, head, 0n)).to.equal(0);
      expect(await firstBlockAt(chain, head, head.timestamp + 1n)).to.equal(head.number);
    });
  });
});
