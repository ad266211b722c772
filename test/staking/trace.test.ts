import { expect } from "chai";
import { network } from "hardhat";
import { MultiplierPath } from "@ftns/model";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";
import { clockOf } from "../helpers/time.ts";
import type { TraceHarness, VoteTraceHarness } from "../../typechain-types/index.ts";

const { ethers, networkHelpers } = await network.create();

describe("Trace (P77)", () => {
  it("is zero before the first entry", async () => {
    const trace = await ethers.deployContract("TraceHarness");
    expect(await trace.latest()).to.equal(0n);
    expect(await trace.entryAt(2n ** 47n)).to.deep.equal([0n, 0n, 0n]);
    expect(await trace.walk()).to.deep.equal([]);
  });

  it("finds what held at every moment, and walks back over all of it", async () => {
    await forCases(fuzzCases(12), async (random) => {
      const trace = await ethers.deployContract("TraceHarness");
      const { kept } = await checkMoments(trace, random, 48n, 160n);
      expect(await trace.walk()).to.deep.equal(kept.map(({ value }) => value).reverse());
    });
  });
});

describe("VoteTrace (P77)", () => {
  it("is zero before the first entry", async () => {
    const trace = await ethers.deployContract("VoteTraceHarness");
    expect(await trace.latest()).to.equal(0n);
    expect(await trace.entryAt(2n ** 37n)).to.deep.equal([0n, 0n, 0n]);
  });

  it("finds what held at every moment, two to the slot", async () => {
    await forCases(fuzzCases(12), async (random) => {
      await checkMoments(await ethers.deployContract("VoteTraceHarness"), random, 38n, 90n);
    });
  });
});

/** Random entries, early or at the end of time, and every moment from before the first to after the last asked for. */
async function checkMoments(trace: TraceHarness | VoteTraceHarness, random: Random, timeBits: bigint, valueBits: bigint) {
  const entries: { time: bigint; value: bigint }[] = [];
  let time = random.pick([random.bigint(1n, 1_000n), 2n ** timeBits - 300n]);
  for (let i = random.int(1, 40); i > 0; i--) {
    time += random.bigint(0n, 5n);
    entries.push({ time, value: random.magnitude(0n, 2n ** valueBits - 1n) });
  }
  await trace.push(
    entries.map((entry) => entry.time),
    entries.map((entry) => entry.value),
  );
  // Of entries of one second the last stays.
  const kept = entries.filter(({ time }, i) => entries[i + 1]?.time !== time);
  expect(await trace.latest()).to.equal(kept.at(-1)!.value);
  for (let at = kept[0]!.time - 1n; at <= time + 1n; at++) {
    const index = kept.findLastIndex(({ time }) => time <= at);
    const { value, time: since } = kept[index] ?? { value: 0n, time: 0n };
    expect(await trace.entryAt(at)).to.deep.equal([value, since, index === -1 ? 0n : BigInt(index)]);
  }
  return { kept };
}

describe("MultiplierTrace", () => {
  it("adds M up as the model does, with any ceiling, by totals and by walking alike", async () => {
    await forCases(fuzzCases(4), async (random) => {
      const store = await ethers.deployContract("MultiplierStore");
      const clock = clockOf({ networkHelpers } as Parameters<typeof clockOf>[0]);
      const path = new MultiplierPath();
      const start = await clock.now();
      for (let i = 0; i < 25; i++) {
        const time = (await clock.now()) + random.bigint(1n, 100n);
        await clock.nextBlockAt(time);
        const M = random.magnitude(10n ** 17n, 10n ** 19n);
        await store.set(M);
        path.set(M, time);
      }
      const end = await clock.now();
      for (let i = 0; i < 60; i++) {
        const from = random.bigint(start - 50n, end);
        const to = random.bigint(from, end + 10n);
        const ceiling = random.pick([random.magnitude(0n, 10n ** 19n), path.at(from), path.at(to) - 1n, 2n ** 255n]);
        const { integral, secondsAbove } = path.integral(from, to, ceiling);
        expect(await store.multiplierIntegral(from, to, ceiling)).to.deep.equal([integral, secondsAbove]);
        const whole = path.integral(from, to, 2n ** 255n).integral;
        expect(await store.integrals(from, to)).to.deep.equal([whole, whole]);
      }
    });
  });
});
