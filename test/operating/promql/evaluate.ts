// As much of PromQL as the alert rules are written in, for machines without promtool. What it does not know it refuses.
import { parser } from "@prometheus-io/lezer-promql";
import { labelsOf, STEP, type Labels, type Series } from "./series.ts";

/** How long a value counts after it was scraped (seconds). */
const LOOK_BACK = 300;

export interface Sample {
  labels: Labels;
  value: number;
}

type Value = number | Sample[];
type Node = ReturnType<typeof parser.parse>["topNode"];

interface Moment {
  text: string;
  series: readonly Series[];
  /** Seconds since the first step. */
  at: number;
}

/** What `expr` says of `series` at second `at`: each sample makes an alert. */
export function evaluate(expr: string, series: readonly Series[], at: number): Sample[] {
  const top = parser.parse(expr).topNode.firstChild;
  if (top === null) throw new Error(`nothing to evaluate in ${expr}`);
  const value = valueOf(top, { text: expr, series, at });
  if (typeof value === "number") throw new Error(`${expr} is a number, not a vector`);
  return value;
}

function valueOf(node: Node, moment: Moment): Value {
  const text = (of: Node) => moment.text.slice(of.from, of.to);
  switch (node.name) {
    case "NumberDurationLiteral":
      return Number(text(node));
    case "ParenExpr":
      return valueOf(node.firstChild!, moment);
    case "VectorSelector":
      return instant(text(node), moment);
    case "OffsetExpr": {
      const [vector, , duration] = childrenOf(node);
      if (vector!.name !== "VectorSelector") throw new Error(`put the offset of ${text(node)} into parentheses with its vector`);
      return instant(text(vector!), { ...moment, at: moment.at - secondsOf(text(duration!)) });
    }
    case "FunctionCall":
      return callOf(node, moment);
    case "BinaryExpr":
      return binary(node, moment);
    default:
      throw new Error(`${node.name} is not known: ${text(node)}`);
  }
}

function callOf(node: Node, moment: Moment): Value {
  const [name, body] = childrenOf(node);
  const called = moment.text.slice(name!.from, name!.to);
  if (called === "time") return moment.at;
  const argument = body!.firstChild!;
  if (called === "absent") {
    const found = valueOf(argument, moment) as Sample[];
    return found.length === 0 ? [{ labels: {}, value: 1 }] : [];
  }
  const [selector, duration] = childrenOf(argument);
  const seconds = secondsOf(moment.text.slice(duration!.from, duration!.to));
  const ranges = matching(moment.text.slice(selector!.from, selector!.to), moment.series).map(({ labels, values }) => {
    const first = Math.max(0, Math.ceil((moment.at - seconds) / STEP));
    const points = values
      .map((value, step) => ({ value, at: step * STEP }))
      .slice(first, Math.floor(moment.at / STEP) + 1)
      .filter((point): point is Point => point.value !== undefined);
    return { labels: without(labels, ["__name__"]), points };
  });
  const reduce = { increase: increaseOf, min_over_time: leastOf }[called];
  if (reduce === undefined) throw new Error(`the function ${called} is not known`);
  return ranges.flatMap(({ labels, points }) => {
    const value = reduce(points, moment.at - seconds, moment.at);
    return value === undefined ? [] : [{ labels, value }];
  });
}

interface Point {
  value: number;
  at: number;
}

const leastOf = (points: readonly Point[]): number | undefined =>
  points.length === 0 ? undefined : Math.min(...points.map(({ value }) => value));

/** As Prometheus extrapolates: to the ends of the range, or half a step beyond the points where they are far from these. */
function increaseOf(points: readonly Point[], from: number, to: number): number | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2) return undefined;
  const resets = points.slice(1).reduce((sum, point, i) => (point.value < points[i]!.value ? sum + points[i]!.value : sum), 0);
  const gained = last.value - first.value + resets;
  const sampled = last.at - first.at;
  const average = sampled / (points.length - 1);
  const end = (gap: number) => (gap < average * 1.1 ? gap : average / 2);
  // A counter does not begin below zero.
  const zero = gained > 0 ? sampled * (first.value / gained) : Infinity;
  const before = Math.min(end(first.at - from), zero);
  return (gained * (sampled + before + end(to - last.at))) / sampled;
}

