// What is printed: a line for each mutant, and the whole at the end.
import Table from "cli-table3";
import picocolors from "picocolors";
import type { Equivalent } from "./equivalents.ts";
import type { Mutant } from "./mutant.ts";
import { scoreOf, type Result, type Score, type Status } from "./results.ts";

const pc = picocolors.createColors(process.stdout.isTTY === true);
const COLORS: Record<Status, (text: string) => string> = {
  killed: pc.green,
  timeout: pc.green,
  survived: pc.red,
  invalid: pc.dim,
  same: pc.dim,
  equivalent: pc.dim,
};

export function listed(mutants: Mutant[], equivalent: (mutant: Mutant) => string | undefined): string {
  const lines = mutants.map((mutant) => {
    const reason = equivalent(mutant);
    return `${mutant.file}:${mutant.line}  ${mutant.id}${reason === undefined ? "" : pc.dim(`  (equivalent: ${reason})`)}`;
  });
  return [...lines, `${mutants.length} mutants`].join("\n");
}

/** Tells how far a run is, and when it will be done if the rest takes as long as what was tried so far. */
export class Progress {
  readonly #wanted: number;
  readonly #start = performance.now();
  #fresh = 0;

  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  line(result: Result, { scored, known }: { scored: number; known: boolean }): string {
    const { file, line, kind, original, mutated, status, seconds, why } = result;
    if (!known) this.#fresh++;
    const count = `${String(scored).padStart(String(this.#wanted).length)}/${this.#wanted}`;
    const time = known ? "known" : `${seconds.toFixed(1)} s`;
    const lines = [
      `${count}  ${COLORS[status](status.padEnd(8))} ${time.padStart(7)}  ${file}:${line}  ${kind}${this.#eta(scored)}`,
    ];
    lines.push(`      ${cut(original, 110)} => ${cut(mutated, 110) || "(nothing)"}`);
    if (status !== "survived" && status !== "same") lines.push(pc.dim(`      by ${cut(why, 140)}`));
    return lines.join("\n");
  }

  #eta(scored: number): string {
    if (this.#fresh === 0 || scored >= this.#wanted) return "";
    const perMutant = (performance.now() - this.#start) / 1000 / this.#fresh;
    return pc.dim(`  (${duration(perMutant * (this.#wanted - scored))} to go)`);
  }
}

export function summary(results: Result[], outdated: Equivalent[], took: { seconds: number }): string {
  const table = new Table({
    head: ["file", "killed", "survived", "invalid", "equivalent", "score"],
    style: { head: [], border: [] },
  });
  const files = [...Map.groupBy(results, ({ file }) => file)].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [file, of] of files) table.push(row(file, scoreOf(of)));
  if (files.length > 1) table.push(row("all", scoreOf(results)));
  const kinds = [...Map.groupBy(results, ({ kind }) => kind)].sort(([a], [b]) => (a < b ? -1 : 1));
  const byKind = new Table({
    head: ["kind", "killed", "survived", "invalid", "equivalent", "score"],
    style: { head: [], border: [] },
  });
  for (const [kind, of] of kinds) byKind.push(row(kind, scoreOf(of)));
  const parts = [table.toString(), byKind.toString()];

  const survivors = results.filter(({ status }) => status === "survived");
  if (survivors.length > 0)
    parts.push([pc.bold("Survived"), ...survivors.map((r) => `  ${r.file}:${r.line}  ${r.id}`)].join("\n"));
  const argued = results.filter(({ status }) => status === "equivalent");
  if (argued.length > 0) {
    const lines = argued.map(({ file, line, id, why }) => `  ${file}:${line}  ${id}\n    ${why}`);
    parts.push([pc.bold("Equivalent"), ...lines].join("\n"));
  }
  if (outdated.length > 0) {
    const lines = outdated.map(({ file, id }) => `  ${file}  ${id}`);
    parts.push([pc.yellow("Argued to be equivalent, but no longer there: argue anew or remove"), ...lines].join("\n"));
  }
  parts.push(`${headline(scoreOf(results))}, in ${duration(took.seconds)}`);
  return parts.join("\n\n");
}

function headline({ killed, survived, score }: Score): string {
  return score === undefined ? "No mutant counted" : `${killed} of ${killed + survived} killed: ${percent(score)}`;
}

function row(name: string, { killed, survived, invalid, equivalent, score }: Score): (string | number)[] {
  return [name, killed, survived, invalid, equivalent, score === undefined ? "" : percent(score)];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function duration(seconds: number): string {
  return seconds < 90 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(1)} min`;
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
