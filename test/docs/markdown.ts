// What a text in Markdown links to, and which headings it has, as GitHub understands it.
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

export interface Link {
  /** Line in the text, from 1. */
  line: number;
  target: string;
}

/** The text without what is code: its lines keep their numbers. */
function withoutFences(text: string): string[] {
  let fence: string | undefined;
  return text.split("\n").map((line) => {
    const mark = /^\s*(```+|~~~+)/.exec(line)?.[1];
    if (fence === undefined && mark === undefined) return line;
    if (fence === undefined) fence = mark;
    else if (mark?.startsWith(fence)) fence = undefined;
    return "";
  });
}

export function linksOf(text: string): Link[] {
  return withoutFences(text).flatMap((line, index) => {
    const shown = line.replaceAll(/`[^`]*`/g, (code) => "`".repeat(code.length));
    const inline = [...shown.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)];
    const defined = [...shown.matchAll(/^\s{0,3}\[[^\]]+\]:\s+<?(\S+?)>?(?:\s|$)/g)];
    return [...inline, ...defined].map((match) => ({ line: index + 1, target: match[1]! }));
  });
}

export interface Heading {
  level: number;
  title: string;
  anchor: string;
}

export function headingsOf(text: string): Heading[] {
  const seen = new Map<string, number>();
  return withoutFences(text).flatMap((line) => {
    const match = /^(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line);
    if (match === null) return [];
    const title = match[2]!.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1");
    const plain = title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}\-_ ]/gu, "")
      .replaceAll(" ", "-");
    const times = seen.get(plain) ?? 0;
    seen.set(plain, times + 1);
    return [{ level: match[1]!.length, title, anchor: times === 0 ? plain : `${plain}-${times}` }];
  });
}

/** Code spans, each as it is written. */
export function codeOf(text: string): string[] {
  return withoutFences(text).flatMap((line) => [...line.matchAll(/`([^`]+)`/g)].map((match) => match[1]!));
}

/** What is wrong with the links of the file `path`, one line for each; links to the web are left alone. */
export function brokenLinks(path: string, text = readFileSync(path, "utf8")): string[] {
  return linksOf(text).flatMap(({ line, target }) => {
    if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return [];
    const problem = problemOf(path, text, target);
    return problem === undefined ? [] : [`${path}:${line}: ${target} ${problem}`];
  });
}

function problemOf(path: string, text: string, target: string): string | undefined {
  const [file = "", anchor] = target.split("#", 2) as [string, string?];
  if (file.startsWith("/")) return "begins at the root of a file system";
  const found = file === "" ? path : normalize(join(dirname(path), decodeURIComponent(file)));
  if (found.startsWith("..")) return "leads out of the repository";
  if (!existsSync(found)) return "does not exist";
  if (anchor === undefined) return undefined;
  if (!found.endsWith(".md") || statSync(found).isDirectory()) return "names a heading of what has none";
  const content = file === "" ? text : readFileSync(found, "utf8");
  return headingsOf(content).some((heading) => heading.anchor === anchor) ? undefined : "names a heading that does not exist";
}
