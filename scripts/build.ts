// Compiles the contracts and writes their TypeScript types; does nothing when nothing has changed.
// As a command it says what it did, with --quiet only what is wrong.
import { pathToFileURL } from "node:url";
import hre from "hardhat";

export async function build({ quiet }: { quiet: boolean }): Promise<void> {
  await hre.tasks.getTask("build").run({ quiet });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    await build({ quiet: process.argv.includes("--quiet") });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
