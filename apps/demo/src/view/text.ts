import Table from "cli-table3";
import pc from "picocolors";
import { amount, percent } from "../report/numbers.ts";
import { keepersSentences } from "../report/keepers.ts";
import { votersSentences } from "../report/voters.ts";
import { rateHeading } from "../report/why.ts";
import type { Report, TimelineEvent } from "../report/types.ts";

const WIDTH = 100;

/** Breaks a sentence into lines that fit a terminal; after the first one, blanks stand for what `indent` shows. */
export function wrap(text: string, indent: string, width = WIDTH): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && indent.length + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((part, i) => (i === 0 ? indent : " ".repeat(indent.length)) + part).join("\n");
}

function overview({ personas }: Report): string {
  const table = new Table({
    head: ["who", "", "balance, FTNS", "staked", "tier", "demurrage", "earned", "rate a month"].map((text) => pc.dim(text)),
    style: { head: [], border: pc.isColorSupported ? ["gray"] : [], compact: true },
    colAligns: ["left", "left", "right", "right", "left", "right", "right", "right"],
  });
  for (const { name, title, statement, tier, effectiveMonthlyRate } of personas) {
    table.push([
      name,
      title,
      amount(statement.end),
      staked(statement.staked),
      tier,
      amount(Number(statement.fees) + Number(statement.exitFees)),
      amount(Number(statement.rewards) + Number(statement.yield)),
      percent(effectiveMonthlyRate, 3),
    ]);
  }
  return table.toString();
}

const staked = (value: string) => (Number(value) === 0 ? "" : amount(value, 0));

/** A line or two of the story, as it happens. */
export function renderEvent({ day, at, title, text }: TimelineEvent): string {
  const when = `${at.slice(0, 16).replace("T", " ")} UTC`;
  return `${wrap(title, `  day ${day}, ${when}: `)}\n${wrap(text, "      ")}`;
}

/** The report for the terminal. */
export function renderText(report: Report): string {
  const { summary, personas, supply, checks } = report;
  const heading = (text: string) => `\n${pc.bold(text)}`;
  const failed = checks.filter((check) => !check.ok);
  return [
    heading(`${report.market.days} days of an FTNS economy`),
    ...summary.map((sentence) => wrap(sentence, "  ")),
    heading("Who held, earned and paid what"),
    overview(report),
    heading("Why"),
    ...personas.flatMap(({ name, title, why, rates, effectiveMonthlyRate }) => [
      `  ${pc.bold(name)}, ${title}`,
      ...why.map((sentence) => wrap(sentence, "    ")),
      ...rates.map((share) => wrap(`${rateHeading(share)}: ${share.reason}`, "    · ")),
      wrap(`taken together ${percent(effectiveMonthlyRate, 3)} a month`, "    = "),
    ]),
    heading("What the voters did"),
    ...votersSentences(report.voters).map((sentence) => wrap(sentence, "  ")),
    heading("What the keepers did"),
    ...keepersSentences(report.keepers).map((sentence) => wrap(sentence, "  ")),
    heading("Supply"),
    `  at launch ${amount(supply.launch, 0)} + minted ${amount(supply.minted)} = ${amount(supply.end)} FTNS`,
    `  demurrage recycled ${amount(supply.feesSettled)}, due and not settled yet ${amount(supply.feesDue)}, reward pool ${amount(supply.poolBalance)}`,
    heading(
      failed.length === 0
        ? `All ${checks.length} checks hold (both sides of each are in the report)`
        : `${failed.length} of ${checks.length} checks FAIL`,
    ),
    ...checks.map(({ ok, name, detail }) =>
      ok ? `  ${pc.green("✓")} ${name}` : `  ${pc.red("✗")} ${name}\n${wrap(detail, "      ")}`,
    ),
  ].join("\n");
}
