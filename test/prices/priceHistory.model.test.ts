// The price history against its model: random records with gaps of seconds to weeks, while both rings wrap.
import { expect } from "chai";
import { network } from "hardhat";
import { type FeedAnswer, PriceHistoryModel } from "@ftns/model";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";
import { outcomeOf, outcomeOfModel } from "../helpers/reverts.ts";
import { clockOf, DAY, dayOf, HOUR } from "../helpers/time.ts";

const connection = await network.create();
const { ethers } = connection;
const clock = clockOf(connection);
const RECORDS = 60;

describe("PriceHistory and its model", () => {
  describe("given an answer that is not taken", () => {
    const NOW = 1_700_000_000n;
    const AGE = 3n * HOUR;
    const SANE: FeedAnswer = { roundId: 1n, answer: 1n, updatedAt: NOW };
    for (const [what, answer, error] of [
      ["of no round", { roundId: 0n }, `RoundIncomplete(0, ${NOW})`],
      ["of no time", { updatedAt: 0n }, "RoundIncomplete(1, 0)"],
      ["of zero", { answer: 0n }, "AnswerNotPositive(0)"],
      ["below zero", { answer: -1n }, "AnswerNotPositive(-1)"],
      ["above the highest price", { answer: 10n ** 18n + 1n }, "AnswerOutOfBounds(1000000000000000001, 1000000000000000000)"],
      ["from the future", { updatedAt: NOW + 1n }, `AnswerFromFuture(${NOW + 1n}, ${NOW})`],
      ["older than the limit", { updatedAt: NOW - AGE - 1n }, `AnswerStale(${NOW - AGE - 1n}, ${NOW - AGE})`],
    ] as const) {
      it(`P43: ${what}, the model names the contract's error and records nothing`, () => {
        const model = new PriceHistoryModel();
        const given: FeedAnswer = { ...SANE, ...answer };
        expect(outcomeOfModel(() => model.record(given, NOW))).to.equal(error);
        expect(model.lastRecord()).to.deep.equal({ price: 0n, recordedAt: 0n, heldUntil: 0n });
      });
    }

    it("P43: but the model takes the highest price, of now or as old as the limit", () => {
      for (const updatedAt of [NOW, NOW - AGE]) {
        const model = new PriceHistoryModel();
        expect(model.record({ roundId: 1n, answer: 10n ** 18n, updatedAt }, NOW)).to.equal(10n ** 18n);
        expect(model.lastRecord()).to.deep.equal({ price: 10n ** 18n, recordedAt: NOW, heldUntil: NOW + AGE });
      }
    });
  });

  it("P43: agree bit for bit on every average and every refusal", async () => {
    let refused = 0;
    let usable = 0;
    await forCases(fuzzCases(25), async (random) => {
      const [admin] = await ethers.getSigners();
      const manager = await ethers.deployContract("AccessManager", [admin!.address]);
      const feed = await ethers.deployContract("MockFeed", [8]);
      const history = await ethers.deployContract("PriceHistory", [manager, feed]);
      const model = new PriceHistoryModel();
      const pace = random.pick([HOUR, 3n * HOUR, 8n * HOUR]);

      for (let i = 0; i < RECORDS; i++) {
        if (random.chance(0.05)) {
          model.maxHold = random.bigint(HOUR, 6n * HOUR);
          await history.setMaxHold(model.maxHold);
        }
        const now = (await clock.now()) + 2n + gap(random, pace);
        const answer = {
          roundId: random.chance(0.98) ? 1n : 0n,
          answer: random.chance(0.97) ? random.magnitude(1n, 10n ** 18n) : random.magnitude(-5n, 2n * 10n ** 18n),
          updatedAt: now - (random.chance(0.95) ? random.bigint(0n, 3n * HOUR) : random.bigint(-10n, 4n * HOUR)),
        };
        await feed.set(answer.roundId, answer.answer, answer.updatedAt);
        const expected = outcomeOfModel(() => model.record(answer, now));
        await clock.nextBlockAt(now);
        const actual = await outcomeOf(history, () => history.record());
        expect(actual).to.equal(expected);
        if (actual !== "ok") {
          refused++;
          await connection.networkHelpers.mine();
        }
        if (i % 5 === 4) usable += await compareViews(history, model, await clock.now());
      }
    });
    if (process.env.FUZZ_SEED !== undefined || process.env.FUZZ_CASE !== undefined) return;
    expect(refused).to.be.greaterThan(0);
    expect(usable).to.be.greaterThan(0);
  });

  it("P44: the average of a finished day never changes, and never leaves the range of its prices", async () => {
    await forCases(fuzzCases(300), (random) => {
      const model = new PriceHistoryModel();
      let now = 1_700_000_000n + random.bigint(0n, DAY);
      const prices: bigint[] = [];
      const final = new Map<bigint, string>();
      for (let i = 0; i < 60; i++) {
        const price = random.magnitude(1n, 10n ** 18n);
        prices.push(price);
        model.record({ roundId: 1n, answer: price, updatedAt: now }, now);
        const yesterday = dayOf(now) - 1n;
        const average = model.day(yesterday, now);
        const fields = JSON.stringify(average, (_, value) => (typeof value === "bigint" ? value.toString() : value));
        expect(final.get(yesterday) ?? fields).to.equal(fields);
        final.set(yesterday, fields);
        if (average.coveredSec > 0n) {
          expect(average.averageWad >= prices.reduce((a, b) => (a < b ? a : b)) * 10n ** 10n).to.equal(true);
          expect(average.averageWad <= prices.reduce((a, b) => (a > b ? a : b)) * 10n ** 10n).to.equal(true);
        }
        now += random.bigint(1n, 8n * HOUR);
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
  const dayModels = days.map((day) => model.day(day, now));
  const hourModels = hours.map((hour) => model.hour(hour, now));
  expect(plain(await history.dayAverages(days))).to.deep.equal(plain(dayModels.map((average) => Object.values(average))));
  expect(plain(await history.hourAverages(hours))).to.deep.equal(plain(hourModels.map((average) => Object.values(average))));
  expect(plain(await history.lastRecord())).to.deep.equal(plain(Object.values(model.lastRecord())));
  expect(await history.startedAt()).to.equal(model.startedAt);
  for (const back of [0n, 1n, 2n, 9n]) {
    const lastDay = dayOf(now) - back;
    expect(plain(await history.window(lastDay))).to.deep.equal(plain(Object.values(model.window(lastDay, now))));
  }
  return [...dayModels, ...hourModels].filter((average) => average.usable).length;
}

/** Nested arrays of plain strings, whatever kind of array they came in. */
function plain(values: Iterable<unknown>): unknown[] {
  const isList = (value: unknown): value is Iterable<unknown> => typeof value === "object" && value !== null;
  return [...values].map((value) => (isList(value) ? plain(value) : String(value)));
}
