// Storage from announcement to verdict without a network: gateways are functions of block, place and time.
import type { Verdict } from "@ftns/evidence";
import {
  ask,
  type BlockLedger,
  checkTimes,
  claimSeed,
  EvidenceFault,
  evidenceRoot,
  type Fetcher,
  MemoryLedger,
  parseClaim,
  planChallenges,
  readerOf,
  Skeleton,
  STORAGE_RULES,
  type StorageClaim,
  type StorageRules,
  storageClaim,
  storageVerdict,
} from "@ftns/evidence";
import { CID } from "multiformats/cid";
import { Random } from "../../helpers/random.ts";
import { Blocks, digestOf, type StoredFile } from "./gateway.ts";

export const DAY = 86_400;
export const CHEAT = "0x00000000000000000000000000000000000000C1";
export const OTHER = "0x00000000000000000000000000000000000000C2";
export const LEAVES = 30;
export const LEAF_BYTES = 1_000;
/** As the usual ones, but a file of 30 kB is whole storage. */
export const RULES: StorageRules = { ...STORAGE_RULES, fullQualityBytes: BigInt(LEAVES * LEAF_BYTES) };

/** What a gateway answers: bytes after so many milliseconds from an address, or nothing. */
export type Serve = (question: {
  digest: string;
  gateway: number;
  at: number;
}) => { bytes: Uint8Array; ms?: number; ip?: string } | undefined;

export interface World {
  blocks: Blocks;
  file: StoredFile;
}

export async function someFile(stream: number): Promise<World> {
  const random = new Random(11, stream);
  const blocks = new Blocks();
  const words = Uint32Array.from({ length: (LEAVES * LEAF_BYTES) / 4 }, () => random.uint32());
  return { blocks, file: await blocks.add(new Uint8Array(words.buffer), LEAF_BYTES) };
}

export const claimOf = (file: StoredFile, changes: Partial<StorageClaim> = {}): StorageClaim =>
  parseClaim(storageClaim, {
    kind: "STORAGE",
    contributor: CHEAT,
    gateways: ["https://0.example"],
    from: DAY,
    until: 2 * DAY,
    files: [file],
    ...changes,
  });

export function fetcherOf(serve: Serve, at: number): Fetcher {
  return (url, limits) => {
    const [, gateway, name] = /^https:\/\/(\d)\.example\/ipfs\/([^?]+)\?format=raw$/.exec(url)!;
    const served = serve({ digest: digestOf(CID.parse(name!)), gateway: Number(gateway), at });
    if (served === undefined) return Promise.reject(new EvidenceFault("HTTP_STATUS", "status 404"));
    if (served.bytes.length > limits.maxBytes) return Promise.reject(new EvidenceFault("TOO_LARGE", "more bytes"));
    return Promise.resolve({ bytes: served.bytes, ms: served.ms ?? 20, ip: served.ip ?? `203.0.${gateway}.7` });
  };
}

/** All that a verifier does with a claim, in the order of time. */
export async function verify(
  claim: StorageClaim,
  serve: Serve,
  stream = 0,
  ledger: BlockLedger = new MemoryLedger(),
): Promise<Verdict> {
  const announcedAt = DAY;
  checkTimes(claim, announcedAt, RULES);
  const root = evidenceRoot(claim);
  const whole = await Skeleton.read(claim.files, readerOf(claim.gateways[0]!, fetcherOf(serve, announcedAt), RULES), RULES);
  const free = await ledger.take(root, whole.digests, claim.from, claim.until);
  const skeleton = whole.only((digest) => free.has(digest));
  if (skeleton.bytes === 0) throw new EvidenceFault("SEEN_BEFORE", "another claim holds all blocks");
  const seed = claimSeed(new Uint8Array(32).fill(stream + 1), root);
  const answers = [];
  for (const challenge of planChallenges(seed, claim, skeleton, RULES)) {
    answers.push(await ask(challenge, claim, fetcherOf(serve, challenge.at), RULES));
  }
  return storageVerdict(claim, skeleton.bytes, answers, claim.until, RULES);
}

export const serving =
  ({ blocks }: World, has: (question: { digest: string; gateway: number; at: number }) => boolean = () => true): Serve =>
  (question) => {
    const bytes = has(question) ? blocks.byDigest.get(question.digest) : undefined;
    return bytes === undefined ? undefined : { bytes };
  };
