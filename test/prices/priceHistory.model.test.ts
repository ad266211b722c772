// The price history against its model: random rounds with gaps of seconds to weeks, handed over or walked, while both rings
// wrap.
import { expect } from "chai";
import { network } from "hardhat";
import { type FeedRound, PriceHistoryModel } from "@ftns/model";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";
import { clockOf, DAY, dayOf, HOUR } from "../helpers/time.ts";

const connection = await network.create();
const { ethers } = connection;
const clock = clockOf(connection);
const ROUNDS = 60;

describe("PriceHistory and its model", () => {
  const deploy = async (feed: "HandingFeed" | "RoundsFeed", heartbeat: bigint) => {
    const [admin] = await ethers.getSigners();
    const manager = await ethers.deployContract("AccessManager", [admin!.address]);
    const mock = await ethers.deployContract(feed as "HandingFeed");
    const history = await ethers.deployContract("PriceHistory", [manager, mock, feed === "HandingFeed", heartbeat]);
    return { mock, history, model: new PriceHistoryModel(heartbeat) };
  };
  const isWhole = () => process.env.FUZZ_SEED === undefined && process.env.FUZZ_CASE === undefined;

  it("P43: agree bit for bit on every average of rounds that are handed over", async () => {
    const seen = { usable: 0, replaced: 0, begun: 0, hours: 0 };
    await forCases(fuzzCases(12), async (random) => {
      const heartbeat = random.bigint(HOUR, 48n * HOUR);
      const { mock: feed, history, model } = await deploy("HandingFeed", heartbeat);
      const pace = random.pick([HOUR, 3n * HOUR, 8n * HOUR]);
      let since = 0n;
      let at = 1_700_000_000n + random.bigint(0n, DAY);

      for (let i = 0; i < ROUNDS; i++) {
        const replaces = i > 0 && random.chance(0.15);
        if (!replaces) [since, at] = [at, at + 1n + gap(random, pace)];
        else at = random.bigint(since + 1n, at + 300n);
        const said = random.chance(0.05) ? random.bigint(0n, at) : since;
        const mean = random.chance(0.1) ? 0n : random.magnitude(1n, 10n ** 18n);
        const expected = model.lastHourBefore(replaces);
        model.takeRound(said, at, mean, replaces);
        expect(await feed.take.staticCall(history, said, at, mean, replaces)).to.equal(expected);
        await feed.take(history, said, at, mean, replaces);
        if (expected !== 0n) seen.hours++;
        if (replaces) seen.replaced++;
        if (said !== since) seen.begun++;
        if (i % 6 === 5) seen.usable += await compareViews(history, model, at);
      }
    });
    if (isWhole()) for (const [what, count] of Object.entries(seen)) expect(count, what).to.be.greaterThan(0);
  });

  it("P43: agree bit for bit on every average of rounds that are walked", async () => {
    let usable = 0;
    let unread = 0;
    await forCases(fuzzCases(10), async (random) => {
      const heartbeat = random.bigint(HOUR, 48n * HOUR);
      const { mock, history, model } = await deploy("RoundsFeed", heartbeat);
      const feed = await ethers.getContractAt("RoundsFeed", await mock.getAddress());
      const pace = random.pick([600n, HOUR, 20n * HOUR]);
      let at = (await clock.now()) + 10n;
      let latest = at;
      const rounds: FeedRound[] = [];
      for (let id = 1n; id <= 40n; id++) {
        const answer = random.chance(0.95) ? random.magnitude(1n, 10n ** 18n) : random.pick([0n, -5n, 10n ** 18n + 1n]);
        at += random.chance(0.05) ? -random.bigint(0n, HOUR) : 1n + gap(random, pace);
        await feed.add(id, answer, at);
        if (at > latest) latest = at;
        const spoiled = random.chance(0.05);
        if (spoiled) await feed.spoil(id, random.int(1, 4));
        const readable = !spoiled && answer > 0n && answer <= 10n ** 18n;
        if (!readable) unread++;
        rounds.push({ roundId: id, updatedAt: at, ...(readable && { price: answer }) });
        if (!random.chance(0.3) && id !== 40n) continue;

        if (latest > (await clock.now())) await clock.to(latest);
        while ((await history.lastRoundId()) !== id) {
          const from = model.lastRoundId === 0n ? id : model.lastRoundId + 1n;
          const walked = model.record(rounds.slice(Number(from) - 1));
          expect(await history.record.staticCall()).to.equal(walked);
          await history.record();
          expect(await history.lastRoundId()).to.equal(model.lastRoundId);
        }
        usable += await compareViews(history, model, at);
      }
    });
    if (isWhole()) for (const count of [usable, unread]) expect(count).to.be.greaterThan(0);
  });

  it("P44: the average of a closed day never changes, and never leaves the range of its prices", async () => {
    await forCases(fuzzCases(300), (random) => {
      const model = new PriceHistoryModel();
      let now = 1_700_000_000n + random.bigint(0n, DAY);
      const prices: bigint[] = [];
      const final = new Map<bigint, string>();
      for (let i = 0; i < 60; i++) {
        const price = random.magnitude(1n, 10n ** 18n);
        const since = now;
        now += random.bigint(1n, 8n * HOUR);
        prices.push(price);
        model.takeRound(since, now, price, false);
        const yesterday = dayOf(now) - 1n;
        const average = model.day(yesterday);
        const fields = JSON.stringify(average, (_, value) => (typeof value === "bigint" ? value.toString() : value));
        expect(final.get(yesterday) ?? fields).to.equal(fields);
        final.set(yesterday, fields);
        if (average.coveredSec > 0n) {
          expect(average.averageWad >= prices.reduce((a, b) => (a < b ? a : b)) * 10n ** 10n).to.equal(true);
          expect(average.averageWad <= prices.reduce((a, b) => (a > b ? a : b)) * 10n ** 10n).to.equal(true);
        }
      }
    });
  });
});

