/** Collects every secret that the process holds, so that nothing it prints can carry one. */
export class Secrets {
  readonly #values = new Set<string>();
  #pattern: RegExp | undefined;

  /** Remembers a secret. Keys are remembered with and without their 0x. */
  add(value: string): void {
    const trimmed = value.trim();
    // A very short value would blank out half of every line, and hides nothing.
    if (trimmed.length < 4) return;
    this.#values.add(trimmed);
    // Inside a JSON log line it is escaped as JSON escapes it.
    this.#values.add(JSON.stringify(trimmed).slice(1, -1));
    if (/^0x[0-9a-f]{64}$/i.test(trimmed)) this.#values.add(trimmed.slice(2));
    // Longest first, so that no secret is cut in two by a shorter one.
    const longestFirst = [...this.#values].sort((a, b) => b.length - a.length);
    this.#pattern = new RegExp(longestFirst.map(escapeForRegExp).join("|"), "gi");
  }

  /** The text with every known secret blanked out, whatever its letter case. */
  scrub(text: string): string {
    return this.#pattern ? text.replace(this.#pattern, "[secret]") : text;
  }
}

/** What a configuration value looks like when it must be shown back to the operator. */
export function showValue(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "bigint" ? value.toString() : (JSON.stringify(value) ?? String(value));
  // Twenty hex characters beyond an address's forty, or a URL: it may be a key, so it is not repeated.
  if (/[0-9a-f]{60}/i.test(text)) return "a value that looks like a private key (not shown)";
  if (/:\/\//.test(text)) return "a URL (not shown)";
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function escapeForRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
