// What an operator or a number may turn into. Shared by both languages.
import type { Kind } from "./mutant.ts";

const OPERATORS: Record<Exclude<Kind, "constant" | "condition" | "check" | "statement" | "return">, Record<string, string[]>> = {
  arithmetic: { "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "%": ["*"], "**": ["*"], "++": ["--"], "--": ["++"] },
  comparison: {
    // The boundary first, then the opposite.
    "<": ["<=", ">="],
    "<=": ["<", ">"],
    ">": [">=", "<="],
    ">=": [">", "<"],
    "==": ["!="],
    "!=": ["=="],
    "===": ["!=="],
    "!==": ["==="],
  },
  logic: { "&&": ["||"], "||": ["&&"], "??": ["&&"] },
  bits: { "&": ["|"], "|": ["&"], "^": ["|"], "<<": [">>"], ">>": ["<<"], ">>>": ["<<"] },
  assignment: {
    "+=": ["-=", "="],
    "-=": ["+=", "="],
    "*=": ["/="],
    "/=": ["*="],
    "%=": ["*="],
    "**=": ["*="],
    "|=": ["&="],
    "&=": ["|="],
    "^=": ["|="],
    "<<=": [">>="],
    ">>=": ["<<="],
    "??=": ["="],
    "||=": ["="],
    "&&=": ["="],
  },
};

export function operatorSwaps(operator: string): { kind: Kind; replacement: string }[] {
  return Object.entries(OPERATORS).flatMap(([kind, swaps]) =>
    (swaps[operator] ?? []).map((replacement) => ({ kind: kind as Kind, replacement })),
  );
}

export const COMPARISONS = new Set(Object.keys(OPERATORS.comparison));

/** Other numbers for one as it is written: 0 and 1 for each other, and the next one. Keeps units, suffixes and underscores. */
export function otherNumbers(text: string): string[] {
  const [, hex, hexSuffix] = /^(0[xX][0-9a-fA-F_]+)(n?)$/.exec(text) ?? [];
  if (hex !== undefined) {
    const digits = hex.length - 2;
    return [`0x${(BigInt(hex.replaceAll("_", "")) + 1n).toString(16).padStart(digits, "0")}${hexSuffix}`];
  }
  const [, whole, rest] = /^([0-9][0-9_]*)(n?|\s+[a-z]+)$/.exec(text) ?? [];
  // What is left has a fraction or an exponent: 0.2e18, 1e-9.
  if (whole === undefined) return [`(${text} + 1)`];
  const value = BigInt(whole.replaceAll("_", ""));
  const next = [`${grouped(value + 1n, whole.includes("_"))}${rest}`];
  return value === 1n ? [`0${rest}`, ...next] : next;
}

function grouped(value: bigint, underscores: boolean): string {
  return underscores ? value.toString().replace(/\B(?=(\d{3})+$)/g, "_") : value.toString();
}
