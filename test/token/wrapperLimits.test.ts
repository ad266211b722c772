// Halts and recovery mode of wFTNS, and the limits that ERC-4626 asks for.
import { expect } from "chai";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";
import { DAY, HOUR } from "../helpers/time.ts";
import { CLASS, clock, ethers, freshToken, give, type Deployment } from "./fixture.ts";
import { FTNS } from "./words.ts";

const { MaxUint256 } = ethers;
const SHARE = 10n ** 6n * FTNS;
const MAX_SUPPLY = 1_000_000_000n * FTNS;

async function signerOf(contract: { getAddress(): Promise<string> }) {
  const signer = await ethers.getImpersonatedSigner(await contract.getAddress());
  await ethers.provider.send("hardhat_setBalance", [signer.address, "0x56bc75e2d63100000"]);
  return signer;
}

describe("WrappedFTNS limits", () => {
  let d: Deployment;
  beforeEach(async () => {
    d = await freshToken();
    for (const holder of [d.alice, d.bob]) {
      await give(d, holder, 10_000n * FTNS);
      await d.token.connect(holder).approve(d.wrapper, MaxUint256);
    }
    await d.wrapper.connect(d.alice).deposit(1_000n * FTNS, d.alice);
  });

  const halt = async (seconds = HOUR) => d.token.connect(d.breaker).halt((await clock.now()) + seconds);
  const recover = async (seconds = 3n * DAY) => d.token.connect(d.breaker).startRecovery((await clock.now()) + seconds);

  describe("given neither halt nor recovery mode", () => {
    it("are what there is: shares of the owner, and FTNS outside the vault", async () => {
      expect(await d.wrapper.maxRedeem(d.alice)).to.equal(1_000n * SHARE);
      expect(await d.wrapper.maxWithdraw(d.alice)).to.equal(1_000n * FTNS);
      expect(await d.wrapper.movable(d.alice)).to.equal(1_000n * SHARE);
      expect(await d.wrapper.maxDeposit(d.bob)).to.equal(MAX_SUPPLY - 1_000n * FTNS);
      expect(await d.wrapper.maxMint(d.bob)).to.equal((MAX_SUPPLY - 1_000n * FTNS) * 10n ** 6n);
    });

    it("can be reached: all that there is outside goes in and out again", async () => {
      await give(d, d.bob, MAX_SUPPLY - (await d.token.totalSupply()));
      await d.token.connect(d.treasury).transfer(d.bob, await d.token.balanceOf(d.treasury));
      await d.token.connect(d.alice).transfer(d.bob, await d.token.balanceOf(d.alice));
      await d.wrapper.connect(d.bob).deposit(await d.wrapper.maxDeposit(d.bob), d.bob);
      expect([await d.wrapper.maxDeposit(d.bob), await d.wrapper.maxMint(d.bob)]).to.deep.equal([0n, 0n]);
      await d.wrapper.connect(d.bob).redeem(await d.wrapper.maxRedeem(d.bob), d.bob, d.bob);
    });

    it("promise nothing for shares that are worth less than a wei", async () => {
      await d.wrapper.connect(d.alice).transfer(d.carol, 10n ** 6n - 1n);
      expect([await d.wrapper.maxRedeem(d.carol), await d.wrapper.maxWithdraw(d.carol)]).to.deep.equal([0n, 0n]);
      await expect(d.wrapper.connect(d.carol).redeem(1n, d.carol, d.carol)).to.be.revertedWithCustomError(
        d.wrapper,
        "ERC4626ExceededMaxRedeem",
      );
    });
  });

  describe("given a halt", () => {
    beforeEach(() => halt());

    it("are zero, and deposits, mints, withdrawals and redemptions revert by them", async () => {
      const { wrapper, alice } = d;
      const attempts = [
        ["ERC4626ExceededMaxDeposit", () => wrapper.connect(alice).deposit(1n, alice)],
        ["ERC4626ExceededMaxMint", () => wrapper.connect(alice).mint(1n, alice)],
        ["ERC4626ExceededMaxWithdraw", () => wrapper.connect(alice).withdraw(1n, alice, alice)],
        ["ERC4626ExceededMaxRedeem", () => wrapper.connect(alice).redeem(1n, alice, alice)],
      ] as const;
      for (const [error, attempt] of attempts) {
        await expect(attempt()).to.be.revertedWithCustomError(wrapper, error).withArgs(alice, 1n, 0n);
      }
    });

    it("stops every payment of wFTNS, of nothing and to oneself too", async () => {
      await d.wrapper.connect(d.alice).approve(d.bob, SHARE);
      const until = await d.token.haltedUntil();
      for (const attempt of [
        () => d.wrapper.connect(d.alice).transfer(d.bob, 1n),
        () => d.wrapper.connect(d.alice).transfer(d.bob, 0n),
        () => d.wrapper.connect(d.alice).transfer(d.alice, 1n),
        () => d.wrapper.connect(d.bob).transferFrom(d.alice, d.bob, 1n),
      ]) {
        await expect(attempt()).to.be.revertedWithCustomError(d.wrapper, "TransfersHalted").withArgs(until);
      }
      expect(await d.wrapper.movable(d.alice)).to.equal(0n);
    });

    it("lets exempt contracts pay, and ends with the halt", async () => {
      await clock.pass(HOUR);
      await d.token.connect(d.governor).setAccountClass(d.vault, CLASS.EXEMPT);
      await d.wrapper.connect(d.alice).transfer(d.vault, 10n * SHARE);
      await halt();
      expect(await d.wrapper.movable(d.vault)).to.equal(10n * SHARE);
      // It may pay with its shares, but not redeem them: the wrapper's FTNS are halted.
      expect([await d.wrapper.maxRedeem(d.vault), await d.wrapper.maxWithdraw(d.vault)]).to.deep.equal([0n, 0n]);
      await d.wrapper.connect(await signerOf(d.vault)).transfer(d.bob, 10n * SHARE);
      await expect(d.wrapper.connect(d.bob).transfer(d.alice, 1n)).to.be.revertedWithCustomError(d.wrapper, "TransfersHalted");
      await clock.pass(HOUR);
      await d.wrapper.connect(d.bob).transfer(d.alice, 10n * SHARE);
    });
  });

  describe("given recovery mode", () => {
    beforeEach(() => recover());

    it("lets an account move a tenth of its wFTNS a day, by payments and redemptions together", async () => {
      await d.wrapper.connect(d.alice).transfer(d.bob, 30n * SHARE);
      await d.wrapper.connect(d.alice).redeem(50n * SHARE, d.alice, d.alice);
      expect(await d.wrapper.movable(d.alice)).to.equal(20n * SHARE);
      expect(await d.wrapper.maxRedeem(d.alice)).to.equal(20n * SHARE);
      expect(await d.wrapper.maxWithdraw(d.alice)).to.equal(20n * FTNS);
      await expect(d.wrapper.connect(d.alice).transfer(d.bob, 20n * SHARE + 1n))
        .to.be.revertedWithCustomError(d.wrapper, "RecoveryLimitExceeded")
        .withArgs(d.alice, 20n * SHARE + 1n, 20n * SHARE);
      await d.wrapper.connect(d.alice).withdraw(20n * FTNS, d.alice, d.alice);
      expect(await d.wrapper.movable(d.alice)).to.equal(0n);
      await clock.toDaysAhead(1n);
      expect(await d.wrapper.movable(d.alice)).to.equal(90n * SHARE);
    });

    it("does not let what comes in raise the day's tenth", async () => {
      await d.wrapper.connect(d.alice).transfer(d.bob, 1n);
      await d.wrapper.connect(d.bob).deposit(1_000n * FTNS, d.alice);
      expect(await d.wrapper.movable(d.alice)).to.equal(100n * SHARE - 1n);
    });

    it("counts nothing for a payment of nothing or to oneself", async () => {
      await d.wrapper.connect(d.alice).transfer(d.bob, 0n);
      await d.wrapper.connect(d.alice).transfer(d.alice, 500n * SHARE);
      expect(await d.wrapper.movable(d.alice)).to.equal(100n * SHARE);
      // Neither has fixed the day's tenth: it is still one of what there is at the first real payment.
      await d.wrapper.connect(d.bob).deposit(1_000n * FTNS, d.alice);
      expect(await d.wrapper.movable(d.alice)).to.equal(200n * SHARE);
    });

    it("limits neither the vault's own FTNS nor exempt and pooled holders of wFTNS", async () => {
      await clock.pass(3n * DAY);
      await d.token.connect(d.governor).setAccountClass(d.vault, CLASS.EXEMPT);
      await d.token.connect(d.governor).setAccountClass(d.shop, CLASS.POOLED);
      for (const holder of [d.vault, d.shop]) await d.wrapper.connect(d.alice).transfer(holder, 500n * SHARE);
      await recover();
      for (const holder of [d.vault, d.shop]) {
        const address = await holder.getAddress();
        await d.wrapper.connect(await signerOf(holder)).redeem(500n * SHARE, address, address);
      }
      expect(await d.wrapper.totalSupply()).to.equal(0n);
    });

    it("promises no holder more than a wrapper of class STANDARD may pay out itself, which is a tenth a day", async () => {
      await clock.pass(3n * DAY);
      await d.token.connect(d.governor).setAccountClass(d.vault, CLASS.EXEMPT);
      await d.token.connect(d.governor).setAccountClass(d.wrapper, CLASS.STANDARD);
      await d.wrapper.connect(d.alice).transfer(d.vault, 1_000n * SHARE);
      await recover();
      const vault = d.wrapper.connect(await signerOf(d.vault));
      const promised = await d.wrapper.maxRedeem(d.vault);
      expect(promised).to.be.within(100n * SHARE - SHARE / 10n ** 6n, 100n * SHARE);
      await vault.redeem(promised, d.vault, d.vault);
      expect(await d.wrapper.maxRedeem(d.vault)).to.be.lessThan(SHARE / 10n ** 6n);
      await clock.toDaysAhead(1n);
      expect(await d.wrapper.maxRedeem(d.vault)).to.be.within(90n * SHARE - SHARE / 10n ** 6n, 90n * SHARE);
    });

    it("goes with a halt: nothing moves until that ends", async () => {
      await halt();
      expect(await d.wrapper.maxRedeem(d.alice)).to.equal(0n);
      await expect(d.wrapper.connect(d.alice).transfer(d.bob, 1n)).to.be.revertedWithCustomError(d.wrapper, "TransfersHalted");
      await clock.pass(HOUR);
      await d.wrapper.connect(d.alice).transfer(d.bob, 1n);
    });

    it("limits deposits by the depositor's own FTNS", async () => {
      await expect(d.wrapper.connect(d.bob).deposit(1_000n * FTNS + 1n, d.bob)).to.be.revertedWithCustomError(
        d.token,
        "RecoveryLimitExceeded",
      );
      await d.wrapper.connect(d.bob).deposit(1_000n * FTNS, d.bob);
    });
  });

  /** Some holders, amounts, days, donations, halts and recoveries. */
  async function wander(random: Random): Promise<void> {
    const people = [d.alice, d.bob, d.carol];
    const quietly = async (call: () => Promise<unknown>) => {
      try {
        await call();
      } catch {
        // Refused: the state stays as it was.
      }
    };
    const [who, other] = [random.pick(people), random.pick(people)];
    const [ftns, shares] = [await d.token.balanceOf(who), await d.wrapper.balanceOf(who)];
    const acts = [
      () => d.wrapper.connect(who).deposit(random.magnitude(0n, ftns), other),
      () => d.wrapper.connect(who).redeem(random.magnitude(0n, shares), other, who),
      () => d.wrapper.connect(who).transfer(other, random.magnitude(0n, shares)),
      () => d.token.connect(who).transfer(d.wrapper, random.magnitude(0n, ftns / 100n)),
      () => clock.pass(random.bigint(1n, random.chance(0.2) ? 400n * DAY : 2n * DAY)),
      () => halt(random.bigint(1n, DAY)),
      () => recover(random.bigint(1n, 6n * DAY)),
      () => d.token.connect(d.breaker).endHalt(),
    ];
    await quietly(random.pick(acts));
  }

  it("P19: never promise what is refused, over random states", async () => {
    let promised = 0;
    await forCases(fuzzCases(12), async (random) => {
      d = await freshToken();
      for (const holder of [d.alice, d.bob]) {
        await give(d, holder, random.magnitude(1n, 10_000n * FTNS));
        await d.token.connect(holder).approve(d.wrapper, MaxUint256);
      }
      await d.token.connect(d.carol).approve(d.wrapper, MaxUint256);
      for (let step = 0; step < 25; step++) {
        await wander(random);
        const who = random.pick([d.alice, d.bob, d.carol]);
        const wrapper = d.wrapper.connect(who);
        const [shares, assets] = [await wrapper.maxRedeem(who), await wrapper.maxWithdraw(who)];
        if (shares > 0n) await wrapper.redeem.staticCall(shares, who, who);
        if (assets > 0n) await wrapper.withdraw.staticCall(assets, who, who);
        expect(shares > 0n).to.equal(assets > 0n);
        if (shares > 0n) promised++;
        await expect(wrapper.redeem.staticCall(shares + 1n, who, who)).to.be.revert(ethers);
        await expect(wrapper.withdraw.staticCall(assets + 1n, who, who)).to.be.revert(ethers);
        const movable = await wrapper.movable(who);
        if (movable > 0n) await wrapper.transfer.staticCall(d.dave, movable);
        await expect(wrapper.transfer.staticCall(d.dave, movable + 1n)).to.be.revert(ethers);
        const [deposit, mint] = [await d.wrapper.maxDeposit(d.dave), await d.wrapper.maxMint(d.dave)];
        expect(await d.wrapper.previewMint(mint)).to.be.lessThanOrEqual(deposit);
      }
    });
    expect(promised).to.be.greaterThan(30);
  }).timeout(600_000);
});
