// Plays each cheat, and writes down in docs/attacks.md what it costs.
// Usage: npm run attacks
import { spawnSync } from "node:child_process";
import { commandLine, read } from "./commandLine.ts";

read(commandLine("attacks", "Plays each cheat that we know of, and writes what it costs to docs/attacks.md."));

const { status } = spawnSync(process.execPath, ["scripts/test.ts", "attacks"], {
  stdio: "inherit",
  env: { ...process.env, UPDATE_DOCS: "1" },
});
process.exitCode = status ?? 1;
