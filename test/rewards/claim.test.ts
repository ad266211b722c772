import { expect } from "chai";
import { BUDGET, FTNS, LAST_HOUR, payments, percent, poolFixture, TIER, type PoolWorld } from "./fixture.ts";

const { connection, fresh } = await poolFixture();
const { ethers } = connection;
const { MaxUint256, ZeroAddress } = ethers;
const SHARE = (BUDGET * 3n) / 10n;

describe("RewardPool claim", () => {
  let d: PoolWorld;
  let pool: PoolWorld["pool"];
  let p: ReturnType<typeof payments>;
  beforeEach(async () => {
    d = await fresh();
    pool = d.pool;
    p = payments(d);
  });

  const claim = async (who = d.alice) => pool.connect(who).claim();
  const draws = async (who: PoolWorld["alice"], amount: bigint) => {
    const [fromFunds, minted] = await pool.previewClaim(who);
    expect(fromFunds + minted).to.equal(amount);
    const claimed = claim(who);
    await expect(claimed).to.changeTokenBalance(ethers, d.token, who, amount);
    await expect(claimed)
      .to.emit(pool, "Claimed")
      .withArgs(who, fromFunds, minted, await pool.claimable(who));
    await expect(claimed).to.emit(d.token, "RewardCounted").withArgs(who, fromFunds, minted);
  };

  it("reverts when nothing is owed", async () => {
    await expect(claim()).to.be.revertedWithCustomError(pool, "NothingToClaim").withArgs(d.alice);
    expect(await pool.previewClaim(d.alice)).to.deep.equal([0n, 0n]);
    expect(await pool.drawableToday(d.alice)).to.equal(0n);
  });

  it("pays the caller alone, whole where the share reaches", async () => {
    await p.owe(9n * FTNS);
    await p.owe(7n * FTNS, d.bob);
    await expect(claim(d.eve)).to.be.revertedWithCustomError(pool, "NothingToClaim").withArgs(d.eve);
    await draws(d.alice, 9n * FTNS);
    expect(await pool.claimable(d.alice)).to.equal(0n);
    expect(await pool.totalClaimable()).to.equal(7n * FTNS);
    await expect(claim()).to.be.revertedWithCustomError(pool, "NothingToClaim");
  });

  it("spends funds first, but for what is kept for services", async () => {
    await p.owe(30n * FTNS);
    await p.fund(10n * FTNS);
    expect(await pool.previewClaim(d.alice)).to.deep.equal([9n * FTNS, 21n * FTNS]);
    await draws(d.alice, 30n * FTNS);
  });

  it("needs no M: what was earned was earned", async () => {
    await p.owe(9n * FTNS);
    await d.source.switchOff();
    await p.fund(30n * FTNS);
    await draws(d.alice, 9n * FTNS);
  });

  it("reverts when nothing can be paid now, and says when to try again", async () => {
    await p.owe(9n * FTNS);
    await pool.setEmissionShare(0n);
    const refused = async (retryAt: bigint) =>
      expect(claim())
        .to.be.revertedWithCustomError(pool, "NothingPayableNow")
        .withArgs(d.alice, 9n * FTNS, retryAt);
    await refused(await p.openAt());
    await d.clock.nextBlockAt(await p.openAt());
    await refused(await p.tomorrow());
    expect(await pool.claimable(d.alice)).to.equal(9n * FTNS);
  });

  describe("the daily limit", () => {
    it("of one who is alone is the share", async () => {
      await p.owe(100_000n * FTNS);
      expect(await pool.drawableToday(d.alice)).to.equal(SHARE);
      await draws(d.alice, SHARE);
      expect(await pool.drawableToday(d.alice)).to.equal(0n);
      await expect(claim())
        .to.be.revertedWithCustomError(pool, "NothingPayableNow")
        .withArgs(d.alice, 70_000n * FTNS, await p.tomorrow());
    });

    it("is the part of what is claimable, and at least 50 FTNS", async () => {
      await p.owe(99_900n * FTNS);
      await p.owe(100n * FTNS, d.bob);
      expect(await pool.drawableToday(d.bob)).to.equal(50n * FTNS); // and not 30
      await draws(d.alice, (SHARE * 999n) / 1_000n);
      expect(await pool.drawableToday(d.bob)).to.equal(50n * FTNS);
      await draws(d.bob, 30n * FTNS); // the share ends it
      await d.clock.toDaysAhead(1n);
      await draws(d.bob, 50n * FTNS);
      await d.clock.toDaysAhead(1n);
      await draws(d.bob, 20n * FTNS);
    });

    it("is rounded down", async () => {
      await pool.setEmissionShare(percent(1n));
      await p.owe(100n * FTNS, d.bob);
      await p.owe(200n * FTNS + 1n);
      const limit = (10n * SHARE * (200n * FTNS + 1n)) / (300n * FTNS + 1n);
      await pool.setShares(percent(30n), percent(30n), 0n);
      expect(await pool.drawableToday(d.alice)).to.equal(200n * FTNS + 1n);
      expect(limit).to.be.greaterThan(200n * FTNS + 1n);
      await p.owe(800_000n * FTNS, d.bob);
      await p.owe(1_000_000n * FTNS);
      const [mine, all] = await Promise.all([pool.claimable(d.alice), pool.totalClaimable()]);
      expect(await pool.drawableToday(d.alice)).to.equal((10n * SHARE * mine) / all);
    });

    it("stays what it was at the first draw of the day, whatever becomes owed or comes in", async () => {
      await p.owe(60_000n * FTNS);
      await p.owe(60_000n * FTNS, d.bob);
      await pool.setShares(percent(30n), percent(10n), percent(10n));
      expect(await pool.drawableToday(d.alice)).to.equal(5_000n * FTNS);
      await draws(d.alice, 5_000n * FTNS);
      await p.reward(BUDGET); // half of it is deferred
      await p.fund(50_000n * FTNS);
      expect(await pool.claimable(d.alice)).to.equal(105_000n * FTNS);
      expect(await pool.drawableToday(d.alice)).to.equal(0n);
      await expect(claim()).to.be.revertedWithCustomError(pool, "NothingPayableNow");
    });

    it("is drawn in parts when the share was used up by others", async () => {
      await p.owe(60_000n * FTNS);
      await p.owe(40_000n * FTNS, d.bob);
      await pool.setShares(percent(30n), percent(1n), percent(10n)); // 1,000
      await draws(d.bob, 400n * FTNS);
      await pool.setShares(percent(30n), 0n, percent(10n));
      await expect(claim())
        .to.be.revertedWithCustomError(pool, "NothingPayableNow")
        .withArgs(d.alice, 60_000n * FTNS, await p.openAt());
      await pool.setShares(percent(30n), percent(1n), percent(10n));
      const limit = (1_000n * FTNS * 60_000n) / 99_600n;
      await draws(d.alice, 600n * FTNS);
      expect(await pool.drawableToday(d.alice)).to.equal(limit - 600n * FTNS);
      await p.fund(100n * FTNS);
      await draws(d.alice, FTNS);
      expect(await pool.drawableToday(d.alice)).to.equal(limit - 601n * FTNS);
    });

    it("holds in the last hour too", async () => {
      await p.owe(100_000n * FTNS);
      await p.owe(100_000n * FTNS, d.bob);
      await p.toSecond(LAST_HOUR);
      await draws(d.alice, SHARE / 2n);
      await draws(d.bob, (SHARE * 100_000n) / 185_000n);
      await expect(claim()).to.be.revertedWithCustomError(pool, "NothingPayableNow");
    });

    it("of many small accounts ends with the share", async () => {
      await pool.setEmissionShare(percent(1n) / 1_000n); // 1,000 a day, 300 for claims
      const many = d.others.slice(0, 8);
      for (const account of many) await p.owe(60n * FTNS, account);
      await p.owe(1_000_000n * FTNS);
      const paid = [];
      for (const account of many) {
        const before = await d.token.balanceOf(account);
        await claim(account).catch(() => undefined);
        paid.push((await d.token.balanceOf(account)) - before);
      }
      expect(paid).to.deep.equal([50n, 50n, 50n, 50n, 50n, 50n, 0n, 0n].map((whole) => whole * FTNS));
      expect((await p.left()).CONTRIBUTIONS).to.equal(300n * FTNS);
    });
  });

  describe("claimFor", () => {
    const TYPES = {
      Claim: [
        { name: "account", type: "address" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
    };
    let deadline: bigint;
    beforeEach(async () => {
      await p.owe(9n * FTNS);
      deadline = (await d.clock.now()) + 600n;
    });
    interface Changes {
      by?: PoolWorld["alice"];
      account?: string;
      nonce?: bigint;
      until?: bigint;
      chainId?: bigint;
    }
    async function sign(changes: Changes = {}) {
      const { by = d.alice, account = d.alice.address, nonce = await pool.nonces(account), until = deadline } = changes;
      const chainId = changes.chainId ?? (await ethers.provider.getNetwork()).chainId;
      const domain = { name: "FTNS RewardPool", version: "1", chainId, verifyingContract: await pool.getAddress() };
      return by.signTypedData(domain, TYPES, { account, nonce, deadline: until });
    }

    it("pays the account that signed, once, whoever sends it", async () => {
      const signature = await sign();
      const claimed = pool.connect(d.eve).claimFor(d.alice, deadline, signature);
      await expect(claimed).to.changeTokenBalances(ethers, d.token, [d.alice, d.eve], [9n * FTNS, 0n]);
      expect(await pool.nonces(d.alice)).to.equal(1n);
      await p.reward(2n * BUDGET);
      await expect(pool.claimFor(d.alice, deadline, signature))
        .to.be.revertedWithCustomError(pool, "InvalidClaimSignature")
        .withArgs(d.alice);
      expect(await pool.claimFor.staticCall(d.alice, deadline, await sign())).to.equal(SHARE - 9n * FTNS);
    });

    it("holds through its last second and not longer", async () => {
      const signature = await sign();
      await d.clock.nextBlockAt(deadline + 1n);
      await expect(pool.claimFor(d.alice, deadline, signature))
        .to.be.revertedWithCustomError(pool, "ClaimExpired")
        .withArgs(deadline);
      deadline += 60n;
      const later = await sign();
      await d.clock.nextBlockAt(deadline);
      await pool.claimFor(d.alice, deadline, later);
    });

    it("reverts with any other signature, and uses no nonce", async () => {
      for (const signature of [
        "0x",
        "0x1234",
        await sign({ by: d.eve }),
        await sign({ nonce: 1n }),
        await sign({ until: deadline + 1n }),
        await sign({ account: d.bob.address }),
        await sign({ chainId: 1n }),
      ]) {
        await expect(pool.claimFor(d.alice, deadline, signature))
          .to.be.revertedWithCustomError(pool, "InvalidClaimSignature")
          .withArgs(d.alice);
      }
      await expect(pool.claimFor(ZeroAddress, deadline, "0x")).to.be.revertedWithCustomError(pool, "InvalidClaimSignature");
      expect(await pool.nonces(d.alice)).to.equal(0n);
    });

    it("reverts as claim does", async () => {
      const signature = await sign({ by: d.bob, account: d.bob.address });
      await expect(pool.claimFor(d.bob, deadline, signature))
        .to.be.revertedWithCustomError(pool, "NothingToClaim")
        .withArgs(d.bob);
    });

    it("asks an account with code", async () => {
      await p.owe(5n * FTNS, { address: await d.driver.getAddress() });
      await expect(pool.claimFor(d.driver, MaxUint256, ethers.toUtf8Bytes("as I say")))
        .to.be.revertedWithCustomError(pool, "InvalidClaimSignature")
        .withArgs(d.driver);
      const claimed = pool.claimFor(d.driver, MaxUint256, ethers.toUtf8Bytes("as you say"));
      await expect(claimed).to.changeTokenBalance(ethers, d.token, d.driver, 5n * FTNS);
    });

    it("takes the key's own word also where the account has code", async () => {
      await connection.networkHelpers.setCode(d.alice.address, await ethers.provider.getCode(d.source));
      await expect(pool.claimFor(d.alice, deadline, await sign())).to.changeTokenBalance(ethers, d.token, d.alice, 9n * FTNS);
    });
  });

  describe("cancelClaimable", () => {
    beforeEach(async () => {
      await p.owe(9n * FTNS);
      await p.owe(4n * FTNS, d.bob);
    });

    it("reverts for a stranger (P61)", async () => {
      await expect(pool.connect(d.eve).cancelClaimable(d.alice, 1n))
        .to.be.revertedWithCustomError(pool, "AccessManagedUnauthorized")
        .withArgs(d.eve);
    });

    it("takes back what is still claimable, and no more", async () => {
      expect(await pool.cancelClaimable.staticCall(d.alice, 2n * FTNS)).to.equal(2n * FTNS);
      await expect(pool.cancelClaimable(d.alice, 2n * FTNS))
        .to.emit(pool, "ClaimableCancelled")
        .withArgs(d.alice, 2n * FTNS, 7n * FTNS);
      expect(await pool.totalClaimable()).to.equal(11n * FTNS);
      await expect(pool.cancelClaimable(d.alice, MaxUint256))
        .to.emit(pool, "ClaimableCancelled")
        .withArgs(d.alice, 7n * FTNS, 0n);
      expect(await pool.totalClaimable()).to.equal(4n * FTNS);
      await expect(pool.cancelClaimable(d.eve, 1n)).to.emit(pool, "ClaimableCancelled").withArgs(d.eve, 0n, 0n);
      await expect(claim()).to.be.revertedWithCustomError(pool, "NothingToClaim");
    });

    it("leaves what may be drawn today as it was", async () => {
      await p.owe(100_000n * FTNS);
      await draws(d.alice, (SHARE * 100_009n) / 100_013n);
      await pool.cancelClaimable(d.alice, 10n * FTNS);
      expect(await pool.drawableToday(d.alice)).to.equal(0n);
      await pool.cancelClaimable(d.alice, MaxUint256);
      await p.reward(SHARE + 3n * FTNS);
      await expect(claim()).to.be.revertedWithCustomError(pool, "NothingPayableNow");
      await d.clock.toDaysAhead(1n);
      await draws(d.alice, 3n * FTNS);
    });
  });

  it("counts against the claims' share and no other", async () => {
    await p.owe(100_000n * FTNS);
    await claim();
    expect(await p.left()).to.deep.equal({ CONTRIBUTIONS: SHARE, YIELD: SHARE, CLAIMS: 0n, SERVICES: 0n });
    expect((await p.paid()).CLAIMS).to.equal(SHARE);
    await pool.reward(d.bob, 0n, BUDGET, TIER.BASIC);
    expect(await d.token.balanceOf(d.bob)).to.equal(SHARE);
  });
});
