import { expect } from "chai";
import { DAY } from "../helpers/time.ts";
import { contribute, FTNS, KIND, registryFixture, TIER, WAD, wad, type Registry } from "./fixture.ts";
import { proofRulesOf, reviewRulesOf, tierRulesOf, type Eight, type ProofRule, type Three } from "./rulesOf.ts";

const { connection, fresh } = await registryFixture();
const { ethers } = connection;

const name = (rule: string) => ethers.encodeBytes32String(rule);

describe("ContributorRegistry governance", () => {
  let d: Registry;
  let registry: Registry["registry"];
  beforeEach(async () => {
    d = await fresh();
    registry = d.registry.connect(d.people.governor);
  });

  const outOfBounds = async (sent: Promise<unknown>, rule: string, value: bigint, min: bigint, max: bigint) =>
    expect(sent).to.be.revertedWithCustomError(registry, "RuleOutOfBounds").withArgs(name(rule), value, min, max);

  const proofRules = () => proofRulesOf(registry);
  const tierRules = () => tierRulesOf(registry);
  const reviewRules = () => reviewRulesOf(registry);

  describe("base rates", () => {
    it("revert out of bounds or for an unknown kind", async () => {
      await outOfBounds(registry.setBaseRate(0, 0n), "baseRate", 0n, 1n, 10_000n * FTNS);
      await outOfBounds(registry.setBaseRate(0, 10_000n * FTNS + 1n), "baseRate", 10_000n * FTNS + 1n, 1n, 10_000n * FTNS);
      await expect(registry.setBaseRate(8, 1n)).to.be.revertedWithCustomError(registry, "UnknownKind").withArgs(8);
      await expect(registry.baseRate(8)).to.be.revertedWithCustomError(registry, "UnknownKind").withArgs(8);
      await expect(registry.contributionValue(8, 1n, WAD))
        .to.be.revertedWithCustomError(registry, "UnknownKind")
        .withArgs(8);
      await expect(registry.contributionValue(0, 1n, 0n)).to.be.revertedWithCustomError(registry, "ImpactOutOfBounds");
    });

    it("change what a proof is worth, from now on and for this kind alone", async () => {
      for (const rate of [1n, 10_000n * FTNS, FTNS]) {
        await expect(registry.setBaseRate(KIND.COMPUTE, rate)).to.emit(registry, "BaseRateChanged").withArgs(KIND.COMPUTE, rate);
        expect(await registry.contributionValue(KIND.COMPUTE, 3n * WAD, WAD)).to.equal(3n * rate);
      }
      expect(await registry.baseRate(KIND.STORAGE)).to.equal(wad("0.01"));
    });
  });

  describe("settled base rates", () => {
    it("begin with those of the launch, and stay when a base rate changes", async () => {
      await registry.setBaseRate(KIND.DATA, FTNS);
      expect(await registry.settledBaseRate(KIND.DATA)).to.equal(10n * FTNS);
      expect(await registry.baseRate(KIND.DATA)).to.equal(FTNS);
    });

    it("set the base rate of their kind, too, and no other", async () => {
      for (const rate of [1n, 10_000n * FTNS]) {
        const settled = registry.settleBaseRate(KIND.DATA, rate);
        await expect(settled).to.emit(registry, "BaseRateSettled").withArgs(KIND.DATA, rate);
        await expect(settled).to.emit(registry, "BaseRateChanged").withArgs(KIND.DATA, rate);
        expect([await registry.baseRate(KIND.DATA), await registry.settledBaseRate(KIND.DATA)]).to.deep.equal([rate, rate]);
      }
      expect(await registry.settledBaseRate(KIND.STORAGE)).to.equal(wad("0.01"));
    });

    it("revert out of the bounds of base rates, or for an unknown kind", async () => {
      await outOfBounds(registry.settleBaseRate(0, 0n), "baseRate", 0n, 1n, 10_000n * FTNS);
      await outOfBounds(registry.settleBaseRate(0, 10_000n * FTNS + 1n), "baseRate", 10_000n * FTNS + 1n, 1n, 10_000n * FTNS);
      await expect(registry.settleBaseRate(8, 1n)).to.be.revertedWithCustomError(registry, "UnknownKind").withArgs(8);
      await expect(registry.settledBaseRate(8)).to.be.revertedWithCustomError(registry, "UnknownKind").withArgs(8);
    });
  });

  describe("proof rules", () => {
    const bounds: [ProofRule, bigint, bigint][] = [
      ["maxValue", FTNS, 100_000n * FTNS],
      ["minConfidence", 0n, WAD],
      ["maxAgeSec", 3_600n, 30n * DAY],
      ["newcomerGraceDays", 0n, 365n],
      ["disconnectionGraceDays", 0n, 60n],
      ["vouchingFactor", 0n, 50n],
      ["stakeCover", 0n, 100n],
      ["minCommitment", FTNS / 10n, 100n * FTNS],
    ];

    for (const [rule, min, max] of bounds) {
      it(`${rule} reverts outside ${min} to ${max}, and takes both`, async () => {
        const rules = await proofRules();
        await outOfBounds(registry.setProofRules({ ...rules, [rule]: max + 1n }), rule, max + 1n, min, max);
        if (min > 0n) await outOfBounds(registry.setProofRules({ ...rules, [rule]: min - 1n }), rule, min - 1n, min, max);
        expect(await proofRules()).to.deep.equal(rules);
        for (const value of [min, max]) {
          const changed = { ...rules, [rule]: value };
          await expect(registry.setProofRules(changed)).to.emit(registry, "ProofRulesChanged").withArgs(Object.values(changed));
          expect(await proofRules()).to.deep.equal(changed);
        }
      });
    }

    it("keep one another: all at their least, all at their most", async () => {
      for (const rules of [bounds.map(([rule, min]) => [rule, min]), bounds.map(([rule, , max]) => [rule, max])]) {
        const changed = Object.fromEntries(rules) as Record<ProofRule, bigint>;
        await registry.setProofRules(changed);
        expect(await proofRules()).to.deep.equal(changed);
      }
    });

    it("revert when minCommitment is finer than 1e-6 FTNS", async () => {
      const rules = await proofRules();
      await expect(registry.setProofRules({ ...rules, minCommitment: 2n * FTNS + 1n }))
        .to.be.revertedWithCustomError(registry, "RuleTooFine")
        .withArgs(name("minCommitment"), 2n * FTNS + 1n, 10n ** 12n);
    });

    it("decide at once from which value on a kind counts", async () => {
      await registry.setProofRules({ ...(await proofRules()), minCommitment: 50n * FTNS });
      await contribute(d, d.alice, 49n);
      expect((await registry.statusOf(d.alice)).kinds).to.equal(0n);
      await contribute(d, d.alice, 50n);
      expect((await registry.statusOf(d.alice)).kinds).to.equal(1n << KIND.COMPUTE);
    });

    it("decide at once: value, confidence, age, graces", async () => {
      await registry.setProofRules({
        ...(await proofRules()),
        maxValue: 30n * FTNS,
        minConfidence: wad("0.9"),
        maxAgeSec: 3_600n,
        newcomerGraceDays: 7n,
        disconnectionGraceDays: 2n,
      });
      const now = await d.clock.now();
      const today = await d.clock.today();
      await expect(contribute(d, d.alice, 31n)).to.be.revertedWithCustomError(registry, "ValueAboveLimit");
      await expect(contribute(d, d.alice, 30n, { confidence: wad("0.8") })).to.be.revertedWithCustomError(
        registry,
        "ConfidenceOutOfBounds",
      );
      await expect(contribute(d, d.alice, 30n, { observedAt: now - 3_601n })).to.be.revertedWithCustomError(
        registry,
        "ObservedTooLongAgo",
      );
      await expect(contribute(d, d.alice, 30n))
        .to.emit(d.token, "GraceStarted")
        .withArgs(d.alice, today + 7n);
      expect((await registry.scheduleOf(d.alice)).basicThrough).to.equal(today + 29n + 2n);
    });

    it("can do without either grace, and with the longest", async () => {
      const rules = await proofRules();
      const today = await d.clock.today();
      await registry.setProofRules({ ...rules, newcomerGraceDays: 0n, disconnectionGraceDays: 0n });
      await expect(contribute(d, d.alice, 30n)).not.to.emit(d.token, "GraceStarted");
      expect((await registry.scheduleOf(d.alice)).basicThrough).to.equal(today + 29n);
      await registry.setProofRules({ ...rules, newcomerGraceDays: 365n, disconnectionGraceDays: 60n });
      await expect(contribute(d, d.bob, 30n))
        .to.emit(d.token, "GraceStarted")
        .withArgs(d.bob, today + 365n);
      expect((await d.token.accountOf(d.bob)).schedule.basicThrough).to.equal(today + 89n);
    });
  });

  describe("tier rules", () => {
    const [minScore, maxScore] = [wad("0.001"), 4_000n * FTNS];

    it("revert out of bounds", async () => {
      const rules = await tierRules();
      const low = [minScore - 1n, 50n * FTNS, 100n * FTNS] as Three;
      await outOfBounds(registry.setTierRules({ ...rules, minScore: low }), "minScore", minScore - 1n, minScore, maxScore);
      const high = [10n * FTNS, 50n * FTNS, maxScore + 1n] as Three;
      await outOfBounds(registry.setTierRules({ ...rules, minScore: high }), "minScore", maxScore + 1n, minScore, maxScore);
      const fine = [0n, 0n, WAD + 1n] as Three;
      await outOfBounds(registry.setTierRules({ ...rules, minQuality: fine }), "minQuality", WAD + 1n, 0n, WAD);
      await outOfBounds(registry.setTierRules({ ...rules, diversityStep: WAD + 1n }), "diversityStep", WAD + 1n, 0n, WAD);
      await outOfBounds(registry.setTierRules({ ...rules, maxExtraKinds: 8n }), "maxExtraKinds", 8n, 0n, 7n);
    });

    it("revert when finer than the buckets can tell", async () => {
      const rules = await tierRules();
      const tooFine = async (changed: typeof rules, rule: string, value: bigint, step: bigint) =>
        expect(registry.setTierRules(changed))
          .to.be.revertedWithCustomError(registry, "RuleTooFine")
          .withArgs(name(rule), value, step);
      await tooFine({ ...rules, minScore: [10n * FTNS + 1n, 50n * FTNS, 100n * FTNS] }, "minScore", 10n * FTNS + 1n, 10n ** 12n);
      await tooFine({ ...rules, minQuality: [1n, WAD, WAD] }, "minQuality", 1n, 10n ** 15n);
      await tooFine({ ...rules, diversityStep: 1n }, "diversityStep", 1n, 10n ** 15n);
    });

    it("revert when a higher tier asks for less", async () => {
      const rules = await tierRules();
      const notNested = async (changed: typeof rules, tier: bigint) =>
        expect(registry.setTierRules(changed)).to.be.revertedWithCustomError(registry, "TierRulesNotNested").withArgs(tier);
      await notNested({ ...rules, minScore: [50n * FTNS, 49n * FTNS, 100n * FTNS] }, TIER.ACTIVE);
      await notNested({ ...rules, minScore: [10n * FTNS, 50n * FTNS, 49n * FTNS] }, TIER.POWER);
      await notNested({ ...rules, minQuality: [wad("0.3"), wad("0.2"), wad("0.8")] }, TIER.ACTIVE);
      await notNested({ ...rules, minQuality: [wad("0.3"), wad("0.6"), wad("0.5")] }, TIER.POWER);
    });

    it("take their bounds, all tiers alike, and decide at the next proof (P25)", async () => {
      const extremes = [
        {
          minScore: [minScore, minScore, minScore] as Three,
          minQuality: [0n, 0n, 0n] as Three,
          diversityStep: 0n,
          maxExtraKinds: 0n,
        },
        {
          minScore: [maxScore, maxScore, maxScore] as Three,
          minQuality: [WAD, WAD, WAD] as Three,
          diversityStep: WAD,
          maxExtraKinds: 7n,
        },
      ];
      for (const [i, rules] of extremes.entries()) {
        await expect(registry.setTierRules(rules)).to.emit(registry, "TierRulesChanged").withArgs(Object.values(rules));
        expect(await tierRules()).to.deep.equal(rules);
        await contribute(d, i === 0 ? d.alice : d.bob, 1n, { quality: wad("0.001") }); // a score of just 0.001
      }
      expect((await registry.statusOf(d.alice)).tier).to.equal(TIER.POWER);
      expect((await registry.statusOf(d.bob)).tier).to.equal(TIER.NONE);
      await contribute(d, d.carol, 4_000n, { quality: WAD });
      expect((await registry.statusOf(d.carol)).tier).to.equal(TIER.POWER);
    });
  });

  describe("review rules", () => {
    it("revert out of bounds, and take their bounds", async () => {
      const rules = await reviewRules();
      await outOfBounds(registry.setReviewRules({ ...rules, minRating: 0n }), "minRating", 0n, 1n, 5n);
      await outOfBounds(registry.setReviewRules({ ...rules, minRating: 6n }), "minRating", 6n, 1n, 5n);
      await outOfBounds(registry.setReviewRules({ ...rules, maxAgeSec: DAY - 1n }), "maxAgeSec", DAY - 1n, DAY, 90n * DAY);
      await outOfBounds(
        registry.setReviewRules({ ...rules, maxAgeSec: 90n * DAY + 1n }),
        "maxAgeSec",
        90n * DAY + 1n,
        DAY,
        90n * DAY,
      );
      await outOfBounds(registry.setReviewRules({ ...rules, monthlyLimit: 0n }), "monthlyLimit", 0n, 1n, 16n);
      await outOfBounds(registry.setReviewRules({ ...rules, monthlyLimit: 17n }), "monthlyLimit", 17n, 1n, 16n);
      const nine: Eight = [0n, 0n, 0n, 0n, 0n, 0n, 0n, 9n];
      await outOfBounds(registry.setReviewRules({ ...rules, required: nine }), "required", 9n, 0n, 8n);
      expect(await reviewRules()).to.deep.equal(rules);

      const all = (count: bigint): Eight => [count, count, count, count, count, count, count, count];
      for (const changed of [
        { minRating: 1n, maxAgeSec: DAY, monthlyLimit: 1n, required: all(0n) },
        { minRating: 5n, maxAgeSec: 90n * DAY, monthlyLimit: 16n, required: all(8n) },
      ]) {
        await expect(registry.setReviewRules(changed)).to.emit(registry, "ReviewRulesChanged").withArgs(Object.values(changed));
        expect(await reviewRules()).to.deep.equal(changed);
      }
    });
  });
});
