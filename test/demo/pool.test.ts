import { expect } from "chai";
import { parseEther } from "ethers";
import { network } from "hardhat";

const { ethers, networkHelpers } = await network.create();

async function deployPool() {
  const [owner, trader] = await ethers.getSigners();
  const token = await ethers.deployContract("DemoDollar");
  const dollar = await ethers.deployContract("DemoDollar");
  const pool = await ethers.deployContract("DemoPool", [token, dollar]);
  for (const coin of [token, dollar]) {
    for (const who of [owner!, trader!]) {
      await coin.mint(who.address, parseEther("10000"));
      await coin.connect(who).approve(pool, parseEther("10000"));
    }
  }
  return { pool, token, dollar, owner: owner!, trader: trader! };
}

async function fundedPool() {
  const fixture = await deployPool();
  await fixture.pool.addLiquidity(parseEther("1000"), parseEther("4000"));
  return fixture;
}

describe("demo: DemoPool", () => {
  describe("given nothing to move", () => {
    it("reverts", async () => {
      const { pool } = await networkHelpers.loadFixture(deployPool);
      await expect(pool.addLiquidity(0n, 1n)).to.be.revertedWithCustomError(pool, "ZeroAmount");
      await expect(pool.addLiquidity(1n, 0n)).to.be.revertedWithCustomError(pool, "ZeroAmount");
      await expect(pool.swap(true, 0n, 0n)).to.be.revertedWithCustomError(pool, "ZeroAmount");
    });
  });

  describe("given less out than asked for, or nothing", () => {
    it("reverts and moves nothing", async () => {
      const { pool } = await networkHelpers.loadFixture(fundedPool);
      const quoted = await pool.quote(true, parseEther("10"));
      await expect(pool.swap(true, parseEther("10"), quoted + 1n))
        .to.be.revertedWithCustomError(pool, "TooLittleOut")
        .withArgs(quoted, quoted + 1n);
      await expect(pool.swap(false, 1n, 0n))
        .to.be.revertedWithCustomError(pool, "TooLittleOut")
        .withArgs(0n, 0n);
      expect(await pool.tokenReserve()).to.equal(parseEther("1000"));
    });
  });

  for (const tokenIn of [true, false]) {
    describe(`when ${tokenIn ? "tokens are sold" : "tokens are bought"}`, () => {
      it("pays along x * y = k less the fee, and k never falls", async () => {
        const { pool, token, dollar, trader } = await networkHelpers.loadFixture(fundedPool);
        const [x, y] = [parseEther("1000"), parseEther("4000")];
        const amount = parseEther("50");
        const [reserveIn, reserveOut] = tokenIn ? [x, y] : [y, x];
        const expected = (amount * 997n * reserveOut) / (reserveIn * 1000n + amount * 997n);
        const out = tokenIn ? dollar : token;
        await expect(pool.connect(trader).swap(tokenIn, amount, expected)).to.changeTokenBalance(ethers, out, trader, expected);
        const [tokens, dollars] = [await pool.tokenReserve(), await pool.dollarReserve()];
        expect(tokens * dollars >= x * y).to.equal(true);
        expect(await token.balanceOf(pool)).to.equal(tokens);
        expect(await dollar.balanceOf(pool)).to.equal(dollars);
        expect(await pool.isSolvent()).to.equal(true);
      });
    });
  }
});
