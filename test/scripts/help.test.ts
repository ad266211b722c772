// Every command of package.json answers --help, and says what to do about a word that it does not know.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { RUN_TS } from "../helpers/node.ts";

const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };

/** The file behind a command; none where another program stands behind it. */
const fileOf = (line: string) => / (?:tsx|node) ([\w/-]+\.ts)/.exec(line)?.[1];

const ask = (file: string, ...args: string[]) =>
  new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    const child = spawn(process.execPath, [...RUN_TS, file, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.on("close", (code) => resolve({ code, out, err }));
  });

describe("every command (P264)", function () {
  this.timeout(60_000);

  it("is a file of ours", () => {
    const others = Object.keys(scripts).filter((name) => fileOf(scripts[name]!) === undefined);
    expect(others).to.deep.equal([]);
  });

  for (const [name, line] of Object.entries(scripts)) {
    const file = fileOf(line);
    if (file === undefined) continue;
    it(`npm ${name === "start" || name === "test" ? "" : "run "}${name} -- --help says what it does and how, and does nothing`, async () => {
      const { code, out, err } = await ask(file, "--help");
      expect(code, err).to.equal(0);
      expect(out)
        .to.match(/^Usage: .+\n\n[A-Z].{20}/)
        .and.include("--help");
      expect(out).to.not.include("Building");
    });

    it(`npm ${name} refuses an option that it does not know, and points to its help`, async () => {
      const { code, out, err } = await ask(file, "--no-such-thing");
      expect(code).to.be.greaterThan(0);
      expect(out + err)
        .to.match(/unknown option/i)
        .and.include("--help")
        .and.not.include("    at ");
    });
  }
});
