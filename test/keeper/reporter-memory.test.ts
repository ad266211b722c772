import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAX_REPORT_AGE_SEC } from "@ftns/model";
import { expect } from "chai";
import { Wallet } from "ethers";
import { type Equivocation, LEFT_OUT_SEC } from "@ftns/keeper/reporter/book.ts";
import { Exchange } from "@ftns/keeper/reporter/exchange.ts";
import { ReportMemory } from "@ftns/keeper/reporter/memory.ts";
import type { MarketReport } from "@ftns/model";
import { REPORTER_KEYS } from "./chain.ts";
import { signedBy } from "./signed.ts";

const NOW = 1_800_000_000n;
const ID = { chainId: 31_337, feed: `0x${"1".repeat(40)}` };
const [OURS, THEIRS] = REPORTER_KEYS.map((key) => new Wallet(key)) as [Wallet, Wallet];
const REGISTERED = [OURS.address, THEIRS.address];
const MARKET: MarketReport = {
  price: 7n,
  meanPrice: 6n,
  since: 0n,
  sendersDay: 90n,
  volume6h: 50n,
  meanVolume6h: 60n,
  txTotal: 9n,
  txFailed: 2n,
  observedAt: NOW,
};

describe("memory of reports", () => {
  let folder: string;
  let warnings: string[];
  let caught: Equivocation[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ftns-memory-"));
    [warnings, caught] = [[], []];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** An exchange as it is after a restart. */
  const start = async (at = folder) => {
    const memory = new ReportMemory(at, ID, (message) => warnings.push(message));
    const exchange = new Exchange(ID, [OURS], [], 1_000, (proof) => caught.push(proof), memory);
    await exchange.restore();
    return exchange;
  };
  const story = (price: bigint, observedAt = NOW) => signedBy([THEIRS], { ...MARKET, price, observedAt }, ID);
  const settle = (exchange: Exchange, reports: ReturnType<typeof story>, now = NOW) =>
    exchange.settle([{ peer: "p", reports }], { registered: REGISTERED, now, maxAgeSec: 300 });
  const served = (exchange: Exchange) => JSON.parse(exchange.served).reports.map(({ report }: any) => report.price);

  it("P153: our own reporter signs no second story of a second, whatever happened in between", async () => {
    await (await start()).publish(MARKET, REGISTERED);
    const exchange = await start();
    expect(served(exchange)).to.deep.equal(["7"]);
    await exchange.publish({ ...MARKET, price: 8n }, REGISTERED);
    expect(served(exchange)).to.deep.equal(["7"]);
    await exchange.publish({ ...MARKET, price: 9n, observedAt: NOW + 1n }, REGISTERED);
    expect(served(exchange)).to.deep.equal(["9"]);
  });
  it("P153: has written down what it signed before anybody can see it", async () => {
    const exchange = await start();
    const publishing = exchange.publish(MARKET, REGISTERED);
    expect(served(exchange)).to.deep.equal([]);
    await publishing;
    const [file] = readdirSync(folder);
    expect(file).to.equal(`reports-31337-${ID.feed}.json`);
    expect(JSON.parse(readFileSync(join(folder, file!), "utf8")).reports).to.have.length(1);
    expect(served(exchange)).to.deep.equal(["7"]);
  });
  it("P153: a reporter that tells one story before a restart and another after it is caught, and stays left out", async () => {
    await settle(await start(), story(7n));
    expect((await settle(await start(), story(8n))).reports).to.deep.equal([]);
    expect(caught.map(({ reporter, first, second }) => [reporter, first.report.price, second.report.price])).to.deep.equal([
      [THEIRS.address, 7n, 8n],
    ]);
    const late = NOW + LEFT_OUT_SEC;
    expect((await settle(await start(), story(7n, late - 1n), late - 1n)).reports).to.deep.equal([]);
    expect((await settle(await start(), story(7n, late), late)).reports).to.have.length(1);
    expect(caught).to.have.length(1);
  });
  it("forgets what the feed would no longer take, so that the file does not grow", async () => {
    const exchange = await start();
    for (let time = NOW; time < NOW + 3_000n; time += 60n) await settle(exchange, story(7n, time), time);
    const { reports } = JSON.parse(readFileSync(join(folder, `reports-31337-${ID.feed}.json`), "utf8"));
    expect(reports.length).to.equal(Number(MAX_REPORT_AGE_SEC / 60n) + 1);
  });

  describe("P154: given a file that cannot be used", () => {
    for (const text of ["", '{"reports":[', "[]", '{"reports":[{}],"leftOut":[]}', '{"reports":[],"leftOut":[],"more":1}']) {
      it(`warns, goes on and replaces it: ${text || "nothing"}`, async () => {
        const file = join(folder, `reports-31337-${ID.feed}.json`);
        writeFileSync(file, text);
        await (await start()).publish(MARKET, REGISTERED);
        expect(warnings).to.have.length(1);
        expect(warnings[0]).to.include(file);
        expect(served(await start())).to.deep.equal(["7"]);
      });
    }
    it("warns once, not at every look, when it cannot be written, and goes on", async () => {
      const blocked = join(folder, "file");
      writeFileSync(blocked, "");
      const exchange = await start(blocked);
      warnings.splice(0);
      for (const time of [NOW, NOW + 60n, NOW + 120n]) {
        await exchange.publish({ ...MARKET, observedAt: time }, REGISTERED);
        expect((await settle(exchange, story(7n, time), time)).reports).to.have.length(2);
      }
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.include("cannot be written (");
    });
  });
});
