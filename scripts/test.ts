// Runs every test and counts them. Each folder of test/ is a job of its own, the Solidity tests and the type check are
// one more each, and as many jobs run side by side as there are processor cores.
//
// Usage: npm test                      everything
//        npm test -- token supply      only test/token and test/supply
//        npm test -- test/token/FTNSToken.test.ts --grep permit
import { fork, spawn } from "node:child_process";
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import picocolors from "picocolors";
import { build } from "./build.ts";
import type { Job, Outcome } from "./test-worker.ts";

const WORKER = fileURLToPath(new URL("./test-worker.ts", import.meta.url));
const TSC = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));

/** These take longest, so they start first and nobody waits for them at the end. */
const START_FIRST = ["keeper", "faults", "demo", "deploy", "invariant", "contributors", "token", "prices"];

interface Finished extends Outcome {
  job: Job;
  output: string;
  seconds: number;
}

const started = performance.now();
const color = process.stdout.isTTY === true;
const pc = picocolors.createColors(color);
const { values, positionals } = readArguments();
const jobs = selectJobs(positionals, values.grep);
if (jobs.length === 0) {
  console.error(`No tests match ${positionals.join(" ")}: name folders of test/ or test files.`);
  close([{ passed: 0, failed: 1, skipped: 0 }]);
} else if (await tryBuild()) {
  const finished = await runAll(jobs, Math.max(2, availableParallelism()));
  report(finished);
  close(finished);
} else {
  close([{ passed: 0, failed: 1, skipped: 0 }]);
}

function readArguments() {
  try {
    return parseArgs({ allowPositionals: true, options: { grep: { type: "string" } } });
  } catch (error) {
    console.error(`${(error as Error).message}\nUsage: npm test -- [folder or file of test/]... [--grep pattern]`);
    process.exit(2);
  }
}

async function tryBuild(): Promise<boolean> {
  console.log("Building…");
  try {
    await build({ quiet: true });
    return true;
  } catch (error) {
    console.error(`${pc.red("The contracts do not compile.")} ${(error as Error).message}`);
    return false;
  }
}

function selectJobs(wanted: string[], grep: string | undefined): Job[] {
  const isWanted = (file: string) =>
    wanted.length === 0 ||
    wanted.some((w) => file === join(w) || file.startsWith(join("test", w) + sep) || file.startsWith(join(w) + sep));
  const filter = { color, ...(grep === undefined ? {} : { grep }) };

  const folders = new Map<string, string[]>();
  for (const file of globSync("test/**/*.test.ts").sort().filter(isWanted)) {
    const name = dirname(file).split(sep)[1] ?? "test";
    folders.set(name, [...(folders.get(name) ?? []), file]);
  }
  const jobs: Job[] = [...folders].map(([name, files]) => ({ name, kind: "mocha", files, ...filter }));

  const solidityFiles = globSync("test/**/*.t.sol").sort().filter(isWanted);
  if (solidityFiles.length > 0) jobs.push({ name: "Solidity", kind: "solidity", files: solidityFiles, ...filter });
  if (wanted.length === 0 && grep === undefined) jobs.push({ name: "types", kind: "types", files: [], ...filter });

  const rank = ({ name }: Job) => (START_FIRST.includes(name) ? START_FIRST.indexOf(name) : START_FIRST.length);
  return jobs.sort((a, b) => rank(a) - rank(b));
}

async function runAll(jobs: Job[], atOnce: number): Promise<Finished[]> {
  const finished: Finished[] = [];
  const queue = [...jobs];
  const work = async () => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      const result = await run(job);
      const counts = job.kind === "types" ? (result.failed > 0 ? "does not compile" : "fine") : countsOf(result);
      console.log(`\n${pc.bold(`── ${job.name}`)}  ${counts}  ${pc.dim(`${result.seconds.toFixed(1)} s`)}`);
      console.log(result.output.trimEnd());
      finished.push(result);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return finished;
}

/** Runs one job in a process of its own and keeps its output together. */
function run(job: Job): Promise<Finished> {
  const start = performance.now();
  // Tests read what our commands print, so they run without colour wherever they are started.
  const { FORCE_COLOR, ...inherited } = process.env;
  const env = { ...inherited, NO_COLOR: "1" };
  const child =
    job.kind === "types"
      ? spawn(process.execPath, [TSC, "--noEmit", "--pretty", String(job.color)], { env, stdio: ["ignore", "pipe", "pipe"] })
      : fork(WORKER, [JSON.stringify(job)], { env, stdio: ["ignore", "pipe", "pipe", "ipc"] });
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

/** Outcome of a process that sent none: the type check never does, a test process that crashed could not. */
function unreported(job: Job, code: number | null, signal: string | null): Outcome {
  // A type check that is fine proves no single property, so only its failure is counted.
  if (job.kind === "types" && code === 0) return { passed: 0, failed: 0, skipped: 0, failures: [] };
  const failure = job.kind === "types" ? "type check" : `the process ended early (${signal ?? `exit code ${code}`})`;
  return { passed: 0, failed: 1, skipped: 0, failures: [failure] };
}

function report(finished: Finished[]): void {
  console.log(`\n${pc.bold("── Summary")}`);
  const width = Math.max(...finished.map(({ job }) => job.name.length));
  for (const result of finished.toSorted((a, b) => a.job.name.localeCompare(b.job.name))) {
    const counts = result.job.kind === "types" && result.failed === 0 ? "no type errors" : countsOf(result);
    console.log(`  ${result.job.name.padEnd(width)}  ${counts}, ${result.seconds.toFixed(1)} s`);
  }
  for (const { job, failures } of finished) {
    for (const failure of failures) console.log(pc.red(`  failed: ${job.name}: ${failure}`));
  }
  console.log(`  all in ${((performance.now() - started) / 1000).toFixed(0)} s`);
}

/** Ends with the line that continuous integration reads. */
function close(results: Pick<Outcome, "passed" | "failed" | "skipped">[]): void {
  const sum = (of: "passed" | "failed" | "skipped") => results.reduce((total, result) => total + result[of], 0);
  const total = { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
  // A run without a single passed test has shown nothing.
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
  console.log(`\n${countsOf(total)}`);
}

function countsOf({ passed, failed, skipped }: Pick<Outcome, "passed" | "failed" | "skipped">): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
