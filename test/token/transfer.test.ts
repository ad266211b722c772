import { expect } from "chai";
import { clock, ethers, freshToken, give, makeContributor, wordOf, type Deployment } from "./fixture.ts";
import { FTNS, wholeUnits } from "./words.ts";

const { ZeroAddress, MaxUint256 } = ethers;

describe("FTNSToken transfers", () => {
  let d: Deployment;
  beforeEach(async () => {
    d = await freshToken();
    await give(d, d.alice, 1_000n * FTNS);
  });

  const activityOf = async (account: { getAddress(): Promise<string> }) =>
    (await d.token.accountOf(await account.getAddress())).activity;

  describe("transfer", () => {
    it("reverts to the zero address", async () => {
      await expect(d.token.connect(d.alice).transfer(ZeroAddress, 1n))
        .to.be.revertedWithCustomError(d.token, "ERC20InvalidReceiver")
        .withArgs(ZeroAddress);
    });

    it("reverts one wei above the balance, and passes at the balance", async () => {
      await expect(d.token.connect(d.alice).transfer(d.bob, 1_000n * FTNS + 1n))
        .to.be.revertedWithCustomError(d.token, "ERC20InsufficientBalance")
        .withArgs(d.alice, 1_000n * FTNS, 1_000n * FTNS + 1n);
      await d.token.connect(d.alice).transfer(d.bob, 1_000n * FTNS);
      expect(await d.token.balanceOf(d.alice)).to.equal(0n);
      expect(await d.token.balanceOf(d.bob)).to.equal(1_000n * FTNS);
    });

    it("reverts at any amount that the balance cannot hold, among strangers and contributors alike", async () => {
      for (const round of ["strangers", "contributors"]) {
        for (const amount of [2n ** 96n, 2n ** 116n, 2n ** 196n, 2n ** 236n, MaxUint256 - 1n, MaxUint256]) {
          await expect(d.token.connect(d.alice).transfer(d.bob, amount), `${amount} among ${round}`)
            .to.be.revertedWithCustomError(d.token, "ERC20InsufficientBalance")
            .withArgs(d.alice, 1_000n * FTNS, amount);
        }
        await makeContributor(d, d.alice, { basic: 30, active: 20, power: 10 });
        await makeContributor(d, d.bob, { basic: 30 });
      }
    });

    it("judges the balance after the demurrage due", async () => {
      await clock.toDaysAhead(1n);
      const net = 1_000n * FTNS - (1_000n * FTNS) / 3_000n;
      await expect(d.token.connect(d.alice).transfer(d.bob, net + 1n))
        .to.be.revertedWithCustomError(d.token, "ERC20InsufficientBalance")
        .withArgs(d.alice, net, net + 1n);
      await d.token.connect(d.alice).transfer(d.bob, net);
      expect(await d.token.balanceOf(d.alice)).to.equal(0n);
    });

    it("moves the amount and tells so, without touching the supply", async () => {
      const supply = await d.token.totalSupply();
      await expect(d.token.connect(d.alice).transfer(d.bob, 250n * FTNS))
        .to.emit(d.token, "Transfer")
        .withArgs(d.alice, d.bob, 250n * FTNS);
      expect(await d.token.balanceOf(d.alice)).to.equal(750n * FTNS);
      expect(await d.token.balanceOf(d.bob)).to.equal(250n * FTNS);
      expect(await d.token.totalSupply()).to.equal(supply);
    });

    it("lets nothing move, from and to anyone", async () => {
      await expect(d.token.connect(d.dave).transfer(d.bob, 0n)).to.emit(d.token, "Transfer").withArgs(d.dave, d.bob, 0n);
      expect(await d.token.balanceOf(d.bob)).to.equal(0n);
    });

    it("tells both sides' fees before its own event, and the pool has them at once", async () => {
      await give(d, d.bob, 600n * FTNS);
      await clock.toDaysAhead(1n);
      const transaction = await d.token.connect(d.alice).transfer(d.bob, 5n * FTNS);
      const receipt = await transaction.wait();
      const told = receipt!.logs.map((log) => d.token.interface.parseLog(log)!.args.toArray());
      const [pool, alice, bob] = await Promise.all([d.pool.getAddress(), d.alice.address, d.bob.address]);
      const fees = [(1_000n * FTNS) / 3_000n, (600n * FTNS) / 3_000n];
      expect(told).to.deep.equal([
        [alice, pool, fees[0]],
        [bob, pool, fees[1]],
        [alice, bob, 5n * FTNS],
      ]);
      expect(await d.token.balanceOf(pool)).to.equal(fees[0]! + fees[1]!);
    });

    describe("to oneself", () => {
      it("reverts above the balance", async () => {
        await expect(d.token.connect(d.alice).transfer(d.alice, 1_001n * FTNS)).to.be.revertedWithCustomError(
          d.token,
          "ERC20InsufficientBalance",
        );
      });

      it("changes no balance and counts no activity, even for a contributor", async () => {
        await makeContributor(d, d.alice, { basic: 30 });
        await expect(d.token.connect(d.alice).transfer(d.alice, 400n * FTNS))
          .to.emit(d.token, "Transfer")
          .withArgs(d.alice, d.alice, 400n * FTNS);
        expect(await d.token.balanceOf(d.alice)).to.equal(1_000n * FTNS);
        expect(await activityOf(d.alice)).to.equal(0n);
      });

      it("settles what is due", async () => {
        await clock.toDaysAhead(1n);
        await d.token.connect(d.alice).transfer(d.alice, 1n);
        expect((await wordOf(d, d.alice)).balance).to.equal(1_000n * FTNS - (1_000n * FTNS) / 3_000n);
        expect(await d.token.balanceOf(d.pool)).to.equal((1_000n * FTNS) / 3_000n);
      });
    });
  });

  describe("transferFrom", () => {
    it("reverts without enough allowance", async () => {
      await d.token.connect(d.alice).approve(d.bob, 10n);
      await expect(d.token.connect(d.bob).transferFrom(d.alice, d.carol, 11n))
        .to.be.revertedWithCustomError(d.token, "ERC20InsufficientAllowance")
        .withArgs(d.bob, 10n, 11n);
    });

    it("spends the allowance, and counts activity between owner and receiver only", async () => {
      await makeContributor(d, d.carol, { basic: 30 });
      await d.token.connect(d.alice).approve(d.bob, 10n * FTNS);
      await d.token.connect(d.bob).transferFrom(d.alice, d.carol, 4n * FTNS);
      expect(await d.token.allowance(d.alice, d.bob)).to.equal(6n * FTNS);
      expect(await activityOf(d.alice)).to.equal(wholeUnits(4n * FTNS));
      expect(await activityOf(d.bob)).to.equal(0n);
    });

    it("leaves an endless allowance alone", async () => {
      await d.token.connect(d.alice).approve(d.bob, MaxUint256);
      await d.token.connect(d.bob).transferFrom(d.alice, d.carol, 4n * FTNS);
      expect(await d.token.allowance(d.alice, d.bob)).to.equal(MaxUint256);
    });
  });

  it("P12: washing coins between two fresh wallets earns no velocity, so it saves no fee", async () => {
    await give(d, d.carol, 1_000n * FTNS);
    for (let day = 0; day < 40; day++) {
      await clock.toDaysAhead(1n);
      await d.token.connect(d.alice).transfer(d.bob, await d.token.balanceOf(d.alice));
      await d.token.connect(d.bob).transfer(d.alice, await d.token.balanceOf(d.bob));
    }
    const [washer, hoarder] = [await d.token.accountOf(d.alice), await d.token.accountOf(d.carol)];
    expect(washer.activity).to.equal(0n);
    expect(washer.band).to.equal(3n);
    // A wei of rounding a day for the one, 1e-18 of the balance for the other.
    expect(washer.balance - hoarder.balance).to.be.within(-1_040n, 1_040n);
  });
});
