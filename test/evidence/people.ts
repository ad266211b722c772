// People with keys: authors, reviewers, institutions and graders.
import { createHash } from "node:crypto";
import {
  type Artefact,
  type AttesterRole,
  ATTESTATION_TYPES,
  EvidenceFault,
  evidenceDomain,
  type Fetcher,
  type ReviewedParts,
  MemoryLikeness,
  MemoryWorkBook,
  type SignedAttestation,
  type SignedReview,
} from "@ftns/evidence";
import { signReview } from "@ftns/sdk";
import { id, Wallet } from "ethers";

export const PLACE = { chainId: 31_337n, verifyingContract: "0x00000000000000000000000000000000000000F7" };
export const NOW = 1_800_000_000;

const person = (name: string) => new Wallet(id(name));
export const author = person("author");
/** Contributors of tier BASIC. */
export const peers = Array.from({ length: 5 }, (_, i) => person(`peer ${i}`));
/** Keys that have never contributed. */
export const strangers = Array.from({ length: 5 }, (_, i) => person(`stranger ${i}`));
export const institution = person("institution");
export const grader = person("grader");

export async function review(reviewer: Wallet, proofHash: string, rating: number, reviewedAt = NOW - 60): Promise<SignedReview> {
  const signed = { proofHash, reviewer: reviewer.address, rating: BigInt(rating), reviewedAt: BigInt(reviewedAt) };
  return { reviewer: reviewer.address, rating, reviewedAt, signature: await signReview(reviewer, PLACE, signed) };
}

export const reviews = (proofHash: string, ...ratings: number[]): Promise<SignedReview[]> =>
  Promise.all(ratings.map((rating, index) => review(peers[index]!, proofHash, rating)));

export async function attest(
  attester: Wallet,
  proofHash: string,
  { contributor = author.address, score = 1_000, people = 0, attestedAt = NOW - 60 } = {},
): Promise<SignedAttestation> {
  const value = { proofHash, contributor, attester: attester.address, score, people, attestedAt };
  const signature = await attester.signTypedData(evidenceDomain(PLACE), ATTESTATION_TYPES, value);
  return { attester: attester.address, score, people, attestedAt, signature };
}

/** Servers that hold files. */
export class Files {
  readonly #byUrl = new Map<string, Uint8Array>();

  add(content: Uint8Array | string): Artefact {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const url = `https://files.example/${sha256}`;
    this.#byUrl.set(url, bytes);
    return { sha256, bytes: bytes.length, url };
  }

  /** Serves other bytes from now on. */
  replace({ url }: Artefact, bytes: Uint8Array): void {
    this.#byUrl.set(url, bytes);
  }

  readonly fetch: Fetcher = (url, { maxBytes }) => {
    const bytes = this.#byUrl.get(url);
    if (bytes === undefined) return Promise.reject(new EvidenceFault("HTTP_STATUS", "status 404"));
    if (bytes.length > maxBytes) return Promise.reject(new EvidenceFault("TOO_LARGE", `${bytes.length} bytes`));
    return Promise.resolve({ bytes, ms: 5, ip: "203.0.113.1" });
  };
}

export function partsOf(files: Files, changes: Partial<ReviewedParts> = {}): ReviewedParts {
  const roles = new Map<string, AttesterRole>([
    [institution.address, "INSTITUTION"],
    [grader.address, "GRADER"],
  ]);
  const basic = new Set([...peers, author].map(({ address }) => address));
  return {
    place: PLACE,
    now: NOW,
    fetch: files.fetch,
    seen: new MemoryLikeness(),
    works: new MemoryWorkBook(),
    isContributor: (account) => Promise.resolve(basic.has(account)),
    roleOf: (account) => Promise.resolve(roles.get(account)),
    ...changes,
  };
}
