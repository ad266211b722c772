import { expect } from "chai";
import { Signature } from "ethers";
import { network } from "hardhat";
import { clockOf } from "../helpers/time.ts";
import { CHAIN_ID, deployFeed, reportAt, reportsOf, signed, type FeedSetup, type Signed } from "./feedFixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const clock = clockOf(connection);

const THREE = [{}, {}, {}];
const USD = 10n ** 8n;
const PERCENT = 10n ** 16n;
const SECP256K1_N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

const five = () => deployFeed(connection);
const four = () => deployFeed(connection, 4, 2);

describe("MedianFeed", () => {
  let setup: FeedSetup;
  let now: bigint;

  /** Sends `reports` in a block at `now`. */
  async function submit(reports: Signed[]) {
    await clock.nextBlockAt(now);
    return setup.feed.connect(setup.stranger).submit(reports);
  }

  async function submitPrices(...prices: bigint[]) {
    return submit(await reportsOf(setup, now - 5n, prices.map((price) => ({ price }))));
  }

  /** Lets a minute pass. */
  function later(seconds = 60n) {
    now += seconds;
  }

  async function refuses(call: Promise<unknown>, name: string, ...args: unknown[]) {
    await expect(call).to.be.revertedWithCustomError(setup.feed, name).withArgs(...args);
  }

  beforeEach(async () => {
    setup = await networkHelpers.loadFixture(five);
    now = (await clock.now()) + 1_000n;
  });

  describe("deployment", () => {
    const deploy = async (reporters: string[], quorum: number) => {
      const manager = await ethers.deployContract("AccessManager", [setup.admin.address]);
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
      const { feed, reporters } = setup;
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
      const { feed } = setup;
      await refuses(feed.latestRoundData(), "NoRounds");
      await refuses(feed.latestMarket(), "NoRounds");
      await refuses(feed.getRoundData(1), "NoRounds");
    });

    it("name no reports before the first round", async () => {
      expect([...(await setup.feed.latestReports())]).to.deep.equal([0n, 0n]);
    });

    it("revert for rounds that never were", async () => {
      await submit(await reportsOf(setup, now, THREE));
      await refuses(setup.feed.getRoundData(0), "UnknownRound", 0, 1);
      await refuses(setup.feed.getRoundData(2), "UnknownRound", 2, 1);
    });

    it("keep the last 128 rounds and say which is the oldest when asked for an older one", async () => {
      setup = await networkHelpers.loadFixture(one);
      now = (await clock.now()) + 1_000n;
      const times: bigint[] = [];
      for (let round = 1n; round <= 130n; round++) {
        await submit(await reportsOf(setup, now - 1n, [{ price: USD + round }]));
        times.push(now);
        later(5n);
      }
      await refuses(setup.feed.getRoundData(2), "RoundEvicted", 2, 3);
      for (const round of [3n, 64n, 130n]) {
        const at = times[Number(round) - 1] as bigint;
        expect(await setup.feed.getRoundData(round)).to.deep.equal([round, USD + round, at - 1n, at, round]);
      }
    });
    const one = () => deployFeed(connection, 1, 1);
  });

  describe("submit", () => {
    describe("given wrong reporters", () => {
      it("refuses fewer reports than the quorum, and more than there are reporters", async () => {
        await refuses(submit([]), "WrongReportCount", 0, 3, 5);
        await refuses(submit(await reportsOf(setup, now, [{}, {}])), "WrongReportCount", 2, 3, 5);
        const reports = await reportsOf(setup, now, [{}, {}, {}, {}, {}]);
        await refuses(submit([...reports, reports[4] as Signed]), "WrongReportCount", 6, 3, 5);
      });

      it("refuses a reporter who comes twice", async () => {
        const [a, b] = (await reportsOf(setup, now, THREE)) as [Signed, Signed];
        await refuses(submit([a, b, b]), "DuplicateReporter", b.reporter);
      });

      it("refuses another order than ascending addresses", async () => {
        const [a, b, c] = (await reportsOf(setup, now, THREE)) as [Signed, Signed, Signed];
        await refuses(submit([a, c, b]), "ReportersNotAscending", c.reporter, b.reporter);
      });

      it("refuses who is not registered, the zero address too", async () => {
        const outsider = await signed(setup.stranger, reportAt(now), setup.place);
        const [a, b] = (await reportsOf(setup, now, THREE)) as [Signed, Signed];
        const reports = [a, b, outsider].sort((x, y) => (BigInt(x.reporter) < BigInt(y.reporter) ? -1 : 1));
        await refuses(submit(reports), "NotReporter", setup.stranger.address);
        const zero = { ...a, reporter: ethers.ZeroAddress };
        await refuses(submit([zero, a, b]), "NotReporter", ethers.ZeroAddress);
      });

      it("refuses a reporter who was removed", async () => {
        const reports = await reportsOf(setup, now, THREE);
        const removed = (reports[1] as Signed).reporter;
        await setup.feed.removeReporter(removed);
        await refuses(submit(reports), "NotReporter", removed);
      });
    });

    describe("given a bad signature", () => {
      async function refusesSignature(forge: (good: Signed) => Promise<string> | string) {
        const reports = await reportsOf(setup, now, THREE);
        const target = reports[1] as Signed;
        target.signature = await forge(target);
        await refuses(submit(reports), "BadSignature", target.reporter);
      }

      it("refuses one by another key", () =>
        refusesSignature(async ({ report }) => (await signed(setup.stranger, report, setup.place)).signature));

      it("refuses one for another contract", () =>
        refusesSignature(async ({ report }) => {
          const place = { chainId: CHAIN_ID, verifyingContract: setup.stranger.address };
          return (await signed(setup.reporters[1] as never, report, place)).signature;
        }));

      it("refuses one for another chain", () =>
        refusesSignature(async ({ report }) => {
          const place = { ...setup.place, chainId: 1n };
          return (await signed(setup.reporters[1] as never, report, place)).signature;
        }));

      it("refuses one for another report", async () => {
        const fields = ["price", "volume6h", "meanVolume6h", "txTotal", "txFailed"] as const;
        for (const field of fields) {
          const reports = await reportsOf(setup, now, THREE);
          const target = reports[1] as Signed;
          target.report = { ...target.report, [field]: target.report[field] - 1n };
          await refuses(submit(reports), "BadSignature", target.reporter);
        }
      });

      it("refuses the malleable twin of a good one", () =>
        refusesSignature(({ signature }) => {
          const { r, s, v } = Signature.from(signature);
          const twin = ethers.toBeHex(SECP256K1_N - BigInt(s), 32);
          return ethers.concat([r, twin, ethers.toBeHex(v === 27 ? 28 : 27)]);
        }));

      it("refuses the compact form, an empty one and noise", async () => {
        await refusesSignature(({ signature }) => Signature.from(signature).compactSerialized);
        await refusesSignature(() => "0x");
        await refusesSignature(() => `0x${"11".repeat(65)}`);
      });
    });

    describe("given a report from the wrong time", () => {
      it("refuses one from the future", async () => {
        const reports = await reportsOf(setup, now, [{}, { observedAt: now + 1n }, {}]);
        await refuses(submit(reports), "ReportFromFuture", (reports[1] as Signed).reporter, now + 1n, now);
      });

      it("refuses one older than 10 minutes, and takes one that is just 10 minutes old", async () => {
        const reports = await reportsOf(setup, now - 600n, [{}, {}, { observedAt: now - 601n }]);
        await refuses(submit(reports), "ReportTooOld", (reports[2] as Signed).reporter, now - 601n, now - 600n);
        await submit(await reportsOf(setup, now - 600n, THREE));
      });

      it("P45: refuses one that was not observed after the last round: no report counts twice", async () => {
        const reports = await reportsOf(setup, now, THREE);
        await submit(reports);
        const last = now;
        later();
        await refuses(submit(reports), "ReportNotNewer", (reports[0] as Signed).reporter, last, last);
        const mixed = await reportsOf(setup, now, [{}, {}, { observedAt: last }]);
        await refuses(submit(mixed), "ReportNotNewer", (mixed[2] as Signed).reporter, last, last);
        await submit(await reportsOf(setup, last + 1n, THREE));
      });
    });

    describe("given a round made in a hurry from a bare quorum", () => {
      const FIVE = [{}, {}, {}, {}, {}];
      let all: Signed[];
      let start: bigint;

      beforeEach(async () => {
        start = now;
        all = await reportsOf(setup, start, FIVE);
        await submit(all.slice(0, 3));
        later();
      });

      it("P48: takes more reports of the same time, up to everybody's", async () => {
        expect((await setup.feed.latestMarket()).confidence).to.equal(60n * PERCENT);
        await submit(all.slice(0, 4));
        later();
        await submit(all);
        expect((await setup.feed.latestMarket()).confidence).to.equal(100n * PERCENT);
      });

      it("P150: says how many reports it had and what a fuller one must be newer than", async () => {
        const second = await setup.feed.latestMarket();
        expect([...(await setup.feed.latestReports())]).to.deep.equal([3n, 0n]);
        await submit(await reportsOf(setup, now, FIVE.slice(0, 3)));
        const [count, newerThan] = await setup.feed.latestReports();
        expect([count, newerThan]).to.deep.equal([3n, second.updatedAt]);
        later();
        const old = await reportsOf(setup, newerThan, FIVE);
        await refuses(submit(old), "ReportNotNewer", old[0]!.reporter, newerThan, newerThan);
        await submit(await reportsOf(setup, newerThan + 1n, FIVE));
        expect([...(await setup.feed.latestReports())]).to.deep.equal([5n, newerThan]);
      });

      it("refuses as many again, in any mixture", async () => {
        await refuses(submit(all.slice(1, 4)), "ReportNotNewer", all[1]!.reporter, start, start);
        await submit(all);
        const last = now;
        later();
        await refuses(submit(all), "ReportNotNewer", all[0]!.reporter, start, last);
      });

      it("refuses what the round before it has used", async () => {
        await submit(await reportsOf(setup, now, THREE));
        later();
        await refuses(submit(all), "ReportNotNewer", all[0]!.reporter, start, start);
      });
    });

    describe("given an absurd report", () => {
      const refusesChange = async (change: object, name: string, ...args: bigint[]) => {
        const reports = await reportsOf(setup, now, [{}, change, {}]);
        await refuses(submit(reports), name, (reports[1] as Signed).reporter, ...args);
      };
      const MAX_PRICE = 10n ** 18n;
      const MAX_VOLUME = 10n ** 21n;

      it("refuses a price of zero or beyond the bound", async () => {
        await refusesChange({ price: 0n }, "PriceOutOfBounds", 0n, MAX_PRICE);
        await refusesChange({ price: MAX_PRICE + 1n }, "PriceOutOfBounds", MAX_PRICE + 1n, MAX_PRICE);
      });

      it("refuses volumes beyond the bound", async () => {
        await refusesChange({ volume6h: MAX_VOLUME + 1n }, "VolumeOutOfBounds", MAX_VOLUME + 1n, MAX_VOLUME);
        await refusesChange({ meanVolume6h: MAX_VOLUME + 1n }, "VolumeOutOfBounds", MAX_VOLUME + 1n, MAX_VOLUME);
      });

      it("refuses more transactions than the bound, and more failed than there were", async () => {
        const most = 4_000_000_000n;
        await refusesChange({ txTotal: most + 1n }, "TransactionsOutOfBounds", most + 1n, most);
        await refusesChange({ txTotal: 5n, txFailed: 6n }, "MoreFailedThanTotal", 6n, 5n);
      });

      it("takes every number at its bound", async () => {
        const txTotal = 4_000_000_000n;
        const most = { price: MAX_PRICE, volume6h: MAX_VOLUME, meanVolume6h: MAX_VOLUME, txTotal, txFailed: txTotal };
        await submit(await reportsOf(setup, now, [most, most, most]));
        const market = await setup.feed.latestMarket();
        for (const [name, value] of Object.entries(most)) expect(market[name as keyof typeof most], name).to.equal(value);
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
        expect((await setup.feed.latestMarket()).price).to.equal(75n * USD);
      });

      it("takes any change on which all but one agree", async () => {
        const up = 1_000n * USD;
        await submitPrices(up, up, up, up);
        later();
        await submitPrices(USD, USD, USD, USD, up);
        expect((await setup.feed.latestMarket()).price).to.equal(USD);
      });
    });

    describe("given good reports", () => {
      it("takes the median of each field by itself", async () => {
        const reports = await reportsOf(setup, now, [
          { price: 103n, volume6h: 5n, meanVolume6h: 7n, txTotal: 90n, txFailed: 0n, observedAt: now - 10n },
          { price: 101n, volume6h: 9n, meanVolume6h: 1n, txTotal: 70n, txFailed: 9n, observedAt: now - 40n },
          { price: 102n, volume6h: 1n, meanVolume6h: 9n, txTotal: 80n, txFailed: 4n, observedAt: now - 20n },
        ]);
        await expect(submit(reports)).to.emit(setup.feed, "RoundUpdated");
        const market = await setup.feed.latestMarket();
        expect([...market]).to.deep.equal([1n, 102n, 5n, 7n, 80n, 4n, now - 40n, now, 60n * PERCENT]);
        expect(await setup.feed.latestRoundData()).to.deep.equal([1n, 102n, now - 40n, now, 1n]);
      });

      it("takes the mean of the two middle values of an even number, rounded down", async () => {
        setup = await networkHelpers.loadFixture(four);
        now = (await clock.now()) + 1_000n;
        await submitPrices(1_000n, 1_003n);
        expect((await setup.feed.latestMarket()).price).to.equal(1_001n);
        later();
        await submitPrices(1n, 1_000n, 1_003n, 5_000n);
        expect((await setup.feed.latestMarket()).price).to.equal(1_001n);
      });

      it("counts as confident who is within 2 % of the median, out of all who are registered", async () => {
        const confidenceOf = async (...prices: bigint[]) => {
          await submitPrices(...prices);
          later();
          return (await setup.feed.latestMarket()).confidence / PERCENT;
        };
        expect(await confidenceOf(1_000n, 1_000n, 1_000n, 1_000n, 1_000n)).to.equal(100n);
        expect(await confidenceOf(980n, 1_000n, 1_020n)).to.equal(60n);
        expect(await confidenceOf(979n, 1_000n, 1_020n)).to.equal(40n);
        expect(await confidenceOf(979n, 1_000n, 1_021n)).to.equal(20n);
        expect(await confidenceOf(900n, 1_000n, 1_000n, 1_010n, 2_000n)).to.equal(60n);
      });

      it("lets anyone carry the reports", async () => {
        const written = (market: unknown[]) => market.length === 9;
        await expect(submit(await reportsOf(setup, now, THREE)))
          .to.emit(setup.feed, "RoundUpdated")
          .withArgs(1n, written, 3n);
      });

      it("takes 32 reports at once", async () => {
        const wallets = Array.from({ length: 32 }, () => ethers.Wallet.createRandom());
        wallets.sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
        const manager = await ethers.deployContract("AccessManager", [setup.admin.address]);
        const feed = await ethers.deployContract("MedianFeed", [manager, "x", wallets.map((w) => w.address), 32]);
        const place = { chainId: CHAIN_ID, verifyingContract: await feed.getAddress() };
        const reports = await Promise.all(
          wallets.map((wallet, i) => signed(wallet as never, reportAt(now, { price: 1_000n - BigInt(i) }), place)),
        );
        await clock.nextBlockAt(now);
        await feed.submit(reports);
        expect((await feed.latestMarket()).price).to.equal(984n);
      });

      it("gives the digest that reporters sign", async () => {
        const report = reportAt(now);
        const { signature } = await signed(setup.stranger, report, setup.place);
        expect(ethers.recoverAddress(await setup.feed.reportDigest(report), signature)).to.equal(setup.stranger.address);
      });
    });
  });

  describe("governance", () => {
    const first = () => (setup.reporters[0] as { address: string }).address;

    it("refuses a stranger", async () => {
      const feed = setup.feed.connect(setup.stranger);
      const calls = [() => feed.addReporter(setup.stranger.address), () => feed.removeReporter(first()), () => feed.setQuorum(2)];
      for (const call of calls) await refuses(call(), "AccessManagedUnauthorized", setup.stranger.address);
    });

    it("refuses to add nobody, a reporter twice, or a 33rd", async () => {
      await refuses(setup.feed.addReporter(ethers.ZeroAddress), "ZeroReporter");
      await refuses(setup.feed.addReporter(first()), "AlreadyReporter", first());
      for (let i = 6; i <= 32; i++) await setup.feed.addReporter(ethers.toBeHex(i, 20));
      await refuses(setup.feed.addReporter(setup.stranger.address), "TooManyReporters", 33, 32);
    });

    it("refuses to remove who is none, or one whom the quorum needs", async () => {
      await refuses(setup.feed.removeReporter(setup.stranger.address), "NotReporter", setup.stranger.address);
      await setup.feed.setQuorum(5);
      await refuses(setup.feed.removeReporter(first()), "QuorumOutOfBounds", 5, 4);
    });

    it("refuses a quorum of zero or above the number of reporters", async () => {
      await refuses(setup.feed.setQuorum(0), "QuorumOutOfBounds", 0, 5);
      await refuses(setup.feed.setQuorum(6), "QuorumOutOfBounds", 6, 5);
    });

    it("adds, removes, and sets the quorum", async () => {
      const { feed, stranger } = setup;
      await expect(feed.addReporter(stranger.address)).to.emit(feed, "ReporterAdded").withArgs(stranger.address);
      expect(await feed.isReporter(stranger.address)).to.equal(true);
      expect(await feed.superQuorum()).to.equal(5);
      await expect(feed.removeReporter(stranger.address)).to.emit(feed, "ReporterRemoved").withArgs(stranger.address);
      expect(await feed.isReporter(stranger.address)).to.equal(false);
      await expect(feed.setQuorum(5)).to.emit(feed, "QuorumSet").withArgs(5);
      expect(await feed.superQuorum()).to.equal(5);
    });

    it("keeps the latest round when reporters and quorum change", async () => {
      await submit(await reportsOf(setup, now, THREE));
      const before = await setup.feed.latestMarket();
      await setup.feed.addReporter(setup.stranger.address);
      await setup.feed.setQuorum(1);
      expect(await setup.feed.latestMarket()).to.deep.equal(before);
    });
  });
});
