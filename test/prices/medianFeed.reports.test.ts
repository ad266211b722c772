// Reports that the feed refuses, and those at the very edge that it takes.
import { expect } from "chai";
import { Signature } from "ethers";
import { network } from "hardhat";
import { packReport } from "@ftns/sdk/signing.ts";
import { clockOf } from "../helpers/time.ts";
import { CHAIN_ID, FeedScene, packed, reportAt, reportsOf, sane, signed, type Signed } from "./feedFixture.ts";

const connection = await network.create();
const { ethers } = connection;
const scene = new FeedScene(connection);
const { submit, report, refuses } = scene;

const SECP256K1_N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
type Four = [Signed, Signed, Signed, Signed];

describe("MedianFeed", () => {
  beforeEach(() => scene.start());
  const four = async () => (await reportsOf(scene.setup, scene.now, sane(4))) as Four;

  describe("submit", () => {
    describe("given wrong reporters", () => {
      it("refuses fewer reports than the quorum, and more than there are reporters", async () => {
        await refuses(submit([]), "WrongReportCount", 0, 4, 7);
        await refuses(report(sane(3)), "WrongReportCount", 3, 4, 7);
        const reports = await reportsOf(scene.setup, scene.now, sane(7));
        await refuses(submit([...reports, reports[6] as Signed]), "WrongReportCount", 8, 4, 7);
      });

      it("refuses a reporter who comes twice", async () => {
        const [a, b, c] = await four();
        await refuses(submit([a, b, b, c]), "DuplicateReporter", b.reporter);
      });

      it("refuses another order than ascending addresses", async () => {
        const [a, b, c, d] = await four();
        await refuses(submit([a, c, b, d]), "ReportersNotAscending", c.reporter, b.reporter);
      });

      it("refuses who is not registered, and a reporter who was removed", async () => {
        const outsider = await signed(scene.setup.stranger, reportAt(scene.now), scene.setup.place);
        const [a, b, c] = await four();
        await refuses(submit([a, b, c, outsider]), "NotReporter", scene.setup.stranger.address);
        await scene.setup.feed.removeReporter(b.reporter);
        scene.later();
        await refuses(submit(await four()), "NotReporter", b.reporter);
      });
    });

    describe("given a signature under something else", () => {
      /** It is then that of an address that nobody knows, so that the report is nobody's. */
      async function refusesSignature(forge: (good: Signed) => Promise<string>, who?: string) {
        const reports = await four();
        const target = reports[1];
        target.signature = await forge(target);
        const digest = await scene.setup.feed.reportDigest(target.report);
        await refuses(submit(reports), "NotReporter", who ?? ethers.recoverAddress(digest, target.signature));
      }

      it("refuses one by another key", () =>
        refusesSignature(
          async ({ report }) => (await signed(scene.setup.stranger, report, scene.setup.place)).signature,
          scene.setup?.stranger.address,
        ));

      it("refuses one for another contract", () =>
        refusesSignature(async ({ report }) => {
          const place = { chainId: CHAIN_ID, verifyingContract: scene.setup.stranger.address };
          return (await signed(scene.setup.reporters[1] as never, report, place)).signature;
        }));

      it("refuses one for another chain", () =>
        refusesSignature(async ({ report }) => {
          const place = { ...scene.setup.place, chainId: 1n };
          return (await signed(scene.setup.reporters[1] as never, report, place)).signature;
        }));

      it("refuses one for another report: every field is signed", async () => {
        const fields = [
          "price",
          "meanPrice",
          "since",
          "volume6h",
          "meanVolume6h",
          "txTotal",
          "txFailed",
          "sendersDay",
          "observedAt",
        ] as const;
        for (const field of fields) {
          const reports = await four();
          const target = reports[1];
          target.report = { ...target.report, [field]: field === "since" ? 1n : target.report[field] - 1n };
          const digest = await scene.setup.feed.reportDigest(target.report);
          await refuses(submit(reports), "NotReporter", ethers.recoverAddress(digest, target.signature));
        }
      });
    });

    describe("given a signature that is none", () => {
      const refusesWords = async (r: string, vs: string) => {
        const reports = packed(await four());
        reports[1] = { ...reports[1]!, r, vs };
        await clockOf(connection).nextBlockAt(scene.now);
        await refuses(scene.setup.feed.submit(reports), "BadSignature", 1);
        scene.later();
      };

      it("refuses what could be the malleable twin of a good one: the compact form has room for the lowest of them", async () => {
        const { r } = Signature.from((await four())[1].signature);
        await refusesWords(r, ethers.toBeHex(SECP256K1_N / 2n + 1n, 32));
      });

      it("refuses an empty one and noise", async () => {
        await refusesWords(ethers.ZeroHash, ethers.ZeroHash);
        await refusesWords(`0x${"ff".repeat(32)}`, `0x${"11".repeat(32)}`);
      });
    });

    it("reads nothing of the bits that say nothing", async () => {
      const reports = packed(await four());
      reports[2] = { ...reports[2]!, second: reports[2]!.second | (((1n << 88n) - 1n) << 168n) };
      await clockOf(connection).nextBlockAt(scene.now);
      await scene.setup.feed.submit(reports);
      expect((await scene.setup.feed.latestMarket()).roundId).to.equal(1n);
    });

    describe("given a report from the wrong time", () => {
      it("refuses one from the future", async () => {
        await refuses(report([{}, { observedAt: scene.now + 1n }, {}, {}]), "ReportFromFuture", scene.now + 1n, scene.now);
      });

      it("refuses one older than 10 minutes, and takes one that is just 10 minutes old", async () => {
        const old = await reportsOf(scene.setup, scene.now - 600n, [{}, {}, { observedAt: scene.now - 601n }, {}]);
        await refuses(submit(old), "ReportTooOld", scene.now - 601n, scene.now - 600n);
        await submit(await reportsOf(scene.setup, scene.now - 600n, sane(4)));
      });

      it("P193: refuses reports more than two minutes apart, and takes those just two minutes apart", async () => {
        const [oldest, newest] = [scene.now - 121n, scene.now];
        await refuses(report([{}, { observedAt: oldest }, {}, {}]), "ReportsTooFarApart", oldest, newest, 120);
        await report([{}, { observedAt: scene.now - 120n }, {}, {}]);
        expect((await scene.setup.feed.latestMarket()).observedAt).to.equal(scene.now - 120n);
      });
    });

    describe("given an absurd report", () => {
      const refusesChange = async (change: object, name: string, ...args: bigint[]) => {
        const reports = await reportsOf(scene.setup, scene.now, [{}, change, {}, {}]);
        await refuses(submit(reports), name, (reports[1] as Signed).reporter, ...args);
      };
      const MAX_PRICE = 10n ** 18n;
      const MAX_VOLUME = 10n ** 21n;
      const MAX_ACCOUNTS = 16_000_000n;

      it("refuses a price of zero or beyond the bound", async () => {
        await refusesChange({ price: 0n }, "PriceOutOfBounds", 0n, MAX_PRICE);
        await refusesChange({ price: MAX_PRICE + 1n }, "PriceOutOfBounds", MAX_PRICE + 1n, MAX_PRICE);
        await refusesChange({ meanPrice: MAX_PRICE + 1n }, "PriceOutOfBounds", MAX_PRICE + 1n, MAX_PRICE);
      });

      it("refuses volumes beyond the bound", async () => {
        await refusesChange({ volume6h: MAX_VOLUME + 1n }, "VolumeOutOfBounds", MAX_VOLUME + 1n, MAX_VOLUME);
        await refusesChange({ meanVolume6h: MAX_VOLUME + 1n }, "VolumeOutOfBounds", MAX_VOLUME + 1n, MAX_VOLUME);
      });

      it("refuses more accounts than the bound, and more failed than there were", async () => {
        await refusesChange({ txTotal: MAX_ACCOUNTS + 1n }, "AccountsOutOfBounds", MAX_ACCOUNTS + 1n, MAX_ACCOUNTS);
        await refusesChange({ sendersDay: MAX_ACCOUNTS + 1n }, "AccountsOutOfBounds", MAX_ACCOUNTS + 1n, MAX_ACCOUNTS);
        await refusesChange({ txTotal: 5n, txFailed: 6n }, "MoreFailedThanTotal", 6n, 5n);
      });

      it("takes every number at its bound", async () => {
        const [txTotal, price] = [MAX_ACCOUNTS, MAX_PRICE];
        const most = { price, volume6h: MAX_VOLUME, meanVolume6h: MAX_VOLUME, txTotal, txFailed: txTotal, sendersDay: txTotal };
        await report([most, most, most, most].map((one) => ({ ...one, meanPrice: MAX_PRICE })));
        const market = await scene.setup.feed.latestMarket();
        for (const [name, value] of Object.entries(most)) expect(market[name as keyof typeof most], name).to.equal(value);
      });

      it("and the SDK packs nothing that would be cut off", () => {
        const signature = `0x${"11".repeat(64)}1b`;
        for (const [field, bits] of [
          ["price", 64n],
          ["meanPrice", 64n],
          ["since", 40n],
          ["observedAt", 40n],
          ["txTotal", 24n],
          ["txFailed", 24n],
          ["volume6h", 72n],
          ["meanVolume6h", 72n],
          ["sendersDay", 24n],
        ] as const) {
          const most = reportAt(5n, { [field]: (1n << bits) - 1n });
          expect(() => packReport({ report: most, signature })).not.to.throw();
          const more = reportAt(5n, { [field]: 1n << bits });
          expect(() => packReport({ report: more, signature }), field).to.throw(RangeError, "does not fit");
        }
      });
    });
  });
});
