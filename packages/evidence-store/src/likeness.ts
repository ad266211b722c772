// Texts and rows that were seen, by their signatures. The same answers as evidence's index in memory.
import { createHash } from "node:crypto";
import { bandsOf, likeness, type LikenessIndex, MemoryLikeness, PLACES, SAME_SHARE } from "@ftns/evidence";
import type { Ask } from "./ask.ts";

/** Signatures that are looked for in one step: bounds what is read at once. */
const SLICE = 64;
/** Signatures that share a band are compared, but not more than so many: whatever fills a band is one of these, or much the same. */
const MAX_COMPARED = 64;
const BYTES = 4 * PLACES;

interface Entry {
  claim: string;
  signature: Uint32Array;
}

export class PgLikeness implements LikenessIndex {
  readonly #ask: Ask;
  readonly #realm: string;

  constructor(ask: Ask, realm: string) {
    this.#ask = ask;
    this.#realm = realm;
  }

  async repeated(claim: string, signatures: Uint32Array): Promise<boolean[]> {
    const known = await this.#known(signatures, (entry) => entry.claim !== claim);
    return twiceOrKnown(claim, signatures, known);
  }

  async add(claim: string, signatures: Uint32Array): Promise<void> {
    const known = await this.#known(signatures, () => true);
    const repeated = await twiceOrKnown(claim, signatures, known);
    const fresh = each(signatures).filter((_, index) => !repeated[index]);
    for (let start = 0; start < fresh.length; start += SLICE) await this.#put(claim, fresh.slice(start, start + SLICE));
  }

  /** For each signature whether one so much alike is there that `counts`. */
  async #known(signatures: Uint32Array, counts: (entry: Entry) => boolean): Promise<boolean[]> {
    const known: boolean[] = [];
    const all = each(signatures);
    for (let start = 0; start < all.length; start += SLICE) {
      const slice = all.slice(start, start + SLICE);
      const bands = slice.map((signature) => this.#bandsOf(signature));
      const client = await this.#ask();
      const { rows: places } = await client.query<{ band: string; id: string }>(
        "SELECT band, id FROM likeness_bands WHERE band = ANY($1::bigint[])",
        [bands.flat()],
      );
      const ids = [...new Set(places.map(({ id }) => id))];
      const sql = "SELECT id, claim, signature FROM likeness WHERE realm = $1 AND id = ANY($2::bigint[])";
      const { rows } = await client.query<{ id: string; claim: string; signature: Buffer }>(sql, [this.#realm, ids]);
      const entries = new Map(rows.map(({ id, claim, signature }) => [id, { claim, signature: unpack(signature) }]));
      const byBand = new Map<string, string[]>();
      for (const { band, id } of places) byBand.set(band, [...(byBand.get(band) ?? []), id]);
      for (const [index, signature] of slice.entries()) {
        const near = new Set(bands[index]!.flatMap((band) => byBand.get(band) ?? []));
        known.push(
          [...near].some((id) => {
            const entry = entries.get(id);
            return entry !== undefined && counts(entry) && likeness(entry.signature, signature) >= SAME_SHARE;
          }),
        );
      }
    }
    return known;
  }

  async #put(claim: string, signatures: readonly Uint32Array[]): Promise<void> {
    const client = await this.#ask();
    const bands = signatures.map((signature) => this.#bandsOf(signature));
    const counting = "SELECT band, count(*)::int AS count FROM likeness_bands WHERE band = ANY($1::bigint[]) GROUP BY band";
    const { rows } = await client.query<{ band: string; count: number }>(counting, [bands.flat()]);
    const counts = new Map(rows.map(({ band, count }) => [band, count]));
    const { rows: ids } = await client.query<{ id: string }>(
      `INSERT INTO likeness (realm, claim, signature)
       SELECT $1, $2, decode(one, 'hex') FROM unnest($3::text[]) WITH ORDINALITY AS all_of(one, place) ORDER BY place RETURNING id`,
      [this.#realm, claim, signatures.map((signature) => pack(signature).toString("hex"))],
    );
    const placed = bands.flatMap((own, index) =>
      own.flatMap((band) => {
        const count = counts.get(band) ?? 0;
        counts.set(band, count + 1);
        return count < MAX_COMPARED ? [{ band, id: ids[index]!.id }] : [];
      }),
    );
    await client.query(
      "INSERT INTO likeness_bands (band, id) SELECT * FROM unnest($1::bigint[], $2::bigint[]) ON CONFLICT DO NOTHING",
      [placed.map(({ band }) => band), placed.map(({ id }) => id)],
    );
  }

  /** Two bands with the same 64 bits only mean a comparison more. */
  #bandsOf(signature: Uint32Array): string[] {
    return bandsOf(signature).map((band) =>
      createHash("sha256").update(`${this.#realm}:${band}`).digest().readBigInt64BE().toString(),
    );
  }
}

/** Those that are known, and those that come twice among the others. */
async function twiceOrKnown(claim: string, signatures: Uint32Array, known: readonly boolean[]): Promise<boolean[]> {
  const rest = each(signatures).filter((_, index) => !known[index]);
  const joined = new Uint32Array(rest.length * PLACES);
  for (const [index, signature] of rest.entries()) joined.set(signature, index * PLACES);
  const twice = await new MemoryLikeness().repeated(claim, joined);
  let next = 0;
  return known.map((is) => is || twice[next++]!);
}

const each = (signatures: Uint32Array): Uint32Array[] =>
  Array.from({ length: signatures.length / PLACES }, (_, i) => signatures.subarray(i * PLACES, (i + 1) * PLACES));

function pack(signature: Uint32Array): Buffer {
  const bytes = Buffer.alloc(BYTES);
  signature.forEach((value, index) => bytes.writeUInt32LE(value, 4 * index));
  return bytes;
}

const unpack = (bytes: Buffer): Uint32Array => Uint32Array.from({ length: PLACES }, (_, index) => bytes.readUInt32LE(4 * index));
