// Which vault the registry tells, and that the two speak of the same (what it is told: updates.test.ts).
import { expect } from "chai";
import { contribute, FTNS, registryFixture, type Registry } from "./fixture.ts";

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
      const other = await connection.ethers.deployContract("Counterparts");
      await expect(d.registry.connect(d.people.governor).setStakingVault(other))
        .to.emit(d.registry, "StakingVaultChanged")
        .withArgs(other);
      expect(await d.registry.stakingVault()).to.equal(await other.getAddress());
      await expect(contribute(d, d.alice, 120n)).to.emit(other, "VaultTold");
    });
  });

  describe("standingOf", () => {
    it("is all zero without a contribution", async () => {
      expect([...(await d.registry.standingOf(d.alice))]).to.deep.equal([[0n, 0n, 0n], 0n, 0n]);
    });

    it("is what a stake goes by, whether it was made before the proof or after", async () => {
      for (const who of [d.alice, d.bob]) {
        await d.token.connect(d.people.treasury).transfer(who, FTNS);
        await d.token.connect(who).approve(d.vault, FTNS);
      }
      await d.vault.connect(d.alice).stake(FTNS);
      for (const who of [d.alice, d.bob]) await contribute(d, who, 120n);
      await d.vault.connect(d.bob).stake(FTNS);
      for (const who of [d.alice, d.bob]) {
        const { schedule, tier, commitments } = await d.vault.stakeOf(who);
        expect([...schedule]).to.deep.equal([...(await d.registry.scheduleOf(who))]);
        expect([tier, commitments]).to.deep.equal([3n, 1n]);
      }
    });
  });
});
