// How long a tree of rewards takes and how much memory, by number of leaves, each in a process of its own. Writes
// bench/trees.json. Usage: npm run bench-trees
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildTree, verifyProof } from "@ftns/merkle";
import Table from "cli-table3";
import { commandLine, read } from "../scripts/commandLine.ts";

const SIZES = [1_000, 100_000, 1_000_000];
/** Account, kind, value, quality and a digest. */
const LEAF_BYTES = 5 * 32;
const PROOFS = 10_000;
const leaf = Buffer.alloc(LEAF_BYTES);

interface Row {
  leaves: number;
  buildSec: number;
  cpuSec: number;
  memoryMb: number;
  proofMs: number;
}

const command = commandLine(
  "bench-trees",
  "Measures time and memory of the trees of batches, to 1,000,000 leaves (bench/trees.json).",
).argument("[leaves]", "one size alone, told as JSON");
const [size] = read(command).args;
if (size !== undefined) console.log(JSON.stringify(await measure(Number(size))));
else report();

/** Memory is the most that the whole process ever held. */
async function measure(leaves: number): Promise<Row> {
  const before = process.cpuUsage();
  const started = performance.now();
  const tree = await buildTree(leaves, leafOf);
  const buildSec = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(before);
  const proving = performance.now();
  for (let i = 0; i < PROOFS; i++) tree.proof((i * 7_919) % leaves);
  const proofMs = (performance.now() - proving) / PROOFS;
  if (!(await verifyProof(tree.root, leafOf(7), tree.proof(7)))) throw new Error("a proof does not lead to the root");
  return { leaves, buildSec, cpuSec: (user + system) / 1e6, memoryMb: process.resourceUsage().maxRSS / 1_024, proofMs };
}

function leafOf(index: number): Uint8Array {
  for (let word = 0; word < LEAF_BYTES / 32; word++) leaf.writeUInt32BE(index * (word + 1), word * 32 + 28 - 4 * (word % 2));
  return leaf;
}

function report(): void {
  const self = fileURLToPath(import.meta.url);
  const rows = SIZES.map((leaves) => {
    const row = JSON.parse(execFileSync(process.execPath, [self, String(leaves)], { encoding: "utf8" })) as Row;
    const round = (value: number, digits: number) => Number(value.toFixed(digits));
    return {
      leaves,
      buildSec: round(row.buildSec, 2),
      cpuSec: round(row.cpuSec, 2),
      memoryMb: round(row.memoryMb, 0),
      proofMs: round(row.proofMs, 4),
    };
  });
  const table = new Table({
    head: ["leaves", "seconds", "of processor", "MB", "ms for a proof"],
    style: { head: [], border: [] },
  });
  for (const row of rows) table.push([row.leaves.toLocaleString("en"), row.buildSec, row.cpuSec, row.memoryMb, row.proofMs]);
  console.log(table.toString());
  writeFileSync(new URL("trees.json", import.meta.url), `${JSON.stringify(rows, undefined, 2)}\n`);
  console.log("Written to bench/trees.json.");
}
