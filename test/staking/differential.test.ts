// The vault against its model, bit for bit, and the model against a witness that knows no integrals: it asks for the rate of
// every single second.
import { expect } from "chai";
import {
  lastDaysOf,
  MultiplierPath,
  NO_STANDING,
  StakingVaultModel,
  tierAndCommitments,
  yieldBetween,
  yearlyRate,
  type DatedTerms,
  type StakerStanding,
} from "@ftns/model";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";
import { outcomeOf, outcomeOfModel } from "../helpers/reverts.ts";
import { DAY, dayOf, startOf } from "../helpers/time.ts";
import { FTNS, RATES, setStanding, stakingFixture, WAD, wad, type Staking } from "./fixture.ts";

const { connection, fresh } = await stakingFixture();
const { ethers } = connection;

/** Tiers and commitments that end within `days`, some of them over already, some never held. */
function randomStanding(random: Random, today: number, days: number): StakerStanding {
  const day = () => (random.chance(0.2) ? 0 : today + random.int(-2, days));
  const [powerThrough, activeThrough, basicThrough] = [day(), day(), day()].sort((a, b) => a - b) as [number, number, number];
  return {
    schedule: { basicThrough, activeThrough, powerThrough },
    commitmentThrough: NO_STANDING.commitmentThrough.map(() => (random.chance(0.2) ? 0 : today + random.int(-1, 29))),
  };
}

function randomTerms(random: Random) {
  const basisPoints = (max: number) => BigInt(random.int(0, max)) * wad("0.0001");
  const multipliers = [0, 1, 2, 3].map(() => BigInt(random.int(0, 300))).sort((a, b) => (a < b ? -1 : 1));
  return {
    baseRate: basisPoints(2_000),
    commitmentRate: basisPoints(500),
    maxRate: wad("0.01") + basisPoints(4_900),
    tierMultiplier: multipliers.map((hundredths) => hundredths * wad("0.01")) as [bigint, bigint, bigint, bigint],
  };
}

