// A peer that answers [] where there is something must not hide an emergency, a proposal or a due.
import { expect } from "chai";
import { type Reply, judge } from "@ftns/chain/replies.ts";
import { type Vote, verdictOf } from "@ftns/chain/agreement.ts";
import { type FakeNode, endpointsOver, newWorld, startNode } from "./nodes.ts";

const LOG = { address: `0x${"11".repeat(20)}`, data: "0x", topics: [], blockNumber: "0x1", logIndex: "0x0" };
const ASK = { method: "eth_getLogs", params: [{}] };

describe("an empty answer to eth_getLogs (P250)", function () {
  this.timeout(20_000);
  let nodes: FakeNode[];
  const opened: { destroy(): void }[] = [];
  before(async () => {
    const world = newWorld();
    nodes = await Promise.all([0, 1, 2].map(() => startNode(world)));
  });
  beforeEach(() => {
    for (const node of nodes) {
      node.heal();
      node.lies["eth_getLogs"] = () => [LOG];
    }
  });
  afterEach(() => opened.splice(0).forEach((rpc) => rpc.destroy()));
  after(() => Promise.all(nodes.map((node) => node.close())));
  const open = async (count: number, quorum = 1) => {
    const { rpc } = await endpointsOver(nodes.slice(0, count), { quorum });
    opened.push(rpc);
    return rpc;
  };
  const logs = async (count: number, quorum = 1) => (await open(count, quorum)).send("eth_getLogs", [{}]);
  const asked = () => nodes.map((node) => node.asked.flat().filter((method) => method === "eth_getLogs").length);

  it("is believed of one among several only when a second one says the same", async () => {
    nodes[0]!.lies["eth_getLogs"] = () => [];
    const rpc = await open(3);
    expect(await rpc.send("eth_getLogs", [{}])).to.deep.equal([LOG]);
    expect(rpc.statuses[0]!.lastFailure?.reason).to.include("says something else than others (eth_getLogs)");
    for (const node of nodes) node.lies["eth_getLogs"] = () => [];
    expect(await logs(3)).to.deep.equal([]);
  });
  it("costs a second request only where there is nothing", async () => {
    await logs(3);
    expect(asked()).to.deep.equal([1, 0, 0]);
    for (const node of nodes) node.lies["eth_getLogs"] = () => [];
    await logs(3);
    expect(asked()).to.deep.equal([1, 1, 0]);
  });
  it("is taken from the only endpoint, and from the only one that is well, without waiting for the others", async () => {
    for (const node of nodes) node.lies["eth_getLogs"] = () => [];
    expect(await logs(1)).to.deep.equal([]);
    const rpc = await open(2);
    nodes[1]!.way = (response) => response.writeHead(500).end("no");
    expect(await rpc.send("eth_getLogs", [{}])).to.deep.equal([]);
    const before = performance.now();
    nodes[1]!.way = () => undefined;
    expect(await rpc.send("eth_getLogs", [{}])).to.deep.equal([]);
    expect(performance.now() - before).to.be.lessThan(1_000);
  });
  it("of one liar never outweighs what a quorum tells", () => {
    const vote = (from: number, result: unknown): Vote<number> => ({ from, reply: { result } as Reply });
    const [empty, told] = [vote(0, []), (from: number) => vote(from, [LOG])];
    expect(verdictOf(ASK, [empty], 1, true).kind).to.equal("open");
    expect(verdictOf(ASK, [empty, told(1)], 2, true).kind).to.equal("open");
    expect(verdictOf(ASK, [empty, told(1), told(2)], 2, true)).to.deep.include({ kind: "settled", dissenters: [0] });
    expect(verdictOf(ASK, [empty, vote(1, [])], 2, true)).to.deep.include({ kind: "settled", reply: { result: [] } });
  });
});

describe("a block whose header has transactions and which shows none (P250)", () => {
  const block = (transactionsRoot: string | undefined, transactions: unknown[]) =>
    judge(
      { id: 1, method: "eth_getBlockByNumber", params: ["0x1", true] },
      { result: { number: "0x1", hash: "0x1", timestamp: "0x1", transactions, transactionsRoot } },
    );
  const EMPTY = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";

  it("is trouble: it would hide who failed, and so an attack on the network", () => {
    expect(block(`0x${"ab".repeat(32)}`, [])).to.deep.equal({
      kind: "trouble",
      reason: "hides the transactions of a block (eth_getBlockByNumber)",
    });
    expect(block(`0x${"ab".repeat(32)}`, [{}]).kind).to.equal("answer");
    for (const root of [EMPTY, undefined, `0x${"0".repeat(64)}`]) expect(block(root, []).kind).to.equal("answer");
  });
});
