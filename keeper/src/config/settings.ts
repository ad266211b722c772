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
    const kinds = (child.items?.anyOf ?? []).filter((kind) => kind.properties?.["type"]?.const !== undefined);
    const kindRows = kinds.flatMap((kind) => {
      const type = String(kind.properties?.["type"]?.const);
      return rowsOf(kind, `${path}[].`).map(([setting, ...rest]) => [`${setting} (${type})`, ...rest]);
    });
    return [own, ...kindRows];
  });
}

function takes(node: Node): string {
  const alternatives = node.anyOf ?? [];
  if (alternatives.length > 0) return alternatives.map(takes).join(" or ");
  if (node.const !== undefined) return `\`${JSON.stringify(node.const)}\``;
  if (node.enum) return node.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (node.type === "array") {
    return `list of ${node.minItems} to ${node.maxItems}: ${takes(node.items ?? {})}`;
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
  return node.default === undefined ? "none" : `\`${String(node.default)}\``;
}
