import { inspect } from "node:util";
import { expect } from "chai";
import { id as hashOf, isError, keccak256 } from "ethers";
import { Endpoint, hostsOf } from "@ftns/chain/endpoint.ts";
import type { Endpoints, EndpointsSettings } from "@ftns/chain/endpoints.ts";
import { ServiceError } from "@ftns/service/errors.ts";
import {
  type FakeNode,
  NODE_KEY,
  NodeError,
  type Way,
  type World,
  endpointsOver,
  newWorld,
  startNode,
  until,
  ways,
} from "./nodes.ts";

const CALL = [{ to: `0x${"11".repeat(20)}`, data: "0x01" }, "0x3e8"];
const ANSWER = hashOf(`call ${JSON.stringify(CALL)}`);

describe("several RPC endpoints", function () {
  this.timeout(20_000);
  const world: World = newWorld();
  let nodes: FakeNode[];
  let a: FakeNode, b: FakeNode, c: FakeNode;
  const opened: Endpoints[] = [];

  before(async () => {
    nodes = await Promise.all([0, 1, 2].map(() => startNode(world)));
    [a, b, c] = nodes as [FakeNode, FakeNode, FakeNode];
  });
  afterEach(() => {
    for (const rpc of opened.splice(0)) rpc.destroy();
    for (const node of nodes) node.heal();
  });
  after(() => Promise.all(nodes.map((node) => node.close())));

  const open = async (over: readonly FakeNode[] = nodes, change: Partial<EndpointsSettings> = {}) => {
    const result = await endpointsOver(over, change);
    opened.push(result.rpc);
    return result;
  };
  const call = (rpc: Endpoints) => rpc.send("eth_call", CALL);
  const refusalOf = async (doing: Promise<unknown>): Promise<ServiceError> => {
    const result = await doing.catch((error: unknown) => error);
    if (result instanceof ServiceError) return result;
    return expect.fail(`not refused: ${String(result)}`);
  };
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  describe("at the start", () => {
    describe("given an endpoint of another chain", () => {
      it("P113: refuses to start with it alone, and names both chains", async () => {
        a.chainId = 8;
        expect((await refusalOf(open([a]))).advice)
          .to.include(`${a.host} serves chain 8, but the configuration says chain 7`)
          .and.include("Nothing was sent");
      });
      it("P113: leaves it out loudly when others suffice, and asks it nothing", async () => {
        a.chainId = 8;
        const { rpc, lines } = await open();
        expect(lines.join()).to.include(`${a.host} serves chain 8`);
        expect(await call(rpc)).to.equal(ANSWER);
        expect(a.asked).to.deep.equal([]);
        expect(rpc.statuses.map(({ healthy }) => healthy)).to.deep.equal([false, true, true]);
      });
      it("P113: refuses to start when fewer than the quorum are left", async () => {
        a.chainId = 8;
        b.way = ways.status(503);
        const { advice } = await refusalOf(open(nodes, { quorum: 2 }));
        expect(advice).to.include("Of 3 RPC endpoints 1 can be used, and chain.quorum asks for 2");
        expect(advice).to.include(`${a.host} serves chain 8`).and.include(`${b.host} answered with HTTP status 503`);
      });
    });
    describe("given an endpoint that comes back as another chain", () => {
      it("P113: believes it no more", async () => {
        const { rpc, lines } = await open([a, b]);
        a.way = ways.drop;
        await call(rpc);
        a.heal();
        a.chainId = 8;
        a.lies["eth_call"] = () => hashOf("the other chain");
        await pause(1_100);
        expect(await call(rpc)).to.equal(ANSWER);
        await until(() => lines.some((line) => line.includes(`${a.host} serves chain 8`)));
        b.way = ways.drop;
        const { advice } = await refusalOf(call(rpc));
        expect(advice).to.include(`${a.host} serves chain 8`).and.include(`${b.host} cannot be reached`);
      });
    });
    describe("given one endpoint under two names", () => {
      it("P117: refuses to start, for it would agree with itself", async () => {
        const { advice } = await refusalOf(open([a, b, a], { quorum: 2 }));
        expect(advice).to.include("chain.rpcUrls.2: this endpoint is listed twice").and.not.include(NODE_KEY);
      });
    });
    describe("given an endpoint that is down", () => {
      it("starts without it, and takes it in when it comes up", async () => {
        a.way = ways.drop;
        const { rpc, lines } = await open();
        expect(await call(rpc)).to.equal(ANSWER);
        a.heal();
        await pause(1_100);
        await call(rpc); // has it looked after on the side
        await until(() => rpc.statuses[0]!.healthy);
        b.asked.length = 0;
        await call(rpc);
        expect(a.asked).to.deep.equal([["eth_chainId"], ["eth_call"]]);
        expect(b.asked).to.deep.equal([]);
        expect(lines.at(-1)).to.include(`${a.host} can be used again`);
      });
    });
  });

  describe("one answer is enough", () => {
    it("asks the preferred endpoint alone, and what is asked together in one request", async () => {
      const { rpc } = await open();
      const answers = await Promise.all([
        call(rpc),
        rpc.send("eth_blockNumber", []),
        rpc.send("eth_getCode", ["0x11", "latest"]),
      ]);
      expect(answers).to.deep.equal([ANSWER, "0x3e8", "0x1234"]);
      expect(nodes.map(({ asked }) => asked)).to.deep.equal([[["eth_call", "eth_blockNumber", "eth_getCode"]], [], []]);
    });

    const faults: [string, Way, string][] = [
      ["hangs", ways.hang, "did not answer in time"],
      ["drops the connection", ways.drop, "cannot be reached"],
      ["closes the connection halfway", ways.cut, "cannot be reached"],
      ["answers 500", ways.status(500), "HTTP status 500"],
      ["answers 429", ways.status(429, { "retry-after": "60" }), "HTTP status 429"],
      ["answers HTML", ways.html, "no valid JSON"],
      ["truncates its JSON", ways.truncate, "no valid JSON"],
      ["answers other ids", ways.wrongId, "left out an answer"],
      ["answers a batch with one error", ways.oneError, "gave no list"],
      ["is limited", ways.error({ code: -32_005, message: "daily request count exceeded" }), "daily request count exceeded"],
      ["is broken inside", ways.error({ code: -32_603, message: "Internal error" }), "Internal error"],
      ["has no such header", ways.error({ code: -32_000, message: "header not found" }), "header not found"],
      ["has no such state", ways.error({ code: -32_000, message: "missing trie node 4f2a (path )" }), "missing trie node"],
    ];
    for (const [name, way, words] of faults) {
      it(`P114: another one answers when it ${name}, and the first is not asked every time`, async () => {
        const { rpc, lines } = await open();
        a.way = way;
        const both = () => Promise.all([call(rpc), rpc.send("eth_getCode", ["0x11", "0x1"])]);
        for (let i = 0; i < 3; i++) expect(await both()).to.deep.equal([ANSWER, "0x1234"]);
        // When its rest is over it is asked to prove itself, on the side.
        expect(a.asked.filter((methods) => methods.includes("eth_call"))).to.have.length(1);
        expect(b.asked).to.have.length(3);
        expect(c.asked).to.have.length(0);
        expect(rpc.statuses[0]!.healthy).to.equal(false);
        expect(rpc.statuses[0]!.lastFailure?.reason).to.include(words);
        expect(lines[0]).to.include(`The RPC endpoint at ${a.host}`).and.include(words);
      });
      it(`with no other one it fails in words when it ${name}`, async () => {
        const { rpc } = await open([a]);
        a.way = way;
        const both = Promise.all([call(rpc), rpc.send("eth_getCode", ["0x11", "0x1"])]);
        const { advice } = await refusalOf(both);
        expect(advice).to.include(`The RPC endpoint at ${a.host}`).and.include(words).and.include("chain.rpcUrls");
      });
    }

    it("P114: takes what is good of a batch and has the rest from another", async () => {
      const { rpc } = await open();
      a.way = ways.omitLast;
      expect(await Promise.all([call(rpc), rpc.send("eth_blockNumber", [])])).to.deep.equal([ANSWER, "0x3e8"]);
      expect(b.asked).to.deep.equal([["eth_blockNumber"]]);
    });
    it("P114: believes neither of two answers to one call", async () => {
      const { rpc } = await open();
      a.way = ways.twice;
      expect(await Promise.all([call(rpc), rpc.send("eth_blockNumber", [])])).to.deep.equal([ANSWER, "0x3e8"]);
      expect(b.asked).to.deep.equal([["eth_call", "eth_blockNumber"]]);
    });
    it("P113: is not led to another server", async () => {
      const { rpc } = await open();
      a.way = ways.status(307, { location: c.url });
      expect(await call(rpc)).to.equal(ANSWER);
      expect([b, c].map(({ asked }) => asked.length)).to.deep.equal([1, 0]);
    });
    it("tells answers of a batch by their ids, not by their places", async () => {
      const { rpc } = await open();
      a.way = ways.reverse;
      expect(await Promise.all([call(rpc), rpc.send("eth_blockNumber", [])])).to.deep.equal([ANSWER, "0x3e8"]);
      expect(b.asked).to.deep.equal([]);
    });

    const shapes: [string, readonly unknown[], unknown, unknown][] = [
      ["eth_blockNumber", [], 1_000, "0x3e8"],
      ["eth_call", CALL, "0x123", ANSWER],
      [
        "eth_getTransactionReceipt",
        [hashOf("t")],
        { transactionHash: hashOf("u"), blockHash: "0x1", blockNumber: "0x1", logs: [] },
        null,
      ],
      ["eth_getBlockByNumber", ["0x3e8", false], {}, undefined],
      ["eth_getBlockByNumber", ["0x3e8", false], null, undefined],
    ];
    for (const [method, params, lie, truth] of shapes) {
      it(`P114: does not believe ${JSON.stringify(lie)?.slice(0, 30)} as an answer to ${method}`, async () => {
        const { rpc } = await open();
        a.lies[method] = () => lie;
        const answer = await rpc.send(method, [...params]);
        if (truth === undefined) expect(answer.hash).to.equal(hashOf("block 1000"));
        else expect(answer).to.equal(truth);
      });
    }

    it("takes a revert as an answer, with its data, and asks nobody else", async () => {
      const { rpc } = await open();
      a.lies["eth_call"] = () => new NodeError(-32_603, "VM Exception: reverted", { message: "reverted", data: "0x12345678" });
      const error = await call(rpc).catch((thrown: unknown) => thrown);
      expect(isError(error, "CALL_EXCEPTION") && error.data).to.equal("0x12345678");
      expect(b.asked).to.deep.equal([]);
      expect(rpc.statuses[0]!.failures).to.equal(0);
    });
    it("never takes a node's trouble for a revert", async () => {
      const { rpc } = await open([a]);
      a.way = ways.error({ code: -32_000, message: "missing trie node" });
      expect((await refusalOf(rpc.send("eth_estimateGas", [CALL[0]]))).advice).to.include("missing trie node");
    });
    it("asks others when a node does not know a method, and believes it when none does", async () => {
      const { rpc } = await open();
      a.lies["eth_maxPriorityFeePerGas"] = () => new NodeError(-32_601, "method not found");
      expect(await rpc.send("eth_maxPriorityFeePerGas", [])).to.equal("0x1234");
      for (const node of nodes) node.lies["eth_maxPriorityFeePerGas"] = a.lies["eth_maxPriorityFeePerGas"]!;
      const error = await rpc.send("eth_maxPriorityFeePerGas", []).catch((thrown: unknown) => thrown);
      expect(isError(error, "UNKNOWN_ERROR")).to.equal(true);
      expect(rpc.statuses.map(({ failures }) => failures)).to.deep.equal([0, 0, 0]);
    });
    it("believes an only node that it does not know a method", async () => {
      const { rpc } = await open([a]);
      a.lies["eth_maxPriorityFeePerGas"] = () => new NodeError(-32_601, "method not found");
      const error = await rpc.send("eth_maxPriorityFeePerGas", []).catch((thrown: unknown) => thrown);
      expect(isError(error, "UNKNOWN_ERROR") && (error as any).error?.message).to.equal("method not found");
    });
  });

  describe("when all are in trouble", () => {
    it("P115: goes on trying the least bad, so that it is back as soon as one of them is", async () => {
      const { rpc } = await open();
      for (const node of nodes) node.way = ways.status(500);
      for (let i = 0; i < 4; i++) {
        const { advice } = await refusalOf(call(rpc));
        expect(advice).to.include("None of 3 RPC endpoints answers eth_call");
      }
      c.heal();
      expect(await call(rpc)).to.equal(ANSWER);
    });
    it("P115: waits as long as it is asked to when that is short, and then asks again", async () => {
      const { rpc } = await open([a], { timeoutMs: 3_000 });
      let busy = true;
      const honest = a.way;
      a.way = (response, ...rest) => (busy ? ways.status(429, { "retry-after": "1" }) : honest)(response, ...rest);
      setTimeout(() => (busy = false), 500);
      const start = performance.now();
      expect(await call(rpc)).to.equal(ANSWER);
      expect(performance.now() - start).to.be.greaterThan(900);
      expect(a.asked).to.deep.equal([["eth_call"], ["eth_chainId"], ["eth_call"]]);
    });
  });

  describe("an endpoint's rest", () => {
    const rules = { chainId: 7, timeoutMs: 100 };
    const restMs = (endpoint: Endpoint) => endpoint.readyAt - performance.now();

    it("P115: grows with each failure, within half of it by chance, to five minutes", () => {
      const endpoint = new Endpoint("http://127.0.0.1:9/", "host", rules);
      for (let strike = 0; strike < 12; strike++) {
        // Each fails after the last rest was over.
        endpoint.failed("fails", { since: Infinity });
        const full = Math.min(1_000 * 2 ** strike, 300_000);
        expect(restMs(endpoint)).to.be.within(full * 0.49, full);
      }
    });
    it("P115: is as long as Retry-After asks for, and never more than five minutes", () => {
      const endpoint = new Endpoint("http://127.0.0.1:9/", "host", rules);
      endpoint.failed("429", { atLeastMs: 60_000, throttled: true });
      expect(restMs(endpoint)).to.be.within(59_000, 60_000);
      expect(endpoint.throttled).to.equal(true);
      endpoint.failed("429", { atLeastMs: 86_400_000, throttled: true });
      expect(restMs(endpoint)).to.be.within(299_000, 300_000);
    });
    it("P115: grows once for requests that failed together", () => {
      const endpoint = new Endpoint("http://127.0.0.1:9/", "host", rules);
      const since = performance.now() - 50;
      for (let i = 0; i < 10; i++) endpoint.failed("fails", { since });
      expect(restMs(endpoint)).to.be.lessThan(1_000);
      expect(endpoint.status.failures).to.equal(10);
    });
  });

  describe("sending", () => {
    const RAW = "0x02f8aa";
    const send = (rpc: Endpoints) => rpc.send("eth_sendRawTransaction", [RAW]);
    const refuse = (node: FakeNode, message: string) =>
      (node.lies["eth_sendRawTransaction"] = () => new NodeError(-32_000, message));

    it("P116: goes to all at once, and gives the transaction's own hash", async () => {
      const { rpc } = await open();
      expect(await send(rpc)).to.equal(keccak256(RAW));
      await until(() => nodes.every(({ asked }) => asked.length > 0));
      expect(nodes.map(({ asked }) => asked.length)).to.deep.equal([1, 1, 1]);
    });
    it("P116: is done when one accepts, and waits for nobody else", async () => {
      const { rpc } = await open(nodes, { timeoutMs: 5_000 });
      a.way = ways.hang;
      refuse(b, "nonce too low");
      const start = performance.now();
      expect(await send(rpc)).to.equal(keccak256(RAW));
      expect(performance.now() - start).to.be.lessThan(2_000);
    });
    it("P116: counts a transaction that is known already as accepted", async () => {
      const { rpc } = await open([a, b]);
      refuse(a, "already known");
      b.way = ways.drop;
      expect(await send(rpc)).to.equal(keccak256(RAW));
    });
    it("P116: otherwise tells the most telling refusal", async () => {
      const { rpc } = await open();
      a.way = ways.status(502);
      refuse(b, "nonce too low: next nonce 9, tx nonce 5");
      refuse(c, "insufficient funds for gas * price + value");
      expect(isError(await send(rpc).catch((error: unknown) => error), "INSUFFICIENT_FUNDS")).to.equal(true);
      refuse(c, "some words of its own");
      expect(isError(await send(rpc).catch((error: unknown) => error), "NONCE_EXPIRED")).to.equal(true);
    });
    it("travels in one batch with what is asked along with it, which goes to no more endpoints than it needs", async () => {
      const { rpc } = await open();
      await Promise.all([send(rpc), rpc.send("eth_getTransactionReceipt", [keccak256(RAW)])]);
      await until(() => nodes.every(({ asked }) => asked.length > 0));
      const sent = ["eth_sendRawTransaction"];
      expect(nodes.map(({ asked }) => asked[0])).to.deep.equal([[...sent, "eth_getTransactionReceipt"], sent, sent]);
    });
  });

  describe("names", () => {
    it("P92: keep paths, keys and passwords of URLs out of every word", async () => {
      const { rpc, lines } = await open([a, b]);
      a.way = ways.error({ code: -32_005, message: `the key ${NODE_KEY} is used up` });
      b.lies["eth_call"] = () => new NodeError(-32_000, `quota of ${NODE_KEY} reached`, `see ${NODE_KEY}`);
      const { advice } = await refusalOf(call(rpc));
      expect(advice).to.include("[secret] is used up");
      expect(JSON.stringify([advice, lines, rpc.statuses])).not.to.include(NODE_KEY);
      expect(hostsOf(["https://u:p4ssword@x.io/k", "https://x.io/l", "http://y.io:81"])).to.deep.equal([
        "x.io",
        "x.io #2",
        "y.io:81",
      ]);
    });
    it("P92: keep keys of URLs out of what a node adds to a revert", async () => {
      const { rpc } = await open([a]);
      a.lies["eth_call"] = () => new NodeError(3, "execution reverted", `see ${NODE_KEY}`);
      const told = inspect(await call(rpc).catch((error: unknown) => error), { depth: Infinity });
      expect(told).to.include("see [secret]").and.not.include(NODE_KEY);
    });
    it("sends the user and password of a URL as a header", async () => {
      const endpoint = new Endpoint(a.url.replace("http://", "http://user:pass%40word@"), a.host, {
        chainId: 7,
        timeoutMs: 1_000,
      });
      await endpoint.prove();
      expect(endpoint.ready).to.equal(true);
    });
  });
});
