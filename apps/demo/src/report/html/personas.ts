import { amount, percent, short } from "../numbers.ts";
import type { PersonaReport, Report } from "../types.ts";
import { rateHeading } from "../why.ts";
import { renderChart } from "./chart.ts";
import { anchorOf, heading } from "./contents.ts";
import { escape } from "./escape.ts";
import { linearScale } from "./scale.ts";

function balanceChart(persona: PersonaReport, labels: readonly string[]): string {
  const { id, name, holds, balances } = persona;
  const first = balances[0] ?? 0;
  const last = balances.at(-1) ?? 0;
  const scale = linearScale(balances, false, 3);
  return renderChart({
    id: `balance-${id}`,
    title: `Balance of ${name}`,
    description: `${short(first)} FTNS at launch, ${short(last)} FTNS at the end.`,
    lines: [
      {
        name:
          holds === "wFTNS" ? "value of its wFTNS, FTNS" : persona.stake === null ? "balance, FTNS" : "balance and stake, FTNS",
        color: "c1",
        values: balances,
        filled: scale.ticks[0] === 0,
      },
    ],
    scale,
    format: (value) => (Math.abs(value) < 1e6 ? amount(value, 0) : short(value)),
    labels,
    small: true,
  });
}

function tierStrip({ tiers, name }: PersonaReport): string {
  const parts = tiers
    .map(({ tier, fromDay, toDay }) => {
      const days = toDay - fromDay + 1;
      const label = days >= 8 ? (tier === "NONE" ? "no tier" : tier) : "";
      return `<span class="${tier}" style="flex:${days}" title="${tier}, day ${fromDay} to ${toDay}">${label}</span>`;
    })
    .join("");
  const words = tiers.map(({ tier, fromDay, toDay }) => `${tier} day ${fromDay} to ${toDay}`).join(", ");
  return `<div class="strip" role="img" aria-label="Tiers of ${escape(name)}: ${words}">${parts}</div>`;
}

function statement({ statement: s, proofs }: PersonaReport): string {
  const item = (label: string, value: string) =>
    Number(value) === 0 ? "" : `<div><span>${label}</span> <b>${amount(value)}</b></div>`;
  return `<div class="sum">${item("received", s.received)}${item("+ rewards", s.rewards)}${item("+ yield", s.yield)}${item("− sent", s.sent)}${item("− demurrage", s.fees)}${item("− demurrage on the way out of the stake", s.exitFees)}${item("− staked", s.staked)}<div><span>= balance</span> <b>${amount(s.end)}</b></div>${proofs > 0 ? `<div><span>proofs</span> <b>${proofs}</b></div>` : ""}</div>`;
}

/** What was charged on how many days, and why. */
function rateTable({ rates, effectiveMonthlyRate }: PersonaReport): string {
  const rows = rates
    .map((share) => `<tr><td>${rateHeading(share)}</td><td class="text">${escape(share.reason)}</td></tr>`)
    .join("");
  return `<div class="scroll"><table class="rates"><tbody>${rows}<tr><td><b>${percent(effectiveMonthlyRate, 3)} a month</b></td><td class="text">taken together</td></tr></tbody></table></div>`;
}

function card(persona: PersonaReport, labels: readonly string[]): string {
  const { name, title, story, effectiveMonthlyRate, why } = persona;
  return `<article class="card persona" id="${anchorOf(persona.id)}"><header><div><h3>${escape(name)}, ${escape(title)}</h3><p class="soft">${escape(story)}</p></div>
<div class="rate"><b>${percent(effectiveMonthlyRate)}</b><span>demurrage a month</span></div></header>
${balanceChart(persona, labels)}${tierStrip(persona)}${statement(persona)}
<ul class="why">${why.map((sentence) => `<li>${escape(sentence)}</li>`).join("")}</ul>${rateTable(persona)}</article>`;
}

export function renderPersonas({ personas, days }: Report): string {
  const labels = days.map(({ day, date }) => `day ${day}, ${date}`);
  const rows = personas
    .map(
      (p) =>
        `<tr><td><a href="#${anchorOf(p.id)}">${escape(p.name)}</a></td><td class="text role">${escape(p.title)}</td><td>${amount(p.statement.end)}</td><td>${Number(p.statement.staked) === 0 ? "" : amount(p.statement.staked, 0)}</td><td>${p.tier}</td><td>${amount(Number(p.statement.fees) + Number(p.statement.exitFees))}</td><td>${amount(Number(p.statement.rewards) + Number(p.statement.yield))}</td><td>${percent(p.effectiveMonthlyRate, 3)}</td></tr>`,
    )
    .join("");
  return `${heading("people")}
<div class="card scroll"><table><thead><tr><th>Who</th><th class="text role"></th><th>Balance, FTNS</th><th>Staked</th><th>Tier</th><th>Demurrage</th><th>Earned</th><th>Rate a month</th></tr></thead><tbody>${rows}</tbody></table></div>
<p class="soft">The strip under each balance shows the tier on each day. Not every axis starts at zero: 1 % a month is a gentle slope.</p>
<div class="personas">${personas.map((persona) => card(persona, labels)).join("\n")}</div>`;
}
