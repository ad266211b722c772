import { expect } from "chai";
import type { Contribution } from "../helpers/sign.ts";
import { DAY } from "../helpers/time.ts";
import {
  attestations,
  byReviewer,
  contribute,
  KIND,
  proof,
  registryFixture,
  review,
  submit,
  WAD,
  type Registry,
  type SignedReview,
} from "./fixture.ts";

const { connection, fresh } = await registryFixture();
const { ethers } = connection;

describe("ContributorRegistry peer reviews", () => {
  let d: Registry;
  let data: Contribution;
  beforeEach(async () => {
    d = await fresh();
    for (const peer of [d.bob, d.carol]) await contribute(d, peer, 20n); // BASIC
    data = await proof(d, { kind: KIND.DATA, units: WAD });
  });

  const refuse = async (contribution: Contribution, reviews: SignedReview[], error: string, args: unknown[]) => {
    await expect(submit(d, contribution, { reviews }))
      .to.be.revertedWithCustomError(d.registry, error)
      .withArgs(...args);
    expect(await d.registry.isProofUsed(contribution.proofHash)).to.equal(false);
  };

  /** Good reviews of `contribution` by bob and carol, in order. */
  const both = async (contribution = data) =>
    byReviewer([await review(d, d.bob, contribution), await review(d, d.carol, contribution)]);

  const document = async () => proof(d, { kind: KIND.DOCUMENTATION, units: WAD });

  describe("given too few or too many", () => {
    it("reverts a DATA proof with fewer than 2", async () => {
      await refuse(data, [], "TooFewReviews", [0n, 2n]);
      await refuse(data, [await review(d, d.bob, data)], "TooFewReviews", [1n, 2n]);
    });

    it("reverts a DOCUMENTATION proof without one", async () => {
      await refuse(await document(), [], "TooFewReviews", [0n, 1n]);
    });

    it("reverts with more than 8", async () => {
      const one = await review(d, d.bob, data);
      await refuse(data, new Array<SignedReview>(9).fill(one), "TooManyReviews", [9n, 8n]);
    });
  });

  describe("given a review that does not count", () => {
    it("reverts when it is of another proof", async () => {
      const other = await proof(d);
      const [first, second] = await both();
      const stray = await review(d, d.bob, other);
      const reviews = first!.review.reviewer === d.bob.address ? [stray, second!] : [first!, stray];
      await refuse(data, reviews, "ReviewOfAnotherProof", [other.proofHash, data.proofHash]);
    });

    it("reverts when the author wrote it", async () => {
      await contribute(d, d.alice, 20n);
      await refuse(data, byReviewer([await review(d, d.alice, data), await review(d, d.bob, data)]), "ReviewByAuthor", [
        d.alice.address,
      ]);
    });

    it("reverts when a reviewer comes twice", async () => {
      const [first, second] = await both();
      await refuse(data, [first!, first!], "DuplicateReviewer", [first!.review.reviewer]);
      await refuse(data, [first!, second!, second!], "DuplicateReviewer", [second!.review.reviewer]);
    });

    it("reverts out of order", async () => {
      const [first, second] = await both();
      await refuse(data, [second!, first!], "ReviewersOutOfOrder", [second!.review.reviewer, first!.review.reviewer]);
    });

    it("reverts when the reviewer is below BASIC today", async () => {
      await contribute(d, d.dave, 5n);
      await refuse(data, byReviewer([await review(d, d.bob, data), await review(d, d.dave, data)]), "ReviewerBelowBasic", [
        d.dave.address,
      ]);
    });

    it("reverts when the reviewer's tier has lapsed, to the day", async () => {
      await d.clock.toDaysAhead(43n, 3_600n); // the last day: 29 days more in the window and 14 of grace
      data = await proof(d, { kind: KIND.DATA, units: WAD });
      await submit(d, data, { reviews: await both() });
      await d.clock.toDaysAhead(1n);
      data = await proof(d, { kind: KIND.DATA, units: WAD });
      const reviews = await both();
      await refuse(data, reviews, "ReviewerBelowBasic", [reviews[0]!.review.reviewer]);
    });

    it("reverts with a rating outside 1 to 5, or below the least", async () => {
      const paper = await document();
      for (const rating of [0n, 6n, 255n]) {
        await refuse(paper, [await review(d, d.bob, paper, { rating })], "RatingOutOfRange", [d.bob.address, rating]);
      }
      for (const rating of [1n, 2n]) {
        await refuse(paper, [await review(d, d.bob, paper, { rating })], "RatingTooLow", [d.bob.address, rating, 3n]);
      }
    });

    it("reverts when reviewed in the future or more than 30 days ago", async () => {
      const at = (await d.clock.now()) + 100n;
      const paper = await document();
      await d.clock.nextBlockAt(at);
      await refuse(paper, [await review(d, d.bob, paper, { reviewedAt: at + 1n })], "ReviewedInFuture", [
        d.bob.address,
        at + 1n,
        at,
      ]);
      const old = await review(d, d.bob, paper, { reviewedAt: at - 30n * DAY });
      await d.clock.nextBlockAt(at + 1n);
      await refuse(paper, [old], "ReviewTooOld", [d.bob.address, at - 30n * DAY, at + 1n - 30n * DAY]);
    });

    it("reverts when another signed it, for another chain or contract, or it was changed after signing", async () => {
      const paper = await document();
      const good = await review(d, d.bob, paper);
      await refuse(paper, [await review(d, d.bob, paper, {}, d.carol)], "InvalidReview", [d.bob.address]);
      await refuse(paper, [{ ...good, review: { ...good.review, rating: 5n } }], "InvalidReview", [d.bob.address]);
      for (const place of [
        { ...d.place, chainId: 1n },
        { ...d.place, verifyingContract: await d.pool.getAddress() },
      ]) {
        await refuse(paper, [await review({ ...d, place }, d.bob, paper)], "InvalidReview", [d.bob.address]);
      }
    });

    it("reverts at the fifth review of one author by one reviewer within 30 days (P27)", async () => {
      const start = await d.clock.today();
      for (let i = 0; i < 4; i++) {
        const paper = await document();
        await submit(d, paper, { reviews: [await review(d, d.bob, paper)] });
        await d.clock.toDaysAhead(1n, 3_600n);
        await contribute(d, d.bob, 20n); // stays BASIC
      }
      await d.clock.toDay(start + 29n, 3_600n);
      const fifth = await document();
      await refuse(fifth, [await review(d, d.bob, fifth)], "ReviewLimitReached", [d.bob.address, d.alice.address, start + 30n]);
      await submit(d, fifth, { reviews: [await review(d, d.carol, fifth)] }); // another reviewer may

      await d.clock.toDay(start + 30n, 3_600n);
      const sixth = await document();
      await submit(d, sixth, { reviews: [await review(d, d.bob, sixth)] });
      const seventh = await document();
      await refuse(seventh, [await review(d, d.bob, seventh)], "ReviewLimitReached", [
        d.bob.address,
        d.alice.address,
        start + 31n,
      ]);
      const ofDave = await proof(d, { kind: KIND.DOCUMENTATION, units: WAD, contributor: d.dave.address });
      await submit(d, ofDave, { reviews: [await review(d, d.bob, ofDave)] }); // and so may he, of another author
    });

    it("reverts at the seventeenth with the highest limit", async () => {
      await d.registry.connect(d.people.governor).setReviewRules({ ...(await rules()), monthlyLimit: 16n });
      const start = await d.clock.today();
      for (let i = 0; i < 16; i++) {
        const paper = await document();
        await submit(d, paper, { reviews: [await review(d, d.bob, paper)] });
      }
      const paper = await document();
      await refuse(paper, [await review(d, d.bob, paper)], "ReviewLimitReached", [d.bob.address, d.alice.address, start + 30n]);
    });

    it("does not use up the allowance of a review that was refused with the rest", async () => {
      await d.registry.connect(d.people.governor).setReviewRules({ ...(await rules()), monthlyLimit: 1n });
      const [first, second] = await both();
      await refuse(data, [first!, { ...second!, signature: first!.signature }], "InvalidReview", [second!.review.reviewer]);
      await submit(d, data, { reviews: [first!, second!] });
    });
  });

  describe("given reviews that count", () => {
    it("accepts DATA with 2, DOCUMENTATION with 1, and more than needed", async () => {
      await contribute(d, d.dave, 20n);
      await submit(d, data, { reviews: await both() });
      const paper = await document();
      await submit(d, paper, { reviews: [await review(d, d.bob, paper, { rating: 3n })] });
      const more = await proof(d, { kind: KIND.DATA, units: WAD });
      await submit(d, more, { reviews: byReviewer([...(await both(more)), await review(d, d.dave, more, { rating: 5n })]) });
      expect((await d.registry.statusOf(d.alice)).totalProofs).to.equal(3n);
    });

    it("accepts a review made this second, and one 30 days ago", async () => {
      const at = (await d.clock.now()) + 100n;
      const [now, old] = [await document(), await document()];
      await d.clock.nextBlockAt(at);
      await submit(d, now, { reviews: [await review(d, d.bob, now, { reviewedAt: at })] });
      await d.clock.nextBlockAt(at + 1n);
      await submit(d, old, { reviews: [await review(d, d.bob, old, { reviewedAt: at + 1n - 30n * DAY })] });
    });

    it("asks a reviewer with code by ERC-1271", async () => {
      const wallet = await ethers.deployContract("WalletMock", [d.dave]);
      const address = await wallet.getAddress();
      const own = await proof(d, { contributor: address, units: 400n * WAD });
      const call = d.registry.interface.encodeFunctionData("submit", [own, await attestations(d, own), []]);
      await wallet.execute(d.registry, call);

      const paper = await document();
      const signed = await review(d, d.dave, paper, { reviewer: address });
      await refuse(paper, [{ ...signed, signature: "0x" }], "InvalidReview", [address]);
      await submit(d, paper, { reviews: [signed] });
    });

    it("follows the rules that governance sets", async () => {
      const { governor } = d.people;
      const required = [1n, 0n, 0n, 0n, 0n, 0n, 0n, 0n];
      await d.registry.connect(governor).setReviewRules({ ...(await rules()), minRating: 1n, required });
      await submit(d, data);
      const storage = await proof(d, { kind: KIND.STORAGE });
      await refuse(storage, [], "TooFewReviews", [0n, 1n]);
      await submit(d, storage, { reviews: [await review(d, d.bob, storage, { rating: 1n })] });
    });
  });

  async function rules() {
    const { minRating, maxAgeSec, monthlyLimit, required } = await d.registry.reviewRules();
    return { minRating, maxAgeSec, monthlyLimit, required: [...required] };
  }
});