const COMPARE: Record<string, (a: number, b: number) => boolean> = {
  "==": (a, b) => a === b,
  ">": (a, b) => a > b,
  "<": (a, b) => a < b,
  ">=": (a, b) => a >= b,
};
const COMPUTE: Record<string, (a: number, b: number) => number> = { "*": (a, b) => a * b, "-": (a, b) => a - b };

function binary(node: Node, moment: Moment): Value {
  const parts = childrenOf(node);
  const [left, right] = [valueOf(parts[0]!, moment), valueOf(parts.at(-1)!, moment)];
  const operator = moment.text.slice(parts[1]!.from, parts[1]!.to);
  const clause = parts.length > 3 ? moment.text.slice(parts[2]!.from, parts[2]!.to) : "ignoring ()";
  const key = keyBy(clause);
  if (["and", "or", "unless"].includes(operator)) {
    const [some, others] = [left as Sample[], right as Sample[]];
    const has = (among: Sample[], one: Sample) => among.some((other) => key(other.labels) === key(one.labels));
    if (operator === "or") return [...some, ...others.filter((one) => !has(some, one))];
    return some.filter((one) => has(others, one) === (operator === "and"));
  }
  const pairs = pairsOf(left, right, key);
  const compare = COMPARE[operator];
  if (compare !== undefined)
    return pairs
      .filter(({ a, b }) => compare(a, b))
      .map(({ labels, a, b, numberFirst }) => ({ labels, value: numberFirst ? b : a }));
  const compute = COMPUTE[operator];
  if (compute === undefined) throw new Error(`the operator ${operator} is not known`);
  if (typeof left === "number" && typeof right === "number") return compute(left, right);
  return pairs.map(({ labels, a, b }) => ({ labels: without(labels, ["__name__"]), value: compute(a, b) }));
}

/** Values that stand opposite each other. */
function pairsOf(left: Value, right: Value, key: (labels: Labels) => string) {
  if (typeof left === "number") {
    const some = typeof right === "number" ? [{ labels: {}, value: right }] : right;
    return some.map(({ labels, value }) => ({ labels, a: left, b: value, numberFirst: true }));
  }
  if (typeof right === "number") return left.map(({ labels, value }) => ({ labels, a: value, b: right, numberFirst: false }));
  return left.flatMap(({ labels, value }) => {
    const partner = right.find((other) => key(other.labels) === key(labels));
    return partner === undefined ? [] : [{ labels, a: value, b: partner.value, numberFirst: false }];
  });
}

/** Labels that two samples must have in common. */
function keyBy(clause: string): (labels: Labels) => string {
  const names = /\(([^)]*)\)/
    .exec(clause)![1]!
    .split(",")
    .map((name) => name.trim());
  return (labels) => {
    const counted = clause.startsWith("on")
      ? Object.entries(labels).filter(([name]) => names.includes(name))
      : Object.entries(without(labels, ["__name__", ...names]));
    return JSON.stringify(counted.sort(([a], [b]) => (a < b ? -1 : 1)));
  };
}

function instant(selector: string, { series, at }: Moment): Sample[] {
  return matching(selector, series).flatMap(({ labels, values }) => {
    const [newest, oldest] = [Math.floor(at / STEP), Math.ceil((at - LOOK_BACK) / STEP)];
    for (let step = newest; step >= Math.max(0, oldest); step--) {
      const value = values[step];
      if (value !== undefined) return [{ labels, value }];
    }
    return [];
  });
}

function matching(selector: string, series: readonly Series[]): Series[] {
  const patterns = [...selector.matchAll(/(\w+)=~"([^"]*)"/g)].map(
    ([, label, of]) => [label!, new RegExp(`^(?:${of})$`)] as const,
  );
  const { __name__, ...exact } = labelsOf(selector.replace(/,?\w+=~"[^"]*"/g, ""));
  return series.filter(
    ({ labels }) =>
      labels.__name__ === __name__ &&
      Object.entries(exact).every(([label, value]) => (labels[label] ?? "") === value) &&
      patterns.every(([label, pattern]) => pattern.test(labels[label] ?? "")),
  );
}

function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

const without = (labels: Labels, names: readonly string[]): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));

export function secondsOf(duration: string): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(duration)!;
  return Number(count) * { s: 1, m: 60, h: 3_600, d: 86_400 }[unit as "s" | "m" | "h" | "d"];
}
