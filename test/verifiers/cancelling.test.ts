// A cancelled proof leaves nothing behind (P313): the registry against the model, bit for bit, and both against plain sums.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { RegistryModel, scoreOf, type CountedProof, type Totals } from "@ftns/model";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";
import { fieldsOf } from "../contributors/fixture.ts";
import { FTNS, verifiersFixture, WAD, type Verifiers } from "./fixture.ts";
import { counted, standingOf, type ProofRecord } from "./vestingFixture.ts";

const { fresh } = await verifiersFixture();
const WINDOW = 30;
const CAPACITY_UNIT = 2n ** 54n;

describe("a cancelled proof (P313)", () => {
  const cancel = async (d: Verifiers, record: ProofRecord) => d.rewardVesting.connect(d.people.governor).cancel(record);
  const proofOf = ({ kind, value, quality, day, countedKind }: ProofRecord): CountedProof => ({
    kind: Number(kind),
    value,
    quality,
    day: Number(day),
    countedKind,
  });

  it("leaves an account as if it had never been, where others carry its tier", async () => {
    const d = await fresh();
    await counted(d, d.alice, 100n * FTNS, { quality: WAD });
    await counted(d, d.bob, 100n * FTNS, { quality: WAD });
    await d.clock.toDaysAhead(3n, 3_600n);
    const record = await counted(d, d.alice, 40n * FTNS, { kind: 0n, units: 4_000n * WAD });
    await cancel(d, record);
    const [alice, bob] = [await standingOf(d, d.alice), await standingOf(d, d.bob)];
    expect({ ...alice, capacity: 0n }).to.deep.equal({ ...bob, capacity: 0n });
    // Whole units are added and taken off: one may be lost.
    expect(bob.capacity - alice.capacity).to.be.oneOf([0n, CAPACITY_UNIT]);
    expect(await d.registry.scheduleOf(d.alice)).to.deep.equal(await d.registry.scheduleOf(d.bob));
  });

  it("ends a tier that nothing else carries at once, without the grace of one that lapses, and BASIC begins anew", async () => {
    const d = await fresh();
    const first = await counted(d, d.alice, 60n * FTNS);
    await d.clock.toDaysAhead(2n, 3_600n);
    const second = await counted(d, d.alice, 60n * FTNS);
    expect((await standingOf(d, d.alice)).tier).to.equal(3n);
    await cancel(d, second);
    expect((await standingOf(d, d.alice)).tier).to.equal(2n);
    expect(await d.registry.basicSince(d.alice)).to.equal(await d.clock.today());
    await cancel(d, first);
    expect((await standingOf(d, d.alice)).tier).to.equal(0n);
    // And no second newcomer's grace.
    const { graceUntil } = fieldsOf(await d.token.accountOf(d.alice));
    await d.clock.toDaysAhead(1n, 3_600n);
    await counted(d, d.alice, 60n * FTNS);
    expect(fieldsOf(await d.token.accountOf(d.alice)).graceUntil).to.equal(graceUntil);
  });

  it("outside the window takes what may be lent, and nothing else but BASIC's beginning", async () => {
    const d = await fresh();
    const old = await counted(d, d.alice, 100n * FTNS);
    await d.clock.toDaysAhead(BigInt(WINDOW), 3_600n);
    await counted(d, d.alice, 150n * FTNS);
    const before = await standingOf(d, d.alice);
    const schedule = await d.registry.scheduleOf(d.alice);
    await cancel(d, old);
    const after = await standingOf(d, d.alice);
    expect({ ...after, capacity: 0n }).to.deep.equal({ ...before, capacity: 0n });
    const less = 20n * ((old.value * old.quality) / WAD);
    expect(after.capacity).to.equal(((before.capacity - less) / CAPACITY_UNIT) * CAPACITY_UNIT);
    expect(await d.registry.scheduleOf(d.alice)).to.deep.equal(schedule);
  });

  it("of a commitment leaves the one before it", async () => {
    const d = await fresh();
    const commitments = async () => {
      const [, days] = await d.registry.standingOf(d.alice);
      return Array.from({ length: 5 }, (_, i) => (days >> BigInt(16 * i)) & 0xffffn);
    };
    await counted(d, d.alice, 50n * FTNS);
    const first = await d.clock.today();
    await d.clock.toDaysAhead(2n, 3_600n);
    const record = await counted(d, d.alice, 50n * FTNS);
    expect((await commitments())[1]).to.equal(first + 2n);
    await cancel(d, record);
    expect(await commitments()).to.deep.equal([0n, first, 0n, 0n, 0n]);
  });

  /** A proof at all magnitudes, of a kind that needs no reviews. */
  function randomProof(random: Random) {
    const rates: Record<string, bigint> = { 0: WAD / 100n, 1: WAD / 20n, 5: 100n * WAD, 7: 20n * WAD };
    const kind = random.pick([0n, 1n, 5n, 7n]);
    const value = random.pick([random.bigint(FTNS, 60n * FTNS), random.bigint(19n * FTNS, 21n * FTNS) / 10n]);
    return { kind, units: (value * WAD) / rates[String(kind)]! + 1n, quality: random.bigint(0n, 1_000n) * 10n ** 15n };
  }

  it("is gone from header, buckets, schedule, capacity and cover, in random lives", async () => {
    const seen = { inside: 0, outside: 0, carried: 0, fell: 0, crowded: 0 };
    await forCases(fuzzCases(4), async (random) => {
      const d = await fresh();
      const model = new RegistryModel();
      const alive: ProofRecord[] = [];
      const who: HardhatEthersSigner = d.alice;
      // Sixteen of a kind in a day: their count stops at fifteen.
      const crowd = random.chance(0.5) ? 16 : 0;
      for (let step = 0; step < 24 + crowd; step++) {
        const crowding = step < crowd;
        if (!crowding && random.chance(0.6)) await d.clock.toDaysAhead(random.bigint(1n, random.pick([2n, 9n, 31n])), 3_600n);
        if (crowding || alive.length === 0 || random.chance(0.6)) {
          const chosen = randomProof(random);
          const changes = crowding ? { ...chosen, kind: 1n, units: 100n * WAD } : chosen;
          const record = await counted(d, who, FTNS, changes);
          model.count(who.address, Number(record.kind), record.value, record.quality, Number(record.day));
          alive.push(record);
        } else {
          const [record] = alive.splice(random.int(0, alive.length - 1), 1) as [ProofRecord];
          const today = Number(await d.clock.today());
          const { capacity } = fieldsOf(await d.token.accountOf(who));
          const before = await d.registry.tierOn(who, BigInt(today));
          await cancel(d, record);
          const { lastDay } = model.record(who.address).ring;
          const update = model.cancel(who.address, proofOf(record), capacity, today);
          seen[lastDay - Number(record.day) < WINDOW ? "inside" : "outside"]++;
          seen[(await d.registry.tierOn(who, BigInt(today))) < before ? "fell" : "carried"]++;
          if (crowd > 0) seen.crowded++;
          const expected = (update.capacityLimit / CAPACITY_UNIT) * CAPACITY_UNIT;
          expect(fieldsOf(await d.token.accountOf(who)).capacity).to.equal(expected);
          await compareSums(d, model, alive, lastDay);
        }
        const [header, ring] = await d.registry.recordWordsOf(who);
        expect(header).to.equal(model.record(who.address).header());
        expect([...ring]).to.deep.equal(model.record(who.address).ring.words());
        const [, , cover] = await d.registry.standingOf(who);
        expect(cover).to.equal(model.coverOf(who.address));
      }
    });
    for (const [what, times] of Object.entries(seen)) expect(times, what).to.be.greaterThan(0);
  });

  /** Values and qualities of what is alive in the window of the latest day, added up one by one. */
  async function compareSums(d: Verifiers, model: RegistryModel, alive: readonly ProofRecord[], lastDay: number) {
    const inWindow = alive.filter(({ day }) => lastDay - Number(day) < WINDOW);
    const steps = (value: bigint) => value / 10n ** 13n;
    const totals: Totals = {
      kinds: 0n,
      proofs: BigInt(inWindow.length),
      value: inWindow.reduce((sum, { value }) => sum + steps(value), 0n),
      weighted: inWindow.reduce((sum, { value, quality }) => sum + steps(value) * (quality / 10n ** 15n), 0n),
    };
    const found = model.standingOf(d.alice.address, lastDay);
    expect({ ...found.totals, kinds: 0n }).to.deep.equal(totals);
    expect(found.averageQuality).to.equal(scoreOf(totals, model.tierRules).averageQuality);
  }
});
