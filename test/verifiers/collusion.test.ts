// What colluders take before they are stopped, and what they lose (P304).
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { collusion, DEFAULT_VERIFIER_TERMS } from "@ftns/model";
import { network } from "hardhat";
import { compareAddresses } from "@ftns/sdk/signing.ts";
import { signContribution, type Contribution } from "../helpers/sign.ts";
import { accept, batchOf, claimAs, claimOf, leafOf, treeOf } from "./batchFixture.ts";
import { FTNS, handIn, lockStake, verifiersOn, WAD, worth, type Verifiers } from "./fixture.ts";
import { BOND, bondOf, recordIn, type ProofRecord } from "./vestingFixture.ts";
import { DAY } from "../helpers/time.ts";

/** Twelve days touch so many protocol days. */
const DAYS = 13;
const FEE_OF_REWARD = 100n;
const connection = await network.create();
const { ethers, networkHelpers } = connection;
const bare = async () => verifiersOn(connection, 0n);
const max = (a: bigint, b: bigint) => (a > b ? a : b);
const min = (a: bigint, b: bigint) => (a < b ? a : b);

/** Two statements of `liar` that contradict each other. */
async function lies(d: Verifiers, liar: HardhatEthersSigner) {
  const statement = await worth(d, d.bob, FTNS);
  const sign = async (contribution: Contribution) => ({
    contribution,
    signature: await signContribution(liar, contribution, d.place),
  });
  return [await sign(statement), await sign({ ...statement, units: 1n })] as const;
}

/** An accomplice whose proofs earn at the highest tier from the first on. */
async function accomplice(index: number) {
  const address = ethers.getAddress(ethers.id(`accomplice ${index}`).slice(0, 42));
  await networkHelpers.setBalance(address, 10n ** 22n);
  return ethers.getImpersonatedSigner(address);
}

