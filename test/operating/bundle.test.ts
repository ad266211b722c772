import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { bundleKeeper } from "../../scripts/bundle-keeper.ts";

describe("bundled keeper", () => {
  const folder = mkdtempSync(join(tmpdir(), "ftns-bundle-"));
  const run = (...flags: string[]) =>
    spawnSync(process.execPath, ["keeper.mjs", ...flags], { cwd: folder, encoding: "utf8", env: {} });
  before(() => bundleKeeper(join(folder, "keeper.mjs")));
  after(() => rmSync(folder, { recursive: true }));

  it("is one file that runs with nothing beside it", () => {
    expect(readdirSync(folder)).to.deep.equal(["keeper.mjs"]);
    const { status, stdout } = run("--help");
    expect(stdout).to.include("check-config").and.include("run");
    expect(status).to.equal(0);
  });
  it("says what is wrong and what to do, like the keeper in the repository", () => {
    const { status, stderr } = run("status", "--config", "nowhere.json");
    expect(stderr).to.include("nowhere.json does not exist").and.include("config.example.json");
    expect(status).to.equal(2);
  });
});