/** Mostly about the pace, sometimes a second, sometimes days or weeks. */
function gap(random: Random, pace: bigint): bigint {
  if (random.chance(0.05)) return random.bigint(DAY, 30n * DAY);
  if (random.chance(0.1)) return random.bigint(0n, 5n);
  return random.bigint(pace / 2n, pace * 2n);
}

interface Views {
  lastRecord(): Promise<bigint[]>;
  startedAt(): Promise<bigint>;
  totalCoveredSec(): Promise<bigint>;
  latestHour(): Promise<bigint>;
  dayAverages(days: bigint[]): Promise<(bigint | boolean)[][]>;
  hourAverages(hours: bigint[]): Promise<(bigint | boolean)[][]>;
  window(lastDay: bigint): Promise<unknown[]>;
}

/** Compares every kept bucket and some beyond; gives the number of usable days and hours. */
async function compareViews(contract: unknown, model: PriceHistoryModel, now: bigint): Promise<number> {
  const history = contract as Views;
  const count = (length: number, last: bigint) => Array.from({ length }, (_, i) => last - BigInt(i));
  const days = count(68, dayOf(now) + 1n);
  const hours = count(52, now / HOUR + 1n);
  const dayModels = days.map((day) => model.day(day));
  const hourModels = hours.map((hour) => model.hour(hour));
  expect(plain(await history.dayAverages(days))).to.deep.equal(plain(dayModels.map((average) => Object.values(average))));
  expect(plain(await history.hourAverages(hours))).to.deep.equal(plain(hourModels.map((average) => Object.values(average))));
  expect(plain(await history.lastRecord())).to.deep.equal(plain(Object.values(model.lastRecord())));
  expect(await history.startedAt()).to.equal(model.startedAt);
  expect(await history.totalCoveredSec()).to.equal(model.totalCoveredSec());
  expect(await history.latestHour()).to.equal(model.latestHour());
  for (const back of [0n, 1n, 2n, 9n]) {
    const lastDay = dayOf(now) - back;
    expect(plain(await history.window(lastDay))).to.deep.equal(plain(Object.values(model.window(lastDay))));
  }
  return [...dayModels, ...hourModels].filter((average) => average.usable).length;
}

/** Nested arrays of plain strings, whatever kind of array they came in. */
function plain(values: Iterable<unknown>): unknown[] {
  const isList = (value: unknown): value is Iterable<unknown> => typeof value === "object" && value !== null;
  return [...values].map((value) => (isList(value) ? plain(value) : String(value)));
}
