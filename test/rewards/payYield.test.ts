import { expect } from "chai";
import { BUDGET, FTNS, LAST_HOUR, payments, poolFixture, type PoolWorld } from "./fixture.ts";

const { connection, fresh } = await poolFixture();
const { ethers } = connection;
const SHARE = (BUDGET * 3n) / 10n;

describe("RewardPool payYield", () => {
  let d: PoolWorld;
  let pool: PoolWorld["pool"];
  let p: ReturnType<typeof payments>;
  beforeEach(async () => {
    d = await fresh();
    pool = d.pool;
    p = payments(d);
  });

  async function pays(
    asked: { earned?: bigint; recycled?: bigint },
    parts: { fromFunds?: bigint; minted?: bigint; recycled?: bigint },
  ) {
    const { earned = 0n, recycled = 0n } = asked;
    const { fromFunds = 0n, minted = 0n, recycled: recycledNow = 0n } = parts;
    const unpaid = [earned - fromFunds - minted, recycled - recycledNow] as const;
    const [supply, funds] = await Promise.all([d.token.totalSupply(), d.token.balanceOf(pool)]);
    expect(await pool.payYield.staticCall(d.alice, earned, recycled)).to.deep.equal(unpaid);
    const paid = pool.payYield(d.alice, earned, recycled);
    await expect(paid)
      .to.emit(pool, "YieldPaid")
      .withArgs(d.alice, fromFunds, minted, recycledNow, ...unpaid);
    await expect(paid).to.changeTokenBalance(ethers, d.token, d.alice, fromFunds + minted + recycledNow);
    await expect(paid).not.to.emit(d.token, "RewardCounted");
    expect(await d.token.totalSupply()).to.equal(supply + minted);
    expect(await d.token.balanceOf(pool)).to.equal(funds - fromFunds - recycledNow);
    expect(await pool.totalClaimable()).to.equal(0n);
  }

  it("reverts for anyone but the yield payer and who has a role (P61)", async () => {
    await expect(pool.connect(d.eve).payYield(ethers.ZeroAddress, 1n, 1n))
      .to.be.revertedWithCustomError(pool, "AccessManagedUnauthorized")
      .withArgs(d.eve);
    await pool.setYieldPayer(d.source);
    const payment = { purpose: 1n, account: d.alice, kind: 0n, tier: 0n, amount: FTNS, recycled: 0n };
    await expect(d.driver.pay(pool, [payment]))
      .to.be.revertedWithCustomError(pool, "AccessManagedUnauthorized")
      .withArgs(d.driver);
  });

  it("pays for the yield payer without a role", async () => {
    const payment = { purpose: 1n, account: d.alice, kind: 0n, tier: 0n, amount: FTNS, recycled: 0n };
    await expect(d.driver.connect(d.eve).pay(pool, [payment])).to.changeTokenBalance(ethers, d.token, d.alice, FTNS);
  });

  it("reverts for the zero account and for the pool itself", async () => {
    await expect(pool.payYield(ethers.ZeroAddress, 1n, 1n)).to.be.revertedWithCustomError(pool, "ZeroAccount");
    await expect(pool.payYield(pool, 1n, 1n)).to.be.revertedWithCustomError(pool, "PoolCannotBePaid");
  });

  it("pays both parts from funds that reach", async () => {
    await p.fund(20n * FTNS);
    await pays({ earned: 6n * FTNS, recycled: 4n * FTNS }, { fromFunds: 6n * FTNS, recycled: 4n * FTNS });
  });

  it("puts the contributor's part first", async () => {
    await p.fund(10n * FTNS); // one is kept for services
    await pays({ earned: 6n * FTNS, recycled: 4n * FTNS }, { fromFunds: 6n * FTNS, recycled: 3n * FTNS });
  });

  it("mints for the contributor's part only", async () => {
    await p.fund(10n * FTNS);
    await pays({ earned: 16n * FTNS, recycled: 4n * FTNS }, { fromFunds: 9n * FTNS, minted: 7n * FTNS });
    await pays({ recycled: 4n * FTNS }, {});
  });

  it("pays at most its share, both parts together, and owes nothing", async () => {
    await p.fund(BUDGET);
    const share = 2n * SHARE;
    await pays({ earned: 20_000n * FTNS, recycled: BUDGET }, { fromFunds: 20_000n * FTNS, recycled: share - 20_000n * FTNS });
    await pays({ earned: FTNS, recycled: FTNS }, {});
    await p.fund(1_000n * FTNS);
    await pays({ earned: 100n * FTNS, recycled: BUDGET }, { fromFunds: 100n * FTNS, recycled: 200n * FTNS });
  });

  it("mints to the end of its share", async () => {
    await pays({ earned: SHARE - FTNS }, { minted: SHARE - FTNS });
    await pays({ earned: 3n * FTNS, recycled: FTNS }, { minted: FTNS });
    await p.toSecond(LAST_HOUR);
    await pays({ earned: BUDGET }, { minted: (BUDGET * 4n) / 10n });
  });

  it("is asked for nothing and pays nothing", async () => {
    await pays({}, {});
  });

  it("is paid out of funds alone in recovery mode", async () => {
    await p.fund(100n * FTNS);
    await d.token.setRecovery((await d.clock.now()) + 600n);
    await pays({ earned: 20n * FTNS, recycled: 20n * FTNS }, { fromFunds: 20n * FTNS, recycled: 10n * FTNS });
  });
});

