// The check of a claim whose time has come, whatever its kind.
import { randomBytes } from "node:crypto";
import {
  benchmarkScore,
  checkCompute,
  checkData,
  checkModel,
  checkReviewed,
  claimSeed,
  type ComputeClaim,
  EvidenceFault,
  openingsFrom,
  parseClaim,
  runUnits,
  solve,
  type Verdict,
} from "@ftns/evidence";
import { type Seen, withSeen } from "@ftns/evidence-store";
import type { Client } from "@ftns/service/database/client.ts";
import type { Database } from "@ftns/service/database/database.ts";
import { z } from "zod/v4";
import type { ChainClock } from "../chain/clock.ts";
import type { ClaimBook } from "../claims/book.ts";
import { type Claim, claimOf } from "../claims/kinds.ts";
import type { ClaimRecord } from "../claims/record.ts";
import type { CheckParts } from "./parts.ts";
import { announce, conclude } from "./storage.ts";

export interface Checking {
  parts: CheckParts;
  book: ClaimBook;
  database: Database;
  clock: ChainClock;
}

/** What became of a check that was not refused. */
export type Checked = "challenged" | "measured" | "later";

/** Does the next step of a claim's check. A refusal is an EvidenceFault; anything else is no word about the claim. */
export async function checkClaim(record: ClaimRecord, { parts, book, database, clock }: Checking): Promise<Checked> {
  const claim = claimOf(record.body!.claim);
  if (await parts.economy.isUsed(record.proofHash)) throw new EvidenceFault("SEEN_BEFORE", "the proof was counted already");
  if (claim.kind === "STORAGE") {
    if (record.state === "new") {
      await announce(record, claim, parts, book, database);
      return "challenged";
    }
    const verdict = await conclude(record, claim, clock.now(), parts, book);
    await book.measured(record.root, verdict, clock.blockTime());
    return "measured";
  }
  const dueAt = claim.kind === "MODEL" ? parts.tasks.get(claim.task)?.epochEndsAt : undefined;
  if (dueAt !== undefined && dueAt > clock.now() && record.announcedAt < dueAt) {
    await database.query("UPDATE claims SET due_at = $2 WHERE root = $1", [record.root, dueAt]);
    return "later";
  }
  await refuseTwin(record, database);
  // The benchmark is measured before anything is read of what was seen, so that no check waits for a slow contributor.
  const score = claim.kind === "COMPUTE" ? await benchmark(claim, parts) : 0n;
  await withSeen(
    database,
    (seen) => verdictOf(claim, record, score, seen, parts, clock),
    (client: Client, verdict) => book.measured(record.root, verdict, clock.blockTime(), client),
  );
  return "measured";
}

function verdictOf(
  claim: Exclude<Claim, { kind: "STORAGE" }>,
  { root, announcedAt }: ClaimRecord,
  score: bigint,
  seen: Seen,
  parts: CheckParts,
  clock: ChainClock,
): Promise<Verdict> {
  const { economy, fetcher } = parts;
  const reviewed = {
    place: economy.place,
    now: clock.now(),
    fetch: fetcher,
    isContributor: (account: string) => economy.isContributor(account),
    walletAccepts: (wallet: string, digest: string, signature: string) => economy.walletAccepts(wallet, digest, signature),
    roleOf: (account: string) => Promise.resolve(parts.roleOf(account)),
  };
  switch (claim.kind) {
    case "COMPUTE": {
      const seed = claimSeed(parts.secret, root);
      const opening = openingsFrom(fetcher, parts.compute);
      const compute = {
        jobOf: (job: string) => Promise.resolve(parts.jobs.get(job)),
        open: opening,
        take: seen.takeUnits,
        run: runUnits,
      };
      return checkCompute(claim, root, seed, score, compute, parts.compute);
    }
    case "DATA":
      return checkData(claim, { ...reviewed, seen: seen.rows });
    case "MODEL":
      return checkModel(claim, announcedAt, {
        now: clock.now(),
        fetch: fetcher,
        works: seen.works,
        taskOf: (task) => Promise.resolve(parts.tasks.get(task)),
        heldOut: (task) => parts.heldOut(task),
        named: seen.named,
        remember: seen.remember,
      });
    default:
      return checkReviewed(claim, { ...reviewed, seen: seen.documents, works: seen.works });
  }
}

/** The same work under another description: the first that was measured is the one. */
async function refuseTwin({ root, proofHash }: ClaimRecord, database: Database): Promise<void> {
  const sql = "SELECT FROM claims WHERE proof_hash = $1 AND root <> $2 AND state = 'measured' LIMIT 1";
  if ((await database.query(sql, [proofHash, root])).length > 0)
    throw new EvidenceFault("SEEN_BEFORE", "the same work was claimed with another description");
}

const benchmarkAnswer = z.strictObject({ result: z.string().regex(/^0x[0-9a-f]{1,16}$/) });
const MAX_ANSWER_BYTES = 200;

/** Asks the contributor's server for the benchmark, and times it. */
async function benchmark({ openings, job }: ComputeClaim, parts: CheckParts): Promise<bigint> {
  if (!parts.jobs.has(job)) throw new EvidenceFault("UNKNOWN_JOB", job);
  const { compute, benchmarkTurns: turns, fetcher } = parts;
  const start = randomBytes(8).readBigUInt64BE();
  const url = `${openings.replace(/\/$/, "")}/benchmark/0x${start.toString(16)}/${turns}`;
  const limits = { maxBytes: MAX_ANSWER_BYTES, timeoutMs: compute.benchmarkTimeoutMs };
  const { bytes, ms } = await fetcher(url, limits, "application/json");
  const { result } = parseClaim(benchmarkAnswer, Buffer.from(bytes).toString("utf8"));
  return benchmarkScore(await solve({ start, turns }, runUnits), { result: BigInt(result), ms }, compute);
}
