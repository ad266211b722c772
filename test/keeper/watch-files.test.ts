import { readFileSync, readdirSync } from "node:fs";
import { parser } from "@prometheus-io/lezer-promql";
import { expect } from "chai";
import { parse } from "yaml";
import { KeeperMetrics } from "@ftns/keeper/service/metrics.ts";
import { stateWith } from "./service-state.ts";

const folder = new URL("../../services/keeper/watch/", import.meta.url);
const docs = new URL("../../docs/operating/", import.meta.url);

interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string; runbook: string };
}
interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string; refId: string }[];
}

const read = (name: string) => readFileSync(new URL(name, folder), "utf8");
const rules = (parse(read("alert-rules.yml")) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(read("grafana-dashboard.json")) as { uid: string; panels: Panel[] };

/** Every name of a metric in an expression, and whether all of it was understood. */
function understand(expr: string): { names: string[]; faults: string[] } {
  // Grafana puts its variables in before Prometheus sees them.
  const text = expr.replaceAll("$instance", "x");
  const names: string[] = [];
  const faults: string[] = [];
  parser.parse(text).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) faults.push(`${text.slice(0, from)} <here> ${text.slice(from)}`);
      if (type.name === "VectorSelector") names.push(/^[a-zA-Z_:][\w:]*/.exec(text.slice(from, to))?.[0] ?? "");
    },
  });
  return { names: names.filter(Boolean), faults };
}

describe("files for watching", () => {
  const metrics = new KeeperMetrics({ state: stateWith, findings: () => [], account: "0xab", chainId: 1 });
  /** What a scrape can find: names, with those that a histogram is made of. */
  const known = new Set(metrics.names.flatMap((name) => [name, `${name}_bucket`, `${name}_sum`, `${name}_count`]).concat("up"));
  const shown = new Set<string>();

  const expressions: [where: string, expr: string][] = [
    ...rules.map(({ alert, expr }): [string, string] => [`the alert ${alert}`, expr]),
    ...dashboard.panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr, refId }): [string, string] => [`the panel "${title}" (${refId})`, expr]),
    ),
  ];
  for (const [where, expr] of expressions) {
    it(`P144: asks for what there is, in words that Prometheus understands: ${where}`, () => {
      const { names, faults } = understand(expr);
      expect(faults).to.deep.equal([]);
      expect(names).to.not.deep.equal([]);
      for (const name of names) {
        expect(known.has(name), name).to.equal(true);
        shown.add(name.replace(/_(bucket|sum|count)$/, ""));
      }
    });
  }
  it("finds a fault where there is one", () => {
    expect(understand("rate(ftns_keeper_info[5m)").faults).to.not.deep.equal([]);
    expect(understand("a + on (x) b").names).to.deep.equal(["a", "b"]);
  });
  it("P144: shows or watches every metric of the keeper", () => {
    const plain = new Set(["ftns_keeper_info", "ftns_keeper_start_timestamp_seconds", "ftns_keeper_head_number"]);
    const ours = metrics.names.filter((name) => name.startsWith("ftns_keeper_") && !plain.has(name));
    expect(ours.length).to.be.greaterThan(30);
    expect(ours.filter((name) => !shown.has(name))).to.deep.equal([]);
  });
  it("never names a label that Prometheus takes for itself", async () => {
    expect(await metrics.page()).to.not.match(/^ftns_keeper_[^\n]*[{,](job|instance)=/m);
  });

  for (const { alert, labels, annotations, expr } of rules) {
    it(`P144: says how severe it is, what is wrong and where the runbook is: ${alert}`, () => {
      expect(expr).to.not.equal("");
      expect(labels.severity).to.be.oneOf(["warning", "critical"]);
      expect(annotations.summary).to.have.length.greaterThan(10);
      const anchor = /^docs\/operating\/runbooks\.md#([a-z-]+)$/.exec(annotations.runbook)?.[1];
      expect(anchors("runbooks.md")).to.include(anchor);
    });
  }
  it("has no alert twice, and every panel in a place of its own", () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).to.equal(rules.length);
    const taken = new Set<string>();
    for (const { gridPos: place, title } of dashboard.panels) {
      expect(place.x + place.w, title).to.be.at.most(24);
      for (let x = place.x; x < place.x + place.w; x++) {
        for (let y = place.y; y < place.y + place.h; y++) {
          expect(taken.has(`${x} ${y}`), title).to.equal(false);
          taken.add(`${x} ${y}`);
        }
      }
    }
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).to.equal(dashboard.panels.length);
  });
  it("P144: the operator's pages name only metrics that there are, and findings lead to a runbook", () => {
    for (const page of readdirSync(docs)) {
      const text = readFileSync(new URL(page, docs), "utf8");
      for (const [name] of text.matchAll(/\bftns_keeper_\w+/g)) expect(known.has(name), `${name} in ${page}`).to.equal(true);
    }
    const rules = ["services/keeper/src/service/findings.ts", "packages/chain/src/health.ts"];
    const findings = rules.map((file) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8")).join("\n");
    const runbooks = [...findings.matchAll(/runbook: "([a-z-]+)"/g)].map(([, slug]) => slug);
    expect(runbooks.length).to.be.greaterThan(10);
    for (const slug of runbooks) expect(anchors("runbooks.md")).to.include(slug);
  });
});

/** The anchors of a page's headings, as they are made on the usual sites. */
function anchors(page: string): string[] {
  const headings = readFileSync(new URL(page, docs), "utf8").matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, title]) =>
    title!
      .toLowerCase()
      .replaceAll(/[^a-z0-9 -]/g, "")
      .replaceAll(" ", "-"),
  );
}
