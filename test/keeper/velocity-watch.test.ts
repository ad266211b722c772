import { expect } from "chai";
import { parseEther } from "ethers";
import type { Finding } from "@ftns/service/findings.ts";
import { findingsOf } from "@ftns/keeper/service/findings.ts";
import { Logbook } from "@ftns/keeper/service/logbook.ts";
import { PriceSamples } from "@ftns/keeper/reporter/samples.ts";
import { reportPriceJob } from "@ftns/keeper/jobs/report-price/index.ts";
import type { MarketSource } from "@ftns/keeper/market/source.ts";
import { NOW, RULES, stateWith, vitalsWith } from "./service-state.ts";

const WAD = 10n ** 18n;
const ids = (found: Finding[]) => found.map(({ id }) => id);

describe("what a keeper tells of the economy (P256)", () => {
  describe("velocity", () => {
    const at = (velocity: bigint) => ids(findingsOf(stateWith({ velocity: { madeAt: 5n, velocity } }), RULES));

    it("is told of below 0.5 and above 3.0 a month, and neither at nor between", () => {
      expect(at(WAD / 2n - 1n)).to.deep.equal(["velocity-low"]);
      expect(at(3n * WAD + 1n)).to.deep.equal(["velocity-high"]);
      for (const calm of [WAD / 2n, WAD, 3n * WAD]) expect(at(calm)).to.deep.equal([]);
    });
    it("is that of the last report, which ends it", () => {
      const book = new Logbook({ turns: [], quorum: 0, sending: true, endpoints: () => [] });
      book.note({ type: "velocity", madeAt: 1n, velocity: 0n });
      expect(book.state().velocity).to.deep.equal({ madeAt: 1n, velocity: 0n });
      book.note({ type: "velocity", madeAt: 2n });
      expect(book.state().velocity).to.equal(undefined);
    });
  });

  describe("pay", () => {
    const owed = (reportHours: bigint) => {
      const value = vitalsWith({ pay: [{ reporter: "0xab", earned: { value: { reportHours, amount: parseEther("3") } } }] });
      return findingsOf(stateWith({ vitals: { at: NOW, wallAt: NOW, value } }), RULES);
    };
    it("is told of when two weeks of it wait, before the feed forgets them", () => {
      expect(ids(owed(335n))).to.deep.equal([]);
      const [found] = owed(336n);
      expect(found).to.include({ id: "pay-waiting/0xab", severity: "warning" });
      expect(found!.detail).to.include("336 hours and 3 FTNS wait");
    });
  });

  describe("samples for the mean price", () => {
    it("are taken from the sources by themselves, also while no run of the job can", async () => {
      let reads = 0;
      const source: MarketSource = {
        name: "one",
        read: async () => ({ price: 1n, volume6h: 1n, meanVolume6h: 1n, observedAt: BigInt(1_000 + reads++) }),
      };
      const chain = { provider: undefined, latest: async () => ({ number: 1, timestamp: 1_000n, baseFee: 0n }) } as never;
      const rules = {
        minSources: 1,
        maxSpread: WAD,
        maxObservationAgeSec: 300,
        maxGapSec: 300,
        intervalSec: 3_600,
        deviation: WAD,
      };
      const open = (reporters: { address: string }[]) =>
        reportPriceJob(
          chain,
          `0x${"11".repeat(20)}`,
          { reporters: reporters as never, sources: [source], samples: new PriceSamples(300n) },
          rules,
        );
      const job = open([{ address: "0xab" }]);
      await job.sample!();
      await job.sample!();
      expect(reads).to.equal(2);
      // A look that just asked is a sample itself.
      await job.prepare!();
      await job.sample!();
      expect(reads).to.equal(3);
      await open([]).sample!();
      expect(reads).to.equal(3);
    });
  });
});
