// A signal that reaches a process by several ways at once is one; a second one is another.
import { spawn } from "node:child_process";
import { expect } from "chai";
import { QUICK_ENV, RUN_TS } from "../helpers/node.ts";

const PROGRAM = `
  import { untilSignal } from "@ftns/service/signals.ts";
  const signal = untilSignal();
  const alive = setInterval(() => undefined, 1_000);
  console.log("ready");
  console.log(await signal);
  setTimeout(() => (console.log("finished"), clearInterval(alive)), Number(process.argv[1]));
`;

describe("a program that waits for a signal (P465)", function () {
  this.timeout(60_000);

  /** What it says and how it ends that takes `workMs` to finish, when it gets the signals, each so many ms after the one before. */
  async function ended(workMs: number, signals: readonly (readonly [number, NodeJS.Signals])[]) {
    const child = spawn(process.execPath, [...RUN_TS, "--input-type=module-typescript", "-e", PROGRAM, String(workMs)], {
      env: { PATH: process.env["PATH"], ...QUICK_ENV },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    const over = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
      child.once("close", (code, signal) => resolve({ code, signal })),
    );
    await new Promise<void>((resolve, reject) => {
      child.stdout.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes("ready")) resolve();
      });
      void over.then(() => reject(new Error(said)));
    });
    for (const [afterMs, signal] of signals) {
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      child.kill(signal);
    }
    return { ...(await over), said: said.trim().split("\n") };
  }

  it("finishes its work, whatever else comes at once (seen: the same Ctrl-C, passed on, ended it)", async () => {
    const { code, said } = await ended(300, [
      [0, "SIGINT"],
      [20, "SIGINT"],
      [20, "SIGTERM"],
      [20, "SIGINT"],
    ]);
    expect(said).to.deep.equal(["ready", "SIGINT", "finished"]);
    expect(code).to.equal(0);
  });

  it("ends at once with a second signal that comes later", async () => {
    const { signal, said } = await ended(50_000, [
      [0, "SIGTERM"],
      [2_500, "SIGINT"],
    ]);
    expect(said).to.deep.equal(["ready", "SIGTERM"]);
    expect(signal).to.equal("SIGINT");
  });
});
