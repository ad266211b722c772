// What the feed makes of good reports, and who may report.
import { expect } from "chai";
import { network } from "hardhat";
import { plain } from "../helpers/plain.ts";
import { clockOf } from "../helpers/time.ts";
import { CHAIN_ID, deployFeed, FeedScene, packed, reportAt, sane, signed, USD } from "./feedFixture.ts";

const connection = await network.create();
const { ethers } = connection;
const scene = new FeedScene(connection);
const { report, submitPrices, later, refuses } = scene;

const WAD = 10n ** 18n;
const five = () => deployFeed(connection, 5, 3);

describe("MedianFeed", () => {
  beforeEach(() => scene.start());

  describe("deployment", () => {
    const deploy = async (reporters: string[], quorum: number) => {
      const manager = await ethers.deployContract("AccessManager", [scene.setup.admin.address]);
      return ethers.deployContract("MedianFeed", [manager, "FTNS / USD", reporters, quorum]);
    };
    const addresses = (count: number) => Array.from({ length: count }, (_, i) => ethers.toBeHex(i + 1, 20));

    it("refuses fewer than 5 reporters, more than 32, nobody, and one twice", async () => {
      await refuses(deploy(addresses(4), 3), "ReporterCountOutOfBounds", 4, 5, 32);
      await refuses(deploy(addresses(33), 17), "ReporterCountOutOfBounds", 33, 5, 32);
      await refuses(deploy([ethers.ZeroAddress, ...addresses(4)], 3), "ZeroReporter");
      const [one] = addresses(1) as [string];
      await refuses(deploy([one, ...addresses(4)], 3), "AlreadyReporter", one);
    });

    it("P190: refuses a quorum of half of the reporters or less, or of more than there are", async () => {
      for (const [count, least] of [
        [5, 3],
        [6, 4],
        [7, 4],
        [32, 17],
      ] as const) {
        await refuses(deploy(addresses(count), least - 1), "QuorumOutOfBounds", least - 1, least, count);
        await refuses(deploy(addresses(count), count + 1), "QuorumOutOfBounds", count + 1, least, count);
        for (const quorum of [least, count]) expect(await (await deploy(addresses(count), quorum)).quorum()).to.equal(quorum);
      }
    });

    it("looks like a Chainlink feed", async () => {
      const { feed, reporters, history } = scene.setup;
      expect(await feed.decimals()).to.equal(8);
      expect(await feed.version()).to.equal(2);
      expect(await feed.description()).to.equal("FTNS / USD");
      expect([...(await feed.reporters())].sort()).to.deep.equal(reporters.map((r) => r.address).sort());
      expect(await feed.quorum()).to.equal(4);
      expect(await feed.history()).to.equal(await history.getAddress());
    });
  });

  describe("views", () => {
    it("revert before the first round", async () => {
      const { feed } = scene.setup;
      await refuses(feed.latestRoundData(), "NoRounds");
      await refuses(feed.latestMarket(), "NoRounds");
      await refuses(feed.getRoundData(1), "NoRounds");
    });

    it("revert for rounds that never were", async () => {
      await report(sane(4));
      await refuses(scene.setup.feed.getRoundData(0), "UnknownRound", 0, 1);
      await refuses(scene.setup.feed.getRoundData(2), "UnknownRound", 2, 1);
    });

    it("keep the last 128 rounds and say which is the oldest when asked for an older one", async () => {
      await scene.start(five);
      const times: bigint[] = [];
      for (let round = 1n; round <= 130n; round++) {
        await submitPrices(USD + round, USD + round, USD + round);
        times.push(scene.now);
        later(300n);
      }
      await refuses(scene.setup.feed.getRoundData(2), "RoundEvicted", 2, 3);
      for (const round of [3n, 64n, 130n]) {
        const at = times[Number(round) - 1] as bigint;
        expect(await scene.setup.feed.getRoundData(round)).to.deep.equal([round, USD + round, at, at, round]);
      }
    });

    it("say how many must agree on a large change: all but one of the round's, and five at least", async () => {
      for (const [reports, needed] of [
        [3, 5],
        [5, 5],
        [6, 5],
        [7, 6],
        [32, 31],
      ])
        expect(await scene.setup.feed.superQuorum(reports!)).to.equal(needed);
    });
  });

  describe("submit", () => {
    describe("given reports that disagree", () => {
      it("P49: refuses a round in which fewer than the quorum are within 2 % of the median", async () => {
        await scene.start(five);
        await refuses(submitPrices(979n, 1_000n, 1_020n), "TooFewAgree", 2, 3, 1_000n);
        await refuses(submitPrices(979n, 1_000n, 1_021n), "TooFewAgree", 1, 3, 1_000n);
        await refuses(submitPrices(800n, 800n, 1_000n, 1_000n), "TooFewAgree", 0, 3, 900n);
        await submitPrices(980n, 1_000n, 1_020n);
      });
    });

    describe("given good reports", () => {
      it("P191: takes the median of the price, and of an even number of volumes and counts the calm one", async () => {
        await report([
          { price: 1_000n, volume6h: 1n, meanVolume6h: 7n, txTotal: 90n, txFailed: 0n, sendersDay: 100n },
          { price: 1_001n, volume6h: 2n, meanVolume6h: 8n, txTotal: 70n, txFailed: 10n, sendersDay: 200n },
          { price: 1_004n, volume6h: 3n, meanVolume6h: 9n, txTotal: 80n, txFailed: 20n, sendersDay: 300n },
          { price: 1_010n, volume6h: 4n, meanVolume6h: 10n, txTotal: 60n, txFailed: 60n, sendersDay: 400n },
        ]);
        const market = await scene.setup.feed.latestMarket();
        expect(market.price).to.equal(1_002n);
        expect([market.volume6h, market.meanVolume6h]).to.deep.equal([3n, 8n]);
        expect([market.txTotal, market.txFailed, market.sendersDay]).to.deep.equal([80n, 10n, 300n]);
      });

      it("takes the middle of an odd number, each field by itself", async () => {
        await scene.start(five);
        await report([
          { price: 103n, volume6h: 5n, meanVolume6h: 7n, txTotal: 90n, txFailed: 0n, observedAt: scene.now - 10n },
          { price: 101n, volume6h: 9n, meanVolume6h: 1n, txTotal: 70n, txFailed: 9n, observedAt: scene.now - 40n },
          { price: 102n, volume6h: 1n, meanVolume6h: 9n, txTotal: 80n, txFailed: 4n, observedAt: scene.now - 20n },
        ]);
        const { observedAt, updatedAt, ...market } = plain(await scene.setup.feed.latestMarket());
        expect(market).to.deep.equal({
          roundId: 1n,
          price: 102n,
          volume6h: 5n,
          meanVolume6h: 7n,
          txTotal: 80n,
          txFailed: 4n,
          sendersDay: 900n,
          since: 0n,
          confidence: (875n * WAD) / 1_000n,
          reports: 3n,
          registered: 5n,
          illiquid: 0n,
          attacked: 0n,
        });
        expect([observedAt, updatedAt]).to.deep.equal([scene.now - 40n, scene.now]);
        expect(await scene.setup.feed.latestRoundData()).to.deep.equal([1n, 102n, scene.now - 40n, scene.now, 1n]);
      });

      it("P192: each that agrees halves the doubt, each that differs doubles it, each that is silent changes nothing", async () => {
        const [good, bad] = [1_000n, 1_100n];
        for (const [agree, differ, thousandths] of [
          [4, 0, 9_375n],
          [5, 0, 9_687n],
          [6, 0, 9_843n],
          [7, 0, 9_921n],
          [4, 1, 8_750n],
          [5, 1, 9_375n],
          [6, 1, 9_687n],
          [4, 2, 7_500n],
          [5, 2, 8_750n],
          [4, 3, 5_000n],
        ] as const) {
          await submitPrices(...Array<bigint>(agree).fill(good), ...Array<bigint>(differ).fill(bad));
          const { confidence } = await scene.setup.feed.latestMarket();
          expect(confidence / 10n ** 14n, `${agree} agree, ${differ} differ`).to.equal(thousandths);
          later();
        }
      });

      it("counts the reports whose own numbers meet the conditions, at their very edges", async () => {
        await report([
          { volume6h: 10n, meanVolume6h: 100n, txTotal: 20n, txFailed: 10n, sendersDay: 100n },
          { volume6h: 11n, meanVolume6h: 100n, txTotal: 21n, txFailed: 10n, sendersDay: 100n },
          { volume6h: 0n, meanVolume6h: 0n, txTotal: 20n, txFailed: 10n, sendersDay: 101n },
          { volume6h: 0n, meanVolume6h: 1n, txTotal: 9n, txFailed: 9n, sendersDay: 9n },
        ]);
        const { illiquid, attacked, registered } = await scene.setup.feed.latestMarket();
        expect([illiquid, attacked, registered]).to.deep.equal([2n, 1n, 7n]);
      });

      it("lets anyone carry the reports", async () => {
        await expect(report(sane(4)))
          .to.emit(scene.setup.feed, "RoundUpdated")
          .withArgs(1n, (market: unknown[]) => market.length === 15, 1_50000000n);
      });

      it("takes 32 reports at once", async () => {
        const wallets = Array.from({ length: 32 }, () => ethers.Wallet.createRandom());
        wallets.sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
        const manager = await ethers.deployContract("AccessManager", [scene.setup.admin.address]);
        const feed = await ethers.deployContract("MedianFeed", [manager, "x", wallets.map((w) => w.address), 32]);
        const place = { chainId: CHAIN_ID, verifyingContract: await feed.getAddress() };
        const prices = wallets.map((_, i) => 10_000n - BigInt(i));
        const reports = await Promise.all(
          wallets.map((wallet, i) => signed(wallet as never, reportAt(scene.now, { price: prices[i]! }), place)),
        );
        await clockOf(connection).nextBlockAt(scene.now);
        await feed.submit(packed(reports));
        const { price, confidence } = await feed.latestMarket();
        expect(price).to.equal(9_984n);
        expect(confidence).to.equal((WAD * (2n ** 32n - 1n)) / 2n ** 32n);
      });

      it("gives the digest that reporters sign", async () => {
        const one = reportAt(scene.now);
        const { signature } = await signed(scene.setup.stranger, one, scene.setup.place);
        expect(ethers.recoverAddress(await scene.setup.feed.reportDigest(one), signature)).to.equal(scene.setup.stranger.address);
      });
    });

    describe("given a last price and no hour's average", () => {
      const first = 100n * USD;
      const PRICE = first * 10n ** 10n;
      beforeEach(async () => {
        await submitPrices(first, first, first, first);
        later();
      });

      it("P46: refuses more than 50 % up or down when too few agree", async () => {
        const up = 150n * USD + 1n;
        await refuses(submitPrices(up, up, up, up), "ChangeTooLarge", PRICE, up, 4, 5);
        const down = 50n * USD - 1n;
        await refuses(submitPrices(down, down, down, down), "ChangeTooLarge", PRICE, down, 4, 5);
        await refuses(submitPrices(up, up, up, up, up, first, first), "ChangeTooLarge", PRICE, up, 5, 6);
      });

      it("P46: takes exactly 50 % up and exactly 50 % down", async () => {
        await submitPrices(...Array<bigint>(4).fill(150n * USD));
        later();
        await submitPrices(...Array<bigint>(4).fill(75n * USD));
        expect((await scene.setup.feed.latestMarket()).price).to.equal(75n * USD);
      });

      it("P46: takes any change on which all but one of the round agree, and five", async () => {
        const up = 1_000n * USD;
        await submitPrices(up, up, up, up, up);
        later();
        await submitPrices(USD, USD, USD, USD, USD, up);
        later();
        await submitPrices(up, up, up, up, up, up, USD);
        expect((await scene.setup.feed.latestMarket()).price).to.equal(up);
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
        () => feed.setQuorum(5),
        () => feed.setHistory(ethers.ZeroAddress),
      ];
      for (const call of calls) await refuses(call(), "AccessManagedUnauthorized", scene.setup.stranger.address);
    });

    it("refuses to add nobody, a reporter twice, or a 33rd", async () => {
      await refuses(scene.setup.feed.addReporter(ethers.ZeroAddress), "ZeroReporter");
      await refuses(scene.setup.feed.addReporter(first()), "AlreadyReporter", first());
      for (let i = 8; i <= 32; i++) await scene.setup.feed.addReporter(ethers.toBeHex(i, 20));
      await refuses(scene.setup.feed.addReporter(scene.setup.stranger.address), "ReporterCountOutOfBounds", 33, 5, 32);
    });

    it("refuses to remove who is none, one whom the quorum needs, and one of the last five", async () => {
      const { feed, stranger, reporters } = scene.setup;
      await refuses(feed.removeReporter(stranger.address), "NotReporter", stranger.address);
      await feed.setQuorum(7);
      await refuses(feed.removeReporter(first()), "QuorumOutOfBounds", 7, 3, 6);
      await feed.setQuorum(4);
      await feed.removeReporter(reporters[0]!);
      await feed.removeReporter(reporters[1]!);
      await refuses(feed.removeReporter(reporters[2]!), "ReporterCountOutOfBounds", 4, 5, 32);
    });

    it("P190: raises the quorum with the reporters, so that it stays more than half", async () => {
      const { feed, stranger } = scene.setup;
      await expect(feed.addReporter(stranger)).to.emit(feed, "QuorumSet").withArgs(5);
      expect(await feed.quorum()).to.equal(5);
      await expect(feed.addReporter(ethers.toBeHex(9, 20))).not.to.emit(feed, "QuorumSet");
      await refuses(feed.setQuorum(4), "QuorumOutOfBounds", 4, 5, 9);
    });

    it("adds, removes, and gives a seat that was left to the next", async () => {
      const { feed, stranger, reporters } = scene.setup;
      const seat = (await feed.seatOf(reporters[3]!)).number;
      await expect(feed.removeReporter(reporters[3]!)).to.emit(feed, "ReporterRemoved").withArgs(reporters[3]!.address, seat);
      expect(await feed.isReporter(reporters[3]!)).to.equal(false);
      await expect(feed.addReporter(stranger)).to.emit(feed, "ReporterAdded").withArgs(stranger.address, seat);
      expect(await feed.isReporter(stranger)).to.equal(true);
      expect(await feed.reporters()).to.have.length(7);
    });

    it("refuses a history without code; zero takes it away", async () => {
      const { feed, stranger } = scene.setup;
      await refuses(feed.setHistory(stranger), "NotHistory", stranger.address);
      await expect(feed.setHistory(ethers.ZeroAddress)).to.emit(feed, "HistorySet").withArgs(ethers.ZeroAddress);
      await report(sane(4));
      expect((await scene.setup.history.lastRecord()).knownUntil).to.equal(0n);
    });

    it("keeps the latest round when reporters and quorum change", async () => {
      await report(sane(4));
      const before = await scene.setup.feed.latestMarket();
      await scene.setup.feed.addReporter(scene.setup.stranger.address);
      await scene.setup.feed.setQuorum(8);
      expect(await scene.setup.feed.latestMarket()).to.deep.equal(before);
    });
  });
});
