// Words that are packed by hand: a report's calldata, a round's two slots, the table of reporters.
import { expect } from "chai";
import { network } from "hardhat";
import { TypedDataEncoder, id } from "ethers";
import { lowerMedian, median, upperMedian, type MarketReport } from "@ftns/model";
import { MARKET_REPORT_TYPES, packReport, unpackReport } from "@ftns/sdk/signing.ts";
import { forCases, fuzzCases, Random } from "../helpers/random.ts";
import { plain } from "../helpers/plain.ts";
import { deployFeed, packed, reportAt, reportsOf, sane } from "./feedFixture.ts";
import { clockOf } from "../helpers/time.ts";

const connection = await network.create();
const { ethers } = connection;
const TYPE = MARKET_REPORT_TYPES.MarketReport.map(({ type, name }) => `${type} ${name}`).join(",");
const TYPE_HASH = id(`MarketReport(${TYPE})`);
const BITS: Record<keyof MarketReport, bigint> = {
  price: 64n,
  meanPrice: 64n,
  since: 40n,
  volume6h: 72n,
  meanVolume6h: 72n,
  txTotal: 24n,
  txFailed: 24n,
  sendersDay: 24n,
  observedAt: 40n,
};

/** Mostly anything of `bits` bits, often none or all of them set. */
const anyOf = (random: Random, bits: bigint): bigint => {
  const most = (1n << bits) - 1n;
  const kind = random.int(0, 5);
  return kind === 0 ? 0n : kind === 1 ? most : random.bigint(0n, most);
};
const anyReport = (random: Random) =>
  Object.fromEntries(Object.entries(BITS).map(([field, bits]) => [field, anyOf(random, bits)])) as unknown as MarketReport;
const anySignature = async (random: Random) => {
  const wallet = new ethers.Wallet(ethers.zeroPadValue(ethers.toBeHex(random.bigint(1n, 1n << 250n)), 32));
  return wallet.signMessage(String(random.uint32()));
};

