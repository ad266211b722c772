// The registry against the model, bit for bit, and the model against a second witness that reads the rules literally.
import { expect } from "chai";
import {
  nextSchedule,
  NO_BUCKET,
  packBucket,
  RegistryModel,
  standing,
  withProof,
  type Bucket,
  type ContributionOutcome,
  type RecordUpdate,
  type TierDays,
  type TierRules,
} from "@ftns/model";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";
import {
  attestations,
  bareRegistry,
  fieldsOf,
  FTNS,
  outcomeOf,
  proof,
  registryFixture,
  submit,
  toldIn,
  WAD,
  type BareRegistry,
} from "./fixture.ts";
import { DayByDay } from "./witness.ts";

const { connection, fresh } = await registryFixture();
const { ethers } = connection;

const WINDOW = 30;
const LONG_RUN_MS = 3_600_000;

/** A proof's kind, value and quality: at all magnitudes, near 2 FTNS, of all qualities. */
function randomProof(random: Random, kinds: readonly number[]) {
  const value = random.pick([
    random.bigint(FTNS, 60n * FTNS),
    random.bigint(5n * FTNS, 100n * FTNS),
    random.magnitude(1n, random.chance(0.1) ? 4_999n * FTNS : 60n * FTNS),
    2n * FTNS + random.bigint(-2n, 2n),
  ]);
  const thousandths = random.pick([random.bigint(0n, 1_000n), random.bigint(500n, 1_000n), 0n, 300n, 600n, 800n, 1_000n]);
  return { kind: random.pick(kinds), value, quality: thousandths * 10n ** 15n };
}

