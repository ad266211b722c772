import { expect } from "chai";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { clock, ethers, freshToken, give, type Deployment } from "./fixture.ts";
import { FTNS } from "./words.ts";

const PERMIT = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};
const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe("FTNSToken permit", () => {
  let d: Deployment;
  let deadline: bigint;
  beforeEach(async () => {
    d = await freshToken();
    await give(d, d.alice, 100n * FTNS);
    deadline = (await clock.now()) + 3_600n;
  });

  async function sign(
    signer: HardhatEthersSigner,
    changes: { chainId?: bigint; verifyingContract?: string; nonce?: bigint; value?: bigint } = {},
  ) {
    const domain = {
      name: "FTNS",
      version: "1",
      chainId: changes.chainId ?? (await ethers.provider.getNetwork()).chainId,
      verifyingContract: changes.verifyingContract ?? (await d.token.getAddress()),
    };
    const message = {
      owner: d.alice.address,
      spender: d.bob.address,
      value: changes.value ?? 40n * FTNS,
      nonce: changes.nonce ?? (await d.token.nonces(d.alice)),
      deadline,
    };
    return ethers.Signature.from(await signer.signTypedData(domain, PERMIT, message));
  }

  const permit = (s: { v: number; r: string; s: string }, value = 40n * FTNS) =>
    d.token.connect(d.carol).permit(d.alice, d.bob, value, deadline, s.v, s.r, s.s);

  it("reverts after its deadline, and passes in its last second", async () => {
    const signature = await sign(d.alice);
    await clock.nextBlockAt(deadline + 1n);
    await expect(permit(signature)).to.be.revertedWithCustomError(d.token, "ERC2612ExpiredSignature").withArgs(deadline);
    deadline += 10n;
    const later = await sign(d.alice);
    await clock.nextBlockAt(deadline);
    await permit(later);
  });

  it("reverts for another signer, chain, contract, amount or nonce", async () => {
    const wrong = [
      await sign(d.bob),
      await sign(d.alice, { chainId: 1n }),
      await sign(d.alice, { verifyingContract: await d.wrapper.getAddress() }),
      await sign(d.alice, { value: 41n * FTNS }),
      await sign(d.alice, { nonce: 1n }),
    ];
    for (const signature of wrong) {
      await expect(permit(signature)).to.be.revertedWithCustomError(d.token, "ERC2612InvalidSigner");
    }
    expect(await d.token.allowance(d.alice, d.bob)).to.equal(0n);
  });

  it("reverts for the mirrored signature on the curve's upper half", async () => {
    const { v, r, s } = await sign(d.alice);
    const mirrored = { v: v === 27 ? 28 : 27, r, s: ethers.toBeHex(CURVE_ORDER - BigInt(s), 32) };
    await expect(permit(mirrored)).to.be.revertedWithCustomError(d.token, "ECDSAInvalidSignatureS");
  });

  it("gives the allowance once, and not again by replay", async () => {
    const signature = await sign(d.alice);
    await permit(signature);
    expect(await d.token.allowance(d.alice, d.bob)).to.equal(40n * FTNS);
    expect(await d.token.nonces(d.alice)).to.equal(1n);
    await expect(permit(signature)).to.be.revertedWithCustomError(d.token, "ERC2612InvalidSigner");
    await d.token.connect(d.bob).transferFrom(d.alice, d.carol, 40n * FTNS);
    expect(await d.token.balanceOf(d.carol)).to.equal(40n * FTNS);
  });
});
