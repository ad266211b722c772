// The build as a command: says what it did, with --quiet only what is wrong.
import { build } from "@ftns/deploy/build.ts";
import { commandLine, read } from "./commandLine.ts";

const { options } = read<{ quiet: boolean }>(
  commandLine("build", "Compiles the contracts and writes their TypeScript types. Does nothing when nothing has changed.").option(
    "--quiet",
    "says only what is wrong",
    false,
  ),
);
try {
  await build({ quiet: options.quiet });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
