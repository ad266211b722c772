import { expect } from "chai";
import { HOUR } from "../helpers/time.ts";
import { CLASS, LAUNCH_SUPPLY, clock, ethers, freshToken, give, makeContributor, wordOf, type Deployment } from "./fixture.ts";
import { FTNS, MAX_ACTIVITY_UNITS } from "./words.ts";

const { ZeroAddress } = ethers;
const CAP = 1_000_000_000n * FTNS;

describe("FTNSToken payReward", () => {
  let d: Deployment;
  let pool: Awaited<ReturnType<typeof ethers.getImpersonatedSigner>>;
  beforeEach(async () => {
    d = await freshToken();
    pool = await ethers.getImpersonatedSigner(await d.pool.getAddress());
    await ethers.provider.send("hardhat_setBalance", [pool.address, "0x56bc75e2d63100000"]);
    await give(d, d.pool, 100n * FTNS);
  });

  const reward = (to: { getAddress(): Promise<string> } | string, fromFunds: bigint, minted: bigint) =>
    d.token.connect(pool).payReward(to as string, fromFunds, minted);

  it("reverts for anyone who is neither the minter nor has its role", async () => {
    for (const stranger of [d.alice, d.admin, d.registrar, d.governor]) {
      await expect(d.token.connect(stranger).payReward(d.alice, 0n, 1n))
        .to.be.revertedWithCustomError(d.token, "AccessManagedUnauthorized")
        .withArgs(stranger);
    }
  });

  it("reverts for the zero account and for the payer itself", async () => {
    await expect(reward(ZeroAddress, 0n, 1n))
      .to.be.revertedWithCustomError(d.token, "ERC20InvalidReceiver")
      .withArgs(ZeroAddress);
    await expect(reward(d.pool, 1n, 1n))
      .to.be.revertedWithCustomError(d.token, "ERC20InvalidReceiver")
      .withArgs(d.pool);
  });

  it("reverts above the payer's funds, and above the cap", async () => {
    await expect(reward(d.alice, 100n * FTNS + 1n, 0n))
      .to.be.revertedWithCustomError(d.token, "ERC20InsufficientBalance")
      .withArgs(d.pool, 100n * FTNS, 100n * FTNS + 1n);
    const room = CAP - LAUNCH_SUPPLY - 100n * FTNS;
    await expect(reward(d.alice, 0n, room + 1n))
      .to.be.revertedWithCustomError(d.token, "SupplyCapExceeded")
      .withArgs(CAP + 1n, CAP);
    for (const huge of [ethers.MaxUint256, 2n ** 90n, 2n ** 116n]) {
      await expect(reward(d.alice, 0n, huge)).to.be.revertedWithCustomError(d.token, "SupplyCapExceeded");
      await expect(reward(d.alice, huge, 0n)).to.be.revertedWithCustomError(d.token, "ERC20InsufficientBalance");
    }
    await reward(d.alice, 100n * FTNS, room);
    expect(await d.token.totalSupply()).to.equal(CAP);
  });

  it("moves funds and mints, tells of each, and counts both in full as activity of the receiver alone", async () => {
    const transaction = await reward(d.alice, 30n * FTNS, 12n * FTNS);
    const told = (await transaction.wait())!.logs.map((log) => d.token.interface.parseLog(log)!.args.toArray());
    expect(told).to.deep.equal([
      [pool.address, d.alice.address, 30n * FTNS],
      [ZeroAddress, d.alice.address, 12n * FTNS],
    ]);
    const info = await d.token.accountOf(d.alice);
    expect(info.balance).to.equal(42n * FTNS);
    expect(info.activity).to.equal(((42n * FTNS) >> 30n) << 30n);
    expect((await d.token.accountOf(d.pool)).activity).to.equal(0n);
    expect(await d.token.totalSupply()).to.equal(LAUNCH_SUPPLY + 112n * FTNS);
  });

  it("tells only of the part that is not zero, and of nothing for nothing", async () => {
    const logsOf = async (fromFunds: bigint, minted: bigint) =>
      (await (await reward(d.alice, fromFunds, minted)).wait())!.logs.length;
    expect([await logsOf(1n, 0n), await logsOf(0n, 1n), await logsOf(0n, 0n)]).to.deep.equal([1, 1, 0]);
  });

  it("uses up no capacity, of the receiver or anyone", async () => {
    await makeContributor(d, d.alice, { basic: 9 });
    const before = await wordOf(d, d.alice);
    await reward(d.alice, FTNS, FTNS);
    expect((await wordOf(d, d.alice)).capacity).to.equal(before.capacity);
  });

  it("counts nothing for a pooled or exempt receiver", async () => {
    await d.token.connect(d.governor).setAccountClass(d.vault, CLASS.EXEMPT);
    for (const account of [d.vault, d.wrapper]) {
      await reward(account, FTNS, FTNS);
      expect((await d.token.accountOf(account)).activity).to.equal(0n);
      expect(await d.token.balanceOf(account)).to.equal(2n * FTNS);
    }
  });

  it("settles the receiver before, and spends settled fees", async () => {
    await give(d, d.alice, 3_000n * FTNS);
    await clock.toDaysAhead(1n);
    await expect(reward(d.alice, 100n * FTNS, 0n))
      .to.emit(d.token, "Transfer")
      .withArgs(d.alice, d.pool, FTNS);
    expect(await d.token.balanceOf(d.alice)).to.equal(3_099n * FTNS);
    await reward(d.bob, FTNS, 0n);
    expect(await d.token.balanceOf(d.pool)).to.equal(0n);
  });

  it("saturates the activity", async () => {
    await reward(d.alice, 0n, 800_000_000n * FTNS);
    const lender = d.treasury;
    await d.token.connect(d.alice).transfer(lender, 800_000_000n * FTNS);
    await d.token.connect(lender).burn(800_000_000n * FTNS);
    await reward(d.alice, 0n, 800_000_000n * FTNS);
    expect((await wordOf(d, d.alice)).activity).to.equal(MAX_ACTIVITY_UNITS);
  });

  it("goes on in a halt, and in recovery mode as long as nothing is minted", async () => {
    await d.token.connect(d.breaker).halt((await clock.now()) + HOUR);
    await reward(d.alice, FTNS, FTNS);
    const until = (await clock.now()) + 2n * HOUR;
    await d.token.connect(d.breaker).startRecovery(until);
    await reward(d.alice, FTNS, 0n);
    await expect(reward(d.alice, FTNS, 1n))
      .to.be.revertedWithCustomError(d.token, "MintingStopped")
      .withArgs(until);
  });

  it("by role: the caller's own tokens, within its own halt and recovery limits", async () => {
    await give(d, d.minter, 10n * FTNS);
    await d.token.connect(d.minter).payReward(d.alice, FTNS, 0n);
    expect(await d.token.balanceOf(d.minter)).to.equal(9n * FTNS);
    await d.token.connect(d.breaker).startRecovery((await clock.now()) + HOUR);
    await expect(d.token.connect(d.minter).payReward(d.alice, FTNS, 0n)).to.be.revertedWithCustomError(
      d.token,
      "RecoveryLimitExceeded",
    );
    await d.token.connect(d.breaker).halt((await clock.now()) + HOUR);
    await expect(d.token.connect(d.minter).payReward(d.alice, 1n, 0n)).to.be.revertedWithCustomError(d.token, "TransfersHalted");
  });
});
