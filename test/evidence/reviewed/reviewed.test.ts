// Documents, research and teaching: the honest, the numbers, and bad input. Cheats are played in ../plays.
import { checkReviewed, parseClaim, reviewedClaim, reviewedProofHash } from "@ftns/evidence";
import { expect } from "chai";
import { Random } from "../../helpers/random.ts";
import { words } from "../data/world.ts";
import { faultOf } from "../faults.ts";
import { attest, author, Files, grader, institution, NOW, partsOf, reviews } from "../people.ts";
import { claimOf } from "../plays/reviewed.ts";

const WAD = 10n ** 18n;
const THOUSANDTH = 10n ** 15n;

describe("evidence that people judge", () => {
  const files = new Files();
  const text = (stream: number) => words(new Random(71, stream), 200);

  it("P341: credits documents that are long and new, and quality by ratings 0.6 and new ones 0.4", async () => {
    const texts = [text(1), text(2), text(2).toUpperCase(), "too short"];
    const artefacts = texts.map((one) => files.add(one));
    const hash = reviewedProofHash({ kind: "DOCUMENTATION", artefacts });
    const claim = await claimOf("DOCUMENTATION", files, texts, { reviews: await reviews(hash, 4) });
    expect(await checkReviewed(claim, partsOf(files))).to.deep.equal({
      proofHash: hash,
      units: 2n * WAD,
      quality: ((750n * 6n + 500n * 4n) / 10n) * THOUSANDTH,
      confidence: WAD / 2n,
      impact: WAD,
    });
  });

  it("P341: credits research once, and quality by ratings and institutions alike", async () => {
    const hash = reviewedProofHash({ kind: "RESEARCH", artefacts: [files.add("a paper")] });
    const attestations = [await attest(institution, hash, { score: 701 })];
    const claim = await claimOf("RESEARCH", files, ["a paper"], { reviews: await reviews(hash, 4, 5), attestations });
    const expected = { units: WAD, quality: 725n * THOUSANDTH, confidence: (WAD * 4n) / 5n };
    expect(await checkReviewed(claim, partsOf(files))).to.deep.include(expected);
  });

  it("P341: credits teaching by the people who learned, up to 30, and quality by ratings 0.3 and graders 0.7", async () => {
    const hash = reviewedProofHash({ kind: "TEACHING", artefacts: [files.add("a course")] });
    for (const [people, units] of [
      [1, WAD / 10n],
      [25, (25n * WAD) / 10n],
      [30, 3n * WAD],
      [10_000, 3n * WAD],
    ] as const) {
      const attestations = [await attest(grader, hash, { people, score: 800 })];
      const claim = await claimOf("TEACHING", files, ["a course"], { reviews: await reviews(hash, 3), attestations });
      const verdict = await checkReviewed(claim, partsOf(files));
      expect(verdict).to.deep.include({ units, quality: 710n * THOUSANDTH, confidence: (WAD * 3n) / 4n });
    }
  });

  it("P341: takes attestations up to 90 days old, and none of the future", async () => {
    const hash = reviewedProofHash({ kind: "RESEARCH", artefacts: [files.add("old")] });
    const at = async (attestedAt: number) =>
      faultOf(async () =>
        checkReviewed(
          await claimOf("RESEARCH", files, ["old"], { attestations: [await attest(institution, hash, { attestedAt })] }),
          partsOf(files),
        ),
      );
    expect(await at(NOW - 90 * 86_400)).to.equal(undefined);
    expect(await at(NOW - 90 * 86_400 - 1)).to.equal("BAD_ATTESTATION");
    expect(await at(NOW)).to.equal(undefined);
    expect(await at(NOW + 1)).to.equal("BAD_ATTESTATION");
  });

  it("P341: can be looked at again, and takes nothing from others when it is refused", async () => {
    const parts = partsOf(files);
    const paper = await claimOf("RESEARCH", files, ["a paper twice"]);
    const hash = reviewedProofHash(paper);
    const weak = {
      ...paper,
      reviews: await reviews(hash, 1, 1),
      attestations: [await attest(institution, hash, { score: 900 })],
    };
    expect(await faultOf(() => checkReviewed(weak, parts))).to.equal("BAD_REVIEW");
    const first = await checkReviewed(paper, parts);
    expect(await checkReviewed(paper, parts)).to.deep.equal(first);
  });

  it("P334: refuses too few reviews, the same file twice, other sizes and claims of another form", async () => {
    const claim = await claimOf("RESEARCH", files, ["one more"]);
    const [artefact] = claim.artefacts;
    const refused = (changes: object) => faultOf(() => checkReviewed({ ...claim, ...changes } as typeof claim, partsOf(files)));
    expect(await refused({ reviews: claim.reviews.slice(1) })).to.equal("NOT_ENOUGH_REVIEWS");
    expect(await refused({ artefacts: [artefact, artefact] })).to.equal("SCHEMA");
    expect(await refused({ artefacts: [{ ...artefact!, bytes: artefact!.bytes - 1 }] })).to.equal("TOO_LARGE");
    expect(await refused({ artefacts: [{ ...artefact!, url: "https://files.example/none" }] })).to.equal("HTTP_STATUS");
    for (const change of [
      { kind: "MODEL" },
      { artefacts: [] },
      { attestations: [{ ...claim.reviews[0] }] },
      { contributor: author.address.slice(2, 20) },
      { extra: true },
    ]) {
      expect(await faultOf(() => parseClaim(reviewedClaim, { ...claim, ...change }))).to.equal("SCHEMA");
    }
  });
});
