import { expect } from "chai";
import { rateTable, runDayLoop, type RateEpoch } from "@ftns/model/token/dayLoop.ts";
import { clock, freshToken, give, parametersWith, wordOf, type Deployment } from "./fixture.ts";
import { DEFAULT_PARAMETERS, DEFAULT_RATES, FTNS, WAD, loopAccount } from "./words.ts";

const MAX_RATE = WAD / 100n;
const MAX_MODIFIER = 2n * WAD;

type Four = [bigint, bigint, bigint, bigint];

describe("FTNSToken parameters", () => {
  let d: Deployment;
  beforeEach(async () => {
    d = await freshToken();
    await give(d, d.alice, 1_000n * FTNS);
  });

  const set = (changes: Parameters<typeof parametersWith>[0]) =>
    d.token.connect(d.governor).setParameters(parametersWith(changes));

  describe("setParameters", () => {
    it("reverts for anyone but governance", async () => {
      await expect(d.token.connect(d.admin).setParameters(DEFAULT_PARAMETERS))
        .to.be.revertedWithCustomError(d.token, "AccessManagedUnauthorized")
        .withArgs(d.admin);
    });

    it("reverts for a base rate above 1 % a month, and passes at 1 %", async () => {
      await expect(set({ monthlyRate: [0n, 0n, 0n, MAX_RATE + 1n] }))
        .to.be.revertedWithCustomError(d.token, "RateOutOfBounds")
        .withArgs(3n, MAX_RATE + 1n, MAX_RATE);
      await expect(set({ monthlyRate: [MAX_RATE + 1n, MAX_RATE, MAX_RATE, MAX_RATE] }))
        .to.be.revertedWithCustomError(d.token, "RateOutOfBounds")
        .withArgs(0n, MAX_RATE + 1n, MAX_RATE);
      await set({ monthlyRate: [MAX_RATE, MAX_RATE, MAX_RATE, MAX_RATE] });
    });

    it("reverts when a slower band would pay less", async () => {
      for (const band of [1, 2, 3]) {
        const monthlyRate: Four = [5n, 5n, 5n, 5n];
        for (let i = band; i < 4; i++) monthlyRate[i] = 4n;
        await expect(set({ monthlyRate })).to.be.revertedWithCustomError(d.token, "RatesNotAscending").withArgs(BigInt(band));
      }
    });

    it("reverts for a modifier above 2, or above that of a lower tier", async () => {
      await expect(set({ tierModifier: [MAX_MODIFIER + 1n, 0n, 0n, 0n] }))
        .to.be.revertedWithCustomError(d.token, "ModifierOutOfBounds")
        .withArgs(0n, MAX_MODIFIER + 1n, MAX_MODIFIER);
      for (const tier of [1, 2, 3]) {
        const tierModifier: Four = [WAD, WAD, WAD, WAD];
        for (let i = tier; i < 4; i++) tierModifier[i] = WAD + 1n;
        await expect(set({ tierModifier }))
          .to.be.revertedWithCustomError(d.token, "ModifierOutOfBounds")
          .withArgs(BigInt(tier), WAD + 1n, WAD);
      }
      await set({ tierModifier: [MAX_MODIFIER, MAX_MODIFIER, MAX_MODIFIER, MAX_MODIFIER] });
    });

    it("reverts for a cap above 1 % a month, and passes at 1 %", async () => {
      await expect(set({ monthlyCap: MAX_RATE + 1n }))
        .to.be.revertedWithCustomError(d.token, "CapOutOfBounds")
        .withArgs(MAX_RATE + 1n, MAX_RATE);
      await set({ monthlyCap: MAX_RATE });
    });

    it("changes nothing when it reverts", async () => {
      await expect(set({ monthlyCap: MAX_RATE + 1n })).to.be.revertedWithCustomError(d.token, "CapOutOfBounds");
      expect(await parametersOf(d)).to.deep.equal(DEFAULT_PARAMETERS);
    });

    it("stores them, and tells from which day they hold", async () => {
      const changed = parametersWith({ monthlyCap: WAD / 200n });
      const transaction = await d.token.connect(d.governor).setParameters(changed);
      const [event] = (await transaction.wait())!.logs.map((log) => d.token.interface.parseLog(log)!);
      expect(event!.name).to.equal("ParametersChanged");
      expect(event!.args.fromDay).to.equal((await clock.today()) + 1n);
      expect(await parametersOf(d)).to.deep.equal(changed);
    });

    it("leaves the boundaries up to today at the old rates, for holders who settled or not", async () => {
      await give(d, d.bob, 1_000n * FTNS);
      await clock.toDaysAhead(2n);
      const before = [await d.token.balanceOf(d.alice), await d.token.balanceOf(d.bob)];
      await d.token.settle(d.bob);
      await set({ monthlyCap: WAD / 1_000n });
      expect([await d.token.balanceOf(d.alice), await d.token.balanceOf(d.bob)]).to.deep.equal(before);
      await clock.toDaysAhead(1n);
      const fee = (before[0]! * 10n) / 300_000n;
      expect(before[0]! - (await d.token.balanceOf(d.alice))).to.be.within(fee - 1_000n, fee + 1_000n);
      expect(before[1]! - (await d.token.balanceOf(d.bob))).to.equal(fee);
    });

    it("keeps the last of several on a day", async () => {
      await set({ monthlyCap: WAD / 1_000n });
      await set({ monthlyCap: 0n });
      await set({ monthlyCap: WAD / 200n });
      await clock.toDaysAhead(1n);
      expect(await d.token.balanceOf(d.alice)).to.equal(1_000n * FTNS - (1_000n * FTNS) / 6_000n);
    });

    it("may set rates to zero and back", async () => {
      await set({ monthlyCap: 0n });
      await clock.toDaysAhead(50n);
      expect(await d.token.balanceOf(d.alice)).to.equal(1_000n * FTNS);
      await set({});
      await clock.toDaysAhead(1n);
      expect(await d.token.balanceOf(d.alice)).to.equal(1_000n * FTNS - (1_000n * FTNS) / 3_000n);
    });

    it("P5: governs each boundary by its own day over many changes, for an account that slept through them all", async () => {
      const start = loopAccount(await wordOf(d, d.alice));
      const epochs: RateEpoch[] = [{ fromDay: 0, rates: DEFAULT_RATES }];
      for (const cap of [20n, 80n, 5n, 100n, 50n, 0n, 70n]) {
        await clock.toDaysAhead(13n);
        const changed = parametersWith({ monthlyCap: (cap * WAD) / 10_000n });
        await d.token.connect(d.governor).setParameters(changed);
        epochs.push({ fromDay: Number(await clock.today()) + 1, rates: rateTable(changed) });
      }
      await clock.toDaysAhead(13n);
      const truth = runDayLoop(start, Number(await clock.today()), epochs, [], { unrounded: true });
      expect((await d.token.balanceOf(d.alice)) - truth.balance).to.be.within(-1_000n, 1_000n);
      await d.token.settleThrough(d.alice, (await clock.today()) - 40n);
      expect((await d.token.balanceOf(d.alice)) - truth.balance).to.be.within(-2_000n, 2_000n);
    });

    it("P15: costs an account with a long past little for each part of it, and comes to the same", async () => {
      const start = loopAccount(await wordOf(d, d.alice));
      const epochs: RateEpoch[] = [{ fromDay: 0, rates: DEFAULT_RATES }];
      for (let i = 0; i < 200; i++) {
        await clock.toDaysAhead(3n);
        const changed = parametersWith({ monthlyCap: (BigInt(60 + (i % 40)) * WAD) / 10_000n });
        await d.token.connect(d.governor).setParameters(changed);
        epochs.push({ fromDay: Number(await clock.today()) + 1, rates: rateTable(changed) });
      }
      const today = await clock.today();
      const truth = runDayLoop(start, Number(today), epochs, [], { unrounded: true }).balance;
      expect((await d.token.balanceOf(d.alice)) - truth).to.be.within(-1_000n, 1_000n);
      for (let day = BigInt(start.settledDay) + 30n; day < today; day += 30n) {
        expect((await (await d.token.settleThrough(d.alice, day)).wait())!.gasUsed).to.be.lessThan(250_000n);
        expect((await d.token.balanceOf(d.alice)) - truth).to.be.within(-1_000n * 20n, 1_000n * 20n);
      }
    });
  });
});

async function parametersOf(d: Deployment): Promise<typeof DEFAULT_PARAMETERS> {
  const { monthlyRate, tierModifier, monthlyCap } = await d.token.parameters();
  return { monthlyRate: [...monthlyRate] as Four, tierModifier: [...tierModifier] as Four, monthlyCap };
}
