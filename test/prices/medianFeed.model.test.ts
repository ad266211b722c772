// The feed against its model: random reports, honest, hostile and broken, round after round.
import { expect } from "chai";
import { network } from "hardhat";
import { countAgreeing, median, MedianFeedModel } from "@ftns/model";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";
import { outcomeOf, outcomeOfModel } from "../helpers/reverts.ts";
import type { MarketReport } from "@ftns/model";
import { clockOf } from "../helpers/time.ts";
import { deployFeed, reportAt, reportsOf, signed, type FeedSetup, type Signed } from "./feedFixture.ts";

const connection = await network.create();
const clock = clockOf(connection);
const ROUNDS = 12;

describe("MedianFeed and its model", () => {
  describe("given reports that are not taken", () => {
    let setup: FeedSetup;
    let model: MedianFeedModel;
    let now: bigint;
    const five = () => deployFeed(connection);
    beforeEach(async () => {
      setup = await connection.networkHelpers.loadFixture(five);
      model = new MedianFeedModel(
        setup.reporters.map((r) => r.address),
        3,
      );
      now = (await clock.now()) + 1_000n;
    });

    const addressOf = (i: number) => setup.reporters[i]!.address;
    const reports = (changes: Partial<MarketReport>[]) => reportsOf(setup, now - 5n, changes);
    /** Contract and model refuse `reports` with the same error, which is `expected`. */
    const refuse = async (given: Signed[], expected: string) => {
      expect(outcomeOfModel(() => model.submit(given, now))).to.equal(expected);
      await clock.nextBlockAt(now);
      expect(await outcomeOf(setup.feed, () => setup.feed.submit(given))).to.equal(expected);
      expect(model.rounds).to.have.length(0);
    };

    it("P40: counts below the quorum and above the number of reporters", async () => {
      await refuse(await reports([{}, {}]), "WrongReportCount(2, 3, 5)");
      const [one, ...others] = await reports([{}, {}, {}, {}, {}]);
      now += 1n;
      await refuse([one!, one!, ...others], "WrongReportCount(6, 3, 5)");
    });

    it("P40: the zero account, an account twice, and accounts out of order", async () => {
      const [a, b, c] = (await reports([{}, {}, {}])) as [Signed, Signed, Signed];
      const zero = `0x${"00".repeat(20)}`;
      await refuse([{ ...a, reporter: zero }, b, c], `NotReporter(${zero})`);
      now += 1n;
      await refuse([a, a, c], `DuplicateReporter(${addressOf(0)})`);
      now += 1n;
      await refuse([a, c, b], `ReportersNotAscending(${addressOf(2)}, ${addressOf(1)})`);
    });

    it("P40: one of an account that is not registered", async () => {
      const [a, b] = (await reports([{}, {}])) as [Signed, Signed];
      const stranger = await signed(setup.stranger, reportAt(now - 5n), setup.place);
      const given = [a, b, stranger].sort((x, y) => (BigInt(x.reporter) < BigInt(y.reporter) ? -1 : 1));
      await refuse(given, `NotReporter(${setup.stranger.address})`);
    });

    const cases: [string, (now: bigint) => Partial<MarketReport>, (now: bigint) => string][] = [
      ["from the future", (t) => ({ observedAt: t + 1n }), (t) => `ReportFromFuture(REPORTER, ${t + 1n}, ${t})`],
      ["older than ten minutes", (t) => ({ observedAt: t - 601n }), (t) => `ReportTooOld(REPORTER, ${t - 601n}, ${t - 600n})`],
      ["without a price", () => ({ price: 0n }), () => "PriceOutOfBounds(REPORTER, 0, 1000000000000000000)"],
      [
        "with too high a price",
        () => ({ price: 10n ** 18n + 1n }),
        () => "PriceOutOfBounds(REPORTER, 1000000000000000001, 1000000000000000000)",
      ],
      [
        "with too high a volume",
        () => ({ volume6h: 10n ** 21n + 1n }),
        () => "VolumeOutOfBounds(REPORTER, 1000000000000000000001, 1000000000000000000000)",
      ],
      [
        "with too high a mean volume",
        () => ({ meanVolume6h: 10n ** 21n + 1n }),
        () => "VolumeOutOfBounds(REPORTER, 1000000000000000000001, 1000000000000000000000)",
      ],
      [
        "with too many transactions",
        () => ({ txTotal: 4_000_000_001n }),
        () => "TransactionsOutOfBounds(REPORTER, 4000000001, 4000000000)",
      ],
      [
        "with more failed transactions than there were",
        () => ({ txTotal: 7n, txFailed: 8n }),
        () => "MoreFailedThanTotal(REPORTER, 8, 7)",
      ],
    ];
    for (const [what, change, error] of cases) {
      it(`P40: one ${what}`, async () => {
        await refuse(await reports([{}, change(now), {}]), error(now).replace("REPORTER", addressOf(1)));
      });
    }

    it("P40: but takes the highest of everything, seen ten minutes ago or now", async () => {
      const most = {
        price: 10n ** 18n,
        volume6h: 10n ** 21n,
        meanVolume6h: 10n ** 21n,
        txTotal: 4n * 10n ** 9n,
        txFailed: 4n * 10n ** 9n,
      };
      const given = await reports([
        { ...most, observedAt: now - 600n },
        { ...most, observedAt: now },
        { ...most, observedAt: now },
      ]);
      expect(outcomeOfModel(() => model.submit(given, now))).to.equal("ok");
      await clock.nextBlockAt(now);
      expect(await outcomeOf(setup.feed, () => setup.feed.submit(given))).to.equal("ok");
      expect([...(await setup.feed.latestMarket())]).to.deep.equal(marketFields(model));
    });

    it("P40: too few that agree", async () => {
      await refuse(await reports([{ price: 100n }, { price: 102n }, { price: 105n }]), "TooFewAgree(2, 3, 102)");
    });
  });

  describe("given a round", () => {
    it("P40: the model refuses reports that are not newer, and a change of more than half that too few saw", async () => {
      const setup = await deployFeed(connection);
      const model = new MedianFeedModel(
        setup.reporters.map((r) => r.address),
        3,
      );
      let now = (await clock.now()) + 1_000n;
      const submit = async (observedAt: bigint, prices: bigint[]) => {
        const given = await reportsOf(
          setup,
          observedAt,
          prices.map((price) => ({ price })),
        );
        const expected = outcomeOfModel(() => model.submit(given, now));
        await clock.nextBlockAt(now);
        expect(await outcomeOf(setup.feed, () => setup.feed.submit(given))).to.equal(expected);
        return expected;
      };
      expect(await submit(now, [100n, 100n, 100n])).to.equal("ok");
      const first = now;
      now += 60n;
      expect(await submit(first, [100n, 100n, 100n])).to.equal(
        `ReportNotNewer(${setup.reporters[0]!.address}, ${first}, ${first})`,
      );
      now += 60n;
      expect(await submit(now, [151n, 151n, 151n])).to.equal("ChangeTooLarge(100, 151, 3, 4)");
      now += 60n;
      expect(await submit(now, [49n, 49n, 49n])).to.equal("ChangeTooLarge(100, 49, 3, 4)");
      now += 60n;
      expect(await submit(now, [150n, 150n, 150n])).to.equal("ok");
      now += 60n;
      expect(await submit(now, [75n, 75n, 75n])).to.equal("ok");
      now += 60n;
      expect(await submit(now, [700n, 700n, 700n, 700n])).to.equal("ok");
    });

    it("the model knows the last 128 of them, as the contract does", () => {
      const [reporter] = ["0x0000000000000000000000000000000000000001"];
      const model = new MedianFeedModel([reporter!], 1);
      expect(outcomeOfModel(() => model.latestMarket())).to.equal("NoRounds()");
      expect(outcomeOfModel(() => model.round(1n))).to.equal("NoRounds()");
      for (let i = 1n; i <= 130n; i++) model.submit([{ reporter: reporter!, report: reportAt(1_000n + i) }], 1_000n + i);
      expect(outcomeOfModel(() => model.round(0n))).to.equal("UnknownRound(0, 130)");
      expect(outcomeOfModel(() => model.round(131n))).to.equal("UnknownRound(131, 130)");
      expect(outcomeOfModel(() => model.round(2n))).to.equal("RoundEvicted(2, 3)");
      for (const id of [3n, 130n]) expect(model.round(id).roundId).to.equal(id);
    });
  });

  it("the median of nothing is a mistake of the caller", () => {
    expect(() => median([])).to.throw(RangeError, "the median of nothing");
  });

  it("P40: agree bit for bit on every round and every refusal", async () => {
    let accepted = 0;
    let improved = 0;
    const refusals = new Set<string>();
    await forCases(fuzzCases(40), async (random) => {
      const count = random.int(1, 9);
      const quorum = random.int(1, count);
      const setup = await deployFeed(connection, count, quorum);
      const model = new MedianFeedModel(
        setup.reporters.map((r) => r.address),
        quorum,
      );
      let center = random.magnitude(1n, 10n ** 18n);

      for (let round = 0; round < ROUNDS; round++) {
        const now = (await clock.now()) + BigInt(random.int(1, random.chance(0.3) ? 30 : 1_500));
        if (random.chance(0.2)) center = random.magnitude(1n, 10n ** 18n);
        const reports = await randomReports(random, setup, center, now);
        const latestBefore = model.rounds.at(-1)?.updatedAt ?? 0n;
        const fromModel = outcomeOfModel(() => model.submit(reports, now));
        await clock.nextBlockAt(now);
        const fromChain = await outcomeOf(setup.feed, () => setup.feed.submit(reports));
        expect(fromChain).to.equal(fromModel);

        if (fromChain === "ok") {
          accepted++;
          if (reports.some(({ report }) => report.observedAt <= latestBefore)) improved++;
          expect([...(await setup.feed.latestMarket())]).to.deep.equal(marketFields(model));
        } else {
          refusals.add(fromChain.slice(0, fromChain.indexOf("(")));
          await connection.networkHelpers.mine();
        }
        const { count, newerThan } = model.latestReports();
        expect([...(await setup.feed.latestReports())]).to.deep.equal([count, newerThan]);
      }
    });
    if (process.env.FUZZ_SEED !== undefined || process.env.FUZZ_CASE !== undefined) return;
    expect(accepted).to.be.greaterThan(0);
    expect(improved, "rounds improved by more reports of the same time").to.be.greaterThan(0);
    for (const name of [
      "WrongReportCount",
      "TooFewAgree",
      "ChangeTooLarge",
      "ReportNotNewer",
      "ReportTooOld",
      "PriceOutOfBounds",
    ]) {
      expect(refusals, "what the generator must have reached").to.include(name);
    }
  });

  it("P49: fewer liars than the quorum cannot move it, whichever reports they carry", async () => {
    let carried = 0;
    await forCases(fuzzCases(500), (random) => {
      const quorum = random.int(1, 6);
      const honest = Array.from({ length: random.int(quorum, 12) }, () => random.bigint(9_950n, 10_050n));
      const lie = () => (random.chance(0.5) ? random.bigint(5_000n, 15_000n) : random.magnitude(1n, 10n ** 18n));
      const lies = Array.from({ length: random.int(0, quorum - 1) }, lie);
      const kept = random.shuffle(honest).slice(0, random.int(1, honest.length));
      const prices = [...kept, ...lies];
      const value = median(prices);
      if (prices.length < quorum || countAgreeing(prices, value) < quorum) return;
      carried++;
      expect(kept.some((price) => countAgreeing([price], value) === 1)).to.equal(true);
    });
    if (process.env.FUZZ_SEED === undefined && process.env.FUZZ_CASE === undefined) expect(carried).to.be.greaterThan(0);
  });

  it("P41: fewer liars than half of the reports cannot move a median beyond what honest reporters saw", async () => {
    await forCases(fuzzCases(500), (random) => {
      const honest = Array.from({ length: random.int(1, 16) }, () => random.bigint(900n, 1_100n));
      const lies = Array.from({ length: random.int(0, honest.length - 1) }, () => random.magnitude(1n, 10n ** 18n));
      const value = median(random.shuffle([...honest, ...lies]));
      expect(value >= honest.reduce((a, b) => (a < b ? a : b))).to.equal(true);
      expect(value <= honest.reduce((a, b) => (a > b ? a : b))).to.equal(true);
      expect(countAgreeing([...honest, ...lies], value)).to.be.lessThanOrEqual(honest.length + lies.length);
    });
  });
});

