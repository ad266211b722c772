import { expect } from "chai";
import { CLASS, clock, ethers, freshToken, give, makeContributor, type Deployment } from "./fixture.ts";
import { FTNS } from "./words.ts";

const { MaxUint256 } = ethers;

/** A share has six decimals more than FTNS. */
const SHARE = 10n ** 6n * FTNS;

describe("WrappedFTNS", () => {
  let d: Deployment;
  beforeEach(async () => {
    d = await freshToken();
    for (const holder of [d.alice, d.bob]) {
      await give(d, holder, 10_000n * FTNS);
      await d.token.connect(holder).approve(d.wrapper, MaxUint256);
    }
  });

  it("names itself, its asset and its decimals", async () => {
    expect(await d.wrapper.name()).to.equal("Wrapped FTNS");
    expect(await d.wrapper.symbol()).to.equal("wFTNS");
    expect(await d.wrapper.decimals()).to.equal(24n);
    expect(await d.wrapper.asset()).to.equal(await d.token.getAddress());
  });

  describe("deposit", () => {
    it("reverts for nothing", async () => {
      await expect(d.wrapper.connect(d.alice).deposit(0n, d.alice))
        .to.be.revertedWithCustomError(d.wrapper, "RoundsToZero")
        .withArgs(0n, 0n);
    });

    it("reverts without allowance or balance", async () => {
      await expect(d.wrapper.connect(d.carol).deposit(1n, d.carol)).to.be.revertedWithCustomError(
        d.token,
        "ERC20InsufficientAllowance",
      );
      await expect(d.wrapper.connect(d.alice).deposit(10_001n * FTNS, d.alice)).to.be.revertedWithCustomError(
        d.token,
        "ERC20InsufficientBalance",
      );
    });

    it("gives one share for one FTNS at first", async () => {
      await expect(d.wrapper.connect(d.alice).deposit(100n * FTNS, d.carol))
        .to.emit(d.wrapper, "Deposit")
        .withArgs(d.alice, d.carol, 100n * FTNS, 100n * SHARE);
      expect(await d.wrapper.balanceOf(d.carol)).to.equal(100n * SHARE);
      expect(await d.wrapper.totalAssets()).to.equal(100n * FTNS);
    });

    it("gives more shares for one FTNS as demurrage wears the price down", async () => {
      await d.wrapper.connect(d.alice).deposit(1_000n * FTNS, d.alice);
      await clock.toDaysAhead(60n);
      await d.wrapper.connect(d.bob).deposit(1_000n * FTNS, d.bob);
      expect(await d.wrapper.balanceOf(d.bob)).to.be.greaterThan(1_019n * SHARE);
      // Late comers pay nothing of the past: what bob put in he can take out, less rounding.
      expect(1_000n * FTNS - (await d.wrapper.maxWithdraw(d.bob))).to.be.within(0n, 5n);
    });
  });

  describe("mint", () => {
    it("reverts for no shares", async () => {
      await expect(d.wrapper.connect(d.alice).mint(0n, d.alice)).to.be.revertedWithCustomError(d.wrapper, "RoundsToZero");
    });

    it("takes what the shares are worth, rounded up", async () => {
      await d.wrapper.connect(d.alice).deposit(1_000n * FTNS, d.alice);
      await clock.toDaysAhead(10n);
      const cost = await d.wrapper.previewMint(333n);
      const before = await d.token.balanceOf(d.bob);
      await d.wrapper.connect(d.bob).mint(333n, d.bob);
      expect(before - (await d.token.balanceOf(d.bob))).to.equal(cost);
      expect(cost * (await d.wrapper.totalSupply())).to.be.greaterThanOrEqual(333n * (await d.wrapper.totalAssets()));
    });
  });

  describe("withdraw and redeem", () => {
    beforeEach(async () => {
      await d.wrapper.connect(d.alice).deposit(1_000n * FTNS, d.alice);
      await clock.toDaysAhead(30n);
    });

    it("revert for nothing", async () => {
      await expect(d.wrapper.connect(d.alice).withdraw(0n, d.alice, d.alice)).to.be.revertedWithCustomError(
        d.wrapper,
        "RoundsToZero",
      );
      await expect(d.wrapper.connect(d.alice).redeem(0n, d.alice, d.alice)).to.be.revertedWithCustomError(
        d.wrapper,
        "RoundsToZero",
      );
    });

    it("revert when a share is worth less than a wei", async () => {
      await expect(d.wrapper.connect(d.alice).redeem(1n, d.alice, d.alice))
        .to.be.revertedWithCustomError(d.wrapper, "RoundsToZero")
        .withArgs(0n, 1n);
    });

    it("revert above what the owner has", async () => {
      const most = await d.wrapper.maxWithdraw(d.alice);
      await expect(d.wrapper.connect(d.alice).withdraw(most + 1n, d.alice, d.alice))
        .to.be.revertedWithCustomError(d.wrapper, "ERC4626ExceededMaxWithdraw")
        .withArgs(d.alice, most + 1n, most);
      await expect(d.wrapper.connect(d.alice).redeem(1_000n * SHARE + 1n, d.alice, d.alice))
        .to.be.revertedWithCustomError(d.wrapper, "ERC4626ExceededMaxRedeem")
        .withArgs(d.alice, 1_000n * SHARE + 1n, 1_000n * SHARE);
    });

    it("revert for another's shares without allowance", async () => {
      await expect(d.wrapper.connect(d.bob).redeem(SHARE, d.bob, d.alice)).to.be.revertedWithCustomError(
        d.wrapper,
        "ERC20InsufficientAllowance",
      );
    });

    it("give what the price says, to whom the owner says", async () => {
      const worth = await d.wrapper.previewRedeem(400n * SHARE);
      await expect(d.wrapper.connect(d.alice).redeem(400n * SHARE, d.carol, d.alice))
        .to.emit(d.wrapper, "Withdraw")
        .withArgs(d.alice, d.carol, d.alice, worth, 400n * SHARE);
      expect(await d.token.balanceOf(d.carol)).to.equal(worth);
      await d.wrapper.connect(d.alice).withdraw(10n * FTNS, d.carol, d.alice);
      expect(await d.token.balanceOf(d.carol)).to.equal(worth + 10n * FTNS);
    });

    it("empty the vault to the last share", async () => {
      await d.wrapper.connect(d.alice).redeem(1_000n * SHARE, d.alice, d.alice);
      expect(await d.wrapper.totalSupply()).to.equal(0n);
      expect(await d.wrapper.totalAssets()).to.be.lessThanOrEqual(1n);
    });
  });

  it("takes a permit on the token and a deposit in its wake", async () => {
    await give(d, d.carol, 50n * FTNS);
    const deadline = (await clock.now()) + 600n;
    const signature = ethers.Signature.from(
      await d.carol.signTypedData(
        {
          name: "FTNS",
          version: "1",
          chainId: (await ethers.provider.getNetwork()).chainId,
          verifyingContract: await d.token.getAddress(),
        },
        {
          Permit: [
            { name: "owner", type: "address" },
            { name: "spender", type: "address" },
            { name: "value", type: "uint256" },
            { name: "nonce", type: "uint256" },
            { name: "deadline", type: "uint256" },
          ],
        },
        { owner: d.carol.address, spender: await d.wrapper.getAddress(), value: 50n * FTNS, nonce: 0n, deadline },
      ),
    );
    const { v, r, s } = signature;
    await d.token.connect(d.carol).permit(d.carol, d.wrapper, 50n * FTNS, deadline, v, r, s);
    await d.wrapper.connect(d.carol).deposit(50n * FTNS, d.carol);
    expect(await d.wrapper.balanceOf(d.carol)).to.equal(50n * SHARE);
  });

  describe("P11: no shelter", () => {
    it("loses at the top rate, a POWER contributor's wrapped coins too", async () => {
      await makeContributor(d, d.alice, { basic: 120, active: 120, power: 120 });
      await d.wrapper.connect(d.alice).deposit(1_000n * FTNS, d.alice);
      await clock.toDaysAhead(1n);
      expect(await d.wrapper.totalAssets()).to.equal(1_000n * FTNS - (1_000n * FTNS) / 3_000n);
      await clock.toDaysAhead(29n);
      const worth = await d.wrapper.previewRedeem(1_000n * SHARE);
      // (2999/3000)^30 = 0.990048...
      expect(worth / 10n ** 15n).to.equal(990_048n);
    });

    it("never moves share balances by itself", async () => {
      await d.wrapper.connect(d.alice).deposit(1_000n * FTNS, d.alice);
      await clock.toDaysAhead(700n);
      expect(await d.wrapper.balanceOf(d.alice)).to.equal(1_000n * SHARE);
      expect(await d.wrapper.totalSupply()).to.equal(1_000n * SHARE);
    });

    it("earns the vault no velocity by wraps and unwraps of contributors", async () => {
      await makeContributor(d, d.alice, { basic: 120, active: 120, power: 120 });
      for (let i = 0; i < 5; i++) {
        await d.wrapper.connect(d.alice).deposit(5_000n * FTNS, d.alice);
        await d.wrapper.connect(d.alice).withdraw(4_000n * FTNS, d.alice, d.alice);
      }
      const info = await d.token.accountOf(d.wrapper);
      expect(info.activity).to.equal(0n);
      expect(info.band).to.equal(3n);
      expect(info.accountClass).to.equal(CLASS.POOLED);
    });

    it("earns a contributor no velocity by wrapping and unwrapping its own coins", async () => {
      await makeContributor(d, d.alice, { basic: 120, active: 120, power: 120 });
      for (let i = 0; i < 5; i++) {
        await d.wrapper.connect(d.alice).deposit(5_000n * FTNS, d.alice);
        await d.wrapper.connect(d.alice).redeem(await d.wrapper.balanceOf(d.alice), d.alice, d.alice);
      }
      expect((await d.token.accountOf(d.alice)).activity).to.equal(0n);
    });
  });

  describe("inflation attack", () => {
    it("costs its author 9,000 FTNS and the victim less than a millionth", async () => {
      await d.wrapper.connect(d.alice).deposit(1n, d.alice);
      await d.token.connect(d.alice).transfer(d.wrapper, 9_000n * FTNS);
      await d.wrapper.connect(d.bob).deposit(9_500n * FTNS, d.bob);
      await d.wrapper.connect(d.alice).redeem(await d.wrapper.balanceOf(d.alice), d.alice, d.alice);
      const spent = 10_000n * FTNS - (await d.token.balanceOf(d.alice));
      const lost = 9_500n * FTNS - (await d.wrapper.maxWithdraw(d.bob));
      expect(spent).to.be.greaterThan(4_000n * FTNS);
      expect(lost).to.be.lessThan((9_500n * FTNS) / 1_000_000n);
    });

    it("1 FTNS sent to the empty wrapper leaves shares fine enough for a millionth of an FTNS", async () => {
      await d.token.connect(d.alice).transfer(d.wrapper, FTNS);
      await d.wrapper.connect(d.bob).deposit(100n * FTNS, d.bob);
      expect(await d.wrapper.balanceOf(d.bob)).to.be.greaterThan(10n ** 7n);
      expect(100n * FTNS - (await d.wrapper.maxWithdraw(d.bob))).to.be.lessThan(FTNS / 10n ** 6n + 1n);
      await d.wrapper.connect(d.alice).deposit((2n * FTNS) / 10n ** 6n, d.alice);
      // A deposit that buys nothing is refused instead of swallowed.
      await expect(d.wrapper.connect(d.alice).deposit(FTNS / 10n ** 7n, d.alice)).to.be.revertedWithCustomError(
        d.wrapper,
        "RoundsToZero",
      );
    });
  });
});
