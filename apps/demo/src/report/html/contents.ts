import { escape } from "./escape.ts";

/** The parts of the page, in order: where a link leads, and what stands above them. */
const PARTS = {
  prices: "The price, and what the supply made of it",
  people: "Who held, earned and paid what, and why",
  voters: "What the voters did",
  keepers: "The keepers",
  supply: "Where FTNS came from and went",
  others: "Everyone else",
  checks: "The numbers add up",
  about: "How this was made",
} as const;

/** The heading of a part, which is a link to itself. */
export function heading(part: keyof typeof PARTS): string {
  return `<h2 id="${part}"><a href="#${part}">${escape(PARTS[part])}</a></h2>`;
}

/** Links to all parts. */
export function contents(): string {
  const items = Object.entries(PARTS).map(([part, words]) => `<li><a href="#${part}">${escape(words)}</a></li>`);
  return `<nav class="contents" aria-label="Contents"><ol>${items.join("")}</ol></nav>`;
}

/** Where the card of a persona stands. */
export const anchorOf = (id: string): string => `person-${id}`;
