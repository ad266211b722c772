// Plays each cheat with evidence, prints who was caught, and writes it down in docs/evidence.md.
// Usage: npm run evidence
import { spawnSync } from "node:child_process";
import { commandLine, read } from "./commandLine.ts";

read(commandLine("evidence", "Plays each cheat with evidence, and writes who is caught to docs/evidence.md."));

const { status } = spawnSync(process.execPath, ["scripts/test.ts", "test/evidence/cheats.test.ts"], {
  stdio: "inherit",
  env: { ...process.env, UPDATE_DOCS: "1" },
});
process.exitCode = status ?? 1;
