// What a minority of the reporters can do by being the first to carry reports.
import { revertName } from "@ftns/sdk/errors/decode.ts";
import { expect } from "chai";
import { network } from "hardhat";
import type { MarketReport } from "@ftns/model";
import { HOUR } from "../helpers/time.ts";
import { deployFeed, FeedScene, reportsOf, USD, type Signed } from "./feedFixture.ts";

const connection = await network.create();
const scene = new FeedScene(connection);
const { submit, later, report } = scene;

const DAY_HOURS = 24;

/** Whether the play keeps the history empty: every hour `liars` of `count` carry `with_` honest reports before the honest come. */
async function coveredHours(count: number, quorum: number, liars: number, with_: number): Promise<bigint> {
  const fixture = async () => deployFeed(connection, count, quorum);
  await scene.start(fixture);
  await report(Array.from({ length: count }, () => ({})));
  for (let hour = 0; hour < DAY_HOURS; hour++) {
    later(HOUR);
    // The liars' prices agree; they only say that they follow another round, which leaves their means out.
    const since = (await scene.setup.history.lastRecord()).knownUntil;
    const all = await reportsOf(
      scene.setup,
      scene.now,
      Array.from({ length: count }, (_, i) => (i < liars ? { since: since - 1n } : {})),
    );
    const honest: Signed[] = all.slice(liars);
    await submit(all.slice(0, liars + with_));
    scene.now += 30n;
    // Whoever is honest brings all honest reports, all of which know the mean since the last round.
    await submit(honest).catch((error: unknown) => {
      expect(revertName(error)).to.equal("RoundTooSoon");
    });
  }
  return (await scene.setup.history.totalCoveredSec()) / HOUR;
}

