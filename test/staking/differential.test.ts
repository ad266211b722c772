// The vault against its model, bit for bit.
import { expect } from "chai";
import {
  dayOf,
  DEFAULT_PARAMETERS,
  lastDaysOf,
  MultiplierPath,
  NO_STANDING,
  rateTable,
  shownDaysOf,
  StakingVaultModel,
  tierAndCommitments,
  Timeline,
} from "@ftns/model";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { forCases, fuzzCases } from "../helpers/random.ts";
import { outcomeOf, outcomeOfModel } from "../helpers/reverts.ts";
import { DAY, startOf } from "../helpers/time.ts";
import { contractSigner, demurrageBy, FTNS, setStanding, stakingFixture, WAD, type Staking } from "./fixture.ts";
import { keptAt, nextM, randomTerms, randomTold } from "./random.ts";

const { connection, fresh } = await stakingFixture();
const { ethers } = connection;

describe("StakingVault against the model", () => {
  const SEQUENCES = fuzzCases(9);
  const STEPS = 80;

  it(`agrees on every number after each step of ${SEQUENCES} x ${STEPS} random ones (P73, P170 to P172)`, async function () {
    this.timeout(900_000);
    const seen = {
      capped: 0,
      refused: 0,
      claimed: 0,
      terms: 0,
      crossed: 0,
      partlyCovered: 0,
      yields: 0,
      exits: 0,
      charged: 0,
      halts: 0,
      rates: 0,
      slashed: 0,
      setAside: 0,
      forfeited: 0,
      collected: 0,
      freed: 0,
    };
    await forCases(SEQUENCES, async (random) => {
      const d = await fresh();
      const governed = d.vault.connect(d.people.governor);
      const second = await ethers.deployContract("MultiplierStore");
      const sources = [
        { store: d.store, path: new MultiplierPath(), M: WAD },
        { store: second, path: new MultiplierPath(), M: WAD },
      ];
      const timeline = new Timeline(rateTable(DEFAULT_PARAMETERS));
      const model = new StakingVaultModel(demurrageBy(timeline), sources[0]!.path);
      const accounts = [d.alice, d.bob, d.carol];
      const holders = [await contractSigner(connection, d.voteProofs), await contractSigner(connection, d.keeperJobs)];
      await d.token.connect(d.people.treasury).transfer(d.pool, 100_000n * FTNS);
      let now = await d.clock.now();
      for (const holder of holders) {
        await governed.setLockHolder(holder, true);
        model.locks.setHolder(holder.address, true, now);
      }
      for (const who of accounts) {
        await d.vault.connect(who).stake(3_000n * FTNS);
        model.stake(who.address, 3_000n * FTNS, await d.clock.now(), NO_STANDING);
      }
      now = await d.clock.now();
      const forward = async (seconds: bigint) => {
        now += seconds;
        await d.clock.nextBlockAt(now);
      };
      const today = () => Number(dayOf(now));

      for (let step = 0; step < STEPS; step++) {
        const who = random.pick(accounts);
        const vault = d.vault.connect(who);
        const name = who.address;
        const before = model.stakeOf(name);
        await forward(random.magnitude(1n, random.chance(0.1) ? 200n * DAY : 6n * DAY));
        if (
          lastDaysOf(before.standing).some(
            (day) => before.settledAt > 0n && startOf(BigInt(day) + 1n) > before.settledAt && startOf(BigInt(day) + 1n) < now,
          )
        )
          seen.crossed++;
        const unlocked = before.staked - model.locks.lockedOf(name);
        const amount = random.chance(0.8)
          ? random.bigint(0n, unlocked)
          : random.pick([random.magnitude(1n, 3_000n * FTNS), before.staked, unlocked, unlocked + 1n, 0n]);
        // Most of what is tried can be done.
        let action = random.int(0, 18);
        if (before.staked === 0n && random.chance(0.6)) action = 6;
        if (action >= 9 && action <= 11 && model.exits.of(name, now).amount === 0n && random.chance(0.8)) action = 8;
        if (action >= 13 && action <= 15 && model.locks.lockedOf(name) === 0n && random.chance(0.6)) action = 12;
        if (action <= 1) {
          const source = random.pick(sources);
          source.M = nextM(random, source.M);
          if (source.M > 2n * WAD) seen.capped++;
          await source.store.set(source.M);
          source.path.set(source.M, now);
        } else if (action <= 3) {
          const told = randomTold(random, today(), 60, before.staked);
          await setStanding(d, who, told);
          model.setStanding(name, keptAt(told, today()), now);
        } else if (action === 4 && random.chance(0.7)) {
          const [terms, source] = [randomTerms(random), random.pick([...sources, undefined])];
          await governed.setTerms({ ...terms, multiplierSource: source?.store ?? ethers.ZeroAddress });
          model.setTerms({ ...terms, ...(source === undefined ? {} : { multipliers: source.path }) }, now);
          seen.terms++;
        } else if (action === 4) {
          const slowest = BigInt(random.int(1, 100)) * (WAD / 10_000n);
          const rates = { ...DEFAULT_PARAMETERS, monthlyRate: [0n, 0n, 0n, slowest] as const };
          await d.token
            .connect(d.people.governor)
            .setParameters({ ...rates, monthlyRate: [...rates.monthlyRate], tierModifier: [...rates.tierModifier] } as never);
          timeline.change(today(), rateTable(rates));
          seen.rates++;
        } else if (action === 5) {
          const time = before.settledAt + random.bigint(0n, now - before.settledAt);
          if (before.staked > 0n) {
            await vault.settleThrough(who, time);
            model.settleThrough(name, time);
          } else await vault.settle(who);
        } else if (action <= 7) {
          const [wallet, more] = [await d.token.balanceOf(who), random.magnitude(0n, 3_000n * FTNS)];
          if (more > wallet - FTNS || (await isHalted())) await skip();
          else
            await same(
              vault,
              () => vault.stake(more),
              () => model.stake(name, more, now, NO_STANDING),
            );
        } else if (action === 8) {
          const forfeiting = random.chance(0.2);
          await same(
            vault,
            async () => (forfeiting ? vault.requestUnstakeForfeiting(amount) : vault.requestUnstake(amount)),
            () => model.requestUnstake(name, amount, now, { forfeiting }),
          );
        } else if (action === 9) {
          await same(
            vault,
            () => vault.withdraw(),
            () => model.withdraw(name, now),
          );
        } else if (action === 10) {
          await same(
            vault,
            () => vault.cancelUnstake(),
            () => model.cancelUnstake(name, now, NO_STANDING),
          );
        } else if (action === 11) {
          const { chargedThrough } = model.exits.of(name, now);
          const day = chargedThrough === 0 ? today() : random.int(chargedThrough - 1, today() + 1);
          await same(
            vault,
            () => vault.settleExit(who, day),
            () => model.exits.settle(name, day, now),
          );
        } else if (action === 12) {
          const holder = random.pick(holders);
          await same(
            vault,
            () => vault.lock(holder, amount),
            () => model.lock(name, holder.address, amount),
          );
        } else if (action === 13) {
          const holder = random.pick(holders);
          const part = random.pick([amount, model.locks.of(name, holder.address)]);
          await same(
            vault,
            () => d.vault.connect(holder).release(who, part),
            () => model.locks.release(name, holder.address, part),
          );
        } else if (action <= 15) {
          const locks = accounts.flatMap((owner) =>
            holders.filter((holder) => model.locks.of(owner.address, holder.address) > 0n).map((holder) => ({ owner, holder })),
          );
          const { owner, holder } =
            locks.length > 0 && random.chance(0.9) ? random.pick(locks) : { owner: who, holder: holders[0]! };
          await slash(owner, holder, random.pick([...accounts, d.dave]));
        } else if (action === 16) {
          const waiting = [...accounts, d.dave].filter((one) => model.setAside.of(one.address, now).amount > 0n);
          if (waiting.length === 0 && random.chance(0.4)) {
            await stop();
          } else if (random.chance(waiting.length > 0 ? 0.8 : 0.2)) {
            if (await isHalted()) {
              await d.token.connect(d.people.breaker).endHalt();
              timeline.thaw(today());
              await d.clock.nextBlockAt((now = (await d.clock.now()) + 1n));
            }
            const to = random.pick(waiting.length > 0 ? waiting : accounts);
            if (waiting.length > 0) seen.collected++;
            await same(
              vault,
              () => vault.collect(to),
              () => model.collect(to.address, now),
            );
          } else await skip();
        } else if (action === 17) {
          await admitOrFree();
        } else {
          await compareClaim(d, who.address, () => vault.claim(), model);
        }
        expect(await d.clock.now(), "the model's clock is the chain's").to.equal(now);
        for (const account of accounts) await compare(d, account, model, now, holders);
        expect(await d.vault.totalStaked()).to.equal(model.totalStaked);
        expect(await d.vault.totalPending()).to.equal(model.exits.total);
        expect(await d.vault.totalSetAside()).to.equal(model.setAside.total);
        expect(await d.token.balanceOf(d.vault)).to.equal(model.total); // P70
      }

      async function isHalted() {
        return (await d.token.haltedUntil()) > now;
      }

      async function stop() {
        await d.token.connect(d.people.breaker).halt(now + random.bigint(1n, 3n * DAY));
        timeline.freeze(today(), Number(dayOf(await d.token.haltedUntil())));
        seen.halts++;
      }

      /** Nothing happens, but the time that was announced comes. */
      async function skip() {
        await connection.networkHelpers.mine();
      }

      async function same(vault: typeof d.vault, real: () => Promise<unknown>, modelled: () => unknown) {
        const expected = outcomeOfModel(modelled);
        if (expected !== "ok") seen.refused++;
        expect(await outcomeOf(vault, real)).to.equal(expected);
        // A refusal before sending mines no block.
        now = await d.clock.now();
      }

      async function slash(owner: HardhatEthersSigner, holder: HardhatEthersSigner, to: HardhatEthersSigner) {
        const locked = model.locks.of(owner.address, holder.address);
        const part = random.pick([locked / 3n, locked / 4n, random.bigint(0n, locked), locked, locked + 1n]);
        if (random.chance(0.3)) {
          await stop();
          await d.clock.nextBlockAt((now = (await d.clock.now()) + 1n));
        }
        const [halted, broken] = [await isHalted(), random.chance(0.3)];
        if (broken) for (const { store } of sources) await store.switchOff(true);
        if (broken) await d.clock.nextBlockAt((now = (await d.clock.now()) + 1n));
        const stake = model.stakeOf(owner.address);
        // What terms without a source earn can always be worked out.
        const working = !broken || stake.staked === 0n || (await yieldWorks(owner));
        await same(
          d.vault,
          () => d.vault.connect(holder).slash(owner, part, to, { gasLimit: 8_000_000n }),
          () => model.slash(owner.address, holder.address, part, to.address, now, { working, halted }),
        );
        if (broken) for (const { store } of sources) await store.switchOff(false);
        now = await d.clock.now();
        if (part === 0n || part > locked || to === owner) return;
        seen.slashed++;
        if (halted) seen.setAside++;
        if (!working) seen.forfeited++;
      }

      async function yieldWorks(owner: HardhatEthersSigner): Promise<boolean> {
        return d.vault.yieldOf(owner).then(
          () => true,
          () => false,
        );
      }

      async function admitOrFree() {
        const holder = random.pick(holders);
        const [admitted, freeableAt] = await d.vault.lockHolderOf(holder);
        const locking = accounts.filter((one) => model.locks.of(one.address, holder.address) > 0n);
        const owner = random.pick(locking.length > 0 ? locking : accounts);
        if (random.chance(admitted ? 0.7 : 0.3)) {
          await same(
            d.vault,
            () => governed.setLockHolder(holder, !admitted),
            () => model.locks.setHolder(holder.address, !admitted, now),
          );
          return;
        }
        if (now < freeableAt && random.chance(0.7)) {
          await skip();
          await d.clock.nextBlockAt((now = freeableAt));
        }
        if (!admitted && now >= freeableAt && locking.length > 0) seen.freed++;
        await same(
          d.vault,
          () => d.vault.connect(owner).freeAbandoned(holder),
          () => model.locks.freeAbandoned(owner.address, holder.address, now),
        );
      }

      /** What the pool did not pay is what the vault still owes; the rest has to have arrived. */
      async function compareClaim(d: Staking, name: string, claim: () => Promise<unknown>, model: StakingVaultModel) {
        const { earned, recycled } = model.yieldOf(name, now);
        await d.token.settle(name);
        await d.clock.nextBlockAt((now = (await d.clock.now()) + 1n));
        const due = model.yieldOf(name, now);
        const wallet = await d.token.balanceOf(name);
        await same(d.vault, claim, () => model.claim(name, now));
        if (due.earned + due.recycled === 0n) return;
        seen.claimed++;
        expect(due.earned + due.recycled).to.be.at.least(earned + recycled);
        const [unpaidEarned, unpaidRecycled] = await d.vault.yieldOf(name);
        expect(unpaidEarned).to.be.at.most(due.earned);
        expect(unpaidRecycled).to.be.at.most(due.recycled);
        const paid = due.earned + due.recycled - unpaidEarned - unpaidRecycled;
        expect((await d.token.balanceOf(name)) - wallet).to.equal(paid);
        model.owe(name, { earned: unpaidEarned, recycled: unpaidRecycled });
      }
    });
    if (SEQUENCES >= 9) {
      for (const [path, times] of Object.entries(seen)) expect(times, path).to.be.greaterThan(0);
      expect(seen.yields).to.be.at.least(1_000);
    }

    async function compare(
      d: Staking,
      account: HardhatEthersSigner,
      model: StakingVaultModel,
      now: bigint,
      holders: readonly HardhatEthersSigner[],
    ) {
      const name = account.address;
      const expected = model.stakeOf(name);
      const real = await d.vault.stakeOf(name);
      const { earned, recycled } = model.yieldOf(name, now);
      const exit = model.exits.of(name, now);
      const { tier, commitments } = tierAndCommitments(expected.standing, Number(dayOf(now)));
      expect([real.staked, real.settledAt, real.cover, real.locked]).to.deep.equal([
        expected.staked,
        expected.settledAt,
        expected.standing.cover,
        model.locks.lockedOf(name),
      ]);
      expect([real.pending, real.readyAt, real.chargedThrough]).to.deep.equal([
        exit.amount,
        exit.readyAt,
        BigInt(exit.chargedThrough),
      ]);
      expect(real.locked).to.be.at.most(real.staked); // P171
      for (const holder of holders) expect(await d.vault.lockOf(name, holder)).to.equal(model.locks.of(name, holder.address));
      expect(await d.vault.setAsideFor(name)).to.equal(model.setAside.of(name, now).amount);
      expect([real.earned, real.recycled]).to.deep.equal([earned, recycled]);
      expect([real.tier, real.commitments]).to.deep.equal([BigInt(tier), BigInt(commitments)]);
      expect([...real.schedule, ...real.commitmentThrough]).to.deep.equal(
        shownDaysOf(expected.standing, Number(dayOf(now))).map(BigInt),
      );
      expect(await d.vault.getVotes(name)).to.equal(expected.staked);
      if (earned + recycled > 0n) seen.yields++;
      if (exit.amount > 0n) seen.exits++;
      if (exit.amount > 0n && BigInt(exit.chargedThrough) < dayOf(now)) seen.charged++;
      if (expected.standing.cover > 0n && expected.standing.cover < expected.staked) seen.partlyCovered++;
    }
  });
});
