// The build as a command: says what it did, with --quiet only what is wrong.
import { build } from "@ftns/deploy/build.ts";

try {
  await build({ quiet: process.argv.includes("--quiet") });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
