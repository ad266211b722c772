/**
 * Takes a claim that its contributor signed for, whether it comes from the contributor or from a peer. The same request again changes
 * nothing; another claim under the same nonce is refused.
 */
import { checkTimes, EvidenceFault, evidenceRoot, isSignedBy, type Json, STORAGE_RULES } from "@ftns/evidence";
import { hashSubmitProof } from "@ftns/sdk";
import type { Database } from "@ftns/service/database/database.ts";
import { getAddress } from "ethers";
import type { SubmitBody } from "../api/bodies.ts";
import { ApiFault } from "../api/faults.ts";
import type { ChainClock } from "../chain/clock.ts";
import type { Economy } from "../chain/economy.ts";
import { type Claim, claimOf, proofHashOf } from "./kinds.ts";

/** A request is good for so long at most: as long its nonce is remembered. */
const LONGEST_SEC = 86_400;

export interface IntakeParts {
  database: Database;
  economy: Economy;
  clock: ChainClock;
  limits: { claimsPerDay: number; openClaims: number; allOpenClaims: number };
}

export interface Taken {
  root: string;
  proofHash: string;
}

/** `byPeer`: forwarded by another verifier, which gathers the signatures itself. */
export async function takeClaim(body: SubmitBody, byPeer: boolean, parts: IntakeParts): Promise<Taken> {
  const claim = judged(() => claimOf(body.claim));
  const root = judged(() => evidenceRoot(body.claim as Json));
  const contributor = getAddress(claim.contributor);
  await checkRequest(body, root, contributor, parts);
  const taken = { root, proofHash: proofHashOf(claim, root) };
  if (body.request.deadline < parts.clock.now()) {
    // Whoever asks again is told how it stands, however late.
    const gathers = byPeer ? "gathers" : "true";
    const known = await parts.database.query(`UPDATE claims SET gathers = ${gathers} WHERE root = $1 RETURNING root`, [root]);
    if (known.length === 0) throw new ApiFault("TOO_LATE", `The request's deadline is over: it is ${parts.clock.now()}.`);
    return taken;
  }
  await write(body, claim, contributor, taken, byPeer, parts);
  return taken;
}

async function checkRequest(
  { request, signature }: SubmitBody,
  root: string,
  contributor: string,
  { clock, economy }: IntakeParts,
) {
  if (getAddress(request.contributor) !== contributor)
    throw new ApiFault("BAD_REQUEST", "The claim names another contributor than the request.");
  if (request.evidenceRoot !== root)
    throw new ApiFault("BAD_REQUEST", `The claim's digest is ${root}, and the request names ${request.evidenceRoot}.`);
  const now = clock.now();
  if (request.deadline > now + LONGEST_SEC) throw new ApiFault("BAD_REQUEST", "The request's deadline is more than a day ahead.");
  const signed = { ...request, contributor, nonce: BigInt(request.nonce), deadline: BigInt(request.deadline) };
  const accepts = (wallet: string, digest: string, given: string) => economy.walletAccepts(wallet, digest, given);
  const digest = hashSubmitProof(economy.place, signed);
  if (!(await isSignedBy(contributor, digest, signature, { place: economy.place, now, walletAccepts: accepts })))
    throw new ApiFault("BAD_SIGNATURE", `${contributor} did not sign this request for ${economy.place.verifyingContract}.`);
}

async function write(
  body: SubmitBody,
  claim: Claim,
  contributor: string,
  { root, proofHash }: Taken,
  byPeer: boolean,
  { database, clock, limits }: IntakeParts,
): Promise<void> {
  const { nonce, deadline } = body.request;
  const now = clock.now();
  await database.transaction(async (client) => {
    // Whoever hands in two claims at once does so one after the other.
    await client.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [contributor]);
    const { rows: used } = await client.query<{ root: string }>(
      "SELECT root FROM requests WHERE contributor = $1 AND nonce = $2",
      [contributor, nonce],
    );
    if (used[0] !== undefined && used[0].root !== root)
      throw new ApiFault("NONCE_USED", `The nonce ${nonce} was used for another claim.`);
    const { rows: known } = await client.query<{ state: string }>("SELECT state FROM claims WHERE root = $1", [root]);
    if (!byPeer) await client.query("UPDATE claims SET gathers = true WHERE root = $1 AND NOT gathers", [root]);
    if (used[0] !== undefined) return;
    const again = known[0]?.state === "refused";
    if (known[0] === undefined || again) {
      await checkLimits(contributor, now, client, limits);
      if (claim.kind === "STORAGE") judged(() => checkTimes(claim, now, STORAGE_RULES));
      if (again) await client.query("DELETE FROM claims WHERE root = $1", [root]);
      await client.query(
        `INSERT INTO claims (root, proof_hash, kind, contributor, body, state, gathers, announced_at, due_at)
         VALUES ($1, $2, $3, $4, $5, 'new', $6, $7, $7)`,
        [root, proofHash, claim.kind, contributor, JSON.stringify(body), !byPeer, now],
      );
    }
    await client.query("INSERT INTO requests (contributor, nonce, root, deadline) VALUES ($1, $2, $3, $4)", [
      contributor,
      nonce,
      root,
      deadline,
    ]);
  });
}

type Asker = { query<Row extends Record<string, unknown>>(sql: string, values: unknown[]): Promise<{ rows: Row[] }> };

async function checkLimits(contributor: string, now: number, client: Asker, limits: IntakeParts["limits"]): Promise<void> {
  type Counts = { today: number; open: number; all: number };
  const { rows } = await client.query<Counts>(
    `SELECT count(*) FILTER (WHERE contributor = $1 AND announced_at > $2)::int AS today,
            count(*) FILTER (WHERE contributor = $1 AND state IN ('new', 'challenged'))::int AS open,
            count(*) FILTER (WHERE state IN ('new', 'challenged'))::int AS all
     FROM claims WHERE state IN ('new', 'challenged') OR (contributor = $1 AND announced_at > $2)`,
    [contributor, now - LONGEST_SEC],
  );
  const { today, open, all } = rows[0]!;
  if (today >= limits.claimsPerDay) throw new ApiFault("TOO_MANY", `${today} claims of ${contributor} were looked at in a day.`);
  if (open >= limits.openClaims) throw new ApiFault("TOO_MANY", `${open} claims of ${contributor} are under way.`);
  if (all >= limits.allOpenClaims) throw new ApiFault("TOO_MANY", "Too many claims are under way here; ask another verifier.");
}

/** What evidence faults say, as an answer. */
export function judged<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof EvidenceFault) throw new ApiFault("REFUSED", error.message, { code: error.code });
    throw error;
  }
}
