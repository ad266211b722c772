import { z } from "zod/v4";

/** The part of JSON Schema that zod makes of our configuration. */
interface Node {
  type?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  properties?: Record<string, Node>;
  required?: string[];
  items?: Node;
  anyOf?: Node[];
}

/** A page that begins with `preface` and has every setting, made from the schema: a chapter for each part of the configuration, and for each job. */
export function settingsPage(schema: z.ZodType, preface: string): string {
  const root = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Node;
  const chapters = new Map<string, string[][]>();
  for (const row of rowsOf(root, "")) {
    const [part, job] = row[0]!.replaceAll("`", "").split(/[.[]/);
    const title = part === "jobs" ? `jobs.${job}` : root.properties?.[part!]?.properties ? part! : "The rest";
    chapters.set(title, [...(chapters.get(title) ?? []), row]);
  }
  const head = [
    ["Setting", "Takes", "Default", "What it is"],
    ["---", "---", "---", "---"],
  ];
  const table = (rows: string[][]) => [...head, ...rows].map((row) => `| ${row.join(" | ")} |\n`).join("");
  const last = (title: string) => Number(title === "The rest");
  const sorted = [...chapters].sort(([a], [b]) => last(a) - last(b));
  return `${preface}
${sorted.map(([title, rows]) => `## ${title}\n\n${table(rows)}`).join("\n")}`;
}

function rowsOf(node: Node, prefix: string): string[][] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const path = `${prefix}${name}`;
    const required = node.required?.includes(name) ?? false;
    const own = [`\`${path}\``, child.properties ? "object" : takes(child), defaultOf(child, required), child.description ?? ""];
    if (child.properties) {
      const inside = rowsOf(child, `${path}.`);
      return child.description ? [own, ...inside] : inside;
    }
    const kinds = kindsOf(child);
    const inner = child.items?.properties ? rowsOf(child.items, `${path}[].`) : [];
    return [own, ...inner, ...mergedRows(kinds, `${path}[].`)];
  });
}

/** The alternatives of a list whose entries name their kind in `type`. */
function kindsOf(list: Node): Node[] {
  return (list.items?.anyOf ?? []).filter((kind) => kind.properties?.["type"]?.const !== undefined);
}

const typeOf = (kind: Node) => String(kind.properties?.["type"]?.const);

/** The rows of all kinds of entry; a setting that several kinds share in every respect is one row. */
function mergedRows(kinds: readonly Node[], prefix: string): string[][] {
  const merged = new Map<string, { row: string[]; types: string[] }>();
  for (const kind of kinds) {
    for (const row of rowsOf(kind, prefix)) {
      const same = merged.get(row.join());
      if (same) same.types.push(typeOf(kind));
      else merged.set(row.join(), { row, types: [typeOf(kind)] });
    }
  }
  return [...merged.values()].map(({ row: [setting, ...rest], types }) => [
    types.length === kinds.length ? setting! : `${setting} (${types.join(", ")})`,
    ...rest,
  ]);
}

function takes(node: Node): string {
  const alternatives = node.anyOf ?? [];
  if (alternatives.length > 0) return alternatives.map(takes).join(" or ");
  if (node.const !== undefined) return `\`${JSON.stringify(node.const)}\``;
  if (node.enum) return node.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (node.type === "boolean") return "`true`, `false`";
  if (node.type === "array") {
    const kinds = kindsOf(node);
    if (kinds.length > 0) {
      return `list of ${node.minItems ?? 0} to ${node.maxItems}, each with a \`type\`: ${kinds.map(typeOf).join(", ")}`;
    }
    return `list of ${node.minItems ?? 0} to ${node.maxItems}: ${takes(node.items ?? {})}`;
  }
  if (node.type === "object") {
    return `\`{ ${(node.required ?? []).map((name) => `"${name}": ...`).join(", ")} }\``;
  }
  const low = node.exclusiveMinimum === undefined ? node.minimum : `above ${node.exclusiveMinimum}`;
  if (node.type === "integer")
    return `whole number, ${low} to ${node.maximum === Number.MAX_SAFE_INTEGER ? "2^53" : node.maximum}`;
  if (node.type === "number") return `number, ${low} to ${node.maximum}`;
  return "text";
}

function defaultOf(node: Node, required: boolean): string {
  if (required) return "required";
  return node.default === undefined ? "none" : `\`${shown(node.default)}\``;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return "[]";
  return typeof value === "object" ? "{}" : String(value);
}
