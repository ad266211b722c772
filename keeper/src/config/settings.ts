import { z } from "zod/v4";
import { configSchema } from "./schema.ts";

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

/** Every setting as a row of a Markdown table, made from the schema. */
export function settingsTable(): string {
  const root = z.toJSONSchema(configSchema, { io: "input", unrepresentable: "any" }) as Node;
  const rows = [["Setting", "Takes", "Default", "What it is"], ["---", "---", "---", "---"], ...rowsOf(root, "")];
  return rows.map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function rowsOf(node: Node, prefix: string): string[][] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const path = `${prefix}${name}`;
    const required = node.required?.includes(name) ?? false;
    const own = [
      `\`${path}\``,
      child.properties ? "object" : takes(child),
      defaultOf(child, required),
      child.description ?? "",
    ];
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
  return node.default === undefined ? "none" : `\`${Array.isArray(node.default) ? "[]" : String(node.default)}\``;
}
