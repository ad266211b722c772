// Work on what strangers send happens in a thread of its own, with bounds on memory and time.
import { Worker } from "node:worker_threads";
import { EvidenceFault, type FaultCode } from "./fault.ts";

export interface ThreadLimits {
  timeoutMs: number;
  memoryMb: number;
  stackMb?: number;
}

/** The first message of the thread at `script`; that it fails, ends or takes too long becomes a fault. */
export async function inThread<T>(script: URL, data: unknown, failure: FaultCode, limits: ThreadLimits): Promise<T> {
  const worker = new Worker(script, {
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: limits.memoryMb, maxYoungGenerationSizeMb: 32, stackSizeMb: limits.stackMb ?? 4 },
    env: {},
    stdout: true,
    stderr: true,
  });
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  worker.once("message", resolve);
  worker.once("error", (error) => {
    const full = (error as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY";
    reject(
      full
        ? new EvidenceFault("TOO_LARGE", `more than ${limits.memoryMb} MB are needed`)
        : new EvidenceFault(failure, String(error)),
    );
  });
  worker.once("exit", () => reject(new EvidenceFault(failure, "the thread ended without a result")));
  const late = () => reject(new EvidenceFault("TOO_SLOW", `it took more than ${limits.timeoutMs} ms`));
  const timer = setTimeout(late, limits.timeoutMs);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
