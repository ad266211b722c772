// Everything that was seen, by its signature.
import { bandsOf, likeness, PLACES, SAME_SHARE } from "./minhash.ts";

export interface LikenessIndex {
  /**
   * For each signature in `signatures` (PLACES numbers each), whether another claim brought something so much alike, or it comes twice in
   * itself.
   */
  repeated(claim: string, signatures: Uint32Array): Promise<boolean[]>;
  /** Remembers what is new in `signatures` for `claim`. */
  add(claim: string, signatures: Uint32Array): Promise<void>;
}

/** Texts that share a band are compared, but not more than so many: whatever fills a band is one of these, or much the same. */
const MAX_COMPARED = 64;

/** An index for tests and small networks: some 3 kB for each row. */
export class MemoryLikeness implements LikenessIndex {
  readonly #bands = new Map<string, number[]>();
  readonly #entries: { claim: string; signature: Uint32Array }[] = [];

  repeated(claim: string, signatures: Uint32Array): Promise<boolean[]> {
    const own = new MemoryLikeness();
    return Promise.resolve(
      each(signatures).map((signature) => {
        const bands = bandsOf(signature);
        if (own.#has(bands, signature) || this.#has(bands, signature, claim)) return true;
        own.#put(claim, bands, signature);
        return false;
      }),
    );
  }

  add(claim: string, signatures: Uint32Array): Promise<void> {
    for (const signature of each(signatures)) {
      const bands = bandsOf(signature);
      if (!this.#has(bands, signature)) this.#put(claim, bands, signature);
    }
    return Promise.resolve();
  }

  /** Whether something so much alike is there that is not of claim `except`. */
  #has(bands: readonly string[], signature: Uint32Array, except?: string): boolean {
    const numbers = new Set(bands.flatMap((band) => this.#bands.get(band) ?? []));
    return [...numbers].some((number) => {
      const entry = this.#entries[number]!;
      return entry.claim !== except && likeness(entry.signature, signature) >= SAME_SHARE;
    });
  }

  #put(claim: string, bands: readonly string[], signature: Uint32Array): void {
    const number = this.#entries.push({ claim, signature: signature.slice() }) - 1;
    for (const band of bands) {
      const numbers = this.#bands.get(band);
      if (numbers === undefined) this.#bands.set(band, [number]);
      else if (numbers.length < MAX_COMPARED) numbers.push(number);
    }
  }
}

const each = (signatures: Uint32Array): Uint32Array[] =>
  Array.from({ length: signatures.length / PLACES }, (_, i) => signatures.subarray(i * PLACES, (i + 1) * PLACES));
