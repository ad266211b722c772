// One text for one claim, so that its digest is the same for everybody (RFC 8785, of which whole numbers and text are all that is used).
import { keccak256, toUtf8Bytes } from "ethers";
import { EvidenceFault } from "./fault.ts";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** JSON with sorted names and without spaces. Numbers must be whole and exact. */
export function canonicalJson(value: Json): string {
  if (typeof value === "number" && !Number.isSafeInteger(value))
    throw new EvidenceFault("SCHEMA", `${value} is not a whole number`);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const entries = Object.entries(value as { [name: string]: Json }).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, inner]) => `${JSON.stringify(name)}:${canonicalJson(inner)}`).join(",")}}`;
}

/** The `evidenceRoot` of a claim. */
export const evidenceRoot = (claim: Json): string => keccak256(toUtf8Bytes(canonicalJson(claim)));

/**
 * The `proofHash` of a work: by its kind and content alone, so that the same work handed in by two accounts, or with another
 * description, is one proof for the registry.
 */
export function workHash(kind: string, content: readonly string[]): string {
  return keccak256(toUtf8Bytes(canonicalJson({ kind, content: [...new Set(content)].sort() })));
}
