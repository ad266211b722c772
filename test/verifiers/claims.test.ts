// Batches: what is claimed, by whom, and what it earns (P308).
import { expect } from "chai";
import { attestBatch, hashLeaf, signClaimConsent, type BatchLeaf } from "@ftns/sdk/signing.ts";
import { DAY } from "../helpers/time.ts";
import {
  type Tree,
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
} from "./batchFixture.ts";
import { FTNS, KIND, verifiersFixture, WAD, type Verifiers } from "./fixture.ts";

const { connection, fresh } = await verifiersFixture();
const { ethers } = connection;

describe("BatchRewards: claims", () => {
  let d: Verifiers;
  let batches: Verifiers["batchRewards"];
  let leaves: BatchLeaf[];
  let tree: Tree;
  beforeEach(async () => {
    ({ d, batches, leaves, tree } = await someBatches(fresh));
  });
  const open = async () => d.clock.pass(3n * DAY);
  const claim = (number: bigint, ...indices: number[]) => claimOwn(d, tree, leaves, number, indices);

  describe("claim (P308)", () => {
    it("opens three days after acceptance, not a second before; time of halts and recovery mode does not count", async () => {
      const at = (await d.clock.now()) + 10n;
      const batch = await batchOf(d, tree);
      const attestations = await attestBatch(d.verifiers.slice(0, 2), await placeOf(d), batch);
      await d.clock.nextBlockAt(at);
      await batches.accept(batch, attestations);
      await d.clock.nextBlockAt(at + DAY);
      await d.token.connect(d.people.breaker).halt(at + 2n * DAY);
      await d.clock.nextBlockAt(at + 4n * DAY - 1n);
      await expect(claim(1n, 0))
        .to.be.revertedWithCustomError(batches, "NotOpen")
        .withArgs(1n, at + 4n * DAY, at + 4n * DAY - 1n);
      await d.clock.nextBlockAt(at + 4n * DAY);
      await claim(1n, 0);
    });

    it("counts a leaf like a proof: score, tier and reward, at the M of the acceptance and the tier that it leads to", async () => {
      await d.source.set(2n * WAD);
      const number = await accept(d, await batchOf(d, tree));
      await d.source.set(WAD / 2n);
      await open();
      const call = claim(number, 0);
      await expect(call).to.changeTokenBalances(ethers, d.token, [d.alice], [260n * FTNS]);
      await expect(call).to.emit(batches, "LeafClaimed");
      const status = await d.registry.statusOf(d.alice);
      expect([status.score, status.tier, status.proofs]).to.deep.equal([90n * FTNS, 2n, 1n]);
      expect((await d.token.accountOf(d.alice)).tier).to.equal(2n);
    });

    it("counts each leaf once, whoever brings it, by itself, in one call, and beside others", async () => {
      const number = await accept(d, await batchOf(d, tree));
      await open();
      await expect(claim(number, 0, 0))
        .to.be.revertedWithCustomError(batches, "AlreadyClaimed")
        .withArgs(number, d.alice.address, 1n);
      await claim(number, 0);
      await claim(number, 2);
      for (const index of [0, 2]) {
        await expect(claim(number, index)).to.be.revertedWithCustomError(batches, "AlreadyClaimed");
      }
      await claim(number, 1);
      expect([
        await batches.isClaimed(number, d.alice, 0),
        await batches.isClaimed(number, d.alice, 1),
        await batches.isClaimed(number, d.alice, 2),
        await batches.isClaimed(number + 32n, d.alice, 1),
      ]).to.deep.equal([true, true, false, false]);
    });

    it("takes leaves of several batches in one call", async () => {
      const first = await accept(d, await batchOf(d, tree));
      const more = [leafOf(d.alice.address, { value: 30n * FTNS }), ...crowd(9, 3)];
      const other = treeOf(more);
      const second = await accept(d, await batchOf(d, other));
      await open();
      const before = await d.token.balanceOf(d.alice);
      const call = claimAs(d, d.alice.address, [
        claimOf(first, tree, leaves, 0),
        claimOf(second, other, more, 0),
        claimOf(first, tree, leaves, 1),
      ]);
      await expect(call)
        .to.emit(batches, "LeafClaimed")
        .withArgs(second, d.alice.address, 1n, 30n * FTNS, more[0]!.quality, more[0]!.digest);
      // POWER with all of them: 100, 30 and 50.
      expect((await d.token.balanceOf(d.alice)) - before).to.equal(160n * FTNS + 48n * FTNS + 80n * FTNS);
      expect([(await batches.batchOf(first)).drawn, (await batches.batchOf(second)).drawn]).to.deep.equal([
        240n * FTNS,
        48n * FTNS,
      ]);
      expect((await d.registry.statusOf(d.alice)).totalProofs).to.equal(3n);
      await expect(claimAs(d, d.alice.address, [])).to.be.revertedWithCustomError(batches, "NoClaims");
    });

    describe("for another account", () => {
      const small = () => [
        leafOf(d.alice.address, { value: 5n * FTNS }),
        leafOf(d.alice.address, { kind: KIND.STORAGE, value: 50n * FTNS }),
      ];
      const given = async () => {
        const mine = small();
        const its = treeOf([...mine, ...crowd(5, 9)]);
        const number = await accept(d, await batchOf(d, its));
        await open();
        const claims = mine.map((_, i) => claimOf(number, its, mine, i));
        const deadline = (await d.clock.now()) + 3_600n;
        const sign = (who = d.alice, relayer = d.bob.address, until = deadline) =>
          placeOf(d).then((place) => signClaimConsent(who, place, { account: d.alice.address, relayer, deadline: until }));
        return { number, claims, deadline, sign };
      };

      it("needs its consent, or a stranger spends a small leaf at no tier, for which nothing is paid", async () => {
        const { claims, deadline, sign } = await given();
        const consent = await sign();
        const asBob = batches.connect(d.bob);
        for (const [by, account, until, signature] of [
          [d.eve, d.alice.address, deadline, consent],
          [d.bob, d.carol.address, deadline, consent],
          [d.bob, d.alice.address, deadline + 1n, consent],
          [d.bob, d.alice.address, deadline, await sign(d.eve)],
          [d.bob, d.alice.address, deadline, "0x"],
        ] as const) {
          await expect(batches.connect(by).claimFor(account, [claims[0]!], until, signature))
            .to.be.revertedWithCustomError(batches, "NotConsented")
            .withArgs(account, by.address);
        }
        const before = await d.token.balanceOf(d.alice);
        await asBob.claimFor(d.alice, claims, deadline, consent);
        // BASIC by both: 5 and 50.
        expect((await d.token.balanceOf(d.alice)) - before).to.be.greaterThanOrEqual(55n * FTNS);
      });

      it("holds to the last second of the consent, and serves again until then", async () => {
        const { claims, deadline, sign } = await given();
        const consent = await sign();
        const asBob = batches.connect(d.bob);
        await asBob.claimFor(d.alice, [claims[1]!], deadline, consent);
        await d.clock.nextBlockAt(deadline + 1n);
        await expect(asBob.claimFor(d.alice, [claims[0]!], deadline, consent))
          .to.be.revertedWithCustomError(batches, "ConsentExpired")
          .withArgs(deadline, deadline + 1n);
        const later = deadline + 100n;
        const again = await sign(d.alice, d.bob.address, later);
        await d.clock.nextBlockAt(later);
        await asBob.claimFor(d.alice, [claims[0]!], later, again);
      });
    });

    it("pays leaves of batches of different M each at its own, and draws each from its own batch", async () => {
      await d.source.set(2n * WAD);
      const first = await accept(d, await batchOf(d, tree));
      const more = [leafOf(d.alice.address, { kind: KIND.STORAGE, value: 30n * FTNS + 1n }), ...crowd(9, 3)];
      const other = treeOf(more);
      // Storage does not follow M.
      await d.source.fix(1n);
      const second = await accept(d, await batchOf(d, other));
      await d.source.set(WAD / 10n);
      await open();
      const before = await d.token.balanceOf(d.alice);
      await claimAs(d, d.alice.address, [claimOf(first, tree, leaves, 0), claimOf(second, other, more, 0)]);
      expect((await d.token.balanceOf(d.alice)) - before).to.equal(320n * FTNS + 48n * FTNS + 1n);
      expect([(await batches.batchOf(first)).drawn, (await batches.batchOf(second)).drawn]).to.deep.equal([
        320n * FTNS,
        48n * FTNS + 10n ** 12n,
      ]);
    });

    it("takes nothing from a batch where another in the same claim has too little left", async () => {
      const first = await accept(d, await batchOf(d, tree));
      const more = [leafOf(d.alice.address, { value: 30n * FTNS }), ...crowd(9, 3)];
      const other = treeOf(more);
      const second = await accept(d, await batchOf(d, other, { total: 40n * FTNS }));
      await d.clock.pass(8n * DAY);
      await expect(claimAs(d, d.alice.address, [claimOf(first, tree, leaves, 0), claimOf(second, other, more, 0)]))
        .to.be.revertedWithCustomError(batches, "TotalDrawn")
        .withArgs(second, 48n * FTNS, 40n * FTNS);
      expect((await batches.batchOf(first)).drawn).to.equal(0n);
    });

    it("refuses a leaf of another batch, a changed leaf, a false path, an inner node and an unknown batch", async () => {
      const number = await accept(d, await batchOf(d, tree));
      const other = treeOf(crowd(20, 5));
      const second = await accept(d, await batchOf(d, other));
      await open();
      const good = claimOf(number, tree, leaves, 0);
      await expect(claimAs(d, d.alice.address, [{ ...good, number: second }])).to.be.revertedWithCustomError(
        batches,
        "NotInBatch",
      );
      for (const changes of [{ kind: 4n }, { value: 101n * FTNS }, { quality: WAD }, { digest: ethers.id("another") }]) {
        const hash = hashLeaf({ ...leaves[0]!, ...changes });
        await expect(claimAs(d, d.alice.address, [{ ...good, ...changes }]))
          .to.be.revertedWithCustomError(batches, "NotInBatch")
          .withArgs(number, hash);
      }
      await expect(claimAs(d, d.eve.address, [good]))
        .to.be.revertedWithCustomError(batches, "NotInBatch")
        .withArgs(number, hashLeaf({ ...leaves[0]!, account: d.eve.address }));
      await expect(claimAs(d, d.alice.address, [{ ...good, path: good.path.slice(1) }])).to.be.revertedWithCustomError(
        batches,
        "NotInBatch",
      );
      await expect(claimAs(d, d.alice.address, [{ ...good, number: 3n }]))
        .to.be.revertedWithCustomError(batches, "UnknownBatch")
        .withArgs(3n);
      await expect(batches.batchOf(0n)).to.be.revertedWithCustomError(batches, "UnknownBatch").withArgs(0n);
    });

    it("refuses leaves that no proof could be, also where verifiers signed them", async () => {
      const bad = [
        leafOf(d.alice.address, { kind: 8n }),
        leafOf(d.alice.address, { value: 0n }),
        leafOf(d.alice.address, { value: 35_000n * FTNS + 1n }),
        leafOf(d.alice.address, { quality: WAD + 10n ** 15n }),
        leafOf(d.alice.address, { quality: WAD / 2n + 1n }),
      ];
      const badTree = treeOf(bad);
      const number = await accept(d, await batchOf(d, badTree));
      await open();
      for (const index of bad.keys()) {
        await expect(claimAs(d, d.alice.address, [claimOf(number, badTree, bad, index)])).to.be.revertedWithCustomError(
          batches,
          "InvalidLeaf",
        );
      }
    });
  });
});
