// STORAGE: the plan of challenges is written in the step that takes the blocks, and each answer when it comes, so that a restart loses
// nothing but the challenges of the time in which nothing ran.
import {
  ask,
  type Challenge,
  claimSeed,
  EvidenceFault,
  blockIdOf,
  planChallenges,
  readerOf,
  Skeleton,
  type StorageClaim,
  storageVerdict,
  type Verdict,
} from "@ftns/evidence";
import { withSeen } from "@ftns/evidence-store";
import type { Database } from "@ftns/service/database/database.ts";
import type { ClaimBook, OpenChallenge } from "../claims/book.ts";
import type { ClaimRecord } from "../claims/record.ts";
import type { CheckParts } from "./parts.ts";

/** Reads the inner blocks, takes the free ones among the leaves, and plans all challenges. */
export async function announce(
  record: ClaimRecord,
  claim: StorageClaim,
  parts: CheckParts,
  book: ClaimBook,
  database: Database,
): Promise<void> {
  const whole = await readSkeleton(claim, parts);
  let skeleton: Skeleton;
  await withSeen(
    database,
    async ({ blocks }) => {
      const free = await blocks.take(record.root, whole.digests, claim.from, claim.until);
      skeleton = whole.only((digest) => free.has(digest));
      if (skeleton.bytes === 0) throw new EvidenceFault("SEEN_BEFORE", "another claim holds all blocks");
    },
    async (client) => {
      const plan = planChallenges(claimSeed(parts.secret, record.root), claim, skeleton, parts.storage);
      await book.plan(
        record.root,
        plan.map(({ at, gateway, path }) => ({
          at,
          gateway,
          path: path.map(({ id, bytes }) => ({ cid: id.cid.toString(), ...(bytes !== undefined && { bytes }) })),
        })),
        client,
      );
      await book.challenged(record.root, claim.until, skeleton.bytes, client);
    },
  );
}

/** From the first gateway that has them: each is said to hold a whole copy. */
async function readSkeleton(claim: StorageClaim, { fetcher, storage }: CheckParts): Promise<Skeleton> {
  let fault: unknown;
  for (const gateway of claim.gateways) {
    try {
      return await Skeleton.read(claim.files, readerOf(gateway, fetcher, storage), storage);
    } catch (error) {
      fault ??= error;
    }
  }
  throw fault;
}

/** Puts a challenge, and writes down what came of it. */
export async function put(challenge: OpenChallenge, claim: StorageClaim, parts: CheckParts, book: ClaimBook): Promise<boolean> {
  const { at, gateway, path } = challenge;
  const whole: Challenge = {
    at,
    gateway,
    path: path.map(({ cid, bytes }) => ({ id: blockIdOf(cid), ...(bytes !== undefined && { bytes }) })),
  };
  const answer = await ask(whole, claim, parts.fetcher, parts.storage);
  await book.answer(challenge.root, challenge.number, answer);
  return answer.answered;
}

/** What the answers say, once the claim's time is over. */
export async function conclude(
  record: ClaimRecord,
  claim: StorageClaim,
  now: number,
  { storage }: CheckParts,
  book: ClaimBook,
): Promise<Verdict> {
  return storageVerdict(claim, record.bytes!, await book.answers(record.root), now, storage);
}
