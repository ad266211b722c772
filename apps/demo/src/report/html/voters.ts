import { amount, percent } from "../numbers.ts";
import type { EmergencyReport, Report, TimelineEvent } from "../types.ts";
import { clockWords, spanWords, tallyWords } from "../voters.ts";
import { heading } from "./contents.ts";
import { escape } from "./escape.ts";

export function renderTimeline(events: readonly TimelineEvent[]): string {
  const items = events.map(
    ({ day, at, title, text }) =>
      `<li><time datetime="${escape(at)}">day ${day} <span>${escape(clockWords(at))}</span></time><div><b>${escape(title)}</b><p>${escape(text)}</p></div></li>`,
  );
  return `<ol class="timeline">${items.join("")}</ol>`;
}

function facts(rows: readonly (readonly [string, string])[]): string {
  const cells = rows.map(
    ([label, value]) => `<tr><th scope="row" class="text">${escape(label)}</th><td class="text">${escape(value)}</td></tr>`,
  );
  return `<div class="scroll"><table class="facts"><tbody>${cells.join("")}</tbody></table></div>`;
}

function emergencyFacts(emergency: EmergencyReport): (readonly [string, string])[] {
  const { votes, refusedTransfer, refusedAdjustment, exits } = emergency;
  const { requestedUnderHalt: asked, withdrawnUnderHalt: left } = exits;
  const refused = ({ who, what, error, words, at }: typeof refusedTransfer) =>
    `${who} ${what}, ${clockWords(at)}: ${error}. ${words}`;
  return [
    [
      "Price, made up",
      `$${emergency.priceBefore.toFixed(3)} to $${emergency.priceAfter.toFixed(3)}; hourly average ${percent(emergency.measured, 1)} of the day before, confidence ${percent(emergency.confidence, 0)}`,
    ],
    ["Breaker open", `${clockWords(emergency.openedAt)} to ${clockWords(emergency.openUntil)}`],
    ...votes.map(
      (vote) =>
        [
          `Vote: ${vote.action}`,
          `passed after ${spanWords(vote.openedAt, vote.passedAt)} of 6 h: support ${amount(vote.support, 0)} FTNS of ${amount(vote.needed, 0)} needed, ${vote.supporters} contributors of ${vote.minSupporters} needed; in effect until ${clockWords(vote.effectUntil)}`,
        ] as const,
    ),
    ["Refused", refused(refusedTransfer)],
    ["Refused", refused(refusedAdjustment)],
    [
      "Left during the halt",
      `${left.who}: ${amount(left.amount, 0)} FTNS, asked for ${clockWords(left.requestedAt)}; ${amount(left.paid)} withdrawn ${clockWords(left.at)}, the rest was demurrage`,
    ],
    [
      "Asked to leave during the halt",
      `${asked.who}: ${amount(asked.amount, 0)} FTNS, asked for ${clockWords(asked.at)}; ${amount(asked.paid)} withdrawn ${clockWords(asked.withdrawnAt)}, the rest was demurrage`,
    ],
    [
      "End of the halt",
      `${clockWords(emergency.haltedUntil)}, by itself: ${emergency.haltsEnded} transactions ended it. First transfer again ${clockWords(emergency.transferAgainAt)}`,
    ],
  ];
}

/** The decisions, what came of them, and when. */
export function renderVoters({ voters }: Report): string {
  const { decision, emergency, timeline: events } = voters;
  const part = (name: TimelineEvent["part"]) => renderTimeline(events.filter((event) => event.part === name));
  const { effect } = decision;
  const vote = `<section class="card"><h3>An ordinary vote</h3><p class="soft">A day of delay, five days of votes, two days in the timelock: everybody sees a change come.</p>${part("vote")}
${facts([
  ["Question", decision.description],
  ["Votes, FTNS", tallyWords(decision)],
  [
    "Cap of demurrage",
    `${percent(decision.capBefore, 1)} a month before, ${percent(decision.capAfter, 1)} from day ${decision.effectiveOn} on`,
  ],
  ...(effect === null
    ? []
    : [
        [
          "Effect",
          `${effect.name} paid ${percent(effect.rateBefore)} a month at the boundary before and ${percent(effect.rateAfter)} at the next, having sent ${effect.transactions} transactions in all`,
        ] as const,
      ]),
])}</section>`;
  const soft =
    emergency === null
      ? "The replayed prices themselves opened the breaker. Nobody voted, and it closed by itself."
      : "The crash is made up; it comes after the replayed prices and is left out with --no-crash. Triggers, votes and effects are the contracts' own.";
  const happened = events.some((event) => event.part === "emergency");
  const stop = happened
    ? `<section class="card"><h3>An emergency</h3><p class="soft">${soft}</p>${part("emergency")}
${emergency === null ? "" : facts(emergencyFacts(emergency))}</section>`
    : "";
  return `${heading("voters")}<div class="voters">${vote}${stop}</div>`;
}
