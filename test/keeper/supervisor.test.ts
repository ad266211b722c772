// The keeper as an operator starts it, `npm run keeper`: whoever ends that ends the keeper. Real processes, real signals.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { SECRET_ENV, type TestChain, configFor, startChain } from "./chain.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

describe("npm run keeper (P259)", function () {
  this.timeout(120_000);
  let chain: TestChain;
  let folder: string;
  const left = new Set<number>();
  before(async function () {
    // Windows knows none of these signals.
    if (process.platform === "win32") this.skip();
    chain = await startChain();
    folder = mkdtempSync(join(tmpdir(), "ftns-supervised-"));
    const config = configFor(chain, { jobs: { "record-price": {} } });
    writeFileSync(join(folder, "keeper.json"), JSON.stringify(config));
  });
  after(async () => {
    for (const pid of left) if (lives(pid)) process.kill(pid, "SIGKILL");
    if (folder) rmSync(folder, { recursive: true });
    await chain?.close();
  });

  /** Starts it, and waits until it is at work; gives all the processes that it is made of. */
  async function start(): Promise<{ child: ChildProcess; pids: number[]; said: () => string }> {
    const child = spawn("npm", ["run", "keeper", "--", "run", "--config", join(folder, "keeper.json")], {
      cwd: ROOT,
      env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...SECRET_ENV },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
    await until(
      () => said.includes("record-price"),
      60_000,
      () => said,
    );
    const pids = [child.pid!, ...descendantsOf(child.pid!)];
    for (const pid of pids) left.add(pid);
    expect(pids.length).to.be.greaterThan(2);
    return { child, pids, said: () => said };
  }

  it("ends with SIGTERM to npm, after the keeper has said so (seen: it survived its supervisor)", async () => {
    const { child, pids, said } = await start();
    child.kill("SIGTERM");
    await until(
      () => pids.every((pid) => !lives(pid)),
      20_000,
      () => `${pids.filter(lives).join()} still run: ${said()}`,
    );
    // What was printed may be read a moment later.
    await until(() => said().includes("SIGTERM: finishing the running job, then stopping"), 5_000, said);
  });
  it("ends when npm is killed outright", async () => {
    const { child, pids, said } = await start();
    child.kill("SIGKILL");
    await until(
      () => pids.every((pid) => !lives(pid)),
      20_000,
      () => `${pids.filter(lives).join()} still run: ${said()}`,
    );
  });
});

function descendantsOf(pid: number): number[] {
  const table = execFileSync("ps", ["-eo", "pid=,ppid="]).toString().trim().split("\n");
  const rows = table.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const below = (parent: number): number[] => rows.filter(([, of]) => of === parent).flatMap(([one]) => [one, ...below(one)]);
  return below(pid);
}

function lives(pid: number): boolean {
  try {
    // A zombie is over, although its parent has not asked yet.
    return !/^\s*Z/.test(
      execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { stdio: ["ignore", "pipe", "ignore"] }).toString(),
    );
  } catch {
    return false;
  }
}

async function until(condition: () => boolean, ms: number, words: () => string): Promise<void> {
  for (const end = performance.now() + ms; !condition(); ) {
    if (performance.now() > end) expect.fail(words());
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
