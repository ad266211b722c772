// The model against witnesses that know no integrals: one asks for the rate of every single second, one goes from day to day.
import { expect } from "chai";
import {
  dayOf,
  MultiplierPath,
  multiplierAt,
  StakingVaultModel,
  tierAndCommitments,
  yieldBetween,
  yearlyRate,
  type DatedTerms,
} from "@ftns/model";
import { forCases, fuzzCases } from "../helpers/random.ts";
import { DAY, startOf } from "../helpers/time.ts";
import { RATES, WAD } from "./fixture.ts";
import { keptAt, nextM, randomTerms, randomTold } from "./random.ts";

describe("yield", () => {
  it("is the sum of what each second earns (P73)", async () => {
    const wholeYear = WAD * WAD * 365n * DAY;
    let capped = 0;
    await forCases(fuzzCases(60), (random) => {
      const start = startOf(20_000n) + random.bigint(0n, DAY);
      const [path, other] = [new MultiplierPath(), new MultiplierPath()];
      let M = random.magnitude(WAD / 10n, 10n * WAD);
      for (const source of [path, other]) {
        for (let time = start - 1_000n; time < start + 2n * DAY; time += random.magnitude(1n, DAY))
          source.set((M = nextM(random, M)), time);
      }
      const timeline: DatedTerms[] = [
        { ...RATES, multipliers: path, since: 0n },
        { ...randomTerms(random), ...random.pick([{ multipliers: path }, { multipliers: other }, {}]), since: startOf(20_001n) },
      ];
      const staked = random.magnitude(1n, 10n ** 27n);
      const standing = keptAt(randomTold(random, 20_000, 2, staked), 20_000);
      const covered = staked < standing.cover ? staked : standing.cover;
      const end = start + random.bigint(1n, DAY + DAY / 2n);

      let [whole, asNone] = [0n, 0n];
      for (let second = start; second < end; second++) {
        const terms = timeline[second >= timeline[1]!.since ? 1 : 0]!;
        const { tier, commitments } = tierAndCommitments(standing, Number(dayOf(second)));
        const rate = covered * yearlyRate(terms, tier, commitments, multiplierAt(terms, second));
        const bare = (staked - covered) * yearlyRate(terms, 0, 0, multiplierAt(terms, second));
        if (rate === covered * terms.maxRate * WAD) capped++;
        whole += rate + bare;
        asNone += tier === 0 ? rate + bare : bare;
      }
      const recycled = asNone / wholeYear;
      const expected = { earned: whole / wholeYear - recycled, recycled };
      expect(yieldBetween(staked, standing, timeline, start, end)).to.deep.equal(expected);
    });
    if (fuzzCases(60) >= 60) expect(capped).to.be.greaterThan(0);
  });

  it("is the sum of what each day earns, over months and years (P73, P172)", async () => {
    const wholeYear = WAD * WAD * 365n * DAY;
    await forCases(fuzzCases(1_200), (random) => {
      const start = startOf(20_000n) + random.bigint(0n, DAY);
      const end = start + random.magnitude(1n, 400n * DAY);
      const path = new MultiplierPath();
      let M = WAD;
      for (let time = start - DAY; time < end; time += random.bigint(DAY / 2n, 20n * DAY)) path.set((M = nextM(random, M)), time);
      const timeline: DatedTerms[] = [{ ...RATES, since: 0n }];
      for (let day = 20_000n + random.magnitude(1n, 100n); startOf(day) < end; day += random.magnitude(1n, 200n))
        timeline.push({ ...randomTerms(random), ...(random.chance(0.5) ? { multipliers: path } : {}), since: startOf(day) });
      const staked = random.magnitude(1n, 10n ** 27n);
      const standing = keptAt(randomTold(random, 20_000, 126, staked), 20_000);
      const covered = staked < standing.cover ? staked : standing.cover;

      let [whole, asNone] = [0n, 0n];
      for (let day = 20_000n; startOf(day) < end; day++) {
        const [from, to] = [start > startOf(day) ? start : startOf(day), end < startOf(day + 1n) ? end : startOf(day + 1n)];
        const terms = timeline.findLast(({ since }) => since <= startOf(day))!;
        const held = tierAndCommitments(standing, Number(day));
        // `min(limit, rate * M)` over the day, by what M adds up to below the limit.
        const earns = (tier: number, commitments: number) => {
          const rate = yearlyRate({ ...terms, maxRate: 10n ** 30n }, tier, commitments, WAD) / WAD;
          const limit = terms.maxRate * WAD;
          if (terms.multipliers === undefined) return (rate * WAD < limit ? rate * WAD : limit) * (to - from);
          if (rate === 0n) return 0n;
          const { integral, secondsAbove } = terms.multipliers.integral(from, to, limit / rate);
          return rate * integral + limit * secondsAbove;
        };
        const [part, bare] = [covered * earns(held.tier, held.commitments), (staked - covered) * earns(0, 0)];
        whole += part + bare;
        asNone += held.tier === 0 ? part + bare : bare;
      }
      const recycled = asNone / wholeYear;
      expect(yieldBetween(staked, standing, timeline, start, end)).to.deep.equal({
        earned: whole / wholeYear - recycled,
        recycled,
      });
    });
  });

  it("loses less than 1 wei to each settlement on the way (P73)", async () => {
    await forCases(fuzzCases(300), (random) => {
      const start = startOf(20_000n) + random.bigint(0n, DAY);
      const path = new MultiplierPath();
      let M = WAD;
      for (let time = start; time < start + 60n * DAY; time += random.bigint(DAY / 2n, 3n * DAY))
        path.set((M = nextM(random, M)), time);
      const staked = random.magnitude(1n, 10n ** 27n);
      const standing = keptAt(randomTold(random, 20_000, 50, staked), 20_000);
      const [idle, poked] = [new StakingVaultModel(() => 0n, path), new StakingVaultModel(() => 0n, path)];
      for (const vault of [idle, poked]) vault.stake("a", staked, start, standing);
      let pokes = 0n;
      let now = start;
      for (; now < start + 60n * DAY; now += random.magnitude(1n, 10n * DAY)) {
        poked.settleThrough("a", now);
        pokes++;
      }
      const [left, right] = [idle.yieldOf("a", now), poked.yieldOf("a", now)];
      const lost = left.earned + left.recycled - right.earned - right.recycled;
      expect(lost).to.be.within(0n, pokes);
      expect(left.recycled - right.recycled).to.be.within(0n, pokes);
    });
  });
});
