// What the build says and what is kept of it.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { isBuilt, keyOf, noteBuilt } from "@ftns/deploy/built.ts";
import { restore, save } from "../../scripts/build-cache.ts";
import { judge } from "../../scripts/compiler-warnings.ts";

describe("the compiler's messages", () => {
  const message = (file: string, text: string, severity = "warning") =>
    ({ severity, message: text, sourceLocation: { file } }) as unknown as NonNullable<
      Parameters<typeof judge>[0]["errors"]
    >[number];
  const told = (counting: boolean, ...errors: ReturnType<typeof message>[]) =>
    judge({ errors } as Parameters<typeof judge>[0], counting).errors!.map((one) => `${one.severity}: ${one.message}`);

  const SIZE = "Contract code size is 30000 bytes and exceeds 24576 bytes";
  const INIT = "Contract initcode size is 60000 bytes and exceeds 49152 bytes";

  it("about our own code are errors", () => {
    expect(told(false, message("project/contracts/A.sol", "Unused local variable."))).to.deep.equal([
      "error: Unused local variable.",
    ]);
    expect(told(false, message("project/contracts/A.sol", SIZE))).to.deep.equal([`error: ${SIZE}`]);
  });
  it("about the code of others, and the size of tests, are none", () => {
    expect(told(false, message("npm/solady/A.sol", "Shadowed."), message("project/contracts/test/A.sol", SIZE))).to.deep.equal(
      [],
    );
  });
  it("about the size are none while coverage counts, but all others are", () => {
    const own = (text: string) => message("project/contracts/A.sol", text);
    expect(told(true, own(SIZE), own(INIT), own("Unused."))).to.deep.equal(["error: Unused."]);
  });
  it("that are errors stay errors, whoever made them", () => {
    expect(told(true, message("npm/solady/A.sol", "Wrong.", "error"))).to.deep.equal(["error: Wrong."]);
  });
});

describe("the build cache", () => {
  let folder: string;
  let store: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ftns-build-"));
    store = join(folder, "store");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(root: string, files: Record<string, string>): string {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, root, path)), { recursive: true });
      writeFileSync(join(folder, root, path), text);
    }
    return join(folder, root);
  }
  const sources = { "contracts/A.sol": "a", "test/a/A.t.sol": "t", "hardhat.config.ts": "h", "package-lock.json": "{}" };
  const clone = (root: string, change: Record<string, string> = {}) => write(root, { ...sources, ...change });
  const built = (root: string) => {
    const whole = JSON.stringify({ [join(folder, root, "contracts/A.sol")]: "hash" });
    const files = { "artifacts/A.json": "made of a", "typechain-types/A.ts": "types", "cache/compile-cache.json": whole };
    return write(root, files);
  };

  it("gives a clean clone of the same sources, wherever it lies, what was built before", () => {
    clone("one");
    expect(save(built("one"), store)).to.equal(true);
    const other = clone("another place", { "test/a/a.test.ts": "not compiled" });
    expect(restore(other, store)).to.equal(true);
    expect(readFileSync(join(other, "artifacts/A.json"), "utf8")).to.equal("made of a");
    const paths = JSON.parse(readFileSync(join(other, "cache/compile-cache.json"), "utf8")) as object;
    expect(Object.keys(paths)).to.deep.equal([join(other, "contracts/A.sol")]);
  });

  it("says to the clone that nothing has to be built, and renews what types and linters know", () => {
    clone("one", { "artifacts/build-info/a.json": "{}", "artifacts/contracts/A.json": "{}", "typechain-types/index.ts": "" });
    const one = built("one");
    noteBuilt(one, keyOf(one));
    write("one", { "cache/lint.json": "old" });
    save(one, store);
    write("one", { "cache/lint.json": "new", "cache/types.tsbuildinfo": "types" });
    expect(save(one, store)).to.equal(false);
    const other = clone("another place");
    expect(isBuilt(other)).to.equal(false);
    expect(restore(other, store)).to.equal(true);
    expect(isBuilt(other)).to.equal(true);
    const kept = ["lint.json", "types.tsbuildinfo"].map((name) => readFileSync(join(other, "cache", name), "utf8"));
    expect(kept).to.deep.equal(["new", "types"]);
  });

  const changes: [string, Record<string, string>][] = [
    ["a contract differs", { "contracts/A.sol": "b" }],
    ["a contract came", { "contracts/B.sol": "" }],
    ["a Solidity test differs", { "test/a/A.t.sol": "u" }],
    ["the settings differ", { "hardhat.config.ts": "i" }],
    ["a dependency differs", { "package-lock.json": "{ }" }],
  ];
  for (const [what, change] of changes) {
    it(`gives nothing when ${what}`, () => {
      clone("one");
      save(built("one"), store);
      expect(restore(clone("other", change), store)).to.equal(false);
      expect(keyOf(join(folder, "other"))).to.not.equal(keyOf(join(folder, "one")));
    });
  }

  it("leaves what has been built alone, keeps nothing half built, and keeps nothing twice", () => {
    const root = clone("one");
    expect(save(root, store)).to.equal(false);
    built("one");
    expect([save(root, store), save(root, store)]).to.deep.equal([true, false]);
    expect(restore(root, store)).to.equal(false);
  });

  describe("given a note of a build", () => {
    const outputs = {
      "artifacts/build-info/a.json": "{}",
      "artifacts/contracts/A.json": "{}",
      "typechain-types/index.ts": "",
    };
    let root: string;
    beforeEach(() => {
      root = clone("one", outputs);
      built("one");
      expect(isBuilt(root)).to.equal(false);
      noteBuilt(root, keyOf(root));
    });

    it("has nothing to do as long as nothing changes", () => {
      expect(isBuilt(root)).to.equal(true);
      clone("one", { "test/a/a.test.ts": "not compiled" });
      expect(isBuilt(root)).to.equal(true);
    });
    for (const [what, change] of changes) {
      it(`builds when ${what}`, () => {
        clone("one", change);
        expect(isBuilt(root)).to.equal(false);
      });
    }
    it("builds when something else was built or deleted since", () => {
      const whole = join(root, "cache/compile-cache.json");
      utimesSync(whole, new Date(), new Date(Date.now() + 2_000));
      expect(isBuilt(root)).to.equal(false);
      noteBuilt(root, keyOf(root));
      expect(isBuilt(root)).to.equal(true);
      rmSync(join(root, "artifacts/contracts/A.json"));
      expect(isBuilt(root)).to.equal(false);
      noteBuilt(root, keyOf(root));
      rmSync(join(root, "typechain-types"), { recursive: true });
      expect(isBuilt(root)).to.equal(false);
    });
  });

  it("drops the oldest entries", () => {
    for (let index = 0; index < 7; index++) {
      clone(`clone ${index}`, { "contracts/A.sol": String(index) });
      save(built(`clone ${index}`), store);
    }
    expect(readdirSync(store)).to.have.length(5);
  });
});
