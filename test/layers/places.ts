// Where a file belongs: to a package, whose name others import, or to one of the root's folders, which nobody imports by name.
import { posix } from "node:path";

/** Path of each file, as git writes it, with what it says. */
export type Tree = ReadonlyMap<string, string>;

export interface Package {
  name: string;
  /** From the root: "packages/sdk". */
  folder: string;
  /** Names of our own packages that its package.json asks for. */
  uses: ReadonlySet<string>;
  exports: Readonly<Record<string, string>>;
}

interface PackageJson {
  name: string;
  dependencies?: Record<string, string>;
  exports?: Record<string, string>;
}

export function packagesOf(tree: Tree): Package[] {
  return [...tree]
    .filter(([path]) => /^((packages|services|apps)\/[^/]+|deploy)\/package\.json$/.test(path))
    .map(([path, source]) => {
      const { name, dependencies = {}, exports = {} } = JSON.parse(source) as PackageJson;
      return { name, folder: posix.dirname(path), uses: new Set(Object.keys(dependencies)), exports };
    });
}

export const isIn = (folder: string, path: string): boolean => path.startsWith(`${folder}/`);

/** The package that an import such as "@ftns/sdk/units.ts" names. */
export const packageNamed = (packages: readonly Package[], wanted: string): Package | undefined =>
  packages.find(({ name }) => wanted === name || wanted.startsWith(`${name}/`));

/** The file that importing `wanted` from `path` leads to; undefined for what is not ours. */
export function fileOf(packages: readonly Package[], path: string, wanted: string): string | undefined {
  if (wanted.startsWith(".")) return posix.join(posix.dirname(path), wanted);
  const from = packageNamed(packages, wanted);
  if (from === undefined) return undefined;
  const key = `.${wanted.slice(from.name.length)}`;
  for (const [pattern, target] of Object.entries(from.exports)) {
    const [start = "", end] = pattern.split("*");
    const fits = end === undefined ? key === pattern : key.startsWith(start) && key.endsWith(end);
    if (fits) return posix.join(from.folder, target.replace("*", key.slice(start.length, key.length - (end ?? "").length)));
  }
  return undefined;
}
