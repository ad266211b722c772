// The linters and how each is started. They come from tools/lint, which npm start does not install.
import { globSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, platform } from "node:process";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const TOOLS = fileURLToPath(new URL("../../tools/lint/package.json", import.meta.url));
const resolve = createRequire(TOOLS).resolve;

export interface Linter {
  name: string;
  /** What it looks after, in words. */
  about: string;
  /** Endings of the files that it looks at. */
  endings: string[];
  /** Program and arguments. */
  command: string[];
  /** The part of its output that tells enough. */
  brief?: (output: string) => string;
}

/** With `fix` they repair what they can. */
export function linters(fix: boolean): Linter[] {
  const node = process.execPath;
  const solidity = globSync(["contracts/**/*.sol", "test/**/*.sol"], { cwd: ROOT }).toSorted();
  return [
    {
      name: "biome",
      about: "TypeScript and JSON: format, mistakes, promises that nobody waits for",
      endings: ["ts", "mts", "cts", "tsx", "js", "mjs", "cjs", "jsx", "json", "jsonc", "css", "html", "graphql"],
      command: [
        node,
        resolve("@biomejs/biome/bin/biome"),
        "check",
        "--error-on-warnings",
        "--colors=off",
        ...(fix ? ["--write"] : []),
      ],
    },
    {
      name: "forge fmt",
      about: "Solidity: format",
      endings: ["sol"],
      command: [forge(), "fmt", ...(fix ? [] : ["--check"]), ...solidity],
      // It prints every difference in full; the names of the files do.
      brief: (output) => (output.match(/^Diff in .*$/gm) ?? [output]).join("\n"),
    },
    {
      name: "solhint",
      about: "Solidity: mistakes",
      endings: ["sol"],
      command: [node, resolve("solhint/solhint.js"), "--noPoster", "--disc", "--max-warnings", "0", ...solidity],
    },
  ];
}

/** Forge is a program of its own for each platform. */
function forge(): string {
  const machine = arch === "x64" ? "amd64" : arch;
  return resolve(`@foundry-rs/forge-${platform}-${machine}/bin/forge${platform === "win32" ? ".exe" : ""}`);
}
