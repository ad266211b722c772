// Works out what splitting into many accounts brings, and writes it down in docs/splitting.md.
// Usage: npm run sybil
import { spawnSync } from "node:child_process";
import { commandLine, read } from "./commandLine.ts";

read(
  commandLine("sybil", "Works out what one actor gains by splitting into 1, 10 and 100 accounts, and writes docs/splitting.md."),
);

const { status } = spawnSync(process.execPath, ["scripts/test.ts", "test/attacks/sybil.test.ts"], {
  stdio: "inherit",
  env: { ...process.env, UPDATE_DOCS: "1" },
});
process.exitCode = status ?? 1;
