// One broken thing in one file, and the name by which it is known.
import { createHash } from "node:crypto";
import { lineOf, oneLine } from "./text.ts";

export type Kind =
  | "arithmetic"
  | "comparison"
  | "logic"
  | "bits"
  | "assignment"
  | "constant"
  | "condition"
  | "check"
  | "statement"
  | "return";

/** What a generator finds: one edit, and the stretch of code around it that shows what it means. */
export interface Draft {
  kind: Kind;
  /** Function or contract that it is in. */
  where: string;
  start: number;
  end: number;
  replacement: string;
  /** The expression or statement that is shown; the edited text itself if there is none. */
  shown?: [start: number, end: number];
}

export interface Mutant {
  file: string;
  /** Kind, place, code before and after: stays as it is when lines move or code is formatted. */
  id: string;
  kind: Kind;
  where: string;
  line: number;
  start: number;
  end: number;
  replacement: string;
  original: string;
  mutated: string;
}

const LONGEST = 160;

export function applyMutant(source: string, { start, end, replacement }: Pick<Mutant, "start" | "end" | "replacement">): string {
  return source.slice(0, start) + replacement + source.slice(end);
}

/** Gives drafts their names, in the order of the file, each edit once. */
export function namedMutants(file: string, source: string, drafts: Draft[]): Mutant[] {
  const sorted = drafts.toSorted((a, b) => a.start - b.start || a.end - b.end || compare(a.replacement, b.replacement));
  const edits = new Set<string>();
  const names = new Map<string, number>();
  const mutants: Mutant[] = [];
  for (const { kind, where, start, end, replacement, shown = [start, end] } of sorted) {
    const edit = `${start} ${end} ${replacement}`;
    if (edits.has(edit)) continue;
    edits.add(edit);
    const original = oneLine(source.slice(...shown));
    const mutated = oneLine(source.slice(shown[0], start) + replacement + source.slice(end, shown[1]));
    const name = `${kind} in ${where}: ${shortened(original)} => ${shortened(mutated)}`;
    const occurrence = (names.get(name) ?? 0) + 1;
    names.set(name, occurrence);
    const id = occurrence === 1 ? name : `${name} #${occurrence}`;
    mutants.push({ file, id, kind, where, line: lineOf(source, start), start, end, replacement, original, mutated });
  }
  return mutants;
}

/** Long code keeps its beginning, and a hash of all of it so that two of them do not share a name. */
function shortened(text: string): string {
  if (text.length <= LONGEST) return text;
  return `${text.slice(0, LONGEST)}… [${createHash("sha256").update(text).digest("hex").slice(0, 8)}]`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
