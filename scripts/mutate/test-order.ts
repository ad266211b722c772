// Tests that are closest to a file come first, because they most likely notice that it is broken.
import { existsSync, globSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";

export function testsIn(root: string, folders: string[]): string[] {
  return folders.flatMap((folder) => globSync(`test/${folder}/**/*.{test.ts,t.sol}`, { cwd: root }).sort());
}

/** Those of the first folder first; in it the ones that use the file, by how many imports away it is; quick ones before slow ones. */
export function orderedTests(root: string, file: string, folders: string[], seconds: Record<string, number>): string[] {
  const uses = file.endsWith(".sol") ? mentions(root, basename(file, ".sol")) : (path: string) => path === file;
  const graph = new ImportGraph(root);
  return testsIn(root, folders)
    .map((test) => {
      const folder = folders.indexOf(test.split("/")[1] ?? "");
      return { test, folder, distance: graph.distance(test, uses), seconds: seconds[test] ?? 0 };
    })
    .sort((a, b) => a.folder - b.folder || a.distance - b.distance || a.seconds - b.seconds)
    .map(({ test }) => test);
}

function mentions(root: string, name: string): (path: string) => boolean {
  const word = new RegExp(`\\b${name}(__factory)?\\b`, "i");
  return (path) => word.test(readFileSync(join(root, path), "utf8"));
}

class ImportGraph {
  readonly #root: string;
  readonly #imports = new Map<string, string[]>();

  constructor(root: string) {
    this.#root = realpathSync(root);
  }

  distance(from: string, isThere: (path: string) => boolean): number {
    const seen = new Set([from]);
    let layer = [from];
    for (let distance = 0; layer.length > 0; distance++) {
      if (layer.some(isThere)) return distance;
      layer = [...new Set(layer.flatMap((path) => this.#importsOf(path)))].filter((path) => !seen.has(path));
      layer.forEach((path) => seen.add(path));
    }
    return Infinity;
  }

  #importsOf(path: string): string[] {
    const known = this.#imports.get(path);
    if (known !== undefined) return known;
    const source = readFileSync(join(this.#root, path), "utf8");
    const named = [...source.matchAll(/\bfrom\s+"([^"]+)"|\bimport\("([^"]+)"\)/g)].map(([, a, b]) => a ?? b ?? "");
    const found = named.map((name) => this.#resolve(path, name)).filter((found) => found !== undefined);
    this.#imports.set(path, found);
    return found;
  }

  /** Files of our own, over workspaces too; undefined for what others wrote or a compiler did. */
  #resolve(from: string, name: string): string | undefined {
    if (name.startsWith(".")) return this.#own(join(this.#root, dirname(from), name));
    const [scope = "", plain = "", ...rest] = name.startsWith("@") ? name.split("/") : ["", ...name.split("/")];
    const folder = join(this.#root, "node_modules", scope, plain);
    if (!existsSync(join(folder, "package.json")) || relative(this.#root, realpathSync(folder)).includes("node_modules"))
      return undefined;
    const { exports = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      exports?: Record<string, unknown>;
    };
    const target = exports[[".", ...rest].join("/")];
    return typeof target === "string" ? this.#own(join(realpathSync(folder), target)) : undefined;
  }

  #own(path: string): string | undefined {
    const own = relative(this.#root, path);
    return own.startsWith("..") || own.startsWith("typechain-types") || !own.endsWith(".ts") || !existsSync(path)
      ? undefined
      : own;
  }
}
