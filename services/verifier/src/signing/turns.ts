/**
 * Who is about to sign what. Of one proof a verifier does one thing at a time: it asks others for their signatures, or it considers one
 * that it was asked for. What comes meanwhile is answered with BUSY, and tried again.
 */
export class SigningTurns {
  readonly #busy = new Set<string>();

  isBusy(proofHash: string): boolean {
    return this.#busy.has(proofHash);
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
