// What the signers of a batch earn by its leaves (P311).
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import type { BatchLeaf } from "@ftns/sdk/signing.ts";
import { DAY } from "../helpers/time.ts";
import { type Tree, accept, batchOf, claimAs, claimOf, claimOwn, leafOf, someBatches, treeOf } from "./batchFixture.ts";
import { FTNS, verifiersFixture, WAD, type Verifiers } from "./fixture.ts";

const { connection, fresh } = await verifiersFixture();
const { ethers } = connection;

describe("BatchRewards: fees (P311)", () => {
  let d: Verifiers;
  let batches: Verifiers["batchRewards"];
  let leaves: BatchLeaf[];
  let tree: Tree;
  let number: bigint;
  let signers: string[];
  beforeEach(async () => {
    ({ d, batches, leaves, tree } = await someBatches(fresh));
    await d.token.connect(d.people.treasury).transfer(d.pool, 100_000n * FTNS);
    number = await accept(d, await batchOf(d, tree));
    signers = d.verifiers.slice(0, 2).map(({ address }) => address);
    await d.clock.pass(8n * DAY);
  });
  const claim = (...indices: number[]) => claimOwn(d, tree, leaves, number, indices);
  const feesOf = async (signer: string) => d.stakes.verifierOf(signer);

  describe("when they are refused", () => {
    it("knows no other batch, no other signers, and nothing before a leaf has earned", async () => {
      await expect(batches.noteFees(2n, signers)).to.be.revertedWithCustomError(batches, "UnknownBatch").withArgs(2n);
      await expect(batches.noteFees(number, signers)).to.be.revertedWithCustomError(batches, "NoLeafEarned").withArgs(number);
      await claim(0);
      for (const others of [[], [signers[0]!], [signers[1]!, signers[0]!], [...signers, d.verifiers[2]!.address]]) {
        await expect(batches.noteFees(number, others)).to.be.revertedWithCustomError(batches, "OtherSigners").withArgs(number);
      }
    });

    it("is for BatchRewards alone to tell VerifierStakes", async () => {
      for (const stranger of [d.eve, d.people.governor, d.verifiers[0]!]) {
        await expect(d.stakes.connect(stranger).noteFees(signers, FTNS))
          .to.be.revertedWithCustomError(d.stakes, "NotTheBatches")
          .withArgs(stranger.address);
      }
    });
  });

  it("are 1 % of what its leaves earned, shared, noted once by anyone, and paid like fees on proofs", async () => {
    await claim(0, 1);
    const reward = await d.token.balanceOf(d.alice);
    expect((await batches.batchOf(number)).feesOf).to.equal(reward);
    await expect(batches.noteFees(number, signers)).to.emit(batches, "FeesNoted").withArgs(number, reward);
    const share = reward / 200n;
    for (const signer of signers) {
      const { feesDue, feesWaiting, used } = await feesOf(signer);
      expect([feesDue, feesWaiting, used]).to.deep.equal([0n, share, 0n]);
    }
    expect((await feesOf(d.verifiers[2]!.address)).feesWaiting).to.equal(0n);
    await expect(batches.noteFees(number, signers)).to.be.revertedWithCustomError(batches, "NoLeafEarned");

    await d.clock.pass(14n * DAY);
    await expect(d.stakes.payFees(signers[0]!)).to.changeTokenBalances(ethers, d.token, [signers[0]!, d.pool], [share, -share]);
  });

  it("note what came since the last time, and also what an ended batch had earned before", async () => {
    await claim(0);
    await batches.noteFees(number, signers);
    const first = (await feesOf(signers[0]!)).feesWaiting;
    await claim(2);
    const second = await d.token.balanceOf(d.bob);
    await d.batchRewards.connect(d.people.governor).end(number);
    await batches.noteFees(number, signers);
    expect((await feesOf(signers[0]!)).feesWaiting).to.equal(first + second / 200n);
  });

  it("are of the reward, not of the value, where M is below 1", async () => {
    await d.source.set(WAD / 10n);
    const others = [leafOf(d.alice.address, { value: 200n * FTNS }), leafOf(d.bob.address)];
    const lowTree = treeOf(others);
    const lowNumber = await accept(d, await batchOf(d, lowTree));
    await d.clock.pass(8n * DAY);
    await claimAs(d, d.alice.address, [claimOf(lowNumber, lowTree, others, 0)]);
    const { drawn, feesOf: earned } = await batches.batchOf(lowNumber);
    // POWER: 200 * 0.1 * 1.6.
    expect([drawn, earned]).to.deep.equal([200n * FTNS, 32n * FTNS]);
  });

  it("go to those who are verifiers still, and a removed one's share to nobody", async () => {
    await claim(0);
    await d.registry.connect(d.people.governor).removeVerifier(signers[0]!);
    await d.stakes.connect(d.people.governor).slash(signers[0]!, FTNS, ZeroAddress);
    const reward = await d.token.balanceOf(d.alice);
    await batches.noteFees(number, signers);
    expect((await feesOf(signers[0]!)).feesWaiting).to.equal(0n);
    expect((await feesOf(signers[1]!)).feesWaiting).to.equal(reward / 200n);
  });
});
