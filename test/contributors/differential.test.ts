// The registry and the pool against the model, bit for bit, and the schedule against a second witness that knows neither
// buckets nor rings: it keeps the list of proofs and goes through the days one by one, as the rules are written.
import { expect } from "chai";
import {
  ContributionRing,
  MAX_PROOFS_PER_DAY,
  nextSchedule,
  NO_PROOFS,
  packBucket,
  RegistryModel,
  RewardPoolModel,
  standing,
  withProof,
  type TierDays,
  type TierRules,
  type Totals,
} from "@ftns/model";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";
import { attestations, FTNS, outcomeOf, proof, registryFixture, submit, WAD, wad, type Registry } from "./fixture.ts";

const { connection, fresh } = await registryFixture();
const { ethers } = connection;

const WINDOW = 30;
const LONG_RUN_MS = 3_600_000;

interface LandedProof {
  day: number;
  kind: number;
  /** value * quality in 1e-6 FTNS, and quality in thousandths, both rounded down. */
  weighted: bigint;
  quality: bigint;
}

/** The rules of the schedule, read literally: a list, and a loop over days. */
class DayByDay {
  readonly #proofs: LandedProof[] = [];
  readonly through = [0, 0, 0];
  readonly #minScore = [10_000_000n, 50_000_000n, 100_000_000n];
  readonly #minQuality = [300n, 600n, 800n];

  land(landed: LandedProof): void {
    this.#proofs.push(landed);
    this.refresh(landed.day);
  }

  refresh(today: number): void {
    const grace = 14;
    for (const tier of [0, 1, 2] as const) {
      const old = this.through[tier]!;
      if (this.#holds(tier, today)) {
        let failing = today;
        while (this.#holds(tier, failing)) failing++;
        this.through[tier] = failing - 1 + grace;
      } else if (old >= today) {
        this.through[tier] = Math.min(old, today - 1 + grace);
      }
    }
  }

  #holds(tier: 0 | 1 | 2, day: number): boolean {
    const inWindow = this.#proofs.filter((p) => p.day <= day && p.day > day - WINDOW);
    const kinds = new Set(inWindow.map((p) => p.kind)).size;
    const eighths = 8n + BigInt(Math.min(Math.max(kinds - 1, 0), 3));
    const score = inWindow.reduce((total, p) => total + p.weighted, 0n) * eighths; // in eighths
    const quality = inWindow.reduce((total, p) => total + p.quality, 0n);
    return (
      inWindow.length > 0 && score >= this.#minScore[tier]! * 8n && quality >= this.#minQuality[tier]! * BigInt(inWindow.length)
    );
  }
}

