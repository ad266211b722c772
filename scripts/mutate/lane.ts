// One copy of the project and what works in it. Several lanes work side by side.
import { whyNotTypescript } from "./typescript-program.ts";
import { applyMutant, type Mutant } from "./mutant.ts";
import { Sandbox } from "./sandbox.ts";
import { SolidityProject, type NewArtifact } from "./solidity-project.ts";
import { TestRunner, type TestRun } from "./test-runner.ts";
import type { TestOrder } from "./test-process.ts";

/** A mutant that is ready to be tried, or why it is not worth it. */
export type Prepared =
  | { mutant: Mutant; status: "invalid" | "same"; why: string; seconds: number }
  | { mutant: Mutant; status: "ready"; writes: NewArtifact[]; seconds: number };

export interface Trial {
  status: "killed" | "timeout" | "survived";
  why: string;
  seconds: number;
}

/**
 * Failures that a busy machine can bring about too: a time-out, or a chain whose clock, which follows the real one, went ahead of a
 * test. Only if they come again are they the mutant's.
 */
const DOUBTFUL = /timestamp|timeout of/i;

export class Lane {
  readonly #sandbox: Sandbox;
  readonly #tests: TestRunner;
  readonly #solidity: SolidityProject;

  constructor(project: string) {
    this.#sandbox = new Sandbox(project);
    this.#tests = new TestRunner(this.#sandbox.root);
    this.#solidity = new SolidityProject(project);
  }

  /** Compiles a mutant; may go on while another one is tested. */
  async prepare(mutant: Mutant, source: string): Promise<Prepared> {
    const start = performance.now();
    const mutated = applyMutant(source, mutant);
    const seconds = () => (performance.now() - start) / 1000;
    if (!mutant.file.endsWith(".sol")) {
      const not = whyNotTypescript(source, mutated);
      if (not !== undefined) return { mutant, ...not, seconds: seconds() };
      return { mutant, status: "ready", writes: [{ path: mutant.file, text: mutated }], seconds: seconds() };
    }
    const compiled = await this.#solidity.compile(mutant.file, mutated);
    if (compiled.status !== "changed") return { mutant, ...compiled, seconds: seconds() };
    const writes = [{ path: mutant.file, text: mutated }, ...compiled.artifacts];
    return { mutant, status: "ready", writes, seconds: seconds() };
  }

  async baseline(files: string[]): Promise<TestRun> {
    return this.#tests.run({ files, bail: false, timeoutMs: 120_000 }, 3_600_000);
  }

  async try({ writes }: Extract<Prepared, { status: "ready" }>, order: TestOrder, limitMs: number): Promise<Trial> {
    const start = performance.now();
    for (const { path, text } of writes) this.#sandbox.write(path, text);
    try {
      let run = await this.#runNext(order, limitMs);
      const doubtful = "report" in run ? run.report.failures.find((failure) => DOUBTFUL.test(failure)) : undefined;
      // From the file that failed on: those before it have passed.
      if (doubtful !== undefined && "report" in run) {
        const from = Object.keys(run.report.seconds).length - 1;
        run = await this.#runNext({ ...order, files: order.files.slice(from) }, limitMs);
      }
      return { ...judged(run), seconds: (performance.now() - start) / 1000 };
    } finally {
      this.#sandbox.restore();
    }
  }

  async #runNext(order: TestOrder, limitMs: number): Promise<TestRun> {
    const run = this.#tests.run(order, limitMs);
    this.#tests.prepare();
    return run;
  }

  close(): void {
    this.#tests.close();
    this.#solidity.close();
    this.#sandbox.remove();
  }
}

function judged(run: TestRun): Omit<Trial, "seconds"> {
  if (!("report" in run)) {
    const status = run.ended === "timeout" ? "timeout" : "killed";
    return {
      status,
      why: run.ended === "timeout" ? "the tests did not end" : `the test process ended: ${run.output.slice(-300).trim()}`,
    };
  }
  const [failure] = run.report.failures;
  return failure === undefined
    ? { status: "survived", why: `${run.report.passed} tests passed` }
    : { status: "killed", why: failure };
}
