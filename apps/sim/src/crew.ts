/** A worker a core, each with one unit at a time. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Unit } from "./plan.ts";
import { isKept } from "./store.ts";

/** Does what is not kept yet; calls `progress` after each with what is done of all. */
export async function doAll(units: readonly Unit[], folder: string, progress: (done: number, kept: number) => void): Promise<void> {
  const left = units.filter((unit) => !isKept(folder, unit));
  const kept = units.length - left.length;
  let done = kept;
  progress(done, kept);
  const next = left.values();
  const crew = Array.from({ length: Math.min(left.length, availableParallelism()) }, () => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: { folder } });
    return new Promise<void>((resolve, reject) => {
      const give = () => {
        const { value, done: over } = next.next();
        if (over) void worker.terminate().then(() => resolve());
        else worker.postMessage(value);
      };
      worker.on("message", () => {
        done += 1;
        progress(done, kept);
        give();
      });
      worker.on("error", reject);
      give();
    });
  });
  await Promise.all(crew);
}
