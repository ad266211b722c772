// Tiers and commitments of stakers.
import { expect } from "chai";
import { NO_STANDING } from "@ftns/model";
import { contribute, KIND } from "../contributors/fixture.ts";
import { startOf } from "../helpers/time.ts";
import { after, setStanding, STAKE, standingFor, WAD, YEAR, stakingFixture, type Staking } from "./fixture.ts";

const { fresh } = await stakingFixture();

describe("StakingVault", () => {
  let d: Staking;
  let vault: Staking["vault"];
  beforeEach(async () => {
    d = await fresh();
    vault = d.vault.connect(d.alice);
  });

  describe("setStanding", () => {
    it("reverts for anyone but the registry", async () => {
      await expect(vault.setStanding(d.alice, NO_STANDING.schedule, 0n))
        .to.be.revertedWithCustomError(vault, "AccessManagedUnauthorized")
        .withArgs(d.alice);
    });

    it("does nothing without a stake, or when nothing is new", async () => {
      const standing = await standingFor(d, 3, 5);
      await expect(setStanding(d, d.alice, standing)).not.to.emit(vault, "StandingSet");
      await vault.stake(STAKE);
      await setStanding(d, d.alice, standing);
      const { settledAt } = await vault.stakeOf(d.alice);
      await expect(setStanding(d, d.alice, standing)).not.to.emit(vault, "StandingSet");
      expect((await vault.stakeOf(d.alice)).settledAt).to.equal(settledAt);
    });

    it("settles at the old numbers, then earns at the new", async () => {
      await vault.stake(STAKE);
      await after(d, YEAR / 100n);
      const standing = await standingFor(d, 2, 3);
      await expect(setStanding(d, d.alice, standing))
        .to.emit(vault, "StandingSet")
        .withArgs(d.alice, Object.values(standing.schedule), [...standing.commitmentThrough]);
      expect(await vault.yieldOf(d.alice)).to.deep.equal([0n, (STAKE * 15n) / 100_000n]);
      await after(d, YEAR / 100n);
      await vault.settle(d.alice);
      expect(await vault.yieldOf(d.alice)).to.deep.equal([(STAKE * 72n) / 100_000n, (STAKE * 15n) / 100_000n]);
    });

    it("counts a commitment through its 30th day and not longer", async () => {
      await vault.stake(STAKE);
      const today = await d.clock.today();
      await d.vault.connect(d.teller).setStanding(d.alice, NO_STANDING.schedule, today);
      expect((await vault.stakeOf(d.alice)).commitmentThrough[0]).to.equal(today + 29n);
      await d.clock.to(startOf(today + 30n) - 1n);
      expect((await vault.stakeOf(d.alice)).commitments).to.equal(1n);
      await d.clock.to(startOf(today + 30n));
      expect((await vault.stakeOf(d.alice)).commitments).to.equal(0n);
    });

    it("knows five commitments from eight kinds", async () => {
      await vault.stake(STAKE);
      const today = await d.clock.today();
      // Storage, compute, governance, data curation, community, by kind.
      const expected = [0, 1, 3, 2, 4, 3, 4, 4];
      for (let kind = 0; kind < 8; kind++) {
        await d.vault.connect(d.teller).setStanding(d.alice, NO_STANDING.schedule, today << BigInt(16 * kind));
        const { commitmentThrough } = await vault.stakeOf(d.alice);
        expect(commitmentThrough.map((through) => through !== 0n)).to.deep.equal(
          [0, 1, 2, 3, 4].map((n) => n === expected[kind]),
        );
      }
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

    it("does not come for the second proof of a kind on a day", async () => {
      await vault.stake(STAKE);
      await contribute(d, d.alice, 120n);
      await expect(contribute(d, d.alice, 120n)).not.to.emit(vault, "StandingSet");
    });
  });
});
