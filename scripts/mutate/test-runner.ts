// Starts test processes in a copy of the project, one ahead of need, and ends those that take too long.
import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { TestOrder, TestReport } from "./test-process.ts";

export type TestRun = { report: TestReport } | { ended: "timeout" | "crash"; output: string };

/** A mutant that fills the memory must not take the machine's. */
const MEMORY_MB = 3_000;

export class TestRunner {
  readonly #root: string;
  readonly #running = new Set<ChildProcess>();
  #waiting: ChildProcess | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  /** Has a process ready for the next run. */
  prepare(): void {
    this.#waiting ??= this.#start();
  }

  async run(order: TestOrder, limitMs: number): Promise<TestRun> {
    const child = this.#waiting ?? this.#start();
    this.#waiting = undefined;
    let output = "";
    const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-2_000));
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    let report: TestReport | undefined;
    let late = false;
    child.on("message", (message) => (report = message as TestReport));
    const timer = setTimeout(() => {
      late = true;
      this.#end(child);
    }, limitMs);
    await new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.on("exit", () => resolve());
      child.send(order, () => {});
    });
    clearTimeout(timer);
    // Processes that a test started and left.
    this.#end(child);
    if (report !== undefined) return { report };
    return { ended: late ? "timeout" : "crash", output };
  }

  close(): void {
    for (const child of this.#running) this.#end(child);
    this.#waiting = undefined;
  }

  #start(): ChildProcess {
    // What other tests of a run recorded was recorded of sound code.
    const { FORCE_COLOR, FTNS_TEST_RUN, ...inherited } = process.env;
    const env = {
      ...inherited,
      FTNS_TRACES: "0",
      NO_COLOR: "1",
      NODE_OPTIONS: `${inherited["NODE_OPTIONS"] ?? ""} --max-old-space-size=${MEMORY_MB}`,
    };
    // In a group of its own, so that what it starts ends with it.
    const child = fork(join(this.#root, "scripts/mutate/test-process.ts"), {
      cwd: this.#root,
      env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#running.add(child);
    return child;
  }

  #end(child: ChildProcess): void {
    this.#running.delete(child);
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It and all that it started are gone.
    }
  }
}
