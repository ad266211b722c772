// Each alert rule by value: a series on which it must fire, one on which it must not, and the first event of a counter.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { parse, stringify } from "yaml";
import { ALERT_CASES } from "./alertCases.ts";
import type { AlertCase } from "./alertSeries.ts";
import { VERIFIER_ALERT_CASES } from "./verifierAlertCases.ts";
import { evaluate, secondsOf } from "./promql/evaluate.ts";
import { labelsOf, STEP, valuesOf } from "./promql/series.ts";

const SERVICES = [
  { service: "keeper", cases: ALERT_CASES, least: 60 },
  { service: "verifier", cases: VERIFIER_ALERT_CASES, least: 30 },
];

interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
}

/** Labels of what fires at the look of `test`, in one order. */
function firing({ expr, for: patience = "0s" }: Rule, { series, at }: AlertCase): string[] {
  const known = Object.entries(series).map(([name, values]) => ({ labels: labelsOf(name), values: valuesOf(values) }));
  const keysAt = (minute: number) =>
    evaluate(expr, known, minute * STEP).map(({ labels: { __name__, ...labels } }) => JSON.stringify(sorted(labels)));
  let keys = keysAt(at);
  // It must have been so at each look for as long as the rule waits.
  for (let minute = at - 1; minute >= at - secondsOf(patience) / STEP; minute--) {
    const before = minute < 0 ? [] : keysAt(minute);
    keys = keys.filter((key) => before.includes(key));
  }
  return keys.sort();
}

const sorted = (labels: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

for (const { service, cases: all, least } of SERVICES) {
  const RULES = `services/${service}/watch/alert-rules.yml`;
  const rules = (parse(readFileSync(RULES, "utf8")) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);
  describe(`alert rules of the ${service} (P226)`, () => {
    it("each have a case in which they fire, and one in which they are quiet", () => {
      expect(Object.keys(all)).to.deep.equal(rules.map(({ alert }) => alert));
      for (const [alert, cases] of Object.entries(all)) {
        expect(
          cases.some(({ fires }) => fires.length > 0),
          `${alert} fires`,
        ).to.equal(true);
        expect(
          cases.some(({ fires }) => fires.length === 0),
          `${alert} is quiet`,
        ).to.equal(true);
      }
    });

    for (const rule of rules) {
      describe(rule.alert, () => {
        for (const test of all[rule.alert] ?? []) {
          it(`${test.fires.length > 0 ? "fires on" : "is quiet on"} ${test.what}`, () => {
            expect(firing(rule, test)).to.deep.equal(test.fires.map((labels) => JSON.stringify(sorted(labels))).sort());
          });
        }
      });
    }

    it("say the same to Prometheus itself, where promtool is at hand", function () {
      this.timeout(60_000);
      const folder = mkdtempSync(join(tmpdir(), "ftns-promtool-"));
      try {
        const file = join(folder, "cases.yml");
        const tests = rules.flatMap(({ alert, labels }) =>
          (all[alert] ?? []).map(({ what, series, at, fires }) => ({
            interval: "1m",
            name: `${alert}: ${what}`,
            input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
            alert_rule_test: [
              {
                eval_time: `${at}m`,
                alertname: alert,
                exp_alerts: fires.map((one) => ({ exp_labels: { ...one, ...labels } })),
              },
            ],
          })),
        );
        // What the alerts say is not compared here: it is left out of the copy of the rules.
        const { groups } = parse(readFileSync(resolve(RULES), "utf8")) as { groups: { rules: Record<string, unknown>[] }[] };
        for (const group of groups) for (const rule of group.rules) delete rule["annotations"];
        writeFileSync(join(folder, "rules.yml"), stringify({ groups }));
        writeFileSync(file, stringify({ rule_files: ["rules.yml"], evaluation_interval: "1m", tests }));
        const { error, status, stdout, stderr } = spawnSync("promtool", ["test", "rules", file], { encoding: "utf8" });
        if (error === undefined) expect([status, `${stdout}${stderr}`.slice(0, 3_000)]).to.deep.equal([0, stdout]);
        expect(tests.length).to.be.greaterThan(least);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  });
}