describe("a minority that carries first", () => {
  for (const [count, quorum, liars, with_] of [
    [7, 4, 1, 3],
    [7, 4, 2, 2],
    [7, 4, 2, 3],
    [7, 4, 3, 1],
    [7, 4, 3, 3],
    [5, 3, 1, 2],
    [5, 3, 2, 2],
  ] as const) {
    it(`P270: ${liars} of ${count} with ${with_} honest reports make no hour a gap`, async () => {
      expect(await coveredHours(count, quorum, liars, with_)).to.equal(BigInt(DAY_HOURS));
    });
  }

  it("P270: what fills nothing replaces nothing that is as full, nor does what fills replace what fills with as few reports", async () => {
    await scene.start();
    await report(Array.from({ length: 7 }, () => ({})));
    later(HOUR);
    const since = (await scene.setup.history.lastRecord()).knownUntil;
    const at = scene.now;
    const known = { since };
    const blind = { since, meanPrice: 0n };
    const of = (...changes: object[]) => reportsOf(scene.setup, at, changes as Partial<MarketReport>[]);
    await submit(await of({ since: since - 1n }, { since: since - 1n }, known, known, known));
    scene.now += 30n;
    const lame = (await of(blind, blind, known, known, known, known, blind)).slice(0, 5);
    await scene.refuses(submit(lame), "RoundTooSoon", at, at + 300n);
    const four = (await of(known, known, known, known, known, known, known)).slice(2, 6);
    await submit(four);
    expect((await scene.setup.feed.latestMarket()).reports).to.equal(4n);
    scene.now += 30n;
    await scene.refuses(submit(four), "RoundTooSoon", at, at + 300n);
    await submit(await of(known, known, known, known, known));
    expect(await scene.setup.history.totalCoveredSec()).to.equal(HOUR);
  });

  /** Of 72 hourly rounds after a fall of 55 %, those that the feed refuses. */
  async function refusedAfterFall(count: number, quorum: number, silent: number): Promise<number> {
    const fixture = async () => deployFeed(connection, count, quorum);
    await scene.start(fixture);
    const say = async (price: bigint) => report(Array.from({ length: count - silent }, () => ({ price, meanPrice: price })));
    for (let hour = 0; hour < 3; hour++) {
      await say(100n * USD);
      later(HOUR);
    }
    let refused = 0;
    for (let hour = 0; hour < 72; hour++) {
      await say(45n * USD).catch((error: unknown) => {
        expect(revertName(error)).to.equal("ChangeTooLarge");
        refused++;
      });
      later(HOUR);
    }
    return refused;
  }

  // Five must agree on a change of more than half, and the hour that it is measured against does not move while no round is taken.
  // Of five reporters four say it with one voice, once no price stands any more: after three hours here.
  for (const [count, quorum, silent, refused] of [
    [7, 4, 2, 0],
    [7, 4, 3, 72],
    [6, 4, 1, 0],
    [5, 3, 0, 0],
    [5, 3, 1, 3],
    [5, 3, 2, 72],
  ] as const) {
    it(`P46: ${silent} of ${count} silent after a fall of 55 %: ${refused} of 72 rounds are refused`, async () => {
      expect(await refusedAfterFall(count, quorum, silent)).to.equal(refused);
    });
  }

  describe("a large change after an outage, of five reporters (P277)", () => {
    const FALLEN = 45n * USD;
    const five = async () => deployFeed(connection, 5, 3);
    beforeEach(async () => {
      await scene.start(five);
      for (let hour = 0; hour < 3; hour++) {
        if (hour > 0) later(HOUR);
        await report(Array.from({ length: 5 }, () => ({ price: 100n * USD, meanPrice: 100n * USD })));
      }
    });
    const fallen = async (...prices: bigint[]) => scene.submitPrices(...prices);
    const four = [FALLEN, FALLEN, FALLEN, FALLEN];
    const tooLarge = async (call: Promise<unknown>, price: bigint, agreeing: number, needed = 5) =>
      scene.refuses(call, "ChangeTooLarge", 100n * USD * 10n ** 10n, price, agreeing, needed);

    it("is taken from four with one voice a second after the last price stopped standing, and not before", async () => {
      later(3n * HOUR);
      await tooLarge(fallen(...four), FALLEN, 4);
      later(1n);
      await fallen(...four);
      expect((await scene.setup.feed.latestMarket()).price).to.equal(FALLEN);
      // From there on it is measured against what was taken.
      later(HOUR);
      await fallen(FALLEN, FALLEN, FALLEN);
    });

    it("is not taken where one differs, nor from three; whoever differs can be left out", async () => {
      later(4n * HOUR);
      await tooLarge(fallen(FALLEN, FALLEN, FALLEN, (FALLEN * 103n) / 100n), FALLEN, 3);
      later(1n);
      await tooLarge(fallen(FALLEN, FALLEN, FALLEN), FALLEN, 3);
      later(1n);
      await tooLarge(fallen(...four, 100n * USD), FALLEN, 4);
      later(1n);
      await fallen(...four);
    });

    it("is not taken where no history says how long a price stands", async () => {
      await scene.setup.feed.setHistory(connection.ethers.ZeroAddress);
      later(48n * HOUR);
      await tooLarge(fallen(...four), FALLEN, 4);
    });

    it("waits for as long as the history lets a price stand", async () => {
      await scene.setup.history.setHeartbeat(5n * HOUR);
      later(5n * HOUR);
      await tooLarge(fallen(...four), FALLEN, 4);
      later(1n);
      await fallen(...four);
    });
  });

  it("P277: of seven, five where one differs take no large change after whatever time", async () => {
    await scene.start();
    await report(Array.from({ length: 7 }, () => ({ price: 100n * USD, meanPrice: 100n * USD })));
    later(48n * HOUR);
    const say = [45n * USD, 45n * USD, 45n * USD, 45n * USD, 100n * USD];
    await scene.refuses(scene.submitPrices(...say), "ChangeTooLarge", 100n * USD * 10n ** 10n, 45n * USD, 4, 5);
    later(1n);
    await scene.refuses(scene.submitPrices(...say.slice(0, 4)), "ChangeTooLarge", 100n * USD * 10n ** 10n, 45n * USD, 4, 5);
  });
});
