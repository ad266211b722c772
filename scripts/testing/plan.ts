// Which test files run together in one process. A process costs two seconds of computing before its first test, so small
// folders share one; a large folder is split, so that nobody waits for it at the end.

export interface Job {
  name: string;
  kind: "mocha" | "solidity" | "types" | "lint";
  files: string[];
  /** How long it takes by itself (seconds), by what was recorded. */
  seconds: number;
  /** Part of a processor core that it keeps busy: a job that mostly waits leaves room for another one. */
  weight: number;
  /** Names of the jobs that must have ended before. */
  after: string[];
}

/** Seconds of one file on an idle machine: how long it takes, and how much of that it computes. */
export interface Seconds {
  wall: number;
  cpu: number;
}

export type Times = Readonly<Record<string, Seconds>>;

/** What a process costs before its first test (seconds). */
const START: Seconds = { wall: 2, cpu: 2 };
/** A file that nobody has measured. */
const UNKNOWN: Seconds = { wall: 3, cpu: 2 };
/** A folder that takes longer than this is split. */
const LONG_SEC = 60;
/** Folders that take less share a process, up to `SHARED_SEC`. */
const SHORT_SEC = 30;
const SHARED_SEC = 40;
/** Even a job that waits keeps a core busy at times. */
const LEAST_WEIGHT = 0.25;

/** Files that look back on the others of their folder: they run when those are done. */
const LOOKS_BACK = /^zz-/;

/** Jobs for `files` of test/, the longest first. */
export function planTests(files: readonly string[], times: Times): Job[] {
  const folders = new Map<string, string[]>();
  for (const file of files) folders.set(folderOf(file), [...(folders.get(folderOf(file)) ?? []), file]);

  const jobs: Job[] = [];
  const short: [string, string[]][] = [];
  for (const [folder, all] of folders) {
    const last = all.filter((file) => LOOKS_BACK.test(nameOf(file)));
    const first = all.filter((file) => !last.includes(file));
    const { wall } = sum(first, times);
    if (wall < SHORT_SEC && last.length === 0) {
      short.push([folder, first]);
      continue;
    }
    const parts = split(first, Math.max(1, Math.round(wall / LONG_SEC)), times);
    const named = parts.map((part, index) => jobOf(parts.length > 1 ? `${folder} ${index + 1}` : folder, part, times));
    jobs.push(...named);
    if (last.length > 0) jobs.push({ ...jobOf(`${folder}, last`, last, times), after: named.map(({ name }) => name) });
  }
  return [...jobs, ...share(short, times)].sort((a, b) => b.seconds - a.seconds);
}

/** Joins short folders, the longest first, as long as they fit. */
function share(folders: readonly [string, string[]][], times: Times): Job[] {
  const wallOf = (files: readonly string[]) => sum(files, times).wall;
  const shared: { names: string[]; files: string[] }[] = [];
  for (const [name, files] of folders.toSorted(([, a], [, b]) => wallOf(b) - wallOf(a))) {
    const room = shared.find((one) => wallOf([...one.files, ...files]) <= SHARED_SEC);
    if (room === undefined) shared.push({ names: [name], files });
    else shared.splice(shared.indexOf(room), 1, { names: [...room.names, name], files: [...room.files, ...files] });
  }
  return shared.map(({ names, files }) => jobOf(names.toSorted().join(", "), files.toSorted(), times));
}

/** Parts of about the same length: each file, the longest first, goes to the part that is shortest so far. */
function split(files: readonly string[], count: number, times: Times): string[][] {
  const parts = Array.from({ length: Math.min(count, files.length) }, () => [] as string[]);
  const wallOf = (part: readonly string[]) => sum(part, times).wall;
  for (const file of files.toSorted((a, b) => secondsOf(b, times).wall - secondsOf(a, times).wall)) {
    parts.reduce((least, part) => (wallOf(part) < wallOf(least) ? part : least)).push(file);
  }
  return parts.map((part) => part.toSorted());
}

function jobOf(name: string, files: string[], times: Times): Job {
  const { wall, cpu } = sum(files, times);
  const seconds = START.wall + wall;
  const weight = Math.min(1, Math.max(LEAST_WEIGHT, (START.cpu + cpu) / seconds));
  return { name, kind: "mocha", files, seconds, weight, after: [] };
}

function sum(files: readonly string[], times: Times): Seconds {
  const all = files.map((file) => secondsOf(file, times));
  const total = (of: keyof Seconds) => all.reduce((result, one) => result + one[of], 0);
  return { wall: total("wall"), cpu: total("cpu") };
}

const secondsOf = (file: string, times: Times): Seconds => times[file.replaceAll("\\", "/")] ?? UNKNOWN;
const partsOf = (file: string): string[] => file.split(/[\\/]/);
const folderOf = (file: string): string => (partsOf(file).length > 2 ? partsOf(file)[1]! : "test");
const nameOf = (file: string): string => partsOf(file).at(-1)!;
