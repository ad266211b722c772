/** The tables and figures of docs/policy.md, each between two marks, so that a test can hold the page against the results. */
import type { Field } from "../measures.ts";
import type { Pair, PlanResult, Results, RuleResult, VolatilityResult } from "../results.ts";

const three = (value: number) => value.toFixed(3);
const two = (value: number) => value.toFixed(2);
const percent = (value: number, digits = 1) => `${(100 * value).toFixed(digits)} %`;
const withError = ([mean, error]: Pair) => `${three(mean)} ± ${three(error)}`;

/** Both volatilities beside one another. */
const both = (plan: PlanResult, id: string, of: (rule: RuleResult) => string): string =>
  plan.volatilities.map(({ rules }) => of(ruleOf(rules, id))).join(" / ");

function ruleOf(rules: readonly RuleResult[], id: string): RuleResult {
  const rule = rules.find((one) => one.id === id);
  if (rule === undefined) throw new Error(`the results have no rule ${id}`);
  return rule;
}

const mean = (field: Field, digits: (value: number) => string) => (rule: RuleResult) => digits(rule.means[field]!);

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Text by the name of its mark. */
export function blocksOf(results: Results): Record<string, string> {
  const { report, heldOut, tune } = results;
  return {
    short: inShort(report),
    runs: `${report.runs.toLocaleString("en")} runs on ${report.seeds} seeds of six regimes, and ${heldOut.runs.toLocaleString("en")} on ${heldOut.seeds} seeds of six others.`,
    rules: rulesTable(report),
    "held-out": rulesTable(heldOut),
    bound: boundTable(report),
    worlds: worldsTable(results),
    desk: deskTable(report),
    budget: budgetTable(report),
    measures: measuresTable(report),
    tried: triedTable(tune),
    lab: labTable(report),
  };
}

function inShort(report: PlanResult): string {
  const band = (id: string) => both(report, id, ({ inBand }) => percent(inBand[0]));
  const stays = (id: string) => both(report, id, ({ retention }) => percent(retention[0]));
  const waits = (id: string) => both(report, id, mean("timing", percent));
  return [
    "At a yearly volatility of 40 % / 80 %:",
    "",
    `- Without any rule the price is within 20 % of the path on ${band("none")} of days. RoadmapPolicy makes it ${band("roadmap")}, PathPolicy ${band("path")}, PathPolicy with a desk ${band("path-desk")}.`,
    `- Of those who contribute at the start of a year, ${stays("none")} are there at its end without a rule, ${stays("roadmap")} under RoadmapPolicy, ${stays("path")} under PathPolicy.`,
    `- \`M\` moves by ${both(report, "roadmap", mean("step", three))} a day (in logarithms) under RoadmapPolicy, by ${both(
      report,
      "path",
      mean("step", (v) => v.toFixed(4)),
    )} under PathPolicy.`,
    `- Proofs held back for seven days with perfect foresight would bring ${waits("roadmap")} more under RoadmapPolicy, ${waits("path")} under PathPolicy.`,
  ].join("\n");
}

function rulesTable(plan: PlanResult): string {
  return table(
    [
      "rule",
      "in band",
      "PathPolicy less it",
      "worst world",
      "retention",
      "PathPolicy less it",
      "poor days",
      "daily step",
      "waiting",
      "supply",
    ],
    plan.volatilities.flatMap(({ volatility, rules }) =>
      rules.map((rule) => [
        `${rule.label}, ${percent(volatility, 0)}`,
        withError(rule.inBand),
        withError(rule.pathLess.inBand),
        three(rule.worstWorld),
        withError(rule.retention),
        withError(rule.pathLess.retention),
        percent(rule.means.poor!),
        rule.means.step!.toFixed(4),
        percent(rule.means.timing!),
        two(rule.means.supply!),
      ]),
    ),
  );
}

function boundTable({ volatilities }: PlanResult): string {
  const rows = volatilities.flatMap(({ volatility, bounds }: VolatilityResult) =>
    bounds.map(({ impact, bound, rules }) => {
      const part = (id: string) => percent((rules[id]! - rules["none"]!) / (bound - rules["none"]!), 0);
      return [
        `impact ${impact}, ${percent(volatility, 0)}`,
        three(rules["none"]!),
        three(rules["roadmap"]!),
        three(rules["pi"]!),
        three(rules["path"]!),
        three(rules["path-plus"]!),
        three(bound),
        `${part("roadmap")}, ${part("path")}, ${part("path-plus")}`,
      ];
    }),
  );
  const head = ["", "M = 1", "RoadmapPolicy", "proportional-integral", "PathPolicy", "the variant", "bound"];
  return table([...head, "part of what can be gained: RoadmapPolicy, PathPolicy, the variant"], rows);
}

function worldsTable({ report, worlds }: Results): string {
  const ids = ["none", "roadmap", "path", "path-desk"];
  const cell = (name: string) => (id: string) =>
    report.volatilities.map(({ rules }) => ruleOf(rules, id).worlds[name]!.map(two).join(", ")).join(" / ");
  const head = ["world", ...ids.map((id) => ruleOf(report.volatilities[0]!.rules, id).label)];
  return table(
    head,
    worlds.map(({ name, label }) => [label, ...ids.map(cell(name))]),
  );
}

