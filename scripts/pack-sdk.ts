// Packs the SDK as others install it: out/ftns-sdk-<version>.tgz, one module with its types that needs ethers alone.
// Usage: npm run pack-sdk [-- folder]
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build as bundle } from "esbuild";
import { commandLine, read } from "./commandLine.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SDK = join(ROOT, "packages", "sdk");
const MODEL = join(ROOT, "packages", "model", "src");
const TSC = join(ROOT, "node_modules", "typescript", "bin", "tsc");
const run = promisify(execFile);

/** Builds the package in `folder`/sdk and packs it into `folder`; gives the path of the tarball. */
export async function packSdk(folder: string): Promise<string> {
  const stage = join(folder, "sdk");
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  await Promise.all([bundleInto(join(stage, "dist")), typesInto(join(stage, "dist"))]);
  cpSync(join(SDK, "README.md"), join(stage, "README.md"));
  writeFileSync(join(stage, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], { cwd: stage });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  return join(folder, filename);
}

/** What the published package says of itself. */
function manifest(): object {
  const { name, version, description, license, dependencies } = JSON.parse(readFileSync(join(SDK, "package.json"), "utf8"));
  return {
    name,
    version,
    description,
    license,
    type: "module",
    sideEffects: false,
    exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
    types: "./dist/index.d.ts",
    files: ["dist"],
    engines: { node: ">=18" },
    peerDependencies: { ethers: dependencies.ethers },
  };
}

/** One module with everything but ethers in it. */
async function bundleInto(dist: string): Promise<void> {
  await bundle({
    absWorkingDir: ROOT,
    entryPoints: ["packages/sdk/src/index.ts"],
    outfile: join(dist, "index.js"),
    bundle: true,
    external: ["ethers"],
    platform: "neutral",
    format: "esm",
    target: "es2022",
    logLevel: "warning",
  });
}

/** The declarations that the SDK's own reach, those of the model among them, by relative paths. */
async function typesInto(dist: string): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "ftns-sdk-types-"));
  try {
    const options = [
      "--noEmit",
      "false",
      "--noCheck",
      "--emitDeclarationOnly",
      "--declaration",
      "--rootDir",
      join(ROOT, "packages"),
    ];
    const config = join(scratch, "tsconfig.json");
    writeFileSync(
      config,
      JSON.stringify({
        extends: join(ROOT, "tsconfig.json"),
        // As files of this program, for of packages in node_modules no declarations are written.
        compilerOptions: {
          types: [],
          paths: { "@ftns/model": [join(MODEL, "index.ts")], "@ftns/model/*": [join(MODEL, "*")] },
        },
        include: [],
        files: [join(SDK, "src", "index.ts")],
      }),
    );
    const emitted = join(scratch, "types");
    await run(process.execPath, [TSC, "-p", config, ...options, "--outDir", emitted]);
    const moved = new Set<string>();
    const move = (file: string) => {
      if (moved.has(file)) return;
      moved.add(file);
      const text = readFileSync(file, "utf8").replace(/(from |import\()"([^"]+)"/g, (whole, keyword: string, name: string) => {
        const target = targetOf(emitted, file, name);
        if (target === undefined) return whole;
        move(target);
        return `${keyword}"${specifier(placeOf(emitted, file), placeOf(emitted, target))}"`;
      });
      const place = join(dist, placeOf(emitted, file));
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, text);
    };
    move(join(emitted, "sdk", "src", "index.d.ts"));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The declaration that an import means; undefined for ethers. */
function targetOf(emitted: string, file: string, name: string): string | undefined {
  if (name.startsWith(".")) return resolve(dirname(file), name.replace(/\.ts$/, ".d.ts"));
  const own = /^@ftns\/(\w+)(?:\/(.+))?$/.exec(name);
  return own ? join(emitted, own[1]!, "src", (own[2] ?? "index.ts").replace(/\.ts$/, ".d.ts")) : undefined;
}

/** Where a declaration goes in dist: the SDK's to the top, others to a folder of their package. */
function placeOf(emitted: string, file: string): string {
  const [name, , ...rest] = relative(emitted, file).split(sep);
  return name === "sdk" ? join(...rest) : join(name!, ...rest);
}

function specifier(from: string, to: string): string {
  const path = relative(dirname(from), to)
    .split(sep)
    .join("/")
    .replace(/\.d\.ts$/, ".js");
  return path.startsWith(".") ? path : `./${path}`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { args } = read(
    commandLine(
      "pack-sdk",
      "Packs the SDK as others install it: one module with its types that needs ethers alone (default: into out/).",
    ).argument("[folder]", "where the package is written"),
  );
  const folder = resolve(args[0] ?? join(ROOT, "out"));
  mkdirSync(folder, { recursive: true });
  console.log(`The SDK is ${await packSdk(folder)}. Install it beside ethers: npm install ethers <that file>`);
}
