// Thirty days of five reporters and three keepers on a real local chain: transactions, gas, waste and memory. Writes
// bench/load.json; ends with 1 when more than 2 % of the transactions reverted or the keepers' memory grew.
// Usage: npm run load [-- --days 30]
import { fork } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import Table from "cli-table3";
import { build } from "@ftns/deploy/build.ts";
import { commandLine, read, refuse } from "../scripts/commandLine.ts";
import type { LoadChain } from "./load/run.ts";

const MOST_WASTED = 0.02;
/** The first third of the days warms up. */
const WARM_UP = 1 / 3;
/** The middle of three samples at the end may lie so much above the middle of three after the warm-up. */
const NOISE_MB = 2;

const command = commandLine(
  "load",
  "Five reporters and three keepers on a local chain: transactions, gas, waste and memory (bench/load.json). Ends with 1 when more " +
    "than 2 % of the transactions reverted or the keepers' memory grew.",
).option("--days <number>", "how many days they live, at least 9", "30");
const { options } = read<{ days: string }>(command);
const days = Number(options.days);
if (!(Number.isInteger(days) && days >= 9)) refuse(command, "--days must be a whole number of at least 9");

await build({ quiet: true });
const { runLoad, REPORTERS, KEEPERS } = await import("./load/run.ts");
const child = fork(fileURLToPath(new URL("load/chain.ts", import.meta.url)));
const chain = await new Promise<LoadChain>((resolve, reject) => {
  child.once("message", (message) => resolve(message as LoadChain));
  child.once("exit", (code) => reject(new Error(`the chain ended with code ${code}`)));
});

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const heapMb: number[] = [];
const started = performance.now();
const result = await runLoad(chain, days, (day) => {
  // Twice: what a finaliser lets go is collected by the second.
  collect();
  collect();
  heapMb.push(process.memoryUsage().heapUsed / 2 ** 20);
  console.log(`day ${day}: ${heapMb.at(-1)!.toFixed(1)} MB in use`);
});
child.disconnect();

const warm = heapMb.slice(Math.floor(days * WARM_UP));
const memory = { afterWarmUpMb: middle(warm.slice(0, 3)), atEndMb: middle(warm.slice(-3)), noiseMb: NOISE_MB };
const table = new Table({
  head: ["job", "transactions", "reverted", "gas each", "gas"],
  colAligns: ["left", "right", "right", "right", "right"],
  style: { head: [], border: [] },
});
const number = (value: number) => Math.round(value).toLocaleString("en");
for (const [job, { transactions, reverted, gas }] of Object.entries(result.jobs)) {
  table.push([job, number(transactions), number(reverted), number(gas / transactions), number(gas)]);
}
console.log(table.toString());
const grown = memory.atEndMb - memory.afterWarmUpMb;
console.log(
  `${REPORTERS} reporters, ${KEEPERS} keepers, ${days} days: ${number(result.transactions)} transactions, ` +
    `${(100 * result.wasted).toFixed(2)} % wasted; memory ${memory.afterWarmUpMb.toFixed(1)} MB after warm-up, ` +
    `${memory.atEndMb.toFixed(1)} MB at the end; ${number((performance.now() - started) / 1_000)} s`,
);
const file = fileURLToPath(new URL("load.json", import.meta.url));
await writeFile(file, `${JSON.stringify({ reporters: REPORTERS, keepers: KEEPERS, ...result, memory }, undefined, 2)}\n`);
console.log("Written to bench/load.json.");
if (result.wasted > MOST_WASTED) console.error(`More than ${100 * MOST_WASTED} % of the transactions were wasted.`);
if (grown > NOISE_MB) console.error(`The memory grew by ${grown.toFixed(1)} MB after the warm-up.`);
process.exit(result.wasted > MOST_WASTED || grown > NOISE_MB ? 1 : 0);

function middle(samples: readonly number[]): number {
  return samples.toSorted((a, b) => a - b)[samples.length >> 1]!;
}