function marketFields(model: MedianFeedModel): bigint[] {
  const m = model.latestMarket();
  return [m.roundId, m.price, m.volume6h, m.meanVolume6h, m.txTotal, m.txFailed, m.observedAt, m.updatedAt, m.confidence];
}

/** Mostly a quorum of sane reports around `center`; sometimes too few, too old, reused, unordered or absurd. */
async function randomReports(random: Random, setup: FeedSetup, center: bigint, now: bigint): Promise<Signed[]> {
  const chosen = setup.reporters.filter(() => random.chance(0.9));
  const spread = random.pick([0n, 1n, 2n, 5n, 100n]);
  const reports: Signed[] = [];
  for (const reporter of chosen) {
    const age = random.chance(0.97) ? BigInt(random.int(0, 60)) : BigInt(random.int(-2, 700));
    const low = center - (center * spread) / 200n;
    let change: Partial<MarketReport> = {
      price: clampPrice(random.bigint(low, low + (center * spread) / 100n)),
      volume6h: random.magnitude(0n, 10n ** 21n),
      meanVolume6h: random.magnitude(0n, 10n ** 21n),
      txTotal: 2n * random.magnitude(0n, 2_000_000_000n),
    };
    change.txFailed = (change.txTotal as bigint) / BigInt(random.int(1, 5));
    if (random.chance(0.01)) change = { ...change, price: random.pick([0n, 10n ** 18n + 1n]) };
    if (random.chance(0.01)) change = { ...change, txFailed: (change.txTotal as bigint) + 1n };
    reports.push(await signed(reporter, reportAt(now - age, change), setup.place));
  }
  if (reports.length > 1 && random.chance(0.03)) return random.shuffle(reports);
  if (reports.length > 1 && random.chance(0.03)) return [reports[0] as Signed, ...reports.slice(0, -1)];
  return reports;
}

function clampPrice(price: bigint): bigint {
  return price < 1n ? 1n : price > 10n ** 18n ? 10n ** 18n : price;
}
