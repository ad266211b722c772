// A day of the model's window, given as many proofs as it can count.
import { ContributionRing, MAX_PROOFS_PER_DAY } from "@ftns/model";
import { expect } from "chai";

const WAD = 10n ** 18n;
const TODAY = 20_000;

describe("a day of the model's window, given as many proofs as it can count", () => {
  const full = () => {
    const ring = new ContributionRing();
    for (let i = 0; i < MAX_PROOFS_PER_DAY; i++) ring.land(TODAY, 0, WAD, WAD, true);
    return ring;
  };

  it("takes no further one, and keeps what it has", () => {
    const ring = full();
    const words = ring.words();
    expect(() => ring.land(TODAY, 0, WAD, WAD, true)).to.throw("already 63 proofs today");
    expect(ring.words()).to.deep.equal(words);
    expect(ring.buckets(TODAY)[0]!.proofs).to.equal(63n);
  });

  it("hinders no other day", () => {
    const ring = full();
    ring.land(TODAY + 1, 0, WAD, WAD, true);
    const proofs = ring.buckets(TODAY + 1).map((bucket) => bucket.proofs);
    expect(proofs.slice(0, 3)).to.deep.equal([1n, 63n, 0n]);
  });
});
