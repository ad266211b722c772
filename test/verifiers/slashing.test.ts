// Equivocation (P302), slashing by governance, and what signers earn (P303).
import { expect } from "chai";
import { ZeroAddress, type Signer } from "ethers";
import { DAY } from "../helpers/time.ts";
import { signContribution, type Contribution } from "../helpers/sign.ts";
import { FTNS, handIn, LOCK, verifiersFixture, WAD, worth, type Verifiers } from "./fixture.ts";

const { connection, fresh } = await verifiersFixture();
const { ethers } = connection;

describe("VerifierStakes slashing", () => {
  let d: Verifiers;
  let stakes: Verifiers["stakes"];
  beforeEach(async () => {
    d = await fresh();
    stakes = d.stakes;
  });
  const liar = () => d.verifiers[0]!;
  const signed = async (contribution: Contribution, by: Signer = liar()) => ({
    contribution,
    signature: await signContribution(by, contribution, d.place),
  });
  const present = async (a: Contribution, b: Contribution, by: Signer = liar()) =>
    stakes.connect(d.eve).presentEquivocation(liar(), [await signed(a), await signed(b, by)]);

  describe("presentEquivocation (P302)", () => {
    let statement: Contribution;
    beforeEach(async () => {
      statement = await worth(d, d.alice, 100n * FTNS);
    });

    it("reverts for statements of two proofs, and for one that is not signed by the verifier", async () => {
      const other = { ...statement, proofHash: ethers.id("another"), units: 1n };
      await expect(present(statement, other))
        .to.be.revertedWithCustomError(stakes, "DifferentProofs")
        .withArgs(statement.proofHash, other.proofHash);
      const second = { ...statement, units: 1n };
      await expect(present(statement, second, d.verifiers[1]!))
        .to.be.revertedWithCustomError(stakes, "NotSignedBy")
        .withArgs(liar().address, 1n);
      const turned: [Awaited<ReturnType<typeof signed>>, Awaited<ReturnType<typeof signed>>] = [
        await signed(statement, d.verifiers[1]!),
        await signed(second),
      ];
      await expect(stakes.presentEquivocation(liar(), turned))
        .to.be.revertedWithCustomError(stakes, "NotSignedBy")
        .withArgs(liar().address, 0n);
    });

    it("reverts for a signature that is good for another contract", async () => {
      const second = { ...statement, units: 1n };
      const place = { ...d.place, verifyingContract: d.addresses.vault };
      const foreign = { contribution: second, signature: await signContribution(liar(), second, place) };
      await expect(stakes.presentEquivocation(liar(), [await signed(statement), foreign]))
        .to.be.revertedWithCustomError(stakes, "NotSignedBy")
        .withArgs(liar().address, 1n);
    });

    const harmless: [string, (s: Contribution) => Partial<Contribution>][] = [
      ["confidence", () => ({ confidence: WAD })],
      ["observedAt", ({ observedAt }) => ({ observedAt: observedAt - 1n })],
      ["expiresAt", ({ expiresAt }) => ({ expiresAt: expiresAt + 1n })],
      ["evidenceURI", () => ({ evidenceURI: "ipfs://elsewhere" })],
      ["nothing", () => ({})],
    ];
    for (const [field, change] of harmless) {
      it(`reverts where ${field} differs alone`, async () => {
        await expect(present(statement, { ...statement, ...change(statement) }))
          .to.be.revertedWithCustomError(stakes, "NoContradiction")
          .withArgs(statement.proofHash);
      });
    }

    const lies: [string, () => Partial<Contribution>][] = [
      ["contributor", () => ({ contributor: d.bob.address })],
      ["kind", () => ({ kind: 0n })],
      ["units", () => ({ units: statement.units + 1n })],
      ["quality", () => ({ quality: WAD / 10n })],
      ["impact", () => ({ impact: 2n * WAD })],
      ["evidenceRoot", () => ({ evidenceRoot: ethers.id("another manifest") })],
    ];
    for (const [field, change] of lies) {
      it(`takes the whole lock where ${field} differs, a tenth for the presenter, and removes the verifier`, async () => {
        const call = present(statement, { ...statement, ...change() });
        await expect(call).to.emit(stakes, "Equivocated").withArgs(liar().address, statement.proofHash, d.eve.address);
        await expect(call)
          .to.emit(stakes, "VerifierSlashed")
          .withArgs(liar().address, d.eve.address, LOCK, LOCK / 10n, 0n);
        await expect(call).to.emit(d.registry, "VerifierRemoved").withArgs(liar().address);
        await expect(call).to.changeTokenBalances(ethers, d.token, [d.eve, d.pool], [LOCK / 10n, (LOCK * 9n) / 10n]);
        expect(await d.vault.lockOf(liar(), stakes)).to.equal(0n);
        expect(await d.vault.stakedOf(liar())).to.equal(0n);
        expect(await d.registry.isVerifier(liar())).to.equal(false);
      });
    }

    it("does not ask whether a statement was ever handed in, or has expired", async () => {
      await d.clock.pass(30n * DAY);
      await present(statement, { ...statement, units: 1n });
    });

    it("reaches a verifier that is leaving, and one that was removed, as long as its lock is there", async () => {
      await stakes.connect(liar()).requestUnlock();
      await d.registry.connect(d.people.governor).removeVerifier(liar());
      await d.clock.pass(13n * DAY);
      const call = present(statement, { ...statement, units: 1n });
      await expect(call)
        .to.emit(stakes, "VerifierSlashed")
        .withArgs(liar().address, d.eve.address, LOCK, LOCK / 10n, 0n);
      await expect(call).not.to.emit(d.registry, "VerifierRemoved");
      await expect(present(statement, { ...statement, units: 1n }))
        .to.be.revertedWithCustomError(stakes, "NothingToSlash")
        .withArgs(liar().address);
    });

    it("removes a verifier that has nothing locked", async () => {
      await stakes.connect(d.people.governor).slash(liar(), LOCK, ZeroAddress);
      await expect(present(statement, { ...statement, units: 1n }))
        .to.emit(d.registry, "VerifierRemoved")
        .withArgs(liar().address);
    });

    it("removes also the last verifiers that a proof needs, and then none counts", async () => {
      await d.registry.connect(d.people.governor).removeVerifier(d.verifiers[2]!);
      await present(statement, { ...statement, units: 1n });
      await expect(handIn(d, statement, [d.verifiers[1]!]))
        .to.be.revertedWithCustomError(d.registry, "TooFewAttestations")
        .withArgs(1n, 2n);
    });

    it("does not let the verifier present itself", async () => {
      const two = [await signed(statement), await signed({ ...statement, units: 1n })] as const;
      await expect(stakes.connect(liar()).presentEquivocation(liar(), [two[0], two[1]]))
        .to.be.revertedWithCustomError(d.vault, "InvalidRecipient")
        .withArgs(liar().address);
    });

    it("works in a halt: the presenter's tenth is set aside", async () => {
      await d.token.connect(d.people.breaker).halt((await d.clock.now()) + DAY);
      await expect(present(statement, { ...statement, units: 1n })).to.emit(d.vault, "SetAside");
      await d.clock.pass(2n * DAY);
      await expect(d.vault.collect(d.eve)).to.emit(d.token, "Transfer");
    });
  });

  describe("slash", () => {
    const governed = () => stakes.connect(d.people.governor);

    it("is for governance alone, and needs something to slash", async () => {
      await expect(stakes.connect(d.eve).slash(liar(), 1n, ZeroAddress))
        .to.be.revertedWithCustomError(stakes, "AccessManagedUnauthorized")
        .withArgs(d.eve.address);
      await expect(governed().slash(d.eve, 1n, ZeroAddress))
        .to.be.revertedWithCustomError(stakes, "NothingToSlash")
        .withArgs(d.eve);
    });

    it("takes a part, a tenth of it for whoever found out, and leaves the verifier registered", async () => {
      await expect(governed().slash(liar(), 1_000n * FTNS, d.eve)).to.changeTokenBalances(
        ethers,
        d.token,
        [d.eve, d.pool],
        [100n * FTNS, 900n * FTNS],
      );
      expect(await d.vault.lockOf(liar(), stakes)).to.equal(LOCK - 1_000n * FTNS);
      expect(await d.registry.isVerifier(liar())).to.equal(true);
    });

    it("takes what is there where more is asked for, all of it for the pool where nobody found out", async () => {
      await expect(governed().slash(liar(), 2n * LOCK, ZeroAddress)).to.changeTokenBalances(ethers, d.token, [d.pool], [LOCK]);
    });

    it("takes nine wei without a tenth", async () => {
      await expect(governed().slash(liar(), 9n, d.eve)).to.changeTokenBalances(ethers, d.token, [d.eve, d.pool], [0n, 9n]);
    });
  });

  describe("fees (P303)", () => {
    const view = () => stakes.verifierOf(liar());
    /** To the first day of a week, an hour in. */
    const toWeek = async () => d.clock.toDaysAhead(7n - ((await d.clock.today()) % 7n), 3_600n);
    beforeEach(async () => {
      await d.token.connect(d.people.treasury).transfer(d.pool, 100_000n * FTNS);
      await toWeek();
    });

    it("are 1 % of the reward, shared, and due from the second week on", async () => {
      // POWER at once: 1,000 * 1.6 earned, 16 for two signers.
      await handIn(d, await worth(d, d.alice, 1_000n * FTNS));
      expect([(await view()).feesDue, (await view()).feesWaiting]).to.deep.equal([0n, 8n * FTNS]);
      await expect(stakes.payFees(liar())).to.be.revertedWithCustomError(stakes, "NoFeesDue").withArgs(liar().address);
      await toWeek();
      await handIn(d, await worth(d, d.alice, 1_000n * FTNS));
      expect([(await view()).feesDue, (await view()).feesWaiting]).to.deep.equal([0n, 16n * FTNS]);
      await expect(stakes.payFees(liar())).to.be.revertedWithCustomError(stakes, "NoFeesDue");
      await toWeek();
      expect([(await view()).feesDue, (await view()).feesWaiting]).to.deep.equal([8n * FTNS, 8n * FTNS]);
      const call = stakes.connect(d.eve).payFees(liar());
      await expect(call)
        .to.emit(stakes, "FeesPaid")
        .withArgs(liar().address, 8n * FTNS, 0n);
      await expect(call).to.changeTokenBalances(ethers, d.token, [liar(), d.pool], [8n * FTNS, -8n * FTNS]);
      await expect(stakes.payFees(liar())).to.be.revertedWithCustomError(stakes, "NoFeesDue");
    });

    it("stay due as far as the pool can't pay, and are paid by funds alone", async () => {
      await handIn(d, await worth(d, d.alice, 1_000n * FTNS));
      await toWeek();
      await toWeek();
      await d.pool.connect(d.people.governor).setShares(0n, 0n, 0n);
      await expect(stakes.payFees(liar()))
        .to.emit(stakes, "FeesPaid")
        .withArgs(liar().address, 0n, 8n * FTNS);
      expect((await view()).feesDue).to.equal(8n * FTNS);
      await d.pool.connect(d.people.governor).setShares(0n, 0n, WAD / 10n);
      await expect(stakes.payFees(liar())).to.changeTokenBalances(ethers, d.token, [liar()], [8n * FTNS]);
    });

    it("add up over weeks without a proof, and are gone when the verifier is slashed", async () => {
      await handIn(d, await worth(d, d.alice, 1_000n * FTNS));
      await toWeek();
      await handIn(d, await worth(d, d.alice, 500n * FTNS));
      await toWeek();
      await handIn(d, await worth(d, d.alice, 250n * FTNS));
      expect([(await view()).feesDue, (await view()).feesWaiting]).to.deep.equal([8n * FTNS, 6n * FTNS]);
      await d.clock.pass(60n * DAY);
      expect([(await view()).feesDue, (await view()).feesWaiting]).to.deep.equal([14n * FTNS, 0n]);
      await expect(stakes.connect(d.people.governor).slash(liar(), FTNS, ZeroAddress))
        .to.emit(stakes, "VerifierSlashed")
        .withArgs(liar().address, ZeroAddress, FTNS, 0n, 14n * FTNS);
      await expect(stakes.payFees(liar())).to.be.revertedWithCustomError(stakes, "NoFeesDue");
    });

    it("are nothing where nothing is earned", async () => {
      await handIn(d, await worth(d, d.alice, 1_000n * FTNS, { quality: WAD / 5n }));
      expect((await view()).feesWaiting).to.equal(0n);
    });
  });
});
