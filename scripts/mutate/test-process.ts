// Runs tests in a copy of the project, file by file, and stops at the first failure if told to. Started ahead of time: it loads what
// tests need while the compiler still works, and waits for its orders.
import Mocha from "mocha";
import hre, { network } from "hardhat";

export interface TestOrder {
  files: string[];
  bail: boolean;
  /** For tests that set none. */
  timeoutMs: number;
}

export interface TestReport {
  passed: number;
  /** Full titles, with the beginning of the message. */
  failures: string[];
  /** How long each file took. */
  seconds: Record<string, number>;
  /** The longest of all tests and hooks. */
  slowestMs: number;
}

process.once("message", (order: TestOrder) => void report(order));
// Whoever ordered tests is gone.
process.on("disconnect", () => process.exit(1));
// Loads the chain and its plugins.
await (await network.create()).close();

async function report(order: TestOrder): Promise<void> {
  const result = await runAll(order);
  process.send?.(result, () => process.exit(0));
}

async function runAll({ files, bail, timeoutMs }: TestOrder): Promise<TestReport> {
  const result: TestReport = { passed: 0, failures: [], seconds: {}, slowestMs: 0 };
  process.on("unhandledRejection", (reason) => {
    const failure = `not awaited: ${messageOf(reason)}`;
    if (!result.failures.includes(failure)) result.failures.push(failure);
  });
  for (const file of files) {
    const start = performance.now();
    try {
      await (file.endsWith(".sol") ? runSolidity(file, result) : runMocha(file, { bail, timeoutMs }, result));
    } catch (error) {
      // A file that cannot even be loaded.
      result.failures.push(`${file}: ${messageOf(error)}`);
    }
    result.seconds[file] = (performance.now() - start) / 1000;
    if (bail && result.failures.length > 0) break;
  }
  return result;
}

async function runMocha(
  file: string,
  { bail, timeoutMs }: { bail: boolean; timeoutMs: number },
  result: TestReport,
): Promise<void> {
  // This reporter prints nothing: what counts is gathered here.
  const mocha = new Mocha({ timeout: timeoutMs, bail, reporter: Mocha.reporters.Base });
  mocha.addFile(file);
  await mocha.loadFilesAsync();
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    const onEnd = ({ duration = 0 }: Mocha.Test | Mocha.Hook) => (result.slowestMs = Math.max(result.slowestMs, duration));
    runner.on("test end", onEnd).on("hook end", onEnd);
    runner.on("pass", () => result.passed++);
    runner.on("fail", (test, error: unknown) => result.failures.push(`${test.fullTitle()}: ${messageOf(error)}`));
  });
}

async function runSolidity(file: string, result: TestReport): Promise<void> {
  // They need what chains can do without (scripts/quiet-traces.ts).
  delete process.env["FTNS_TRACES"];
  const outcome = await hre.tasks.getTask(["test", "solidity"]).run({ testFiles: [file], noCompile: true, testSummaryIndex: 1 });
  const { summary } = (outcome.success ? outcome.value : outcome.error) as { summary: SoliditySummary };
  result.passed += summary.passed;
  if (!outcome.success || summary.failed > 0) result.failures.push(`${file}: ${messageOf(summary.failureOutput)}`);
}

interface SoliditySummary {
  passed: number;
  failed: number;
  failureOutput: string;
}

function messageOf(reason: unknown): string {
  return (reason instanceof Error ? reason.message : String(reason)).replace(/\s+/g, " ").slice(0, 300);
}
