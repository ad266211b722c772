// Makes the verifier a folder, out/verifier/, that runs on Node 22 or newer with nothing beside it: the program, the threads in which
// strangers' work runs, and the runtime of models. Usage: npm run bundle-verifier [-- folder]
import { copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build as bundle, type Plugin } from "esbuild";
import { readFile } from "node:fs/promises";
import { commandLine, read } from "./commandLine.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const EVIDENCE = "packages/evidence/src";
/** Each thread by the folder that starts it. */
const THREADS = ["compute", "data", "model"];

/** Some libraries still ask for Node's own modules by `require`, which a module file does not have by itself. */
const REQUIRE = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

/** Threads are started by their file's name, which is another one in the bundle. */
const threads: Plugin = {
  name: "threads",
  setup({ onLoad }) {
    onLoad({ filter: /packages\/evidence\/src\/(compute|data|model)\/\w+\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const name = basename(dirname(path));
      return { contents: text.replaceAll('"./worker.ts"', `"./${name}-thread.mjs"`), loader: "ts" };
    });
  },
};

export async function bundleVerifier(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await bundle({
    absWorkingDir: ROOT,
    entryPoints: [
      { in: "services/verifier/src/main.ts", out: "main" },
      ...THREADS.map((name) => ({ in: `${EVIDENCE}/${name}/worker.ts`, out: `${name}-thread` })),
    ],
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22",
    plugins: [threads],
    banner: { js: REQUIRE },
    legalComments: "eof",
    logLevel: "warning",
  });
  const require = createRequire(join(ROOT, EVIDENCE, "index.ts"));
  const runtime = dirname(require.resolve("onnxruntime-web/wasm"));
  for (const file of ["ort-wasm-simd-threaded.wasm", "ort-wasm-simd-threaded.mjs"])
    copyFileSync(join(runtime, file), join(folder, file));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { args } = read(
    commandLine(
      "bundle-verifier",
      "Makes the verifier a folder that runs on Node 22 or newer with nothing beside it (default: out/verifier).",
    ).argument("[folder]", "where it is written"),
  );
  const folder = resolve(args[0] ?? "out/verifier");
  await bundleVerifier(folder);
  console.log(`The verifier is ${folder}. Try: node ${join(folder, "main.mjs")} --help`);
}
