import { expect } from "chai";
import { CLASS, LAUNCH_SUPPLY, clock, ethers, freshToken, give, wordOf, type Deployment } from "./fixture.ts";
import { FTNS } from "./words.ts";

const { ZeroAddress, MaxUint256 } = ethers;

const CAP = 1_000_000_000n * FTNS;

describe("FTNSToken supply", () => {
  let d: Deployment;
  beforeEach(async () => {
    d = await freshToken();
  });

  describe("construction", () => {
    const deploy = (pool: string, holder: string, supply: bigint) =>
      ethers.deployContract("FTNSToken", [d.manager, pool, holder, supply]);

    it("reverts without a reward pool", async () => {
      await expect(deploy(ZeroAddress, d.treasury.address, 0n)).to.be.revertedWithCustomError(d.token, "ZeroAccount");
    });

    it("reverts without a first holder", async () => {
      await expect(deploy(await d.pool.getAddress(), ZeroAddress, 1n))
        .to.be.revertedWithCustomError(d.token, "ERC20InvalidReceiver")
        .withArgs(ZeroAddress);
    });

    it("reverts above the cap, and passes at the cap", async () => {
      const pool = await d.pool.getAddress();
      await expect(deploy(pool, d.treasury.address, CAP + 1n))
        .to.be.revertedWithCustomError(d.token, "SupplyCapExceeded")
        .withArgs(CAP + 1n, CAP);
      expect(await (await deploy(pool, d.treasury.address, CAP)).totalSupply()).to.equal(CAP);
    });

    it("gives the launch supply to the first holder, and exempts the pool", async () => {
      expect(await d.token.name()).to.equal("FTNS");
      expect(await d.token.symbol()).to.equal("FTNS");
      expect(await d.token.decimals()).to.equal(18n);
      expect(await d.token.totalSupply()).to.equal(LAUNCH_SUPPLY);
      expect(await d.token.balanceOf(d.treasury)).to.equal(LAUNCH_SUPPLY);
      expect(await d.token.MAX_SUPPLY()).to.equal(CAP);
      expect(await d.token.REWARD_POOL()).to.equal(await d.pool.getAddress());
      expect((await d.token.accountOf(d.pool)).accountClass).to.equal(CLASS.EXEMPT);
      expect(await d.token.haltedUntil()).to.equal(0n);
    });
  });

  describe("mint", () => {
    it("reverts for anyone who is no minter", async () => {
      await expect(d.token.connect(d.admin).mint(d.alice, 1n))
        .to.be.revertedWithCustomError(d.token, "AccessManagedUnauthorized")
        .withArgs(d.admin);
    });

    it("reverts to the zero address", async () => {
      await expect(d.token.connect(d.minter).mint(ZeroAddress, 1n)).to.be.revertedWithCustomError(
        d.token,
        "ERC20InvalidReceiver",
      );
    });

    it("P2: reverts one wei above the cap, also by a sum that overflows, and passes at the cap", async () => {
      const room = CAP - LAUNCH_SUPPLY;
      await expect(d.token.connect(d.minter).mint(d.alice, room + 1n))
        .to.be.revertedWithCustomError(d.token, "SupplyCapExceeded")
        .withArgs(CAP + 1n, CAP);
      for (const amount of [MaxUint256, MaxUint256 - LAUNCH_SUPPLY + 1n, 2n ** 96n]) {
        await expect(d.token.connect(d.minter).mint(d.alice, amount)).to.be.revertedWithCustomError(d.token, "SupplyCapExceeded");
      }
      await d.token.connect(d.minter).mint(d.alice, room);
      expect(await d.token.totalSupply()).to.equal(CAP);
      await expect(d.token.connect(d.minter).mint(d.alice, 1n)).to.be.revertedWithCustomError(d.token, "SupplyCapExceeded");
    });

    it("adds to balance and supply, and counts no activity", async () => {
      await expect(d.token.connect(d.minter).mint(d.alice, 5n * FTNS))
        .to.emit(d.token, "Transfer")
        .withArgs(ZeroAddress, d.alice, 5n * FTNS);
      expect(await d.token.balanceOf(d.alice)).to.equal(5n * FTNS);
      expect(await d.token.totalSupply()).to.equal(LAUNCH_SUPPLY + 5n * FTNS);
      expect((await d.token.accountOf(d.alice)).activity).to.equal(0n);
    });

    it("settles what was due before it adds", async () => {
      await give(d, d.alice, 300n * FTNS);
      await clock.toDaysAhead(1n);
      await expect(d.token.connect(d.minter).mint(d.alice, 9n * FTNS))
        .to.emit(d.token, "Transfer")
        .withArgs(d.alice, d.pool, FTNS / 10n);
      expect((await wordOf(d, d.alice)).balance).to.equal(309n * FTNS - FTNS / 10n);
    });
  });

  describe("burn", () => {
    beforeEach(() => give(d, d.alice, 300n * FTNS));

    it("reverts above the balance after demurrage", async () => {
      await clock.toDaysAhead(1n);
      const net = 300n * FTNS - FTNS / 10n;
      await expect(d.token.connect(d.alice).burn(net + 1n))
        .to.be.revertedWithCustomError(d.token, "ERC20InsufficientBalance")
        .withArgs(d.alice, net, net + 1n);
    });

    it("burns from another only with allowance", async () => {
      await expect(d.token.connect(d.bob).burnFrom(d.alice, 1n)).to.be.revertedWithCustomError(
        d.token,
        "ERC20InsufficientAllowance",
      );
      await d.token.connect(d.alice).approve(d.bob, 7n);
      await d.token.connect(d.bob).burnFrom(d.alice, 7n);
      expect(await d.token.balanceOf(d.alice)).to.equal(300n * FTNS - 7n);
    });

    it("takes from balance and supply, counts no activity, and makes room under the cap", async () => {
      await expect(d.token.connect(d.alice).burn(100n * FTNS))
        .to.emit(d.token, "Transfer")
        .withArgs(d.alice, ZeroAddress, 100n * FTNS);
      expect(await d.token.balanceOf(d.alice)).to.equal(200n * FTNS);
      expect(await d.token.totalSupply()).to.equal(LAUNCH_SUPPLY + 200n * FTNS);
      expect((await d.token.accountOf(d.alice)).activity).to.equal(0n);
      await give(d, d.bob, CAP - LAUNCH_SUPPLY - 200n * FTNS);
    });

    it("lets an account burn all it has to the last wei after years", async () => {
      await clock.toDaysAhead(1_500n);
      await d.token.connect(d.alice).burn(await d.token.balanceOf(d.alice));
      expect(await d.token.balanceOf(d.alice)).to.equal(0n);
      expect(await d.token.totalSupply()).to.equal(
        (await d.token.balanceOf(d.treasury)) + (await d.token.balanceOf(d.pool)) + (await d.token.accountOf(d.treasury)).dueFee,
      );
    });
  });

  describe("the reward pool", () => {
    it("spends its settled fees like any balance, once", async () => {
      await give(d, d.alice, 3_000n * FTNS);
      await clock.toDaysAhead(1n);
      await d.token.settle(d.alice);
      const pool = await ethers.getImpersonatedSigner(await d.pool.getAddress());
      await ethers.provider.send("hardhat_setBalance", [pool.address, "0x56bc75e2d63100000"]);
      await expect(d.token.connect(pool).transfer(d.bob, FTNS + 1n))
        .to.be.revertedWithCustomError(d.token, "ERC20InsufficientBalance")
        .withArgs(pool, FTNS, FTNS + 1n);
      await d.token.connect(pool).transfer(d.bob, FTNS - 1n);
      expect(await d.token.balanceOf(d.pool)).to.equal(1n);
      await d.token.connect(pool).burn(1n);
      expect(await d.token.balanceOf(d.pool)).to.equal(0n);
      expect(await d.token.balanceOf(d.bob)).to.equal(FTNS - 1n);
    });

    it("keeps new fees apart from what it spends in the same transfer", async () => {
      await give(d, d.alice, 3_000n * FTNS);
      await clock.toDaysAhead(1n);
      await d.token.settle(d.alice);
      await clock.toDaysAhead(1n);
      const pool = await ethers.getImpersonatedSigner(await d.pool.getAddress());
      await ethers.provider.send("hardhat_setBalance", [pool.address, "0x56bc75e2d63100000"]);
      // Paying alice settles her: her fee comes in while the pool's money goes out.
      const due = (await d.token.accountOf(d.alice)).dueFee;
      await d.token.connect(pool).transfer(d.alice, FTNS);
      expect(await d.token.balanceOf(d.pool)).to.equal(due);
    });
  });
});
