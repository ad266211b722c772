// Keepers as processes of their own, started by the command line as an operator does.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { QUICK_ENV, RUN_TS } from "../../helpers/node.ts";
import { CHAIN_ID, configFor } from "../../keeper/chain.ts";
import type { FaultProxy } from "./proxy.ts";
import { SECRETS, notePrinted } from "./secrets.ts";
import type { PriceJob, World } from "./world.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** How each look at a job ended, by the log. */
  outcomes: string[];
}

export interface Start {
  job: PriceJob;
  through: FaultProxy;
  stateDir: string;
  /** Largest file that the process may write (blocks of 512 bytes): 0 is a full disk. */
  maxFileBlocks?: number;
}

/** Starts `keeper once <job> --send`. Whatever it prints is kept. */
export async function startProcess(world: World, { job, through, stateDir, maxFileBlocks }: Start) {
  const folder = mkdtempSync(join(tmpdir(), "ftns-faults-"));
  const base = configFor(world.chain, {
    chain: { rpcUrls: [{ env: "RPC" }], chainId: CHAIN_ID, maxClockSkewSec: 0 },
    transactions: { stuckAfterSec: 1, giveUpAfterSec: 2 },
    account: { env: "ACCOUNT_0" },
    stateDir,
  });
  writeFileSync(join(folder, "keeper.json"), JSON.stringify(base));
  const market = {
    price: world.live.market.price,
    volume6h: 50_000,
    meanVolume6h: 60_000,
    txTotal: 100,
    txFailed: 2,
    sendersDay: 900,
  };
  const observedAt = Number(await world.chain.now());
  writeFileSync(join(folder, "market.json"), JSON.stringify({ ...market, observedAt }));

  const node = [process.execPath, ...RUN_TS, "services/keeper/src/main.ts", "once", job];
  const command = [...node, "--config", join(folder, "keeper.json"), "--send"];
  const limited = ["sh", "-c", `ulimit -f ${maxFileBlocks}; exec "$@"`, "sh", ...command];
  const [file, ...args] = maxFileBlocks === undefined ? command : limited;
  // On a full disk there is no cache either.
  const quick = maxFileBlocks === undefined ? QUICK_ENV : {};
  const child: ChildProcess = spawn(file!, args, {
    cwd: ROOT,
    env: { PATH: process.env["PATH"], ...quick, ...SECRETS, RPC: through.url },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended: Ended = { code: null, signal: null, stdout: "", stderr: "", outcomes: [] };
  child.stdout!.on("data", (chunk: Buffer) => (ended.stdout += chunk.toString()));
  child.stderr!.on("data", (chunk: Buffer) => (ended.stderr += chunk.toString()));
  const end = new Promise<Ended>((resolve) => {
    child.on("close", (code, signal) => {
      const lines = ended.stdout.split("\n").filter((line) => line.startsWith("{"));
      const outcomes = lines.map((line) => (JSON.parse(line) as { outcome?: string }).outcome).filter((one) => one !== undefined);
      notePrinted("stdout", ended.stdout);
      notePrinted("stderr", ended.stderr);
      resolve(Object.assign(ended, { code, signal, outcomes }));
    });
  });
  return { child, end };
}
