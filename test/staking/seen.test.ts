// What was seen on the first edition, played again: each way to shelter coins or to earn for nothing, and what it costs now.
import { expect } from "chai";
import { contribute, KIND } from "../contributors/fixture.ts";
import { after, contractSigner, FTNS, HOLDING, MUCH, WAD, YEAR, stakingFixture, type Staking } from "./fixture.ts";

const { connection, fresh } = await stakingFixture();
const { ethers } = connection;

describe("cheats of the staking vault", () => {
  let d: Staking;
  let vault: Staking["vault"];
  beforeEach(async () => {
    d = await fresh();
    vault = d.vault.connect(d.alice);
  });

  /** An account that holds `amount`, is NONE, and has never done anything. */
  const idleWallet = async (amount: bigint) => {
    const wallet = ethers.Wallet.createRandom();
    await d.token.connect(d.people.treasury).transfer(wallet, amount);
    return wallet.address;
  };

  it("a matured exit as a car park: it pays what an idle wallet of tier NONE pays, to the wei, for as long as it stays (P170)", async () => {
    await vault.stake(MUCH);
    await vault.requestUnstake(MUCH);
    const wallet = await idleWallet(MUCH);
    for (const days of [0n, 1n, 6n, 7n, 30n, 365n, 800n]) {
      if (days > 0n) await d.clock.toDaysAhead(days);
      expect((await vault.stakeOf(d.alice)).pending).to.equal(await d.token.balanceOf(wallet));
    }
    const left = await d.token.balanceOf(wallet);
    for (const who of [d.alice, d.people.treasury]) await d.token.settle(who);
    expect(left).to.be.lessThan((MUCH * 70n) / 100n);
    await expect(vault.withdraw()).to.changeTokenBalances(ethers, d.token, [vault, d.alice, d.pool], [-MUCH, left, MUCH - left]);
  });

  it("a ladder of eight boxes, one of them ready each day: each is charged from its request on (P170)", async () => {
    // Each day another box is ready: an eighth of a hoard is always liquid, and the rest is on its way out.
    const box = HOLDING / 10n;
    const boxes: Awaited<ReturnType<typeof contractSigner>>[] = [];
    for (let i = 0; i < 8; i++) {
      const owner = await contractSigner(connection, await ethers.deployContract("DoneOnce"));
      boxes.push(owner);
      await d.token.connect(d.people.treasury).transfer(owner, box);
      await d.token.connect(owner).approve(vault, ethers.MaxUint256);
      await d.vault.connect(owner).stake(box);
    }
    const wallet = await idleWallet(8n * box);
    for (const owner of boxes) {
      await d.vault.connect(owner).requestUnstake(box);
      await d.clock.toDaysAhead(1n);
    }
    // On the ready day the hoarder could spend it, and if it need not, sends it through the vault again.
    const rounds = 24;
    for (let round = 0; round < rounds; round++) {
      const mine = d.vault.connect(boxes[round % 8]!);
      const { pending } = await mine.stakeOf(boxes[round % 8]!);
      await mine.withdraw();
      await mine.stake(pending);
      await mine.requestUnstake(pending);
      await d.clock.toDaysAhead(1n);
    }
    const boxed = await Promise.all(boxes.map(async (owner) => (await vault.stakeOf(owner)).pending));
    const [kept, idle] = [boxed.reduce((sum, pending) => sum + pending, 0n), await d.token.balanceOf(wallet)];
    const [paid, price] = [8n * box - kept, 8n * box - idle];
    // All but the first days, in which the boxes were still stakes.
    expect(paid).to.be.within((price * 85n) / 100n, price);
  });

  it("five dust proofs under a stake of 10,000,000: it earns as NONE beyond the cover, which is dust (P172)", async () => {
    const stake = 10_000_000n * FTNS;
    await d.token.connect(d.people.treasury).transfer(d.alice, stake);
    await vault.stake(stake);
    // Worth a tenth of an FTNS together.
    const dust: [bigint, bigint][] = [
      [KIND.STORAGE, 2n * WAD],
      [KIND.COMPUTE, (4n * WAD) / 10n],
      [KIND.GOVERNANCE, WAD / 100n],
      [KIND.MODEL, WAD / 5_000n],
      [KIND.RESEARCH, WAD / 25_000n],
    ];
    for (const [kind, units] of dust) await contribute(d, d.alice, 0n, { kind, units });
    const { cover, commitments } = await vault.stakeOf(d.alice);
    expect(cover).to.be.within(1n, 3n * FTNS);
    expect(commitments, "dust renews no commitment").to.equal(0n);
    await vault.settle(d.alice);
    const before = await vault.yieldOf(d.alice);
    await after(d, YEAR / 100n);
    await vault.settle(d.alice);
    const [earned, recycled] = await vault.yieldOf(d.alice);
    const asNone = (stake * 15n) / 100_000n;
    expect(earned - before[0]).to.equal(0n);
    // What the dust's cover itself may earn more, at most: 2.5 % a year of it.
    expect(recycled - before[1]).to.be.within(asNone, asNone + (cover * 25n) / 100_000n + 1n);
  });

  it("a hundred proofs' worth of tier under the same stake: it earns as a contributor only as far as the cover reaches (P172)", async () => {
    const stake = 10_000_000n * FTNS;
    await d.token.connect(d.people.treasury).transfer(d.alice, stake);
    await vault.stake(stake);
    await contribute(d, d.alice, 120n); // POWER
    const { cover, tier, commitments } = await vault.stakeOf(d.alice);
    expect([tier, commitments]).to.deep.equal([3n, 1n]);
    const before = await vault.yieldOf(d.alice);
    await after(d, YEAR / 100n);
    await vault.settle(d.alice);
    const [earned, recycled] = await vault.yieldOf(d.alice);
    expect(earned - before[0]).to.be.within((cover * 6n) / 10_000n - 1n, (cover * 6n) / 10_000n + 1n);
    expect(recycled - before[1]).to.be.within(((stake - cover) * 15n) / 100_000n - 1n, ((stake - cover) * 15n) / 100_000n + 1n);
  });
});
