// Batches: what is accepted and what it costs the signers (P306, P307, P309, P310).
import { expect } from "chai";
import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { attest } from "../helpers/sign.ts";
import { DAY } from "../helpers/time.ts";
import {
  attestBatch,
  hashBatch,
  hashLeaf,
  hashProofInDigest,
  signBatch,
  signContribution,
  type BatchLeaf,
} from "@ftns/sdk/signing.ts";
import { type Tree, accept, batchOf, claimOwn, crowd, leafOf, placeOf, someBatches, treeOf } from "./batchFixture.ts";
import { ALLOWANCE, FTNS, handIn, LOCK, verifiersFixture, WAD, worth, type Verifiers } from "./fixture.ts";

const { connection, fresh } = await verifiersFixture();
const { ethers } = connection;

describe("BatchRewards", () => {
  let d: Verifiers;
  let batches: Verifiers["batchRewards"];
  let leaves: BatchLeaf[];
  let tree: Tree;
  beforeEach(async () => {
    ({ d, batches, leaves, tree } = await someBatches(fresh));
  });
  const open = async () => d.clock.pass(3n * DAY);
  const claim = (number: bigint, ...indices: number[]) => claimOwn(d, tree, leaves, number, indices);
  const view = (index: number) => d.stakes.verifierOf(d.verifiers[index]!);

  describe("hashes (P306)", () => {
    it("are those of the SDK and of OpenZeppelin's tree", async () => {
      const batch = await batchOf(d, tree);
      expect(await batches.hashBatch(batch)).to.equal(hashBatch(await placeOf(d), batch));
      for (const [i, leaf] of leaves.slice(0, 3).entries()) {
        expect(await batches.hashLeaf(leaf)).to.equal(hashLeaf(leaf));
        expect(
          tree.leafHash(leaf === undefined ? [] : [leaf.account, leaf.kind, leaf.value, leaf.quality, leaf.digest]),
        ).to.equal(hashLeaf(leaf));
        expect(tree.verify(i, tree.getProof(i))).to.equal(true);
      }
    });
  });

  describe("accept", () => {
    it("cannot be deployed over what is no contract", async () => {
      const factory = await ethers.getContractFactory("BatchRewards");
      for (const [registry, stakes] of [
        [d.eve.address, d.addresses.verifierStakes],
        [d.addresses.registry, d.eve.address],
      ]) {
        await expect(ethers.deployContract("BatchRewards", [d.addresses.manager, registry!, stakes!]))
          .to.be.revertedWithCustomError(factory, "NotAContract")
          .withArgs(d.eve.address);
      }
    });

    it("refuses a root twice, an expired statement, an empty total and a week that is not over or long ago", async () => {
      const week = (await d.clock.today()) / 7n;
      const bad: [Partial<Awaited<ReturnType<typeof batchOf>>>, string, readonly unknown[]][] = [
        [{ week }, "WeekOutOfBounds", [week, week - 4n, week - 1n]],
        [{ week: week - 5n }, "WeekOutOfBounds", [week - 5n, week - 4n, week - 1n]],
        [{ total: FTNS - 1n }, "ZeroTotal", []],
      ];
      for (const [changes, error, args] of bad) {
        await expect(accept(d, await batchOf(d, tree, changes)))
          .to.be.revertedWithCustomError(batches, error)
          .withArgs(...args);
      }
      await expect(accept(d, await batchOf(d, tree, { expiresAt: 5n }))).to.be.revertedWithCustomError(batches, "BatchExpired");
      await accept(d, await batchOf(d, tree, { week: week - 4n }));
      await expect(accept(d, await batchOf(d, tree)))
        .to.be.revertedWithCustomError(batches, "RootUsed")
        .withArgs(tree.root, 1n);
    });

    it("takes attestations as the registry does", async () => {
      const { registry, verifiers } = d;
      const batch = await batchOf(d, tree);
      const all = await attestBatch(verifiers, await placeOf(d), batch);
      const call = (attestations: typeof all) => batches.accept(batch, attestations);
      await expect(call(all.slice(0, 1)))
        .to.be.revertedWithCustomError(registry, "TooFewAttestations")
        .withArgs(1n, 2n);
      await expect(call([all[0]!, all[0]!])).to.be.revertedWithCustomError(registry, "DuplicateSigner");
      await expect(call([all[1]!, all[0]!])).to.be.revertedWithCustomError(registry, "SignersOutOfOrder");
      const [stranger] = await attestBatch([d.eve], await placeOf(d), batch);
      await expect(call([all[0]!, stranger!])).to.be.revertedWithCustomError(registry, "UnregisteredSigner");
      await expect(call([all[0]!, { ...all[1]!, signature: all[0]!.signature }])).to.be.revertedWithCustomError(
        registry,
        "InvalidAttestation",
      );
      const openAt = (await d.clock.now()) + 3n * DAY + 10n;
      await d.clock.nextBlockAt(openAt - 3n * DAY);
      await expect(call(all))
        .to.emit(batches, "BatchAccepted")
        .withArgs(
          1n,
          tree.root,
          batch.week,
          batch.total,
          batch.leaves,
          all.map(({ signer }) => signer),
          WAD,
          openAt,
          "ipfs://leaves",
        );
    });
  });

  describe("a total (P307)", () => {
    it("counts a seventh against each signer today and on each of the six days that follow, beside single proofs", async () => {
      const number = await accept(d, await batchOf(d, tree, { total: 35_000n * FTNS }));
      const quality = { quality: WAD / 5n };
      for (let day = 0; day < 9; day++) {
        const counted = day < 7 ? 5_000n * FTNS : 0n;
        expect((await view(0)).used).to.equal(counted);
        expect((await view(2)).used).to.equal(0n);
        const room = ALLOWANCE - counted;
        for (let left = room; left > 0n; left -= 5_000n * FTNS) await handIn(d, await worth(d, d.carol, 5_000n * FTNS, quality));
        await expect(handIn(d, await worth(d, d.carol, FTNS, quality)))
          .to.be.revertedWithCustomError(d.stakes, "AllowanceUsedUp")
          .withArgs(d.verifiers[0]!.address, FTNS, 0n, ALLOWANCE);
        const { total, released } = await batches.batchOf(number);
        expect(released).to.equal(day < 7 ? (total * BigInt(day + 1)) / 7n : total);
        await d.clock.toDaysAhead(1n, 3_600n);
      }
    });

    it("is refused where a signer has not so much left, today or on a day that another batch has taken", async () => {
      const second = treeOf(crowd(3, 7));
      const third = treeOf(crowd(3, 8));
      await expect(accept(d, await batchOf(d, tree, { total: 70_001n * FTNS }))).to.be.revertedWithCustomError(
        d.stakes,
        "LockTooSmall",
      );
      await accept(d, await batchOf(d, tree, { total: 42_000n * FTNS }));
      await expect(accept(d, await batchOf(d, second, { total: 35_000n * FTNS })))
        .to.be.revertedWithCustomError(d.stakes, "AllowanceUsedUp")
        .withArgs(d.verifiers[0]!.address, 5_000n * FTNS, 4_000n * FTNS, ALLOWANCE);
      await accept(d, await batchOf(d, second, { total: 14_000n * FTNS }), [d.verifiers[0]!, d.verifiers[2]!]);
      await d.clock.toDaysAhead(6n);
      // On the seventh day it would be 6,000 and 2,000 with 2,500 more; the day after there is room for 10,000.
      await expect(accept(d, await batchOf(d, third, { total: 17_500n * FTNS }))).to.be.revertedWithCustomError(
        d.stakes,
        "AllowanceUsedUp",
      );
      await d.clock.toDaysAhead(1n);
      await accept(d, await batchOf(d, third, { total: 70_000n * FTNS }));
      expect((await view(0)).used).to.equal(ALLOWANCE);
    });

    it("bounds what is drawn, and no more is drawn on a day than was released up to it", async () => {
      const number = await accept(d, await batchOf(d, tree, { total: 203n * FTNS }));
      await open();
      // Four sevenths are released: 116. Alice's leaf counts 130 at ACTIVE.
      await expect(claim(number, 0))
        .to.be.revertedWithCustomError(batches, "TotalDrawn")
        .withArgs(number, 130n * FTNS, 116n * FTNS);
      expect(await batches.isClaimed(number, d.alice, 1)).to.equal(false);
      await d.clock.toDaysAhead(2n, 3_600n);
      await claim(number, 0);
      expect((await batches.batchOf(number)).drawn).to.equal(130n * FTNS);
      await d.clock.toDaysAhead(5n, 3_600n);
      await expect(claim(number, 1))
        .to.be.revertedWithCustomError(batches, "TotalDrawn")
        .withArgs(number, 80n * FTNS, 73n * FTNS);
      await claim(number, 2);
    });

    it("is for BatchRewards alone to charge, and so is condemning", async () => {
      for (const call of [
        d.stakes.connect(d.people.governor).chargeBatch([d.verifiers[0]!], 1n, 7n),
        d.stakes.connect(d.people.governor).condemn(d.verifiers[0]!, d.eve),
      ]) {
        await expect(call).to.be.revertedWithCustomError(d.stakes, "NotTheBatches").withArgs(d.people.governor.address);
      }
      await expect(d.stakes.connect(d.people.governor).setBatchRewards(d.eve))
        .to.be.revertedWithCustomError(d.stakes, "NotAContract")
        .withArgs(d.eve.address);
      await expect(d.registry.connect(d.people.governor).setBatchRewards(d.eve))
        .to.be.revertedWithCustomError(d.registry, "CallerWithoutCode")
        .withArgs(d.eve.address);
    });
  });

  describe("its end (P309)", () => {
    it("is brought by governance, and then no leaf counts", async () => {
      const number = await accept(d, await batchOf(d, tree));
      await expect(batches.end(number))
        .to.be.revertedWithCustomError(batches, "AccessManagedUnauthorized")
        .withArgs(d.eve.address);
      await expect(batches.connect(d.people.governor).end(number)).to.emit(batches, "BatchEnded").withArgs(number);
      await expect(batches.connect(d.people.governor).end(number))
        .to.be.revertedWithCustomError(batches, "Ended")
        .withArgs(number);
      await open();
      await expect(claim(number, 0)).to.be.revertedWithCustomError(batches, "Ended").withArgs(number);
      const { ended, openAt } = await batches.batchOf(number);
      expect([ended, openAt]).to.deep.equal([true, 0n]);
    });

    it("comes by anyone where too few of its signers are verifiers still", async () => {
      const number = await accept(d, await batchOf(d, tree));
      const signers = d.verifiers.slice(0, 2).map(({ address }) => address);
      await expect(batches.endUnsigned(number, signers))
        .to.be.revertedWithCustomError(batches, "EnoughSigners")
        .withArgs(number, 2n);
      await d.registry.connect(d.people.governor).removeVerifier(d.verifiers[1]!);
      await expect(batches.endUnsigned(number, [signers[0]!, d.verifiers[2]!.address]))
        .to.be.revertedWithCustomError(batches, "OtherSigners")
        .withArgs(number);
      await expect(batches.endUnsigned(number, signers)).to.emit(batches, "BatchEnded").withArgs(number);
      await expect(batches.endUnsigned(number, signers)).to.be.revertedWithCustomError(batches, "Ended");
    });
  });

  describe("presentCountedTwice (P302)", () => {
    const liar = () => d.verifiers[0]!;
    async function twice() {
      const single = await worth(d, d.alice, 100n * FTNS);
      const proofHashes = [single.proofHash, ethers.id("another"), ethers.id("third")];
      const digests = StandardMerkleTree.of(
        proofHashes.map((hash) => [hash]),
        ["bytes32"],
      );
      expect(digests.leafHash([single.proofHash])).to.equal(hashProofInDigest(single.proofHash));
      const leaf = leafOf(d.alice.address, { digest: digests.root });
      const all = [leaf, ...crowd(5)];
      const leafTree = treeOf(all);
      const batch = await batchOf(d, leafTree);
      const signature = await signContribution(liar(), d.place, single);
      return {
        single: { contribution: single, signature },
        batch,
        signature: await signBatch(liar(), await placeOf(d), batch),
        leaf,
        toRoot: leafTree.getProof(0),
        toDigest: digests.getProof(0),
        otherDigest: digests.getProof(1),
      };
    }

    it("takes the whole lock of who signed a proof singly and in a leaf, handed in or not", async () => {
      const t = await twice();
      const call = batches.presentCountedTwice(liar(), t.single, t.batch, t.signature, t.leaf, t.toRoot, t.toDigest);
      await expect(call)
        .to.emit(batches, "CountedTwice")
        .withArgs(liar().address, t.single.contribution.proofHash, d.eve.address);
      await expect(call)
        .to.emit(d.stakes, "VerifierSlashed")
        .withArgs(liar().address, d.eve.address, LOCK, LOCK / 10n, 0n);
      expect(await d.registry.isVerifier(liar())).to.equal(false);
    });

    it("refuses signatures of others, a leaf that is not in the batch and a proof that is not in the leaf", async () => {
      const t = await twice();
      const present = (changes: Partial<typeof t>, verifier = liar()) => {
        const c = { ...t, ...changes };
        return batches.presentCountedTwice(verifier, c.single, c.batch, c.signature, c.leaf, c.toRoot, c.toDigest);
      };
      await expect(present({}, d.verifiers[1]!))
        .to.be.revertedWithCustomError(batches, "NotSignedBy")
        .withArgs(d.verifiers[1]!.address);
      const [other] = await attest([d.verifiers[1]!], t.single.contribution, d.place);
      await expect(present({ single: { ...t.single, signature: other!.signature } })).to.be.revertedWithCustomError(
        batches,
        "NotSignedBy",
      );
      await expect(present({ batch: { ...t.batch, total: 1n } })).to.be.revertedWithCustomError(batches, "NotSignedBy");
      await expect(present({ leaf: { ...t.leaf, value: 1n } })).to.be.revertedWithCustomError(batches, "NotInBatch");
      await expect(present({ toDigest: t.otherDigest }))
        .to.be.revertedWithCustomError(batches, "NotInDigest")
        .withArgs(t.single.contribution.proofHash);
    });
  });

  describe("presentLeafTwice (P310)", () => {
    const liar = () => d.verifiers[0]!;
    const proofHash = ethers.id("a proof");
    const digestOf = (...proofs: string[]) =>
      StandardMerkleTree.of(
        proofs.map((hash) => [hash]),
        ["bytes32"],
      );

    /** A leaf of Alice that stands for `proofs`, in a batch of its own among others, signed by `by`. */
    async function signedLeaf(proofs: string[], { seed = 0, by = liar(), changes = {} } = {}) {
      const digests = digestOf(...proofs);
      const leaf = leafOf(d.alice.address, { digest: digests.root });
      const tree = treeOf([leaf, ...crowd(5, seed)]);
      const batch = await batchOf(d, tree, changes);
      const signature = await signBatch(by, await placeOf(d), batch);
      return { batch, signature, leaf, pathToRoot: tree.getProof(0), pathToDigest: digests.getProof([proofs[0]!]) };
    }
    type SignedLeaf = Awaited<ReturnType<typeof signedLeaf>>;
    const present = (one: SignedLeaf, two: SignedLeaf, verifier = liar()) =>
      batches.presentLeafTwice(verifier, proofHash, [one, two]);

    describe("when it is refused", () => {
      it("takes no leaf twice, be its batch signed again with another deadline", async () => {
        const one = await signedLeaf([proofHash, ethers.id("another")]);
        const again = await signedLeaf([proofHash, ethers.id("another")], { changes: { expiresAt: one.batch.expiresAt + 1n } });
        expect(again.batch.root).to.equal(one.batch.root);
        for (const two of [one, again]) {
          await expect(present(one, two))
            .to.be.revertedWithCustomError(batches, "SameLeaf")
            .withArgs(one.batch.root, await batches.hashLeaf(one.leaf));
        }
      });

      it("takes no signature of another, under the first or the second", async () => {
        const one = await signedLeaf([proofHash]);
        const two = await signedLeaf([proofHash], { seed: 1, by: d.verifiers[1]! });
        for (const [a, b] of [
          [one, two],
          [two, one],
        ] as const) {
          await expect(present(a, b)).to.be.revertedWithCustomError(batches, "NotSignedBy").withArgs(liar().address);
        }
      });

      it("takes no leaf that is not in its batch, and no proof that is not in its leaf, in the first or the second", async () => {
        const one = await signedLeaf([proofHash]);
        const two = await signedLeaf([proofHash], { seed: 1 });
        const strange = { ...two, leaf: { ...two.leaf, value: 1n } };
        const other = await signedLeaf([ethers.id("another")], { seed: 2 });
        for (const [a, b, error] of [
          [one, strange, "NotInBatch"],
          [strange, one, "NotInBatch"],
          [one, other, "NotInDigest"],
          [other, one, "NotInDigest"],
        ] as const) {
          await expect(present(a, b)).to.be.revertedWithCustomError(batches, error);
        }
        expect(await d.registry.isVerifier(liar())).to.equal(true);
      });
    });

    it("takes the whole lock of who signed a proof in the leaves of two batches, handed in or not", async () => {
      const one = await signedLeaf([proofHash, ethers.id("another")]);
      const two = await signedLeaf([proofHash, ethers.id("third")], { seed: 1 });
      await accept(d, one.batch);
      const call = present(one, two);
      await expect(call).to.emit(batches, "CountedTwice").withArgs(liar().address, proofHash, d.eve.address);
      await expect(call)
        .to.emit(d.stakes, "VerifierSlashed")
        .withArgs(liar().address, d.eve.address, LOCK, LOCK / 10n, 0n);
      expect(await d.registry.isVerifier(liar())).to.equal(false);
      await expect(present(one, two)).to.be.revertedWithCustomError(d.stakes, "NothingToSlash").withArgs(liar().address);
    });

    it("takes it for the same leaf under two roots", async () => {
      const one = await signedLeaf([proofHash]);
      const two = await signedLeaf([proofHash], { seed: 1 });
      expect(await batches.hashLeaf(one.leaf)).to.equal(await batches.hashLeaf(two.leaf));
      await expect(present(one, two)).to.emit(batches, "CountedTwice");
    });

    it("takes it for two leaves of one batch", async () => {
      const digests = digestOf(proofHash);
      const leaves = [d.alice, d.bob].map(({ address }) => leafOf(address, { digest: digests.root }));
      const tree = treeOf([...leaves, ...crowd(5)]);
      const batch = await batchOf(d, tree);
      const signature = await signBatch(liar(), await placeOf(d), batch);
      const [one, two] = leaves.map((leaf, i) => ({ batch, signature, leaf, pathToRoot: tree.getProof(i), pathToDigest: [] }));
      await expect(present(one!, two!)).to.emit(batches, "CountedTwice").withArgs(liar().address, proofHash, d.eve.address);
    });
  });
});
