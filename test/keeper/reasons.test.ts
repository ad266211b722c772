import { expect } from "chai";
import { Interface, makeError } from "ethers";
import { wordsOfFailure } from "@ftns/chain/reasons.ts";
import { interfaces } from "@ftns/sdk/contracts.ts";

const transaction = { to: null, data: "0x" };
const reverted = (data: string | null, reason: string | null = null) =>
  makeError("execution reverted", "CALL_EXCEPTION", {
    action: "call",
    data,
    reason,
    transaction,
    invocation: null,
    revert: null,
  });

describe("words for what simulating and sending throws", () => {
  it("explains a custom error, also where ethers has put its signature as the reason", () => {
    const data = interfaces.medianFeed().encodeErrorResult("NoRounds");
    for (const reason of [null, "NoRounds()"]) {
      expect(wordsOfFailure(reverted(data, reason))).to.equal("the feed has no price yet; wait for the first report");
    }
  });

  it("repeats the text that a contract gave", () => {
    const data = new Interface(["error Error(string)"]).encodeErrorResult("Error", ["not today"]);
    expect(wordsOfFailure(reverted(data, "not today"))).to.equal("the contract refused: not today");
  });

  it("asks to check the keeper's version when it does not know the error", () => {
    const foreign = new Interface(["error Unheard(uint256)"]).encodeErrorResult("Unheard", [1]);
    expect(wordsOfFailure(reverted(foreign))).to.equal(
      `the contract refused with an unknown error ${foreign.slice(0, 10)}; check that the keeper's version fits the contracts`,
    );
  });

  it("asks to check the addresses when there is no reason at all", () => {
    for (const data of [null, "0x"]) {
      expect(wordsOfFailure(reverted(data))).to.equal(
        "the contract refused without giving a reason; check the addresses in contracts",
      );
    }
  });

  it("has words for an account without funds, a nonce that was used and what the node says", () => {
    expect(wordsOfFailure(makeError("", "INSUFFICIENT_FUNDS", { transaction: {} as never }))).to.include("fund it");
    expect(wordsOfFailure(makeError("", "NONCE_EXPIRED", { transaction: {} as never }))).to.include("starts afresh");
    expect(wordsOfFailure({ error: { message: "too busy\nstack" } })).to.equal("the node refused: too busy");
  });
});
