// What the registry starts with, who may change it, and its verifiers.
import { expect } from "chai";
import { DAY } from "../helpers/time.ts";
import { attestations, FTNS, proof, registryFixture, submit, WAD, wad, type Registry } from "./fixture.ts";
import { proofRulesOf, reviewRulesOf, tierRulesOf } from "./rulesOf.ts";

const { connection, fresh } = await registryFixture();
const { ethers } = connection;
const { ZeroAddress } = ethers;

describe("ContributorRegistry governance", () => {
  let d: Registry;
  let registry: Registry["registry"];
  beforeEach(async () => {
    d = await fresh();
    registry = d.registry.connect(d.people.governor);
  });

  const proofRules = () => proofRulesOf(registry);
  const tierRules = () => tierRulesOf(registry);
  const reviewRules = () => reviewRulesOf(registry);

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

    it("reverts when removing one who is not there", async () => {
      await expect(registry.removeVerifier(d.eve))
        .to.be.revertedWithCustomError(registry, "VerifierNotRegistered")
        .withArgs(d.eve);
    });

    it("removes also one of the last that a proof needs: then none counts until another is there", async () => {
      const [first, second, third] = d.verifiers;
      await registry.removeVerifier(first!);
      const contribution = await proof(d);
      await submit(d, contribution, { signed: await attestations(d, contribution, [second!, third!]) });
      await registry.removeVerifier(second!);
      expect([await registry.isVerifier(second!), await registry.attestationThreshold()]).to.deep.equal([false, 2n]);
      const next = await proof(d);
      await expect(submit(d, next, { signed: await attestations(d, next, [third!]) }))
        .to.be.revertedWithCustomError(registry, "TooFewAttestations")
        .withArgs(1n, 2n);
      await registry.addVerifier(d.eve);
      const sorted = [third!, d.eve];
      await submit(d, next, { signed: await attestations(d, next, sorted) });
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
});
