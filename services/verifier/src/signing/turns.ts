/** Longer than an honest verifier takes to ask the others. */
const LONGEST_BUSY_MS = 8_000;
const MOST_CLAIMED = 10_000;

/**
 * Who is about to sign what. Of one proof a verifier does one thing at a time: it asks others for their signatures, or it considers one
 * that it was asked for. What comes meanwhile is answered with BUSY, and tried again.
 */
export class SigningTurns {
  readonly #busy = new Set<string>();
  /** Since when a peer says that it is busy with a proof (milliseconds). */
  readonly #claimed = new Map<string, number>();

  isBusy(proofHash: string): boolean {
    return this.#busy.has(proofHash);
  }

  /** Whether to wait for `peer`, which says that it is busy with a proof: not for ever, or it could keep the proof from being signed. */
  waitsFor(proofHash: string, peer: string, now = performance.now()): boolean {
    const name = `${proofHash} ${peer}`;
    const since = this.#claimed.get(name) ?? now;
    this.#claimed.set(name, since);
    if (this.#claimed.size > MOST_CLAIMED) this.#claimed.delete(this.#claimed.keys().next().value!);
    return now - since < LONGEST_BUSY_MS;
  }

  /** Does `work` in the turn of `proofHash`; undefined when the turn is taken. */
  async take<T>(proofHash: string, work: () => Promise<T>): Promise<{ result: T } | undefined> {
    if (this.#busy.has(proofHash)) return undefined;
    this.#busy.add(proofHash);
    try {
      return { result: await work() };
    } finally {
      this.#busy.delete(proofHash);
    }
  }
}
