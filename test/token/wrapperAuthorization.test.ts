// Payments of wFTNS that the payer signs and anyone sends (EIP-3009), by OpenZeppelin's extension.
import { expect } from "chai";
import { HOUR } from "../helpers/time.ts";
import { clock, ethers, freshToken, give, type Deployment } from "./fixture.ts";
import { FTNS } from "./words.ts";

const SHARE = 10n ** 6n * FTNS;
const PAYMENT = ["from address", "to address", "value uint256", "validAfter uint256", "validBefore uint256", "nonce bytes32"];
const typesOf = (name: string, fields: string[]) => ({
  [name]: fields.map((field) => ({ name: field.split(" ")[0]!, type: field.split(" ")[1]! })),
});

interface Payment {
  from: string;
  to: string;
  value: bigint;
  validAfter: bigint;
  validBefore: bigint;
  nonce: string;
}

describe("WrappedFTNS authorizations", () => {
  let d: Deployment;
  let payment: Payment;
  beforeEach(async () => {
    d = await freshToken();
    await give(d, d.alice, 1_000n * FTNS);
    await d.token.connect(d.alice).approve(d.wrapper, 1_000n * FTNS);
    await d.wrapper.connect(d.alice).deposit(1_000n * FTNS, d.alice);
    const now = await clock.now();
    payment = {
      from: d.alice.address,
      to: d.bob.address,
      value: 5n * SHARE,
      validAfter: now - 1n,
      validBefore: now + HOUR,
      nonce: ethers.id("a payment"),
    };
  });

  const domain = async () => ({
    name: "Wrapped FTNS",
    version: "1",
    chainId: (await ethers.provider.getNetwork()).chainId,
    verifyingContract: await d.wrapper.getAddress(),
  });
  const sign = async (kind: string, message: object, signer = d.alice) => {
    const fields = kind === "CancelAuthorization" ? ["authorizer address", "nonce bytes32"] : PAYMENT;
    const { v, r, s } = ethers.Signature.from(await signer.signTypedData(await domain(), typesOf(kind, fields), message));
    return [v, r, s] as const;
  };
  const valuesOf = (p: Payment) => [p.from, p.to, p.value, p.validAfter, p.validBefore, p.nonce] as const;
  const transfer = async (signed: Payment, sent = signed, sender = d.carol, signer = d.alice) =>
    d.wrapper
      .connect(sender)
      .transferWithAuthorization(...valuesOf(sent), ...(await sign("TransferWithAuthorization", signed, signer)));
  const receive = async (sender: typeof d.alice) =>
    d.wrapper
      .connect(sender)
      .receiveWithAuthorization(...valuesOf(payment), ...(await sign("ReceiveWithAuthorization", payment)));

  describe("transferWithAuthorization", () => {
    it("pays whom the payer says, whoever sends it, and needs no coin of the payer", async () => {
      await expect(transfer(payment))
        .to.emit(d.wrapper, "AuthorizationUsed")
        .withArgs(d.alice, payment.nonce)
        .and.to.emit(d.wrapper, "Transfer")
        .withArgs(d.alice, d.bob, 5n * SHARE);
      expect(await d.wrapper.balanceOf(d.bob)).to.equal(5n * SHARE);
      expect(await d.wrapper.authorizationState(d.alice, payment.nonce)).to.equal(true);
    });

    it("pays once", async () => {
      await transfer(payment);
      await expect(transfer(payment))
        .to.be.revertedWithCustomError(d.wrapper, "ERC3009UsedAuthorization")
        .withArgs(d.alice, payment.nonce);
    });

    it("refuses another nonce, sum, payee, payer or time than was signed, and another's signature", async () => {
      const changes: Partial<Payment>[] = [
        { nonce: ethers.id("another") },
        { value: 6n * SHARE },
        { to: d.carol.address },
        { from: d.carol.address },
        { validBefore: payment.validBefore + 1n },
        { validAfter: payment.validAfter - 1n },
      ];
      for (const change of changes) {
        await expect(transfer(payment, { ...payment, ...change })).to.be.revertedWithCustomError(
          d.wrapper,
          "ERC3009InvalidSignature",
        );
      }
      await expect(transfer(payment, payment, d.carol, d.bob)).to.be.revertedWithCustomError(
        d.wrapper,
        "ERC3009InvalidSignature",
      );
    });

    it("takes nonces in any order", async () => {
      for (const nonce of ["b", "a", "c"]) await transfer({ ...payment, nonce: ethers.id(nonce) });
      expect(await d.wrapper.balanceOf(d.bob)).to.equal(15n * SHARE);
    });

    it("refuses one that is not valid yet, or no longer", async () => {
      const now = await clock.now();
      for (const times of [
        { validAfter: now + HOUR, validBefore: now + 2n * HOUR },
        { validAfter: 0n, validBefore: now },
      ]) {
        await expect(transfer({ ...payment, ...times }))
          .to.be.revertedWithCustomError(d.wrapper, "ERC3009InvalidAuthorizationTime")
          .withArgs(times.validAfter, times.validBefore);
      }
    });

    it("refuses in a halt, and keeps the nonce for after it", async () => {
      await d.token.connect(d.breaker).halt((await clock.now()) + 60n);
      await expect(transfer(payment)).to.be.revertedWithCustomError(d.wrapper, "TransfersHalted");
      expect(await d.wrapper.authorizationState(d.alice, payment.nonce)).to.equal(false);
      await clock.pass(60n);
      await transfer(payment);
    });

    it("is within the payer's limit in recovery mode", async () => {
      await d.token.connect(d.breaker).startRecovery((await clock.now()) + HOUR);
      await expect(transfer({ ...payment, value: 100n * SHARE + 1n }))
        .to.be.revertedWithCustomError(d.wrapper, "RecoveryLimitExceeded")
        .withArgs(d.alice, 100n * SHARE + 1n, 100n * SHARE);
      await transfer(payment);
      expect(await d.wrapper.movable(d.alice)).to.equal(95n * SHARE);
    });
  });

  describe("receiveWithAuthorization", () => {
    it("pays the payee that sends it, and refuses anyone else", async () => {
      await expect(receive(d.carol)).to.be.revertedWithCustomError(d.wrapper, "ERC20InvalidReceiver").withArgs(d.bob);
      await receive(d.bob);
      expect(await d.wrapper.balanceOf(d.bob)).to.equal(5n * SHARE);
    });
  });

  describe("cancelAuthorization", () => {
    it("uses the nonce up, by the payer's signature only", async () => {
      const message = { authorizer: d.alice.address, nonce: payment.nonce };
      const cancel = async (signer: typeof d.alice) =>
        d.wrapper
          .connect(d.carol)
          .cancelAuthorization(d.alice, payment.nonce, ...(await sign("CancelAuthorization", message, signer)));
      await expect(cancel(d.bob)).to.be.revertedWithCustomError(d.wrapper, "ERC3009InvalidSignature");
      await expect(cancel(d.alice)).to.emit(d.wrapper, "AuthorizationCanceled").withArgs(d.alice, payment.nonce);
      await expect(transfer(payment)).to.be.revertedWithCustomError(d.wrapper, "ERC3009UsedAuthorization");
    });
  });
});
