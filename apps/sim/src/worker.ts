/** A thread that does units and keeps what came out. */
import { parentPort, workerData } from "node:worker_threads";
import type { Unit } from "./plan.ts";
import { keep } from "./store.ts";
import { doUnit } from "./work.ts";

const { folder } = workerData as { folder: string };
parentPort!.on("message", (unit: Unit) => {
  keep(folder, unit, doUnit(unit));
  parentPort!.postMessage("done");
});