describe("Packed words of prices", () => {
  const harness = async () => ethers.deployContract("PriceWordsHarness");

  describe("a report", () => {
    it("P230: is read as it was packed, bit for bit, hashes as it was signed, and unpacks to itself", async () => {
      const words = await harness();
      await forCases(fuzzCases(60), async (random) => {
        const [report, signature] = [anyReport(random), await anySignature(random)];
        const carried = packReport({ report, signature });
        expect(unpackReport(carried)).to.deep.equal({ report, signature });

        const noise = random.bigint(0n, (1n << 88n) - 1n) << 168n;
        const [read, structHash] = await words.unpack({ ...carried, second: carried.second | noise }, TYPE_HASH);
        expect(plain(read)).to.deep.equal(report);
        expect(structHash).to.equal(TypedDataEncoder.hashStruct("MarketReport", MARKET_REPORT_TYPES, report));
        expect(unpackReport({ ...carried, second: carried.second | noise }).report).to.deep.equal(report);
      });
    });

    it("P230: gives its fields to the columns, each of which ascends, whatever stood there before", async () => {
      const words = await harness();
      const fields = ["price", "volume6h", "meanVolume6h", "txTotal", "txFailed", "sendersDay"] as const;
      const signature = await anySignature(new Random(1));
      await forCases(fuzzCases(40), async (random) => {
        const reports = Array.from({ length: random.int(1, 32) }, () => anyReport(random));
        // Often equal, so that the order of equals is played, too.
        if (random.int(0, 2) === 0) for (const one of reports) Object.assign(one, { price: 5n, txTotal: 7n });
        const [sorted, oldest, newest] = await words.columns(reports.map((report) => packReport({ report, signature })));
        const ascending = (field: keyof MarketReport) =>
          reports.map((one) => one[field]).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
        expect(sorted.map((column) => [...column])).to.deep.equal(fields.map(ascending));
        expect([oldest, newest]).to.deep.equal([ascending("observedAt")[0], ascending("observedAt").at(-1)]);
      });
    });
  });

  describe("a round", () => {
    it("P231: is kept to the bit in each of its two slots, with every field at its bounds", async () => {
      const words = await harness();
      await forCases(fuzzCases(60), async (random) => {
        const observedAt = anyOf(random, 39n);
        const count = () => BigInt(random.int(0, 32));
        const round = {
          roundId: anyOf(random, 32n),
          price: anyOf(random, 64n),
          observedAt,
          updatedAt: observedAt + BigInt(random.int(0, 600)),
          txTotal: anyOf(random, 24n),
          txFailed: anyOf(random, 24n),
          sendersDay: anyOf(random, 24n),
          reports: count(),
          agreeing: count(),
          registered: count(),
          illiquid: count(),
          attacked: count(),
          filled: random.int(0, 1) === 1,
        };
        const [, kept] = await words.keepRound(round);
        expect(plain(kept)).to.deep.equal(round);
        const latest = {
          roundId: anyOf(random, 32n),
          since: anyOf(random, 40n),
          observedAt: anyOf(random, 40n),
          volume6h: anyOf(random, 72n),
          meanVolume6h: anyOf(random, 72n),
        };
        const [, keptLatest] = await words.keepLatest(latest);
        expect(plain(keptLatest)).to.deep.equal(latest);
      });
    });
  });

  describe("the table of reporters", () => {
    it("P232: ascends, and finds each entry from its place on, and nobody else", async () => {
      const words = await harness();
      const reporters = Array.from({ length: 32 }, () => ethers.Wallet.createRandom().address);
      const seats = reporters.map((_, index) => BigInt(31 - index));
      await words.writeTable(reporters, seats, 7n);
      const table = [...(await words.readTable(7n))];
      const expected = reporters.map((one, i) => (BigInt(one) << 96n) | seats[i]!).sort((a, b) => (a < b ? -1 : 1));
      expect(table).to.deep.equal(expected);
      for (const [index, entry] of table.entries()) {
        const address = ethers.getAddress(ethers.toBeHex(entry >> 96n, 20));
        const bit = 1n << (entry & 0xffn);
        expect(plain(await words.find(7n, address, BigInt(index)))).to.deep.equal({ index: BigInt(index), bit });
        expect(plain(await words.find(7n, address, 0n))).to.deep.equal({ index: BigInt(index), bit });
        expect((await words.find(7n, address, BigInt(index + 1))).bit).to.equal(0n);
      }
      expect((await words.find(7n, ethers.ZeroAddress, 0n)).bit).to.equal(0n);
    });

    it("P232: is the registered reporters, and only they, through random comings and goings", async () => {
      const clock = clockOf(connection);
      await forCases(fuzzCases(3), async (random) => {
        const setup = await deployFeed(connection, 6, 4);
        const { feed, reporters } = setup;
        const others = (await ethers.getSigners()).slice(10, 16);
        const all = [...reporters, ...others].sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
        for (let turn = 0; turn < 6; turn++) {
          const registered = await feed.reporters();
          const one = all[random.int(0, all.length - 1)]!;
          if (registered.includes(one.address)) {
            if (registered.length > 5) await feed.removeReporter(one.address);
          } else {
            await feed.addReporter(one.address);
          }
          const now = (await clock.now()) + 700n;
          const members = await feed.reporters();
          const seated = all.filter(({ address }) => members.includes(address));
          const strangers = all.filter(({ address }) => !members.includes(address));
          const full = await reportsOf({ ...setup, reporters: seated }, now, sane(seated.length));
          for (const stranger of strangers.slice(0, 2)) {
            const [theirs] = await reportsOf({ ...setup, reporters: [stranger] }, now, sane(1));
            const mixed = [...full.slice(1), theirs!].sort((a, b) => (BigInt(a.reporter) < BigInt(b.reporter) ? -1 : 1));
            await clock.nextBlockAt(now);
            await expect(feed.submit(packed(mixed)))
              .to.be.revertedWithCustomError(feed, "NotReporter")
              .withArgs(stranger.address);
          }
          await clock.nextBlockAt(now);
          await feed.submit(packed(full));
          expect((await feed.latestMarket()).reports).to.equal(BigInt(seated.length));
        }
      });
    });
  });

  it("P230: the medians of a round are the model's of the reports' fields", async () => {
    const setup = await deployFeed(connection, 7, 4);
    const now = (await clockOf(connection).now()) + 700n;
    const changes = [90n, 10n, 50n, 70n, 30n, 20n].map((n) => ({
      txTotal: 100n + n,
      txFailed: n,
      sendersDay: 900n + n,
      volume6h: n,
      meanVolume6h: n,
    }));
    await clockOf(connection).nextBlockAt(now);
    await setup.feed.submit(packed(await reportsOf(setup, now, changes)));
    const market = await setup.feed.latestMarket();
    const of = (field: keyof MarketReport) => changes.map((one) => ({ ...reportAt(now), ...one })[field]);
    expect(market.price).to.equal(median(of("price")));
    for (const field of ["txTotal", "sendersDay", "volume6h"] as const)
      expect(market[field], field).to.equal(upperMedian(of(field)));
    for (const field of ["txFailed", "meanVolume6h"] as const) expect(market[field], field).to.equal(lowerMedian(of(field)));
  });
});
