// Which round the reports make: the next one, one in place of the last, or none.
import { expect } from "chai";
import { network } from "hardhat";
import type { MarketReport } from "@ftns/model";
import { FeedScene, reportsOf, sane, type Signed } from "./feedFixture.ts";

const connection = await network.create();
const scene = new FeedScene(connection);
const { submit, report, later, refuses } = scene;

describe("MedianFeed", () => {
  let first: bigint;
  beforeEach(async () => {
    await scene.start();
    await report(sane(4));
    first = scene.now;
  });

  const market = () => scene.setup.feed.latestMarket();
  /** The first `count` reporters' reports, observed at `observedAt`, that follow the round of `since`. */
  const following = (since: bigint, count: number, observedAt: bigint, change: Partial<MarketReport> = {}) =>
    reportsOf(
      scene.setup,
      observedAt,
      sane(count).map(() => ({ since, ...change })),
    );

  describe("the next round", () => {
    it("P193: comes five minutes after the last at the earliest", async () => {
      later();
      await refuses(submit(await following(first, 4, first + 299n)), "RoundTooSoon", first + 299n, first + 300n);
      await submit(await following(first, 4, first + 300n));
      expect((await market()).since).to.equal(first);
    });

    it("P45: takes no report twice", async () => {
      later();
      const reports = await following(first, 4, scene.now);
      await submit(reports);
      const last = scene.now;
      later();
      await refuses(submit(reports), "RoundTooSoon", last, last + 300n);
    });

    it("follows the last round's own time, not that of its block", async () => {
      later();
      const observedAt = scene.now - 100n;
      await submit(await following(first, 4, observedAt));
      later(300n);
      await submit(await following(observedAt, 4, observedAt + 300n));
      const { since, updatedAt } = await market();
      expect([since, updatedAt]).to.deep.equal([observedAt, scene.now]);
    });
  });

  describe("a fuller round of the same time", () => {
    let second: bigint;
    beforeEach(async () => {
      later(3_000n);
      await submit(await following(first, 4, scene.now));
      second = scene.now;
      later(60n);
    });

    it("P48: replaces a thin one, up to everybody's", async () => {
      for (const count of [5, 6, 7]) {
        await submit(await following(first, count, second));
        const { reports, since, observedAt } = await market();
        expect([reports, since, observedAt]).to.deep.equal([BigInt(count), first, second]);
        later(60n);
      }
    });

    it("P48: must have more reports", async () => {
      const others = (await following(first, 7, second)).slice(3);
      await refuses(submit(others), "RoundTooSoon", second, second + 300n);
    });

    it("P48: must follow the same round, every report of it", async () => {
      const reports = await following(first, 5, second);
      const [odd] = await reportsOf(scene.setup, second, [{ since: second - 1n }]);
      await refuses(submit([odd!, ...reports.slice(1)]), "OtherSince", odd!.reporter, second - 1n, first);
    });

    it("may be of another time, as long as it is five minutes after the round before", async () => {
      const other = second + 55n;
      await submit(await following(first, 5, other));
      expect((await market()).observedAt).to.equal(other);
    });

    it("is the next round, whatever its number, once it is five minutes later", async () => {
      later(240n);
      await submit(await following(second, 4, second + 300n));
      const { since, reports } = await market();
      expect([since, reports]).to.deep.equal([second, 4n]);
    });

    it("must not lose what the thin one filled", async () => {
      const reports: Signed[] = await following(first, 3, second);
      const blind = (
        await reportsOf(
          scene.setup,
          second,
          sane(5).map(() => ({ since: first, meanPrice: 0n })),
        )
      ).slice(3);
      await refuses(submit([...reports, ...blind]), "FillLost", first);
      await submit([...(await following(first, 4, second)), blind[1]!]);
      expect(await scene.setup.history.totalCoveredSec()).to.equal(second - first);
    });

    it("keeps two rounds five minutes apart, also when it is earlier than the one it replaces", async () => {
      await scene.start();
      await report(sane(4));
      const zeroth = scene.now;
      later(300n);
      await submit(await following(zeroth, 4, zeroth + 300n));
      later(60n);
      await refuses(submit(await following(zeroth, 5, zeroth + 299n)), "RoundTooSoon", zeroth + 299n, zeroth + 300n);
      await submit(await following(zeroth, 5, zeroth + 300n));
    });
  });

  it("a fuller first round replaces a thin one", async () => {
    later(60n);
    await submit(await following(0n, 5, first));
    const { reports, since } = await market();
    expect([reports, since]).to.deep.equal([5n, 0n]);
    later(60n);
    await refuses(submit(await following(0n, 5, first)), "RoundTooSoon", first, first + 300n);
  });
});
