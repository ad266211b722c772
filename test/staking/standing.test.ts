// Tiers and commitments of stakers.
import { expect } from "chai";
import { NO_STANDING } from "@ftns/model";
import { contribute, KIND } from "../contributors/fixture.ts";
import { DAY, startOf } from "../helpers/time.ts";
import {
  after,
  contractSigner,
  daysWord,
  FTNS,
  FULL_COVER,
  keptOf,
  setStanding,
  STAKE,
  standingFor,
  WAD,
  YEAR,
  stakingFixture,
  type Staking,
} from "./fixture.ts";

const { connection, fresh } = await stakingFixture();
const { ethers } = connection;

describe("StakingVault", () => {
  let d: Staking;
  let vault: Staking["vault"];
  beforeEach(async () => {
    d = await fresh();
    vault = d.vault.connect(d.alice);
  });

  describe("setStanding", () => {
    it("reverts for anyone but the registry", async () => {
      await expect(vault.setStanding(d.alice, NO_STANDING.schedule, 0n, 0n))
        .to.be.revertedWithCustomError(vault, "AccessManagedUnauthorized")
        .withArgs(d.alice);
    });

    it("does nothing without a stake, or when nothing is new", async () => {
      const standing = await standingFor(d, 3, 5);
      await expect(setStanding(d, d.alice, standing)).not.to.emit(vault, "StandingSet");
      await vault.stake(STAKE);
      await setStanding(d, d.alice, standing);
      const { settledAt } = await vault.stakeOf(d.alice);
      expect(settledAt).to.equal(await d.clock.now());
      await expect(setStanding(d, d.alice, standing)).not.to.emit(vault, "StandingSet");
      expect((await vault.stakeOf(d.alice)).settledAt).to.equal(settledAt);
    });

    it("settles at the old numbers, then earns at the new", async () => {
      await vault.stake(STAKE);
      await after(d, YEAR / 100n);
      const standing = await standingFor(d, 2, 3);
      await expect(setStanding(d, d.alice, standing))
        .to.emit(vault, "StandingSet")
        .withArgs(
          d.alice,
          Object.values(standing.schedule),
          [...(await keptOf(d, standing)).commitmentThrough],
          (await keptOf(d, standing)).cover,
        );
      expect(await vault.yieldOf(d.alice)).to.deep.equal([0n, (STAKE * 15n) / 100_000n]);
      await after(d, YEAR / 100n);
      await vault.settle(d.alice);
      expect(await vault.yieldOf(d.alice)).to.deep.equal([(STAKE * 72n) / 100_000n, (STAKE * 15n) / 100_000n]);
    });

    it("counts a commitment through its 30th day and not longer", async () => {
      await vault.stake(STAKE);
      const today = await d.clock.today();
      await d.vault.connect(d.teller).setStanding(d.alice, NO_STANDING.schedule, today, FULL_COVER);
      expect((await vault.stakeOf(d.alice)).commitmentThrough[0]).to.equal(today + 29n);
      await d.clock.to(startOf(today + 30n) - 1n);
      expect((await vault.stakeOf(d.alice)).commitments).to.equal(1n);
      await d.clock.to(startOf(today + 30n));
      expect((await vault.stakeOf(d.alice)).commitments).to.equal(0n);
    });

    it("keeps each commitment in its own place", async () => {
      await vault.stake(STAKE);
      const today = Number(await d.clock.today());
      for (let commitment = 0; commitment < 5; commitment++) {
        const days = NO_STANDING.commitmentThrough.map((_, n) => (n === commitment ? today - commitment : 0));
        await d.vault.connect(d.teller).setStanding(d.alice, NO_STANDING.schedule, daysWord(days), 0n);
        const { commitmentThrough, commitments } = await vault.stakeOf(d.alice);
        expect(commitmentThrough).to.deep.equal(days.map((day) => (day === 0 ? 0n : BigInt(day + 29))));
        expect(commitments).to.equal(1n);
      }
    });

    it("keeps as many days as the word holds, and no more: the pool gains", async () => {
      await vault.stake(STAKE);
      const today = Number(await d.clock.today());
      const far = { basicThrough: today + 400, activeThrough: today + 127, powerThrough: today + 126 };
      await setStanding(d, d.alice, {
        schedule: far,
        commitmentDays: [today + 9, today + 1, today, today - 29, today - 30],
        cover: 0n,
      });
      const { schedule, commitmentThrough, tier } = await vault.stakeOf(d.alice);
      expect(schedule).to.deep.equal([today + 126, today + 126, today + 126].map(BigInt));
      expect(commitmentThrough).to.deep.equal([today + 30, today + 30, today + 29, today, 0].map(BigInt));
      expect(tier).to.equal(3n);
      await d.clock.to(startOf(BigInt(today + 127)) - 1n);
      expect((await vault.stakeOf(d.alice)).tier).to.equal(3n);
      await d.clock.to(startOf(BigInt(today + 127)));
      const over = await vault.stakeOf(d.alice);
      expect([over.tier, over.commitments]).to.deep.equal([0n, 0n]);
      expect([...over.schedule, ...over.commitmentThrough]).to.deep.equal(new Array(8).fill(0n));
      await d.clock.pass(1_000n * DAY);
      expect((await vault.stakeOf(d.alice)).tier).to.equal(0n);
    });
  });

  describe("the cover (P172)", () => {
    /** Yield of a year's hundredth at M = 1, from a stake of `STAKE` that is covered by `cover`. */
    const earnedWith = async (tier: 0 | 1 | 2 | 3, commitments: number, cover: bigint) => {
      await setStanding(d, d.alice, await standingFor(d, tier, commitments, { cover }));
      const before = await vault.yieldOf(d.alice);
      await after(d, YEAR / 100n);
      await vault.settle(d.alice);
      const now = await vault.yieldOf(d.alice);
      return [now[0] - before[0], now[1] - before[1]];
    };
    beforeEach(async () => {
      await vault.stake(STAKE);
    });

    it("is how much of the stake earns by tier and commitments; the rest earns as NONE without any", async () => {
      const quarter = STAKE / 4n - ((STAKE / 4n) % 2n ** 30n);
      const [covered, rest] = [(quarter * 12n) / 10_000n, ((STAKE - quarter) * 15n) / 100_000n];
      const [earned, recycled] = await earnedWith(3, 5, quarter);
      expect(recycled).to.be.within(rest, rest + 1n);
      expect(earned! + recycled!).to.be.within(covered + rest, covered + rest + 1n);
    });

    it("makes nothing of a whole stake without any", async () => {
      expect(await earnedWith(3, 5, 0n)).to.deep.equal([0n, (STAKE * 15n) / 100_000n]);
      expect(await earnedWith(3, 5, 2n ** 30n - 1n)).to.deep.equal([0n, (STAKE * 15n) / 100_000n]);
    });

    it("earns all of it where it exceeds the stake, however large", async () => {
      for (const cover of [STAKE + 2n ** 30n, FULL_COVER, 2n ** 256n - 1n]) {
        expect(await earnedWith(3, 5, cover)).to.deep.equal([(STAKE * 12n) / 10_000n, 0n]);
      }
    });

    it("at tier NONE pays the commitments, out of fees alone", async () => {
      expect(await earnedWith(0, 5, FULL_COVER)).to.deep.equal([0n, (STAKE * 4n) / 10_000n]);
    });

    it("is rounded down to 2^30 wei, and shown", async () => {
      await setStanding(d, d.alice, await standingFor(d, 1, 0, { cover: 2n ** 31n - 1n }));
      expect((await vault.stakeOf(d.alice)).cover).to.equal(2n ** 30n);
    });

    it("alone makes news", async () => {
      const standing = await standingFor(d, 2, 3, { cover: FTNS });
      await setStanding(d, d.alice, standing);
      await expect(setStanding(d, d.alice, { ...standing, cover: 2n * FTNS })).to.emit(vault, "StandingSet");
    });

    it("stays when the stake grows or shrinks, and goes with it", async () => {
      await setStanding(d, d.alice, await standingFor(d, 3, 5, { cover: STAKE }));
      const { cover } = await vault.stakeOf(d.alice);
      await vault.stake(STAKE);
      await vault.requestUnstake(STAKE / 2n);
      expect((await vault.stakeOf(d.alice)).cover).to.equal(cover);
      await vault.requestUnstake((STAKE * 3n) / 2n);
      expect((await vault.stakeOf(d.alice)).cover).to.equal(0n);
      await vault.cancelUnstake();
      expect((await vault.stakeOf(d.alice)).cover).to.equal(0n); // the registry knows of no proof
    });
  });

  describe("setRegistrar", () => {
    const governed = () => d.vault.connect(d.people.governor);

    it("reverts for anyone but governance, and for what is no contract", async () => {
      await expect(vault.setRegistrar(d.registry))
        .to.be.revertedWithCustomError(vault, "AccessManagedUnauthorized")
        .withArgs(d.alice);
      await expect(governed().setRegistrar(d.eve)).to.be.revertedWithCustomError(vault, "NotAContract").withArgs(d.eve);
    });

    it("starts with the registry of the deployment", async () => {
      expect(await vault.registrar()).to.equal(d.addresses.registry);
    });

    it("names who tells of standings, without a role, and who is asked at a first stake", async () => {
      const registry = await contractSigner(connection, d.registry);
      const standing = await standingFor(d, 2, 3);
      const told = [d.alice, standing.schedule, daysWord(standing.commitmentDays), FTNS] as const;
      await vault.stake(STAKE);
      await d.vault.connect(registry).setStanding(...told);
      await expect(governed().setRegistrar(d.history)).to.emit(vault, "RegistrarSet").withArgs(d.history);
      const history = await contractSigner(connection, d.history);
      await d.vault.connect(history).setStanding(...told);
      await expect(d.vault.connect(d.bob).stake(STAKE)).to.revert(ethers); // a price history knows of no standings
      await vault.stake(STAKE);
    });
  });

  describe("the registry's news (P75)", () => {
    it("reaches a staker with the proof that makes it, and with a refresh", async () => {
      await vault.stake(STAKE);
      await contribute(d, d.alice, 60n);
      const { tier, commitments, schedule } = await vault.stakeOf(d.alice);
      expect([tier, commitments]).to.deep.equal([2n, 1n]);
      expect(schedule).to.deep.equal(await d.registry.scheduleOf(d.alice));
      await d.clock.toDaysAhead(31n);
      await contribute(d, d.alice, 12n, { kind: KIND.STORAGE, units: 1_200n * WAD });
      await d.registry.refresh(d.alice);
      expect((await vault.stakeOf(d.alice)).schedule).to.deep.equal(await d.registry.scheduleOf(d.alice));
      expect((await vault.stakeOf(d.alice)).commitments).to.equal(1n);
    });

    it("comes although the tiers' days stay, when a commitment is renewed", async () => {
      await vault.stake(STAKE);
      await contribute(d, d.alice, 120n);
      const standing = (await vault.stakeOf(d.alice)).commitmentThrough;
      await contribute(d, d.alice, 10n, { kind: KIND.GOVERNANCE, units: 5n * WAD });
      expect((await vault.stakeOf(d.alice)).commitmentThrough).not.to.deep.equal(standing);
      expect((await vault.stakeOf(d.alice)).commitments).to.equal(2n);
    });

    it("is what the registry would say at a first stake, cover and all, after every proof", async () => {
      await vault.stake(STAKE);
      for (const changes of [{}, { kind: KIND.STORAGE, units: 2_000n * WAD }, { kind: KIND.RESEARCH, units: WAD / 10n }, {}]) {
        await contribute(d, d.alice, 30n, changes);
        const [schedule, , cover] = await d.registry.standingOf(d.alice);
        const mine = await vault.stakeOf(d.alice);
        expect(mine.schedule).to.deep.equal(schedule);
        expect(mine.cover).to.equal(cover - (cover % 2n ** 30n));
        expect(cover).to.be.greaterThan(0n);
        await d.clock.pass(DAY);
      }
    });

    it("costs a contributor without a stake no storage", async () => {
      await expect(contribute(d, d.alice, 60n)).not.to.emit(vault, "StandingSet");
      expect((await vault.stakeOf(d.alice)).cover).to.equal(0n);
    });
  });
});
