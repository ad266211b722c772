// How to be paid for documents, research and teaching that are not one's own, not good or not there.
import {
  checkReviewed,
  EvidenceFault,
  parseClaim,
  type ReviewedClaim,
  reviewedClaim,
  reviewedProofHash,
  type SignedAttestation,
} from "@ftns/evidence";
import { contributionValue, DEFAULT_BASE_RATES, KIND_NAMES } from "@ftns/model";
import { Random } from "../../helpers/random.ts";
import { words } from "../data/world.ts";
import { attest, author, Files, grader, institution, partsOf, peers, review, reviews, strangers } from "../people.ts";
import type { Play, Try } from "./play.ts";

const WAD = 10n ** 18n;

type Kind = ReviewedClaim["kind"];
type Parts = ReturnType<typeof partsOf>;

/** Units that an honest claim of one file has; ten learners are taught. */
async function tried(claim: ReviewedClaim, parts: Parts, units = 1n): Promise<Try> {
  const rate = DEFAULT_BASE_RATES[KIND_NAMES.indexOf(claim.kind)]!;
  const claimed = contributionValue(units * WAD, rate, WAD);
  try {
    const verdict = await checkReviewed(claim, parts);
    return { claimed, credited: (contributionValue(verdict.units, rate, verdict.impact) * verdict.quality) / WAD };
  } catch (error) {
    if (error instanceof EvidenceFault) return { claimed, credited: 0n };
    throw error;
  }
}

/** An honest claim about `texts`, changed. */
export async function claimOf(
  kind: Kind,
  files: Files,
  texts: readonly (string | Uint8Array)[],
  changes: object = {},
): Promise<ReviewedClaim> {
  const artefacts = texts.map((text) => files.add(text));
  const hash = reviewedProofHash({ kind, artefacts });
  const attester = kind === "RESEARCH" ? institution : grader;
  const attestations =
    kind === "DOCUMENTATION" ? {} : { attestations: [await attest(attester, hash, { people: kind === "TEACHING" ? 10 : 0 })] };
  return parseClaim(reviewedClaim, {
    kind,
    contributor: author.address,
    artefacts,
    reviews: await reviews(hash, 5, 5),
    ...attestations,
    ...changes,
  });
}

const textOf = (random: Random) => words(random, 300);

/** A good file with other reviews or attestations. */
const saying =
  (kind: Kind, say: (hash: string) => Promise<object>) =>
  async (index: number): Promise<Try> => {
    const files = new Files();
    const text = textOf(new Random(61, index));
    const hash = reviewedProofHash({ kind, artefacts: [files.add(text)] });
    return tried(await claimOf(kind, files, [text], await say(hash)), partsOf(files));
  };

const attesting = (kind: Kind, make: (hash: string) => Promise<SignedAttestation[]>) =>
  saying(kind, async (hash) => ({ attestations: await make(hash) }));

/** A text that somebody else handed in before, and `change` of it. */
const copying =
  (kind: Kind, change: (text: string, random: Random) => string) =>
  async (index: number): Promise<Try> => {
    const random = new Random(62, index);
    const files = new Files();
    const parts = partsOf(files);
    const text = textOf(random);
    const honest = await tried(await claimOf(kind, files, [text]), parts);
    if (honest.credited !== honest.claimed) throw new Error("the honest claim is not paid");
    const copy = change(text, random);
    const contributor = peers[4]!.address;
    const artefacts = [files.add(copy), files.add("a note that is new")];
    const hash = reviewedProofHash({ kind, artefacts });
    const attester = kind === "RESEARCH" ? institution : grader;
    const attestations = [await attest(attester, hash, { contributor, people: 10 })];
    return tried(
      await claimOf(kind, files, [copy, "a note that is new"], {
        contributor,
        ...(kind !== "DOCUMENTATION" && { attestations }),
      }),
      parts,
    );
  };

const tries = 5;
const cost = "all of the claim";

