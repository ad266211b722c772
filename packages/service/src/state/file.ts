import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { z } from "zod/v4";

/** What a state file held. Without a value there was none, or none that can be used, which the warning tells. */
export interface StateRead<T> {
  value?: T;
  warning?: string;
}

/** Far above anything that the keeper writes; more is somebody else's file. */
const MAX_BYTES = 16 * 1_024 * 1_024;

/** Writes that wait for an earlier one of the same file, so that the last one asked for is the one that stays. */
const pending = new Map<string, Promise<unknown>>();

/** Reads JSON in the shape of `schema`. Never rejects: state on disk is a hint, and without it the keeper goes on. */
export async function readState<T>(path: string, schema: z.ZodType<T>): Promise<StateRead<T>> {
  const unusable = (why: string) => ({ warning: `The state file ${path} ${why}; it is left aside.` });
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) return unusable(`holds ${size} bytes, more than ${MAX_BYTES}`);
    const result = schema.safeParse(JSON.parse(await readFile(path, "utf8")));
    if (result.success) return { value: result.data };
    const { path: field, message } = result.error.issues[0]!;
    return unusable(`does not hold what it should (${[...field.map(String), message].join(": ")})`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    return unusable(error instanceof SyntaxError ? "holds no valid JSON" : `cannot be read (${reasonOf(error)})`);
  }
}

/** Writes JSON, bigints as decimal text. Gives a warning when it could not; never rejects. */
export function writeState(path: string, value: unknown): Promise<string | undefined> {
  const plain = (_key: string, one: unknown) => (typeof one === "bigint" ? one.toString() : one);
  return writeText(path, `${JSON.stringify(value, plain, 2)}\n`);
}

/**
 * Writes a file as a whole or not at all: a temporary file, forced to disk, takes the place of the old one. A crash leaves
 * the old file or the new one. Only its owner may read it.
 */
export async function writeText(path: string, text: string): Promise<string | undefined> {
  const turn = (pending.get(path) ?? Promise.resolve()).then(() => replace(path, text));
  pending.set(path, turn);
  const warning = await turn;
  if (pending.get(path) === turn) pending.delete(path);
  return warning;
}

async function replace(path: string, text: string): Promise<string | undefined> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeDown(temporary, text);
    await rename(temporary, path);
    await flushFolder(dirname(path));
    return undefined;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    return `The file ${path} cannot be written (${reasonOf(error)}); the keeper goes on without it.`;
  }
}

async function writeDown(path: string, text: string): Promise<void> {
  const file = await open(path, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The new name is on disk only once its folder is. Some systems cannot flush a folder; the file itself is whole anyway. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, "r").catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message ?? String(error);
}
