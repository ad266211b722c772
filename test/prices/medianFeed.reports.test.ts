// Reports that the feed refuses, and those at the very edge that it takes.
import { expect } from "chai";
import { Signature } from "ethers";
import { network } from "hardhat";
import { CHAIN_ID, FeedScene, reportAt, reportsOf, signed, THREE, type Signed } from "./feedFixture.ts";

const connection = await network.create();
const { ethers } = connection;
const scene = new FeedScene(connection);
const { submit, later, refuses } = scene;

const SECP256K1_N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe("MedianFeed", () => {
  beforeEach(() => scene.start());

  describe("submit", () => {
    describe("given wrong reporters", () => {
      it("refuses fewer reports than the quorum, and more than there are reporters", async () => {
        await refuses(submit([]), "WrongReportCount", 0, 3, 5);
        await refuses(submit(await reportsOf(scene.setup, scene.now, [{}, {}])), "WrongReportCount", 2, 3, 5);
        const reports = await reportsOf(scene.setup, scene.now, [{}, {}, {}, {}, {}]);
        await refuses(submit([...reports, reports[4] as Signed]), "WrongReportCount", 6, 3, 5);
      });

      it("refuses a reporter who comes twice", async () => {
        const [a, b] = (await reportsOf(scene.setup, scene.now, THREE)) as [Signed, Signed];
        await refuses(submit([a, b, b]), "DuplicateReporter", b.reporter);
      });

      it("refuses another order than ascending addresses", async () => {
        const [a, b, c] = (await reportsOf(scene.setup, scene.now, THREE)) as [Signed, Signed, Signed];
        await refuses(submit([a, c, b]), "ReportersNotAscending", c.reporter, b.reporter);
      });

      it("refuses who is not registered, the zero address too", async () => {
        const outsider = await signed(scene.setup.stranger, reportAt(scene.now), scene.setup.place);
        const [a, b] = (await reportsOf(scene.setup, scene.now, THREE)) as [Signed, Signed];
        const reports = [a, b, outsider].sort((x, y) => (BigInt(x.reporter) < BigInt(y.reporter) ? -1 : 1));
        await refuses(submit(reports), "NotReporter", scene.setup.stranger.address);
        const zero = { ...a, reporter: ethers.ZeroAddress };
        await refuses(submit([zero, a, b]), "NotReporter", ethers.ZeroAddress);
      });

      it("refuses a reporter who was removed", async () => {
        const reports = await reportsOf(scene.setup, scene.now, THREE);
        const removed = (reports[1] as Signed).reporter;
        await scene.setup.feed.removeReporter(removed);
        await refuses(submit(reports), "NotReporter", removed);
      });
    });

    describe("given a bad signature", () => {
      async function refusesSignature(forge: (good: Signed) => Promise<string> | string) {
        const reports = await reportsOf(scene.setup, scene.now, THREE);
        const target = reports[1] as Signed;
        target.signature = await forge(target);
        await refuses(submit(reports), "BadSignature", target.reporter);
      }

      it("refuses one by another key", () =>
        refusesSignature(async ({ report }) => (await signed(scene.setup.stranger, report, scene.setup.place)).signature));

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

      it("refuses one for another report", async () => {
        const fields = ["price", "volume6h", "meanVolume6h", "txTotal", "txFailed"] as const;
        for (const field of fields) {
          const reports = await reportsOf(scene.setup, scene.now, THREE);
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
        const reports = await reportsOf(scene.setup, scene.now, [{}, { observedAt: scene.now + 1n }, {}]);
        await refuses(submit(reports), "ReportFromFuture", (reports[1] as Signed).reporter, scene.now + 1n, scene.now);
      });

      it("refuses one older than 10 minutes, and takes one that is just 10 minutes old", async () => {
        const reports = await reportsOf(scene.setup, scene.now - 600n, [{}, {}, { observedAt: scene.now - 601n }]);
        await refuses(submit(reports), "ReportTooOld", (reports[2] as Signed).reporter, scene.now - 601n, scene.now - 600n);
        await submit(await reportsOf(scene.setup, scene.now - 600n, THREE));
      });

      it("P45: refuses one that was not observed after the last round: no report counts twice", async () => {
        const reports = await reportsOf(scene.setup, scene.now, THREE);
        await submit(reports);
        const last = scene.now;
        later();
        await refuses(submit(reports), "ReportNotNewer", (reports[0] as Signed).reporter, last, last);
        const mixed = await reportsOf(scene.setup, scene.now, [{}, {}, { observedAt: last }]);
        await refuses(submit(mixed), "ReportNotNewer", (mixed[2] as Signed).reporter, last, last);
        await submit(await reportsOf(scene.setup, last + 1n, THREE));
      });
    });

    describe("given an absurd report", () => {
      const refusesChange = async (change: object, name: string, ...args: bigint[]) => {
        const reports = await reportsOf(scene.setup, scene.now, [{}, change, {}]);
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
        await submit(await reportsOf(scene.setup, scene.now, [most, most, most]));
        const market = await scene.setup.feed.latestMarket();
        for (const [name, value] of Object.entries(most)) expect(market[name as keyof typeof most], name).to.equal(value);
      });
    });
  });
});
