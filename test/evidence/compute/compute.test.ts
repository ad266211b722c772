// Compute: the honest, the numbers, and bad input. Cheats are played in ../plays.
import {
  benchmarkScore,
  COMPUTE_RULES,
  computeClaim,
  createFetcher,
  openingsFrom,
  parseClaim,
  runUnits,
  sampleOf,
} from "@ftns/evidence";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { faultOf } from "../faults.ts";
import { batchOf, RULES, truth, UNITS, verify } from "./world.ts";

const WAD = 10n ** 18n;

describe("evidence of compute", () => {
  it("P337: credits an honest batch in full, done again for real", async () => {
    const known = await truth;
    const batch = await batchOf(
      known.slice(500, 700).map(({ digest }) => digest),
      500,
    );
    const verdict = await verify(batch, 1, { run: runUnits }, 1_500n);
    expect(verdict).to.deep.equal({
      units: (200n * known[0]!.instructions * WAD * 3n) / (2n * 1_000n),
      quality: WAD,
      confidence: (95n * WAD) / 100n,
      impact: WAD,
    });
    expect((await verify(batch, 1, {}, 600n)).quality).to.equal(600n * 10n ** 15n);
    expect((await verify(batch, 1, {}, 9_999n)).units).to.equal((verdict.units * 4n) / 3n);
  });

  it("P337: draws enough that 5 % of false results are found with 99 %", () => {
    // None of the false ones among so many that are drawn without drawing twice; the batch may have any size.
    for (const units of [100, 1_000, 2_000, 100_000, 1_000_000]) {
      const bad = Math.ceil(units / 20);
      let missed = 1;
      for (let i = 0; i < Math.min(units, COMPUTE_RULES.sample); i++) missed *= Math.max(0, units - bad - i) / (units - i);
      expect(missed, String(units)).to.be.at.most(0.01);
    }
  });

  it("P337: draws different units, each alike often, and all of a small batch", async () => {
    const { claim } = await batchOf(["0x".padEnd(66, "1")], 40);
    expect(sampleOf({ ...claim, units: 90 }, new Uint8Array(32), RULES)).to.deep.equal(
      Array.from({ length: 90 }, (_, i) => 40 + i),
    );
    const drawn = new Array<number>(200).fill(0);
    for (let stream = 0; stream < 400; stream++) {
      const sample = sampleOf(
        { ...claim, first: 0, units: 200 },
        new Uint8Array(32).fill(stream & 255, 0, 1 + (stream >> 8)),
        RULES,
      );
      expect(new Set(sample).size).to.equal(90);
      for (const unit of sample) drawn[unit]!++;
    }
    // 180 on average, with a deviation of 10.
    expect(Math.min(...drawn)).to.be.greaterThan(130);
    expect(Math.max(...drawn)).to.be.lessThan(230);
  });

  it("P337: refuses more units than the job has, no score and too little", async () => {
    const known = (await truth).map(({ digest }) => digest);
    const batch = await batchOf(known.slice(0, 10));
    const beyond = { ...batch, claim: { ...batch.claim, first: 999_991 } };
    expect(await faultOf(() => verify(beyond, 1))).to.equal("UNKNOWN_JOB");
    expect(await faultOf(() => verify(batch, 1, {}, 0n))).to.equal("BENCHMARK_FAILED");
    expect(known).to.have.length(UNITS);
  });

  it("counts speed in whole thousandths, rounded down, up to 2", () => {
    const done = { result: 5n, instructions: 4_000_000_000n };
    expect(benchmarkScore(done, { result: 5n, ms: 1_000 })).to.equal(1_000n);
    expect(benchmarkScore(done, { result: 5n, ms: 1_000.2 })).to.equal(999n);
    expect(benchmarkScore(done, { result: 5n, ms: 0 })).to.equal(2_000n);
  });

  it("P337: refuses benchmarks that are wrong, late or of no time", async () => {
    const done = { result: 5n, instructions: 4_000_000_000n };
    expect(await faultOf(() => benchmarkScore(done, { result: 6n, ms: 1 }))).to.equal("BENCHMARK_FAILED");
    expect(await faultOf(() => benchmarkScore(done, { result: 5n, ms: 60_001 }))).to.equal("BENCHMARK_FAILED");
    expect(await faultOf(() => benchmarkScore(done, { result: 5n, ms: Number.NaN }))).to.equal("BENCHMARK_FAILED");
  });

  it("P334: refuses claims and openings of another form", async () => {
    const { claim } = await batchOf((await truth).slice(0, 4).map(({ digest }) => digest));
    for (const change of [
      { job: "0x12" },
      { units: 0 },
      { units: 1_000_001 },
      { first: -1 },
      { resultsRoot: "x" },
      { openings: 5 },
    ]) {
      expect(await faultOf(() => parseClaim(computeClaim, { ...claim, ...change }))).to.equal("SCHEMA");
    }
    let body = "";
    const server = createServer((_, response) => response.end(body));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const openings = `http://127.0.0.1:${(server.address() as AddressInfo).port}/units/`;
    const open = openingsFrom(createFetcher({ allowPrivate: true }));
    try {
      const digest = `0x${"12".repeat(32)}`;
      body = JSON.stringify({ digest, proof: [digest] });
      expect(await open({ ...claim, openings }, 3)).to.deep.equal({ digest, proof: [digest] });
      for (const bad of [
        "",
        "[]",
        "{}",
        JSON.stringify({ digest, proof: Array(33).fill(digest) }),
        JSON.stringify({ digest: 1, proof: [] }),
      ]) {
        body = bad;
        expect(await faultOf(() => open({ ...claim, openings }, 3)), bad).to.equal("SCHEMA");
      }
      body = " ".repeat(16_385);
      expect(await faultOf(() => open({ ...claim, openings }, 3))).to.equal("TOO_LARGE");
    } finally {
      server.close();
    }
  });
});
