// A chain that makes blocks only with transactions: time passes by the clock, and an old newest block is no fault.
import { expect } from "chai";
import { connect } from "@ftns/chain/connect.ts";
import { type TestChain, HOUR, startChain } from "./chain.ts";
import { type Lie, doorTo, honest } from "./liar.ts";
import { outcomes, stageOfKeepers } from "./stage.ts";

describe("keeper on a chain that stands still (P252)", function () {
  this.timeout(120_000);
  const stage = stageOfKeepers();
  const NO_PENDING: Lie = (request, reply) =>
    request.method === "eth_call" && request.params[1] === "pending"
      ? { error: { code: -32_602, message: "no pending" } }
      : reply;

  /** The node's clock goes on and nobody transacts. */
  const passes = (sec: bigint) => stage.chain.provider.send("evm_increaseTime", [Number(sec)]);

  describe("given an automine chain on which nobody transacts", () => {
    it("reports when the hour is over by the clock, without a block in between (seen: it waited for ever)", async () => {
      const keeper = await stage.open();
      expect(outcomes(await keeper.runOnce(["report-price"]))).to.deep.equal({ "report-price": "done" });
      const block = await stage.chain.provider.getBlockNumber();
      await passes(HOUR);
      // The market goes on, too.
      const { source } = stage.live;
      const live = { ...source, read: async () => ({ ...(await source.read()), observedAt: (await stage.chain.now()) + HOUR }) };
      const later = await stage.open({}, { sources: [live] });
      const reports = await later.runOnce(["report-price"]);
      expect(outcomes(reports), reports[0]!.reason).to.deep.equal({ "report-price": "done" });
      expect(await stage.chain.provider.getBlockNumber()).to.equal(block + 1);
    });
    it("takes a block that is half a minute old for the present one", async () => {
      const chain = await connect({
        rpcUrls: [stage.chain.url],
        chainId: 31_337,
        timeoutMs: 5_000,
        quorum: 1,
        maxClockSkewSec: 0,
        blocksOnDemand: true,
      });
      const block = await stage.chain.now();
      await passes(20n);
      expect((await chain.latest()).timestamp).to.equal(block);
      await passes(15n);
      const { timestamp, tag } = await chain.latest();
      expect([timestamp >= block + 35n, tag]).to.deep.equal([true, "pending"]);
      chain.close();
    });
  });

  describe("given a chain whose time is the world's, whose newest block is hours old", () => {
    let chain: TestChain;
    let door: Awaited<ReturnType<typeof doorTo>>;
    before(async () => {
      // Its node's clock is ours; the newest block is made to be three hours old.
      chain = await startChain();
      door = await doorTo(chain.url);
    });
    after(async () => {
      await door.close();
      await chain.close();
    });
    beforeEach(() => (door.lie = honest));
    const open = (change: object) =>
      connect({ rpcUrls: [door.url], chainId: 31_337, timeoutMs: 5_000, quorum: 1, maxClockSkewSec: 300, ...change });
    const aged: Lie = (request, reply) => {
      if (request.method !== "eth_getBlockByNumber" || !("result" in reply)) return reply;
      const block = reply.result as { timestamp: string };
      return { result: { ...block, timestamp: `0x${(Math.floor(Date.now() / 1_000) - 10_800).toString(16)}` } };
    };

    it("reads it, as of now (seen: it was refused as stale)", async () => {
      door.lie = aged;
      const still = await open({ blocksOnDemand: true });
      const { timestamp, tag } = await still.latest();
      expect(Math.round(Number(timestamp) - Date.now() / 1_000)).to.be.within(-300, 300);
      expect(tag).to.equal("pending");
      still.close();
    });
    it("refuses it where blocks come by themselves", async () => {
      door.lie = aged;
      const steady = await open({ blocksOnDemand: false });
      expect(await steady.latest().catch((error: Error) => error.message)).to.include("more than 300 s apart");
      steady.close();
    });
    it("tells a node that takes pending for the latest our own time, and all that it is asked is as of then", async () => {
      const asked: unknown[][] = [];
      door.lie = (request, reply) => {
        if (request.method === "eth_call" && request.params.length === 4) {
          asked.push([...request.params]);
          const { time } = request.params[3] as { time: string };
          return { result: `0x${BigInt(time).toString(16).padStart(64, "0")}` };
        }
        return NO_PENDING(request, aged(request, reply));
      };
      const still = await open({ blocksOnDemand: true });
      const head = await still.latest();
      expect(Math.abs(Number(head.timestamp) - Date.now() / 1_000) < 5).to.equal(true);
      await still.provider.call({ to: chain.addresses.feed, data: "0x12345678", blockTag: head.tag! });
      expect(asked).to.have.length(2);
      for (const [, block, , overrides] of asked) {
        expect([block, overrides]).to.deep.equal([`0x${head.number.toString(16)}`, { time: `0x${head.timestamp.toString(16)}` }]);
      }
      still.close();
    });
    it("takes the latest block where a node calls in its pending one and estimates no gas there (seen: every job was broken)", async () => {
      const own = Math.floor(Date.now() / 1_000);
      let estimates = 0;
      door.lie = (request, reply) => {
        if (request.method === "eth_estimateGas" && request.params[1] === "pending") {
          estimates++;
          return { error: { code: -32_602, message: "pending is not supported" } };
        }
        if (request.method === "eth_call" && request.params[1] === "pending")
          return { result: `0x${own.toString(16).padStart(64, "0")}` };
        if (request.method === "eth_call" && request.params.length === 4)
          return { error: { code: -32_602, message: "too many arguments, want at most 2" } };
        return aged(request, reply);
      };
      const still = await open({ blocksOnDemand: true });
      for (let look = 0; look < 3; look++) {
        const head = await still.latest();
        expect(head.tag).to.equal(undefined);
        expect(Math.abs(Number(head.timestamp) - (own - 10_800)) < 5).to.equal(true);
      }
      expect(estimates).to.equal(1);
      still.close();
    });
    it("does not believe a pending block far from our clock", async () => {
      door.lie = (request, reply) =>
        request.method === "eth_call" && request.params[1] === "pending"
          ? { result: `0x${(Math.floor(Date.now() / 1_000) + 3_600).toString(16).padStart(64, "0")}` }
          : request.method === "eth_call"
            ? { error: { code: -32_602, message: "too many arguments, want at most 2" } }
            : aged(request, reply);
      const still = await open({ blocksOnDemand: true });
      const head = await still.latest();
      expect(Math.abs(Number(head.timestamp) - (Date.now() / 1_000 - 10_800)) < 5).to.equal(true);
      still.close();
    });
  });
});
