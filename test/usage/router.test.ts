// Where payments go: the operator's part, what is burned, the pots of the works, the pool, and what counts as activity.
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { burnedOf, burnShareOf, DEFAULT_USAGE_SHARES, divide } from "@ftns/model";
import { channelIdOf } from "@ftns/sdk/usage.ts";
import { FTNS, HOUR, type Usage, usageFixture, voucherOf, W, WAD } from "./fixture.ts";

const DAY = 24n * HOUR;
const [HALT, RECOVERY] = [1n, 3n];

describe("UsageRouter", () => {
  let fixture: Awaited<ReturnType<typeof usageFixture>>;
  let u: Usage;
  before(async () => {
    fixture = await usageFixture();
  });
  beforeEach(async () => {
    u = await fixture.fresh();
  });

  /** `amount` of Alice's channel is claimed for the operator. */
  const claimed = async (amount: bigint, terms = u.terms) => {
    await u.channels.connect(u.alice).deposit(terms, amount);
    const { claimed: before } = await u.channels.channelOf(channelIdOf(terms));
    await u.channels.claimMany(terms.operator, [await voucherOf(u, terms, before + amount)]);
  };
  const week = async () => (await u.clock.today()) / 7n;
  const governed = () => u.router.connect(u.people.governor);

  /** All that a distribution of `amount` moves, as the model has it. */
  const expected = async (amount: bigint, hasOperator = true, shares = DEFAULT_USAGE_SHARES) => {
    const burnShare = burnShareOf(shares.burn, await u.controller.multiplierFor(10));
    const parts = divide(amount, shares, hasOperator);
    const assets = await u.wrapper.previewRedeem(parts.redeemed);
    const burned = burnedOf(assets, parts.redeemed, parts.rest, burnShare);
    return { ...parts, burned, pooled: assets - burned };
  };

  const check = async (
    act: () => Promise<unknown>,
    parts: Awaited<ReturnType<typeof expected>>,
    operator = u.operator.address,
  ) => {
    const look = async () => ({
      supply: await u.token.totalSupply(),
      pool: await u.token.balanceOf(u.pool),
      operator: await u.wrapper.balanceOf(operator),
      pot: await u.router.potOf(operator, await week()),
      held: await u.router.royaltiesHeld(),
    });
    const before = await look();
    await act();
    const after = await look();
    expect(before.supply - after.supply, "burned").to.equal(parts.burned);
    expect(after.pool - before.pool, "to the pool").to.equal(parts.pooled);
    expect(after.operator - before.operator, "to the operator").to.equal(parts.operator);
    expect(after.pot - before.pot, "into the pot").to.equal(parts.royalties);
    expect(after.held - before.held, "into pots").to.equal(parts.royalties);
    expect(await u.token.balanceOf(u.router)).to.equal(0n);
  };

  describe("when claims are distributed", () => {
    it("refuses an operator for whom nothing was claimed", async () => {
      for (const nobody of [u.operator.address, ZeroAddress]) {
        await expect(u.router.distribute(nobody)).to.be.revertedWithCustomError(u.channels, "NothingToCollect").withArgs(nobody);
      }
    });

    it("refuses what is worth less than a wei, and takes it later with more", async () => {
      await claimed(1_000_000n);
      await expect(u.router.distribute(u.operator)).to.be.revertedWithCustomError(u.wrapper, "ERC4626ExceededMaxRedeem");
      await claimed(W);
      await u.router.distribute(u.operator);
      expect(await u.channels.uncollected(u.operator)).to.equal(0n);
    });

    it("P427: pays 5 % to the operator, and of the rest burns 10 %, sets aside 20 %, and gives the pool the other 70 %", async () => {
      await claimed(1_000n * W);
      const parts = await expected(1_000n * W);
      expect(parts.operator).to.equal(50n * W);
      expect(parts.royalties).to.equal(190n * W);
      expect(parts.burned).to.be.within(95n * FTNS - 10n ** 15n, 95n * FTNS);
      await check(() => u.router.connect(u.stranger).distribute(u.operator), parts);
    });

    it("P427: tells where it went", async () => {
      await claimed(7n * W + 3n);
      const { operator, royalties, burned, pooled } = await expected(7n * W + 3n);
      await expect(u.router.distribute(u.operator))
        .to.emit(u.router, "Distributed")
        .withArgs(u.operator, await week(), 7n * W + 3n, operator, royalties, burned, pooled);
    });

    it("P427: fills the pot of the week, one by one", async () => {
      await claimed(10n * W);
      await u.router.distribute(u.operator);
      await claimed(10n * W);
      await u.router.distribute(u.operator);
      const first = await week();
      expect(await u.router.potOf(u.operator, first)).to.equal(2n * 19n * 10n ** 23n);
      await u.clock.toDaysAhead(7n, HOUR);
      await claimed(10n * W);
      await u.router.distribute(u.operator);
      expect(await u.router.potOf(u.operator, first)).to.equal(38n * 10n ** 23n);
      expect(await u.router.potOf(u.operator, first + 1n)).to.equal(19n * 10n ** 23n);
      expect(await u.router.royaltiesHeld()).to.equal(57n * 10n ** 23n);
      expect(await u.wrapper.balanceOf(u.router)).to.equal(57n * 10n ** 23n);
    });

    it("P427: the burn multiplier follows M where governance says so, up to half of what is paid", async () => {
      const source = await fixture.ethers.deployContract("MultiplierSwitch");
      const { manager, usageChannels, pool } = u.addresses;
      const router = await fixture.ethers.deployContract("UsageRouter", [manager, usageChannels, pool, source]);
      for (const multiplier of [WAD / 10n, 123_456_789_012_345_678n, WAD, 2n * WAD, 5n * WAD - 1n, 5n * WAD, 10n * WAD]) {
        await source.set(multiplier);
        expect(await router.burnShare()).to.equal(burnShareOf(WAD / 10n, multiplier));
      }
      expect(await router.burnShare()).to.equal(WAD / 2n);
      await source.fix(1n << 10n);
      expect(await router.burnShare()).to.equal(WAD / 10n);
    });

    it("P427: with the largest shares nothing is left over, and nothing is missing", async () => {
      await governed().setShares(WAD / 2n, 40n * 10n ** 16n, 10n * 10n ** 16n);
      await claimed(100n * W);
      const shares = { burn: WAD / 2n, royalty: (WAD * 4n) / 10n, operator: WAD / 10n };
      await check(() => u.router.distribute(u.operator), await expected(100n * W, true, shares));
    });

    it("P427: with shares of zero all goes to the pool", async () => {
      await governed().setShares(0n, 0n, 0n);
      await claimed(100n * W);
      const parts = await expected(100n * W, true, { burn: 0n, royalty: 0n, operator: 0n });
      expect(parts).to.deep.include({ burned: 0n, operator: 0n, royalties: 0n });
      await check(() => u.router.distribute(u.operator), parts);
    });
  });

  describe("when a single payment was made", () => {
    it("P428: a till can be paid before it is made, is emptied by the router alone, and gives what claims give", async () => {
      const till = await u.router.tillOf(u.operator);
      await u.wrapper.connect(u.alice).transfer(till, 40n * W);
      await check(() => u.router.connect(u.stranger).distributeTill(u.operator), await expected(40n * W));
      const made = await fixture.ethers.getContractAt("OperatorTill", till);
      for (const who of [u.operator, u.stranger, u.people.governor]) {
        await expect(made.connect(who).empty()).to.be.revertedWithCustomError(made, "NotTheRouter").withArgs(who);
      }
      await u.wrapper.connect(u.alice).transfer(till, 1n * W);
      await expect(u.router.distributeTill(u.operator)).to.not.emit(u.router, "TillCreated");
      expect(await u.wrapper.balanceOf(till)).to.equal(0n);
    });

    it("P428: tills are apart, and what every till is a clone of belongs to nobody", async () => {
      expect(await u.router.tillOf(u.other)).to.not.equal(await u.router.tillOf(u.operator));
      await u.wrapper.connect(u.alice).transfer(await u.router.tillOf(u.other), W);
      await expect(u.router.distributeTill(u.operator)).to.be.revertedWithCustomError(u.router, "NothingToDistribute");
      await expect(u.router.distributeTill(ZeroAddress)).to.be.revertedWithCustomError(u.router, "ZeroOperator");
      const original = await fixture.ethers.getContractAt("OperatorTill", await u.router.TILL());
      await expect(original.connect(u.stranger).empty()).to.be.revertedWithCustomError(original, "NotTheRouter");
    });

    it("P428: what came straight to the router is burned and pooled, and no pot is touched", async () => {
      await claimed(100n * W);
      await u.router.distribute(u.operator);
      const held = await u.router.royaltiesHeld();
      await expect(u.router.distributeRest()).to.be.revertedWithCustomError(u.router, "NothingToDistribute");
      await u.wrapper.connect(u.alice).transfer(u.router, 10n * W);
      await check(() => u.router.distributeRest(), await expected(10n * W, false), ZeroAddress);
      expect(await u.router.royaltiesHeld()).to.equal(held);
      expect(await u.wrapper.balanceOf(u.router)).to.equal(held);
    });

    it("P428: takes FTNS, too, from one FTNS on", async () => {
      const supply = await u.token.totalSupply();
      const pool = await u.token.balanceOf(u.pool);
      await u.token.connect(u.alice).transfer(u.router, FTNS - 1n);
      await expect(u.router.distributeRest()).to.be.revertedWithCustomError(u.router, "NothingToDistribute");
      await u.token.connect(u.alice).transfer(u.router, 99n * FTNS + 1n);
      await u.router.distributeRest();
      expect(supply - (await u.token.totalSupply())).to.be.within(10n * FTNS - 10n ** 13n, 10n * FTNS);
      expect((await u.token.balanceOf(u.pool)) - pool).to.be.within(90n * FTNS - 10n ** 14n, 90n * FTNS);
      expect(await u.token.balanceOf(u.router)).to.equal(0n);
    });
  });

  describe("when payments are credited", () => {
    const activityOf = async (who: { address: string }) => (await u.token.accountOf(who.address)).activity;

    it("P429: counts what was claimed once, as activity of the payer, whoever asks", async () => {
      await claimed(100n * W);
      const before = await activityOf(u.alice);
      const worth = await u.wrapper.convertToAssets(100n * W);
      await expect(u.router.connect(u.stranger).credit(u.terms))
        .to.emit(u.router, "Credited")
        .withArgs(channelIdOf(u.terms), u.alice, 100n * W, worth);
      expect((await activityOf(u.alice)) - before).to.equal((worth >> 30n) << 30n);
      await expect(u.router.credit(u.terms))
        .to.be.revertedWithCustomError(u.router, "NothingToCredit")
        .withArgs(channelIdOf(u.terms));
      await claimed(1n * W);
      await u.router.credit(u.terms);
      expect((await activityOf(u.alice)) - before).to.be.within(101n * FTNS - 10n ** 15n, 101n * FTNS);
      expect(await u.router.creditedOf(channelIdOf(u.terms))).to.equal(101n * W);
    });

    it("P429: deposits alone count for nothing, and neither does another's channel", async () => {
      await u.channels.connect(u.alice).deposit(u.terms, 100n * W);
      await expect(u.router.credit(u.terms)).to.be.revertedWithCustomError(u.router, "NothingToCredit");
      await claimed(10n * W);
      await expect(u.router.credit({ ...u.terms, payer: u.bob.address })).to.be.revertedWithCustomError(
        u.router,
        "NothingToCredit",
      );
    });

    it("P429: a gift to the wrapper, taken back at once, makes a payment no larger than what it was at par", async () => {
      await claimed(100n * W);
      await u.router.distribute(u.operator);
      // All wFTNS but Alice's leave the wrapper, and Alice makes hers dear.
      const bobs = await u.wrapper.balanceOf(u.bob);
      await u.wrapper.connect(u.bob).redeem(bobs, u.bob, u.bob);
      await u.wrapper.connect(u.alice).redeem((await u.wrapper.balanceOf(u.alice)) - W, u.alice, u.alice);
      await u.token.connect(u.alice).transfer(u.wrapper, 5_000n * FTNS);
      expect(await u.wrapper.convertToAssets(100n * W)).to.be.greaterThan(1_000n * FTNS);
      await expect(u.router.credit(u.terms))
        .to.emit(u.router, "Credited")
        .withArgs(channelIdOf(u.terms), u.alice, 100n * W, 100n * FTNS);
    });

    it("P429: a pooled payer gains no activity, and only the router may credit", async () => {
      const terms = { ...u.terms, payer: u.addresses.wrapper };
      await claimed(10n * W, terms);
      await u.router.credit(terms);
      expect(await activityOf({ address: u.addresses.wrapper })).to.equal(0n);
      await expect(u.token.connect(u.stranger).creditActivity(u.stranger, 1n)).to.be.revertedWithCustomError(
        u.token,
        "AccessManagedUnauthorized",
      );
    });

    it("P429: changes no balance, and settles the account first", async () => {
      await claimed(100n * W);
      await u.clock.toDaysAhead(20n, HOUR);
      const before = await u.token.balanceOf(u.alice);
      const { activity } = await u.token.accountOf(u.alice);
      await u.router.credit(u.terms);
      expect(await u.token.balanceOf(u.alice)).to.equal(before);
      const after = await u.token.accountOf(u.alice);
      expect(after.settledDay).to.equal(await u.clock.today());
      expect(after.activity - activity).to.be.within(99n * FTNS, 100n * FTNS);
    });
  });

  describe("when a pot is drawn or released", () => {
    it("P430: only the contract for royalties draws, never more than the pot", async () => {
      await claimed(100n * W);
      await u.router.distribute(u.operator);
      const now = await week();
      for (const who of [u.operator, u.people.governor]) {
        await expect(u.router.connect(who).drawPot(u.operator, now, who, 1n)).to.be.revertedWithCustomError(
          u.router,
          "NotTheRoyalties",
        );
      }
      const royalties = await impersonated(u.addresses.registry);
      await governed().setRoyalties(royalties);
      const draw = (amount: bigint, w = now) => u.router.connect(royalties).drawPot(u.operator, w, u.bob, amount);
      await expect(draw(19n * W + 1n))
        .to.be.revertedWithCustomError(u.router, "PotTooSmall")
        .withArgs(u.operator, now, 19n * W + 1n, 19n * W);
      await expect(draw(1n, now - 1n)).to.be.revertedWithCustomError(u.router, "PotTooSmall");
      await draw(15n * W);
      expect(await u.wrapper.balanceOf(u.bob)).to.equal(10_015n * W);
      expect(await u.router.potOf(u.operator, now)).to.equal(4n * W);
      expect(await u.router.royaltiesHeld()).to.equal(4n * W);
    });

    it("P430: after eight whole weeks what is left goes to the pool", async () => {
      await claimed(100n * W);
      await u.router.distribute(u.operator);
      const then = await week();
      const beginning = (then + 9n) * 7n * DAY + 2n * HOUR;
      await u.clock.nextBlockAt(beginning - 1n);
      await expect(u.router.releasePot(u.operator, then))
        .to.be.revertedWithCustomError(u.router, "PotNotReleased")
        .withArgs(u.operator, then, then + 9n);
      const pool = await u.token.balanceOf(u.pool);
      await u.clock.nextBlockAt(beginning);
      await u.router.connect(u.stranger).releasePot(u.operator, then);
      expect((await u.token.balanceOf(u.pool)) - pool).to.be.greaterThan(18n * FTNS);
      expect(await u.router.royaltiesHeld()).to.equal(0n);
      await expect(u.router.releasePot(u.operator, then)).to.be.revertedWithCustomError(u.router, "NothingToDistribute");
    });
  });

  describe("given a halt or recovery mode", () => {
    it("P423: waits, loses nothing, and goes on", async () => {
      await claimed(100n * W);
      await u.wrapper.connect(u.alice).transfer(await u.router.tillOf(u.operator), 10n * W);
      for (const action of [HALT, RECOVERY]) {
        await u.breaker.connect(u.people.governor).impose(action);
        await expect(u.router.distribute(u.operator)).to.be.revert(fixture.ethers);
        await expect(u.router.distributeTill(u.operator)).to.be.revert(fixture.ethers);
        await u.breaker.connect(u.people.governor).end(action);
      }
      await u.router.distribute(u.operator);
      await u.router.distributeTill(u.operator);
      expect(await u.wrapper.balanceOf(u.operator)).to.equal(5n * W + W / 2n);
    });
  });

  describe("when governance sets it up", () => {
    it("P431: keeps the shares within their bounds", async () => {
      const most = [WAD / 2n, (WAD * 4n) / 10n, WAD / 10n] as const;
      await governed().setShares(...most);
      expect([...(await u.router.shares())]).to.deep.equal([...most]);
      for (const i of [0, 1, 2]) {
        const shares = [...most] as [bigint, bigint, bigint];
        shares[i] = most[i]! + 1n;
        await expect(governed().setShares(...shares)).to.be.revertedWithCustomError(u.router, "UsageShareOutOfBounds");
      }
      await expect(governed().setRoyalties(u.stranger)).to.be.revertedWithCustomError(u.router, "NotAContract");
    });
  });

  async function impersonated(address: string) {
    await fixture.connection.networkHelpers.impersonateAccount(address);
    await fixture.connection.networkHelpers.setBalance(address, 10n ** 20n);
    return fixture.ethers.getSigner(address);
  }
});
