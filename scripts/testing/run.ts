// Runs one job in a process of its own and keeps its output together.
import { fork, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { typeCheck } from "../typecheck.ts";
import type { Job } from "./plan.ts";
import type { Outcome, Task } from "./worker.ts";

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const WORKER = pathOf("./worker.ts");
const TYPECHAIN = new URL("./typechain.mjs", import.meta.url).href;
const LINT = pathOf("../lint.ts");
/** Node keeps here what it has compiled. */
const COMPILED = pathOf("../../node_modules/.cache/node");

export interface Finished extends Outcome {
  job: Job;
  output: string;
  seconds: number;
}

/** Each process has a number, by which it finds ports that no other one takes. */
let seats = 0;

export interface RunOptions {
  color: boolean;
  /** A chain names the lines of Solidity at which something failed, which takes each process seconds to get ready for. */
  traces: boolean;
  grep?: string | undefined;
  /** Folder that the processes of this run share, for what one has to tell another. */
  shared: string;
}

export function runJob(job: Job, options: RunOptions): Promise<Finished> {
  const start = performance.now();
  const child = startJob(job, options);
  let output = "";
  let outcome: Outcome | undefined;
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.on("message", (message) => (outcome = message as Outcome));
  return new Promise((resolve) => {
    child.on("close", (code, signal) => {
      const seconds = (performance.now() - start) / 1000;
      resolve({ ...(outcome ?? unreported(job, code, signal)), job, output, seconds });
    });
  });
}

function startJob({ kind, files }: Job, { color, traces, grep, shared }: RunOptions) {
  // Tests read what our commands print, so they run without colour wherever they are started.
  const { FORCE_COLOR, ...inherited } = process.env;
  const env = {
    ...inherited,
    NO_COLOR: "1",
    NODE_COMPILE_CACHE: COMPILED,
    FTNS_TEST_RUN: shared,
    ...(kind === "mocha" && !traces && { FTNS_TRACES: "0" }),
    FTNS_TEST_SEAT: String(seats++ % 100),
  };
  const command = (...args: string[]) => spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  if (kind === "types") return command(...typeCheck({ color, alone: false }).slice(1));
  if (kind === "lint") return command(LINT);
  const task: Task = { kind, files, color, ...(grep !== undefined && { grep }) };
  return fork(WORKER, [JSON.stringify(task)], {
    env,
    execArgv: ["--import", TYPECHAIN],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
}

/** A check proves no single property, so only its failure is counted. */
export const isCheck = ({ kind }: Job): boolean => kind === "types" || kind === "lint";

/** Outcome of a process that sent none: a check never does, a test process that crashed could not. */
function unreported(job: Job, code: number | null, signal: string | null): Outcome {
  const none = { passed: 0, skipped: 0, times: {} };
  if (isCheck(job) && code === 0) return { ...none, failed: 0, failures: [] };
  const failure = isCheck(job) ? `see above (exit code ${code})` : `the process ended early (${signal ?? `exit code ${code}`})`;
  return { ...none, failed: 1, failures: [failure] };
}