/** `M` as the controller moves it, or anything within its bounds. */
function nextM(random: Random, M: bigint): bigint {
  if (random.chance(0.3)) return random.magnitude(WAD / 10n, 10n * WAD);
  const moved = (M * random.bigint(9n, 11n)) / 10n;
  return moved < WAD / 10n ? WAD / 10n : moved > 10n * WAD ? 10n * WAD : moved;
}

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
        { ...randomTerms(random), multipliers: random.chance(0.5) ? path : other, since: startOf(20_001n) },
      ];
      const standing = randomStanding(random, 20_000, 2);
      const staked = random.magnitude(1n, 10n ** 27n);
      const end = start + random.bigint(1n, DAY + DAY / 2n);

      let [all, atNone] = [0n, 0n];
      for (let second = start; second < end; second++) {
        const terms = timeline[second >= timeline[1]!.since ? 1 : 0]!;
        const { tier, commitments } = tierAndCommitments(standing, Number(dayOf(second)));
        const rate = yearlyRate(terms, tier, commitments, terms.multipliers.at(second));
        if (rate === terms.maxRate * WAD) capped++;
        all += rate;
        if (tier === 0) atNone += rate;
      }
      const recycled = (staked * atNone) / wholeYear;
      const expected = { earned: (staked * all) / wholeYear - recycled, recycled };
      expect(yieldBetween(staked, standing, timeline, start, end)).to.deep.equal(expected);
    });
    if (fuzzCases(60) >= 60) expect(capped).to.be.greaterThan(0);
  });

  describe("given a rate of 12 % a year before M, and a limit of 20 %", () => {
    const START = startOf(20_000n);
    const YEAR_SEC = 365n * DAY;
    const through = 20_100;
    const standing: StakerStanding = {
      schedule: { basicThrough: through, activeThrough: through, powerThrough: through },
      commitmentThrough: [through, through, through, through, through],
    };
    const staked = 1_000n * FTNS;
    /** The highest M at which the limit does not bite: 0.2 / 0.12, rounded down. */
    const edge = (RATES.maxRate * WAD) / wad("0.12");
    const termsWith = (multipliers: MultiplierPath, maxRate = RATES.maxRate): DatedTerms => ({
      ...RATES,
      maxRate,
      multipliers,
      since: 0n,
    });
    const pathOf = (...changes: (readonly [since: bigint, M: bigint])[]) => {
      const path = new MultiplierPath();
      for (const [since, M] of changes) path.set(M, since);
      return path;
    };

    for (const [what, M, rate] of [
      ["is not limited at the last M below the limit", edge, wad("0.12") * edge],
      ["is limited from the next M on", edge + 1n, RATES.maxRate * WAD],
      ["is limited at the highest M", 10n * WAD, RATES.maxRate * WAD],
    ] as const) {
      it(`P73: ${what}`, () => {
        const terms = termsWith(pathOf([START, M]));
        expect(yearlyRate(terms, 3, 5, M)).to.equal(rate);
        const earned = (staked * rate * 10n * DAY) / (WAD * WAD * YEAR_SEC);
        expect(yieldBetween(staked, standing, [terms], START, START + 10n * DAY)).to.deep.equal({ earned, recycled: 0n });
      });
    }

    it("P73: is the limit itself where it reaches exactly that", () => {
      const terms = termsWith(pathOf([START, WAD]), wad("0.12"));
      expect(yearlyRate(terms, 3, 5, WAD)).to.equal(wad("0.12") * WAD);
      expect(yearlyRate(terms, 3, 5, WAD + 1n)).to.equal(wad("0.12") * WAD);
      expect(yearlyRate(terms, 3, 5, WAD - 1n)).to.equal(wad("0.12") * (WAD - 1n));
    });

    it("P73: is limited on the days on which M is too high, and on no other", () => {
      const path = pathOf([START, edge], [START + DAY, 5n * WAD], [START + 3n * DAY, WAD]);
      const days = wad("0.12") * edge + 2n * RATES.maxRate * WAD + wad("0.12") * WAD;
      const { earned } = yieldBetween(staked, standing, [termsWith(path)], START, START + 4n * DAY);
      expect(earned).to.equal((staked * days * DAY) / (WAD * WAD * YEAR_SEC));
    });

    it("P73: is limited without a tier at four times the M, and that part is recycled", () => {
      // 3 % a year and five commitments of 1 %, times 0.5 without a tier: 4 %, so M must be above 5.
      const commitments = { ...NO_STANDING, commitmentThrough: standing.commitmentThrough };
      const period = 73n * DAY; // a fifth of a year
      const at = (M: bigint) => yieldBetween(staked, commitments, [termsWith(pathOf([START, M]))], START, START + period);
      const below = (staked * wad("0.04") * 499n) / (5n * 100n * WAD);
      expect(at(5n * WAD - WAD / 100n)).to.deep.equal({ earned: 0n, recycled: below });
      for (const M of [5n * WAD, 5n * WAD + 1n, 6n * WAD]) {
        expect(at(M)).to.deep.equal({ earned: 0n, recycled: staked / 25n });
      }
    });

    it("P73: is limited by the new limit from the day on which it holds", () => {
      const path = pathOf([START, 10n * WAD]);
      const lower = { ...termsWith(path, wad("0.1")), since: START + DAY };
      const { earned } = yieldBetween(staked, standing, [termsWith(path), lower], START, START + 2n * DAY);
      expect(earned).to.equal((staked * (wad("0.2") + wad("0.1")) * DAY) / (WAD * YEAR_SEC));
    });
  });

  it("loses less than 1 wei to each settlement on the way (P73)", async () => {
    await forCases(fuzzCases(300), (random) => {
      const start = startOf(20_000n) + random.bigint(0n, DAY);
      const path = new MultiplierPath();
      let M = WAD;
      for (let time = start; time < start + 60n * DAY; time += random.bigint(DAY / 2n, 3n * DAY))
        path.set((M = nextM(random, M)), time);
      const standing = randomStanding(random, 20_000, 50);
      const staked = random.magnitude(1n, 10n ** 27n);
      const [idle, poked] = [new StakingVaultModel(path), new StakingVaultModel(path)];
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

describe("the model of the vault", () => {
  const NOW = startOf(20_000n);
  let model: StakingVaultModel;
  beforeEach(() => {
    model = new StakingVaultModel(new MultiplierPath());
  });
  const outcome = (call: () => unknown) => outcomeOfModel(call);

  describe("given no stake", () => {
    it("P73: refuses what needs one, as the contract does", () => {
      expect(outcome(() => model.stake("a", 0n, NOW, NO_STANDING))).to.equal("ZeroAmount()");
      expect(outcome(() => model.requestUnstake("a", 0n, NOW))).to.equal("ZeroAmount()");
      expect(outcome(() => model.requestUnstake("a", 1n, NOW))).to.equal("InsufficientStake(a, 0, 1)");
      expect(outcome(() => model.withdraw("a", NOW))).to.equal("NothingPending(a)");
      expect(outcome(() => model.cancelUnstake("a", NOW, NO_STANDING))).to.equal("NothingPending(a)");
      expect(outcome(() => model.claim("a", NOW))).to.equal("NothingToClaim(a)");
    });
  });

  describe("given a stake of a moment ago", () => {
    beforeEach(() => model.stake("a", 100n, NOW, NO_STANDING));

    it("P73: lets all of it leave, not a wei more, and not a second before its time", () => {
      expect(outcome(() => model.requestUnstake("a", 101n, NOW))).to.equal("InsufficientStake(a, 100, 101)");
      expect(outcome(() => model.claim("a", NOW))).to.equal("NothingToClaim(a)");
      expect(outcome(() => model.requestUnstake("a", 100n, NOW))).to.equal("ok");
      const readyAt = NOW + 604_800n;
      expect(outcome(() => model.withdraw("a", readyAt - 1n))).to.equal(`NotReady(${readyAt}, ${readyAt - 1n})`);
      expect(model.withdraw("a", readyAt)).to.equal(100n);
      expect(outcome(() => model.withdraw("a", readyAt))).to.equal("NothingPending(a)");
    });
  });
});

describe("StakingVault against the model", () => {
  const SEQUENCES = fuzzCases(6);
  const STEPS = 70;

  it(`agrees on every number after each step of ${SEQUENCES} x ${STEPS} random ones (P73)`, async () => {
    const seen = { capped: 0, refused: 0, claimed: 0, terms: 0, crossed: 0 };
    await forCases(SEQUENCES, async (random) => {
      const d = await fresh();
      const governed = d.vault.connect(d.people.governor);
      const second = await ethers.deployContract("MultiplierStore");
      const sources = [
        { store: d.store, path: new MultiplierPath(), M: WAD },
        { store: second, path: new MultiplierPath(), M: WAD },
      ];
      const model = new StakingVaultModel(sources[0]!.path);
      const accounts = [d.alice, d.bob, d.carol];
      await d.token.connect(d.people.treasury).transfer(d.pool, 100_000n * FTNS);
      let now = await d.clock.now();
      const forward = async (seconds: bigint) => {
        now += seconds;
        await d.clock.nextBlockAt(now);
      };

      for (let step = 0; step < STEPS; step++) {
        const who = random.pick(accounts);
        const vault = d.vault.connect(who);
        const name = who.address;
        const before = model.stakeOf(name);
        await forward(random.magnitude(1n, random.chance(0.1) ? 200n * DAY : 6n * DAY));
        if (
          lastDaysOf(before.standing).some(
            (day) => before.settledAt > 0n && startOf(BigInt(day) + 1n) > before.settledAt && startOf(BigInt(day) + 1n) < now,
          )
        )
          seen.crossed++;
        const amount = random.pick([random.magnitude(1n, 3_000n * FTNS), before.staked, 0n]);
        const action = random.int(0, 11);
        if (action <= 2) {
          const source = random.pick(sources);
          source.M = nextM(random, source.M);
          if (source.M > 2n * WAD) seen.capped++;
          await source.store.set(source.M);
          source.path.set(source.M, now);
        } else if (action === 3) {
          const standing = randomStanding(random, Number(dayOf(now)), 60);
          await setStanding(d, who, standing);
          model.setStanding(name, standing, now);
        } else if (action === 4 && random.chance(0.5)) {
          const [terms, source] = [randomTerms(random), random.pick(sources)];
          await governed.setTerms({ ...terms, multiplierSource: source.store });
          model.setTerms({ ...terms, multipliers: source.path }, now);
          seen.terms++;
        } else if (action === 5) {
          const time = before.settledAt + random.bigint(0n, now - before.settledAt);
          if (before.staked > 0n) {
            await vault.settleThrough(who, time);
            model.settleThrough(name, time);
          } else await vault.settle(who);
        } else if (action <= 7) {
          if (amount > (await d.token.balanceOf(who)) - FTNS) continue;
          await same(
            vault,
            () => vault.stake(amount),
            () => model.stake(name, amount, now, NO_STANDING),
          );
        } else if (action === 8) {
          const forfeiting = random.chance(0.2);
          await same(
            vault,
            async () => (forfeiting ? vault.requestUnstakeForfeiting(amount) : vault.requestUnstake(amount)),
            () => model.requestUnstake(name, amount, now, { forfeiting }),
          );
        } else if (action === 9) {
          await same(
            vault,
            () => vault.withdraw(),
            () => model.withdraw(name, now),
          );
        } else if (action === 10) {
          await same(
            vault,
            () => vault.cancelUnstake(),
            () => model.cancelUnstake(name, now, NO_STANDING),
          );
        } else {
          await compareClaim(d, who.address, () => vault.claim(), model, now);
        }
        expect(await d.clock.now(), "the model's clock is the chain's").to.equal(now);
        for (const account of accounts) await compare(d, account.address, model, now);
        expect(await d.vault.totalStaked()).to.equal(model.totalStaked);
        expect(await d.vault.totalPending()).to.equal(model.totalPending);
        expect(await d.token.balanceOf(d.vault)).to.equal(model.totalStaked + model.totalPending); // P70
      }

      async function same(vault: typeof d.vault, real: () => Promise<unknown>, modelled: () => unknown) {
        const expected = outcomeOfModel(modelled);
        if (expected !== "ok") seen.refused++;
        expect(await outcomeOf(vault, real)).to.equal(expected);
        // A refusal before sending mines no block.
        now = await d.clock.now();
      }

      async function compareClaim(
        d: Staking,
        name: string,
        claim: () => Promise<unknown>,
        model: StakingVaultModel,
        now: bigint,
      ) {
        const { earned, recycled } = model.yieldOf(name, now);
        await same(d.vault, claim, () => model.claim(name, now));
        if (earned + recycled === 0n) return;
        seen.claimed++;
        const block = await ethers.provider.getBlockNumber();
        const [paid] = await d.pool.queryFilter(d.pool.filters.YieldPaid(name), block, block);
        const { fromFunds, minted, deferred, recycled: recycledPaid, unpaid } = paid!.args;
        expect(fromFunds + minted + deferred).to.equal(earned);
        expect(recycledPaid + unpaid).to.equal(recycled);
        model.owe(name, unpaid);
      }
    });
    if (SEQUENCES >= 6) for (const [path, times] of Object.entries(seen)) expect(times, path).to.be.greaterThan(0);
  });

  async function compare(d: Staking, name: string, model: StakingVaultModel, now: bigint) {
    const expected = model.stakeOf(name);
    const real = await d.vault.stakeOf(name);
    const { earned, recycled } = model.yieldOf(name, now);
    const { tier, commitments } = tierAndCommitments(expected.standing, Number(dayOf(now)));
    expect([real.staked, real.pending, real.readyAt, real.settledAt]).to.deep.equal([
      expected.staked,
      expected.pending,
      expected.readyAt,
      expected.settledAt,
    ]);
    expect([real.earned, real.recycled]).to.deep.equal([earned, recycled]);
    expect([real.tier, real.commitments]).to.deep.equal([BigInt(tier), BigInt(commitments)]);
    expect(lastDaysOf(expected.standing).map(BigInt)).to.deep.equal([...real.schedule, ...real.commitmentThrough]);
    expect(await d.vault.getVotes(name)).to.equal(expected.staked);
  }
});
