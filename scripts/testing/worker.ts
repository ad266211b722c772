// One job of scripts/test.ts in a process of its own: runs its tests, prints their report and sends back the counts.
import hre from "hardhat";
import Mocha from "mocha";
import { rememberHashes } from "./keccak.ts";
import type { Times } from "./plan.ts";
import { cpuSeconds, Stopwatch } from "./stopwatch.ts";

export interface Task {
  kind: "mocha" | "solidity";
  files: string[];
  color: boolean;
  grep?: string;
}

export interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
  /** Full titles of what failed. */
  failures: string[];
  /** How long each file took. */
  times: Times;
  /** What the process and those that it started computed in all (seconds). */
  cpu?: number;
}

rememberHashes();
const task = JSON.parse(process.argv[2] ?? "") as Task;
const outcome = await (task.kind === "solidity" ? runSolidity(task) : runMocha(task));
await new Promise<void>((sent) => process.send?.({ ...outcome, cpu: cpuSeconds() } satisfies Outcome, () => sent()));
// Servers and timers that a test left behind must not keep the process alive.
process.exit(outcome.failed > 0 ? 1 : 0);

async function runMocha({ files, color, grep }: Task): Promise<Outcome> {
  const mocha = new Mocha({
    timeout: hre.config.test.mocha.timeout ?? 120_000,
    forbidOnly: true,
    color,
    ...(grep === undefined ? {} : { grep }),
  });
  for (const file of files) mocha.addFile(file);
  const failures: string[] = [];
  // An assertion that nobody awaits would otherwise fail unheard.
  const heard = new Set<unknown>();
  process.on("unhandledRejection", (reason) => {
    // Mocha passes each on once more.
    if (heard.has(reason)) return;
    heard.add(reason);
    console.error("A promise was rejected that nobody awaited:", reason);
    failures.push(`not awaited: ${reason instanceof Error ? reason.message : String(reason)}`);
  });
  await mocha.loadFilesAsync();
  const stopwatch = new Stopwatch();
  return new Promise((resolve) => {
    const runner = mocha.run(() => {
      const { passes = 0, pending = 0 } = runner.stats ?? {};
      // Counted from the failures themselves, so that a hook that fails counts too.
      resolve({ passed: passes, failed: failures.length, skipped: pending, failures, times: stopwatch.times });
    });
    runner.on("fail", (test) => failures.push(test.fullTitle()));
    runner.on("test end", ({ file }) => stopwatch.lap(file));
    runner.on("suite end", ({ file }) => stopwatch.lap(file));
  });
}

async function runSolidity({ files, grep }: Task): Promise<Outcome> {
  const result = await hre.tasks.getTask(["test", "solidity"]).run({
    testFiles: files,
    noCompile: true,
    // Any number but 0 makes Hardhat hand over its counts and failures rather than print them.
    testSummaryIndex: 1,
    ...(grep === undefined ? {} : { grep }),
  });
  const { summary } = (result.success ? result.value : result.error) as { summary: SoliditySummary };
  const { passed, skipped, failureOutput } = summary;
  const failed = Math.max(summary.failed, result.success ? 0 : 1);
  console.log(`  ${passed} passing${failed > 0 ? `\n  ${failed} failing\n${failureOutput}` : ""}`);
  return { passed, failed, skipped, failures: failed > 0 ? [`${failed} of the tests above`] : [], times: {} };
}

interface SoliditySummary {
  passed: number;
  failed: number;
  skipped: number;
  failureOutput: string;
}
