// What the mutation tool breaks in a sample of each language, which of it is picked, and how it is counted.
import { expect } from "chai";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { Equivalents } from "../../scripts/mutate/equivalents.ts";
import { applyMutant, namedMutants, type Mutant } from "../../scripts/mutate/mutant.ts";
import { scoreOf, type Status } from "../../scripts/mutate/results.ts";
import { shuffled } from "../../scripts/mutate/sampling.ts";
import { loadSolc, type SolcOutput } from "../../scripts/mutate/solc-process.ts";
import { solidityDrafts, type SolNode } from "../../scripts/mutate/solidity.ts";
import { SolidityProject } from "../../scripts/mutate/solidity-project.ts";
import { otherNumbers } from "../../scripts/mutate/swaps.ts";
import { allFiles, testFoldersOf } from "../../scripts/mutate/test-map.ts";
import { typescriptDrafts } from "../../scripts/mutate/typescript.ts";
import { whyNotTypescript } from "../../scripts/mutate/typescript-program.ts";

const SOLIDITY = `// 1 + 1 < 2 — no code
pragma solidity ^0.8.0;
contract Shop {
    error Closed(string why, uint256 day);
    event Sold(uint256 amount);
    uint256 public constant REST = 7 days; // > 6 days
    uint256 public sold;
    bool private _open = true;
    modifier whenOpen() {
        if (!_open) revert Closed("a < b && 1 + 1", 1);
        _;
    }
    /// @dev 2 * 3 == 6
    function sell(uint256 amount) external whenOpen returns (uint256) {
        require(amount > 0, "amount > 0");
        uint256 price = amount /* / 3 */ * 2e3;
        if (amount >= 10 || price == 5) {
            sold += price;
        }
        emit Sold(amount);
        return price;
    }
}
`;

const TYPESCRIPT = `// 1 + 1 < 2 — no code
type Three = 3 | "a < b";
export function sell(amount: bigint, open: boolean): bigint {
  if (!open) throw new Error("closed: 1 + 1");
  let price = amount * 2n;
  const word = "a" + "b" + \`\${1}\`;
  if (amount >= 10n || word === "a < b") price += 1n;
  return price;
}
export const isOpen = (day: number): boolean => day % 7 !== 0 && true;
`;

