// Into the vault.
import { expect } from "chai";
import { Signature } from "ethers";
import { contribute, KIND } from "../contributors/fixture.ts";
import { DAY } from "../helpers/time.ts";
import { after, FTNS, HOLDING, STAKE, YEAR, stakingFixture, type Staking } from "./fixture.ts";

const { connection, fresh } = await stakingFixture();
const { ethers } = connection;

describe("StakingVault", () => {
  let d: Staking;
  let vault: Staking["vault"];
  beforeEach(async () => {
    d = await fresh();
    vault = d.vault.connect(d.alice);
  });

  describe("stake", () => {
    it("reverts with nothing", async () => {
      await expect(vault.stake(0n)).to.be.revertedWithCustomError(vault, "ZeroAmount");
    });

    it("reverts without an allowance, or with too few tokens, and nothing has changed", async () => {
      await d.token.connect(d.alice).approve(vault, STAKE - 1n);
      await expect(vault.stake(STAKE)).to.be.revertedWithCustomError(d.token, "ERC20InsufficientAllowance");
      await expect(d.vault.connect(d.bob).stake(HOLDING + 1n)).to.be.revertedWithCustomError(d.token, "ERC20InsufficientBalance");
      await expect(d.vault.connect(d.bob).stake(2n ** 95n)).to.be.revertedWithCustomError(d.token, "ERC20InsufficientBalance");
      expect(await vault.totalStaked()).to.equal(0n);
    });

    it("reverts while transfers are halted", async () => {
      await d.token.connect(d.people.breaker).halt((await d.clock.now()) + DAY);
      await expect(vault.stake(STAKE)).to.be.revertedWithCustomError(d.token, "TransfersHalted");
    });

    it("moves the tokens in, and counts and votes for the staker (P70, P71)", async () => {
      const staked = vault.stake(STAKE);
      await expect(staked).to.emit(vault, "Staked").withArgs(d.alice, STAKE);
      await expect(staked).to.emit(vault, "DelegateVotesChanged").withArgs(d.alice, 0n, STAKE);
      await expect(staked).to.changeTokenBalances(ethers, d.token, [d.alice, vault], [-STAKE, STAKE]);
      expect(await vault.stakedOf(d.alice)).to.equal(STAKE);
      expect(await vault.totalStaked()).to.equal(STAKE);
      expect(await vault.getVotes(d.alice)).to.equal(STAKE);
    });

    it("asks the registry for tier and commitments at a first stake (P75)", async () => {
      await contribute(d, d.alice, 120n);
      await contribute(d, d.alice, 60n, { kind: KIND.RESEARCH, units: FTNS / 10n });
      await vault.stake(STAKE);
      const today = Number(await d.clock.today());
      const { tier, commitments, schedule, commitmentThrough, cover } = await vault.stakeOf(d.alice);
      expect(tier).to.equal(3n);
      expect(commitments).to.equal(2n);
      expect(schedule).to.deep.equal(await d.registry.scheduleOf(d.alice));
      const [, , registered] = await d.registry.standingOf(d.alice);
      expect(cover).to.equal(registered - (registered % 2n ** 30n));
      expect(cover).to.be.greaterThan(0n);
      expect(commitmentThrough).to.deep.equal([0n, BigInt(today + 29), 0n, 0n, BigInt(today + 29)]);
    });

    it("settles a second stake before adding it", async () => {
      await vault.stake(STAKE);
      await after(d, YEAR / 10n);
      await vault.stake(STAKE);
      expect(await vault.yieldOf(d.alice)).to.deep.equal([0n, (STAKE * 15n) / 10_000n]);
      await after(d, YEAR / 10n);
      await vault.settle(d.alice);
      expect(await vault.yieldOf(d.alice)).to.deep.equal([0n, (STAKE * 45n) / 10_000n]);
    });

    it("pays no demurrage on what is staked", async () => {
      await vault.stake(STAKE);
      await d.clock.pass(400n * DAY);
      expect(await d.token.balanceOf(vault)).to.equal(STAKE);
    });
  });

  describe("stakeWithPermit", () => {
    const permit = async (value: bigint) => {
      const { chainId } = await ethers.provider.getNetwork();
      const deadline = (await d.clock.now()) + DAY;
      const message = {
        owner: d.alice.address,
        spender: await vault.getAddress(),
        value,
        nonce: await d.token.nonces(d.alice),
        deadline,
      };
      const types = ["owner address", "spender address", "value uint256", "nonce uint256", "deadline uint256"].map((field) => {
        const [name, type] = field.split(" ") as [string, string];
        return { name, type };
      });
      const domain = { name: "FTNS", version: "1", chainId, verifyingContract: await d.token.getAddress() };
      const { v, r, s } = Signature.from(await d.alice.signTypedData(domain, { Permit: types }, message));
      return { deadline, v, r, s };
    };
    beforeEach(async () => {
      await d.token.connect(d.alice).approve(vault, 0n);
    });

    it("reverts with somebody else's signature and no allowance", async () => {
      const { deadline, v, r, s } = await permit(STAKE);
      await expect(d.vault.connect(d.bob).stakeWithPermit(HOLDING * 2n, deadline, v, r, s)).to.be.revertedWithCustomError(
        d.token,
        "ERC20InsufficientBalance",
      );
      await expect(vault.stakeWithPermit(STAKE + 1n, deadline, v, r, s)).to.be.revertedWithCustomError(
        d.token,
        "ERC20InsufficientAllowance",
      );
    });

    it("stakes in one transaction", async () => {
      const { deadline, v, r, s } = await permit(STAKE);
      await vault.stakeWithPermit(STAKE, deadline, v, r, s);
      expect(await vault.stakedOf(d.alice)).to.equal(STAKE);
    });

    it("stakes when somebody has sent the permit before", async () => {
      const { deadline, v, r, s } = await permit(STAKE);
      await d.token.connect(d.eve).permit(d.alice, vault, STAKE, deadline, v, r, s);
      await vault.stakeWithPermit(STAKE, deadline, v, r, s);
      expect(await vault.stakedOf(d.alice)).to.equal(STAKE);
    });
  });
});
