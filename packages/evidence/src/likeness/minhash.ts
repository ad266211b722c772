/**
 * How alike two texts are, from 512 bytes of each (MinHash): the share of equal places estimates the share of words or cells that they have
 * in common. Rows of data and documents are compared in the same way.
 */

export const PLACES = 128;
/** Bands of four places each: two texts that share 0.7 of their tokens meet in one of them with 99.98 %. */
export const BANDS = 32;
const BAND_PLACES = PLACES / BANDS;
/**
 * From this share on two texts are the same one. Every twentieth word changed leaves 0.74, which is estimated below 0.6 once in some
 * thousands of times.
 */
export const SAME_SHARE = 0.6;
const SHINGLE_WORDS = 3;
/** A cell of so few words counts as a whole. */
const SHORT_WORDS = 3;

const MULTIPLIERS = Uint32Array.from({ length: PLACES }, (_, i) => mix(2 * i + 1) | 1);
const OFFSETS = Uint32Array.from({ length: PLACES }, (_, i) => mix(2 * i + 2));

/** Writes the signature of `tokens` into `into`, which has PLACES places. */
export function signInto(into: Uint32Array, tokens: Iterable<string>): void {
  into.fill(0xffff_ffff);
  for (const token of tokens) {
    const hash = fnv(token);
    for (let i = 0; i < PLACES; i++) {
      const value = mix((Math.imul(hash, MULTIPLIERS[i]!) + OFFSETS[i]!) | 0);
      if (value < into[i]!) into[i] = value;
    }
  }
}

/** The share of places in which two signatures agree. */
export function likeness(a: Uint32Array, b: Uint32Array): number {
  let same = 0;
  for (let i = 0; i < PLACES; i++) if (a[i] === b[i]) same++;
  return same / PLACES;
}

/** Names of the bands of a signature. Texts that have none in common are not compared. */
export function bandsOf(signature: Uint32Array): string[] {
  return Array.from({ length: BANDS }, (_, band) => {
    const places = signature.subarray(band * BAND_PLACES, (band + 1) * BAND_PLACES);
    return `${band}:${places.join(".")}`;
  });
}

/** What is compared of a text: runs of three words, without regard to letters' case, signs and spaces. */
export function tokensOfText(text: string): string[] {
  const words = wordsOf(text);
  if (words.length < SHINGLE_WORDS) return words;
  return words.slice(SHINGLE_WORDS - 1).map((_, i) => words.slice(i, i + SHINGLE_WORDS).join(" "));
}

/**
 * What is compared of a row: its cells, in any order and under any names; numbers to three digits, so that noise in the last ones makes
 * no new row; long texts by their runs of words. The same cell twice counts twice.
 */
export function tokensOfRow(cells: readonly (string | number | boolean | null)[]): string[] {
  const seen = new Map<string, number>();
  return cells.flatMap((cell) => {
    if (cell === null) return [];
    const tokens = typeof cell === "string" ? tokensOfCell(cell) : [plain(cell)];
    return tokens.map((token) => {
      const times = (seen.get(token) ?? 0) + 1;
      seen.set(token, times);
      return `${token}#${times}`;
    });
  });
}

const plain = (cell: number | boolean) => (typeof cell === "number" ? String(Number(cell.toPrecision(3))) : String(cell));

function tokensOfCell(cell: string): string[] {
  const trimmed = cell.trim();
  if (/^[-+]?\d+(\.\d+)?(e[-+]?\d+)?$/i.test(trimmed)) return [plain(Number(trimmed))];
  const words = wordsOf(trimmed);
  return words.length <= SHORT_WORDS ? [words.join(" ")] : tokensOfText(trimmed);
}

export const wordsOf = (text: string): string[] =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

/** 32 bits of FNV-1a over UTF-16. */
function fnv(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193);
  return hash;
}

/** Murmur's finaliser. */
function mix(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x85eb_ca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2_ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
