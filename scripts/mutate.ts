// Breaks one thing at a time in a source file and looks whether a test notices. See docs/mutation.md.
//
// Usage: npm run mutate -- contracts/keepers/KeeperPayments.sol --sample 20
//        npm run mutate -- --all --only solidity --sample 60 --seed 1 --out out/mutants.json
import { spawnSync } from "node:child_process";
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { commandLine, read, refuse } from "./commandLine.ts";
import { Baselines } from "./mutate/baselines.ts";
import { Equivalents } from "./mutate/equivalents.ts";
import { Lane } from "./mutate/lane.ts";
import type { Mutant } from "./mutate/mutant.ts";
import { listed, Progress, summary } from "./mutate/report.ts";
import { ResultsFile } from "./mutate/results.ts";
import { shuffled } from "./mutate/sampling.ts";
import { runSession } from "./mutate/session.ts";
import { SolidityProject } from "./mutate/solidity-project.ts";
import { allFiles } from "./mutate/test-map.ts";
import { typescriptMutants } from "./mutate/typescript-program.ts";

interface Options {
  all: boolean;
  only?: string;
  sample?: string;
  seed: string;
  tests?: string[];
  match?: string;
  jobs: string;
  out?: string;
  fresh: boolean;
  list: boolean;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(/[/\\]$/, "");
const start = performance.now();
const options = readArguments();
const lanes: Lane[] = [];
const close = () => lanes.splice(0).forEach((lane) => lane.close());
process.on("exit", close);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130));
try {
  await main();
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

async function main(): Promise<void> {
  const { files, sample, seed } = options;
  build();
  const all = await mutantsOf(files);
  const mutants = all.filter(({ id }) => options.match === undefined || id.includes(options.match));
  const equivalents = Equivalents.of(ROOT);
  const order = sample === undefined ? mutants : shuffled(mutants, seed);
  if (options.list) return console.log(listed(order.slice(0, sample), (mutant) => equivalents.reasonFor(mutant)));

  for (let i = 0; i < options.jobs; i++) lanes.push(new Lane(ROOT));
  const about = { files: options.all ? `all ${options.only ?? ""}`.trim() : files, sample, seed };
  const results = new ResultsFile(options.out, about, options.fresh);
  const wanted = Math.min(sample ?? Infinity, mutants.length);
  console.log(`${mutants.length} mutants in ${files.length} ${files.length === 1 ? "file" : "files"}, ${wanted} wanted`);
  const progress = new Progress(wanted);
  const baselines = new Baselines(ROOT, options.tests, (line) => console.log(line));
  await runSession(order, {
    root: ROOT,
    lanes,
    equivalents,
    results,
    baselines,
    wanted,
    onResult: (result, so) => console.log(progress.line(result, so)),
  });
  results.finish();
  console.log(`\n${summary(results.results, equivalents.outdated(all), { seconds: (performance.now() - start) / 1000 })}`);
}

/** Tests in the copy run what was compiled here. */
function build(): void {
  const { status } = spawnSync(process.execPath, [...process.execArgv, "scripts/build.ts", "--quiet"], {
    cwd: ROOT,
    stdio: "inherit",
  });
  if (status !== 0) throw new Error("The project does not build.");
}

async function mutantsOf(files: string[]): Promise<Mutant[]> {
  const solidityFiles = files.filter((file) => file.endsWith(".sol"));
  const typescriptFiles = files.filter((file) => !file.endsWith(".sol"));
  const mutants = typescriptFiles.length === 0 ? [] : typescriptMutants(ROOT, typescriptFiles);
  if (solidityFiles.length === 0) return mutants;
  const project = new SolidityProject(ROOT);
  try {
    return [...(await project.mutants(solidityFiles)), ...mutants];
  } finally {
    project.close();
  }
}

function readArguments() {
  const command = commandLine("mutate", "Breaks one thing at a time in a source file and looks whether a test notices.")
    .argument("[file...]", "source files to break")
    .option("--all", "all of them", false)
    .option("--only <language>", "with --all: solidity or typescript")
    .option("--sample <n>", "how many mutants that count to try (default: all)")
    .option("--seed <text>", "picks the sample", "1")
    .option(
      "--tests <a,b>",
      "folders of test/ to ask in place of those in scripts/mutate/test-map.ts",
      (more: string, so: string[] = []) => [...so, more],
    )
    .option("--match <text>", "only mutants whose name has this in it")
    .option("--jobs <n>", "how many to try side by side", "1")
    .option("--out <file>", "writes results as they come, and goes on from there")
    .option("--fresh", "with --out: starts anew", false)
    .option("--list", "names the mutants and tries none", false);
  const { options: values, args } = read<Options>(command);
  const { sample, jobs, only, all } = values;
  const numbers = [sample ?? "1", jobs].map(Number);
  if (numbers.some((n) => !Number.isInteger(n) || n < 1)) refuse(command, "--sample and --jobs take a number from 1");
  if (only !== undefined && only !== "solidity" && only !== "typescript") refuse(command, "--only takes solidity or typescript");
  if (all === args.length > 0) refuse(command, "name files, or take --all");
  const languages: ("solidity" | "typescript")[] = only === undefined ? ["solidity", "typescript"] : [only];
  const files = all
    ? languages.flatMap((language) => allFiles(ROOT, language))
    : args.map((file) => relative(ROOT, resolve(file)));
  return {
    ...values,
    files: [...new Set(files)].sort(),
    sample: sample === undefined ? undefined : Number(sample),
    tests: values.tests?.flatMap((folders) => folders.split(",")),
    jobs: Number(jobs),
  };
}
