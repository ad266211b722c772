// What may import what. Each layer stands on those before it, never on a later one, so that a package can be used without
// whatever is built from it.
import { circlesOf } from "./circles.ts";
import { importsOf } from "./imports.ts";
import { type Package, type Tree, fileOf, isIn, packageNamed, packagesOf } from "./places.ts";

/** From the bottom up. Services do not use one another, nor do apps. */
const LAYERS: readonly RegExp[] = [
  /^packages\/model$/,
  /^packages\/merkle$/,
  /^packages\/sdk$/,
  /^packages\/usage$/,
  /^packages\/evidence$/,
  /^packages\/service$/,
  /^packages\/evidence-store$/,
  /^packages\/chain$/,
  /^services\/[^/]+$/,
  /^apps\/[^/]+$/,
];

/** How an economy comes to a chain: beside the layers, used by those who deploy one. */
const DEPLOY = "deploy";
const DEPLOY_USES = ["packages/model", "packages/sdk"];

/** What Hardhat writes; folders of the root may read it, packages must be able to do without. */
const GENERATED = ["artifacts", "cache", "typechain-types"];
const ROOT_FOLDERS = ["bench", "scripts", "test"];

/** Everything in `tree` that breaks a rule, in words. */
export function violationsOf(tree: Tree): string[] {
  const packages = packagesOf(tree);
  const files = [...tree.keys()].filter((path) => /\.m?ts$|\.mjs$/.test(path));
  const imports = new Map(files.map((path) => [path, importsOf(path, tree.get(path)!)]));

  const broken = packages.flatMap((one) => (placeOf(one) === undefined ? [`${one.folder} has no place among the layers`] : []));
  for (const [path, wanted] of imports) {
    const own = packages.find(({ folder }) => isIn(folder, path));
    for (const name of wanted) {
      const problem = name.startsWith(".")
        ? judgePath(packages, own, fileOf(packages, path, name)!)
        : judgeName(packages, own, name);
      if (problem !== undefined) broken.push(`${path} imports ${name}: ${problem}`);
    }
  }
  const known = new Set(files);
  const graph = new Map(
    [...imports].map(([path, wanted]) => [
      path,
      wanted.flatMap((name) => fileOf(packages, path, name) ?? []).filter((to) => known.has(to)),
    ]),
  );
  return [...broken, ...circlesOf(graph).map((circle) => `a circle: ${circle.join(" -> ")}`)];
}

function judgePath(packages: readonly Package[], own: Package | undefined, to: string): string | undefined {
  if (own !== undefined && isIn(own.folder, to)) return undefined;
  const theirs = packages.find(({ folder }) => isIn(folder, to));
  if (theirs !== undefined) return `packages are imported by name, so ${theirs.name}`;
  if (own === undefined) return undefined;
  if (isGenerated(to)) return "a package does without what Hardhat generates";
  return "a path must not leave its package";
}

function judgeName(packages: readonly Package[], own: Package | undefined, name: string): string | undefined {
  if (!name.startsWith("@ftns/")) return undefined;
  const wanted = packageNamed(packages, name);
  if (wanted === undefined) return "there is no such package";
  // Folders of the root may use every package; nothing imports them.
  if (own === undefined || own === wanted) return undefined;
  if (!mayUse(own, wanted)) return `${own.folder} must not use ${wanted.folder}`;
  return own.uses.has(wanted.name) ? undefined : `${own.folder}/package.json does not name it in its dependencies`;
}

function mayUse(own: Package, wanted: Package): boolean {
  if (own.folder === DEPLOY) return DEPLOY_USES.includes(wanted.folder);
  if (wanted.folder === DEPLOY) return isIn("apps", own.folder);
  const [mine, theirs] = [placeOf(own), placeOf(wanted)];
  return mine !== undefined && theirs !== undefined && theirs < mine;
}

/** Number of the layer, or undefined for a package that has none yet. */
function placeOf({ folder }: Package): number | undefined {
  if (folder === DEPLOY) return LAYERS.length;
  const index = LAYERS.findIndex((layer) => layer.test(folder));
  return index < 0 ? undefined : index;
}

const isGenerated = (to: string | undefined): boolean => to !== undefined && GENERATED.some((folder) => isIn(folder, to));

/** The folders that the rules are about. */
export const FOLDERS: readonly string[] = ["packages", "services", "apps", DEPLOY, ...ROOT_FOLDERS];