describe("colluding verifiers (P304)", () => {
  it("lose more than they take, by the formula: whatever their number, at any share that governance can set", () => {
    for (const dailyShare of [WAD / 100n, WAD / 10n, (12n * WAD) / 100n]) {
      for (const locked of [20_000n * FTNS, 1_234_567n * FTNS + 89n, 320_000_000n * FTNS]) {
        for (const threshold of [2n, 3n, 32n]) {
          const { taken, lost } = collusion(locked, BigInt(DAYS), threshold, { ...DEFAULT_VERIFIER_TERMS, dailyShare });
          expect(taken + taken / FEE_OF_REWARD < lost).to.equal(true);
        }
      }
    }
    const atMost = collusion(WAD, BigInt(DAYS), 2n, { ...DEFAULT_VERIFIER_TERMS, dailyShare: (12n * WAD) / 100n });
    expect(atMost).to.deep.equal({ taken: (78n * WAD) / 100n, lost: (9n * WAD) / 10n });
    expect(collusion(WAD, BigInt(DAYS), 2n).taken).to.equal((65n * WAD) / 100n);
  });

  const locks: [string, readonly bigint[]][] = [
    ["two with the least lock", [10_000n, 10_000n]],
    ["three of different stakes", [10_000n, 30_000n, 60_000n]],
    ["five, one of them large", [12_000n, 12_000n, 20_000n, 24_000n, 50_000n]],
  ];
  for (const [who, amounts] of locks) {
    for (const multiplier of [WAD / 10n, WAD, 10n * WAD]) {
      it(`lose more than they take at M = ${Number(multiplier) / 1e18}: ${who}`, async () => {
        const d = await networkHelpers.loadFixture(bare);
        await d.source.set(multiplier);
        // So that nothing of what they earn is put off for want of means.
        await d.token.connect(d.people.treasury).transfer(d.pool, 2_000_000n * FTNS);
        const gang: HardhatEthersSigner[] = [...d.verifiers];
        for (let i = gang.length; i < amounts.length; i++) {
          const more = d.people.users.at(-i)!;
          await d.registry.connect(d.people.governor).addVerifier(more);
          gang.push(more);
        }
        gang.length = amounts.length;
        const locked = amounts.map((amount) => amount * FTNS);
        for (const [i, verifier] of gang.entries()) await lockStake(d, verifier, locked[i]!);
        const total = locked.reduce((sum, lock) => sum + lock, 0n);

        let taken = 0n;
        let accomplices = 0;
        for (let day = 0; day < DAYS; day++) {
          const left = locked.map((lock) => lock / 10n);
          // Always the two with most left: nobody can take more by other pairs.
          for (;;) {
            const [a, b] = left.map((_, i) => i).sort((x, y) => (left[y]! > left[x]! ? 1 : -1)) as [number, number];
            const room = left[b]!;
            if (room < 2n * FTNS) break;
            const earner = await accomplice(accomplices++ % 8);
            // A proof of the value that fills the room by the larger of value and reward, and never above the cap of one proof.
            const perValue = max(WAD, (multiplier * 16n) / 10n);
            const value = min(((room * WAD) / perValue / FTNS) * FTNS, 5_000n * FTNS);
            if (value === 0n) break;
            const before = await d.pool.claimable(earner);
            const balance = await d.token.balanceOf(earner);
            const pair = [gang[a]!, gang[b]!].sort((x, y) => compareAddresses(x.address, y.address));
            const { vesting } = await recordIn(d, await handIn(d, await worth(d, earner, value, { quality: WAD }), pair));
            // As if all of it vested before they are stopped.
            taken += (await d.token.balanceOf(earner)) - balance + (await d.pool.claimable(earner)) - before + vesting;
            for (const [i, verifier] of gang.entries()) {
              const { allowance, used } = await d.stakes.verifierOf(verifier);
              left[i] = allowance - used;
            }
          }
          await d.clock.toDaysAhead(1n, 3_600n);
        }
        const bound = collusion(total, BigInt(DAYS), 2n);
        expect(taken <= bound.taken, `${taken} of ${bound.taken}`).to.equal(true);
        // At M of 1 and 10 they come near what the formula allows where their locks can be paired.
        if (multiplier >= WAD && amounts.length === 2) expect(taken > (bound.taken * 9n) / 10n).to.equal(true);

        // One of them presents the others, and is presented by a friend.
        let back = 0n;
        for (const liar of gang) {
          const presenter = liar === gang[0] ? d.carol : gang[0]!;
          const balance = await d.token.balanceOf(presenter);
          await d.stakes.connect(presenter).presentEquivocation(liar, await lies(d, liar));
          back += (await d.token.balanceOf(presenter)) - balance;
        }
        let fees = 0n;
        for (const liar of gang) fees += (await d.stakes.verifierOf(liar)).feesDue;
        expect(fees).to.equal(0n);
        const lost = total - back;
        expect(lost >= bound.lost).to.equal(true);
        expect(taken < lost, `${taken} of ${lost}`).to.equal(true);
      });
    }
  }

  for (const multiplier of [WAD / 10n, WAD, 10n * WAD]) {
    it(`take no more by batches than by single proofs, at M = ${Number(multiplier) / 1e18}`, async () => {
      const d = await networkHelpers.loadFixture(bare);
      await d.source.set(multiplier);
      await d.token.connect(d.people.treasury).transfer(d.pool, 2_000_000n * FTNS);
      const gang = d.verifiers.slice(0, 2);
      const lock = 20_000n * FTNS;
      for (const verifier of gang) await lockStake(d, verifier, lock);
      const leaves = await Promise.all(
        Array.from({ length: 60 }, async (_, i) =>
          leafOf((await accomplice(i)).address, { value: (400n * FTNS * WAD) / max(WAD, multiplier), quality: WAD }),
        ),
      );
      const tree = treeOf(leaves);
      const again = leaves.map((leaf) => ({ ...leaf, digest: ethers.id("again") }));
      const second = treeOf(again);
      let taken = 0n;
      // Whatever the day allows, as soon as it allows it, and batch upon batch.
      const draw = async (number: bigint, from: typeof leaves, of: typeof tree) => {
        for (const [i, leaf] of from.entries()) {
          if (number === 0n || (await d.batchRewards.isClaimed(number, leaf.account, leaf.kind))) continue;
          const before = await d.token.balanceOf(leaf.account);
          const drawn = await claimAs(d, leaf.account, [claimOf(number, of, from, i)]).then(
            () => true,
            () => false,
          );
          if (!drawn) return;
          taken += (await d.token.balanceOf(leaf.account)) - before;
        }
      };
      let [one, two] = [0n, 0n];
      for (let day = 0; day < DAYS; day++) {
        if (day === 0) one = await accept(d, await batchOf(d, tree, { total: (7n * lock) / 10n }), gang);
        if (day === 7) two = await accept(d, await batchOf(d, second, { total: (7n * lock) / 10n }), gang);
        await draw(one, leaves, tree);
        await draw(two, again, second);
        await d.clock.toDaysAhead(1n, 3_600n);
      }
      const bound = collusion(2n * lock, BigInt(DAYS), 2n);
      expect(taken > 0n && taken <= bound.taken, `${taken} of ${bound.taken}`).to.equal(true);
      expect(taken < bound.lost).to.equal(true);
    });
  }

  it("with two keys and 254 proofs of 5,000 FTNS take a tenth of one lock a day, nothing after removal, and lose both locks", async () => {
    const d = await networkHelpers.loadFixture(bare);
    const lock = 50_000n * FTNS;
    const [first, second] = d.verifiers as [HardhatEthersSigner, HardhatEthersSigner];
    for (const verifier of [first, second]) await lockStake(d, verifier, lock);
    // Their own votes are for the pool to mint as much as it can, so that all is paid at once.
    await d.token.connect(d.people.treasury).transfer(d.pool, 2_000_000n * FTNS);
    let taken = 0n;
    const vesting: ProofRecord[] = [];
    for (let day = 0; day < 2; day++) {
      let landed = 0;
      for (let i = 0; i < 127; i++) {
        const earner = await accomplice(i);
        const statement = await worth(d, earner, 5_000n * FTNS, { quality: WAD });
        // Each earns 8,000 at POWER, and 5,000 is a tenth of a lock: not one passes.
        await expect(handIn(d, statement, [first, second])).to.be.revertedWithCustomError(d.stakes, "LockTooSmall");
      }
      // What passes are smaller ones, up to the tenth.
      for (const value of [3_000n, 125n, 1n]) {
        const earner = await accomplice(200 + landed);
        const statement = await worth(d, earner, value * FTNS, { quality: WAD });
        const before = await d.token.balanceOf(earner);
        const record = await handIn(d, statement, [first, second]).then(
          (sent) => recordIn(d, sent),
          () => undefined,
        );
        if (record === undefined) continue;
        taken += (await d.token.balanceOf(earner)) - before;
        if (record.vesting > 0n) vesting.push(record);
        landed += 1;
      }
      expect(landed).to.equal(2);
      await d.clock.toDaysAhead(1n, 3_600n);
    }
    expect(taken + (await d.pool.totalVesting())).to.equal(2n * (lock / 10n));

    for (const liar of [first, second]) await d.stakes.connect(d.eve).presentEquivocation(liar, await lies(d, liar));
    expect([await d.vault.stakedOf(first), await d.vault.stakedOf(second)]).to.deep.equal([0n, 0n]);
    // What vests waits three days from now, is challenged, and does not vest any more: all they have is what was paid at once.
    await bondOf(d, d.carol, BigInt(vesting.length) * BOND);
    const removedAt = await d.clock.now();
    for (const record of vesting) {
      expect((await d.rewardVesting.vestsAt(record)) > removedAt + 2n * DAY).to.equal(true);
      await d.rewardVesting.connect(d.carol).challenge(record);
    }
    await d.clock.pass(9n * DAY);
    for (const record of vesting) await d.rewardVesting.connect(d.people.governor).uphold(record, WAD);
    expect([vesting.length, await d.pool.totalVesting()]).to.deep.equal([2, 0n]);
    expect(taken).to.equal(400n * FTNS);
    const late = await worth(d, await accomplice(300), FTNS);
    await expect(handIn(d, late, [first, second])).to.be.revertedWithCustomError(d.registry, "UnregisteredSigner");
  });
});
