import { amount } from "../numbers.ts";
import type { KeeperDecision, KeeperReport, KeeperWork, Report } from "../types.ts";
import { keepersSentences } from "../keepers.ts";
import { clockWords } from "../voters.ts";
import { heading } from "./contents.ts";
import { escape } from "./escape.ts";
import { renderLanes } from "./lanes.ts";
import { renderTimeline } from "./voters.ts";

const WORK_HEADINGS = ["Looks", "Due", "Done", "Lost races", "Sent", "Gas", "of it wasted"];

function workCells({ looks, due, done, lostRaces, transactions, gasUsed, gasWasted }: KeeperWork): string {
  return [looks, due, done, lostRaces, transactions, gasUsed, gasWasted].map((value) => `<td>${amount(value, 0)}</td>`).join("");
}

function table(head: readonly string[], rows: readonly string[]): string {
  const cells = head.map((text, i) => `<th${i === 0 ? ' class="text"' : ""}>${escape(text)}</th>`).join("");
  return `<div class="scroll"><table class="work"><thead><tr>${cells}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function twinRow(twin: KeeperReport): string {
  const end = twin.stoppedAt === null ? "to the end" : `until ${clockWords(twin.stoppedAt)}`;
  return `<tr><td>${escape(twin.name)}<br><span class="soft">${escape(end)}</span></td>${workCells(twin)}<td>${Number(twin.paid).toFixed(5)}</td><td>${amount(twin.earned)}</td></tr>`;
}

function decisionRow({ at, keeper, did, gasUsed, transaction }: KeeperDecision): string {
  return `<tr><td>${escape(clockWords(at))}</td><td class="text">${escape(`${keeper} ${did}`)}</td><td>${amount(gasUsed, 0)}</td><td class="text"><code title="${escape(transaction)}">${escape(transaction.slice(0, 12))}…</code></td></tr>`;
}

/** The keepers' work over time, what it cost, and what they decided. */
export function renderKeepers({ keepers, days, voters }: Report): string {
  const { twins, jobs, decisions } = keepers;
  const lanes = jobs.map(({ job, byDay, done, looks }) => ({
    name: job,
    total: `${amount(done, 0)} done at ${amount(looks, 0)} looks`,
    ...byDay,
  }));
  return `${heading("keepers")}<section class="card">${keepersSentences(keepers)
    .map((sentence) => `<p>${escape(sentence)}</p>`)
    .join("")}
${renderTimeline(voters.timeline.filter(({ part }) => part === "keeper"))}
<h3>Looks and work, day by day</h3><p class="soft">The height of a bar is the number of looks on that day, filled as far as there was something to do. Each job has its own scale.</p>
${renderLanes({ id: "keepers", title: "Work of the keepers by job and day", lanes, labels: days.map(({ day, date }) => `day ${day}, ${date}`) })}
<h3>By keeper</h3>${table(["Who", ...WORK_HEADINGS, "Fees, coin", "Earned, FTNS"], twins.map(twinRow))}
<h3>By job</h3>${table(
    ["Job", ...WORK_HEADINGS],
    jobs.map((job) => `<tr><td>${escape(job.job)}</td>${workCells(job)}</tr>`),
  )}
<h3>What they decided in emergencies and votes</h3><p class="soft">Why, and what they would have done otherwise, stands in the story above.</p>
<div class="scroll"><table class="work"><thead><tr><th>When</th><th class="text">What</th><th>Gas</th><th class="text">Transaction</th></tr></thead><tbody>${decisions.map(decisionRow).join("")}</tbody></table></div></section>`;
}
