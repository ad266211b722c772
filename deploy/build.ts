// Compiles the contracts and writes their TypeScript types; does nothing when nothing has changed.
import { fileURLToPath } from "node:url";
import { isBuilt, keyOf, noteBuilt } from "./built.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

export async function build({ quiet }: { quiet: boolean }): Promise<void> {
  if (isBuilt(ROOT)) {
    if (!quiet) console.log("Nothing has changed since the last build.");
    return;
  }
  const key = keyOf(ROOT);
  const { default: hre } = await import("hardhat");
  await hre.tasks.getTask("build").run({ quiet });
  noteBuilt(ROOT, key);
}
