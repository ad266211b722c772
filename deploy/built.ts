// Whether the contracts are built already. Hardhat finds that out too, but starts its compiler and writes all types anew for it,
// which takes seconds; most programs here begin with a build that has nothing to do.
import { createHash } from "node:crypto";
import { globSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What the build reads. */
const SOURCES = [
  "{contracts,test}/**/*.sol",
  "hardhat.config.ts",
  "scripts/{compiler-warnings,npm-compiler}.ts",
  "package-lock.json",
];
/** What it writes first and last, and the folders that something else may have taken files from. */
const OUTPUTS = [
  "artifacts",
  "artifacts/build-info",
  "artifacts/contracts",
  "typechain-types/index.ts",
  "cache/compile-cache.json",
];
const NOTE = join("cache", "built.json");

/** Name of all that the build reads in `root`. */
export function keyOf(root: string): string {
  const hash = createHash("sha256");
  for (const file of globSync(SOURCES, { cwd: root }).toSorted()) {
    const content = readFileSync(join(root, file));
    hash.update(`${file.replaceAll("\\", "/")}\n${content.length}\n`).update(content);
  }
  return `build-${hash.digest("hex")}`;
}

/** Whether what lies in `root` was built from the sources that are there, and is as the build left it. */
export function isBuilt(root: string): boolean {
  try {
    return readFileSync(join(root, NOTE), "utf8") === noteOf(root, keyOf(root));
  } catch {
    return false;
  }
}

/** Remembers that everything in `root` has just been built from the sources that had this `key` before. */
export function noteBuilt(root: string, key: string): void {
  writeFileSync(join(root, NOTE), noteOf(root, key));
}

/** Whoever builds otherwise, or deletes what was built, changes the times. */
function noteOf(root: string, key: string): string {
  return JSON.stringify({ key, outputs: OUTPUTS.map((path) => statSync(join(root, path)).mtimeMs) });
}
