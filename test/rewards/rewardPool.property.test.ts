import { expect } from "chai";
import { RewardPoolModel } from "@ftns/model";
import { forCases, fuzzCases } from "../helpers/random.ts";
import { FTNS, registryFixture, WAD } from "../contributors/fixture.ts";

const { fresh } = await registryFixture();
const REWARDER = 3n;
const LONG_RUN_MS = 3_600_000;
const STEPS = 60;
const SEQUENCES = Math.ceil(fuzzCases(240) / STEPS);

describe("RewardPool over random rewards, claims, budgets and days", () => {
  it(`${SEQUENCES} x ${STEPS} steps: what is earned is paid or owed, within budget and cap, as the model says (P30, P31)`, async () => {
    await forCases(SEQUENCES, async (random) => {
      const d = await fresh();
      await d.manager.connect(d.people.admin).grantRole(REWARDER, d.dave, 0);
      const accounts = [d.alice, d.bob, d.carol];
      const model = new RewardPoolModel();
      const maxSupply = await d.token.MAX_SUPPLY();
      let multiplier = WAD;
      let [earned, paid] = [0n, 0n];
      let day = { number: 0, minted: 0n, supplyBefore: 0n, share: 0n };

      for (let step = 0; step < STEPS; step++) {
        if (random.chance(0.3)) await d.clock.toDaysAhead(BigInt(random.int(1, 3)));
        if (random.chance(0.1)) {
          model.emissionShare = random.magnitude(0n, WAD / 100n);
          await d.pool.connect(d.people.governor).setEmissionShare(model.emissionShare);
        }
        if (random.chance(0.2)) {
          multiplier = random.bigint(WAD / 10n, 10n * WAD);
          await d.source.set(multiplier);
        }
        if (random.chance(0.2)) {
          const low = random.bigint(0n, WAD);
          const multipliers: [bigint, bigint, bigint, bigint] = [
            0n,
            low,
            random.bigint(low, 2n * WAD),
            random.bigint(2n * WAD, 3n * WAD),
          ];
          model.tierMultipliers = multipliers;
          await d.pool.connect(d.people.governor).setTierMultipliers(multipliers);
        }
        if (random.chance(0.3)) await d.token.connect(d.people.treasury).transfer(d.pool, random.magnitude(1n, 50_000n * FTNS));

        const account = random.pick(accounts);
        const name = account.address;
        const today = Number(await d.clock.today());
        const supply = await d.token.totalSupply();
        const now = { today, multiplier, funds: await d.token.balanceOf(d.pool), supply, maxSupply };
        if (day.number !== today) day = { number: today, minted: 0n, supplyBefore: supply, share: model.emissionShare };
        if (day.minted === 0n) day = { ...day, supplyBefore: supply, share: model.emissionShare };
        expect(await d.pool.budgetLeft(), "budget").to.equal(model.budgetLeft(now));

        if (model.claimable(name) > 0n && random.chance(0.4)) {
          const { fromFunds, minted } = model.claim(name, now);
          paid += fromFunds + minted;
          if (fromFunds + minted > 0n) await d.pool.connect(d.eve).claim(account);
          else await expect(d.pool.claim(account)).to.be.revertedWithCustomError(d.pool, "NothingPayableToday");
        } else {
          const value = random.magnitude(1n, 100_000n * FTNS);
          const tier = random.int(0, 3);
          const parts = model.reward(name, value, tier, now);
          earned += parts.earned;
          paid += parts.fromFunds + parts.minted;
          await d.pool.connect(d.dave).reward(account, value, tier);
        }

        const supplyAfter = await d.token.totalSupply();
        day.minted += supplyAfter - supply;
        expect(day.minted, "minted today").to.be.at.most((day.supplyBefore * day.share) / WAD);
        expect(supplyAfter).to.be.at.most(maxSupply);
        expect(await d.pool.claimable(account)).to.equal(model.claimable(name));
        expect(await d.pool.totalClaimable()).to.equal(model.totalClaimable);
        expect(earned, "earned = paid + owed").to.equal(paid + model.totalClaimable);
      }
      const owed = await Promise.all(accounts.map(async (account) => d.pool.claimable(account)));
      expect(owed.reduce((total, one) => total + one, 0n)).to.equal(await d.pool.totalClaimable());
    });
  }).timeout(LONG_RUN_MS);
});
