// A run: takes mutants in the order of the sample until enough of them count, and tries those of one file together.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Baselines, TestPlan } from "./baselines.ts";
import type { Equivalents } from "./equivalents.ts";
import type { Lane } from "./lane.ts";
import type { Mutant } from "./mutant.ts";
import { isScored, resultOf, type Result, type ResultsFile } from "./results.ts";

export interface SessionOptions {
  root: string;
  lanes: Lane[];
  equivalents: Equivalents;
  results: ResultsFile;
  baselines: Baselines;
  /** How many mutants that count are wanted. */
  wanted: number;
  onResult: (result: Result, progress: { scored: number; tried: number; known: boolean }) => void;
}

/** @param order The mutants, in the order in which they are taken. */
export async function runSession(order: Mutant[], options: SessionOptions): Promise<void> {
  const { results, wanted } = options;
  const rest = [...order];
  const scored = () => results.results.filter(isScored).length;
  // Those that turn out not to count are replaced by the next ones, in another round.
  while (scored() < wanted && rest.length > 0) {
    const round = takeRound(rest, wanted - scored(), options);
    for (const [file, mutants] of byFile(round)) await runFile(file, mutants, options);
  }
}

/** The next mutants that may count; those argued to be equivalent on the way are noted and do not. */
function takeRound(rest: Mutant[], count: number, { equivalents, results }: SessionOptions): Mutant[] {
  const round: Mutant[] = [];
  while (round.length < count && rest.length > 0) {
    const mutant = rest.shift()!;
    const reason = equivalents.reasonFor(mutant);
    if (reason === undefined) round.push(mutant);
    else results.add(resultOf(mutant, "equivalent", reason, 0, { source: "", tests: "" }));
  }
  return round;
}

function byFile(mutants: Mutant[]): [string, Mutant[]][] {
  const groups = Map.groupBy(
    mutants.toSorted((a, b) => a.start - b.start),
    ({ file }) => file,
  );
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

async function runFile(file: string, mutants: Mutant[], options: SessionOptions): Promise<void> {
  const { root, lanes, results, baselines } = options;
  const source = readFileSync(join(root, file), "utf8");
  const hashes = { source: createHash("sha256").update(source).digest("hex").slice(0, 16), tests: baselines.hashFor(file) };
  const report = (result: Result, known: boolean) => {
    results.add(result);
    const tried = results.results.filter(({ status }) => status !== "equivalent").length;
    options.onResult(result, { scored: results.results.filter(isScored).length, tried, known });
  };

  const queue = mutants.filter((mutant) => {
    const known = results.known(mutant, hashes);
    if (known !== undefined) report(known, true);
    return known === undefined;
  });
  if (queue.length === 0) return;
  const plan = await baselines.planFor(file, lanes[0]!);
  await Promise.all(
    lanes.map((lane) => work(lane, queue, source, plan, (...result) => report(resultOf(...result, hashes), false))),
  );
}

type Report = (mutant: Mutant, status: Result["status"], why: string, seconds: number) => void;

async function work(lane: Lane, queue: Mutant[], source: string, { order, limitMs }: TestPlan, report: Report): Promise<void> {
  const prepareNext = () => {
    const mutant = queue.shift();
    const prepared = mutant === undefined ? undefined : lane.prepare(mutant, source);
    // Heard when it is awaited.
    prepared?.catch(() => {});
    return prepared;
  };
  for (let next = prepareNext(); next !== undefined; ) {
    const prepared = await next;
    // The compiler is ahead of the tests by one.
    next = prepareNext();
    const { mutant } = prepared;
    if (prepared.status !== "ready") {
      report(mutant, prepared.status, prepared.why, prepared.seconds);
      continue;
    }
    const { status, why, seconds } = await lane.try(prepared, order, limitMs);
    report(mutant, status, why, seconds);
  }
}
