import { expect } from "chai";
import { network } from "hardhat";
import { clockOf } from "../helpers/time.ts";
import { CHAIN_ID, deployFeed, FeedScene, reportAt, reportsOf, signed, THREE, type Signed } from "./feedFixture.ts";

const connection = await network.create();
const { ethers } = connection;
const scene = new FeedScene(connection);
const { submit, submitPrices, later, refuses } = scene;

const USD = 10n ** 8n;
const PERCENT = 10n ** 16n;
const four = () => deployFeed(connection, 4, 2);

describe("MedianFeed", () => {
  beforeEach(() => scene.start());

  describe("deployment", () => {
    const deploy = async (reporters: string[], quorum: number) => {
      const manager = await ethers.deployContract("AccessManager", [scene.setup.admin.address]);
      return ethers.deployContract("MedianFeed", [manager, "FTNS / USD", reporters, quorum]);
    };
    const addresses = (count: number) => Array.from({ length: count }, (_, i) => ethers.toBeHex(i + 1, 20));

    it("refuses a zero reporter, a reporter twice, more than 32, and a quorum outside 1 to their number", async () => {
      await refuses(deploy([ethers.ZeroAddress], 1), "ZeroReporter");
      const [one] = addresses(1) as [string];
      await refuses(deploy([one, one], 1), "AlreadyReporter", one);
      await refuses(deploy(addresses(33), 1), "TooManyReporters", 33, 32);
      await refuses(deploy(addresses(3), 0), "QuorumOutOfBounds", 0, 3);
      await refuses(deploy(addresses(3), 4), "QuorumOutOfBounds", 4, 3);
    });

    it("looks like a Chainlink feed", async () => {
      const { feed, reporters } = scene.setup;
      expect(await feed.decimals()).to.equal(8);
      expect(await feed.version()).to.equal(1);
      expect(await feed.description()).to.equal("FTNS / USD");
      expect([...(await feed.reporters())].sort()).to.deep.equal(reporters.map((r) => r.address).sort());
      expect(await feed.quorum()).to.equal(3);
      expect(await feed.superQuorum()).to.equal(4);
    });
  });

  describe("views", () => {
    it("revert before the first round", async () => {
      const { feed } = scene.setup;
      await refuses(feed.latestRoundData(), "NoRounds");
      await refuses(feed.latestMarket(), "NoRounds");
      await refuses(feed.getRoundData(1), "NoRounds");
    });

    it("name no reports before the first round", async () => {
      expect([...(await scene.setup.feed.latestReports())]).to.deep.equal([0n, 0n]);
    });

    it("revert for rounds that never were", async () => {
      await submit(await reportsOf(scene.setup, scene.now, THREE));
      await refuses(scene.setup.feed.getRoundData(0), "UnknownRound", 0, 1);
      await refuses(scene.setup.feed.getRoundData(2), "UnknownRound", 2, 1);
    });

    it("keep the last 128 rounds and say which is the oldest when asked for an older one", async () => {
      await scene.start(one);
      const times: bigint[] = [];
      for (let round = 1n; round <= 130n; round++) {
        await submit(await reportsOf(scene.setup, scene.now - 1n, [{ price: USD + round }]));
        times.push(scene.now);
        later(5n);
      }
      await refuses(scene.setup.feed.getRoundData(2), "RoundEvicted", 2, 3);
      for (const round of [3n, 64n, 130n]) {
        const at = times[Number(round) - 1] as bigint;
        expect(await scene.setup.feed.getRoundData(round)).to.deep.equal([round, USD + round, at - 1n, at, round]);
      }
    });
    const one = () => deployFeed(connection, 1, 1);
  });

  describe("submit", () => {
    describe("given a round made in a hurry from a bare quorum", () => {
      const FIVE = [{}, {}, {}, {}, {}];
      let all: Signed[];
      let start: bigint;

      beforeEach(async () => {
        start = scene.now;
        all = await reportsOf(scene.setup, start, FIVE);
        await submit(all.slice(0, 3));
        later();
      });

      it("P48: takes more reports of the same time, up to everybody's", async () => {
        expect((await scene.setup.feed.latestMarket()).confidence).to.equal(60n * PERCENT);
        await submit(all.slice(0, 4));
        later();
        await submit(all);
        expect((await scene.setup.feed.latestMarket()).confidence).to.equal(100n * PERCENT);
      });

      it("P150: says how many reports it had and what a fuller one must be newer than", async () => {
        const second = await scene.setup.feed.latestMarket();
        expect([...(await scene.setup.feed.latestReports())]).to.deep.equal([3n, 0n]);
        await submit(await reportsOf(scene.setup, scene.now, FIVE.slice(0, 3)));
        const [count, newerThan] = await scene.setup.feed.latestReports();
        expect([count, newerThan]).to.deep.equal([3n, second.updatedAt]);
        later();
        const old = await reportsOf(scene.setup, newerThan, FIVE);
        await refuses(submit(old), "ReportNotNewer", old[0]!.reporter, newerThan, newerThan);
        await submit(await reportsOf(scene.setup, newerThan + 1n, FIVE));
        expect([...(await scene.setup.feed.latestReports())]).to.deep.equal([5n, newerThan]);
      });

      it("refuses as many again, in any mixture", async () => {
        await refuses(submit(all.slice(1, 4)), "ReportNotNewer", all[1]!.reporter, start, start);
        await submit(all);
        const last = scene.now;
        later();
        await refuses(submit(all), "ReportNotNewer", all[0]!.reporter, start, last);
      });

      it("refuses what the round before it has used", async () => {
        await submit(await reportsOf(scene.setup, scene.now, THREE));
        later();
        await refuses(submit(all), "ReportNotNewer", all[0]!.reporter, start, start);
      });
    });

    describe("given reports that disagree", () => {
      it("P49: refuses a round in which fewer than the quorum are within 2 % of the median", async () => {
        await refuses(submitPrices(979n, 1_000n, 1_020n), "TooFewAgree", 2, 3, 1_000n);
        await refuses(submitPrices(979n, 1_000n, 1_021n), "TooFewAgree", 1, 3, 1_000n);
        await refuses(submitPrices(800n, 800n, 1_000n, 1_000n), "TooFewAgree", 0, 3, 900n);
      });

      it("P49: refuses two liars who carry a single honest report, within what one update may change", async () => {
        await submitPrices(100n * USD, 100n * USD, 100n * USD);
        later();
        await refuses(submitPrices(60n * USD, 60n * USD, 100n * USD), "TooFewAgree", 2, 3, 60n * USD);
        await submitPrices(60n * USD, 60n * USD, 100n * USD, 100n * USD, 100n * USD);
        expect((await scene.setup.feed.latestMarket()).price).to.equal(100n * USD);
      });
    });

    describe("given a last price", () => {
      beforeEach(async () => {
        await submitPrices(100n * USD, 100n * USD, 100n * USD);
        later();
      });

      it("P46: refuses more than 50 % up or down when fewer than all but one agree", async () => {
        const up = 150n * USD + 1n;
        await refuses(submitPrices(up, up, up), "ChangeTooLarge", 100n * USD, up, 3, 4);
        const down = 50n * USD - 1n;
        await refuses(submitPrices(down, down, down), "ChangeTooLarge", 100n * USD, down, 3, 4);
      });

      it("P46: refuses it too when all take part and too few of them agree", async () => {
        const up = 200n * USD;
        await refuses(submitPrices(up, up, up, 100n * USD, 300n * USD), "ChangeTooLarge", 100n * USD, up, 3, 4);
      });

      it("P46: takes exactly 50 % up and exactly 50 % down", async () => {
        await submitPrices(150n * USD, 150n * USD, 150n * USD);
        later();
        await submitPrices(75n * USD, 75n * USD, 75n * USD);
        expect((await scene.setup.feed.latestMarket()).price).to.equal(75n * USD);
      });

      it("takes any change on which all but one agree", async () => {
        const up = 1_000n * USD;
        await submitPrices(up, up, up, up);
        later();
        await submitPrices(USD, USD, USD, USD, up);
        expect((await scene.setup.feed.latestMarket()).price).to.equal(USD);
      });
    });

    describe("given good reports", () => {
      it("takes the median of each field by itself", async () => {
        const reports = await reportsOf(scene.setup, scene.now, [
          { price: 103n, volume6h: 5n, meanVolume6h: 7n, txTotal: 90n, txFailed: 0n, observedAt: scene.now - 10n },
          { price: 101n, volume6h: 9n, meanVolume6h: 1n, txTotal: 70n, txFailed: 9n, observedAt: scene.now - 40n },
          { price: 102n, volume6h: 1n, meanVolume6h: 9n, txTotal: 80n, txFailed: 4n, observedAt: scene.now - 20n },
        ]);
        await expect(submit(reports)).to.emit(scene.setup.feed, "RoundUpdated");
        const market = await scene.setup.feed.latestMarket();
        expect([...market]).to.deep.equal([1n, 102n, 5n, 7n, 80n, 4n, scene.now - 40n, scene.now, 60n * PERCENT]);
        expect(await scene.setup.feed.latestRoundData()).to.deep.equal([1n, 102n, scene.now - 40n, scene.now, 1n]);
      });

      it("takes the mean of the two middle values of an even number, rounded down", async () => {
        await scene.start(four);
        await submitPrices(1_000n, 1_003n);
        expect((await scene.setup.feed.latestMarket()).price).to.equal(1_001n);
        later();
        await submitPrices(1n, 1_000n, 1_003n, 5_000n);
        expect((await scene.setup.feed.latestMarket()).price).to.equal(1_001n);
      });

      it("counts as confident who is within 2 % of the median, out of all who are registered", async () => {
        const confidenceOf = async (...prices: bigint[]) => {
          await submitPrices(...prices);
          later();
          return (await scene.setup.feed.latestMarket()).confidence / PERCENT;
        };
        expect(await confidenceOf(1_000n, 1_000n, 1_000n, 1_000n, 1_000n)).to.equal(100n);
        expect(await confidenceOf(980n, 1_000n, 1_020n)).to.equal(60n);
        expect(await confidenceOf(979n, 980n, 1_000n, 1_020n)).to.equal(60n);
        expect(await confidenceOf(979n, 1_000n, 1_000n, 1_000n)).to.equal(60n);
        expect(await confidenceOf(980n, 1_000n, 1_000n, 1_020n)).to.equal(80n);
        expect(await confidenceOf(900n, 1_000n, 1_000n, 1_010n, 2_000n)).to.equal(60n);
      });

      it("lets anyone carry the reports", async () => {
        const written = (market: unknown[]) => market.length === 9;
        await expect(submit(await reportsOf(scene.setup, scene.now, THREE)))
          .to.emit(scene.setup.feed, "RoundUpdated")
          .withArgs(1n, written, 3n);
      });

      it("takes 32 reports at once", async () => {
        const wallets = Array.from({ length: 32 }, () => ethers.Wallet.createRandom());
        wallets.sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
        const manager = await ethers.deployContract("AccessManager", [scene.setup.admin.address]);
        const feed = await ethers.deployContract("MedianFeed", [manager, "x", wallets.map((w) => w.address), 32]);
        const place = { chainId: CHAIN_ID, verifyingContract: await feed.getAddress() };
        const reports = await Promise.all(
          wallets.map((wallet, i) => signed(wallet as never, reportAt(scene.now, { price: 1_000n - BigInt(i) }), place)),
        );
        await clockOf(connection).nextBlockAt(scene.now);
        await feed.submit(reports);
        expect((await feed.latestMarket()).price).to.equal(984n);
      });

      it("gives the digest that reporters sign", async () => {
        const report = reportAt(scene.now);
        const { signature } = await signed(scene.setup.stranger, report, scene.setup.place);
        expect(ethers.recoverAddress(await scene.setup.feed.reportDigest(report), signature)).to.equal(
          scene.setup.stranger.address,
        );
      });
    });
  });

  describe("governance", () => {
    const first = () => (scene.setup.reporters[0] as { address: string }).address;

    it("refuses a stranger", async () => {
      const feed = scene.setup.feed.connect(scene.setup.stranger);
      const calls = [
        () => feed.addReporter(scene.setup.stranger.address),
        () => feed.removeReporter(first()),
        () => feed.setQuorum(2),
      ];
      for (const call of calls) await refuses(call(), "AccessManagedUnauthorized", scene.setup.stranger.address);
    });

    it("refuses to add nobody, a reporter twice, or a 33rd", async () => {
      await refuses(scene.setup.feed.addReporter(ethers.ZeroAddress), "ZeroReporter");
      await refuses(scene.setup.feed.addReporter(first()), "AlreadyReporter", first());
      for (let i = 6; i <= 32; i++) await scene.setup.feed.addReporter(ethers.toBeHex(i, 20));
      await refuses(scene.setup.feed.addReporter(scene.setup.stranger.address), "TooManyReporters", 33, 32);
    });

    it("refuses to remove who is none, or one whom the quorum needs", async () => {
      await refuses(scene.setup.feed.removeReporter(scene.setup.stranger.address), "NotReporter", scene.setup.stranger.address);
      await scene.setup.feed.setQuorum(5);
      await refuses(scene.setup.feed.removeReporter(first()), "QuorumOutOfBounds", 5, 4);
    });

    it("refuses a quorum of zero or above the number of reporters", async () => {
      await refuses(scene.setup.feed.setQuorum(0), "QuorumOutOfBounds", 0, 5);
      await refuses(scene.setup.feed.setQuorum(6), "QuorumOutOfBounds", 6, 5);
    });

    it("adds, removes, and sets the quorum", async () => {
      const { feed, stranger } = scene.setup;
      await expect(feed.addReporter(stranger.address)).to.emit(feed, "ReporterAdded").withArgs(stranger.address);
      expect(await feed.isReporter(stranger.address)).to.equal(true);
      expect(await feed.superQuorum()).to.equal(5);
      await expect(feed.removeReporter(stranger.address)).to.emit(feed, "ReporterRemoved").withArgs(stranger.address);
      expect(await feed.isReporter(stranger.address)).to.equal(false);
      await expect(feed.setQuorum(5)).to.emit(feed, "QuorumSet").withArgs(5);
      expect(await feed.superQuorum()).to.equal(5);
    });

    it("keeps the latest round when reporters and quorum change", async () => {
      await submit(await reportsOf(scene.setup, scene.now, THREE));
      const before = await scene.setup.feed.latestMarket();
      await scene.setup.feed.addReporter(scene.setup.stranger.address);
      await scene.setup.feed.setQuorum(1);
      expect(await scene.setup.feed.latestMarket()).to.deep.equal(before);
    });
  });
});
