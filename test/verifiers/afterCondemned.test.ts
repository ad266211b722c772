// What is left to verifiers that were condemned, and to those who did nothing wrong (P329).
import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { contracts } from "@ftns/sdk/contracts.ts";
import { attestBatch, signBatch, type BatchLeaf } from "@ftns/sdk/signing.ts";
import { signContribution, type Contribution } from "../helpers/sign.ts";
import { DAY } from "../helpers/time.ts";
import {
  accept,
  batchOf,
  claimAs,
  claimOf,
  claimOwn,
  crowd,
  leafOf,
  placeOf,
  someBatches,
  treeOf,
  type Tree,
} from "./batchFixture.ts";
import { FTNS, LOCK, verifiersFixture, WAD, worth, type Verifiers } from "./fixture.ts";

const { connection, fresh } = await verifiersFixture();
const { ethers } = connection;

describe("after verifiers were condemned (P329)", () => {
  let d: Verifiers;
  let batches: Verifiers["batchRewards"];
  let leaves: BatchLeaf[];
  let tree: Tree;
  let governor: HardhatEthersSigner;
  beforeEach(async () => {
    ({ d, batches, leaves, tree } = await someBatches(fresh));
    governor = d.people.governor;
  });
  const open = async () => d.clock.pass(3n * DAY);
  const claim = (number: bigint, ...indices: number[]) => claimOwn(d, tree, leaves, number, indices);
  const namesOf = (...indices: number[]) => indices.map((index) => d.verifiers[index]!.address);
  const sign = async (contribution: Contribution, by: HardhatEthersSigner) => ({
    contribution,
    signature: await signContribution(by, contribution, d.place),
  });
  const condemn = async (liar: HardhatEthersSigner, stakes = d.stakes) => {
    const statement = await worth(d, d.alice, FTNS);
    return stakes
      .connect(d.eve)
      .presentEquivocation(liar, [await sign(statement, liar), await sign({ ...statement, units: 1n }, liar)]);
  };

  describe("given a batch that is open", () => {
    it("ends by anyone, so that its signers take no more than single proofs would have brought them", async () => {
      await d.stakes.connect(governor).setTerms(10_000n * FTNS, (12n * WAD) / 100n);
      await d.token.connect(d.people.treasury).transfer(d.pool, 1_000_000n * FTNS);
      const perDay = (12n * LOCK) / 100n;
      const many = crowd(40, 3).map((leaf) => ({ ...leaf, value: 3_000n * FTNS, quality: WAD }));
      const large = treeOf(many);
      const number = await accept(d, await batchOf(d, large, { total: 7n * perDay }));
      let taken = 0n;
      const drawAll = async () => {
        for (const [index, { account, kind }] of many.entries()) {
          if (await batches.isClaimed(number, account, kind)) continue;
          const before = (await d.token.balanceOf(account)) + (await d.pool.claimable(account));
          const done = await claimAs(d, account, [claimOf(number, large, many, index)]).then(
            () => true,
            () => false,
          );
          if (!done) return;
          taken += (await d.token.balanceOf(account)) + (await d.pool.claimable(account)) - before;
        }
      };
      await open();
      await drawAll();
      expect(taken > 3n * perDay && taken <= 4n * perDay, `${taken}`).to.equal(true);
      for (const liar of d.verifiers.slice(0, 2)) await condemn(liar);
      await expect(batches.endUnsigned(number, namesOf(0, 1)))
        .to.emit(batches, "BatchEnded")
        .withArgs(number);
      const atOnce = taken;
      await d.clock.toDaysAhead(3n, 3_600n);
      await drawAll();
      expect(taken).to.equal(atOnce);
      const left = many.findIndex((_, index) => index === many.length - 1);
      await expect(claimAs(d, many[left]!.account, [claimOf(number, large, many, left)]))
        .to.be.revertedWithCustomError(batches, "Ended")
        .withArgs(number);
    });

    it("can be ended up to the day before its last part is released, and not after", async () => {
      const number = await accept(d, await batchOf(d, tree));
      await d.registry.connect(governor).removeVerifier(d.verifiers[1]!);
      await d.clock.toDaysAhead(5n, 3_600n);
      await batches.endUnsigned.staticCall(number, namesOf(0, 1));
      await d.clock.toDaysAhead(1n);
      await expect(batches.endUnsigned(number, namesOf(0, 1)))
        .to.be.revertedWithCustomError(batches, "AllReleased")
        .withArgs(number);
      await claim(number, 0);
    });

    it("can be ended as long as it is not open, also where a halt put that off beyond its seven days", async () => {
      const number = await accept(d, await batchOf(d, tree));
      await d.registry.connect(governor).removeVerifier(d.verifiers[1]!);
      for (let i = 0; i < 2; i++) {
        await d.token.connect(d.people.breaker).halt((await d.clock.now()) + 3n * DAY);
        await d.clock.pass(3n * DAY);
      }
      await d.clock.toDaysAhead(1n);
      await expect(batches.endUnsigned(number, namesOf(0, 1))).to.emit(batches, "BatchEnded");
    });
  });

  describe("when the registry asks for more signatures than before", () => {
    it("ends no batch whose signers are all verifiers still", async () => {
      const number = await accept(d, await batchOf(d, tree));
      await d.registry.connect(governor).setAttestationThreshold(3n);
      await expect(batches.endUnsigned(number, namesOf(0, 1)))
        .to.be.revertedWithCustomError(batches, "EnoughSigners")
        .withArgs(number, 2n);
      await open();
      await claim(number, 0);
    });

    it("asks a batch for as many as it needed at acceptance, also where fewer are enough now", async () => {
      await d.registry.connect(governor).setAttestationThreshold(3n);
      const number = await accept(d, await batchOf(d, tree), d.verifiers);
      await d.registry.connect(governor).setAttestationThreshold(2n);
      await expect(batches.endUnsigned(number, namesOf(0, 1, 2)))
        .to.be.revertedWithCustomError(batches, "EnoughSigners")
        .withArgs(number, 3n);
      await d.registry.connect(governor).removeVerifier(d.verifiers[2]!);
      await expect(batches.endUnsigned(number, namesOf(0, 1, 2))).to.emit(batches, "BatchEnded");
    });
  });

  describe("when a batch was ended", () => {
    const others = () => [d.verifiers[0]!, d.verifiers[2]!];

    it("frees its root where no leaf had counted, and each leaf counts once under the new number", async () => {
      const number = await accept(d, await batchOf(d, tree));
      await d.registry.connect(governor).removeVerifier(d.verifiers[1]!);
      await batches.endUnsigned(number, namesOf(0, 1));
      const again = await accept(d, await batchOf(d, tree), others());
      expect(again).to.equal(number + 1n);
      await open();
      await claim(again, 0);
      await expect(claim(again, 0)).to.be.revertedWithCustomError(batches, "AlreadyClaimed");
      await expect(claim(number, 1)).to.be.revertedWithCustomError(batches, "Ended").withArgs(number);
      await expect(accept(d, await batchOf(d, tree), others()))
        .to.be.revertedWithCustomError(batches, "RootUsed")
        .withArgs(tree.root, again);
    });

    it("keeps its root where a leaf had counted", async () => {
      const number = await accept(d, await batchOf(d, tree));
      await open();
      await claim(number, 0);
      await d.registry.connect(governor).removeVerifier(d.verifiers[1]!);
      await batches.endUnsigned(number, namesOf(0, 1));
      await expect(accept(d, await batchOf(d, tree), others()))
        .to.be.revertedWithCustomError(batches, "RootUsed")
        .withArgs(tree.root, number);
    });

    it("keeps its root where governance ended it", async () => {
      const number = await accept(d, await batchOf(d, tree));
      await batches.connect(governor).end(number);
      await expect(accept(d, await batchOf(d, tree), others())).to.be.revertedWithCustomError(batches, "RootUsed");
    });
  });

  describe("given that another VerifierStakes took the place of theirs", () => {
    let later: Verifiers["stakes"];
    beforeEach(async () => {
      const { manager, vault, registry } = d.addresses;
      const deployed = await ethers.deployContract("VerifierStakes", [manager, vault, registry]);
      later = contracts.verifierStakes(await deployed.getAddress(), d.eve);
      await d.registry.connect(governor).setVerifierStakes(later);
    });
    const liar = () => d.verifiers[0]!;

    it("takes what is locked in the old one by two statements, and leaves the place to the new one", async () => {
      const call = condemn(liar());
      await expect(call)
        .to.emit(d.stakes, "VerifierSlashed")
        .withArgs(liar().address, d.eve.address, LOCK, LOCK / 10n, 0n);
      await expect(call).not.to.emit(d.registry, "VerifierRemoved");
      expect(await d.vault.lockOf(liar(), d.stakes)).to.equal(0n);
      await expect(condemn(liar())).to.be.revertedWithCustomError(d.stakes, "NothingToSlash").withArgs(liar().address);
      await expect(condemn(liar(), later)).to.emit(d.registry, "VerifierRemoved").withArgs(liar().address);
    });

    it("takes it by two leaves, too", async () => {
      const proofHash = ethers.id("a proof");
      const digest = StandardMerkleTree.of([[proofHash]], ["bytes32"]).root;
      const signedLeaf = async (seed: number) => {
        const leaf = leafOf(d.alice.address, { digest });
        const own = treeOf([leaf, ...crowd(3, seed)]);
        const batch = await batchOf(d, own);
        const signature = await signBatch(liar(), await placeOf(d), batch);
        return { batch, signature, leaf, pathToRoot: own.getProof(0), pathToDigest: [] };
      };
      await expect(batches.presentLeafTwice(liar(), proofHash, [await signedLeaf(1), await signedLeaf(2)]))
        .to.emit(d.stakes, "VerifierSlashed")
        .withArgs(liar().address, d.eve.address, LOCK, LOCK / 10n, 0n);
    });

    it("takes it also 13 days after it was asked for", async () => {
      await d.stakes.connect(liar()).requestUnlock();
      await d.clock.pass(13n * DAY);
      await expect(condemn(liar())).to.emit(d.stakes, "VerifierSlashed");
    });

    it("has the old batches accept nothing more in its name", async () => {
      const batch = await batchOf(d, tree);
      const signed = await attestBatch(d.verifiers.slice(0, 2), await placeOf(d), batch);
      await d.registry.connect(governor).setBatchRewards(d.addresses.verifierStakes);
      await batches.accept(batch, signed);
      await open();
      await expect(claim(1n, 0)).to.be.revertedWithCustomError(d.registry, "AccessManagedUnauthorized");
    });
  });
});