describe("ContributorRegistry and RewardPool against the model", () => {
  let d: Registry;
  let slot: bigint;

  before(async () => {
    d = await fresh();
    slot = await recordsSlot();
  });

  const STEPS = 80;
  const SEQUENCES = Math.ceil(fuzzCases(400) / STEPS);

  it(`every stored number is the same after each step of ${SEQUENCES} x ${STEPS} random ones (P21, P30, P31)`, async () => {
    const seen = { refreshed: 0, claimed: 0, fromFunds: 0, minted: 0, deferred: 0, unpaid: 0 };
    await forCases(SEQUENCES, async (random, index) => {
      d = await fresh();
      const accounts = [d.alice, d.bob, d.carol];
      const registry = new RegistryModel();
      const pool = new RewardPoolModel();
      const witnesses = new Map(accounts.map((account) => [account.address, new DayByDay()]));
      const share = wad(["0.0000002", "0.000002", "0.001"][index % 3]!); // 20, 200 or 100,000 FTNS a day
      await d.pool.connect(d.people.governor).setEmissionShare(share);
      pool.emissionShare = share;
      let multiplier = WAD;

      for (let step = 0; step < STEPS; step++) {
        let refreshing = 0.1;
        if (random.chance(0.45)) {
          const long = random.chance(0.3);
          const days = long ? random.int(5, random.pick([25, 45])) : random.int(1, 4);
          if (long) refreshing = 0.7; // proofs have left the window
          await d.clock.toDaysAhead(BigInt(days), random.bigint(0n, 80_000n));
        }
        if (random.chance(0.1)) {
          multiplier = random.bigint(WAD / 10n, 10n * WAD);
          await d.source.set(multiplier);
        }
        if (random.chance(0.1)) await d.token.connect(d.people.treasury).transfer(d.pool, random.bigint(1n, 500n * FTNS));
        const account = random.pick(accounts);
        const name = account.address;
        const { proofs } = registry.record(name);

        if (random.chance(refreshing) && proofs > 0) {
          await d.registry.connect(d.eve).refresh(account);
          const today = Number(await d.clock.today());
          registry.refresh(name, today);
          seen.refreshed++;
          witnesses.get(name)!.refresh(today);
        } else if (random.chance(0.4) && pool.claimable(name) > 0n) {
          if (await compareClaim(name, pool, multiplier)) seen.claimed++;
        } else {
          const paid = await compareProof(random, name, registry, pool, witnesses.get(name)!, multiplier);
          for (const part of ["fromFunds", "minted", "deferred"] as const) if (paid[part] > 0n) seen[part]++;
          if (paid.earned === 0n) seen.unpaid++;
        }

        await compareRecord(name, registry, `step ${step}`);
        const { basicThrough, activeThrough, powerThrough } = registry.record(name).schedule;
        expect([basicThrough, activeThrough, powerThrough]).to.deep.equal(witnesses.get(name)!.through);
        expect(await d.pool.claimable(name)).to.equal(pool.claimable(name));
        expect(await d.pool.totalClaimable()).to.equal(pool.totalClaimable);
      }
    });
    // With the default cases every path is met many times; a sequence that misses some proves too little.
    if (SEQUENCES >= 5) for (const [path, times] of Object.entries(seen)) expect(times, path).to.be.greaterThan(0);
  }).timeout(LONG_RUN_MS);

  /** What the pool will see when the next transaction runs in the block after this one. */
  async function surroundings(multiplier: bigint) {
    return {
      today: Number(await d.clock.today()),
      multiplier,
      funds: await d.token.balanceOf(d.pool),
      supply: await d.token.totalSupply(),
      maxSupply: await d.token.MAX_SUPPLY(),
    };
  }

  async function compareClaim(name: string, pool: RewardPoolModel, multiplier: bigint) {
    const now = await surroundings(multiplier);
    expect(await d.pool.budgetLeft()).to.equal(pool.budgetLeft(now));
    const owed = pool.claimable(name);
    const { fromFunds, minted } = pool.claim(name, now);
    const claim = d.pool.connect(d.eve).claim(name);
    if (fromFunds + minted === 0n) {
      await expect(claim).to.be.revertedWithCustomError(d.pool, "NothingPayableToday");
      return false;
    }
    await expect(claim)
      .to.emit(d.pool, "Claimed")
      .withArgs(name, fromFunds, minted, owed - fromFunds - minted);
    return true;
  }

  async function compareProof(
    random: Random,
    name: string,
    registry: RegistryModel,
    pool: RewardPoolModel,
    witness: DayByDay,
    multiplier: bigint,
  ) {
    const kind = random.pick([0, 1, 3, 5, 6, 7]); // those that need no reviews
    const value = random.chance(0.5)
      ? random.bigint(5n * FTNS, 100n * FTNS)
      : random.magnitude(WAD / 1_000_000n, random.chance(0.1) ? 4_999n * FTNS : 60n * FTNS);
    const impact = random.pick([WAD, WAD / 10n, random.bigint(WAD / 10n, 10n * WAD)]);
    const units = (value * WAD * WAD) / (registry.baseRates[kind]! * impact) + 1n;
    const quality = random.pick([random.bigint(0n, WAD), random.bigint(WAD / 2n, WAD), 0n, wad("0.8"), WAD]);
    const contribution = await proof(d, { contributor: name, kind: BigInt(kind), units, impact, quality });
    const signed = await attestations(d, contribution);
    const now = await surroundings(multiplier);
    const { dueFee } = await d.token.accountOf(name);

    const sent = submit(d, contribution, { signed });
    const outcome = await outcomeOf(d, sent);
    const today = Number(await d.clock.today());
    const expected = registry.land(name, { kind, units, quality, impact }, today);
    // Telling the token anything settles the account, and its fee is in the pool before the pool pays.
    const settled = expected.rescheduled || expected.first ? dueFee : 0n;
    const paid = pool.reward(name, expected.value, expected.tier, { ...now, today, funds: now.funds + settled });
    witness.land({ day: today, kind, weighted: (expected.value * quality) / WAD / 10n ** 12n, quality: quality / 10n ** 15n });

    if (expected.tier > 0) {
      await expect(sent)
        .to.emit(d.pool, "RewardPaid")
        .withArgs(name, expected.tier, expected.value, multiplier, paid.earned, paid.fromFunds, paid.minted, paid.deferred);
    } else {
      await expect(sent).not.to.emit(d.pool, "RewardPaid");
    }
    expect(outcome.value).to.equal(expected.value);
    expect(outcome.score).to.equal(expected.score);
    expect(outcome.averageQuality).to.equal(expected.averageQuality);
    expect(outcome.tier).to.equal(BigInt(expected.tier));
    expect(outcome.earned).to.equal(paid.earned);
    expect(outcome.deferred).to.equal(paid.deferred);
    expect(paid.fromFunds + paid.minted + paid.deferred).to.equal(paid.earned);
    return paid;
  }

  async function compareRecord(name: string, registry: RegistryModel, where: string) {
    const record = registry.record(name);
    const address = await d.registry.getAddress();
    const base = recordKey(name, slot);
    const words = await Promise.all(Array.from({ length: 9 }, (_, i) => ethers.provider.getStorage(address, base + BigInt(i))));
    expect(words.map(BigInt), where).to.deep.equal([record.header(), ...record.ring.words()]);

    const { schedule } = await d.token.accountOf(name);
    expect(numbers(schedule), where).to.deep.equal(record.schedule);
    const status = await d.registry.statusOf(name);
    const { totals, tier, score, averageQuality } = registry.standingOf(name, Number(await d.clock.today()));
    expect([status.score, status.averageQuality, status.kinds, status.proofs, status.supportedTier], where).to.deep.equal([
      score,
      averageQuality,
      totals.kinds,
      totals.proofs,
      BigInt(tier),
    ]);
  }

  function recordKey(name: string, mapping: bigint): bigint {
    return BigInt(ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [name, mapping])));
  }

  /** Slot of the mapping of records: the first under which a contributor has a header. */
  async function recordsSlot(): Promise<bigint> {
    await submit(d, await proof(d));
    const address = await d.registry.getAddress();
    for (let candidate = 0n; candidate < 40n; candidate++) {
      if (BigInt(await ethers.provider.getStorage(address, recordKey(d.alice.address, candidate))) !== 0n) return candidate;
    }
    throw new Error("no record in the first 40 slots");
  }
});