describe("RewardPool payKeeper", () => {
  let d: PoolWorld;
  let pool: PoolWorld["pool"];
  let p: ReturnType<typeof payments>;
  beforeEach(async () => {
    d = await fresh();
    pool = d.pool;
    p = payments(d);
  });

  async function pays(asked: bigint, paid: bigint) {
    expect(await pool.payKeeper.staticCall(d.alice, asked)).to.equal(paid);
    const supply = await d.token.totalSupply();
    const sent = pool.payKeeper(d.alice, asked);
    await expect(sent).to.emit(pool, "KeeperPaid").withArgs(d.alice, paid);
    await expect(sent).to.changeTokenBalance(ethers, d.token, d.alice, paid);
    await expect(sent).not.to.emit(d.token, "RewardCounted");
    expect(await d.token.totalSupply()).to.equal(supply);
    expect(await pool.totalClaimable()).to.equal(0n);
  }

  it("reverts for anyone but the keeper payer and who has a role (P61)", async () => {
    await expect(pool.connect(d.eve).payKeeper(ethers.ZeroAddress, 1n))
      .to.be.revertedWithCustomError(pool, "AccessManagedUnauthorized")
      .withArgs(d.eve);
    await pool.setKeeperPayer(d.source);
    const payment = { purpose: 3n, account: d.alice, kind: 0n, tier: 0n, amount: FTNS, recycled: 0n };
    await expect(d.driver.pay(pool, [payment]))
      .to.be.revertedWithCustomError(pool, "AccessManagedUnauthorized")
      .withArgs(d.driver);
  });

  it("reverts for the zero account and for the pool itself, which would make means out of nothing", async () => {
    await expect(pool.payKeeper(ethers.ZeroAddress, 1n)).to.be.revertedWithCustomError(pool, "ZeroAccount");
    await expect(pool.payKeeper(pool, 1n)).to.be.revertedWithCustomError(pool, "PoolCannotBePaid");
  });

  it("pays out of funds and never mints", async () => {
    await pays(FTNS, 0n);
    await p.fund(3n * FTNS);
    await pays(2n * FTNS, 2n * FTNS);
    await pays(2n * FTNS, FTNS);
    await pays(2n * FTNS, 0n);
  });

  it("pays for the keeper payer without a role", async () => {
    await p.fund(3n * FTNS);
    const payment = { purpose: 3n, account: d.alice, kind: 0n, tier: 0n, amount: FTNS, recycled: 0n };
    await expect(d.driver.connect(d.eve).pay(pool, [payment])).to.changeTokenBalance(ethers, d.token, d.alice, FTNS);
  });

  it("pays at most its share of the means", async () => {
    await p.fund(BUDGET);
    await pays(BUDGET, BUDGET / 5n);
    await pays(1n, 0n);
    await p.fund(100n);
    await pays(BUDGET, 10n);
    await p.toSecond(LAST_HOUR);
    await pays(BUDGET, (BUDGET * 8n) / 10n + 90n); // all the funds: seven tenths of the means are more
  });
});
