// The demo as a person starts it: a process of its own, from the command line on.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RUN_TS } from "../helpers/node.ts";
import { freePorts } from "../keeper/ports.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** The demo in a process of its own. */
export interface Running {
  output(): string;
  /** Waits until `text` was printed; fails when the process ends before. */
  says(text: string): Promise<void>;
  /** Ctrl-C. */
  interrupt(): Promise<Ended>;
  kill(): void;
  readonly ended: Promise<Ended>;
}

export function open(args: readonly string[]): Running {
  // Without a process in between, so that a signal reaches the demo itself.
  const child = spawn(process.execPath, [...RUN_TS, "apps/demo/src/main.ts", ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let waiting: (() => void) | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      waiting?.();
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
  return {
    ended,
    output: () => output,
    says: (text) =>
      new Promise((resolve, reject) => {
        waiting = () => {
          if (output.includes(text)) resolve();
        };
        waiting();
        void ended.then(({ code }) => reject(new Error(`It ended with ${code} before it said "${text}":\n${output}`)));
      }),
    interrupt() {
      child.kill("SIGINT");
      return ended;
    },
    kill: () => void child.kill("SIGKILL"),
  };
}

export const start = (args: readonly string[]): Promise<Ended> => open(args).ended;

/** Takes a free port; `release` frees it. */
export async function takePort(): Promise<{ port: number; release: () => Promise<void> }> {
  const [port] = (await freePorts(1)) as [number];
  const server = createServer();
  await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
  return { port, release: () => new Promise((closed) => server.close(() => closed())) };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const { port, release } = await takePort();
  await release();
  return port;
}

/** A folder for the tests of the `describe` that calls this, gone after them. */
export function ownFolder(): () => string {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "ftns-demo-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });
  return () => folder;
}
