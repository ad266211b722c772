// What the registry tells the staking vault.
import { expect } from "chai";
import { contribute, FTNS, KIND, registryFixture, WAD, wad, type Registry } from "./fixture.ts";

const { connection, fresh } = await registryFixture();

describe("ContributorRegistry and the staking vault", () => {
  let d: Registry;
  beforeEach(async () => {
    d = await fresh();
  });

  describe("setStakingVault", () => {
    it("reverts for anyone but governance, and for what is no contract", async () => {
      await expect(d.registry.connect(d.eve).setStakingVault(d.vault))
        .to.be.revertedWithCustomError(d.registry, "AccessManagedUnauthorized")
        .withArgs(d.eve);
      await expect(d.registry.connect(d.people.governor).setStakingVault(d.eve))
        .to.be.revertedWithCustomError(d.registry, "NotAContract")
        .withArgs(d.eve);
    });

    it("names the vault that is told from now on", async () => {
      const other = await connection.ethers.deployContract("StakingVault", [
        d.manager,
        d.token,
        d.pool,
        d.registry,
        d.controller,
      ]);
      await expect(d.registry.connect(d.people.governor).setStakingVault(other))
        .to.emit(d.registry, "StakingVaultChanged")
        .withArgs(other);
      expect(await d.registry.stakingVault()).to.equal(await other.getAddress());
      await d.token.connect(d.people.treasury).transfer(d.alice, FTNS);
      await d.token.connect(d.alice).approve(d.vault, FTNS);
      await d.vault.connect(d.alice).stake(FTNS);
      await contribute(d, d.alice, 120n);
      expect((await d.vault.stakeOf(d.alice)).commitments).to.equal(0n);
    });
  });

  describe("daysOf", () => {
    it("is all zero without a contribution", async () => {
      expect(await d.registry.daysOf(d.alice)).to.deep.equal([[0n, 0n, 0n], 0n]);
    });

    it("gives the schedule, and the last day of each kind in 16 bits", async () => {
      await contribute(d, d.alice, 120n, { quality: WAD });
      const first = await d.clock.today();
      await d.clock.toDaysAhead(3n);
      await contribute(d, d.alice, 10n, { kind: KIND.TEACHING, units: WAD, quality: wad("0.9") });
      const [schedule, lastDays] = await d.registry.daysOf(d.alice);
      expect(schedule).to.deep.equal(await d.registry.scheduleOf(d.alice));
      expect(lastDays).to.equal((first << 16n) | ((first + 3n) << 112n));
    });
  });
});
