/** A thread that lives through runs again. A difference is an answer, so that all of them are told. */
import { parentPort } from "node:worker_threads";
import { liveAgain } from "./again.ts";
import type { Run } from "./sample.ts";

parentPort!.on("message", (run: Run) => {
  try {
    parentPort!.postMessage({ worst: liveAgain(run) });
  } catch (error) {
    parentPort!.postMessage({ failure: (error as Error).message });
  }
});
