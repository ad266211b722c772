// Checks format and style of all code; with --fix it repairs what can be repaired. Prints nothing about what is clean. A linter that
// found nothing in the same files before does not run again.
//
// Usage: npm run lint [-- --fix]
import { spawn } from "node:child_process";
import { commandLine, read } from "./commandLine.ts";
import { keyOf, readKept, writeKept } from "./lint/kept.ts";
import { type Linter, linters, ROOT } from "./lint/linters.ts";

interface Result {
  linter: Linter;
  clean: boolean;
  output: string;
}

const { options: values } = read<{ fix: boolean }>(
  commandLine("lint", "Checks format and style of all code. Prints nothing about what is clean.").option(
    "--fix",
    "repairs what can be repaired",
    false,
  ),
);
const kept = readKept(ROOT);
const results = await Promise.all(linters(values.fix).map(look));
writeKept(ROOT, kept);
for (const { linter, clean, output } of results) {
  console.log(`${linter.name} (${linter.about}): ${clean ? "clean" : "not clean"}`);
  if (!clean) console.log(`${(linter.brief?.(output) ?? output).trimEnd()}\n`);
}
const dirty = results.filter(({ clean }) => !clean);
if (dirty.length > 0) {
  console.log(values.fix ? "What is left has to be repaired by hand." : "`npm run lint -- --fix` repairs what can be repaired.");
  process.exitCode = 1;
}

async function look(linter: Linter): Promise<Result> {
  const key = keyOf(ROOT, linter.endings);
  if (kept[linter.name] === key) return { linter, clean: true, output: "" };
  const result = await run(linter);
  // What was repaired has another key, and is looked at once more.
  if (result.clean && !values.fix) kept[linter.name] = key;
  return result;
}

function run(linter: Linter): Promise<Result> {
  const [program, ...args] = linter.command as [string, ...string[]];
  const child = spawn(program, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ linter, clean: code === 0, output }));
  });
}
