// Measures gas beside the plain counterparts, shows a table, and writes bench/gas.json, which is committed so that a
// change shows in the diff. Ends with 1 when a goal is missed.
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import Table from "cli-table3";
import pc from "picocolors";
import { build } from "@ftns/deploy/build.ts";
import { commandLine, read } from "../scripts/commandLine.ts";
import { misses, ratioOf, toJson } from "./row.ts";

read(
  commandLine(
    "bench",
    "Measures gas beside the plain counterparts and writes bench/gas.json. Ends with 1 when a goal is missed.",
  ),
);
await build({ quiet: true });
const modules = await Promise.all([
  import("./token.ts").then(({ tokenRows }) => tokenRows),
  import("./staking.ts").then(({ stakingRows }) => stakingRows),
  import("./rewards.ts").then(({ rewardRows }) => rewardRows),
  import("./economy.ts").then(({ economyRows }) => economyRows),
  import("./market.ts").then(({ marketRows }) => marketRows),
  import("./batches.ts").then(({ batchRows }) => batchRows),
  import("./governance.ts").then(({ governanceRows }) => governanceRows),
  import("./keepers.ts").then(({ keeperRows }) => keeperRows),
  import("./usage.ts").then(({ usageRows }) => usageRows),
]);
const rows = [];
// One after the other: each has a chain of its own.
for (const measure of modules) rows.push(...(await measure()));

const table = new Table({
  head: ["", "gas", "reference", "gas", "ratio", "goal"],
  colAligns: ["left", "right", "left", "right", "right", "right"],
  style: { head: [], border: [] },
});
for (const row of rows) {
  const ratio = ratioOf(row).toFixed(3);
  table.push([
    row.name,
    row.gas.toLocaleString("en"),
    row.reference,
    row.referenceGas.toLocaleString("en"),
    row.goal === undefined ? ratio : misses(row) ? pc.red(ratio) : pc.green(ratio),
    row.goal === undefined ? "" : `<= ${row.goal}`,
  ]);
}
console.log(table.toString());

const file = fileURLToPath(new URL("gas.json", import.meta.url));
await writeFile(file, toJson(rows));
console.log("Written to bench/gas.json.");
const missed = rows.filter(misses);
for (const row of missed) console.error(`${row.name} costs ${ratioOf(row).toFixed(4)} times its reference, above ${row.goal}.`);
process.exitCode = missed.length > 0 ? 1 : 0;
