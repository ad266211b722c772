// Keeps what the compiler made between runs that begin with a clean clone, as those of continuous integration do.
//
// Usage: node scripts/build-cache.ts restore|save
//
// An entry is named after the hash of all that the build depends on, so there is nothing old to find. With it goes what the type check
// and the linters know of the files that they looked at last. FTNS_CACHE_DIR says where entries are kept, ~/.cache/ftns unless given.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { keyOf, NOTE, noteBuilt } from "@ftns/deploy/built.ts";

/** What it writes; the folder that says what is there comes last. */
const BUILT = ["artifacts", "typechain-types", "cache"];
/** Hardhat writes whole paths in here, and a clone may lie anywhere. */
const WITH_PATHS = join("cache", "compile-cache.json");
const ROOT_SIGN = "{{root}}";
/** What changes more often than the contracts. */
const RENEWED = [join("cache", "types.tsbuildinfo"), join("cache", "lint.json")];
/** Entries that are kept: some branches side by side. */
const KEPT = 5;

/** Whether there was something to restore. What has been built here stays as it is. */
export function restore(root: string, store: string): boolean {
  const entry = join(store, keyOf(root));
  if (!existsSync(entry) || BUILT.some((folder) => existsSync(join(root, folder)))) return false;
  copy(entry, root);
  replaceIn(join(root, WITH_PATHS), ROOT_SIGN, inJson(root));
  // Named after these sources, it was built from them; only the times are others now.
  if (existsSync(join(root, NOTE))) noteBuilt(root, keyOf(root));
  const now = new Date();
  utimesSync(entry, now, now);
  return true;
}

/** Whether something new was kept. */
export function save(root: string, store: string): boolean {
  const entry = join(store, keyOf(root));
  if (existsSync(entry)) {
    renew(root, entry);
    return false;
  }
  if (!existsSync(join(root, WITH_PATHS)) || !BUILT.every((folder) => existsSync(join(root, folder)))) return false;
  mkdirSync(store, { recursive: true });
  // A copy that is cut short must never be taken for a whole one, nor may two runs write to the same.
  const half = mkdtempSync(join(store, "half-"));
  copy(root, half);
  replaceIn(join(half, WITH_PATHS), inJson(root), ROOT_SIGN);
  try {
    renameSync(half, entry);
  } catch {
    rmSync(half, { recursive: true, force: true });
    return false;
  }
  dropOld(store);
  return true;
}

function renew(root: string, entry: string): void {
  for (const file of RENEWED.filter((one) => existsSync(join(root, one)))) {
    const half = join(entry, `${file}.${process.pid}`);
    cpSync(join(root, file), half);
    renameSync(half, join(entry, file));
  }
}

function copy(from: string, to: string): void {
  for (const folder of BUILT) cpSync(join(from, folder), join(to, folder), { recursive: true, preserveTimestamps: true });
}

function replaceIn(file: string, what: string, by: string): void {
  writeFileSync(
    file,
    readFileSync(file, "utf8").replaceAll(what, () => by),
  );
}

const inJson = (path: string): string => JSON.stringify(path.replace(/[\\/]$/, "")).slice(1, -1);

function dropOld(store: string): void {
  const age = (name: string) => statSync(join(store, name)).mtimeMs;
  const entries = readdirSync(store).filter((name) => name.startsWith("build-"));
  for (const old of entries.toSorted((a, b) => age(b) - age(a)).slice(KEPT))
    rmSync(join(store, old), { recursive: true, force: true });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const root = fileURLToPath(new URL("../", import.meta.url));
  const store = process.env["FTNS_CACHE_DIR"] || join(homedir(), ".cache", "ftns");
  try {
    if (process.argv[2] === "restore" && restore(root, store))
      console.log("The contracts were built before: taken from the cache.");
    if (process.argv[2] === "save" && save(root, store)) console.log("The build is kept for later runs.");
  } catch (error) {
    // Without a cache everything works as well, only later.
    console.error(`The build cache cannot be used: ${(error as Error).message}`);
  }
}
