import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import cliProgress from "cli-progress";
import pc from "picocolors";
import { amount, percent, short } from "../report/numbers.ts";
import type { DayRow } from "../report/types.ts";

/** One line of the live table. */
export interface PersonaRow {
  readonly name: string;
  readonly title: string;
  readonly balance: number;
  readonly staked: number;
  readonly tier: string;
  /** What a boundary takes now, in words. */
  readonly rate: string;
  readonly fees: number;
  readonly rewards: number;
}

export interface View {
  day(row: DayRow, personas: readonly PersonaRow[]): void;
  /** Something worth telling when it happens. */
  note(text: string): void;
  end(): void;
}

const PLAIN_EVERY_DAYS = 10;
const REDRAW_MS = 80;
/** Above and below the table: the head, the bar, and the line that the cursor stands on. */
const OTHER_LINES = 3;
const BAR_SIZE = 40;

function headline(row: DayRow, total: number): string {
  return (
    `day ${String(row.day).padStart(String(total).length)} ${row.date}  price $${row.price.toFixed(3)}  target $${row.targetPrice.toFixed(3)}  ` +
    `M ${row.multiplier.toFixed(3)}  recycled ${short(row.feesSettled)}  minted ${short(row.minted)}`
  );
}

/** A line now and then, without control codes: for pipes and logs. */
export function plainView(total: number, write: (text: string) => void): View {
  return {
    day(row) {
      if (row.day % PLAIN_EVERY_DAYS === 0 || row.day === total) write(`${headline(row, total)}\n`);
    },
    note: (text) => write(`${text}\n`),
    end() {},
  };
}

function table(personas: readonly PersonaRow[], wide: boolean): string {
  const head = ["who", ...(wide ? [""] : []), "balance", "staked", "tier", "rate a month", "paid", "earned"].map((text) =>
    pc.dim(text),
  );
  const right = "right" as const;
  const left = "left" as const;
  const view = new Table({
    head,
    style: { head: [], border: pc.isColorSupported ? ["gray"] : [], compact: true },
    colAligns: [left, ...(wide ? [left] : []), right, right, left, left, right, right],
  });
  for (const { name, title, balance, staked, tier, rate, fees, rewards } of personas) {
    const colored = tier === "NONE" ? pc.dim("none") : pc.green(tier);
    view.push([
      pc.bold(name),
      ...(wide ? [pc.dim(title)] : []),
      amount(balance),
      staked === 0 ? "" : amount(staked, 0),
      colored,
      rate,
      amount(fees),
      amount(rewards),
    ]);
  }
  return view.toString();
}

/** A table that wraps or scrolls could not be drawn over. */
function fits(text: string, { columns, rows }: NodeJS.WriteStream): boolean {
  const lines = text.split("\n");
  return lines.length + OTHER_LINES <= rows && stripVTControlCharacters(lines[0]!).length < columns;
}

/** A table that is drawn over and over, with a progress bar under it. */
export function liveView(total: number, stream: NodeJS.WriteStream): View {
  const started = Date.now();
  let drawn = "";
  let drawnAt = 0;

  function bar(day: number): string {
    const progress = day / total;
    const elapsed = (Date.now() - started) / 1000;
    const eta = day === 0 ? 0 : Math.round((elapsed / day) * (total - day));
    const blocks = {
      barsize: BAR_SIZE,
      barCompleteString: "█".repeat(BAR_SIZE),
      barIncompleteString: "░".repeat(BAR_SIZE),
      barGlue: "",
    };
    return `${cliProgress.Format.BarFormat(progress, blocks)} day ${day} of ${total}, ${eta} s left`;
  }

  function erase(): string {
    return drawn === "" ? "" : `\x1b[${drawn.split("\n").length}A\r\x1b[J`;
  }

  function draw(row: DayRow, personas: readonly PersonaRow[]): void {
    const fitting = [true, false].map((wide) => table(personas, wide)).find((text) => fits(text, stream));
    // A line that wraps would be counted as one and leave its rest behind.
    const head = headline(row, total).slice(0, stream.columns - 1);
    const parts = [pc.bold(head), ...(fitting === undefined ? [] : [fitting]), bar(row.day)];
    const text = parts.join("\n");
    stream.write(`${erase()}${text}\n`);
    drawn = text;
  }

  return {
    day(row, personas) {
      if (Date.now() - drawnAt < REDRAW_MS && row.day !== total) return;
      drawnAt = Date.now();
      draw(row, personas);
    },
    // Above the table, where it stays.
    note(text) {
      stream.write(`${erase()}${text}\n${drawn === "" ? "" : `${drawn}\n`}`);
    },
    end() {},
  };
}

/** Rate in words for the live table; `spared` is who has no more than the allowance of its grace. */
export function rateWords(spared: boolean, monthlyRate: number): string {
  return spared ? "0 (grace)" : percent(monthlyRate);
}
