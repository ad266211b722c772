// When BASIC begins, what it starts, and since when it holds.
import { expect } from "chai";
import {
  bareRegistry,
  contribute,
  fieldsOf,
  registryFixture,
  submit,
  proof,
  toldIn,
  WAD,
  wad,
  type BareRegistry,
} from "./fixture.ts";

const { fresh } = await registryFixture();

describe("ContributorRegistry: BASIC, since when and for the first time", () => {
  let d: BareRegistry;
  let start: bigint;
  beforeEach(async () => {
    d = await bareRegistry(await fresh());
    start = await d.clock.today();
  });

  const goTo = async (day: bigint) => d.clock.toDay(day, 3_600n);
  /** The day until which the token was told to let grace run; 0 for none. */
  const graceBegunBy = async (sent: ReturnType<typeof submit>) => (await toldIn(d, sent)).TokenTold?.[4];

  describe("grace", () => {
    it("is not begun by a proof of 1 wei, nor by any that leads to no tier", async () => {
      expect(await graceBegunBy(submit(d, await proof(d, { units: 20n })))).to.equal(0n);
      expect(await graceBegunBy(contribute(d, d.alice, 11n))).to.equal(0n); // 9.9 of score
    });

    it("begins with the proof that leads to BASIC first, for 90 days", async () => {
      await contribute(d, d.alice, 11n);
      expect(await graceBegunBy(contribute(d, d.alice, 1n))).to.equal(start + 90n);
    });

    it("begins once: not with a further tier, nor after a lapse and return", async () => {
      await contribute(d, d.alice, 20n);
      expect(await graceBegunBy(contribute(d, d.alice, 500n))).to.equal(0n);
      await goTo(start + 200n);
      expect(await d.registry.basicSince(d.alice)).to.equal(0n);
      expect(await graceBegunBy(contribute(d, d.alice, 500n))).to.equal(0n);
      expect(await d.registry.basicSince(d.alice)).to.equal(start + 200n);
    });

    it("begins with a refresh where that leads to BASIC first, and once", async () => {
      await contribute(d, d.alice, 100n, { quality: wad("0.1") });
      await goTo(start + 5n);
      expect(await graceBegunBy(contribute(d, d.alice, 50n, { quality: wad("0.5") }))).to.equal(0n); // mean 0.233
      await goTo(start + 30n);
      expect(await graceBegunBy(d.registry.connect(d.eve).refresh(d.alice))).to.equal(start + 30n + 90n);
      expect(await graceBegunBy(d.registry.connect(d.eve).refresh(d.alice))).to.equal(0n);
      expect(await d.registry.basicSince(d.alice)).to.equal(start + 30n);
    });

    it("is not made up for when there was none at the time", async () => {
      const rules = await d.registry.proofRules();
      await d.registry.connect(d.people.admin).setProofRules({ ...fieldsOf(rules), newcomerGraceDays: 0n });
      expect(await graceBegunBy(contribute(d, d.alice, 20n))).to.equal(0n);
      await d.registry.connect(d.people.admin).setProofRules({ ...fieldsOf(rules), newcomerGraceDays: 90n });
      expect(await graceBegunBy(contribute(d, d.alice, 20n))).to.equal(0n);
      expect(await graceBegunBy(contribute(d, d.bob, 20n))).to.equal(start + 90n);
    });
  });

  describe("basicSince", () => {
    it("is zero for a stranger, and below BASIC", async () => {
      expect(await d.registry.basicSince(d.eve)).to.equal(0n);
      await contribute(d, d.alice, 5n);
      expect(await d.registry.basicSince(d.alice)).to.equal(0n);
    });

    it("stays while proofs follow each other, through higher tiers and the disconnection grace", async () => {
      await contribute(d, d.alice, 20n);
      for (const day of [29n, 43n, 80n, 123n]) {
        await goTo(start + day);
        expect(await d.registry.basicSince(d.alice)).to.equal(start);
        await contribute(d, d.alice, 500n, { quality: WAD });
        expect(await d.registry.basicSince(d.alice)).to.equal(start);
      }
    });

    it("is zero from the first day without BASIC on, and begins anew with the proof that brings it back", async () => {
      await contribute(d, d.alice, 20n);
      await goTo(start + 44n);
      expect(await d.registry.basicSince(d.alice)).to.equal(0n);
      await contribute(d, d.alice, 5n); // not enough
      expect(await d.registry.basicSince(d.alice)).to.equal(0n);
      await goTo(start + 45n);
      await contribute(d, d.alice, 20n);
      expect(await d.registry.basicSince(d.alice)).to.equal(start + 45n);
    });

    it("is zero when a weak proof ends BASIC on its day, without disconnection grace, and begins anew the same day", async () => {
      const rules = await d.registry.proofRules();
      await d.registry.connect(d.people.admin).setProofRules({ ...fieldsOf(rules), disconnectionGraceDays: 0n });
      await contribute(d, d.alice, 20n, { quality: WAD });
      await goTo(start + 3n);
      await contribute(d, d.alice, 80n, { quality: 0n }); // mean 0.2
      expect(await d.registry.basicSince(d.alice)).to.equal(0n);
      await contribute(d, d.alice, 100n, { quality: WAD });
      expect(await d.registry.basicSince(d.alice)).to.equal(start + 3n);
    });
  });
});
