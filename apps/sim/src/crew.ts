/** A worker a core, each with one piece of work at a time. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

/** Hands out `pieces`; calls `done` with each answer. A worker that throws ends everything. */
export async function workOff<Piece, Answer>(
  script: URL,
  workerData: unknown,
  pieces: readonly Piece[],
  done: (answer: Answer) => void,
): Promise<void> {
  const next = pieces.values();
  const crew = Array.from({ length: Math.min(pieces.length, availableParallelism()) }, () => {
    const worker = new Worker(script, { workerData });
    return new Promise<void>((resolve, reject) => {
      const give = () => {
        const piece = next.next();
        if (piece.done) void worker.terminate().then(() => resolve());
        else worker.postMessage(piece.value);
      };
      worker.on("message", (answer: Answer) => {
        done(answer);
        give();
      });
      worker.on("error", reject);
      give();
    });
  });
  await Promise.all(crew);
}