export const REVIEWED_PLAYS: readonly Play[] = [
  {
    kind: "DOCUMENTATION",
    attack: "copies a document and changes every twentieth word",
    cost,
    tries,
    run: copying("DOCUMENTATION", (text, random) =>
      text
        .split(" ")
        .map((one, i) => (i % 20 === 19 ? words(random, 1) : one))
        .join(" "),
    ),
  },
  {
    kind: "DOCUMENTATION",
    attack: "copies a document in capitals, with other signs and lines",
    cost,
    tries,
    run: copying("DOCUMENTATION", (text) => text.toUpperCase().replaceAll(" ", ",\n")),
  },
  {
    kind: "DOCUMENTATION",
    attack: "hands in one document ten times, each with a word more",
    cost: "nine of the ten, and quality",
    tries,
    run: async (index) => {
      const files = new Files();
      const text = textOf(new Random(63, index));
      const texts = Array.from({ length: 10 }, (_, i) => `${text}${" more".repeat(i)}`);
      return tried(await claimOf("DOCUMENTATION", files, texts), partsOf(files), 10n);
    },
  },
  {
    kind: "DOCUMENTATION",
    attack: "repeats a sentence until it is long enough",
    cost,
    tries,
    run: async (index) => {
      const files = new Files();
      const text = `${words(new Random(64, index), 12)}. `.repeat(30);
      return tried(await claimOf("DOCUMENTATION", files, [text]), partsOf(files));
    },
  },
  {
    kind: "DOCUMENTATION",
    attack: "names bytes that are no text",
    cost,
    tries,
    run: async (index) => {
      const files = new Files();
      const bytes = Uint8Array.from({ length: 3_000 }, (_, i) => (i * 7 + index) & 255);
      return tried(await claimOf("DOCUMENTATION", files, [bytes]), partsOf(files));
    },
  },
  {
    kind: "DOCUMENTATION",
    attack: "reviews its own work",
    cost,
    tries,
    run: saying("DOCUMENTATION", async (hash) => ({ reviews: [await review(author, hash, 5)] })),
  },
  {
    kind: "DOCUMENTATION",
    attack: "reviews by a fresh key of its own",
    cost,
    tries,
    run: saying("DOCUMENTATION", async (hash) => ({ reviews: [await review(strangers[0]!, hash, 5)] })),
  },
  {
    kind: "RESEARCH",
    attack: "attests by a key that governance did not register",
    cost,
    tries,
    run: attesting("RESEARCH", async (hash) => [await attest(strangers[0]!, hash)]),
  },
  {
    kind: "RESEARCH",
    attack: "lets a grader attest, who is no institution",
    cost,
    tries,
    run: attesting("RESEARCH", async (hash) => [await attest(grader, hash)]),
  },
  {
    kind: "RESEARCH",
    attack: "takes an attestation that was given for another author",
    cost,
    tries,
    run: attesting("RESEARCH", async (hash) => [await attest(institution, hash, { contributor: peers[3]!.address })]),
  },
  {
    kind: "RESEARCH",
    attack: "takes an attestation that was given for another work",
    cost,
    tries,
    run: attesting("RESEARCH", async () => [await attest(institution, `0x${"22".repeat(32)}`)]),
  },
  {
    kind: "RESEARCH",
    attack: "raises the score that the institution signed",
    cost,
    tries,
    run: attesting("RESEARCH", async (hash) => [{ ...(await attest(institution, hash, { score: 300 })), score: 1_000 }]),
  },
  { kind: "RESEARCH", attack: "has no attestation", cost, tries, run: attesting("RESEARCH", () => Promise.resolve([])) },
  {
    kind: "RESEARCH",
    attack: "hands in another's paper, with a note of its own",
    cost,
    tries,
    run: copying("RESEARCH", (text) => text),
  },
  {
    kind: "TEACHING",
    attack: "raises the number of people who learned",
    cost,
    tries,
    run: attesting("TEACHING", async (hash) => [{ ...(await attest(grader, hash, { people: 2 })), people: 20 }]),
  },
  {
    kind: "TEACHING",
    attack: "teaches nobody",
    cost,
    tries,
    run: attesting("TEACHING", async (hash) => [await attest(grader, hash, { people: 0 })]),
  },
  {
    kind: "TEACHING",
    attack: "grades its own course",
    cost,
    tries,
    run: attesting("TEACHING", async (hash) => [await attest(author, hash, { people: 10 })]),
  },
  {
    kind: "TEACHING",
    attack: "names one grader twice",
    cost,
    tries,
    run: attesting("TEACHING", async (hash) => [
      await attest(grader, hash, { people: 10 }),
      await attest(grader, hash, { people: 10, score: 900 }),
    ]),
  },
  {
    kind: "TEACHING",
    attack: "keeps an old attestation for later",
    cost,
    tries,
    run: attesting("TEACHING", async (hash) => [
      await attest(grader, hash, { people: 10, attestedAt: 1_800_000_000 - 91 * 86_400 }),
    ]),
  },
  {
    kind: "TEACHING",
    attack: "hands in another's course, with a note of its own",
    cost,
    tries,
    run: copying("TEACHING", (text) => text),
  },
];
