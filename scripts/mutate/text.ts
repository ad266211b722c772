// Reading source text around the places that a parser names: what is a comment, what is one line.

/** The text with every comment blanked out, so that positions stay. Strings stay as they are. */
export function withoutComments(text: string): string {
  let out = "";
  for (let at = 0; at < text.length; ) {
    const end = endOfComment(text, at) ?? at;
    if (end > at) {
      out += text.slice(at, end).replace(/[^\n]/g, " ");
      at = end;
      continue;
    }
    const next = endOfString(text, at);
    out += text.slice(at, next);
    at = next;
  }
  return out;
}

function endOfComment(text: string, at: number): number | undefined {
  const close = text.startsWith("//", at) ? "\n" : text.startsWith("/*", at) ? "*/" : undefined;
  if (close === undefined) return undefined;
  const found = text.indexOf(close, at + 2);
  if (found < 0) return text.length;
  return close === "\n" ? found : found + 2;
}

/** Where the string that starts here ends; one character on if none starts. */
function endOfString(text: string, at: number): number {
  const quote = text[at];
  if (quote !== '"' && quote !== "'" && quote !== "`") return at + 1;
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === quote) return i + 1;
  }
  return text.length;
}

/** The code on one line, without comments: what a mutant is known by, so that reformatting does not rename it. */
export function oneLine(text: string): string {
  return withoutComments(text).replace(/\s+/g, " ").trim();
}

export function lineOf(text: string, at: number): number {
  return text.slice(0, at).split("\n").length;
}

/** Where a token stands between two places, comments aside. */
export function findToken(source: string, token: string, start: number, end: number): number {
  const found = withoutComments(source.slice(start, end)).indexOf(token);
  if (found < 0) throw new Error(`No ${token} in: ${source.slice(start, end)}`);
  return start + found;
}