describe("ContributorRegistry against the model", () => {
  let d: BareRegistry;
  let slot: bigint;

  before(async () => {
    d = await bareRegistry(await fresh());
    slot = await recordsSlot();
  });

  const STEPS = 80;
  const SEQUENCES = Math.ceil(fuzzCases(480) / STEPS);

  it(`stores and tells the same after each step of ${SEQUENCES} x ${STEPS} random ones (P21)`, async () => {
    const seen = { refreshed: 0, changed: 0, graced: 0, lapsed: 0, votes: 0 };
    await forCases(SEQUENCES, async (random) => {
      d = await bareRegistry(await fresh());
      const admin = d.registry.connect(d.people.admin);
      const accounts = [d.alice, d.bob];
      const registry = new RegistryModel();
      const witnesses = new Map(accounts.map((account) => [account.address, new DayByDay()]));

      for (let step = 0; step < STEPS; step++) {
        const where = `step ${step}`;
        let refreshing = 0.1;
        if (random.chance(0.5)) {
          const long = random.chance(0.3);
          const days = long ? random.int(5, random.pick([20, 32, 80])) : random.int(1, 4);
          if (long) refreshing = 0.7; // proofs have left the window
          await d.clock.toDaysAhead(BigInt(days), random.bigint(0n, 80_000n));
        }
        const account = random.pick(accounts);
        const name = account.address;
        const witness = witnesses.get(name)!;
        const before = registry.record(name).schedule;

        if (random.chance(refreshing) && registry.record(name).proofs > 0) {
          const told = await toldIn(d, d.registry.connect(d.eve).refresh(account));
          const today = Number(await d.clock.today());
          witness.refresh(today);
          const expected = registry.refresh(name, today);
          expectTold(told, name, expected, where);
          seen.refreshed++;
          if (JSON.stringify(before) !== JSON.stringify(expected.schedule)) seen.changed++;
        } else if (random.chance(0.1)) {
          const value = random.bigint(1n, 2n * FTNS);
          const told = await toldIn(d, admin.countVote(account, random.hex(32), value));
          const today = Number(await d.clock.today());
          witness.land({ day: today, kind: 3, value, quality: WAD });
          expectTold(told, name, registry.count(name, 3, value, WAD, today), where);
          seen.votes++;
        } else {
          const expected = await compareProof(random, name, registry, witness, where);
          if (expected.graceUntil > 0) seen.graced++;
        }
        await compareRecord(name, registry, witness, where);
        if (before.basicThrough > 0 && before.basicThrough < Number(await d.clock.today())) seen.lapsed++;
      }
    });
    // With the default cases every path is met many times; a sequence that misses some proves too little.
    if (SEQUENCES >= 5) for (const [path, times] of Object.entries(seen)) expect(times, path).to.be.greaterThan(0);
  }).timeout(LONG_RUN_MS);

  async function compareProof(random: Random, name: string, model: RegistryModel, witness: DayByDay, where: string) {
    const { kind, value, quality } = randomProof(random, [0, 1, 3, 5, 6, 7]); // those that need no reviews
    const impact = random.pick([WAD, WAD / 10n, random.bigint(WAD / 10n, 10n * WAD)]);
    const units = (value * WAD * WAD) / (model.baseRates[kind]! * impact) + 1n;
    const contribution = await proof(d, { contributor: name, kind: BigInt(kind), units, impact, quality });
    const sent = submit(d, contribution, { signed: await attestations(d, contribution) });
    const outcome = await outcomeOf(d, sent);
    const told = await toldIn(d, sent);
    const today = Number(await d.clock.today());
    const expected = model.land(name, { kind, units, quality, impact }, today);
    witness.land({ day: today, kind, value: expected.value, quality });

    expectTold(told, name, expected, where);
    expect(told.PoolTold, where).to.deep.equal([name, BigInt(kind), expected.value, BigInt(expected.tier)]);
    expect([...outcome], where).to.deep.equal([
      expected.value,
      expected.score,
      expected.averageQuality,
      BigInt(expected.tier),
      big(expected.schedule),
      expected.value,
      expected.value / 3n,
      0n,
      await d.clock.now(),
      expected.value >= model.rules.minCommitment,
    ]);
    return expected;
  }

  function expectTold(
    told: Awaited<ReturnType<typeof toldIn>>,
    name: string,
    { schedule, capacityAdded, capacityLimit, graceUntil, commitmentDays, cover }: RecordUpdate,
    where: string,
  ) {
    expect(told.TokenTold, where).to.deep.equal([name, big(schedule), capacityAdded, capacityLimit, BigInt(graceUntil)]);
    expect(told.VaultTold, where).to.deep.equal([name, big(schedule), packed(commitmentDays), cover]);
  }

  async function compareRecord(name: string, model: RegistryModel, witness: DayByDay, where: string) {
    const record = model.record(name);
    const address = await d.registry.getAddress();
    const base = recordKey(name, slot);
    const words = await Promise.all(Array.from({ length: 17 }, (_, i) => ethers.provider.getStorage(address, base + BigInt(i))));
    expect(words.map(BigInt), where).to.deep.equal([record.header(), ...record.ring.words()]);

    const today = Number(await d.clock.today());
    const status = await d.registry.statusOf(name);
    const { totals, tier, score, averageQuality } = model.standingOf(name, today);
    expect([status.score, status.averageQuality, status.kinds, status.proofs, status.supportedTier], where).to.deep.equal([
      score,
      averageQuality,
      totals.kinds,
      totals.proofs,
      BigInt(tier),
    ]);
    expect([...(await d.registry.standingOf(name))], where).to.deep.equal([
      big(record.schedule),
      packed(record.commitmentDays),
      model.coverOf(name),
    ]);
    expect(await d.registry.basicSince(name), where).to.equal(BigInt(model.basicSince(name, today)));
    expectWitnessed(model, name, witness, today, where);
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

describe("the model against the day-by-day witness", () => {
  const STEPS = 80;
  const SEQUENCES = Math.ceil(fuzzCases(12_000) / STEPS);

  it(`agrees after each step of ${SEQUENCES} x ${STEPS} random ones, however much leaves the window between (P22)`, async () => {
    let raised = 0; // refreshes that changed something: a weak proof had left, or had ended a tier early
    let returned = 0; // BASIC begun again
    await forCases(SEQUENCES, (random) => {
      const registry = new RegistryModel();
      const witness = new DayByDay();
      const graces: number[] = [];
      let today = 20_000;
      for (let step = 0; step < STEPS; step++) {
        if (random.chance(0.5)) today += random.chance(0.2) ? random.int(5, random.pick([45, 90])) : random.int(1, 3);
        const before = registry.record("anyone").schedule;
        if (random.chance(0.3)) {
          const { schedule, graceUntil } = registry.refresh("anyone", today);
          if (JSON.stringify(schedule) !== JSON.stringify(before)) raised++;
          if (graceUntil > 0) graces.push(graceUntil);
          witness.refresh(today);
        } else {
          const { kind, value, quality } = randomProof(random, [0, 1, 2, 3, 4, 5, 6, 7]);
          const landed = registry.count("anyone", kind, value, quality, today);
          if (landed.graceUntil > 0) graces.push(landed.graceUntil);
          witness.land({ day: today, kind, value, quality });
          expectCapacity(landed, witness, value, quality, today);
        }
        if (before.basicThrough > 0 && before.basicThrough < today && registry.basicSince("anyone", today) === today) returned++;
        expectWitnessed(registry, "anyone", witness, today, `step ${step}`);
        expect(graces, `step ${step}`).to.deep.equal(witness.graces);
      }
    });
    if (SEQUENCES >= 100) for (const times of [raised, returned]) expect(times).to.be.greaterThan(0);
  }).timeout(LONG_RUN_MS);

  function expectCapacity(landed: ContributionOutcome, witness: DayByDay, value: bigint, quality: bigint, today: number) {
    expect(landed.capacityAdded).to.equal(20n * ((value * quality) / WAD));
    expect(landed.capacityLimit).to.equal(20n * witness.weighted(today));
    expect(landed.score).to.equal(witness.score(today));
  }
});

/** Everything of an account that the rules speak of. */
function expectWitnessed(model: RegistryModel, name: string, witness: DayByDay, today: number, where: string) {
  const { schedule, commitmentDays } = model.record(name);
  const { basicThrough, activeThrough, powerThrough } = schedule;
  expect([basicThrough, activeThrough, powerThrough], where).to.deep.equal(witness.through);
  expect(commitmentDays, where).to.deep.equal(witness.commitments());
  expect(model.basicSince(name, today), where).to.equal(witness.basicSince(today));
  expect(model.coverOf(name), where).to.equal(witness.cover);
}

const big = ({ basicThrough, activeThrough, powerThrough }: TierDays) => [basicThrough, activeThrough, powerThrough].map(BigInt);
const packed = (days: readonly number[]) => days.reduce((word, day, i) => word | (BigInt(day) << BigInt(16 * i)), 0n);

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
      const { kinds, proofs, value, weighted } = expected.totals;
      expect([...found.totals].slice(1)).to.deep.equal([proofs, value, weighted]);
      expect(await harness.kindsOf(fieldsOf(found.totals))).to.equal(kinds);

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
      if (bucket.proofs === 63n) return;
      const kind = random.int(0, 7);
      const value = random.magnitude(0n, 100_000n * FTNS);
      const quality = random.bigint(0n, 1_000n) * 10n ** 15n;
      const counts = random.chance(0.5);
      const expected = packBucket(withProof(bucket, kind, value, quality, counts));
      expect(await harness.withProof(packBucket(bucket), kind, value, quality, counts)).to.equal(expected);
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

/** A day's proofs, from one of next to nothing to 63 of the highest value that can be allowed. */
function randomBucket(random: Random): Bucket {
  const proofs = random.magnitude(1n, 63n);
  const value = random.magnitude(0n, proofs * 100_000n * 10n ** 5n);
  return {
    counts: Array.from({ length: 8 }, () => (random.chance(0.6) ? 0 : random.int(1, 15))),
    proofs,
    value,
    weighted: value * random.bigint(0n, 1_000n),
  };
}

function randomBuckets(random: Random): Bucket[] {
  const density = random.pick([0.05, 0.3, 0.9, 1]);
  return Array.from({ length: WINDOW }, () => (random.chance(density) ? randomBucket(random) : NO_BUCKET));
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
