// VerifierStakes against the model, wei for wei, in random lives (P305).
import { expect } from "chai";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { Refused, VerifierStakesModel } from "@ftns/model";
import { ethers as lib } from "ethers";
import { forCases, fuzzCases } from "../helpers/random.ts";
import { DAY } from "../helpers/time.ts";
import { FTNS, verifiersFixture, WAD, type Verifiers } from "./fixture.ts";

const { connection, fresh } = await verifiersFixture();
const { ethers, networkHelpers } = connection;

describe("VerifierStakes and its model (P305)", () => {
  it("agree on every allowance, fee, refusal and slash, whatever happens in whatever order", async () => {
    const seen = new Map<string, number>();
    await forCases(fuzzCases(16), async (random) => {
      const d: Verifiers = await fresh();
      const { stakes, vault, token, pool, people } = d;
      const model = new VerifierStakesModel();
      await token.connect(people.treasury).transfer(pool, 1_000_000n * FTNS);
      // The registry itself speaks, so that values and rewards are as random as can be.
      await networkHelpers.setBalance(d.addresses.registry, 10n ** 22n);
      const registry = await ethers.getImpersonatedSigner(d.addresses.registry);
      await networkHelpers.setBalance(d.addresses.batchRewards, 10n ** 22n);
      const batches = await ethers.getImpersonatedSigner(d.addresses.batchRewards);
      const names = new Map<HardhatEthersSigner, string>(d.verifiers.map((v) => [v, v.address]));

      const compare = async () => {
        const now = await d.clock.now();
        for (const verifier of d.verifiers) {
          const info = await stakes.verifierOf(verifier);
          const { due, waiting } = model.feesOf(verifier.address, now);
          expect([info.used, info.feesDue, info.feesWaiting]).to.deep.equal([model.usedBy(verifier.address, now), due, waiting]);
        }
      };
      const both = async (what: string, onChain: () => Promise<unknown>, inModel: (now: bigint) => unknown) => {
        const now = (await d.clock.now()) + 1n;
        let refused: Refused | undefined;
        try {
          inModel(now);
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
          refused = error;
        }
        const outcome = refused?.code ?? "done";
        seen.set(`${what}: ${outcome}`, (seen.get(`${what}: ${outcome}`) ?? 0) + 1);
        await d.clock.nextBlockAt(now);
        if (refused === undefined) return onChain();
        await expect(onChain())
          .to.be.revertedWithCustomError(stakes, refused.code)
          .withArgs(...refused.args);
        // Nothing was mined.
        await d.clock.to(now);
        return undefined;
      };
      const locksOf = async (signers: readonly HardhatEthersSigner[]) =>
        Promise.all(signers.map(async (v) => ({ verifier: v.address, locked: await vault.lockOf(v, stakes) })));

      for (let step = 0; step < 40; step++) {
        const act = random.int(0, 12);
        const verifier = random.pick(d.verifiers);
        if (act <= 5) {
          const count = random.int(2, 3);
          const signers = d.verifiers.slice(0, count);
          const value = random.magnitude(1n, 12_000n * FTNS);
          const reward = random.int(0, 2) === 0 ? 0n : random.magnitude(1n, 12_000n * FTNS);
          const locks = await locksOf(signers);
          await both(
            "charge",
            () => stakes.connect(registry).charge([...signers], value, reward),
            (now) => model.charge(locks, value, reward, now),
          );
        } else if (act === 12) {
          const signers = d.verifiers.slice(0, random.int(2, 3));
          const large = random.int(0, 2) > 0;
          const total = large ? random.bigint(10_000n * FTNS, 25_000n * FTNS) : random.magnitude(10n ** 9n, 30_000n * FTNS);
          const days = large ? random.bigint(3n, 7n) : random.bigint(1n, 7n);
          const locks = await locksOf(signers);
          await both(
            "chargeBatch",
            () => stakes.connect(batches).chargeBatch([...signers], total, days),
            (now) => model.chargeBatch(locks, total, days, now),
          );
        } else if (act === 6) {
          await d.clock.pass(random.bigint(1n, 2n * DAY));
        } else if (act === 7) {
          await d.clock.pass(random.bigint(1n, 16n * DAY));
        } else if (act === 8) {
          await both(
            "payFees",
            async () => {
              const before = await token.balanceOf(verifier);
              await stakes.payFees(verifier);
              const paid = (await token.balanceOf(verifier)) - before;
              model.pay(names.get(verifier)!, paid, await d.clock.now());
            },
            (now) => {
              if (model.feesOf(verifier.address, now).due === 0n) throw new Refused("NoFeesDue", verifier.address);
            },
          );
        } else if (act === 9) {
          const amount = random.magnitude(1n, 3_000n * FTNS);
          const [locked] = await locksOf([verifier]);
          const taken = amount < locked!.locked ? amount : locked!.locked;
          const friend = random.int(0, 1) === 0 ? lib.ZeroAddress : d.eve.address;
          const before = [await token.balanceOf(d.eve), await token.balanceOf(pool)];
          await both(
            "slash",
            () => stakes.connect(people.governor).slash(verifier, amount, friend),
            () => {
              if (taken === 0n) throw new Refused("NothingToSlash", verifier.address);
            },
          );
          const after = [await token.balanceOf(d.eve), await token.balanceOf(pool)];
          const { reward, toPool } = model.slash(verifier.address, taken, friend !== lib.ZeroAddress);
          // The pool also gets fees of demurrage; never less.
          expect(after[1]! - before[1]! >= toPool).to.equal(true);
          if (reward > 10n ** 15n) expect(after[0]! > before[0]!).to.equal(true);
        } else if (act === 10) {
          const now = await d.clock.now();
          const share = random.bigint(WAD / 100n, (12n * WAD) / 100n);
          const high = random.int(0, 3) === 0;
          const minLock = high ? random.bigint(90_000n * FTNS, 110_000n * FTNS) : random.bigint(1_000n * FTNS, 50_000n * FTNS);
          if (now % 2n === 0n) await stakes.connect(people.governor).setTerms(minLock, share);
          if (now % 2n === 0n) model.terms = { minLock, dailyShare: share };
        } else {
          const [locked] = await locksOf([verifier]);
          const mine = stakes.connect(verifier);
          const leaves = (await stakes.verifierOf(verifier)).unlockAt !== 0n;
          if (random.int(0, 2) > 0) {
            await both(
              "requestUnlock",
              () => mine.requestUnlock(),
              (now) => {
                if (locked!.locked === 0n) throw new Refused("NoLock", verifier.address);
                model.requestUnlock(verifier.address, now);
              },
            );
          } else if (leaves && random.int(0, 1) === 0) {
            await both(
              "unlock",
              () => mine.unlock(),
              (now) => {
                model.unlock(verifier.address, now, 0n);
              },
            );
            if ((await vault.lockOf(verifier, stakes)) === 0n) {
              const staked = await vault.stakedOf(verifier);
              if (staked !== 0n) await vault.connect(verifier).lock(stakes, staked);
            }
          } else {
            await both(
              "cancelUnlock",
              () => mine.cancelUnlock(),
              () => model.cancelUnlock(verifier.address),
            );
          }
        }
        await compare();
      }
    });
    // All of it was tried.
    for (const what of [
      "charge: done",
      "charge: AllowanceUsedUp",
      "charge: LockTooSmall",
      "charge: LockBelowMinimum",
      "charge: VerifierLeaves",
      "chargeBatch: done",
      "chargeBatch: AllowanceUsedUp",
      "payFees: done",
      "payFees: NoFeesDue",
      "slash: done",
      "requestUnlock: done",
      "requestUnlock: LeavesAlready",
      "cancelUnlock: done",
      "cancelUnlock: DoesNotLeave",
      "unlock: LockedUntil",
    ]) {
      expect(seen.get(what) ?? 0, what).to.be.greaterThan(0);
    }
  });
});
