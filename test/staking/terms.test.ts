// The rates, and who sets them.
import { expect } from "chai";
import { DAY, dayOf, startOf } from "../helpers/time.ts";
import { after, RATES, STAKE, WAD, wad, WEEK, YEAR, stakingFixture, type Staking } from "./fixture.ts";

const { connection, fresh } = await stakingFixture();
const { ethers } = connection;

describe("StakingVault", () => {
  let d: Staking;
  let vault: Staking["vault"];
  beforeEach(async () => {
    d = await fresh();
    vault = d.vault.connect(d.alice);
  });

  describe("setTerms", () => {
    const governed = () => d.vault.connect(d.people.governor);
    const terms = (changes: object = {}) => ({ ...RATES, multiplierSource: d.store, ...changes });

    it("reverts for anyone but governance", async () => {
      await expect(vault.setTerms(terms())).to.be.revertedWithCustomError(vault, "AccessManagedUnauthorized").withArgs(d.alice);
    });

    it("reverts with a source that is none, fails or exaggerates", async () => {
      await expect(governed().setTerms(terms({ multiplierSource: d.eve.address })))
        .to.be.revertedWithCustomError(vault, "NotAContract")
        .withArgs(d.eve);
      await d.store.switchOff(true);
      await expect(governed().setTerms(terms())).to.be.revertedWithCustomError(d.store, "SwitchedOff");
      await d.store.switchOff(false);
      await d.store.exaggerate(true);
      await expect(governed().setTerms(terms())).to.be.revertedWithCustomError(vault, "MultiplierSourceBroken").withArgs(d.store);
    });

    it("reverts out of bounds, and accepts the bounds", async () => {
      const bounds: [keyof typeof RATES, bigint, bigint, bigint][] = [
        ["baseRate", 0n, wad("0.2"), wad("0.0001")],
        ["commitmentRate", 0n, wad("0.05"), wad("0.0001")],
        ["maxRate", wad("0.01"), wad("0.5"), wad("0.0001")],
      ];
      for (const [term, min, max, step] of bounds) {
        const name = ethers.encodeBytes32String(term);
        await expect(governed().setTerms(terms({ [term]: max + step })))
          .to.be.revertedWithCustomError(vault, "TermOutOfBounds")
          .withArgs(name, max + step, min, max);
        if (min > 0n)
          await expect(governed().setTerms(terms({ [term]: min - step })))
            .to.be.revertedWithCustomError(vault, "TermOutOfBounds")
            .withArgs(name, min - step, min, max);
        await expect(governed().setTerms(terms({ [term]: max - 1n })))
          .to.be.revertedWithCustomError(vault, "TermTooFine")
          .withArgs(name, max - 1n, step);
        await governed().setTerms(terms({ [term]: min }));
        await governed().setTerms(terms({ [term]: max }));
        expect((await vault.latestTerms())[1][term]).to.equal(max);
      }
      const multiplier = ethers.encodeBytes32String("tierMultiplier");
      await expect(governed().setTerms(terms({ tierMultiplier: [0n, 0n, 0n, wad("3.01")] })))
        .to.be.revertedWithCustomError(vault, "TermOutOfBounds")
        .withArgs(multiplier, wad("3.01"), 0n, wad("3"));
      await expect(governed().setTerms(terms({ tierMultiplier: [0n, 0n, 0n, wad("2.995")] })))
        .to.be.revertedWithCustomError(vault, "TermTooFine")
        .withArgs(multiplier, wad("2.995"), wad("0.01"));
      await expect(governed().setTerms(terms({ tierMultiplier: [1n, WAD, wad("0.99"), WAD] }))).to.be.revertedWithCustomError(
        vault,
        "TermTooFine",
      );
      await expect(governed().setTerms(terms({ tierMultiplier: [0n, WAD, wad("0.99"), WAD] })))
        .to.be.revertedWithCustomError(vault, "TierMultipliersNotAscending")
        .withArgs(2n);
    });

    it("holds from the next day boundary on, for stakes that nobody touches too (P73)", async () => {
      const today = await d.clock.today();
      await vault.stake(STAKE);
      const at = await d.clock.now();
      await expect(governed().setTerms(terms({ baseRate: wad("0.06") }))).to.emit(vault, "TermsChanged");
      expect((await vault.terms()).baseRate).to.equal(wad("0.03"));
      expect((await vault.latestTerms())[0]).to.equal(today + 1n);
      await governed().setTerms(terms({ baseRate: wad("0.09") })); // takes the first one's place
      expect((await vault.terms()).baseRate).to.equal(wad("0.03"));
      const boundary = startOf(today + 1n);
      await d.clock.to(boundary);
      expect((await vault.terms()).baseRate).to.equal(wad("0.09"));
      const to = boundary + 3n * DAY;
      await d.clock.nextBlockAt(to);
      await vault.settle(d.alice);
      const expected = (STAKE * (15n * (boundary - at) + 45n * (to - boundary))) / 1_000n / YEAR;
      expect(await vault.yieldOf(d.alice)).to.deep.equal([0n, expected]);
    });

    it("survives the old source's end from the boundary on", async () => {
      await governed().setTerms(terms({ multiplierSource: d.controller }));
      await d.clock.toDaysAhead(1n);
      await d.store.switchOff(true);
      await vault.stake(STAKE);
      await d.clock.pass(DAY);
      await vault.settle(d.alice);
      expect((await vault.yieldOf(d.alice))[1]).to.be.greaterThan(0n);
    });
  });

  describe("given terms without a source of M", () => {
    const free = async (changes: object = {}) => {
      const none = { ...RATES, multiplierSource: ethers.ZeroAddress, ...changes };
      await d.vault.connect(d.people.governor).setTerms(none);
      await d.clock.toDaysAhead(1n);
    };

    it("earns as if M were 1, whatever it is, and calls nobody for it", async () => {
      await free();
      await d.store.set(2n * WAD);
      await d.store.switchOff(true);
      await vault.stake(STAKE);
      await after(d, YEAR / 100n);
      await vault.settle(d.alice);
      expect(await vault.yieldOf(d.alice)).to.deep.equal([0n, (STAKE * 15n) / 100_000n]);
      expect(await vault.rateOf(3, 5n, 2n * WAD)).to.equal(wad("0.12"));
    });

    it("limits it all the same", async () => {
      await free({ baseRate: wad("0.2"), tierMultiplier: [wad("3"), wad("3"), wad("3"), wad("3")] });
      await vault.stake(STAKE);
      await after(d, YEAR / 100n);
      await vault.settle(d.alice);
      expect(await vault.yieldOf(d.alice)).to.deep.equal([0n, (STAKE * 2n) / 1_000n]);
    });

    it("follows M up to the boundary and not after it, or the other way round", async () => {
      await d.store.set(2n * WAD);
      await vault.stake(STAKE);
      const from = await d.clock.now();
      await d.vault.connect(d.people.governor).setTerms({ ...RATES, multiplierSource: ethers.ZeroAddress });
      const boundary = startOf((await d.clock.today()) + 1n);
      await d.clock.nextBlockAt(boundary + DAY);
      await vault.settle(d.alice);
      const expected = (STAKE * 15n * (2n * (boundary - from) + DAY)) / 1_000n / YEAR;
      expect(await vault.yieldOf(d.alice)).to.deep.equal([0n, expected]);
    });
  });

  describe("rateOf", () => {
    it("reverts with more commitments than there are", async () => {
      await expect(vault.rateOf(3, 6n, WAD)).to.be.revertedWithCustomError(vault, "TermOutOfBounds");
    });

    it("is the roadmap's table", async () => {
      expect(await vault.rateOf(0, 0n, WAD)).to.equal(wad("0.015"));
      expect(await vault.rateOf(1, 0n, WAD)).to.equal(wad("0.03"));
      expect(await vault.rateOf(2, 3n, WAD)).to.equal(wad("0.072"));
      expect(await vault.rateOf(3, 5n, WAD)).to.equal(wad("0.12"));
      expect(await vault.rateOf(3, 5n, 2n * WAD)).to.equal(wad("0.2"));
      expect(await vault.rateOf(1, 5n, WAD / 2n)).to.equal(wad("0.04"));
    });
  });

  describe("deployment", () => {
    it("reverts with anything that is no contract", async () => {
      const [token, pool, registry] = await Promise.all([d.token, d.pool, d.registry].map((c) => c.getAddress()));
      const good = [token!, pool!, registry!];
      for (const index of [0, 1, 2]) {
        const args = good.map((address, i) => (i === index ? d.eve.address : address)) as [string, string, string];
        await expect(ethers.deployContract("StakingVault", [d.manager, ...args]))
          .to.be.revertedWithCustomError(vault, "NotAContract")
          .withArgs(d.eve);
      }
    });

    it("starts with the numbers of the specification", async () => {
      const born = await ethers.deployContract("StakingVault", [d.manager, d.token, d.pool, d.registry]);
      const [fromDay, latest] = await born.latestTerms();
      expect(dayOf(await d.clock.now())).to.be.at.least(fromDay);
      expect([latest.baseRate, latest.commitmentRate, latest.maxRate]).to.deep.equal([wad("0.03"), wad("0.01"), wad("0.2")]);
      expect(await born.unstakeDelay()).to.equal(WEEK);
      expect([await born.silentStaker(), await born.registrar()]).to.deep.equal([ethers.ZeroAddress, d.addresses.registry]);
      expect(latest.multiplierSource).to.equal(ethers.ZeroAddress);
      expect(latest.tierMultiplier).to.deep.equal([wad("0.5"), WAD, wad("1.2"), wad("1.5")]);
    });
  });
});
