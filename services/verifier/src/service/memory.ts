/**
 * Whether the database still knows what this key has signed. A verifier that has forgotten it could sign another content of the same
 * proof, and lose its lock; so it does not start until its operator says why that cannot happen.
 */
import { randomBytes } from "node:crypto";
import { formatFtns } from "@ftns/sdk";
import type { Database } from "@ftns/service/database/database.ts";
import { ServiceError } from "@ftns/service/errors.ts";
import type { Economy } from "../chain/economy.ts";
import type { ProofSigner } from "../signing/signer.ts";

export const OVERRIDE = "--accept-empty-memory";
const SECRET = "secret";
const SECRET_BYTES = 32;
const REASON = "accepted";

export interface MemoryCheck {
  /** What the chain knows of the key, in words; nothing where it knows nothing. */
  traces: string[];
  signatures: number;
}

export async function checkMemory(signer: ProofSigner, economy: Economy): Promise<MemoryCheck> {
  const [view, signatures] = await Promise.all([economy.stakes.verifierOf(signer.address), signer.count()]);
  const traces = [
    ...(view.used > 0n ? [`${formatFtns(view.used, 2)} were vouched for today`] : []),
    ...(view.feesDue > 0n ? [`fees of ${formatFtns(view.feesDue, 4)} are due`] : []),
    ...(view.feesWaiting > 0n ? [`fees of ${formatFtns(view.feesWaiting, 4)} wait`] : []),
  ];
  return { traces, signatures };
}

export async function requireMemory(
  database: Database,
  signer: ProofSigner,
  economy: Economy,
  reason: string | undefined,
): Promise<string | undefined> {
  const { traces, signatures } = await checkMemory(signer, economy);
  if (signatures > 0 || traces.length === 0) return undefined;
  const [before] = await database.query<{ value: Buffer }>("SELECT value FROM keepsakes WHERE name = $1", [REASON]);
  if (before !== undefined) return undefined;
  const what = `The database holds no signature of ${signer.address}, but the chain knows of some: ${traces.join(", ")}.`;
  if (reason === undefined || reason.trim() === "") {
    throw new ServiceError(
      what,
      "A verifier that has forgotten what it signed can contradict itself and lose its lock: restore the database from a copy. If what " +
        `was signed cannot be asked for again (all of it is on the chain, or older than 7 days), start once with ${OVERRIDE} "why".`,
    );
  }
  await database.query("INSERT INTO keepsakes (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING", [
    REASON,
    Buffer.from(reason),
  ]);
  return `${what} It starts all the same: ${reason}`;
}

/** The secret with which challenges are drawn: made once, and never shown. */
export async function secretOf(database: Database): Promise<Uint8Array> {
  await database.query("INSERT INTO keepsakes (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING", [
    SECRET,
    randomBytes(SECRET_BYTES),
  ]);
  const [row] = await database.query<{ value: Buffer }>("SELECT value FROM keepsakes WHERE name = $1", [SECRET]);
  return new Uint8Array(row!.value);
}
