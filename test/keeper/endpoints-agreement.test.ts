import { expect } from "chai";
import { id as hashOf, keccak256 } from "ethers";
import { type Vote, canonical, heightsOf, keyOf, ruleOf, shortly, verdictOf, widthOf } from "@ftns/chain/agreement.ts";
import { type Reply, type RpcError, judge } from "@ftns/chain/replies.ts";
import { type Random, forCases, fuzzCases } from "../helpers/random.ts";
import { blockAt } from "./nodes.ts";

const ADDRESS = `0x${"11".repeat(20)}`;
const at = (method: string, ...params: unknown[]) => ({ method, params });
const CALL = at("eth_call", { to: ADDRESS }, "0x10");
const votes = (...replies: (Reply | string | null)[]): Vote<number>[] =>
  replies.map((reply, from) => ({
    from,
    reply: typeof reply === "object" && reply !== null ? reply : { result: reply },
  }));
const error = (code: number, message: string, data?: unknown): { error: RpcError } => ({
  error: { code, message, data },
});

describe("agreement of endpoints", () => {
  describe("which rule", () => {
    const rules: [ReturnType<typeof at>, string][] = [
      [CALL, "same"],
      [at("eth_call", {}, { blockHash: hashOf("b") }), "same"],
      [at("eth_getLogs", {}), "logs"],
      [at("eth_getCode", ADDRESS, "latest"), "same"],
      [at("eth_getBlockByNumber", "0x1", true), "same"],
      [at("eth_getBlockByNumber", "latest", false), "head"],
      [at("eth_getBlockByNumber", "finalized", false), "head"],
      [at("eth_getBlockByNumber", "pending", false), "any"],
      [at("eth_getTransactionReceipt", hashOf("t")), "known"],
      [at("eth_blockNumber"), "number"],
      [at("eth_estimateGas", {}, "0x1"), "number"],
      [at("eth_getBalance", ADDRESS, "latest"), "number"],
      [at("eth_getBalance", ADDRESS, "0x1"), "same"],
      [at("eth_getTransactionCount", ADDRESS, "pending"), "number"],
      [at("eth_getTransactionCount", ADDRESS), "number"],
      [at("eth_feeHistory", "0x5", "latest", []), "any"],
      [at("eth_feeHistory", "0x5", "0x10", []), "same"],
      [at("eth_sendRawTransaction", "0x"), "send"],
      [at("web3_clientVersion"), "any"],
    ];
    for (const [call, rule] of rules) {
      it(`${call.method} ${JSON.stringify(call.params)} is "${rule}"`, () => expect(ruleOf(call)).to.equal(rule));
    }
  });

  describe("same", () => {
    describe("given too few equal answers", () => {
      it("stays open", () => {
        expect(verdictOf(CALL, votes("0x01"), 2, true).kind).to.equal("open");
        expect(verdictOf(CALL, votes("0x01", "0x02", "0x03"), 2, false).kind).to.equal("open");
      });
    });
    describe("given enough", () => {
      it("settles on them, and names who dissents", () => {
        const verdict = verdictOf(CALL, votes("0x0a", "0x0b", "0x0A"), 2, true);
        expect(verdict).to.deep.equal({ kind: "settled", reply: { result: "0x0a" }, dissenters: [1] });
      });
    });
    describe("given two answers that enough gave", () => {
      it("settles on what more of them gave, whichever came first", () => {
        const verdict = verdictOf(CALL, votes("0x0a", "0x0a", "0x0b", "0x0b", "0x0b"), 2, true);
        expect(verdict).to.deep.equal({ kind: "settled", reply: { result: "0x0b" }, dissenters: [0, 1] });
      });
    });
    describe("given reverts", () => {
      it("compares them by their data, not by their words or codes", () => {
        const said = votes(
          error(3, "execution reverted", "0xABCD1234"),
          error(-32_000, "VM Exception while processing transaction", { message: "x", data: "0xabcd1234" }),
        );
        expect(verdictOf(CALL, said, 2, false).kind).to.equal("settled");
        const other = votes(error(3, "execution reverted", "0xabcd1234"), error(3, "execution reverted", "0xabcd1235"));
        expect(verdictOf(CALL, other, 2, false).kind).to.equal("open");
        const bare = votes(error(3, "execution reverted"), { result: "0x" });
        expect(verdictOf(CALL, bare, 2, false).kind).to.equal("open");
      });
    });
    describe("given clients that add fields of their own", () => {
      const block = blockAt(5, 100);
      const call = at("eth_getBlockByNumber", "0x5", false);
      it("agrees on what consensus fixes, and hands on nothing else", () => {
        const said = votes({ result: { ...block, size: "0x1", totalDifficulty: "0x0" } }, { result: { size: "0x2", ...block } });
        const verdict = verdictOf(call, said, 2, false);
        expect(verdict.kind === "settled" && verdict.reply).to.deep.equal({ result: block });
      });
      it("does not agree when the time, the parent or a transaction differs", () => {
        const transaction = { hash: hashOf("t"), to: ADDRESS, input: "0x" };
        const lies = [
          { ...block, timestamp: "0x65" },
          { ...block, parentHash: hashOf("other") },
          { ...block, transactions: [transaction] },
        ];
        for (const lie of lies) {
          expect(verdictOf(call, votes({ result: block }, { result: lie }), 2, false).kind).to.equal("open");
        }
        const [one, other] = [transaction, { ...transaction, to: null }].map((t) => ({ ...block, transactions: [t] }));
        expect(keyOf("eth_getBlockByNumber", { result: one })).not.to.equal(keyOf("eth_getBlockByNumber", { result: other }));
      });
      it("compares what is inside logs of receipts", () => {
        const log = { address: ADDRESS, topics: [hashOf("e")], data: "0x01", logIndex: "0x0" };
        const receipt = { transactionHash: hashOf("t"), status: "0x1", contractAddress: null, logs: [log] };
        const key = (change: object) => keyOf("eth_getTransactionReceipt", { result: { ...receipt, ...change } });
        expect(key({ contractAddress: undefined, logs: [{ ...log, blockTimestamp: "0x1" }] })).to.equal(key({}));
        expect(key({ logs: [{ ...log, data: "0x02" }] })).not.to.equal(key({}));
        expect(key({ status: "0x0" })).not.to.equal(key({}));
      });
    });
    it("P117: random lies of fewer than the quorum never change the answer, nor prevent it where enough are asked", () =>
      forCases(fuzzCases(300), (random) => {
        const { quorum, said } = scene(
          random,
          () => "0x77",
          () => `0x0${random.int(0, 9)}`,
        );
        for (let heard = 0; heard <= said.length; heard++) {
          const verdict = verdictOf(CALL, said.slice(0, heard), quorum, heard < said.length);
          if (verdict.kind === "settled") expect(verdict.reply).to.deep.equal({ result: "0x77" });
          if (heard === said.length) expect(verdict.kind).to.equal("settled");
        }
      }));
  });

  describe("known", () => {
    const call = at("eth_getTransactionReceipt", hashOf("t"));
    const receipt = {
      transactionHash: hashOf("t"),
      blockHash: hashOf("b"),
      blockNumber: "0x1",
      status: "0x1",
      logs: [],
    };
    const settledOn = (reply: unknown) => ({ kind: "settled", reply: { result: reply }, dissenters: [] });
    it("is what the quorum knows; who does not know it yet dissents from nothing", () => {
      expect(verdictOf(call, votes(null, { result: receipt }, { result: receipt }), 2, true)).to.deep.equal(settledOn(receipt));
    });
    it("is nothing yet while fewer know it", () => {
      expect(verdictOf(call, votes(null, null), 2, true)).to.deep.equal(settledOn(null));
      expect(verdictOf(call, votes(null, { result: receipt }), 2, true).kind).to.equal("open");
      expect(verdictOf(call, votes(null, { result: receipt }), 2, false)).to.deep.equal(settledOn(null));
    });
    it("stays open when they contradict each other", () => {
      const other = { ...receipt, status: "0x0" };
      expect(verdictOf(call, votes({ result: receipt }, { result: other }), 2, false).kind).to.equal("open");
    });
  });

  describe("number", () => {
    const call = at("eth_blockNumber");
    const numberOf = (...said: string[]) => {
      const verdict = verdictOf(call, votes(...said), 2, false);
      return verdict.kind === "settled" && "result" in verdict.reply ? Number(verdict.reply.result) : undefined;
    };
    it("waits for as many answers as it takes to outvote both ways", () => {
      expect(verdictOf(call, votes("0x1", "0x1"), 2, true).kind).to.equal("open");
      expect(widthOf("number", 2)).to.equal(3);
    });
    it("is the quorum-th highest", () => {
      expect(numberOf("0x64", "0x64", "0xffff")).to.equal(100);
      expect(numberOf("0x1", "0x64", "0x65")).to.equal(100);
      expect(numberOf("0x64", "0x65")).to.equal(100);
      expect(numberOf("0x64")).to.equal(undefined);
    });
    it("is a refusal when the quorum refuses alike", () => {
      const revert = error(3, "execution reverted", "0xabcd1234");
      const verdict = verdictOf(at("eth_estimateGas", {}), votes("0x5208", revert, revert), 2, false);
      expect(verdict.kind === "settled" && verdict.reply).to.deep.equal(revert);
    });
    it("P117: stays within what honest endpoints say, whatever fewer than the quorum say", () =>
      forCases(fuzzCases(300), (random) => {
        const { quorum, said } = scene(
          random,
          () => hex(random.int(100, 110)),
          () => hex(random.int(0, 1_000_000)),
        );
        const verdict = verdictOf(call, said, quorum, false);
        const found = verdict.kind === "settled" && "result" in verdict.reply ? Number(verdict.reply.result) : -1;
        expect(found).to.be.within(100, 110);
      }));
  });

  describe("head", () => {
    const blocks = (...heights: number[]) => votes(...heights.map((height) => ({ result: blockAt(height, height) })));
    it("is looked for at the quorum-th highest height first, then at those below it", () => {
      expect(heightsOf(blocks(100, 100, 999), 2)).to.deep.equal([100]);
      expect(heightsOf(blocks(999, 100, 101), 2)).to.deep.equal([101, 100]);
      expect(heightsOf(blocks(100), 2)).to.deep.equal([]);
    });
  });

  describe("send", () => {
    const RAW = "0x02aa";
    const verdictOn = (more: boolean, ...said: Reply[]) => verdictOf(at("eth_sendRawTransaction", RAW), votes(...said), 2, more);
    const [known, low, poor, odd] = ["already known", "nonce too low", "insufficient funds", "bad luck"].map((words) =>
      error(-32_000, words),
    ) as [Reply, Reply, Reply, Reply];
    it("is done with one acceptance, by the transaction's own hash", () => {
      const done = { kind: "settled", reply: { result: keccak256(RAW) }, dissenters: [] };
      expect(verdictOn(true, low, { result: hashOf("a lie") })).to.deep.equal(done);
      expect(verdictOn(true, known)).to.deep.equal(done);
    });
    it("waits for all before it is a refusal, and then gives the most telling", () => {
      expect(verdictOn(true, low, odd).kind).to.equal("open");
      expect(verdictOn(false, odd, low)).to.deep.include({ reply: low });
      expect(verdictOn(false, odd, low, poor)).to.deep.include({ reply: poor });
    });
  });

  describe("what a reply is worth", () => {
    const kinds: [string, string, Reply][] = [
      ["answer", "eth_call", error(3, "execution reverted: rate limit exceeded")],
      ["answer", "eth_call", error(-32_603, "Error: VM Exception while processing transaction: reverted")],
      ["answer", "eth_estimateGas", error(-32_000, "gas required exceeds allowance (100)")],
      ["answer", "eth_sendRawTransaction", error(-32_603, "nonce too low")],
      ["answer", "eth_sendRawTransaction", error(-32_000, "replacement transaction underpriced")],
      ["answer", "eth_sendRawTransaction", error(-32_000, "already known")],
      ["answer", "eth_getTransactionReceipt", { result: null }],
      ["answer", "eth_getLogs", { result: [] }],
      ["unable", "eth_getBlockByNumber", { result: null }],
      [
        "unable",
        "eth_maxPriorityFeePerGas",
        error(-32_601, "the method eth_maxPriorityFeePerGas does not exist/is not available"),
      ],
      ["trouble", "eth_call", error(-32_000, "header not found")],
      ["trouble", "eth_call", error(-32_602, "invalid block tag 100. Latest block number is 99")],
      ["trouble", "eth_call", error(-32_005, "limit")],
      ["trouble", "eth_call", error(429, "your app has exceeded its compute units per second capacity")],
      ["trouble", "eth_getLogs", error(-32_000, "query returned more than 10000 results")],
      ["trouble", "eth_sendRawTransaction", error(-32_603, "upstream timed out")],
      ["trouble", "eth_call", { result: "0xabc" }],
      ["trouble", "eth_call", { result: undefined }],
      ["trouble", "eth_getLogs", { result: [{}] }],
      ["trouble", "eth_getBalance", { result: "0x" }],
      ["trouble", "eth_getBlockByNumber", { result: blockAt(9, 9) }],
    ];
    for (const [kind, method, reply] of kinds) {
      it(`${kind}: ${JSON.stringify(reply).slice(0, 90)} to ${method}`, () => {
        expect(judge({ id: 1, method, params: ["0x8"] }, reply).kind).to.equal(kind);
      });
    }
  });

  it("writes values in one way", () => {
    expect(canonical({ b: "0xAB", a: [null, true, "Text"], c: null })).to.equal('{"a":[null,true,"Text"],"b":"0xab"}');
  });
  it("tells replies in a few words", () => {
    expect(shortly("eth_call", { result: `0x${"ab".repeat(64)}` })).to.equal("0xabababab...abababab");
    expect(shortly("eth_call", error(3, "no", "0xabcd1234"))).to.equal("reverted with 0xabcd1234");
    expect(shortly("eth_getBlockByNumber", { result: blockAt(5, 5) })).to.match(/^block 5 \(0x\w{8}\)$/);
    expect(shortly("eth_getLogs", { result: [1, 2] })).to.equal("2 entries");
  });
});

const hex = (value: number) => `0x${value.toString(16)}`;

/** Up to four liars among enough endpoints, in any order. */
function scene(random: Random, truth: () => string, lie: () => string) {
  const quorum = random.int(1, 5);
  const total = 2 * quorum - 1 + random.int(0, 2);
  const liars = random.int(0, quorum - 1);
  const said = Array.from({ length: total }, (_, index): Reply => ({ result: index < liars ? lie() : truth() }));
  for (let i = said.length - 1; i > 0; i--) {
    const j = random.int(0, i);
    [said[i], said[j]] = [said[j]!, said[i]!];
  }
  return { quorum, said: votes(...said) };
}
