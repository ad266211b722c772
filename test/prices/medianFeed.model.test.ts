// The feed against its model: random reports, honest, hostile and broken, round after round.
import { expect } from "chai";
import { network } from "hardhat";
import { countAgreeing, median, MedianFeedModel } from "@ftns/model";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";
import { outcomeOf, outcomeOfModel } from "../helpers/reverts.ts";
import type { MarketReport } from "@ftns/model";
import { clockOf } from "../helpers/time.ts";
import { deployFeed, reportAt, signed, type FeedSetup, type Signed } from "./feedFixture.ts";

const connection = await network.create();
const clock = clockOf(connection);
const ROUNDS = 12;

describe("MedianFeed and its model", () => {
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
