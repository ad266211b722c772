// Random choices that a contributor cannot know before its claim is fixed, and that the verifier can draw again after a restart.
import { createHmac } from "node:crypto";

const FIRST_BITS = 48;
const RANGE = 2 ** FIRST_BITS;

/** Seed of one claim: from a secret that never leaves the verifier, and the digest of the claim as it was announced. */
export function claimSeed(secret: Uint8Array, evidenceRoot: string): Uint8Array {
  if (secret.length < 32) throw new RangeError("the secret needs 32 bytes");
  return createHmac("sha256", secret).update(evidenceRoot.toLowerCase()).digest();
}

/** A stream of choices from one seed; `purpose` keeps streams apart. */
export class Draw {
  readonly #seed: Uint8Array;
  readonly #purpose: string;
  #count = 0;

  constructor(seed: Uint8Array, purpose: string) {
    this.#seed = seed;
    this.#purpose = purpose;
  }

  /** A whole number from 0 up to, not including, `end`, each as likely as any other. */
  below(end: number): number {
    if (!(Number.isSafeInteger(end) && end > 0 && end <= RANGE)) throw new RangeError(`a choice out of ${end}`);
    const fair = RANGE - (RANGE % end);
    for (;;) {
      const block = createHmac("sha256", this.#seed)
        .update(`${this.#purpose}:${this.#count++}`)
        .digest();
      const drawn = block.readUIntBE(0, FIRST_BITS / 8);
      if (drawn < fair) return drawn % end;
    }
  }

  /** `count` different whole numbers below `end`, in ascending order (Floyd). */
  sample(count: number, end: number): number[] {
    if (count > end) throw new RangeError(`${count} of ${end}`);
    const chosen = new Set<number>();
    for (let top = end - count; top < end; top++) {
      const drawn = this.below(top + 1);
      chosen.add(chosen.has(drawn) ? top : drawn);
    }
    return [...chosen].sort((a, b) => a - b);
  }
}