describe("the model's schedule against the day-by-day witness", () => {
  const STEPS = 80;
  const SEQUENCES = Math.ceil(fuzzCases(8_000) / STEPS);

  it(`agrees after each step of ${SEQUENCES} x ${STEPS} random ones, however much leaves the window between (P22)`, async () => {
    let raised = 0; // refreshes that changed something: a weak proof had left, or had ended a tier early
    await forCases(SEQUENCES, (random) => {
      const registry = new RegistryModel();
      const witness = new DayByDay();
      let today = 20_000;
      for (let step = 0; step < STEPS; step++) {
        if (random.chance(0.5)) today += random.chance(0.2) ? random.int(5, 45) : random.int(1, 3);
        if (random.chance(0.3)) {
          if (registry.refresh("anyone", today)) raised++;
          witness.refresh(today);
        } else {
          const kind = random.int(0, 7);
          const quality = random.pick([random.bigint(0n, WAD), random.bigint(WAD / 2n, WAD), 0n, wad("0.8"), WAD]);
          const units = (random.bigint(FTNS, 60n * FTNS) * WAD) / registry.baseRates[kind]!;
          const { value } = registry.land("anyone", { kind, units, quality, impact: WAD }, today);
          witness.land({ day: today, kind, weighted: (value * quality) / WAD / 10n ** 12n, quality: quality / 10n ** 15n });
        }
        const { basicThrough, activeThrough, powerThrough } = registry.record("anyone").schedule;
        expect([basicThrough, activeThrough, powerThrough], `step ${step}`).to.deep.equal(witness.through);
      }
    });
    if (SEQUENCES >= 100) expect(raised).to.be.greaterThan(0);
  }).timeout(LONG_RUN_MS);
});

describe("a day of the model's window, given as many proofs as it can count", () => {
  const full = () => {
    const ring = new ContributionRing();
    for (let i = 0; i < MAX_PROOFS_PER_DAY; i++) ring.land(20_000, 0, WAD, WAD);
    return ring;
  };

  it("takes no further one, and keeps what it has", () => {
    const ring = full();
    const words = ring.words();
    expect(() => ring.land(20_000, 0, WAD, WAD)).to.throw("already 127 proofs today");
    expect(ring.words()).to.deep.equal(words);
    expect(ring.buckets(20_000)[0]!.proofs).to.equal(127n);
  });

  it("hinders no other day", () => {
    const ring = full();
    ring.land(20_001, 0, WAD, WAD);
    expect(
      ring
        .buckets(20_001)
        .map(({ proofs }) => proofs)
        .slice(0, 3),
    ).to.deep.equal([1n, 127n, 0n]);
  });
});

