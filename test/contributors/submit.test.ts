import { expect } from "chai";
import { DAY } from "../helpers/time.ts";
import {
  attestations,
  byReviewer,
  consentTo,
  contribute,
  FTNS,
  KIND,
  outcomeOf,
  proof,
  registryFixture,
  review,
  submit,
  TIER,
  WAD,
  wad,
  type Registry,
} from "./fixture.ts";

const { connection, fresh } = await registryFixture();
const { ethers } = connection;
const { ZeroAddress, ZeroHash, MaxUint256 } = ethers;

describe("ContributorRegistry submit", () => {
  let d: Registry;
  beforeEach(async () => {
    d = await fresh();
  });

  /** Expects the proof with `changes` to be refused with `error`, and nothing to have changed. */
  async function refused(changes: Parameters<typeof proof>[1], error: string, args?: unknown[]) {
    const contribution = await proof(d, changes);
    const sent = submit(d, contribution);
    const assertion = expect(sent).to.be.revertedWithCustomError(d.registry, error);
    await (args ? assertion.withArgs(...args) : assertion);
    expect(await d.registry.isProofUsed(contribution.proofHash)).to.equal(false);
    expect((await d.registry.statusOf(d.alice)).totalProofs).to.equal(0n);
  }

  describe("given a proof that breaks a rule", () => {
    it("reverts when another than the contributor sends it", async () => {
      const contribution = await proof(d);
      await expect(d.registry.connect(d.eve).submit(contribution, await attestations(d, contribution), []))
        .to.be.revertedWithCustomError(d.registry, "NotContributor")
        .withArgs(d.eve, d.alice);
    });

    it("reverts without a contributor", async () => {
      // The zero address cannot sign, so the zero contributor is met before its consent.
      const contribution = await proof(d, { contributor: ZeroAddress });
      const { consent, signature } = await consentTo(d, d.alice, contribution, ZeroAddress);
      await expect(
        d.registry.connect(d.eve).submitFor(contribution, await attestations(d, contribution), [], consent, signature),
      ).to.be.revertedWithCustomError(d.registry, "ZeroContributor");
    });

    it("reverts with an unknown kind", async () => {
      await refused({ kind: 8n }, "UnknownKind", [8n]);
      await refused({ kind: 255n }, "UnknownKind", [255n]);
    });

    it("reverts without a fingerprint", async () => {
      const contribution = await proof(d, { proofHash: ZeroHash });
      await expect(submit(d, contribution)).to.be.revertedWithCustomError(d.registry, "ZeroProofHash");
    });

    it("reverts with zero units", async () => refused({ units: 0n }, "ZeroUnits"));

    it("reverts with so few units that their value is nothing", async () => refused({ units: 19n }, "ZeroValue", [19n]));

    it("reverts with a quality above 1", async () => refused({ quality: WAD + 1n }, "QualityOutOfBounds", [WAD + 1n, WAD]));

    it("reverts with a quality that is no whole number of thousandths", async () => {
      await refused({ quality: wad("0.8005") }, "QualityTooFine", [wad("0.8005"), WAD / 1_000n]);
      await refused({ quality: WAD - 1n }, "QualityTooFine", [WAD - 1n, WAD / 1_000n]);
      await refused({ quality: 1n }, "QualityTooFine", [1n, WAD / 1_000n]);
    });

    it("reverts with a confidence below 0.5 or above 1", async () => {
      const half = WAD / 2n;
      await refused({ confidence: half - 1n }, "ConfidenceOutOfBounds", [half - 1n, half, WAD]);
      await refused({ confidence: WAD + 1n }, "ConfidenceOutOfBounds", [WAD + 1n, half, WAD]);
    });

    it("reverts with an impact outside 0.1 to 10", async () => {
      const [min, max] = [WAD / 10n, 10n * WAD];
      await refused({ impact: min - 1n }, "ImpactOutOfBounds", [min - 1n, min, max]);
      await refused({ impact: max + 1n }, "ImpactOutOfBounds", [max + 1n, min, max]);
    });

    it("reverts when worth more than the limit of a proof", async () => {
      const limit = 5_000n * FTNS;
      await refused({ units: 100_000n * WAD + 20n }, "ValueAboveLimit", [limit + 1n, limit]);
    });

    it("reverts by the same error when the value leaves 256 bits", async () => {
      const saturated = MaxUint256 / (WAD * WAD);
      await refused({ units: MaxUint256 }, "ValueAboveLimit", [saturated, 5_000n * FTNS]);
      await refused({ kind: KIND.RESEARCH, units: MaxUint256, impact: 10n * WAD }, "ValueAboveLimit", [saturated, 5_000n * FTNS]);
    });

    it("reverts when observed in the future", async () => {
      const at = (await d.clock.now()) + 100n;
      await d.clock.nextBlockAt(at - 1n);
      await refused({ observedAt: at }, "ObservedInFuture", [at, at - 1n]);
    });

    it("reverts when observed more than 7 days ago", async () => {
      const at = (await d.clock.now()) + 100n;
      const contribution = await proof(d, { observedAt: at - 7n * DAY - 1n });
      await d.clock.nextBlockAt(at);
      await expect(submit(d, contribution))
        .to.be.revertedWithCustomError(d.registry, "ObservedTooLongAgo")
        .withArgs(at - 7n * DAY - 1n, at - 7n * DAY);
    });

    it("reverts when expired", async () => {
      const at = (await d.clock.now()) + 100n;
      const contribution = await proof(d, { expiresAt: at - 1n });
      await d.clock.nextBlockAt(at);
      await expect(submit(d, contribution))
        .to.be.revertedWithCustomError(d.registry, "ProofExpired")
        .withArgs(at - 1n, at);
    });

    it("reverts when its fingerprint was used, by anyone, in any other statement (P20)", async () => {
      const contribution = await proof(d);
      await submit(d, contribution);
      const again = { ...contribution, contributor: d.bob.address, units: WAD, evidenceURI: "elsewhere" };
      for (const repeated of [contribution, again]) {
        await expect(submit(d, repeated))
          .to.be.revertedWithCustomError(d.registry, "ProofAlreadyUsed")
          .withArgs(contribution.proofHash);
      }
    });

    it("reverts at the 64th proof of an account on one day, and not on the next", async () => {
      // A day as full as it can be, written where 62 more proofs would have brought it.
      await contribute(d, d.alice, 10n);
      const { key, word } = await ringWord(d);
      const shift = 128n * ((await d.clock.today()) % 2n);
      const full = (word & ~(0x3fn << (90n + shift))) | (62n << (90n + shift));
      await connection.networkHelpers.setStorageAt(await d.registry.getAddress(), key, full);
      await contribute(d, d.alice, 10n);
      expect((await d.registry.statusOf(d.alice)).proofs).to.equal(63n);
      await expect(contribute(d, d.alice, 10n))
        .to.be.revertedWithCustomError(d.registry, "TooManyProofsToday")
        .withArgs(d.alice, 63n);
      await contribute(d, d.bob, 10n);
      await d.clock.toDaysAhead(1n);
      await contribute(d, d.alice, 10n);
    });
  });

  describe("given a proof at the edge of every rule", () => {
    it("accepts confidence 0.5 and 1, quality 0 and 1, impact 0.1 and 10", async () => {
      await contribute(d, d.alice, 1n, { confidence: WAD / 2n });
      await contribute(d, d.alice, 1n, { confidence: WAD });
      await contribute(d, d.alice, 1n, { quality: 0n });
      await contribute(d, d.alice, 1n, { quality: WAD });
      await contribute(d, d.alice, 1n, { impact: WAD / 10n });
      await contribute(d, d.alice, 1n, { impact: 10n * WAD });
      expect((await d.registry.statusOf(d.alice)).proofs).to.equal(6n);
    });

    it("accepts one observed this second and one observed 7 days ago, expiring this second", async () => {
      const at = (await d.clock.now()) + 100n;
      const now = await proof(d, { observedAt: at, expiresAt: at });
      const old = await proof(d, { observedAt: at + 1n - 7n * DAY });
      await d.clock.nextBlockAt(at);
      await submit(d, now);
      await d.clock.nextBlockAt(at + 1n);
      await submit(d, old);
      expect((await d.registry.statusOf(d.alice)).proofs).to.equal(2n);
    });

    it("accepts a value of exactly the limit, and one wei", async () => {
      expect((await outcomeOf(d, contribute(d, d.alice, 5_000n))).value).to.equal(5_000n * FTNS);
      const smallest = submit(d, await proof(d, { units: 20n, contributor: d.bob.address }));
      expect((await outcomeOf(d, smallest)).value).to.equal(1n);
    });
  });

  describe("given a valid proof", () => {
    it("tells who, what, why, how much, and on whose word", async () => {
      const contribution = await proof(d, { kind: KIND.MODEL, units: WAD, impact: 2n * WAD });
      const through = (await d.clock.today()) + 29n + 14n;
      const signed = await attestations(d, contribution, d.verifiers);
      const countedAt = (await d.clock.now()) + 10n;
      await d.clock.nextBlockAt(countedAt);
      await expect(submit(d, contribution, { signed }))
        .to.emit(d.registry, "ContributionAccepted")
        .withArgs(
          d.alice,
          contribution.proofHash,
          KIND.MODEL,
          d.alice,
          WAD,
          wad("0.9"),
          wad("0.95"),
          2n * WAD,
          contribution.observedAt,
          [200n * FTNS, 180n * FTNS, wad("0.9"), TIER.POWER, [through, through, through], 320n * FTNS, 0n, 0n, countedAt, true],
          [d.verifiers.map(({ address }) => address), [], []],
          contribution.evidenceRoot,
          contribution.evidenceURI,
        );
    });

    it("names the reviewers and their ratings too", async () => {
      for (const peer of [d.bob, d.carol]) await contribute(d, peer, 20n);
      const contribution = await proof(d, { kind: KIND.DATA, units: WAD });
      const reviews = byReviewer([
        await review(d, d.bob, contribution, { rating: 3n }),
        await review(d, d.carol, contribution, { rating: 5n }),
      ]);
      const receipt = await (await submit(d, contribution, { reviews })).wait();
      const [event] = await d.registry.queryFilter(d.registry.filters.ContributionAccepted(), receipt!.blockNumber);
      expect([...event!.args.vouchers]).to.deep.equal([
        d.verifiers.slice(0, 2).map(({ address }) => address),
        reviews.map(({ review: { reviewer } }) => reviewer),
        reviews.map(({ review: { rating } }) => rating),
      ]);
    });

    it("values units by kind and impact, rounded down", async () => {
      const rates = ["0.01", "0.05", "10", "2", "5", "100", "500", "20"].map(wad);
      for (const [kind, rate] of rates.entries()) {
        expect(await d.registry.baseRate(kind)).to.equal(rate);
        expect(await d.registry.contributionValue(kind, WAD, WAD)).to.equal(rate);
        expect(await d.registry.contributionValue(kind, 3n * WAD, WAD / 2n)).to.equal((rate * 3n) / 2n);
        expect(await d.registry.contributionValue(kind, 3n, WAD / 10n)).to.equal((3n * rate) / (10n * WAD));
      }
    });

    it("pays the proof that lifts an account at its new tier", async () => {
      expect((await outcomeOf(d, contribute(d, d.alice, 11n))).earned).to.equal(0n); // 9.9 of score: still NONE
      const lifting = await outcomeOf(d, contribute(d, d.alice, 10n));
      expect(lifting.tier).to.equal(TIER.BASIC);
      expect(lifting.earned).to.equal(10n * FTNS);
      expect(await d.token.balanceOf(d.alice)).to.equal(10n * FTNS);
    });

    it("pushes the schedule to the token when it changes, and only then", async () => {
      await expect(contribute(d, d.alice, 1n)).not.to.emit(d.token, "TierScheduleSet");
      await expect(contribute(d, d.alice, 20n)).to.emit(d.token, "TierScheduleSet");
      await expect(contribute(d, d.alice, 1n)).not.to.emit(d.token, "TierScheduleSet");
      const [own, tokens] = [await d.registry.scheduleOf(d.alice), (await d.token.accountOf(d.alice)).schedule];
      expect(tokens).to.deep.equal(own);
      expect(own.basicThrough).to.equal((await d.clock.today()) + 43n);
    });

    it("lands on the day of the transaction, whenever the work was done", async () => {
      const now = await d.clock.now();
      await contribute(d, d.alice, 20n, { observedAt: now - 6n * DAY });
      expect((await d.registry.statusOf(d.alice)).lastDay).to.equal(await d.clock.today());
      expect((await d.registry.scheduleOf(d.alice)).basicThrough).to.equal((await d.clock.today()) + 43n);
    });

    it("returns the outcome to a calling contract", async () => {
      const contribution = await proof(d);
      const outcome = await d.registry.connect(d.alice).submit.staticCall(contribution, await attestations(d, contribution), []);
      expect(outcome.value).to.equal(10n * FTNS);
      expect(outcome.score).to.equal(9n * FTNS);
    });
  });

  describe("given an account that the token does not take as a contributor", () => {
    it("reverts, and the proof stays unused (P20)", async () => {
      const wallet = await ethers.deployContract("WalletMock", [d.alice]);
      await d.token.connect(d.people.governor).setAccountClass(wallet, 1n); // RECOGNISED
      const contribution = await proof(d, { contributor: await wallet.getAddress() });
      const { consent, signature } = await consentTo(d, d.alice, contribution, ZeroAddress);
      await expect(d.registry.connect(d.eve).submitFor(contribution, await attestations(d, contribution), [], consent, signature))
        .to.be.revertedWithCustomError(d.token, "NotStandardAccount")
        .withArgs(wallet, 1n);
      expect(await d.registry.isProofUsed(contribution.proofHash)).to.equal(false);
    });
  });

  describe("given a source of M that fails", () => {
    it("reverts, and the proof can be submitted again later (P32)", async () => {
      const contribution = await proof(d, { units: 400n * WAD });
      const signed = await attestations(d, contribution);
      await d.source.switchOff();
      await expect(submit(d, contribution, { signed })).to.be.revertedWithCustomError(d.source, "SwitchedOff");
      await d.pool.connect(d.people.governor).setMultiplierSource(await d.controller.getAddress());
      await expect(submit(d, contribution, { signed })).to.emit(d.registry, "ContributionAccepted");
    });
  });

  /** Key and content of the word of alice's ring that holds today's bucket. */
  async function ringWord(deployment: Registry) {
    const address = await deployment.registry.getAddress();
    const position = (await deployment.clock.today()) % 32n;
    for (let slot = 0; slot < 40; slot++) {
      const base = BigInt(
        ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [d.alice.address, slot])),
      );
      const key = base + 1n + position / 2n;
      const word = BigInt(await ethers.provider.getStorage(address, key));
      if (word !== 0n) return { key, word };
    }
    throw new Error("no record found");
  }
});
