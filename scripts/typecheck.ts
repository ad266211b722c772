// Checks the types of all TypeScript; says nothing when they are right. TypeScript 7 does it: the same rules as those of the version
// in the root, which has the programming interface that npm run mutate needs, for a fraction of the computing.
//
// Usage: npm run typecheck
import { spawnSync } from "node:child_process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { commandLine, read } from "./commandLine.ts";
import { ROOT } from "./lint/linters.ts";

const TSC = fileURLToPath(new URL("../tools/lint/node_modules/typescript/bin/tsc", import.meta.url));

/** Program and arguments. What has not changed since the last time is not looked at again. */
export function typeCheck({ color, alone }: { color: boolean; alone: boolean }): [string, ...string[]] {
  const kept = ["--incremental", "--tsBuildInfoFile", "cache/types.tsbuildinfo"];
  // Several threads do some of the work twice, so they are for idle processors.
  const threads = alone ? [] : ["--singleThreaded"];
  return [process.execPath, TSC, "--noEmit", ...kept, ...threads, "--pretty", String(color)];
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  read(commandLine("typecheck", "Checks the types of all TypeScript. Says nothing when they are right."));
  const [program, ...args] = typeCheck({ color: process.stdout.isTTY === true, alone: true });
  process.exitCode = spawnSync(program, args, { cwd: ROOT, stdio: "inherit" }).status ?? 1;
}
