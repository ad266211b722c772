// npm run simulate-results: writes apps/sim/results.json and the tables of docs/policy.md from what three plans left in out/.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandLine } from "./args.ts";
import { fileOf } from "./files.ts";
import { blocksOf, filled } from "./report/markdown.ts";
import { resultsOf } from "./results.ts";
import type { Summary } from "./summary.ts";

const { out } = commandLine(
  "simulate-results",
  "Writes apps/sim/results.json and the tables of docs/policy.md from what the plans report, held-out and tune left.",
)
  .option("--out <folder>", "where they left it", "out")
  .parse()
  .opts<{ out: string }>();

function summary(plan: string): Summary {
  const file = join(out, fileOf(plan, "json"));
  if (!existsSync(file)) throw new Error(`${file} is not there: run npm run simulate -- --plan ${plan} first`);
  return JSON.parse(readFileSync(file, "utf8")) as Summary;
}

const root = join(import.meta.dirname, "../../..");
const results = resultsOf(summary("report"), summary("held-out"), summary("tune"));
writeFileSync(join(root, "apps/sim/results.json"), `${JSON.stringify(results)}\n`);
const page = join(root, "docs/policy.md");
writeFileSync(page, filled(readFileSync(page, "utf8"), blocksOf(results)));
console.log("Written to apps/sim/results.json and docs/policy.md.");
