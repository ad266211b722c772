// The same seed picks the same mutants, on every machine.
import { createHash } from "node:crypto";
import type { Mutant } from "./mutant.ts";

/**
 * Shuffles by a hash of seed and name rather than by a generator: a mutant that comes or goes leaves the order of the others alone,
 * so most of a sample stays the same when a file changes.
 */
export function shuffled(mutants: Mutant[], seed: string): Mutant[] {
  const rank = (m: Mutant) => createHash("sha256").update(`${seed}\n${m.file}\n${m.id}`).digest("hex");
  return mutants
    .map((mutant) => ({ mutant, rank: rank(mutant) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ mutant }) => mutant);
}
