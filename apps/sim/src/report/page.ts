/** One page of its own, without anything from the network: fans, a table of rules for each volatility, worlds, and the bound. */
import { REGIME_LABELS, type Regime } from "../assumptions.ts";
import type { Field } from "../measures.ts";
import { CHARTED } from "../plan.ts";
import { ruleOf } from "../rules.ts";
import type { Estimate, RuleSummary, Summary, VolatilitySummary } from "../summary.ts";
import { escape } from "./escape.ts";
import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";

const CHARTS = [
  { key: "gap", title: "Price against the path", log: false, percent: false, reference: 0 },
  { key: "multiplier", title: "Multiplier M", log: true, percent: false, reference: 1 },
  { key: "supply", title: "Supply, launch = 1", log: false, percent: false, reference: 1 },
  { key: "working", title: "Contributors at work", log: false, percent: true, reference: 1 },
  { key: "velocity", title: "Velocity a month", log: false, percent: false },
  { key: "fees", title: "Demurrage a year, of supply", log: false, percent: true },
] as const;

export function pageOf(summary: Summary): string {
  const { volatilities } = summary;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>FTNS: policies on trial</title><style>${STYLE}</style></head><body><main>
<h1>Policies on trial</h1>
${lead(summary)}
${tiles(volatilities[0]!)}
<h2>Five years</h2>
${fans(summary)}
<h2>Rules</h2>
<p class="soft">Share of days with the price within 20 % of the path, with its standard error over seeds; beside it PathPolicy's share less
the rule's, on the same seeds. Retention: of those who contribute at the start of a year, the share still there at its end. "Poor":
days on which a month of work brings less than half of the launch income. "Waiting": what proofs held back for seven days with perfect
foresight would earn more.</p>
${volatilities.map(ruleTable).join("")}
<h2>The best that a rule could do</h2>
<p class="soft">A price that falls with what is sold, by permanent impact, and nothing else. The bound is the best causal controller,
worked out by dynamic programming for one that knows the plant, the volatility and each day's drift, within the protocol's own limits.</p>
${volatilities.map(boundTable).join("")}
<h2>World by world</h2>
<p class="soft">Share of days in the band / retention.</p>
${volatilities.map((one) => worldTable(one, summary)).join("")}
<h2>Regime by regime</h2>
${volatilities.map((one) => regimeTable(one, summary)).join("")}
<h2>The roadmap's measures</h2>
${volatilities.map(measureTable).join("")}
<h2>What is assumed</h2>
<p>Nobody has traded FTNS yet, so no behaviour here is measured. All assumptions stand with their reasons in
<code>apps/sim/src/assumptions.ts</code>; demurrage, tiers, budgets and the rules themselves are the contracts' own and are compared with
the bit-exact model and with the contracts.</p>
</main><script type="application/json" id="fans">${chartData(summary)}</script><script>${SCRIPT}</script></body></html>
`;
}

function lead({ runs, seeds, regimes, worlds, plan }: Summary): string {
  const seedsOf =
    plan === "quick" || plan === "report" || plan === "held-out" ? "seeds that nothing was chosen on" : "training seeds";
  return `<p class="lead">${runs.toLocaleString("en")} economies lived for five years: ${worlds.length} assumed worlds of price formation,
${regimes.length} regimes of demand, ${seeds} ${seedsOf}, the same shocks under every rule.</p>`;
}

const share = (value: number, digits = 3) => value.toFixed(digits);
const withError = ({ mean, error }: Estimate, digits = 3) => `${mean.toFixed(digits)} <i>± ${error.toFixed(digits)}</i>`;
const percent = (value: number, digits = 1) => `${(100 * value).toFixed(digits)}\u00a0%`;

/** The figures that are asked for first; a plan of variants has not all of these rules. */
function tiles({ volatility, rules }: VolatilitySummary): string {
  if (!["none", "roadmap", "path", "path-desk"].every((id) => rules.some((rule) => rule.id === id))) return "";
  const tile = (value: string, text: string) => `<div class="card tile"><b>${value}</b><span>${escape(text)}</span></div>`;
  const of = (id: string, field: Field) => rules.find((rule) => rule.id === id)!.all[field].mean;
  const entries = [
    tile(percent(of("none", "inBand")), "of days within 20 % of the path without any rule"),
    tile(percent(of("path", "inBand")), `under PathPolicy; ${percent(of("roadmap", "inBand"))} under RoadmapPolicy`),
    tile(percent(of("path-desk", "inBand")), "under PathPolicy with a market desk"),
    tile(
      percent(of("path", "retention")),
      `of contributors stay a year; ${percent(of("roadmap", "retention"))} under RoadmapPolicy`,
    ),
  ];
  return `<div class="tiles">${entries.join("")}</div><p class="soft">At a yearly volatility of ${percent(volatility, 0)}.</p>`;
}

const select = (id: string, label: string, options: readonly (readonly [string, string])[]) =>
  `<label>${label} <select id="${id}">${options
    .map(([value, text]) => `<option value="${escape(value)}"${value === "path" ? " selected" : ""}>${escape(text)}</option>`)
    .join("")}</select></label>`;

function fans({ volatilities, regimes }: Summary): string {
  const shown = Object.keys(Object.values(volatilities[0]!.fans)[0]!);
  const chooser = [
    select(
      "volatility",
      "Volatility",
      volatilities.map(({ volatility }, i) => [String(i), percent(volatility, 0)] as const),
    ),
    select(
      "regime",
      "Demand",
      regimes.map((regime) => [regime, REGIME_LABELS[regime as Regime]] as const),
    ),
    select(
      "rule",
      "Fan of",
      shown.map((id) => [id, ruleOf(id).label] as const),
    ),
  ].join("");
  const legend = shown
    .map(
      (id) =>
        `<span><i style="border-color:var(--c${CHARTED.indexOf(id as (typeof CHARTED)[number])})"></i>${escape(ruleOf(id).label)}</span>`,
    )
    .join("");
  const charts = CHARTS.map(
    ({ key, title }) =>
      `<div class="card"><h3>${title}</h3><svg id="fan-${key}" viewBox="0 0 340 190" role="img" aria-label="${title}"></svg></div>`,
  );
  return `<p class="soft">All worlds together. Lines are medians; the fan of the chosen rule holds half and nine tenths of its runs.</p>
<div class="choose">${chooser}</div><div class="legend">${legend}</div><div class="fans">${charts.join("")}</div>`;
}

function chartData({ volatilities, sampleDays }: Summary): string {
  const data = {
    sampleDays,
    rules: CHARTED.map((id) => ({ id })),
    series: CHARTS.map(({ title: _, ...rest }) => rest),
    volatilities: volatilities.map((one) => one.fans),
  };
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[]) => row.map((cell) => `<td>${cell}</td>`).join("");
  return `<div class="card"><table><tr>${head.map((name) => `<th>${name}</th>`).join("")}</tr>${rows
    .map((row) => `<tr>${cells(row)}</tr>`)
    .join("")}</table></div>`;
}

const titled = (volatility: number) => `volatility ${percent(volatility, 0)}`;

function ruleTable({ volatility, rules }: VolatilitySummary): string {
  const head = [
    titled(volatility),
    "in band",
    "PathPolicy less it",
    "worst world",
    "retention",
    "PathPolicy less it",
    "poor",
    "daily step",
    "waiting",
    "supply",
    "desk gains",
    "reserve left",
  ];
  const worst = ({ worlds }: RuleSummary) => Math.min(...Object.values(worlds).map(({ inBand }) => inBand));
  return table(
    head,
    rules.map((rule) => [
      escape(rule.label),
      withError(rule.all.inBand),
      withError(rule.pathLess.inBand),
      share(worst(rule)),
      withError(rule.all.retention),
      withError(rule.pathLess.retention),
      share(rule.all.poor.mean),
      share(rule.all.step.mean, 4),
      percent(rule.all.timing.mean),
      share(rule.all.supply.mean, 2),
      rule.id.includes("desk") || rule.id.includes("stock") ? percent(rule.all.deskGain.mean) : "",
      rule.id.includes("desk") || rule.id.includes("stock") ? percent(rule.all.deskReserve.mean) : "",
    ]),
  );
}

function boundTable({ volatility, bounds }: VolatilitySummary): string {
  if (bounds.length === 0) return `<p class="soft">Not worked out in this run (${titled(volatility)}).</p>`;
  const ids = Object.keys(bounds[0]!.rules);
  const head = [
    titled(volatility),
    "best causal controller",
    ...ids.map((id) => escape(ruleOf(id).label)),
    "PathPolicy's part of what can be gained",
  ];
  return table(
    head,
    bounds.map(({ impact, bound, rules }) => [
      `impact ${impact}`,
      share(bound),
      ...ids.map((id) => share(rules[id]!)),
      percent((rules["path"]! - rules["none"]!) / (bound - rules["none"]!), 0),
    ]),
  );
}

const pair = ({ inBand, retention }: { inBand: number; retention: number }) => `${inBand.toFixed(2)} / ${retention.toFixed(2)}`;

function worldTable({ volatility, rules }: VolatilitySummary, { worlds }: Summary): string {
  const head = [titled(volatility), ...worlds.map(({ name, label }) => `<span title="${escape(label)}">${escape(name)}</span>`)];
  return table(
    head,
    rules.map((rule) => [escape(rule.label), ...worlds.map(({ name }) => pair(rule.worlds[name]!))]),
  );
}

function regimeTable({ volatility, rules }: VolatilitySummary, { regimes }: Summary): string {
  return table(
    [titled(volatility), ...regimes.map((regime) => escape(REGIME_LABELS[regime as Regime]))],
    rules.map((rule) => [escape(rule.label), ...regimes.map((regime) => pair(rule.regimes[regime]!))]),
  );
}

function measureTable({ volatility, rules }: VolatilitySummary): string {
  const head = [
    titled(volatility),
    "price within 20 % of the path",
    "velocity a month (1 to 2)",
    "contributors kept, month by month (over 90 %)",
    "people who contribute (over 80 %)",
    "at the top rate: contributors",
    "users",
    "all (under 5 %)",
    "contributors' part of coins",
    "hours from trigger to resolution (under 6)",
  ];
  return table(
    head,
    rules.map(({ label, all }) => [
      escape(label),
      percent(all.inBand.mean),
      share(all.velocity.mean, 2),
      percent(all.monthly.mean),
      percent(all.contributorPeople.mean),
      percent(all.topContributors.mean),
      percent(all.topUsers.mean),
      percent(all.topAll.mean),
      percent(all.contributorCoins.mean),
      all.emergencies.mean === 0 ? "no trigger" : share(all.emergencyHours.mean / all.emergencies.mean, 1),
    ]),
  );
}