describe("mutation tool", () => {
  let solidity: Mutant[];
  let typescript: Mutant[];
  before(() => {
    solidity = solidityMutants(SOLIDITY);
    typescript = typescriptMutants(TYPESCRIPT);
  });

  it("breaks a Solidity file in exactly these ways", () => {
    expect(told(solidity)).to.deep.equal([
      "6 constant: uint256 public constant REST = 7 days => uint256 public constant REST = 8 days",
      "8 constant: bool private _open = true => bool private _open = false",
      '10 check: if (!_open) revert Closed("a < b && 1 + 1", 1); => {}',
      "10 condition: !_open => _open",
      "10 condition: !_open => true",
      '10 constant: Closed("a < b && 1 + 1", 1) => Closed("a < b && 1 + 1", 0)',
      '10 constant: Closed("a < b && 1 + 1", 1) => Closed("a < b && 1 + 1", 2)',
      "14 check: whenOpen => ",
      '15 check: require(amount > 0, "amount > 0"); => {}',
      '15 comparison: require(amount > 0, "amount > 0") => require(amount <= 0, "amount > 0")',
      '15 comparison: require(amount > 0, "amount > 0") => require(amount >= 0, "amount > 0")',
      '15 constant: require(amount > 0, "amount > 0") => require(amount > 1, "amount > 0")',
      "16 statement: uint256 price = amount * 2e3 => uint256 price",
      "16 arithmetic: uint256 price = amount * 2e3 => uint256 price = amount / 2e3",
      "16 constant: uint256 price = amount * 2e3 => uint256 price = amount * (2e3 + 1)",
      "17 condition: amount >= 10 || price == 5 => !(amount >= 10 || price == 5)",
      "17 condition: amount >= 10 || price == 5 => amount >= 10",
      "17 condition: amount >= 10 || price == 5 => price == 5",
      "17 condition: amount >= 10 || price == 5 => true",
      "17 comparison: amount >= 10 || price == 5 => amount < 10 || price == 5",
      "17 comparison: amount >= 10 || price == 5 => amount > 10 || price == 5",
      "17 constant: amount >= 10 || price == 5 => amount >= 11 || price == 5",
      "17 logic: amount >= 10 || price == 5 => amount >= 10 && price == 5",
      "17 comparison: amount >= 10 || price == 5 => amount >= 10 || price != 5",
      "17 constant: amount >= 10 || price == 5 => amount >= 10 || price == 6",
      "18 statement: sold += price; => {}",
      "18 assignment: sold += price => sold -= price",
      "18 assignment: sold += price => sold = price",
      "20 statement: emit Sold(amount); => {}",
      "21 return: return price => return (price) + 1",
    ]);
  });

  it("breaks a TypeScript file in exactly these ways", () => {
    expect(told(typescript)).to.deep.equal([
      '4 check: if (!open) throw new Error("closed: 1 + 1"); => {}',
      "4 condition: !open => open",
      "4 condition: !open => true",
      "5 arithmetic: let price = amount * 2n; => let price = amount / 2n;",
      "5 constant: let price = amount * 2n; => let price = amount * 3n;",
      '6 constant: const word = "a" + "b" + `${1}`; => const word = "a" + "b" + `${0}`;',
      '6 constant: const word = "a" + "b" + `${1}`; => const word = "a" + "b" + `${2}`;',
      '7 condition: amount >= 10n || word === "a < b" => !(amount >= 10n || word === "a < b")',
      '7 condition: amount >= 10n || word === "a < b" => amount >= 10n',
      '7 condition: amount >= 10n || word === "a < b" => true',
      '7 condition: amount >= 10n || word === "a < b" => word === "a < b"',
      '7 comparison: amount >= 10n || word === "a < b" => amount < 10n || word === "a < b"',
      '7 comparison: amount >= 10n || word === "a < b" => amount > 10n || word === "a < b"',
      '7 constant: amount >= 10n || word === "a < b" => amount >= 11n || word === "a < b"',
      '7 logic: amount >= 10n || word === "a < b" => amount >= 10n && word === "a < b"',
      '7 comparison: amount >= 10n || word === "a < b" => amount >= 10n || word !== "a < b"',
      "7 statement: price += 1n; => {}",
      "7 assignment: price += 1n; => price -= 1n;",
      "7 assignment: price += 1n; => price = 1n;",
      "7 constant: price += 1n; => price += 0n;",
      "7 constant: price += 1n; => price += 2n;",
      "8 return: return price; => return (price) + 1n;",
      "10 return: day % 7 !== 0 && true => !(day % 7 !== 0 && true)",
      "10 condition: day % 7 !== 0 && true => day % 7 !== 0",
      "10 condition: day % 7 !== 0 && true => true",
      "10 arithmetic: day % 7 !== 0 && true => day * 7 !== 0 && true",
      "10 constant: day % 7 !== 0 && true => day % 8 !== 0 && true",
      "10 comparison: day % 7 !== 0 && true => day % 7 === 0 && true",
      "10 constant: day % 7 !== 0 && true => day % 7 !== 1 && true",
      "10 logic: day % 7 !== 0 && true => day % 7 !== 0 || true",
      "10 constant: day % 7 !== 0 && true => day % 7 !== 0 && false",
    ]);
  });

  it("changes nothing within texts and comments", () => {
    for (const [source, mutants] of [
      [SOLIDITY, solidity],
      [TYPESCRIPT, typescript],
    ] as const) {
      const found = source.matchAll(/"[^"]*"|\/\/.*|\/\*.*?\*\//g);
      const texts = [...found].map(({ index, 0: text }) => [index, index + text.length] as const);
      expect(texts.length).to.be.greaterThan(4);
      for (const { id, start, end } of mutants) {
        // A text may go with the whole statement that it is in.
        expect(
          texts.every(([from, to]) => end <= from || start >= to || (start <= from && end >= to)),
          id,
        ).to.equal(true);
      }
    }
  });

  it("edits what the name says, and leaves the rest", () => {
    const removal = solidity.find(({ id }) => id.startsWith("check in Shop.sell: whenOpen"))!;
    expect(applyMutant(SOLIDITY, removal)).to.equal(SOLIDITY.replace("external whenOpen", "external "));
    const boundary = typescript.find(({ id }) => id.includes("=> amount > 10n"))!;
    expect(applyMutant(TYPESCRIPT, boundary)).to.equal(TYPESCRIPT.replace(">= 10n", "> 10n"));
  });

  it("keeps names when code moves and is formatted anew, and no two share one", () => {
    const moved = `\n\n${SOLIDITY.replace("amount /* / 3 */ * 2e3", "amount\n      * 2e3")}`;
    expect(solidityMutants(moved).map(({ id }) => id)).to.deep.equal(solidity.map(({ id }) => id));
    for (const mutants of [solidity, typescript]) expect(new Set(mutants.map(({ id }) => id)).size).to.equal(mutants.length);
  });

  it("writes other numbers the way the first was written", () => {
    const others = ["0", "1", "9_999", "1_000n", "0x0f", "7 days", "0.5e18", "1n"].map(otherNumbers);
    expect(others).to.deep.equal([
      ["1"],
      ["0", "2"],
      ["10_000"],
      ["1_001n"],
      ["0x10"],
      ["8 days"],
      ["(0.5e18 + 1)"],
      ["0n", "2n"],
    ]);
  });

  it("picks the same sample for the same seed, whatever the order, and mostly the same when one mutant goes", () => {
    const sample = shuffled(solidity, "1");
    expect(shuffled(solidity.toReversed(), "1")).to.deep.equal(sample);
    expect(shuffled(solidity, "2")).to.not.deep.equal(sample);
    expect(sample).to.have.members(solidity);
    expect(
      shuffled(
        solidity.filter((mutant) => mutant !== sample[3]),
        "1",
      ),
    ).to.deep.equal(sample.toSpliced(3, 1));
  });

  it("scores what could be killed: neither equivalent nor invalid mutants", () => {
    const all: Status[] = ["killed", "killed", "timeout", "survived", "invalid", "same", "equivalent"];
    expect(scoreOf(all.map((status) => ({ status })))).to.deep.equal({
      killed: 3,
      survived: 1,
      invalid: 1,
      equivalent: 2,
      score: 0.75,
    });
    expect(scoreOf([{ status: "equivalent" }]).score).to.equal(undefined);
  });

  it("takes a mutant as equivalent by file and name, with a reason, as long as it is there", () => {
    const [first, second] = solidity as [Mutant, Mutant];
    const argued = new Equivalents([
      { file: first.file, id: first.id, reason: "nobody reads it" },
      { file: first.file, id: "gone", reason: "it was here" },
      { file: "Other.sol", id: "elsewhere", reason: "not looked at" },
    ]);
    expect(argued.reasonFor(first)).to.equal("nobody reads it");
    expect(argued.reasonFor(second)).to.equal(undefined);
    expect(argued.outdated(solidity).map(({ id }) => id)).to.deep.equal(["gone"]);
    expect(() => new Equivalents([{ file: first.file, id: first.id, reason: " " }])).to.throw("lacks file, id or reason");
  });

  describe("given a build of which Hardhat made only a part anew", () => {
    const OTHER = "pragma solidity ^0.8.0;\ncontract Other {}\n";
    let root: string;
    beforeEach(() => {
      root = mkdtempSync(join(tmpdir(), "ftns-mutate-test-"));
      // The older build comes first, as it is of the first contract by name.
      builtOf("Other", "old", SOLIDITY.replace("sold += price", "sold -= price"));
      builtOf("Shop", "new", SOLIDITY);
    });
    afterEach(() => rmSync(root, { recursive: true, force: true }));

    /** A contract that was made by the build `id`, which had `shop` beside the other contract. */
    function builtOf(contract: string, id: string, shop: string): void {
      const sources = { "project/contracts/Other.sol": { content: OTHER }, "project/contracts/Shop.sol": { content: shop } };
      const inputSourceName = `project/contracts/${contract}.sol`;
      writeJson(`artifacts/build-info/${id}.json`, { id, input: { language: "Solidity", settings: {}, sources } });
      writeJson(`artifacts/contracts/${contract}.sol/${contract}.json`, { buildInfoId: id, inputSourceName });
    }
    function write(path: string, text: string): void {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const writeJson = (path: string, content: object) => write(path, JSON.stringify(content));
    const mutantsOf = async (file: string) => {
      const project = new SolidityProject(root);
      try {
        return await project.mutants([file]);
      } finally {
        project.close();
      }
    };

    it("breaks the file as it is now", async () => {
      write("contracts/Shop.sol", SOLIDITY);
      expect(told(await mutantsOf("contracts/Shop.sol"))).to.deep.equal(told(solidity));
    });

    it("refuses a file that no build knows as it is now", async () => {
      write("contracts/Shop.sol", `${SOLIDITY}\n`);
      const refused = await mutantsOf("contracts/Shop.sol").catch((error: Error) => error.message);
      expect(refused).to.equal("contracts/Shop.sol is not part of the build, or changed since.");
    });
  });

  it("does not try TypeScript that means the same or does not parse", () => {
    expect(whyNotTypescript("let a: 1 = b;", "let a: 2 = b;")?.status).to.equal("same");
    expect(whyNotTypescript("let a = b;", "let a = ;")?.status).to.equal("invalid");
    expect(whyNotTypescript("let a = b < c;", "let a = b <= c;")).to.equal(undefined);
  });

  it("knows the tests of every file that --all goes through", () => {
    const root = fileURLToPath(new URL("../..", import.meta.url));
    const files = (["solidity", "typescript"] as const).flatMap((language) => allFiles(root, language));
    expect(files).to.include("contracts/token/FTNSToken.sol");
    expect(files.filter((file) => testFoldersOf(file, root).length === 0)).to.deep.equal([]);
    // Where nothing else is asked, moving a folder must not go unseen.
    expect(files.filter((file) => file.endsWith(".ts")).length).to.be.greaterThan(50);
  });
});

function told(mutants: Mutant[]): string[] {
  return mutants.map(({ line, kind, original, mutated }) => `${line} ${kind}: ${original} => ${mutated}`);
}

function solidityMutants(source: string): Mutant[] {
  const settings = { outputSelection: { "*": { "": ["ast"] } } };
  const input = { language: "Solidity", settings, sources: { "Shop.sol": { content: source } } };
  const { sources } = JSON.parse(loadSolc().compile(JSON.stringify(input))) as SolcOutput;
  return namedMutants("Shop.sol", source, solidityDrafts(source, sources!["Shop.sol"]!.ast as SolNode));
}

function typescriptMutants(source: string): Mutant[] {
  const options = { noLib: true, target: ts.ScriptTarget.ES2024 };
  const file = ts.createSourceFile("shop.ts", source, ts.ScriptTarget.ES2024, true);
  const host = { ...ts.createCompilerHost(options), getSourceFile: (name: string) => (name === "shop.ts" ? file : undefined) };
  const program = ts.createProgram(["shop.ts"], options, host);
  return namedMutants("shop.ts", source, typescriptDrafts(file, program.getTypeChecker()));
}
