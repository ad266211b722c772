// Which linters found nothing, and in what: the same files need no second look.
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const NOTE = join("cache", "lint.json");
/** What linters are told, and which ones they are. */
const SETTINGS = [
  "biome.json",
  ".solhint.json",
  "foundry.toml",
  ".editorconfig",
  ".gitignore",
  "scripts/lint/linters.ts",
  "tools/lint/package-lock.json",
];
/** What is made, installed or nobody's. */
const NOT_OURS = ["node_modules", "artifacts", "cache", "coverage", "typechain-types", "out", ".git"];

/** Name of all that a linter of files that end with `endings` may look at in `root`, its settings and itself included. */
export function keyOf(root: string, endings: readonly string[]): string {
  const hash = createHash("sha256");
  const exclude = (name: string) => NOT_OURS.includes(name.split(/[\\/]/).at(-1)!);
  const files = [
    ...SETTINGS.filter((file) => existsSync(join(root, file))),
    ...globSync(
      endings.map((ending) => `**/*.${ending}`),
      { cwd: root, exclude },
    ),
  ];
  for (const file of [...new Set(files)].toSorted()) {
    const content = readFileSync(join(root, file));
    hash.update(`${file.replaceAll("\\", "/")}\n${content.length}\n`).update(content);
  }
  return hash.digest("hex");
}

/** Keys under which each linter last found nothing. */
export function readKept(root: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(join(root, NOTE), "utf8")) as Record<string, string>;
  } catch {
    return {};
  }
}

export function writeKept(root: string, kept: Record<string, string>): void {
  mkdirSync(dirname(join(root, NOTE)), { recursive: true });
  writeFileSync(join(root, NOTE), JSON.stringify(kept));
}
