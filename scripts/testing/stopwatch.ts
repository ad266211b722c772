// How long the files of one process take, and how much of that they compute.
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import type { Seconds, Times } from "./plan.ts";

export class Stopwatch {
  readonly #times = new Map<string, Seconds>();
  #last = now();

  /** What went by since the last call was for `file`. */
  lap(file: string | undefined): void {
    if (file === undefined) return;
    const name = relative(process.cwd(), file).replaceAll("\\", "/");
    const at = now();
    const { wall, cpu } = this.#times.get(name) ?? { wall: 0, cpu: 0 };
    this.#times.set(name, { wall: wall + at.wall - this.#last.wall, cpu: cpu + at.cpu - this.#last.cpu });
    this.#last = at;
  }

  get times(): Times {
    const round = (value: number) => Math.round(value * 10) / 10;
    return Object.fromEntries([...this.#times].map(([file, { wall, cpu }]) => [file, { wall: round(wall), cpu: round(cpu) }]));
  }
}

const now = (): Seconds => ({ wall: performance.now() / 1_000, cpu: cpuSeconds() });

/** Seconds that this process has computed, on Linux with those of its children that have ended. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + childrenSeconds();
}

function childrenSeconds(): number {
  if (process.platform !== "linux") return 0;
  // Fields 16 and 17 of proc(5), counted behind the name, which may hold spaces; a hundredth of a second each.
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ").at(-1)!.split(" ");
  return (Number(fields[13]) + Number(fields[14])) / 100;
}
