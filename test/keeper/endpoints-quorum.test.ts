import { expect } from "chai";
import { id as hashOf, isError } from "ethers";
import type { Endpoints, EndpointsSettings } from "@ftns/chain/endpoints.ts";
import { connect } from "@ftns/chain/connect.ts";
import { ServiceError } from "@ftns/service/errors.ts";
import {
  type FakeNode,
  NODE_CHAIN_ID,
  NODE_KEY,
  NodeError,
  type World,
  blockAt,
  endpointsOver,
  newWorld,
  startNode,
  ways,
} from "./nodes.ts";

const CALL = [{ to: `0x${"11".repeat(20)}`, data: "0x01" }, "0x3e8"];
const TRUE = hashOf(`call ${JSON.stringify(CALL)}`);

describe("a quorum of RPC endpoints", function () {
  this.timeout(20_000);
  let world: World;
  let nodes: FakeNode[];
  let a: FakeNode, b: FakeNode, c: FakeNode;
  const opened: { destroy(): void }[] = [];

  before(async () => {
    world = newWorld();
    nodes = await Promise.all([0, 1, 2].map(() => startNode(world)));
    [a, b, c] = nodes as [FakeNode, FakeNode, FakeNode];
  });
  beforeEach(() => Object.assign(world, newWorld()));
  afterEach(() => {
    for (const rpc of opened.splice(0)) rpc.destroy();
    for (const node of nodes) node.heal();
  });
  after(() => Promise.all(nodes.map((node) => node.close())));

  const open = async (change: Partial<EndpointsSettings> = {}, over: readonly FakeNode[] = nodes) => {
    const result = await endpointsOver(over, { quorum: 2, ...change });
    opened.push(result.rpc);
    return result;
  };
  const call = (rpc: Endpoints) => rpc.send("eth_call", CALL);
  const latest = (rpc: Endpoints) => rpc.send("eth_getBlockByNumber", ["latest", false]);
  const refusalOf = async (doing: Promise<unknown>): Promise<ServiceError> => {
    const result = await doing.catch((error: unknown) => error);
    if (result instanceof ServiceError) return result;
    return expect.fail(`not refused: ${String(result)}`);
  };
  const requests = () => nodes.map(({ asked }) => asked.length);

  describe("given that all agree", () => {
    it("P118: asks no more than it needs, in one request each: a quorum for a read, one liar more for a number", async () => {
      const { rpc } = await open();
      await Promise.all([call(rpc), rpc.send("eth_getCode", ["0x11", "0x1"])]);
      expect(requests()).to.deep.equal([1, 1, 0]);
      await Promise.all([call(rpc), rpc.send("eth_blockNumber", [])]);
      expect(requests()).to.deep.equal([2, 2, 1]);
      expect(c.asked).to.deep.equal([["eth_blockNumber"]]);
      await latest(rpc);
      expect(requests()).to.deep.equal([3, 3, 2]);
    });
  });

  describe("given one of three that lies", () => {
    const lies: [string, (node: FakeNode) => void][] = [
      ["makes up a value", (node) => (node.lies["eth_call"] = () => hashOf("lie"))],
      ["makes up a revert", (node) => (node.lies["eth_call"] = () => new NodeError(3, "execution reverted", "0xdeadbeef"))],
      ["makes up a height", (node) => (node.lies["eth_blockNumber"] = () => "0xffffffff")],
      ["says a height that is far too low", (node) => (node.lies["eth_blockNumber"] = () => "0x1")],
      ["is ahead of the chain", (node) => (node.lag = -200)],
      ["is behind", (node) => (node.lag = 200)],
      ["froze a minute ago", (node) => (node.frozen = { height: world.height - 5, time: world.time - 60 })],
      ["froze last week", (node) => (node.frozen = { height: 10, time: world.time - 604_800 })],
      [
        "shows a newest block of its own",
        (node) => (node.lies["eth_getBlockByNumber"] = () => blockAt(1_000, world.time, "fork")),
      ],
      ["bends the newest block's time", (node) => (node.lies["eth_getBlockByNumber"] = () => blockAt(1_000, world.time + 200))],
      ["estimates too little gas", (node) => (node.lies["eth_estimateGas"] = () => "0x1")],
      ["estimates far too much gas", (node) => (node.lies["eth_estimateGas"] = () => "0x77359400")],
      ["makes up a nonce", (node) => (node.lies["eth_getTransactionCount"] = () => "0x270f")],
      [
        "makes up a receipt",
        (node) =>
          (node.lies["eth_getTransactionReceipt"] = ([hash]) => {
            return { transactionHash: hash, blockHash: hashOf("b"), blockNumber: "0x1", status: "0x1", logs: [] };
          }),
      ],
      ["hangs", (node) => (node.way = ways.hang)],
      ["truncates", (node) => (node.way = ways.truncate)],
      ["has no such block", (node) => (node.way = ways.error({ code: -32_000, message: "header not found" }))],
    ];
    for (const [name, lie] of lies) {
      it(`P117: nothing changes when it ${name}, whichever of the three it is`, async () => {
        for (const liar of nodes) {
          const { rpc } = await open();
          lie(liar);
          const [value, height, head, gas, nonce, receipt] = await Promise.all([
            call(rpc),
            rpc.send("eth_blockNumber", []),
            latest(rpc),
            rpc.send("eth_estimateGas", [CALL[0], "0x3e8"]),
            rpc.send("eth_getTransactionCount", ["0x11", "pending"]),
            rpc.send("eth_getTransactionReceipt", [hashOf("t")]),
          ]);
          expect([value, height, gas, nonce, receipt]).to.deep.equal([TRUE, "0x3e8", "0x186a0", "0x5", null]);
          expect(head).to.deep.include({
            number: "0x3e8",
            hash: hashOf("block 1000"),
            timestamp: `0x${world.time.toString(16)}`,
          });
          rpc.destroy();
          for (const node of nodes) node.heal();
        }
      });
    }
    it("has it rest, and says so", async () => {
      const { rpc, lines } = await open();
      a.lies["eth_call"] = () => hashOf("lie");
      await call(rpc);
      expect(rpc.statuses[0]!.lastFailure?.reason).to.equal("says something else than others (eth_call)");
      expect(lines).to.deep.equal([`The RPC endpoint at ${a.host} says something else than others (eth_call); others stand in.`]);
      nodes.forEach((node) => (node.asked.length = 0));
      await call(rpc);
      expect(requests()).to.deep.equal([0, 1, 1]);
    });
  });

  describe("given heads that differ", () => {
    it("has an endpoint rest that shows another block of the same height", async () => {
      const { rpc } = await open();
      b.lies["eth_getBlockByNumber"] = () => blockAt(1_000, world.time, "fork");
      await latest(rpc);
      expect(rpc.statuses.map(({ healthy }) => healthy)).to.deep.equal([true, false, true]);
    });
    it("takes the newest block that a quorum has", async () => {
      const { rpc } = await open();
      a.lag = 1;
      c.lag = -1;
      expect((await latest(rpc)).hash).to.equal(hashOf("block 1000"));
    });
    it("P117: falls back by a block when a liar stands beside two honest ones that differ by one", async () => {
      const { rpc } = await open();
      a.lies["eth_getBlockByNumber"] = () => blockAt(999_999, world.time);
      b.lag = 1;
      expect((await latest(rpc)).hash).to.equal(hashOf("block 999"));
    });
    it("refuses when two branches stand against each other, and says who said what", async () => {
      const { rpc } = await open({}, [a, b]);
      a.lies["eth_getBlockByNumber"] = () => blockAt(1_000, world.time, "fork");
      const { advice } = await refusalOf(latest(rpc));
      expect(advice).to.include("Fewer than 2 of 2 RPC endpoints agree on eth_getBlockByNumber");
      expect(advice).to.include(`${a.host}: block 1000 (`).and.include(`${b.host}: block 1000 (`);
    });
  });

  describe("given too few that agree", () => {
    it("P117: fails, and says who said what, without keys", async () => {
      const { rpc } = await open();
      a.lies["eth_call"] = () => `0x${"ab".repeat(96)}`;
      b.lies["eth_call"] = () => new NodeError(3, `execution reverted ${NODE_KEY}`, "0xdeadbeef");
      c.way = ways.error({ code: -32_005, message: `limit of ${NODE_KEY} reached` });
      const { advice } = await refusalOf(call(rpc));
      expect(advice).to.equal(
        `Fewer than 2 of 3 RPC endpoints agree on eth_call: ${a.host}: 0xabababab...abababab; ` +
          `${b.host}: reverted with 0xdeadbeef; ${c.host} answered eth_call with "limit of [secret] reached". ` +
          "Check that the node is running and chain.rpcUrls.",
      );
    });
    it("P117: two that lie differently change nothing in what the third alone cannot prove", async () => {
      const { rpc } = await open();
      a.lies["eth_call"] = () => hashOf("one lie");
      b.lies["eth_call"] = () => hashOf("another lie");
      expect((await refusalOf(call(rpc))).advice).to.include("Fewer than 2 of 3");
    });
  });

  describe("given two of three that die", () => {
    it("P115: fails clearly, and recovers by itself when one comes back", async () => {
      const { rpc } = await open();
      a.way = ways.drop;
      b.way = ways.status(503);
      for (let i = 0; i < 3; i++) {
        const { advice } = await refusalOf(call(rpc));
        expect(advice).to.include(`${c.host}: 0x`).and.include(`${a.host} cannot be reached`);
        expect(advice).to.include(`${b.host} answered with HTTP status 503`);
      }
      b.heal();
      expect(await call(rpc)).to.equal(TRUE);
    });
  });

  describe("given a transaction", () => {
    const hash = hashOf("t");
    const receipt = { transactionHash: hash, blockHash: hashOf("b"), blockNumber: "0x1", status: "0x1", logs: [] };
    it("P117: is in a block only when a quorum says so", async () => {
      const { rpc } = await open();
      b.lies["eth_getTransactionReceipt"] = () => receipt;
      expect(await rpc.send("eth_getTransactionReceipt", [hash])).to.equal(null);
      c.lies["eth_getTransactionReceipt"] = () => ({ ...receipt, extra: "of its client" });
      expect(await rpc.send("eth_getTransactionReceipt", [hash])).to.deep.equal(receipt);
      expect(rpc.statuses.map(({ failures }) => failures)).to.deep.equal([0, 0, 0]);
    });
    it("P117: reverts only when a quorum says so", async () => {
      const { rpc } = await open();
      for (const node of [a, c]) node.lies["eth_call"] = () => new NodeError(3, `words of ${node.host}`, "0xdeadbeef");
      const error = await call(rpc).catch((thrown: unknown) => thrown);
      expect(isError(error, "CALL_EXCEPTION") && error.data).to.equal("0xdeadbeef");
    });
  });

  describe("clocks", () => {
    const connected = async (quorum: number, maxClockSkewSec: number) => {
      const settings = { chainId: NODE_CHAIN_ID, timeoutMs: 1_000, quorum, maxClockSkewSec };
      const chain = await connect({ ...settings, rpcUrls: nodes.map(({ url }) => url) });
      opened.push({ destroy: () => chain.close() });
      return chain;
    };
    const hourOld = () => ({ height: 640, time: Math.floor(Date.now() / 1_000) - 3_600 });
    it("P119: a newest block that is too old or from the future is refused, with both times", async () => {
      for (const offset of [-3_600, 3_600]) {
        world.time = Math.floor(Date.now() / 1_000) + offset;
        const chain = await connected(1, 300);
        const { advice } = await refusalOf(chain.latest());
        expect(advice).to.include(`has block 1000 of ${new Date(world.time * 1_000).toISOString().slice(0, 19)}Z as its newest`);
        expect(advice).to.match(/this machine's clock says 2\d{3}-.*more than 300 s apart/);
        expect(advice).to.include("chain.maxClockSkewSec");
      }
    });
    it("P119: a stuck endpoint is replaced by one that is not", async () => {
      a.frozen = hourOld();
      const chain = await connected(1, 300);
      expect((await chain.latest()).number).to.equal(1_000);
      expect(chain.endpoints().map(({ healthy, height }) => [healthy, height])).to.deep.equal([
        [false, 640],
        [true, 1_000],
        [true, undefined],
      ]);
    });
    it("any time is good where the chain's is not the world's", async () => {
      world.time = 1_000_000;
      const chain = await connected(2, 0);
      expect((await chain.latest()).timestamp).to.equal(1_000_000n);
    });
  });

  describe("load", () => {
    it("P118: hundreds of reads at once are agreed on with a liar and a hanging endpoint among five", async () => {
      const more = await Promise.all([startNode(world), startNode(world)]);
      try {
        const { rpc } = await open({}, [...nodes, ...more]);
        a.lies["eth_call"] = () => hashOf("lie");
        b.way = ways.hang;
        const calls = Array.from({ length: 300 }, (_, index) => [CALL[0], `0x${(index + 1).toString(16)}`]);
        const answers = await Promise.all(calls.map((params) => rpc.send("eth_call", params)));
        expect(answers).to.deep.equal(calls.map((params) => hashOf(`call ${JSON.stringify(params)}`)));
        // Batches of a hundred.
        expect(c.asked.length).to.be.at.most(3);
      } finally {
        await Promise.all(more.map((node) => node.close()));
      }
    });
  });
});
