// Whose blocks are whose: the same block counts for one claim at a time, whoever makes it.

export interface BlockLedger {
  /**
   * Takes those of `digests` that no other claim holds at any time from `from` to `until`, and gives them. All or nothing is stored in
   * one step, so that of two claims at once each block goes to one. The same `claim` gets the same answer again.
   */
  take(claim: string, digests: readonly string[], from: number, until: number): Promise<ReadonlySet<string>>;
}

/** A ledger for tests and for a verifier without a database. */
export class MemoryLedger implements BlockLedger {
  readonly #held = new Map<string, { claim: string; from: number; until: number }[]>();

  take(claim: string, digests: readonly string[], from: number, until: number): Promise<ReadonlySet<string>> {
    const free = new Set<string>();
    for (const digest of digests) {
      const holders = this.#held.get(digest) ?? [];
      const overlapping = holders.filter((held) => held.from < until && from < held.until);
      if (overlapping.some((held) => held.claim !== claim)) continue;
      if (overlapping.length === 0) this.#held.set(digest, [...holders, { claim, from, until }]);
      free.add(digest);
    }
    return Promise.resolve(free);
  }
}
