import { readFileSync } from "node:fs";
import type { z } from "zod/v4";
import { ServiceError } from "../errors.ts";
import { showValue } from "../secrets.ts";

/** Where a service tells what its configuration takes. */
export interface ConfigGuide {
  /** An example to start from, and the page that lists every setting: paths from the repository's root. */
  example: string;
  settings: string;
}

/** Checks a configuration; every fault is listed with its field, what was found and what is expected. */
export function parseWith<T extends z.ZodType>(schema: T, raw: unknown, origin: string, { settings }: ConfigGuide): z.output<T> {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `  - ${explain(issue, raw)}`);
  throw new ServiceError(
    `${origin} has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}:\n${faults.join("\n")}\n`,
    `Correct the file (${settings} lists every setting) and start again.`,
  );
}

/** Reads a configuration file, without saying what stands in it. */
export function readConfigFile(path: string, { example }: ConfigGuide): unknown {
  let content: string;
  try {
    content = readFileSync(path, "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === "ENOENT" ? "does not exist" : "cannot be read";
    throw new ServiceError(
      `The configuration file ${path} ${reason}.`,
      `Copy ${example}, fill it in, and pass its path with --config.`,
    );
  }
  try {
    return JSON.parse(content);
  } catch (error) {
    // V8 quotes the text around the fault, which may hold anything; only the position is repeated.
    const position = /position (\d+)/.exec((error as Error).message)?.[1];
    const line = position === undefined ? content.split("\n").length : content.slice(0, Number(position)).split("\n").length;
    throw new ServiceError(
      `The configuration file ${path} is not valid JSON (near line ${line}).`,
      "Correct it and start again.",
    );
  }
}

function explain(issue: z.core.$ZodIssue, raw: unknown): string {
  const path = issue.path.map(String);
  const field = path.length === 0 ? "the file" : path.join(".");
  if (issue.code === "unrecognized_keys") {
    const inside = path.length === 0 ? "" : ` in ${field}`;
    const settings = issue.keys.length > 1 ? "settings" : "setting";
    return `unknown ${settings} ${issue.keys.map(showValue).join(", ")}${inside}; remove or correct the spelling`;
  }
  return `${field}: found ${showValue(valueAt(raw, issue.path))}; ${issue.message}`;
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, name) => (value as Record<PropertyKey, unknown> | undefined)?.[name], raw);
}
