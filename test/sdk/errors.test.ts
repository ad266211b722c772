import { expect } from "chai";
import { type ErrorFragment, Interface, type ParamType, id } from "ethers";
import { abis, interfaces } from "@ftns/sdk/contracts.ts";
import { CONTRACTS } from "@ftns/sdk/economy.ts";
import { MEANINGS, decodeError, revertDataOf, revertName, wordsOfRevert } from "@ftns/sdk/errors/index.ts";
import { PANICS } from "@ftns/sdk/errors/panics.ts";
import { SOLADY } from "@ftns/sdk/errors/solady.ts";
import { TABLES } from "@ftns/sdk/errors/table.ts";

type ContractName = (typeof CONTRACTS)[keyof typeof CONTRACTS];

/** Every error of every contract. */
const ERRORS = Object.entries(abis).flatMap(([name, abi]) => {
  const contract = CONTRACTS[name === "medianFeed" ? "feed" : (name as keyof typeof CONTRACTS)];
  const fragments: ErrorFragment[] = [];
  const known = new Interface(abi);
  known.forEachError((fragment) => fragments.push(fragment));
  return fragments.map((fragment) => ({ contract, fragment, known }));
});

/** A value of each type: what a contract could give, and the largest there is. */
function valueOf(type: ParamType, index: number, largest: boolean): unknown {
  if (type.isArray()) return [valueOf(type.arrayChildren, index, largest)];
  if (type.isTuple()) return type.components.map((component, i) => valueOf(component, i, largest));
  if (type.type === "address") return `0x${"ab".repeat(20)}`;
  if (type.type === "bool") return true;
  if (type.type === "string") return largest ? "x".repeat(80) : "a text";
  if (type.type.startsWith("bytes")) return `0x${"cd".repeat(Number(type.type.slice(5) || 4))}`;
  const bits = BigInt(/\d+$/.exec(type.type)?.[0] ?? 256) - (type.type.startsWith("int") ? 1n : 0n);
  if (largest) return (1n << bits) - 1n;
  return bits <= 16n ? 1n : 1_700_000_000n + BigInt(index);
}

const encoded = (contract: Interface, fragment: ErrorFragment, largest = false) =>
  contract.encodeErrorResult(
    fragment,
    fragment.inputs.map((input, index) => valueOf(input, index, largest)),
  );

