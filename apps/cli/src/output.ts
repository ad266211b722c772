import type { Context } from "./context.ts";

/** One answer: lines for people, or the same as JSON for programs (amounts as whole numbers in their smallest unit, as text). */
export function answer({ settings, terminal }: Context, lines: readonly string[], json: unknown): void {
  terminal.print(settings.json === true ? `${asJson(json)}\n` : `${lines.join("\n")}\n`);
}

/** With --json, one line for each thing that happens: a program reads them as they come. */
export function tell({ settings, terminal }: Context, line: string, json: unknown): void {
  terminal.print(settings.json === true ? `${asJson(json, 0)}\n` : `${line}\n`);
}

export function asJson(value: unknown, indent = 2): string {
  return JSON.stringify(value, (_key, one: unknown) => (typeof one === "bigint" ? one.toString() : plain(one)), indent);
}

/** A Result of ethers holds its values by number; by name they say what they are. */
function plain(value: unknown): unknown {
  if (!Array.isArray(value) || typeof (value as { toObject?: unknown }).toObject !== "function") return value;
  try {
    const named = (value as unknown as { toObject(): Record<string, unknown> }).toObject();
    return Object.keys(named).every((key) => /^_/.test(key)) ? [...value] : named;
  } catch {
    return [...value];
  }
}
