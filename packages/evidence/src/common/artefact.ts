// Files that a claim names by hash.
import { createHash } from "node:crypto";
import { z } from "zod/v4";
import type { Fetcher } from "../fetch/fetcher.ts";
import { EvidenceFault } from "./fault.ts";
import { count, sha256, url } from "./fields.ts";

const BYTES_PER_MS = 1_000;
const LEAST_MS = 10_000;

export const artefact = (maxBytes: number) => z.object({ sha256, bytes: count(maxBytes), url }).strict();
export type Artefact = z.output<ReturnType<typeof artefact>>;

/** The bytes of `wanted`, which are as many and the ones that it names. A megabyte may take a second. */
export async function fetchArtefact(wanted: Artefact, fetcher: Fetcher): Promise<Uint8Array> {
  const timeoutMs = LEAST_MS + Math.ceil(wanted.bytes / BYTES_PER_MS);
  const { bytes } = await fetcher(wanted.url, { maxBytes: wanted.bytes, timeoutMs });
  if (bytes.length !== wanted.bytes) throw new EvidenceFault("SIZE_MISMATCH", `${bytes.length} bytes, ${wanted.bytes} declared`);
  if (createHash("sha256").update(bytes).digest("hex") !== wanted.sha256) throw new EvidenceFault("HASH_MISMATCH", wanted.sha256);
  return bytes;
}

/** Remembers for ever which claim brought a work first. */
export interface WorkBook {
  /** Takes `names` for `claim` in one step, unless another claim has one of them; says whether it could. */
  take(claim: string, names: readonly string[]): Promise<boolean>;
}

export class MemoryWorkBook implements WorkBook {
  readonly #owners = new Map<string, string>();

  take(claim: string, names: readonly string[]): Promise<boolean> {
    if (names.some((name) => (this.#owners.get(name) ?? claim) !== claim)) return Promise.resolve(false);
    for (const name of names) this.#owners.set(name, claim);
    return Promise.resolve(true);
  }
}