describe("SDK: words for reverts", () => {
  it("a deposit that can't be settled yet is told as such (seen: in the words of a proposal)", () => {
    const deposits = interfaces.proposalDeposits();
    const words = wordsOfRevert(deposits.encodeErrorResult("VoteStillOpen", [7n]), { from: "ProposalDeposits" });
    expect(words).to.include("from which on its deposit can be settled").and.not.include("one at a time");
  });

  it("has words for every error of every contract, with the next step", () => {
    const missing = ERRORS.filter(
      ({ contract, fragment: { name } }) => MEANINGS[name] === undefined && MEANINGS[`${contract}.${name}`] === undefined,
    );
    const names = [...new Set(missing.map(({ contract, fragment }) => `${contract}.${fragment.name}`))];
    expect(names, "give these errors words in packages/sdk/src/errors/").to.deep.equal([]);
  });

  for (const largest of [false, true]) {
    it(`fills in ${largest ? "the largest values there are" : "values"}, whichever contract was called`, () => {
      for (const { contract, fragment, known } of ERRORS) {
        for (const from of [undefined, contract]) {
          const words = wordsOfRevert(encoded(known, fragment, largest), from && { from });
          expect(words, fragment.name)
            .to.match(/^\S.*\S; \S.*[^.;]$/)
            .and.not.match(/undefined|NaN|null|\[object|function/);
          expect(words, `${fragment.name} has no words`).to.not.include(`refused with ${fragment.name}(`);
        }
      }
    });
  }

  it("has words for no error that does not exist, and no two for one", () => {
    const exists = (key: string) =>
      ERRORS.some(({ contract, fragment: { name } }) => key === name || key === `${contract}.${name}`);
    const keys = TABLES.flatMap((table) => Object.keys(table));
    expect(keys.filter((key) => !exists(key))).to.deep.equal([]);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).to.deep.equal([]);
  });

  it("means what the called contract means by the same bytes", () => {
    const data = interfaces.token().encodeErrorResult("RateOutOfBounds", [2n, 5n * 10n ** 16n, 10n ** 16n]);
    expect(data).to.equal(interfaces.keeperJobs().encodeErrorResult("RateOutOfBounds", [2n, 5n * 10n ** 16n, 10n ** 16n]));
    const words = (from?: ContractName) => wordsOfRevert(data, from && { from });
    expect(words("FTNSToken")).to.equal("the monthly rate of band 2 is 5 % and at most 1 % is allowed; choose a lower one");
    expect(words("KeeperJobs")).to.include("a coin is not between 0.05 FTNS and 0.01 FTNS");
    expect(words()).to.equal(words("FTNSTimelock")).and.to.equal("a rate is outside of its bounds; choose one within");
  });

  it("gives amounts to the last digit, names that stand in 32 bytes, and structs", () => {
    const short = interfaces
      .token()
      .encodeErrorResult("ERC20InsufficientBalance", [`0x${"12".repeat(20)}`, 10n ** 18n - 1n, 10n ** 18n]);
    expect(wordsOfRevert(short)).to.include("holds 0.999999999999999999 FTNS, less than 1 FTNS");
    const rule = `0x${Buffer.from("minRating").toString("hex").padEnd(64, "0")}`;
    expect(wordsOfRevert(interfaces.registry().encodeErrorResult("RuleOutOfBounds", [rule, 9n, 1n, 5n]))).to.equal(
      "the rule minRating would be 9, outside of 1 to 5; choose a value within",
    );
    expect(wordsOfRevert(interfaces.token().encodeErrorResult("ScheduleNotNested", [[3, 4, 5]]))).to.include(
      "BASIC through day 3, ACTIVE 4, POWER 5",
    );
  });

  it("repeats a text, explains panics and Solady's arithmetic", () => {
    const builtIn = new Interface(["error Error(string)", "error Panic(uint256)"]);
    expect(wordsOfRevert(builtIn.encodeErrorResult("Error", ["not today"]))).to.equal("the contract refused: not today");
    for (const [code, words] of PANICS) {
      expect(decodeError(builtIn.encodeErrorResult("Panic", [code]))).to.include({ name: "Panic", words });
    }
    expect(wordsOfRevert(builtIn.encodeErrorResult("Panic", [0x99]))).to.include("panic code 153");
    for (const error of SOLADY) {
      const data = id(error.replace("error ", "")).slice(0, 10);
      expect(wordsOfRevert(data), error).to.include("use smaller numbers");
    }
  });

  it("says that it does not know a foreign error, also one with our selector and other values", () => {
    const foreign = new Interface(["error Unheard(uint256)"]).encodeErrorResult("Unheard", [1]);
    expect(wordsOfRevert(foreign)).to.equal(
      `the contract refused with an unknown error ${foreign.slice(0, 10)}; check that this version fits the contracts`,
    );
    const cut = interfaces.medianFeed().encodeErrorResult("QuorumOutOfBounds", [9, 3, 5]).slice(0, -64);
    expect(wordsOfRevert(cut)).to.include("unknown error").and.include(cut.slice(0, 10));
    expect(decodeError("0x1234")).to.equal(undefined);
  });

  it("says when there is no reason at all", () => {
    for (const data of [null, undefined, "0x"]) {
      expect(wordsOfRevert(data)).to.equal("the contract refused without giving a reason; check the addresses of the contracts");
    }
  });

  it("finds the data and the name of a revert wherever a node or a library hid it", () => {
    const data = interfaces.medianFeed().encodeErrorResult("NoRounds");
    for (const error of [{ data }, { error: { data } }, { info: { error: { data: { data } } } }, { cause: { data } }]) {
      expect(revertDataOf(error)).to.equal(data);
      expect(revertName(error)).to.equal("NoRounds");
    }
    for (const none of [undefined, null, "0x", new Error("no"), { data: "none" }]) expect(revertName(none)).to.equal(undefined);
  });
});
