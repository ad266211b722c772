import { expect } from "chai";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { contribute, FTNS, KIND, outcomeOf, proof, registryFixture, submit, TIER, WAD, wad, type Registry } from "./fixture.ts";

const { fresh } = await registryFixture();

describe("ContributorRegistry tiers", () => {
  let d: Registry;
  let start: bigint;
  beforeEach(async () => {
    d = await fresh();
    start = await d.clock.today();
  });

  const goTo = async (day: bigint) => d.clock.toDay(day, 3_600n);
  const days = ({
    basicThrough,
    activeThrough,
    powerThrough,
  }: Record<"basicThrough" | "activeThrough" | "powerThrough", bigint>) => [basicThrough, activeThrough, powerThrough];
  const scheduleOf = async (who: HardhatEthersSigner) => days(await d.registry.scheduleOf(who));

  describe("score and quality", () => {
    it("reach a tier at exactly its thresholds (P24)", async () => {
      const exact: [HardhatEthersSigner, bigint, string, bigint][] = [
        [d.alice, 125n, "0.8", TIER.POWER],
        [d.bob, 200n, "0.6", TIER.ACTIVE],
        [d.carol, 100n, "0.3", TIER.BASIC],
      ];
      for (const [who, value, quality, tier] of exact) {
        const { tier: reached } = await outcomeOf(d, contribute(d, who, value, { quality: wad(quality) }));
        expect(reached).to.equal(tier);
      }
    });

    it("miss it one step of value below", async () => {
      const just = { quality: wad("0.8"), units: wad("2499.9999") }; // worth 124.999995: 124.99999 as it is added up
      const { value, score, averageQuality, tier } = await outcomeOf(d, contribute(d, d.alice, 0n, just));
      expect(value).to.equal(wad("124.999995"));
      expect(score).to.equal(wad("99.999992"));
      expect(averageQuality).to.equal(wad("0.8"));
      expect(tier).to.equal(TIER.ACTIVE);
    });

    it("miss it a thousandth of mean quality below, or less", async () => {
      const outcome = await outcomeOf(d, contribute(d, d.alice, 1_000n, { quality: wad("0.799") }));
      expect(outcome.averageQuality).to.equal(wad("0.799"));
      expect(outcome.tier).to.equal(TIER.ACTIVE);
      // 999.99999 FTNS of 0.801 do not make up for 1,000 of 0.799: the last step of value does.
      const next = await outcomeOf(d, contribute(d, d.alice, 0n, { quality: wad("0.801"), units: wad("19999.9998") }));
      expect(next.averageQuality).to.equal(wad("0.799999999994999999"));
      expect(next.tier).to.equal(TIER.ACTIVE);
      const last = await outcomeOf(d, contribute(d, d.alice, 0n, { quality: wad("0.801"), units: wad("0.0002") }));
      expect(last.averageQuality).to.equal(wad("0.8"));
      expect(last.tier).to.equal(TIER.POWER);
    });

    it("average over value, not over proofs (P24)", async () => {
      await contribute(d, d.alice, 1_000n, { quality: WAD });
      const outcome = await outcomeOf(d, contribute(d, d.alice, 3_000n, { quality: wad("0.1") }));
      expect(outcome.averageQuality).to.equal(wad("0.325"));
      expect(outcome.schedule.basicThrough).to.equal(start + 43n);
    });

    it("are not lifted by dust: 5,000 FTNS at 0.29 and three dust proofs of quality 1 make nothing", async () => {
      await contribute(d, d.alice, 5_000n, { quality: wad("0.29") });
      for (const kind of [KIND.STORAGE, KIND.MODEL, KIND.TEACHING]) {
        const dust = await proof(d, { kind, units: wad("0.0001"), quality: WAD });
        const { tier, averageQuality } = await outcomeOf(d, submit(d, dust));
        expect(tier).to.equal(TIER.NONE);
        expect(averageQuality).to.be.lessThan(wad("0.2901"));
      }
      const status = await d.registry.statusOf(d.alice);
      expect([status.proofs, status.kinds, status.diversityBonus]).to.deep.equal([4n, 1n << KIND.COMPUTE, WAD]);
    });

    it("grow by an eighth with each further kind, up to three", async () => {
      const kinds = [KIND.STORAGE, KIND.COMPUTE, KIND.GOVERNANCE, KIND.MODEL, KIND.RESEARCH];
      const bonus = ["1", "1.125", "1.25", "1.375", "1.375"].map(wad);
      for (const [i, kind] of kinds.entries()) {
        const units = (10n * WAD * WAD) / (await d.registry.baseRate(kind));
        await submit(d, await proof(d, { kind, units, quality: WAD }));
        const status = await d.registry.statusOf(d.alice);
        const value = BigInt(i + 1) * 10n * FTNS;
        expect(status.weightedValue).to.equal(value);
        expect(status.diversityBonus).to.equal(bonus[i]);
        expect(status.score).to.equal((value * bonus[i]!) / WAD);
      }
    });

    it("count a second proof of the same kind once for diversity", async () => {
      await contribute(d, d.alice, 10n);
      await contribute(d, d.alice, 10n);
      expect((await d.registry.statusOf(d.alice)).diversityBonus).to.equal(WAD);
    });

    it("add up whole, however large (P25)", async () => {
      for (const total of [5_000n, 10_000n, 15_000n]) {
        expect((await outcomeOf(d, contribute(d, d.alice, 5_000n, { quality: WAD }))).score).to.equal(total * FTNS);
      }
      await goTo(start + 1n);
      await contribute(d, d.alice, 10n, { quality: WAD });
      expect((await d.registry.statusOf(d.alice)).score).to.equal(15_010n * FTNS);
    });

    it("count a kind from a proof worth 2 FTNS on, and a commitment with it", async () => {
      await contribute(d, d.alice, 10n);
      const teaching = async (value: string) => submit(d, await proof(d, { kind: KIND.TEACHING, units: wad(value) / 20n }));
      await teaching("1.99999999999999998");
      expect((await d.registry.statusOf(d.alice)).diversityBonus).to.equal(WAD);
      await teaching("2");
      const status = await d.registry.statusOf(d.alice);
      expect([status.diversityBonus, status.kinds]).to.deep.equal([wad("1.125"), (1n << KIND.COMPUTE) | (1n << KIND.TEACHING)]);
    });
  });

  describe("time", () => {
    it("keeps a proof for 30 days, the landing day included", async () => {
      await contribute(d, d.alice, 20n);
      await goTo(start + 29n);
      const last = await d.registry.statusOf(d.alice);
      expect([last.proofs, last.score, last.supportedTier]).to.deep.equal([1n, 18n * FTNS, TIER.BASIC]);
      await goTo(start + 30n);
      const gone = await d.registry.statusOf(d.alice);
      expect([gone.proofs, gone.score, gone.kinds, gone.supportedTier]).to.deep.equal([0n, 0n, 0n, TIER.NONE]);
      expect(gone.tier).to.equal(TIER.BASIC); // the disconnection grace
    });

    it("steps down from tier to tier without a transaction", async () => {
      await contribute(d, d.alice, 20n, { quality: WAD }); // carries BASIC
      await goTo(start + 5n);
      await contribute(d, d.alice, 40n, { quality: WAD }); // with the first ACTIVE, alone BASIC
      await goTo(start + 10n);
      await contribute(d, d.alice, 45n, { quality: WAD }); // all three POWER
      expect(await scheduleOf(d.alice)).to.deep.equal([start + 53n, start + 48n, start + 43n]);
      const tiers: [bigint, bigint][] = [
        [start + 43n, TIER.POWER],
        [start + 44n, TIER.ACTIVE],
        [start + 48n, TIER.ACTIVE],
        [start + 49n, TIER.BASIC],
        [start + 53n, TIER.BASIC],
        [start + 54n, TIER.NONE],
      ];
      for (const [day, tier] of tiers) {
        expect(await d.registry.tierOn(d.alice, day)).to.equal(tier);
        expect(await d.token.tierOn(d.alice, day)).to.equal(tier);
      }
    });

    it("pays at the tier of the disconnection grace too, and not a day longer", async () => {
      await contribute(d, d.alice, 20n);
      await goTo(start + 43n);
      expect((await outcomeOf(d, contribute(d, d.alice, 1n))).earned).to.equal(FTNS);
      await goTo(start + 44n);
      const late = await outcomeOf(d, contribute(d, d.alice, 1n));
      expect([late.tier, late.earned]).to.deep.equal([TIER.NONE, 0n]);
    });

    it("does not let small proofs stretch the grace (P23)", async () => {
      await contribute(d, d.alice, 20n);
      for (const day of [30n, 36n, 43n]) {
        await goTo(start + day);
        await contribute(d, d.alice, 1n);
        expect((await scheduleOf(d.alice))[0]).to.equal(start + 43n);
      }
    });

    it("ends a tier that a weak proof broke after the grace, and leaves the others", async () => {
      await contribute(d, d.alice, 200n, { quality: WAD });
      expect(await scheduleOf(d.alice)).to.deep.equal([start + 43n, start + 43n, start + 43n]);
      await goTo(start + 3n);
      const weak = await outcomeOf(d, contribute(d, d.alice, 200n, { quality: 0n })); // mean 0.5: BASIC
      expect(await scheduleOf(d.alice)).to.deep.equal([start + 43n, start + 16n, start + 16n]);
      expect(weak.tier).to.equal(TIER.POWER); // while the grace runs
      await goTo(start + 10n);
      await contribute(d, d.alice, 200n, { quality: 0n }); // mean 0.333: no longer a day for the others
      expect(await scheduleOf(d.alice)).to.deep.equal([start + 43n, start + 16n, start + 16n]);
    });

    it("gives a tier that never held no grace", async () => {
      await contribute(d, d.alice, 1_000n, { quality: wad("0.5") });
      expect(await scheduleOf(d.alice)).to.deep.equal([start + 43n, 0n, 0n]);
    });

    it("forgets everything after a long absence", async () => {
      await contribute(d, d.alice, 200n);
      await goTo(start + 32n);
      await contribute(d, d.alice, 1n);
      expect((await d.registry.statusOf(d.alice)).score).to.equal(wad("0.9"));
      await goTo(start + 1_000n);
      const { score, tier } = await outcomeOf(d, contribute(d, d.alice, 1n));
      expect([score, tier]).to.deep.equal([wad("0.9"), TIER.NONE]);
    });
  });

  describe("refresh", () => {
    it("reverts for an account without contributions", async () => {
      await expect(d.registry.refresh(d.eve)).to.be.revertedWithCustomError(d.registry, "NoContributions").withArgs(d.eve);
    });

    it("changes nothing while the schedule is right, at any time, by anyone (P23)", async () => {
      await contribute(d, d.alice, 200n);
      const schedule = await scheduleOf(d.alice);
      for (const day of [1n, 10n, 29n, 30n, 35n, 43n, 44n, 60n, 500n]) {
        await goTo(start + day);
        await expect(d.registry.connect(d.eve).refresh(d.alice)).not.to.emit(d.token, "TierScheduleSet");
        expect(await scheduleOf(d.alice)).to.deep.equal(schedule);
      }
    });

    it("raises a tier when a weak proof has left the window, and twice changes no more than once", async () => {
      await contribute(d, d.alice, 200n, { quality: 0n });
      await goTo(start + 10n);
      await contribute(d, d.alice, 200n, { quality: WAD }); // mean 0.5 until the first leaves
      expect(await scheduleOf(d.alice)).to.deep.equal([start + 53n, 0n, 0n]);

      await goTo(start + 29n);
      await expect(d.registry.refresh(d.alice)).not.to.emit(d.token, "TierScheduleSet");
      await goTo(start + 30n);
      const status = await d.registry.statusOf(d.alice);
      expect(status.supportedTier).to.equal(TIER.POWER);
      expect(status.tier).to.equal(TIER.BASIC);
      const full = [start + 53n, start + 53n, start + 53n];
      expect(days(status.refreshed)).to.deep.equal(full);
      await expect(d.registry.connect(d.eve).refresh(d.alice)).to.emit(d.token, "TierScheduleSet").withArgs(d.alice, full);
      expect(await scheduleOf(d.alice)).to.deep.equal(full);
      await expect(d.registry.refresh(d.alice)).not.to.emit(d.token, "TierScheduleSet");
    });

    it("follows new tier rules when governance has changed them", async () => {
      await contribute(d, d.alice, 200n);
      const rules = await d.registry.tierRules();
      await d.registry.connect(d.people.governor).setTierRules({
        minScore: [10n * FTNS, 50n * FTNS, 500n * FTNS],
        minQuality: [...rules.minQuality],
        diversityStep: rules.diversityStep,
        maxExtraKinds: rules.maxExtraKinds,
      });
      expect(await d.registry.tierOn(d.alice, start)).to.equal(TIER.POWER); // until refreshed
      await d.registry.refresh(d.alice);
      expect(await scheduleOf(d.alice)).to.deep.equal([start + 43n, start + 43n, start + 13n]);
    });

    it("moves no money", async () => {
      await contribute(d, d.alice, 200n, { quality: 0n });
      await contribute(d, d.alice, 200n, { quality: WAD });
      await goTo(start + 30n);
      const supply = await d.token.totalSupply();
      await d.registry.connect(d.eve).refresh(d.alice);
      expect(await d.token.totalSupply()).to.equal(supply);
    });
  });

  describe("statusOf", () => {
    it("of a stranger: all that BASIC takes is missing", async () => {
      const status = await d.registry.statusOf(d.eve);
      expect([status.tier, status.supportedTier, status.nextTier]).to.deep.equal([TIER.NONE, TIER.NONE, TIER.BASIC]);
      expect([status.missingScore, status.missingQuality]).to.deep.equal([10n * FTNS, wad("0.3")]);
      expect([status.totalProofs, status.lastDay, status.averageQuality]).to.deep.equal([0n, 0n, 0n]);
      expect(status.diversityBonus).to.equal(WAD);
    });

    it("says what is missing for the next tier, and nothing at the top", async () => {
      await contribute(d, d.alice, 100n, { quality: wad("0.5") });
      const poor = await d.registry.statusOf(d.alice);
      expect([poor.supportedTier, poor.nextTier]).to.deep.equal([TIER.BASIC, TIER.ACTIVE]);
      expect([poor.missingScore, poor.missingQuality]).to.deep.equal([0n, wad("0.1")]);

      await contribute(d, d.bob, 70n, { quality: WAD });
      const small = await d.registry.statusOf(d.bob);
      expect([small.supportedTier, small.nextTier]).to.deep.equal([TIER.ACTIVE, TIER.POWER]);
      expect([small.missingScore, small.missingQuality]).to.deep.equal([30n * FTNS, 0n]);

      await contribute(d, d.carol, 200n);
      const top = await d.registry.statusOf(d.carol);
      expect([top.supportedTier, top.nextTier]).to.deep.equal([TIER.POWER, TIER.POWER]);
      expect([top.missingScore, top.missingQuality]).to.deep.equal([0n, 0n]);
    });
  });
});
