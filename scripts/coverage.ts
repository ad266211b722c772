// Which lines of the contracts the tests reach. Tests of gas and code size do not hold for code that counts its own steps, so
// they are left out; what fails here is decided by npm test.
//
// Usage: npm run coverage                 all folders of test/ that are about contracts
//        npm run coverage -- token supply
import { spawnSync } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "@ftns/deploy/build.ts";
import { commandLine, read, refuse } from "./commandLine.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const HARDHAT = fileURLToPath(new URL("../node_modules/hardhat/dist/src/cli.js", import.meta.url));
const FOLDERS = [
  "access",
  "contributors",
  "deploy",
  "governance",
  "invariant",
  "keepers",
  "math",
  "prices",
  "rewards",
  "safety",
  "staking",
  "supply",
  "token",
];
/** About gas, code size, or processes of their own. */
const LEFT_OUT = ["test/access/sizes.test.ts", "test/deploy/commands.test.ts"];

const command = commandLine(
  "coverage",
  "Tells which lines of the contracts the tests reach (coverage/html/, coverage/lcov.info). Takes minutes.",
).argument("[folder...]", "folders of test/ (default: all that are about contracts)");
const { args } = read(command);
const wanted = args.length > 0 ? args : FOLDERS;
const unknown = wanted.filter((folder) => !existsSync(`${ROOT}test/${folder}`));
if (unknown.length > 0) refuse(command, `there is no test/${unknown[0]}`);
const patterns = wanted.flatMap((folder) => [`test/${folder}/**/*.test.ts`, `test/${folder}/**/*.t.sol`]);
const files = globSync(patterns, { cwd: ROOT }).filter((file) => !LEFT_OUT.includes(file.replaceAll("\\", "/")));

// The tests' own types come from the build without counting.
await build({ quiet: true });
const { status } = spawnSync(process.execPath, [HARDHAT, "--coverage", "test", ...files.toSorted()], {
  cwd: ROOT,
  stdio: "inherit",
});
console.log("\nLine by line: coverage/html/index.html. For other tools: coverage/lcov.info");
process.exitCode = status ?? 1;
