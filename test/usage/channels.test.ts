// Channels: what comes in, what vouchers bring, how a payer leaves.
import { expect } from "chai";
import { MaxUint256, Signature, ZeroAddress, ZeroHash } from "ethers";
import { channelIdOf, claimOf, depositNonce, hashVoucher, signDeposit, signNotice, signVoucher } from "@ftns/sdk/usage.ts";
import { HOUR, NOTICE, stateOf, termsOf, type Usage, usageFixture, voucherOf, W } from "./fixture.ts";

const DAY = 24n * HOUR;

describe("UsageChannels", () => {
  let fixture: Awaited<ReturnType<typeof usageFixture>>;
  let u: Usage;
  before(async () => {
    fixture = await usageFixture();
  });
  beforeEach(async () => {
    u = await fixture.fresh();
  });

  const deposit = (amount = 100n * W, terms = u.terms, by = u.alice) => u.channels.connect(by).deposit(terms, amount);
  const claim = async (cumulative: bigint, terms = u.terms, signer = u.key) =>
    u.channels.connect(u.stranger).claimMany(terms.operator, [await voucherOf(u, terms, cumulative, signer)]);
  const impose = (action: bigint) => u.breaker.connect(u.people.governor).impose(action);
  const [HALT, RECOVERY] = [1n, 3n];

  describe("when something is deposited", () => {
    it("refuses a channel without payer, operator or key, and a deposit of nothing", async () => {
      for (const field of ["payer", "operator", "voucherKey"] as const) {
        const terms = { ...u.terms, [field]: ZeroAddress };
        await expect(deposit(W, terms)).to.be.revertedWithCustomError(u.channels, "IncompleteTerms");
      }
      await expect(deposit(0n)).to.be.revertedWithCustomError(u.channels, "NothingDeposited");
    });

    it("refuses more than the channel can count, and more than the caller has", async () => {
      await deposit(1n);
      const most = 2n ** 128n - 2n;
      await expect(deposit(most + 1n))
        .to.be.revertedWithCustomError(u.channels, "DepositTooLarge")
        .withArgs(most + 1n, most);
      await expect(deposit(most)).to.be.revertedWithCustomError(u.wrapper, "ERC20InsufficientAllowance");
    });

    it("opens it, adds to it, and names it as the SDK does", async () => {
      const id = channelIdOf(u.terms);
      expect(await u.channels.channelIdOf(u.terms)).to.equal(id);
      await expect(deposit())
        .to.emit(u.channels, "Deposited")
        .withArgs(id, u.alice, u.operator, u.key, 0n, 100n * W, 100n * W);
      await deposit(5n * W);
      expect(await stateOf(u, u.terms)).to.deep.equal({
        deposited: 105n * W,
        claimed: 0n,
        leavesAt: 0n,
        notices: 0n,
        movable: 105n * W,
      });
      expect(await u.wrapper.balanceOf(u.channels)).to.equal(105n * W);
    });

    it("takes it from whoever sends it, for whichever payer", async () => {
      await deposit(7n * W, u.terms, u.bob);
      expect((await stateOf(u, u.terms)).deposited).to.equal(7n * W);
      expect(await u.wrapper.balanceOf(u.bob)).to.equal(9_993n * W);
      expect(await u.wrapper.balanceOf(u.alice)).to.equal(10_000n * W);
    });
  });

  describe("when the payer signs a deposit", () => {
    const sign = async (terms = u.terms, amount = 50n * W, by = u.alice) => {
      const window = { validAfter: 0n, validBefore: (await u.clock.now()) + HOUR };
      const where = { chainId: u.chainId, wrapper: u.addresses.wrapper, channels: u.addresses.usageChannels };
      return signDeposit(by, where, { terms, amount, ...window, number: 3n });
    };
    const send = async (authorization: Awaited<ReturnType<typeof sign>>, terms = u.terms, amount = 50n * W) =>
      u.channels.connect(u.stranger).depositWithAuthorization(terms, amount, authorization);

    it("P422: lets anyone send it, once", async () => {
      const signed = await sign();
      await send(signed);
      expect((await stateOf(u, u.terms)).deposited).to.equal(50n * W);
      expect(await u.wrapper.balanceOf(u.alice)).to.equal(9_950n * W);
      await expect(send(signed)).to.be.revertedWithCustomError(u.wrapper, "ERC3009UsedAuthorization");
      expect(await u.channels.depositNonce(channelIdOf(u.terms), 3n)).to.equal(depositNonce(channelIdOf(u.terms), 3n));
    });

    it("P422: refuses it for another channel, amount or signer", async () => {
      const signed = await sign();
      const others = [
        { ...u.terms, operator: u.stranger.address },
        { ...u.terms, voucherKey: u.stranger.address },
        { ...u.terms, salt: 1n },
        { ...u.terms, payer: u.bob.address },
      ];
      for (const terms of others) {
        await expect(send(signed, terms)).to.be.revertedWithCustomError(u.wrapper, "ERC3009InvalidSignature");
      }
      await expect(send(signed, u.terms, 51n * W)).to.be.revertedWithCustomError(u.wrapper, "ERC3009InvalidSignature");
      await expect(send(await sign(u.terms, 50n * W, u.bob))).to.be.revertedWithCustomError(u.wrapper, "ERC3009InvalidSignature");
    });
  });

  describe("when vouchers are claimed", () => {
    beforeEach(async () => {
      await deposit();
    });

    it("counts what a voucher brings beyond what was claimed, for the operator, and moves nothing", async () => {
      const id = channelIdOf(u.terms);
      await expect(claim(30n * W))
        .to.emit(u.channels, "Claimed")
        .withArgs(id, 30n * W)
        .and.to.emit(u.channels, "ClaimsCounted")
        .withArgs(u.operator, 30n * W);
      await claim(30n * W + 1n);
      expect(await u.channels.uncollected(u.operator)).to.equal(30n * W + 1n);
      expect((await stateOf(u, u.terms)).claimed).to.equal(30n * W + 1n);
      expect(await u.wrapper.balanceOf(u.channels)).to.equal(100n * W);
      expect(await u.wrapper.balanceOf(u.operator)).to.equal(0n);
    });

    it("P420: passes over what was claimed already", async () => {
      await claim(30n * W);
      for (const old of [30n * W, 29n * W, 0n]) {
        await expect(claim(old)).to.be.revertedWithCustomError(u.channels, "NothingNewToClaim").withArgs(u.operator);
      }
      const both = [await voucherOf(u, u.terms, 30n * W), await voucherOf(u, u.terms, 31n * W)];
      await u.channels.claimMany(u.operator, [...both, both[1]!]);
      expect(await u.channels.uncollected(u.operator)).to.equal(31n * W);
    });

    it("P420: brings no more than the channel holds, and the rest after the next deposit", async () => {
      await claim(150n * W);
      expect((await stateOf(u, u.terms)).claimed).to.equal(100n * W);
      await deposit(20n * W);
      await claim(150n * W);
      expect((await stateOf(u, u.terms)).claimed).to.equal(120n * W);
      await claim(MaxUint256).catch(() => {});
      expect((await stateOf(u, u.terms)).claimed).to.equal(120n * W);
    });

    it("P420: brings what was charged, where that is less than what was signed for, and never more", async () => {
      const signed = await voucherOf(u, u.terms, 50n * W);
      await u.channels.claimMany(u.operator, [{ ...signed, charged: 20n * W }]);
      expect((await stateOf(u, u.terms)).claimed).to.equal(20n * W);
      await u.channels.claimMany(u.operator, [{ ...signed, charged: 60n * W }]);
      expect((await stateOf(u, u.terms)).claimed).to.equal(50n * W);
    });

    it("P421: refuses another key's voucher, wherever it stands, with its number", async () => {
      const good = await voucherOf(u, u.terms, 10n * W);
      for (const signer of [u.alice, u.operator, u.stranger]) {
        const bad = await voucherOf(u, u.terms, 11n * W, signer);
        await expect(u.channels.claimMany(u.operator, [good, bad]))
          .to.be.revertedWithCustomError(u.channels, "VoucherNotSigned")
          .withArgs(1n, channelIdOf(u.terms));
      }
      expect((await stateOf(u, u.terms)).claimed).to.equal(0n);
    });

    it("P421: refuses a voucher of another channel, operator, contract or chain, and one for another amount", async () => {
      const other = { ...u.terms, salt: 1n };
      await deposit(10n * W, other);
      const id = channelIdOf(u.terms);
      const sign = (place = u.place, channelId = id) => signVoucher(u.key, place, { channelId, cumulative: 9n * W });
      const refused = [
        claimOf(u.terms, 9n * W, await sign(u.place, channelIdOf(other))),
        claimOf(u.terms, 9n * W, await sign({ ...u.place, chainId: 1n })),
        claimOf(u.terms, 9n * W, await sign({ ...u.place, verifyingContract: u.addresses.usageRouter })),
        claimOf(u.terms, 8n * W, await sign()),
        { ...claimOf(u.terms, 9n * W, await sign()), r: ZeroHash },
      ];
      for (const voucher of refused) {
        await expect(u.channels.claimMany(u.operator, [voucher])).to.be.revertedWithCustomError(u.channels, "VoucherNotSigned");
      }
      const elsewhere = { ...u.terms, operator: u.other.address };
      await deposit(10n * W, elsewhere);
      await expect(u.channels.claimMany(u.other, [claimOf(u.terms, 9n * W, await sign())])).to.be.revertedWithCustomError(
        u.channels,
        "VoucherNotSigned",
      );
      await u.channels.claimMany(u.operator, [claimOf(u.terms, 9n * W, await sign())]);
    });

    it("P421: refuses the other form of a signature, and the zero key has no channel", async () => {
      const signature = Signature.from(await signVoucher(u.key, u.place, { channelId: channelIdOf(u.terms), cumulative: W }));
      const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
      // The twin has an s in the upper half: bit 255 of the compact form is taken by the parity, so it cannot even be written down.
      const twin = order - BigInt(signature.s);
      const { payer, voucherKey, salt } = u.terms;
      const vs = `0x${twin.toString(16).padStart(64, "0")}`;
      await expect(
        u.channels.claimMany(u.operator, [{ payer, voucherKey, salt, cumulative: W, charged: W, r: signature.r, vs }]),
      ).to.be.revertedWithCustomError(u.channels, "VoucherNotSigned");
      const keyless = { ...u.terms, voucherKey: ZeroAddress };
      const voucher = { payer, voucherKey: ZeroAddress, salt, cumulative: W, charged: W, r: ZeroHash, vs: ZeroHash };
      await expect(u.channels.claimMany(u.operator, [voucher])).to.be.revertedWithCustomError(u.channels, "NothingNewToClaim");
      await expect(deposit(W, keyless)).to.be.revertedWithCustomError(u.channels, "IncompleteTerms");
    });

    it("hashes a voucher as the SDK does", async () => {
      const voucher = { channelId: channelIdOf(u.terms), cumulative: 5n };
      expect(await u.channels.hashVoucher(voucher.channelId, 5n)).to.equal(hashVoucher(u.place, voucher));
    });

    it("P421: takes a voucher of a key whose account has code by now (EIP-7702), by its key alone", async () => {
      const voucher = await voucherOf(u, u.terms, W);
      await fixture.connection.networkHelpers.setCode(u.key.address, `0xef0100${u.addresses.token.slice(2)}`);
      await u.channels.claimMany(u.operator, [voucher]);
      expect((await stateOf(u, u.terms)).claimed).to.equal(W);
    });

    it("claims many channels at once, each for itself", async () => {
      const many = Array.from({ length: 5 }, (_, i) => termsOf(u.bob, u.operator, u.key, BigInt(i)));
      for (const terms of many) await deposit(10n * W, terms, u.bob);
      const vouchers = await Promise.all(many.map((terms, i) => voucherOf(u, terms, BigInt(i) * W)));
      await expect(u.channels.claimMany(u.operator, vouchers))
        .to.emit(u.channels, "ClaimsCounted")
        .withArgs(u.operator, 10n * W);
      for (const [i, terms] of many.entries()) expect((await stateOf(u, terms)).claimed).to.equal(BigInt(i) * W);
    });

    it("refuses to claim nothing", async () => {
      await expect(u.channels.claimMany(u.operator, []))
        .to.be.revertedWithCustomError(u.channels, "NothingNewToClaim")
        .withArgs(u.operator);
    });

    it("P423: claims in a halt", async () => {
      await impose(HALT);
      await claim(30n * W);
      expect(await u.channels.uncollected(u.operator)).to.equal(30n * W);
    });
  });

  describe("when the payer leaves", () => {
    beforeEach(async () => {
      await deposit();
    });
    const mine = () => u.channels.connect(u.alice);

    it("refuses anyone else, a second notice, and one of an empty channel", async () => {
      for (const who of [u.stranger, u.operator, u.key]) {
        const theirs = u.channels.connect(who);
        for (const call of [theirs.giveNotice(u.terms), theirs.withdrawNotice(u.terms)]) {
          await expect(call).to.be.revertedWithCustomError(u.channels, "NotThePayer").withArgs(who, u.alice);
        }
      }
      await expect(mine().giveNotice({ ...u.terms, salt: 1n })).to.be.revertedWithCustomError(u.channels, "NothingLeft");
      await mine().giveNotice(u.terms);
      await expect(mine().giveNotice(u.terms)).to.be.revertedWithCustomError(u.channels, "NoticeRuns");
    });

    it("P424: pays back what was not claimed, after 48 hours and not before, whoever asks", async () => {
      await expect(u.channels.withdraw(u.terms))
        .to.be.revertedWithCustomError(u.channels, "NoNotice")
        .withArgs(channelIdOf(u.terms));
      await mine().giveNotice(u.terms);
      const leavesAt = (await u.clock.now()) + NOTICE;
      expect((await stateOf(u, u.terms)).leavesAt).to.equal(leavesAt);
      await claim(40n * W);
      await u.clock.nextBlockAt(leavesAt - 1n);
      await expect(u.channels.withdraw(u.terms))
        .to.be.revertedWithCustomError(u.channels, "NoticeNotOver")
        .withArgs(channelIdOf(u.terms), leavesAt, leavesAt - 1n);
      await u.clock.nextBlockAt(leavesAt);
      await expect(u.channels.connect(u.stranger).withdraw(u.terms))
        .to.emit(u.channels, "Withdrawn")
        .withArgs(channelIdOf(u.terms), u.alice, 60n * W);
      expect(await u.wrapper.balanceOf(u.alice)).to.equal(9_960n * W);
      expect(await stateOf(u, u.terms)).to.deep.include({ deposited: 40n * W, claimed: 40n * W, leavesAt: 0n });
    });

    it("P424: an operator claims until the last moment, and what it did not claim then is lost", async () => {
      await mine().giveNotice(u.terms);
      await u.clock.pass(NOTICE);
      await claim(70n * W);
      await u.channels.withdraw(u.terms);
      await expect(claim(100n * W)).to.be.revertedWithCustomError(u.channels, "NothingNewToClaim");
      expect(await u.wrapper.balanceOf(u.alice)).to.equal(9_930n * W);
    });

    it("P424: starts anew after it left: another notice, and the old vouchers still count", async () => {
      await mine().giveNotice(u.terms);
      await u.clock.pass(NOTICE);
      await u.channels.withdraw(u.terms);
      await deposit(10n * W);
      await expect(u.channels.withdraw(u.terms)).to.be.revertedWithCustomError(u.channels, "NoNotice");
      await claim(100n * W);
      expect((await stateOf(u, u.terms)).claimed).to.equal(10n * W);
    });

    it("P424: a claim of everything and a withdrawal of nothing end the notice, too", async () => {
      await mine().giveNotice(u.terms);
      await claim(100n * W);
      await u.clock.pass(NOTICE);
      await u.channels.withdraw(u.terms);
      expect((await stateOf(u, u.terms)).leavesAt).to.equal(0n);
      await expect(mine().giveNotice(u.terms)).to.be.revertedWithCustomError(u.channels, "NothingLeft");
    });

    it("P424: deposits of others do not end a notice", async () => {
      await mine().giveNotice(u.terms);
      await deposit(1n, u.terms, u.bob);
      await u.clock.pass(NOTICE);
      await u.channels.withdraw(u.terms);
      expect(await u.wrapper.balanceOf(u.alice)).to.equal(10_000n * W + 1n);
    });

    it("stays, when it says so", async () => {
      await expect(mine().withdrawNotice(u.terms)).to.be.revertedWithCustomError(u.channels, "NoNotice");
      await mine().giveNotice(u.terms);
      await mine().withdrawNotice(u.terms);
      await u.clock.pass(NOTICE);
      await expect(u.channels.withdraw(u.terms)).to.be.revertedWithCustomError(u.channels, "NoNotice");
      await mine().giveNotice(u.terms);
      expect((await stateOf(u, u.terms)).notices).to.equal(2n);
    });

    it("P423: time of a halt or of recovery mode is no notice", async () => {
      for (const action of [HALT, RECOVERY]) {
        u = await fixture.fresh();
        await deposit();
        await mine().giveNotice(u.terms);
        await u.clock.pass(HOUR);
        await impose(action);
        await u.clock.pass(12n * HOUR);
        await u.breaker.connect(u.people.governor).end(action);
        const { leavesAt } = await stateOf(u, u.terms);
        await u.clock.nextBlockAt(leavesAt - 1n);
        await expect(u.channels.withdraw(u.terms)).to.be.revertedWithCustomError(u.channels, "NoticeNotOver");
        await u.clock.nextBlockAt(leavesAt);
        await u.channels.withdraw(u.terms);
        expect(await u.wrapper.balanceOf(u.alice)).to.equal(10_000n * W);
      }
    });

    describe("by a signature", () => {
      const noticed = async (changes: { number?: bigint; deadline?: bigint } = {}, by = u.alice) => {
        const deadline = (await u.clock.now()) + HOUR;
        const notice = { channelId: channelIdOf(u.terms), number: 0n, deadline, ...changes };
        return [u.terms, notice.deadline, await signNotice(by, u.place, notice)] as const;
      };
      const send = (args: Awaited<ReturnType<typeof noticed>>) => u.channels.connect(u.stranger).giveNoticeFor(...args);

      it("gives it once", async () => {
        const signed = await noticed();
        await send(signed);
        await mine().withdrawNotice(u.terms);
        await expect(send(signed)).to.be.revertedWithCustomError(u.channels, "NoticeNotSigned").withArgs(u.alice, 1n);
        await send(await noticed({ number: 1n }));
      });

      it("refuses another's, a late one, and one of another number", async () => {
        await expect(send(await noticed({}, u.key))).to.be.revertedWithCustomError(u.channels, "NoticeNotSigned");
        await expect(send(await noticed({ number: 1n }))).to.be.revertedWithCustomError(u.channels, "NoticeNotSigned");
        const deadline = (await u.clock.now()) + 10n;
        const signed = await noticed({ deadline });
        await u.clock.nextBlockAt(deadline + 1n);
        await expect(send(signed))
          .to.be.revertedWithCustomError(u.channels, "NoticeExpired")
          .withArgs(deadline, deadline + 1n);
        await u.clock.nextBlockAt(deadline + 2n);
        const inTime = await noticed({ deadline: deadline + 3n });
        await u.clock.nextBlockAt(deadline + 3n);
        await send(inTime);
      });
    });
  });

  describe("given recovery mode", () => {
    beforeEach(async () => {
      await deposit();
      await deposit(50n * W, termsOf(u.bob, u.operator, u.key), u.bob);
    });

    it("P425: at most a tenth of a channel is claimed a day, and the rest later", async () => {
      await impose(RECOVERY);
      expect((await stateOf(u, u.terms)).movable).to.equal(10n * W);
      await claim(30n * W);
      expect((await stateOf(u, u.terms)).claimed).to.equal(10n * W);
      await expect(claim(30n * W)).to.be.revertedWithCustomError(u.channels, "NothingNewToClaim");
      // Another channel has a tenth of its own.
      const theirs = termsOf(u.bob, u.operator, u.key);
      await claim(3n * W, theirs);
      await claim(30n * W, theirs);
      expect((await stateOf(u, theirs)).claimed).to.equal(5n * W);
      await u.clock.pass(DAY);
      await claim(30n * W);
      expect((await stateOf(u, u.terms)).claimed).to.equal(19n * W);
      await u.breaker.connect(u.people.governor).end(RECOVERY);
      await claim(30n * W);
      expect((await stateOf(u, u.terms)).claimed).to.equal(30n * W);
    });

    it("P425: claims and the payer share the tenth; the notice goes on until nothing is left", async () => {
      await u.channels.connect(u.alice).giveNotice(u.terms);
      await u.clock.pass(NOTICE);
      await impose(RECOVERY);
      await claim(4n * W);
      await u.channels.withdraw(u.terms);
      expect(await u.wrapper.balanceOf(u.alice)).to.equal(9_906n * W);
      await expect(u.channels.withdraw(u.terms)).to.be.revertedWithCustomError(u.channels, "NothingLeft");
      expect((await stateOf(u, u.terms)).leavesAt).to.not.equal(0n);
      await u.clock.pass(DAY);
      await u.channels.withdraw(u.terms);
      expect(await u.wrapper.balanceOf(u.alice)).to.equal(9_915n * W);
    });
  });

  describe("when claims are collected", () => {
    it("P426: refuses everybody but the router", async () => {
      await deposit();
      await claim(10n * W);
      for (const who of [u.operator, u.alice, u.people.governor]) {
        await expect(u.channels.connect(who).collect(u.operator)).to.be.revertedWithCustomError(u.channels, "NotTheRouter");
      }
      await expect(u.channels.connect(u.people.governor).setRouter(u.stranger))
        .to.be.revertedWithCustomError(u.channels, "NotAContract")
        .withArgs(u.stranger);
    });
  });
});
