import { expect } from "chai";
import { clock, ethers, freshToken, makeContributor, type Deployment } from "./fixture.ts";
import { DEFAULT_PARAMETERS, FTNS } from "./words.ts";

describe("FTNSToken callers", () => {
  let d: Deployment;
  beforeEach(async () => {
    d = await freshToken();
  });

  const signerOf = async (contract: { getAddress(): Promise<string> }) => {
    const signer = await ethers.getImpersonatedSigner(await contract.getAddress());
    await ethers.provider.send("hardhat_setBalance", [signer.address, "0x56bc75e2d63100000"]);
    return signer;
  };
  const none = { basicThrough: 0, activeThrough: 0, powerThrough: 0 };

  it("strangers are refused on every restricted function", async () => {
    const until = (await clock.now()) + 60n;
    const calls: Record<string, unknown[]> = {
      mint: [d.alice.address, 1n],
      payReward: [d.alice.address, 0n, 1n],
      setTierSchedule: [d.alice.address, none, 1n, 1n, 0n],
      setParameters: [DEFAULT_PARAMETERS],
      setAccountClass: [d.alice.address, 1n],
      setMinter: [await d.shop.getAddress()],
      setRegistrar: [await d.shop.getAddress()],
      halt: [until],
      endHalt: [],
      startRecovery: [until],
      endRecovery: [],
    };
    const shop = await signerOf(d.shop);
    for (const [name, values] of Object.entries(calls)) {
      for (const stranger of [d.alice, d.treasury, shop]) {
        await expect(d.token.connect(stranger).getFunction(name)(...values), name)
          .to.be.revertedWithCustomError(d.token, "AccessManagedUnauthorized")
          .withArgs(stranger.address);
      }
    }
  });

  describe("setMinter", () => {
    it("refuses an address without code", async () => {
      for (const caller of [d.alice.address, ethers.ZeroAddress]) {
        await expect(d.token.connect(d.governor).setMinter(caller))
          .to.be.revertedWithCustomError(d.token, "CallerWithoutCode")
          .withArgs(caller);
      }
    });

    it("lets the new one mint without a role, and the old one no more", async () => {
      const [pool, shop] = [await signerOf(d.pool), await signerOf(d.shop)];
      await d.token.connect(pool).mint(d.alice, FTNS);
      await expect(d.token.connect(d.governor).setMinter(d.shop)).to.emit(d.token, "MinterSet").withArgs(d.shop);
      expect(await d.token.minter()).to.equal(await d.shop.getAddress());
      await d.token.connect(shop).mint(d.alice, FTNS);
      for (const call of [d.token.connect(pool).mint(d.alice, 1n), d.token.connect(pool).payReward(d.alice, 0n, 1n)]) {
        await expect(call).to.be.revertedWithCustomError(d.token, "AccessManagedUnauthorized").withArgs(d.pool);
      }
      expect(await d.token.balanceOf(d.alice)).to.equal(2n * FTNS);
    });

    it("leaves the supply beside it alone", async () => {
      const supply = await d.token.totalSupply();
      await d.token.connect(d.governor).setMinter(d.shop);
      expect(await d.token.totalSupply()).to.equal(supply);
      await d.token.connect(d.minter).mint(d.alice, FTNS);
      expect(await d.token.minter()).to.equal(await d.shop.getAddress());
    });

    it("gives no other power", async () => {
      const pool = await signerOf(d.pool);
      await expect(d.token.connect(pool).setTierSchedule(d.alice, none, 1n, 1n, 0n)).to.be.revertedWithCustomError(
        d.token,
        "AccessManagedUnauthorized",
      );
    });
  });

  describe("setRegistrar", () => {
    it("refuses an address without code", async () => {
      await expect(d.token.connect(d.governor).setRegistrar(d.alice))
        .to.be.revertedWithCustomError(d.token, "CallerWithoutCode")
        .withArgs(d.alice);
    });

    it("lets the new one set schedules without a role, and nothing else", async () => {
      await expect(d.token.connect(d.governor).setRegistrar(d.shop)).to.emit(d.token, "RegistrarSet").withArgs(d.shop);
      expect(await d.token.registrar()).to.equal(await d.shop.getAddress());
      const shop = await signerOf(d.shop);
      const today = await clock.today();
      await d.token.connect(shop).setTierSchedule(d.alice, { ...none, basicThrough: today + 3n }, 0n, 0n, 0n);
      expect(await d.token.tierOn(d.alice, today)).to.equal(1n);
      await expect(d.token.connect(shop).mint(d.alice, 1n)).to.be.revertedWithCustomError(d.token, "AccessManagedUnauthorized");
    });

    it("leaves those with the role theirs", async () => {
      await d.token.connect(d.governor).setRegistrar(d.shop);
      await makeContributor(d, d.bob, { basic: 3 });
      expect(await d.token.tierOn(d.bob, await clock.today())).to.equal(1n);
    });
  });
});