describe("TierScheduleMath against the model", () => {
  const cases = fuzzCases(1_000);

  async function deploy() {
    return ethers.deployContract("ScheduleHarness");
  }
  let harness: Awaited<ReturnType<typeof deploy>>;
  before(async () => {
    harness = await deploy();
  });

  it(`reads ${cases} random windows the same, with schedules nested and settled at once (P22, P23)`, async () => {
    await forCases(cases, async (random) => {
      const rules = randomRules(random);
      const buckets = randomBuckets(random);
      const [basicScore, activeScore, powerScore] = rules.minScore.map((score) => score / 10n ** 12n) as [bigint, bigint, bigint];
      const [basic, active, power] = rules.minQuality.map((quality) => quality / 10n ** 15n) as [bigint, bigint, bigint];
      const step = rules.diversityStep / 10n ** 15n;
      const thresholds =
        basicScore |
        (basic << 32n) |
        (activeScore << 48n) |
        (active << 80n) |
        (powerScore << 96n) |
        (power << 128n) |
        (step << 144n) |
        (rules.maxExtraKinds << 160n);
      expect(
        await harness.thresholdsOf([basicScore, activeScore, powerScore], [basic, active, power], step, rules.maxExtraKinds),
      ).to.equal(thresholds);
      const expected = standing(buckets, rules);
      const found = await harness.standing(buckets.map(packBucket) as never, thresholds);
      expect(found.tier).to.equal(BigInt(expected.tier));
      expect([...found.heldFrom]).to.deep.equal(expected.daysHeld.map((held) => BigInt(WINDOW - held)));
      expect([found.totals.kinds, found.totals.weighted, found.totals.proofs, found.totals.quality]).to.deep.equal([
        expected.totals.kinds,
        expected.totals.weighted,
        expected.totals.proofs,
        expected.totals.quality,
      ]);

      // The schedule that follows: the same, nested, within its limits, and settled at once.
      const today = random.int(200, 60_000);
      const grace = random.int(0, 60);
      const old = randomSchedule(random, today);
      const next = nextSchedule(old, expected, today, grace);
      expect(numbers(await harness.next(old, [...found.heldFrom] as [bigint, bigint, bigint], today, grace))).to.deep.equal(next);
      expect(next.basicThrough >= next.activeThrough && next.activeThrough >= next.powerThrough, "nested").to.equal(true);
      expect(next.basicThrough).to.be.at.most(Math.max(old.basicThrough, today + WINDOW - 1 + grace));
      expect(nextSchedule(next, expected, today, grace)).to.deep.equal(next);
      for (const [index, tier] of (["basicThrough", "activeThrough", "powerThrough"] as const).entries()) {
        if (expected.daysHeld[index] === 0) expect(next[tier]).to.be.at.most(old[tier]);
      }
    });
  }).timeout(LONG_RUN_MS);

  it("adds a proof to a bucket the same, up to the bucket's limits", async () => {
    await forCases(fuzzCases(300), async (random) => {
      const bucket = randomBucket(random);
      if (bucket.proofs === 127n) return;
      const kind = random.int(0, 7);
      const weighted = random.magnitude(0n, 100_000n * FTNS);
      const quality = random.magnitude(0n, WAD);
      const expected = packBucket(withProof(bucket, kind, weighted, quality));
      expect(await harness.withProof(packBucket(bucket), kind, weighted, quality)).to.equal(expected);
    });
  }).timeout(LONG_RUN_MS);
});

function numbers(schedule: { basicThrough: bigint; activeThrough: bigint; powerThrough: bigint }): TierDays {
  return {
    basicThrough: Number(schedule.basicThrough),
    activeThrough: Number(schedule.activeThrough),
    powerThrough: Number(schedule.powerThrough),
  };
}

function randomBucket(random: Random): Totals {
  const proofs = random.magnitude(1n, 127n);
  return {
    kinds: random.bigint(1n, 255n),
    weighted: random.magnitude(0n, 2n ** 32n - 1n),
    proofs,
    quality: random.bigint(0n, proofs * 1_000n),
  };
}

function randomBuckets(random: Random): Totals[] {
  const density = random.pick([0.05, 0.3, 0.9, 1]);
  return Array.from({ length: WINDOW }, () => (random.chance(density) ? randomBucket(random) : NO_PROOFS));
}

/** Nested thresholds near what random buckets reach, bounds included. */
function randomRules(random: Random): TierRules {
  const three = (min: bigint, max: bigint, step: bigint) =>
    [0, 0, 0].map(() => random.magnitude(min, max) * step).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)) as [
      bigint,
      bigint,
      bigint,
    ];
  return {
    minScore: three(1_000n, 4_000_000_000n, 10n ** 12n),
    minQuality: three(0n, random.pick([600n, 1_000n]), 10n ** 15n),
    diversityStep: random.magnitude(0n, 1_000n) * 10n ** 15n,
    maxExtraKinds: random.bigint(0n, 7n),
  };
}

function randomSchedule(random: Random, today: number): TierDays {
  const day = () => (random.chance(0.2) ? 0 : random.int(today - 100, today + 89));
  const [powerThrough, activeThrough, basicThrough] = [day(), day(), day()].sort((a, b) => a - b) as [number, number, number];
  return { basicThrough, activeThrough, powerThrough };
}
