import { expect } from "chai";
import { Signature, Wallet, type Signer } from "ethers";
import { compareAddresses, CONTRIBUTION_TYPES, registryDomain } from "@ftns/sdk/signing.ts";
import { signContribution, type Contribution } from "../helpers/sign.ts";
import { DAY } from "../helpers/time.ts";
import {
  attestations,
  consentTo,
  contribute,
  FTNS,
  proof,
  registryFixture,
  submit,
  type Attestations,
  type Registry,
} from "./fixture.ts";

const { connection, fresh } = await registryFixture();
const { ethers } = connection;
const { ZeroAddress } = ethers;

const MOOD = { HONEST: 0, REFUSING: 1, REVERTING: 2, MUMBLING: 3, REENTERING: 4 } as const;
/** Order of the curve: with `s` replaced by `N - s` an ECDSA signature still fits, so only the lower one may count. */
const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** A compact signature (ERC-2098) that says the other of two public keys. */
const otherParity = (compact: string) => ethers.toBeHex(BigInt(compact) ^ (1n << 255n), 64);

describe("ContributorRegistry signatures (P20)", () => {
  let d: Registry;
  let contribution: Contribution;
  beforeEach(async () => {
    d = await fresh();
    contribution = await proof(d);
  });

  /** The default attestations, the first of which carries `signature` instead. */
  async function withFirst(signature: string | ((good: string) => string)): Promise<Attestations> {
    const [first, ...others] = await attestations(d, contribution);
    const changed = typeof signature === "string" ? signature : signature(first!.signature);
    return [{ signer: first!.signer, signature: changed }, ...others];
  }

  const refuse = async (signed: Attestations, error: string, args: unknown[]) => {
    await expect(submit(d, contribution, { signed }))
      .to.be.revertedWithCustomError(d.registry, error)
      .withArgs(...args);
    expect(await d.registry.isProofUsed(contribution.proofHash)).to.equal(false);
  };

  const ordered = (signed: Attestations) => [...signed].sort((a, b) => compareAddresses(a.signer, b.signer));

  describe("attestations", () => {
    it("reverts with fewer than the threshold", async () => {
      await refuse([], "TooFewAttestations", [0n, 2n]);
      await refuse((await attestations(d, contribution)).slice(0, 1), "TooFewAttestations", [1n, 2n]);
    });

    it("reverts by a signer who is no verifier", async () => {
      const signed = await attestations(d, contribution, [d.verifiers[0]!, d.eve]);
      await refuse(signed, "UnregisteredSigner", [d.eve.address]);
      const nobody = [{ signer: ZeroAddress, signature: "0x" }, ...(await attestations(d, contribution))];
      await refuse(nobody, "UnregisteredSigner", [ZeroAddress]);
    });

    it("reverts by a verifier who was removed", async () => {
      const [first] = d.verifiers;
      const signed = await attestations(d, contribution);
      await d.registry.connect(d.people.governor).removeVerifier(first!);
      await refuse(signed, "UnregisteredSigner", [first!.address]);
    });

    it("reverts with the same signer twice", async () => {
      const [first, second] = await attestations(d, contribution);
      await refuse([first!, first!], "DuplicateSigner", [first!.signer]);
      await refuse([first!, second!, second!], "DuplicateSigner", [second!.signer]);
    });

    it("reverts out of order", async () => {
      const [first, second, third] = await attestations(d, contribution, d.verifiers);
      await refuse([second!, first!], "SignersOutOfOrder", [second!.signer, first!.signer]);
      await refuse([first!, third!, second!], "SignersOutOfOrder", [third!.signer, second!.signer]);
      await refuse([first!, second!, first!], "SignersOutOfOrder", [second!.signer, first!.signer]);
    });

    it("reverts with more than there are verifiers, because one must repeat", async () => {
      const [first, second, third] = await attestations(d, contribution, d.verifiers);
      await refuse([first!, second!, third!, third!], "DuplicateSigner", [third!.signer]);
    });

    it("reverts when one signed another contribution, in any field", async () => {
      const [verifier] = d.verifiers;
      const others: Partial<Contribution>[] = [
        { contributor: d.bob.address },
        { kind: contribution.kind + 1n },
        { proofHash: ethers.id("other") },
        { units: contribution.units - 1n },
        { quality: contribution.quality - 1n },
        { confidence: contribution.confidence - 1n },
        { impact: contribution.impact - 1n },
        { observedAt: contribution.observedAt - 1n },
        { expiresAt: contribution.expiresAt - 1n },
        { evidenceRoot: ethers.id("another manifest") },
        { evidenceURI: "" },
      ];
      for (const other of others) {
        const signature = await signContribution(verifier!, { ...contribution, ...other }, d.place);
        await refuse(await withFirst(signature), "InvalidAttestation", [verifier!.address]);
      }
    });

    it("reverts when one of more than enough is bad", async () => {
      const [first, second, third] = await attestations(d, contribution, d.verifiers);
      await refuse([first!, second!, { ...third!, signature: first!.signature }], "InvalidAttestation", [third!.signer]);
    });

    it("reverts when signed for another chain", async () => {
      const [verifier] = d.verifiers;
      const signature = await signContribution(verifier!, contribution, { ...d.place, chainId: 1n });
      await refuse(await withFirst(signature), "InvalidAttestation", [verifier!.address]);
    });

    it("reverts when signed for another contract", async () => {
      const [verifier] = d.verifiers;
      const elsewhere = { ...d.place, verifyingContract: await d.pool.getAddress() };
      const signature = await signContribution(verifier!, contribution, elsewhere);
      await refuse(await withFirst(signature), "InvalidAttestation", [verifier!.address]);
    });

    it("reverts when signed as plain text", async () => {
      const [verifier] = d.verifiers;
      const signature = await verifier!.signMessage(ethers.getBytes(await d.registry.hashContribution(contribution)));
      await refuse(await withFirst(signature), "InvalidAttestation", [verifier!.address]);
    });

    it("reverts with the other, malleable half of a good signature", async () => {
      const mirrored = await withFirst((good) => {
        const { r, s, v } = Signature.from(good);
        return ethers.concat([r, ethers.toBeHex(N - BigInt(s), 32), v === 27 ? "0x1c" : "0x1b"]);
      });
      await refuse(mirrored, "InvalidAttestation", [mirrored[0]!.signer]);
    });

    it("reverts with a signature of another length or shape", async () => {
      const cut: ((good: string) => string)[] = [
        () => "0x",
        (good) => ethers.dataSlice(good, 0, 63),
        (good) => ethers.concat([good, "0x00"]),
        (good) => otherParity(Signature.from(good).compactSerialized),
        (good) => ethers.concat([ethers.dataSlice(good, 0, 64), "0x00"]),
        () => `${ethers.ZeroHash + ethers.ZeroHash.slice(2)}1b`,
      ];
      for (const shape of cut) {
        const signed = await withFirst(shape);
        await refuse(signed, "InvalidAttestation", [signed[0]!.signer]);
      }
    });

    it("accepts the compact form of ERC-2098", async () => {
      const signed = await attestations(d, contribution);
      await submit(d, contribution, {
        signed: signed.map((one) => ({ ...one, signature: Signature.from(one.signature).compactSerialized })),
      });
    });

    it("accepts exactly the threshold, and all", async () => {
      await submit(d, contribution);
      const second = await proof(d);
      await submit(d, second, { signed: await attestations(d, second, d.verifiers) });
      expect((await d.registry.statusOf(d.alice)).totalProofs).to.equal(2n);
    });

    it("hashes as EIP-712 says", async () => {
      const expected = ethers.TypedDataEncoder.hash(registryDomain(d.place), CONTRIBUTION_TYPES, contribution);
      expect(await d.registry.hashContribution(contribution)).to.equal(expected);
    });
  });

  describe("attestations by a verifier with code", () => {
    it("reverts, whatever the code would say: only keys vouch", async () => {
      const wallet = await ethers.deployContract("WalletMock", [d.carol]);
      const address = await wallet.getAddress();
      await d.registry.connect(d.people.governor).addVerifier(address);
      const [one] = await attestations(d, contribution);
      for (const mood of [MOOD.HONEST, MOOD.REENTERING]) {
        await wallet.setMood(mood);
        const signature = await signContribution(d.carol, contribution, d.place);
        await refuse(ordered([one!, { signer: address, signature }]), "InvalidAttestation", [address]);
      }
    });

    it("counts the key of an account that has code besides (EIP-7702)", async () => {
      const [first] = d.verifiers;
      const wallet = await ethers.deployContract("WalletMock", [d.carol]);
      await wallet.setMood(MOOD.REFUSING);
      await connection.networkHelpers.setCode(first!.address, await ethers.provider.getCode(wallet));
      await submit(d, contribution);
    });
  });

  describe("a signer with code that is hostile (ERC-1271)", () => {
    async function hostile() {
      const wallet = await ethers.deployContract("WalletMock", [d.carol]);
      await wallet.setMood(MOOD.REENTERING);
      contribution = await proof(d, { contributor: await wallet.getAddress(), units: 400n * 10n ** 18n });
      return wallet;
    }

    it("cannot call back in to change anything (P26)", async () => {
      await contribute(d, d.bob, 50n);
      const wallet = await hostile();
      const given = await consentTo(d, d.carol, contribution, d.eve.address);
      const signed = await attestations(d, contribution);
      const send = async () => d.registry.connect(d.eve).submitFor(contribution, signed, [], given.consent, given.signature);
      const before = await d.registry.statusOf(d.bob);
      const calls = [
        d.registry.interface.encodeFunctionData("submit", [contribution, signed, []]),
        d.registry.interface.encodeFunctionData("refresh", [d.bob.address]),
      ];
      for (const call of calls) {
        await wallet.setCallback(d.registry, call);
        await expect(send()).to.be.revertedWithCustomError(d.registry, "InvalidConsent").withArgs(wallet);
        expect(await d.registry.isProofUsed(contribution.proofHash)).to.equal(false);
      }
      // A static look around is all it can do.
      await wallet.setCallback(d.registry, d.registry.interface.encodeFunctionData("statusOf", [d.bob.address]));
      await send();
      expect(await d.registry.statusOf(d.bob)).to.deep.equal(before);
      expect((await d.registry.statusOf(wallet)).totalProofs).to.equal(1n);
    });

    it("refuses, reverts or mumbles, and nothing counts", async () => {
      const wallet = await hostile();
      const given = await consentTo(d, d.carol, contribution, d.eve.address);
      const signed = await attestations(d, contribution);
      for (const mood of [MOOD.REFUSING, MOOD.REVERTING, MOOD.MUMBLING]) {
        await wallet.setMood(mood);
        await expect(d.registry.connect(d.eve).submitFor(contribution, signed, [], given.consent, given.signature))
          .to.be.revertedWithCustomError(d.registry, "InvalidConsent")
          .withArgs(wallet);
      }
    });
  });

  describe("consent", () => {
    async function submitFor(sender: Signer, given: Awaited<ReturnType<typeof consentTo>>, of: Contribution = contribution) {
      return d.registry.connect(sender).submitFor(of, await attestations(d, of), [], given.consent, given.signature);
    }

    const refuseConsent = async (sent: Promise<unknown>, error: string, args: unknown[]) => {
      await expect(sent)
        .to.be.revertedWithCustomError(d.registry, error)
        .withArgs(...args);
      expect(await d.registry.isProofUsed(contribution.proofHash)).to.equal(false);
    };

    it("reverts for another contribution", async () => {
      const given = await consentTo(d, d.alice, await proof(d), d.eve.address);
      const expected = await d.registry.hashContribution(contribution);
      await refuseConsent(submitFor(d.eve, given), "ConsentForAnotherContribution", [given.consent.contributionHash, expected]);
    });

    it("reverts for another submitter", async () => {
      const given = await consentTo(d, d.alice, contribution, d.bob.address);
      await refuseConsent(submitFor(d.eve, given), "ConsentForAnotherSubmitter", [d.bob.address, d.eve.address]);
    });

    it("reverts after its deadline", async () => {
      const at = (await d.clock.now()) + 100n;
      const given = await consentTo(d, d.alice, contribution, d.eve.address, { deadline: at - 1n });
      await d.clock.nextBlockAt(at);
      await refuseConsent(submitFor(d.eve, given), "ConsentExpired", [at - 1n, at]);
    });

    it("reverts when another signed it, or it was changed after signing", async () => {
      const forged = await consentTo(d, d.eve, contribution, d.eve.address);
      await refuseConsent(submitFor(d.eve, forged), "InvalidConsent", [d.alice.address]);
      const given = await consentTo(d, d.alice, contribution, d.eve.address);
      const longer = { ...given, consent: { ...given.consent, deadline: given.consent.deadline + 1n } };
      await refuseConsent(submitFor(d.eve, longer), "InvalidConsent", [d.alice.address]);
      const forAnyone = { ...given, consent: { ...given.consent, submitter: ZeroAddress } };
      await refuseConsent(submitFor(d.eve, forAnyone), "InvalidConsent", [d.alice.address]);
    });

    it("reverts when signed for another chain or contract", async () => {
      for (const place of [
        { ...d.place, chainId: 1n },
        { ...d.place, verifyingContract: await d.pool.getAddress() },
      ]) {
        const given = await consentTo({ ...d, place }, d.alice, contribution, d.eve.address);
        await refuseConsent(submitFor(d.eve, given), "InvalidConsent", [d.alice.address]);
      }
    });

    it("reverts at the second use", async () => {
      const given = await consentTo(d, d.alice, contribution, d.eve.address);
      await submitFor(d.eve, given);
      await expect(submitFor(d.eve, given)).to.be.revertedWithCustomError(d.registry, "ProofAlreadyUsed");
    });

    it("lets the named submitter send it, and pays the contributor", async () => {
      contribution = await proof(d, { units: 400n * 10n ** 18n });
      const given = await consentTo(d, d.alice, contribution, d.eve.address);
      await expect(submitFor(d.eve, given)).to.changeTokenBalances(
        connection.ethers,
        d.token,
        [d.alice, d.eve],
        [20n * FTNS, 0n],
      );
      expect((await d.registry.statusOf(d.eve)).totalProofs).to.equal(0n);
    });

    it("lets anyone send it where no submitter is named, until its deadline", async () => {
      const at = (await d.clock.now()) + DAY / 2n;
      const given = await consentTo(d, d.alice, contribution, ZeroAddress, { deadline: at });
      await d.clock.nextBlockAt(at);
      await submitFor(d.eve, given);
      expect((await d.registry.statusOf(d.alice)).totalProofs).to.equal(1n);
    });

    it("counts in the compact form, and by the key of an account that has code besides (EIP-7702)", async () => {
      const given = await consentTo(d, d.alice, contribution, d.eve.address);
      const wallet = await ethers.deployContract("WalletMock", [d.carol]);
      await wallet.setMood(MOOD.REFUSING);
      await connection.networkHelpers.setCode(d.alice.address, await ethers.provider.getCode(wallet));
      await submitFor(d.eve, { ...given, signature: Signature.from(given.signature).compactSerialized });
    });

    it("comes from a contributor with code by ERC-1271", async () => {
      const wallet = await ethers.deployContract("WalletMock", [d.carol]);
      contribution = await proof(d, { contributor: await wallet.getAddress(), units: 400n * 10n ** 18n });
      const forged = await consentTo(d, d.eve, contribution, d.eve.address);
      await refuseConsent(submitFor(d.eve, forged), "InvalidConsent", [await wallet.getAddress()]);
      await submitFor(d.eve, await consentTo(d, d.carol, contribution, d.eve.address));
      expect(await d.token.balanceOf(wallet)).to.equal(20n * FTNS);
    });

    it("is not needed by a contributor with code that submits by itself", async () => {
      const wallet = await ethers.deployContract("WalletMock", [d.carol]);
      contribution = await proof(d, { contributor: await wallet.getAddress() });
      const signed = await attestations(d, contribution);
      await wallet.execute(d.registry, d.registry.interface.encodeFunctionData("submit", [contribution, signed, []]));
      expect((await d.registry.statusOf(wallet)).totalProofs).to.equal(1n);
    });

    it("does not stand in for attestations", async () => {
      const given = await consentTo(d, d.alice, contribution, d.eve.address);
      await expect(d.registry.connect(d.eve).submitFor(contribution, [], [], given.consent, given.signature))
        .to.be.revertedWithCustomError(d.registry, "TooFewAttestations")
        .withArgs(0n, 2n);
    });
  });

  it("a key unknown to the chain signs as well as any (no account is needed)", async () => {
    const verifier = Wallet.createRandom();
    await d.registry.connect(d.people.governor).addVerifier(verifier.address);
    const signed = await attestations(d, contribution, [verifier, d.verifiers[0]!]);
    await submit(d, contribution, { signed });
    expect(await d.registry.isProofUsed(contribution.proofHash)).to.equal(true);
  });
});
