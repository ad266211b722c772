// Runs every test and counts them: the tests of test/ in several processes (testing/plan.ts tells which together), the
// Solidity tests, the type check and the linters in one more each, as many at once as keep the processor busy.
//
// Usage: npm test                      everything
//        npm test -- token supply      only test/token and test/supply
//        npm test -- test/token/FTNSToken.test.ts --grep permit
//        RECORD_TIMES=1 npm test       writes down how long each file took, for the next plan
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, sep } from "node:path";
import { build } from "@ftns/deploy/build.ts";
import picocolors from "picocolors";
import { commandLine, read } from "./commandLine.ts";
import { type Job, planTests, type Times } from "./testing/plan.ts";
import { runQueue } from "./testing/queue.ts";
import { type Finished, isCheck, runJob } from "./testing/run.ts";
import { cpuSeconds } from "./testing/stopwatch.ts";
import type { Outcome } from "./testing/worker.ts";

const TIMES = new URL("./testing/times.json", import.meta.url);
/** A test process needs less, most of the time. */
const MEMORY_OF_A_JOB = 900 * 1024 ** 2;

const started = performance.now();
const color = process.stdout.isTTY === true;
const pc = picocolors.createColors(color);
const { values, positionals } = readArguments();
/** Of a few files somebody wants to know why they fail, of all of them first whether. */
const isSelection = positionals.length > 0;
const jobs = selectJobs(positionals, values.grep);
if (jobs.length === 0) {
  console.error(`No tests match ${positionals.join(" ")}: name folders of test/ or test files.`);
  close([{ passed: 0, failed: 1, skipped: 0 }]);
} else if (await tryBuild()) {
  const finished = await runAll(jobs);
  report(finished);
  if (process.env.RECORD_TIMES === "1") recordTimes(finished);
  close(finished);
} else {
  close([{ passed: 0, failed: 1, skipped: 0 }]);
}

function readArguments() {
  const command = commandLine("test", "Builds everything, checks types and style, runs all tests and counts them.")
    .argument("[where...]", "folders of test/, or test files (default: everything)")
    .option("--grep <pattern>", "only tests whose names hold this")
    .addHelpText(
      "after",
      "\nExamples:\n  npm test -- token supply\n  npm test -- test/token/settle.test.ts --grep halt\n\n" +
        "Variables: FUZZ_SEED=random and FUZZ_CASES=100000 for random tests, RECORD_TIMES=1 to write down how long each file took,\n" +
        "UPDATE_DOCS=1 to write tables of docs/ anew.",
    );
  const { options, args } = read<{ grep?: string }>(command);
  return { values: options, positionals: args };
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
  const times = readTimes();
  const one = (kind: Job["kind"], name: string, files: string[] = []): Job => {
    const { wall, cpu } = times[name] ?? { wall: 15, cpu: 15 };
    return { name, kind, files, seconds: wall, weight: Math.min(1, cpu / wall), after: [] };
  };

  const jobs = planTests(globSync("test/**/*.test.ts").sort().filter(isWanted), times);
  const solidityFiles = globSync("test/**/*.t.sol").sort().filter(isWanted);
  if (solidityFiles.length > 0) jobs.push(one("solidity", "Solidity", solidityFiles));
  if (wanted.length === 0 && grep === undefined) jobs.push(one("types", "types"), one("lint", "lint"));
  return jobs.sort((a, b) => b.seconds - a.seconds);
}

async function runAll(jobs: Job[]): Promise<Finished[]> {
  const room = {
    cores: Math.max(2, availableParallelism()),
    jobs: Math.max(2, Math.floor(process.availableMemory() / MEMORY_OF_A_JOB)),
  };
  const shared = mkdtempSync(join(tmpdir(), "ftns-test-"));
  const finished: Finished[] = [];
  try {
    await runQueue(jobs, room, async (job) => {
      const result = await runJob(job, { color, traces: isSelection, grep: values.grep, shared });
      console.log(`\n${pc.bold(`── ${job.name}`)}  ${words(result)}  ${pc.dim(`${result.seconds.toFixed(1)} s`)}`);
      console.log(result.output.trimEnd());
      finished.push(result);
    });
  } finally {
    rmSync(shared, { recursive: true, force: true });
  }
  return finished;
}

function report(finished: Finished[]): void {
  console.log(`\n${pc.bold("── Summary")}`);
  const width = Math.max(...finished.map(({ job }) => job.name.length));
  for (const result of finished.toSorted((a, b) => a.job.name.localeCompare(b.job.name))) {
    console.log(`  ${result.job.name.padEnd(width)}  ${words(result)}, ${result.seconds.toFixed(1)} s${computed(result.cpu)}`);
  }
  for (const { job, failures } of finished) {
    for (const failure of failures) console.log(pc.red(`  failed: ${job.name}: ${failure}`));
  }
  if (!isSelection && finished.some(({ job, failed }) => failed > 0 && job.kind === "mocha"))
    console.log("  With the names of folders or files, npm test also says at which line of Solidity something failed.");
  console.log(`  all in ${((performance.now() - started) / 1000).toFixed(0)} s${computed(cpuSeconds())}`);
}

/** Seconds of a processor, which say more than those of a clock where other programs run beside. */
function computed(cpu: number | undefined): string {
  return cpu === undefined ? "" : `, ${cpu.toFixed(0)} s of CPU`;
}

/** Ends with the line that continuous integration reads. */
function close(results: Pick<Outcome, "passed" | "failed" | "skipped">[]): void {
  const sum = (of: "passed" | "failed" | "skipped") => results.reduce((total, result) => total + result[of], 0);
  const total = { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
  // A run without a single passed test has shown nothing.
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
  console.log(`\n${countsOf(total)}`);
}

function words(result: Finished): string {
  if (!isCheck(result.job)) return countsOf(result);
  return result.failed > 0 ? "not clean" : "fine";
}

function countsOf({ passed, failed, skipped }: Pick<Outcome, "passed" | "failed" | "skipped">): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

function readTimes(): Times {
  return JSON.parse(readFileSync(TIMES, "utf8")) as Times;
}

/** Keeps what other runs found of other files, as long as these are there. */
function recordTimes(finished: readonly Finished[]): void {
  const checks = finished.filter(({ job }) => job.kind !== "mocha");
  const whole = checks.map(({ job, seconds }) => [job.name, { wall: Math.round(seconds), cpu: Math.round(seconds) }] as const);
  const known = {
    ...readTimes(),
    ...Object.fromEntries(whole),
    ...Object.assign({}, ...finished.map(({ times }) => times)),
  } as Times;
  const kept = Object.entries(known).filter(([name]) => !name.includes("/") || globSync(name).length > 0);
  const lines = kept
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, times]) => `  ${JSON.stringify(name)}: { "wall": ${times.wall}, "cpu": ${times.cpu} }`);
  writeFileSync(TIMES, `{\n${lines.join(",\n")}\n}\n`);
}
