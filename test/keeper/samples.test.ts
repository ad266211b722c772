import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { SampleMemory } from "@ftns/keeper/reporter/sample-memory.ts";
import { PriceSamples } from "@ftns/keeper/reporter/samples.ts";
import { reportOf, sinceOf } from "@ftns/keeper/jobs/report-price/read.ts";

const T = 1_800_000_000n;

describe("a reporter's mean price (P204)", () => {
  const watched = (...looks: [time: bigint, price: bigint][]) => {
    const samples = new PriceSamples();
    for (const [time, price] of looks) samples.note(T + time, price);
    return samples;
  };

  it("weighs each price with the time until the next look", () => {
    const samples = watched([0n, 100n], [60n, 100n], [120n, 58n], [240n, 100n], [300n, 100n]);
    expect(samples.mean(T, T + 300n)).to.equal((100n * 180n + 58n * 120n) / 300n);
    expect(samples.mean(T + 60n, T + 180n)).to.equal((100n + 58n) / 2n);
  });

  it("rounds down", () => {
    expect(watched([0n, 1n], [100n, 2n], [300n, 2n]).mean(T, T + 300n)).to.equal(1n);
  });

  it("is unknown before the first look but for five minutes, in which the first price counts", () => {
    const samples = watched([300n, 7n], [600n, 9n]);
    expect(samples.mean(T, T + 600n)).to.equal(7n);
    expect(samples.mean(T - 1n, T + 600n)).to.equal(0n);
  });

  it("is unknown across a pause of more than five minutes, and known across one of just five", () => {
    expect(watched([0n, 7n], [300n, 9n], [360n, 9n]).mean(T, T + 360n)).to.not.equal(0n);
    expect(watched([0n, 7n], [301n, 9n], [360n, 9n]).mean(T, T + 360n)).to.equal(0n);
    expect(watched([0n, 7n], [60n, 9n]).mean(T, T + 361n)).to.equal(0n);
  });

  it("is unknown since nothing, since now, and without a look", () => {
    const samples = watched([0n, 7n], [60n, 7n]);
    expect(samples.mean(0n, T + 60n)).to.equal(0n);
    expect(samples.mean(T + 60n, T + 60n)).to.equal(0n);
    expect(new PriceSamples().mean(T, T + 60n)).to.equal(0n);
  });

  it("takes no look twice, nor one of the past", () => {
    expect(watched([0n, 100n], [60n, 50n], [60n, 900n], [30n, 900n], [120n, 1n]).mean(T, T + 120n)).to.equal(75n);
  });

  describe("given the feed's last round", () => {
    const last = { price: 1n, observedAt: T, updatedAt: T + 5n, since: T - 3_600n, reports: 4n, confidence: 0n };
    const market = { price: 100n, volume6h: 1n, meanVolume6h: 2n, txTotal: 3n, txFailed: 0n, sendersDay: 4n };

    it("follows it once the next may come, and before that the one before, as what replaces it must", () => {
      expect(sinceOf(T + 299n, last)).to.equal(T - 3_600n);
      expect(sinceOf(T + 300n, last)).to.equal(T);
      expect(sinceOf(T, undefined)).to.equal(0n);
    });

    it("signs the mean since the round that the report follows", () => {
      const samples = watched([0n, 100n], [200n, 200n]);
      const report = reportOf({ ...market, observedAt: T + 400n }, last, samples);
      expect(report).to.deep.equal({ ...market, observedAt: T + 400n, since: T, meanPrice: 150n });
      expect(reportOf({ ...market, observedAt: T + 410n }, undefined, samples)).to.include({ since: 0n, meanPrice: 0n });
    });
  });

  describe("P233: over a restart", () => {
    let folder: string;
    let warnings: string[];
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "ftns-samples-"));
      warnings = [];
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const id = { chainId: 31_337, feed: `0x${"1".repeat(40)}` };
    const start = async (at = folder) => {
      const samples = new PriceSamples();
      const memory = new SampleMemory(at, id, (message) => warnings.push(message));
      await memory.load(samples);
      const look = async (time: bigint, price: bigint) => {
        samples.note(T + time, price);
        await memory.keep(samples);
      };
      return { samples, look };
    };

    it("goes on as if there had been none, when it was short", async () => {
      const before = await start();
      await before.look(0n, 100n);
      await before.look(60n, 50n);
      const after = await start();
      await after.look(360n, 70n);
      const watchedAll = watched([0n, 100n], [60n, 50n], [360n, 70n]);
      expect(after.samples.mean(T, T + 360n))
        .to.equal(watchedAll.mean(T, T + 360n))
        .and.equal((100n * 60n + 50n * 300n) / 360n);
      expect(warnings).to.deep.equal([]);
    });

    it("does not know the time of a pause longer than five minutes", async () => {
      await (await start()).look(0n, 100n);
      const after = await start();
      await after.look(301n, 100n);
      expect(after.samples.mean(T, T + 301n)).to.equal(0n);
    });

    it("drops what was written down about a later time: a local chain that was begun anew", async () => {
      await (await start()).look(10_000n, 100n);
      const after = await start();
      await after.look(0n, 7n);
      await after.look(60n, 7n);
      expect(after.samples.mean(T, T + 60n)).to.equal(7n);
    });

    it("begins afresh, and says so, when the file is damaged; another feed's is left alone", async () => {
      await (await start()).look(0n, 100n);
      const [file] = readdirSync(folder);
      expect(file).to.equal(`samples-31337-${id.feed}.json`);
      for (const text of ["", "[1", "[[1,2]]", '[["1","0"]]', '[["x","1"]]', "{}"]) {
        writeFileSync(join(folder, file!), text);
        const { samples } = await start();
        expect(samples.mean(T, T + 60n)).to.equal(0n);
        expect(warnings.splice(0), text).to.have.length(1);
      }
    });

    it("tells once of a file that cannot be written, and goes on", async () => {
      const inTheWay = join(folder, "file");
      writeFileSync(inTheWay, "");
      const { samples, look } = await start(join(inTheWay, "state"));
      warnings = [];
      await look(0n, 5n);
      await look(60n, 5n);
      expect(warnings).to.have.length(1);
      expect(samples.mean(T, T + 60n)).to.equal(5n);
    });
  });
});
