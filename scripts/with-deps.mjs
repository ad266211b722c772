// Runs a command with the project's own dependencies, installing them first when they are missing or out of date.
// Usage: node scripts/with-deps.mjs [--also <folder>]... <command> [arguments]. Needs nothing but Node 18 or newer with npm.
// `--also` names a folder with dependencies of its own that only some commands need, such as tools/lint.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const MIN_NODE_MAJOR = 22;

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", shell: process.platform === "win32", ...options });
  if (result.error) {
    console.error(`Could not run ${command}: ${result.error.message}`);
    process.exit(1);
  }
  return result.signal ? 1 : (result.status ?? 1);
}

/** Installs what the lock file of `folder` names, unless that has been done. */
function ensureInstalled(folder, flags) {
  const installed = join(folder, "node_modules", ".package-lock.json");
  const lock = join(folder, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log(folder === root ? "Installing dependencies (once; one to two minutes)…" : "Installing tools (once)…");
  const quiet = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", ...flags].join(" ");
  const locked = readFileSync(lock, "utf8");
  const oldNode = Number(process.versions.node.split(".")[0]) < MIN_NODE_MAJOR;
  // Some dependencies pick their native part by the Node version that installs them, so an old Node must not do it.
  const status = oldNode
    ? run("npx", ["--yes", "--loglevel=error", "-p", "node@24", "-c", quiet], { cwd: folder })
    : run("npm", quiet.split(" ").slice(1), { cwd: folder });
  if (status !== 0) {
    console.error("The installation failed. Check the network and npm's message above, then run the same command again.");
    process.exit(status);
  }
  // npm adds what a registry knows of other platforms; what is installed here is no reason for a change in git.
  if (readFileSync(lock, "utf8") !== locked) writeFileSync(lock, locked);
  // npm leaves this file as it was when nothing had to change; a new time says that it has been looked at.
  const now = new Date();
  utimesSync(installed, now, now);
}

/** Who started us: npm, and the shell between, where that stays. */
function ownersOf(parent) {
  const { stdout, status } = spawnSync("ps", ["-o", "ppid=,args=", "-p", String(parent)], { encoding: "utf8" });
  const [, above, args = ""] = (status === 0 && /^\s*(\d+)\s+(.*)/.exec(stdout)) || [];
  return args.includes(" -c ") && args.includes("with-deps.mjs") ? [parent, Number(above)] : [parent];
}

function lives(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

const given = process.argv.slice(2);
const also = [];
while (given[0] === "--also") also.push(given.splice(0, 2)[1]);
const [command, ...args] = given;

ensureInstalled(root, []);
// Tools bring their parts along and need no scripts of their own to install them.
for (const folder of also) ensureInstalled(join(root, folder), ["--ignore-scripts"]);

const path = `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH}`;
const child = spawn(command, args, {
  cwd: root,
  stdio: "inherit",
  shell: process.platform === "win32",
  env: { ...process.env, PATH: path },
});
// Whoever ends us means the command. Of Ctrl-C a terminal tells it by itself, and twice would end it at once.
let ending = false;
const end = (signal) => {
  ending = true;
  child.kill(signal);
};
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => end(signal));
process.on("SIGINT", () => process.stdin.isTTY || end("SIGINT"));
// npm that is killed outright tells nobody: without it the command has no owner, and nobody would ever end it.
if (process.env.npm_lifecycle_event) {
  const owners = ownersOf(process.ppid);
  const gone = () => process.ppid !== owners[0] || owners.some((pid) => !lives(pid));
  setInterval(() => !ending && gone() && end("SIGTERM"), 1_000).unref();
}
child.on("error", (error) => {
  console.error(`Could not run ${command}: ${error.message}`);
  process.exit(1);
});
child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
