// Makes the keeper one file, out/keeper.mjs, that runs on Node 22 or newer with nothing beside it.
// Usage: npm run bundle-keeper [-- file]
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build as bundle } from "esbuild";
import { commandLine, read } from "./commandLine.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Some libraries still ask for Node's own modules by `require`, which a module file does not have by itself. */
const REQUIRE = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

/** Bundles the keeper's command line into `file`. */
export async function bundleKeeper(file: string): Promise<void> {
  await bundle({
    absWorkingDir: ROOT,
    entryPoints: ["services/keeper/src/main.ts"],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22",
    banner: { js: REQUIRE },
    legalComments: "eof",
    logLevel: "warning",
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { args } = read(
    commandLine(
      "bundle-keeper",
      "Makes the keeper one file that runs on Node 22 or newer with nothing beside it (default: out/keeper.mjs).",
    ).argument("[file]", "where it is written"),
  );
  const file = resolve(args[0] ?? "out/keeper.mjs");
  await bundleKeeper(file);
  console.log(`The keeper is ${file}. Try: node ${file} --help`);
}
