// Which tests are asked about which source. Edit this when folders move.
import { existsSync, globSync } from "node:fs";
import { join } from "node:path";

/**
 * The first row whose beginning fits counts. `*` stands for one folder, and for the same name on the right. The folders are those
 * of test/, asked in this order; one that does not exist is left out.
 */
const ROWS: [source: string, folders: string[]][] = [
  ["contracts/libraries/ProtocolTime.sol", ["keepers", "supply", "token", "staking"]],
  ["contracts/libraries/VoteTrace.sol", ["staking", "governance"]],
  ["contracts/libraries/", ["staking", "supply"]],
  ["contracts/*/", ["*", "access"]],

  ["packages/model/src/*/", ["*"]],
  ["packages/model/src/", ["token", "supply", "math"]],
  ["packages/*/src/", ["*", "keeper"]],
  ["services/*/src/", ["*"]],
  ["apps/*/src/", ["*"]],

  ["deploy/", ["deploy"]],
];

/** Files that --all goes through. Interfaces have no behaviour, contracts/test/ is never deployed. */
const ALL = {
  solidity: { include: "contracts/**/*.sol", exclude: /^contracts\/(interfaces|test|types)\// },
  typescript: { include: "{packages,services,apps}/**/*.ts", exclude: /^(?!([^/]+\/){2}src\/)|\.d\.ts$/ },
};

export function allFiles(root: string, language: "solidity" | "typescript"): string[] {
  const { include, exclude } = ALL[language];
  return globSync(include, { cwd: root, exclude: ["**/node_modules/**"] })
    .filter((file) => !exclude.test(file))
    .sort();
}

export function testFoldersOf(file: string, root: string): string[] {
  for (const [source, folders] of ROWS) {
    const match = new RegExp(`^${source.replaceAll(".", "\\.").replace("*", "([^/]+)")}`).exec(file);
    if (match === null) continue;
    const named = folders.map((folder) => (folder === "*" ? (match[1] ?? "") : folder));
    return named.filter((folder) => existsSync(join(root, "test", folder)));
  }
  return [];
}
