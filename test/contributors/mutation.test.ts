// One random change to a call that would go through, and it does not.
import { expect } from "chai";
import type { Contribution } from "../helpers/sign.ts";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";
import {
  attestations,
  byReviewer,
  consentTo,
  contribute,
  KIND,
  proof,
  registryFixture,
  review,
  WAD,
  type Attestations,
  type Registry,
  type SignedReview,
} from "./fixture.ts";

const { connection, fresh } = await registryFixture();
const { ethers } = connection;

interface Call {
  contribution: Contribution;
  signed: Attestations;
  reviews: SignedReview[];
  consent: Awaited<ReturnType<typeof consentTo>>;
}

const LONG_RUN_MS = 3_600_000;
const CASES = fuzzCases(250);

describe("ContributorRegistry against changed calls", () => {
  it(`refuses each of ${CASES} random changes to good calls, and takes the originals (P20)`, async () => {
    const d = await fresh();
    for (const peer of [d.bob, d.carol]) await contribute(d, peer, 50n);

    const call = await goodCall(d);
    const send = async ({ contribution, signed, reviews, consent }: Call) =>
      d.registry.connect(d.eve).submitFor.staticCall(contribution, signed, reviews, consent.consent, consent.signature);
    await send(call);

    const names = new Set<string>();
    await forCases(CASES, async (random) => {
      const changed = change(random, call);
      const refusal = await send(changed).then(
        () => undefined,
        (error: unknown) => d.registry.interface.parseError((error as { data: string }).data),
      );
      expect(
        refusal,
        JSON.stringify(changed, (_, value) => (typeof value === "bigint" ? `${value}` : (value as unknown))),
      ).to.not.equal(undefined);
      expect(refusal, "an error of the registry").to.not.equal(null);
      names.add(refusal!.name);
    });
    // The changes meet the registry from many sides.
    if (CASES >= 250) expect(names.size).to.be.greaterThan(8);
    await send(call);
  }).timeout(LONG_RUN_MS);
});

async function goodCall(d: Registry): Promise<Call> {
  const contribution = await proof(d, { kind: KIND.DATA, units: WAD });
  return {
    contribution,
    signed: await attestations(d, contribution, d.verifiers),
    reviews: byReviewer([await review(d, d.bob, contribution), await review(d, d.carol, contribution)]),
    consent: await consentTo(d, d.alice, contribution, d.eve.address),
  };
}

/** `call` with one thing changed. */
function change(random: Random, call: Call): Call {
  const { contribution, signed, reviews, consent } = call;
  switch (random.int(0, 6)) {
    case 0:
      return { ...call, contribution: { ...contribution, ...otherField(random, contribution) } };
    case 1:
      return { ...call, signed: inOne(random, signed, (one) => ({ ...one, signature: damaged(random, one.signature) })) };
    case 2:
      return { ...call, signed: otherOrder(random, signed) };
    case 3:
      return { ...call, reviews: inOne(random, reviews, (one) => ({ ...one, signature: damaged(random, one.signature) })) };
    case 4:
      return { ...call, reviews: random.chance(0.5) ? otherOrder(random, reviews) : reviews.slice(random.int(0, 1), 1) };
    case 5:
      return {
        ...call,
        reviews: inOne(random, reviews, (one) => ({
          ...one,
          review: { ...one.review, ...otherReview(random, one.review.reviewedAt) },
        })),
      };
    default:
      return { ...call, consent: { ...consent, signature: damaged(random, consent.signature) } };
  }
}

function otherField(random: Random, contribution: Contribution): Partial<Contribution> {
  const near = (value: bigint) => value + random.pick([-1n, 1n, random.bigint(1n, 10n ** 12n)]);
  return random.pick([
    () => ({ contributor: random.hex(20) }),
    () => ({ kind: (contribution.kind + BigInt(random.int(1, 255))) % 256n }),
    () => ({ proofHash: random.hex(32) }),
    () => ({ units: near(contribution.units) }),
    () => ({ quality: near(contribution.quality) }),
    () => ({ confidence: near(contribution.confidence) }),
    () => ({ impact: near(contribution.impact) }),
    () => ({ observedAt: near(contribution.observedAt) }),
    () => ({ expiresAt: near(contribution.expiresAt) }),
    () => ({ evidenceRoot: random.hex(32) }),
    () => ({ evidenceURI: random.hex(random.int(1, 40)) }),
  ])();
}

function otherReview(random: Random, reviewedAt: bigint) {
  return random.pick<() => Partial<SignedReview["review"]>>([
    () => ({ rating: random.pick([0n, 1n, 2n, 3n, 5n, 6n]) }),
    () => ({ reviewedAt: reviewedAt - random.bigint(1n, 10n ** 6n) }),
    () => ({ proofHash: random.hex(32) }),
    () => ({ reviewer: random.hex(20) }),
  ])();
}

/** A signature with one bit turned, or of a length that is none (the first 64 bytes can be a good compact one). */
function damaged(random: Random, signature: string): string {
  const bytes = ethers.getBytes(signature);
  if (random.chance(0.2)) return ethers.hexlify(bytes.slice(0, random.int(0, 63)));
  if (random.chance(0.1)) return ethers.concat([bytes, random.hex(random.int(1, 32))]);
  const at = random.int(0, 64);
  bytes[at]! ^= 1 << random.int(0, 7);
  return ethers.hexlify(bytes);
}

function inOne<T>(random: Random, items: readonly T[], turn: (item: T) => T): T[] {
  const at = random.int(0, items.length - 1);
  return items.map((item, index) => (index === at ? turn(item) : item));
}

/** The items in a wrong order, or one of them twice. */
function otherOrder<T>(random: Random, items: readonly T[]): T[] {
  if (random.chance(0.5)) return [...items].reverse();
  const at = random.int(0, items.length - 1);
  return [...items.slice(0, at + 1), ...items.slice(at)];
}
