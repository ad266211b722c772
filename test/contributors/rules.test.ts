import { expect } from "chai";
import { DAY } from "../helpers/time.ts";
import {
  attestations,
  contribute,
  fieldsOf,
  FTNS,
  KIND,
  proof,
  registryFixture,
  submit,
  TIER,
  WAD,
  wad,
  type Registry,
} from "./fixture.ts";

const { connection, fresh } = await registryFixture();
const { ethers } = connection;
const { ZeroAddress } = ethers;

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

  const proofRules = async () => {
    return fieldsOf(await registry.proofRules()) as Record<ProofRule, bigint>;
  };
  const tierRules = async () => {
    const { minScore, minQuality, diversityStep, maxExtraKinds } = await registry.tierRules();
    return { minScore: [...minScore] as Three, minQuality: [...minQuality] as Three, diversityStep, maxExtraKinds };
  };
  const reviewRules = async () => {
    const { minRating, maxAgeSec, monthlyLimit, required } = await registry.reviewRules();
    return { minRating, maxAgeSec, monthlyLimit, required: [...required] as Eight };
  };

  describe("constructor", () => {
    const deploy = async (verifiers: string[], threshold: bigint, token: unknown = d.token, pool: unknown = d.pool) =>
      ethers.deployContract("ContributorRegistry", [d.manager, token as string, pool as string, verifiers, threshold]);
    const refuse = async (sent: Promise<unknown>, error: string, args: unknown[]) => {
      await expect(sent)
        .to.be.revertedWithCustomError(d.registry, error)
        .withArgs(...args);
    };

    it("reverts without enough verifiers for the threshold, or with a threshold below two", async () => {
      const [first] = d.verifiers;
      await refuse(deploy([], 2n), "ThresholdOutOfBounds", [2n, 2n, 0n]);
      await refuse(deploy([first!.address], 2n), "ThresholdOutOfBounds", [2n, 2n, 1n]);
      const two = d.verifiers.slice(0, 2).map(({ address }) => address);
      for (const threshold of [0n, 1n, 3n]) {
        await refuse(deploy(two, threshold), "ThresholdOutOfBounds", [threshold, 2n, 2n]);
      }
      await deploy(two, 2n);
    });

    it("reverts with the zero verifier, the same one twice, or more than 32", async () => {
      const [first] = d.verifiers;
      await refuse(deploy([ZeroAddress], 1n), "ZeroVerifier", []);
      await refuse(deploy([first!.address, first!.address], 1n), "VerifierAlreadyRegistered", [first!.address]);
      const many = Array.from({ length: 33 }, (_, i) => ethers.toBeHex(i + 1, 20));
      await refuse(deploy(many, 1n), "TooManyVerifiers", [33n, 32n]);
    });

    it("reverts when the token or the pool has no code", async () => {
      const two = d.verifiers.slice(0, 2).map(({ address }) => address);
      await refuse(deploy(two, 2n, d.eve), "NotAContract", [d.eve.address]);
      await refuse(deploy(two, 2n, d.token, d.eve), "NotAContract", [d.eve.address]);
    });

    it("starts with the rules of the protocol", async () => {
      expect(await proofRules()).to.deep.equal({
        maxValue: 5_000n * FTNS,
        minConfidence: WAD / 2n,
        maxAgeSec: 7n * DAY,
        newcomerGraceDays: 90n,
        disconnectionGraceDays: 14n,
        vouchingFactor: 20n,
        stakeCover: 20n,
        minCommitment: 2n * FTNS,
      });
      expect(await tierRules()).to.deep.equal({
        minScore: [10n * FTNS, 50n * FTNS, 100n * FTNS],
        minQuality: [wad("0.3"), wad("0.6"), wad("0.8")],
        diversityStep: wad("0.125"),
        maxExtraKinds: 3n,
      });
      expect(await reviewRules()).to.deep.equal({
        minRating: 3n,
        maxAgeSec: 30n * DAY,
        monthlyLimit: 4n,
        required: [0n, 0n, 2n, 0n, 1n, 0n, 0n, 0n],
      });
      expect(await registry.attestationThreshold()).to.equal(2n);
      expect(await registry.TOKEN()).to.equal(await d.token.getAddress());
      expect(await registry.REWARD_POOL()).to.equal(await d.pool.getAddress());
      const { name: domain, version, chainId, verifyingContract } = await registry.eip712Domain();
      expect([domain, version]).to.deep.equal(["FTNS ContributorRegistry", "1"]);
      expect({ chainId, verifyingContract }).to.deep.equal(d.place);
    });
  });

  describe("every setter", () => {
    it("reverts for anyone but governance, before it looks at anything (P61)", async () => {
      const stranger = d.registry.connect(d.eve);
      const zeroProof = {
        maxValue: 0n,
        minConfidence: 0n,
        maxAgeSec: 0n,
        newcomerGraceDays: 0n,
        disconnectionGraceDays: 0n,
        vouchingFactor: 0n,
        stakeCover: 0n,
        minCommitment: 0n,
      };
      const calls = [
        stranger.addVerifier(ZeroAddress),
        stranger.removeVerifier(ZeroAddress),
        stranger.setAttestationThreshold(0n),
        stranger.setBaseRate(8, 0n),
        stranger.setProofRules(zeroProof),
        stranger.setTierRules({ minScore: [0n, 0n, 0n], minQuality: [0n, 0n, 0n], diversityStep: 0n, maxExtraKinds: 0n }),
        stranger.setReviewRules({ minRating: 0n, maxAgeSec: 0n, monthlyLimit: 0n, required: [0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n] }),
      ];
      for (const call of calls) {
        await expect(call).to.be.revertedWithCustomError(d.registry, "AccessManagedUnauthorized").withArgs(d.eve);
      }
    });
  });

  describe("verifiers", () => {
    it("reverts when adding zero, one who is there, or the 33rd", async () => {
      const [first] = d.verifiers;
      await expect(registry.addVerifier(ZeroAddress)).to.be.revertedWithCustomError(registry, "ZeroVerifier");
      await expect(registry.addVerifier(first!))
        .to.be.revertedWithCustomError(registry, "VerifierAlreadyRegistered")
        .withArgs(first);
      for (let i = 3; i < 32; i++) await registry.addVerifier(ethers.toBeHex(i, 20));
      await expect(registry.addVerifier(d.eve)).to.be.revertedWithCustomError(registry, "TooManyVerifiers").withArgs(33n, 32n);
      expect(await registry.verifiers()).to.have.length(32);
    });

    it("reverts when removing one who is not there, or too few would be left", async () => {
      const [first, second] = d.verifiers;
      await expect(registry.removeVerifier(d.eve))
        .to.be.revertedWithCustomError(registry, "VerifierNotRegistered")
        .withArgs(d.eve);
      await registry.removeVerifier(first!);
      await expect(registry.removeVerifier(second!))
        .to.be.revertedWithCustomError(registry, "ThresholdOutOfBounds")
        .withArgs(2n, 2n, 1n);
      expect(await registry.isVerifier(second!)).to.equal(true);
    });

    it("reverts with a threshold that cannot be met, or that one alone or nobody meets", async () => {
      for (const threshold of [0n, 1n, 4n]) {
        await expect(registry.setAttestationThreshold(threshold))
          .to.be.revertedWithCustomError(registry, "ThresholdOutOfBounds")
          .withArgs(threshold, 2n, 3n);
      }
    });

    it("come and go, and their signatures with them", async () => {
      await expect(registry.addVerifier(d.eve)).to.emit(registry, "VerifierAdded").withArgs(d.eve);
      const contribution = await proof(d);
      await submit(d, contribution, { signed: await attestations(d, contribution, [d.eve, d.verifiers[0]!]) });
      await expect(registry.removeVerifier(d.eve)).to.emit(registry, "VerifierRemoved").withArgs(d.eve);
      expect(await registry.isVerifier(d.eve)).to.equal(false);
      expect([...(await registry.verifiers())].sort()).to.deep.equal(d.verifiers.map((v) => v.address).sort());
    });

    it("all have to sign when the threshold says so", async () => {
      await expect(registry.setAttestationThreshold(3n)).to.emit(registry, "AttestationThresholdChanged").withArgs(3n);
      const contribution = await proof(d);
      await expect(submit(d, contribution)).to.be.revertedWithCustomError(registry, "TooFewAttestations").withArgs(2n, 3n);
      await submit(d, contribution, { signed: await attestations(d, contribution, d.verifiers) });
    });
  });

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

type ProofRule =
  | "maxValue"
  | "minConfidence"
  | "maxAgeSec"
  | "newcomerGraceDays"
  | "disconnectionGraceDays"
  | "vouchingFactor"
  | "stakeCover"
  | "minCommitment";
type Three = [bigint, bigint, bigint];
type Eight = [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
