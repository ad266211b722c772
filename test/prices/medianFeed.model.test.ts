// The feed and its history against their models: random reports, honest, hostile and broken, round after round.
import { expect } from "chai";
import { network } from "hardhat";
import { countAgreeing, leastQuorum, median, MedianFeedModel, PriceHistoryModel, type MarketReport } from "@ftns/model";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";
import { outcomeOf, outcomeOfModel } from "../helpers/reverts.ts";
import { plain } from "../helpers/plain.ts";
import { clockOf, HOUR } from "../helpers/time.ts";
import { deployFeed, packed, reportAt, reportsOf, sane, signed, type FeedSetup, type Signed } from "./feedFixture.ts";

const connection = await network.create();
const clock = clockOf(connection);
const ROUNDS = 14;

const modelOf = ({ reporters }: FeedSetup, quorum: number) => {
  const history = new PriceHistoryModel(3n * HOUR);
  return {
    history,
    model: new MedianFeedModel(
      reporters.map((r) => r.address),
      quorum,
      history,
    ),
  };
};

describe("MedianFeed and its model", () => {
  describe("given reports that are not taken", () => {
    let setup: FeedSetup;
    let model: MedianFeedModel;
    let now: bigint;
    const seven = () => deployFeed(connection);
    beforeEach(async () => {
      setup = await connection.networkHelpers.loadFixture(seven);
      ({ model } = modelOf(setup, 4));
      now = (await clock.now()) + 1_000n;
    });

    const addressOf = (i: number) => setup.reporters[i]!.address;
    const reports = (changes: Partial<MarketReport>[]) => reportsOf(setup, now - 5n, changes);
    /** Contract and model refuse `reports` with the same error, which is `expected`. */
    const refuse = async (given: Signed[], expected: string) => {
      expect(outcomeOfModel(() => model.submit(given, now))).to.equal(expected);
      await clock.nextBlockAt(now);
      expect(await outcomeOf(setup.feed, () => setup.feed.submit(packed(given)))).to.equal(expected);
      expect(model.rounds).to.have.length(0);
    };

    it("P40: counts below the quorum and above the number of reporters", async () => {
      await refuse(await reports(sane(3)), "WrongReportCount(3, 4, 7)");
      const [one, ...others] = await reports(sane(7));
      now += 1n;
      await refuse([one!, one!, ...others], "WrongReportCount(8, 4, 7)");
    });

    it("P40: an account twice, and accounts out of order", async () => {
      const [a, b, c, d] = (await reports(sane(4))) as [Signed, Signed, Signed, Signed];
      await refuse([a, a, c, d], `DuplicateReporter(${addressOf(0)})`);
      now += 1n;
      await refuse([a, c, b, d], `ReportersNotAscending(${addressOf(2)}, ${addressOf(1)})`);
    });

    it("P40: one of an account that is not registered", async () => {
      const given = await reports(sane(3));
      const stranger = await signed(setup.stranger, reportAt(now - 5n), setup.place);
      await refuse([...given, stranger], `NotReporter(${setup.stranger.address})`);
    });

    const cases: [string, (now: bigint) => Partial<MarketReport>, (now: bigint) => string][] = [
      ["from the future", (t) => ({ observedAt: t + 1n }), (t) => `ReportFromFuture(${t + 1n}, ${t})`],
      ["older than ten minutes", (t) => ({ observedAt: t - 601n }), (t) => `ReportTooOld(${t - 601n}, ${t - 600n})`],
      ["far from the others", (t) => ({ observedAt: t - 126n }), (t) => `ReportsTooFarApart(${t - 126n}, ${t - 5n}, 120)`],
      ["without a price", () => ({ price: 0n }), () => "PriceOutOfBounds(REPORTER, 0, 1000000000000000000)"],
      [
        "with too high a price",
        () => ({ price: 10n ** 18n + 1n }),
        () => "PriceOutOfBounds(REPORTER, 1000000000000000001, 1000000000000000000)",
      ],
      [
        "with too high a mean price",
        () => ({ meanPrice: 10n ** 18n + 1n }),
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
      ["with too many accounts", () => ({ txTotal: 16_000_001n }), () => "AccountsOutOfBounds(REPORTER, 16000001, 16000000)"],
      [
        "with too many accounts of the day",
        () => ({ sendersDay: 16_000_001n }),
        () => "AccountsOutOfBounds(REPORTER, 16000001, 16000000)",
      ],
      [
        "with more failed accounts than there were",
        () => ({ txTotal: 7n, txFailed: 8n }),
        () => "MoreFailedThanTotal(REPORTER, 8, 7)",
      ],
    ];
    for (const [what, change, error] of cases) {
      it(`P40: one ${what}`, async () => {
        await refuse(await reports([{}, change(now), {}, {}]), error(now).replace("REPORTER", addressOf(1)));
      });
    }

    it("P40: too few that agree", async () => {
      await refuse(await reports([100n, 102n, 102n, 105n].map((price) => ({ price }))), "TooFewAgree(3, 4, 102)");
    });
  });

  it("the model knows the last 128 rounds, as the contract does", () => {
    const five = [1, 2, 3, 4, 5].map((i) => `0x000000000000000000000000000000000000000${i}`);
    const model = new MedianFeedModel(five, 3);
    expect(outcomeOfModel(() => model.latestMarket())).to.equal("NoRounds()");
    expect(outcomeOfModel(() => model.round(1n))).to.equal("NoRounds()");
    for (let i = 1n; i <= 130n; i++) {
      const time = 1_000n + 300n * i;
      model.submit(
        five.slice(0, 3).map((reporter) => ({ reporter, report: reportAt(time) })),
        time,
      );
    }
    expect(outcomeOfModel(() => model.round(0n))).to.equal("UnknownRound(0, 130)");
    expect(outcomeOfModel(() => model.round(131n))).to.equal("UnknownRound(131, 130)");
    expect(outcomeOfModel(() => model.round(2n))).to.equal("RoundEvicted(2, 3)");
    for (const id of [3n, 130n]) expect(model.round(id).roundId).to.equal(id);
  });

  it("the median of nothing is a mistake of the caller", () => {
    expect(() => median([])).to.throw(RangeError, "the median of nothing");
  });

  it("P40: agree bit for bit on every round, every refusal, and what the history makes of it", async () => {
    const seen = { accepted: 0, replaced: 0, filled: 0, gaps: 0 };
    const refusals = new Set<string>();
    await forCases(fuzzCases(40), async (random) => {
      const count = random.int(5, 9);
      const quorum = random.int(leastQuorum(count), count);
      const setup = await deployFeed(connection, count, quorum);
      const { model, history } = modelOf(setup, quorum);
      let center = random.magnitude(1n, 10n ** 18n);

      for (let round = 0; round < ROUNDS; round++) {
        const now = (await clock.now()) + BigInt(random.int(1, random.chance(0.4) ? 200 : 9_000));
        if (random.chance(0.15)) center = random.magnitude(1n, 10n ** 18n);
        const last = model.rounds.at(-1);
        const since = last === undefined ? 0n : random.chance(0.4) && now < last.observedAt + 400n ? last.since : last.observedAt;
        const reports = await randomReports(random, setup, center, now, since);
        const coveredBefore = history.totalCoveredSec();
        const fromModel = outcomeOfModel(() => model.submit(reports, now));
        await clock.nextBlockAt(now);
        const fromChain = await outcomeOf(setup.feed, () => setup.feed.submit(packed(reports)));
        expect(fromChain).to.equal(fromModel);

        if (fromChain === "ok") {
          seen.accepted++;
          const market = model.latestMarket();
          if (last !== undefined && market.since === last.since) seen.replaced++;
          if (history.totalCoveredSec() > coveredBefore) seen.filled++;
          else seen.gaps++;
          expect(plain(await setup.feed.latestMarket())).to.deep.equal(market);
          expect(plain(await setup.history.lastRecord())).to.deep.equal(history.lastRecord());
          expect(await setup.history.totalCoveredSec()).to.equal(history.totalCoveredSec());
        } else {
          refusals.add(fromChain.slice(0, fromChain.indexOf("(")));
          await connection.networkHelpers.mine();
        }
      }
    });
    if (process.env.FUZZ_SEED !== undefined || process.env.FUZZ_CASE !== undefined) return;
    for (const [what, times] of Object.entries(seen)) expect(times, what).to.be.greaterThan(0);
    for (const name of [
      "WrongReportCount",
      "TooFewAgree",
      "ChangeTooLarge",
      "RoundTooSoon",
      "OtherSince",
      "ReportTooOld",
      "ReportsTooFarApart",
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

/** Mostly a quorum of sane reports around `center`; sometimes too few, too old, unordered or absurd. */
async function randomReports(random: Random, setup: FeedSetup, center: bigint, now: bigint, since: bigint): Promise<Signed[]> {
  const chosen = setup.reporters.filter(() => random.chance(0.9));
  const spread = random.pick([0n, 1n, 2n, 5n, 100n]);
  const base = random.chance(0.05) ? 590 : 0;
  const near = (percent: bigint) => {
    const low = center - (center * percent) / 200n;
    return clampPrice(random.bigint(low, low + (center * percent) / 100n));
  };
  const reports: Signed[] = [];
  for (const reporter of chosen) {
    const age = random.chance(0.99) ? BigInt(base + random.int(0, 60)) : BigInt(random.int(-2, 700));
    let change: Partial<MarketReport> = {
      price: near(spread),
      meanPrice: random.chance(0.05) ? 0n : near(random.pick([0n, 1n, 3n])),
      since: random.chance(0.03) ? random.bigint(0n, now) : since,
      volume6h: random.magnitude(0n, 10n ** 21n),
      meanVolume6h: random.magnitude(0n, 10n ** 21n),
      txTotal: 2n * random.magnitude(0n, 8_000_000n),
      sendersDay: random.magnitude(0n, 16_000_000n),
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