function deskTable(report: PlanResult): string {
  const ids = ["none", "none-desk", "path", "path-stock", "path-desk"];
  return table(
    ["", "in band", "retention", "what it gained against keeping its coins and dollars", "reserve at the end"],
    ids.map((id) => [
      ruleOf(report.volatilities[0]!.rules, id).label,
      both(report, id, ({ inBand }) => three(inBand[0])),
      both(report, id, ({ retention }) => three(retention[0])),
      id.includes("desk") || id.includes("stock") ? both(report, id, mean("deskGain", percent)) : "",
      id.includes("desk") || id.includes("stock") ? both(report, id, mean("deskReserve", percent)) : "",
    ]),
  );
}

function budgetTable(report: PlanResult): string {
  return table(
    ["", "in band", "worst world", "retention", "supply after five years", "owed and unpaid at the end"],
    ["path", "path-fixed", "path-all", "roadmap", "roadmap-all"].map((id) => [
      ruleOf(report.volatilities[0]!.rules, id).label,
      both(report, id, ({ inBand }) => three(inBand[0])),
      both(report, id, ({ worstWorld }) => three(worstWorld)),
      both(report, id, ({ retention }) => three(retention[0])),
      both(report, id, mean("supply", two)),
      both(
        report,
        id,
        mean("queue", (value) => percent(value, 2)),
      ),
    ]),
  );
}

function measuresTable(report: PlanResult): string {
  const ids = ["none", "roadmap", "path", "path-desk"];
  const row = (name: string, goal: string, of: (rule: RuleResult) => string) => [
    name,
    goal,
    ...ids.map((id) => both(report, id, of)),
  ];
  const hours = ({ means }: RuleResult) =>
    means.emergencies === 0 ? "no trigger" : (means.emergencyHours! / means.emergencies!).toFixed(1);
  return table(
    ["measure", "the roadmap's goal", ...ids.map((id) => ruleOf(report.volatilities[0]!.rules, id).label)],
    [
      row("days within 20 % of the path", "all", ({ inBand }) => percent(inBand[0], 0)),
      row("velocity a month", "1 to 2", mean("velocity", two)),
      row("contributors kept, month by month", "over 90 %", mean("monthly", percent)),
      row(
        "people who contribute",
        "over 80 %",
        mean("contributorPeople", (v) => percent(v, 0)),
      ),
      row(
        "balances at the top rate, of all",
        "under 5 %",
        mean("topAll", (v) => percent(v, 0)),
      ),
      row(
        "of contributors",
        "",
        mean("topContributors", (v) => percent(v, 0)),
      ),
      row("of users", "", mean("topUsers", percent)),
      row("contributors' part of coins", "", mean("contributorCoins", percent)),
      row("hours from trigger to resolution", "under 6", hours),
    ],
  );
}

function triedTable(tune: PlanResult): string {
  const [calm, wild] = tune.volatilities as [VolatilityResult, VolatilityResult];
  const against = (pair: Pair) => `${pair[0] > 0 ? "−" : "+"}${Math.abs(pair[0]).toFixed(3)} ± ${three(pair[1])}`;
  return table(
    [
      "tried",
      "in band, less PathPolicy, 40 %",
      "80 %",
      "retention, less PathPolicy, 40 %",
      "80 %",
      "daily step at 80 %",
      "waiting at 80 %",
    ],
    calm.rules.map(({ id, label, pathLess }) => {
      const other = ruleOf(wild.rules, id);
      if (id === "path") {
        const own = [calm.rules[0]!.inBand, other.inBand, calm.rules[0]!.retention, other.retention].map(withError);
        return [`${label} itself`, ...own, other.means.step!.toFixed(4), percent(other.means.timing!)];
      }
      return [
        label,
        against(pathLess.inBand),
        against(other.pathLess.inBand),
        against(pathLess.retention),
        against(other.pathLess.retention),
        other.means.step!.toFixed(4),
        percent(other.means.timing!),
      ];
    }),
  );
}

/** The first lab's numbers, as it gave them. */
const LAB: Record<string, { inBand: string; retention: string; step: string }> = {
  none: { inBand: "0.217 / 0.155", retention: "0.86 / 0.78", step: "0" },
  roadmap: { inBand: "", retention: "", step: "" },
  "roadmap-all": { inBand: "0.240 / 0.168", retention: "0.52 / 0.51", step: "0.068" },
  pi: { inBand: "0.305 / 0.198", retention: "0.43 / 0.43", step: "0.028" },
  path: { inBand: "0.304 / 0.194", retention: "0.90 / 0.84", step: "0.011" },
  "path-desk": { inBand: "0.42 / 0.33 (0.5 % a day), 0.41 / 0.28 (0.1 %)", retention: "0.92 / 0.88", step: "" },
};

function labTable(report: PlanResult): string {
  return table(
    ["rule", "in band, lab", "here", "retention, lab", "here", "daily step at 80 %, lab", "here"],
    Object.entries(LAB).map(([id, lab]) => [
      ruleOf(report.volatilities[0]!.rules, id).label,
      lab.inBand,
      both(report, id, ({ inBand }) => three(inBand[0])),
      lab.retention,
      both(report, id, ({ retention }) => two(retention[0])),
      lab.step,
      ruleOf(report.volatilities[1]!.rules, id).means.step!.toFixed(3),
    ]),
  );
}

/** `page` with each marked part as the results say it; throws where a mark is missing. */
export function filled(page: string, blocks: Record<string, string>): string {
  return Object.entries(blocks).reduce((text, [name, block]) => {
    const mark = new RegExp(`<!-- simulation: ${name} -->\\n[\\s\\S]*?<!-- end -->`);
    if (!mark.test(text)) throw new Error(`the page has no part "<!-- simulation: ${name} -->"`);
    return text.replace(mark, () => `<!-- simulation: ${name} -->\n${block}\n<!-- end -->`);
  }, page);
}
