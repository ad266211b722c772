import { expect } from "chai";
import { ROLES } from "@ftns/deploy/wiring.ts";
import { FTNS, registryFixture, TIER, type Registry } from "../contributors/fixture.ts";

const { connection, fresh } = await registryFixture();
const { ethers } = connection;
const BUDGET = 100_000n * FTNS; // 0.1 % of the supply at launch

describe("RewardPool payYield", () => {
  let d: Registry;
  /** The pool, called by one who may pay yield and reward. */
  let pool: Registry["pool"];
  beforeEach(async () => {
    d = await fresh();
    for (const role of [ROLES.STAKING, ROLES.REWARDER]) await d.manager.connect(d.people.admin).grantRole(role, d.dave, 0);
    pool = d.pool.connect(d.dave);
    await d.token.settle(d.people.treasury);
    await pool.payYield(d.carol, 0n, await d.token.balanceOf(pool));
  });
  const fund = async (amount: bigint) => d.token.connect(d.people.treasury).transfer(pool, amount);

  async function pays(
    asked: { earned: bigint; recycled: bigint },
    parts: { fromFunds?: bigint; minted?: bigint; deferred?: bigint; recycled?: bigint },
  ) {
    const { fromFunds = 0n, minted = 0n, deferred = 0n, recycled = 0n } = parts;
    const unpaid = asked.recycled - recycled;
    expect(fromFunds + minted + deferred, "the law of payment").to.equal(asked.earned);
    const [supply, funds, claimable] = await Promise.all([
      d.token.totalSupply(),
      d.token.balanceOf(pool),
      pool.claimable(d.alice),
    ]);
    expect(await pool.payYield.staticCall(d.alice, asked.earned, asked.recycled)).to.equal(unpaid);
    const paid = pool.payYield(d.alice, asked.earned, asked.recycled);
    await expect(paid).to.emit(pool, "YieldPaid").withArgs(d.alice, fromFunds, minted, deferred, recycled, unpaid);
    await expect(paid).to.changeTokenBalance(ethers, d.token, d.alice, fromFunds + minted + recycled);
    expect(await d.token.totalSupply()).to.equal(supply + minted);
    expect(await d.token.balanceOf(pool)).to.equal(funds - fromFunds - recycled);
    expect(await pool.claimable(d.alice)).to.equal(claimable + deferred);
    expect(await pool.totalClaimable()).to.equal(claimable + deferred);
  }

  it("reverts for anyone but the vault", async () => {
    for (const caller of [d.eve, d.people.governor, d.people.admin]) {
      await expect(d.pool.connect(caller).payYield(ethers.ZeroAddress, 1n, 1n))
        .to.be.revertedWithCustomError(pool, "AccessManagedUnauthorized")
        .withArgs(caller);
    }
  });

  it("reverts for the zero account, and before the pool knows its token", async () => {
    await expect(pool.payYield(ethers.ZeroAddress, 1n, 1n)).to.be.revertedWithCustomError(pool, "ZeroAccount");
    const manager = await ethers.deployContract("AccessManager", [d.dave]);
    const unborn = await ethers.deployContract("RewardPool", [manager], d.dave);
    await expect(unborn.payYield(d.alice, 1n, 1n)).to.be.revertedWithCustomError(unborn, "NotInitialized");
  });

  it("pays both parts from funds that reach", async () => {
    await fund(10n * FTNS);
    await pays({ earned: 6n * FTNS, recycled: 4n * FTNS }, { fromFunds: 6n * FTNS, recycled: 4n * FTNS });
  });

  it("puts the contributor's part first", async () => {
    await fund(7n * FTNS);
    await pays({ earned: 6n * FTNS, recycled: 4n * FTNS }, { fromFunds: 6n * FTNS, recycled: FTNS });
  });

  it("mints for the contributor's part only", async () => {
    await fund(FTNS);
    await pays({ earned: 6n * FTNS, recycled: 4n * FTNS }, { fromFunds: FTNS, minted: 5n * FTNS });
    await pays({ earned: 0n, recycled: 4n * FTNS }, {});
  });

  it("mints within the budget that it shares with rewards, and lets the rest be claimed", async () => {
    await pool.reward(d.carol, BUDGET - FTNS, TIER.BASIC);
    await pays({ earned: 3n * FTNS, recycled: FTNS }, { minted: FTNS, deferred: 2n * FTNS });
    await d.clock.toDaysAhead(1n);
    await d.pool.claim(d.alice);
    expect(await pool.claimable(d.alice)).to.equal(0n);
  });

  it("works while transfers are halted", async () => {
    await fund(FTNS);
    await d.token.connect(d.people.breaker).halt((await d.clock.now()) + 3_600n);
    await pays({ earned: 2n * FTNS, recycled: 0n }, { fromFunds: FTNS, minted: FTNS });
  });
});
