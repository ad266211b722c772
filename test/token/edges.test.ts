// What settlement promises where a comparison is decided by the last digits: the band edges, the minimum fee's cut-off and
// the allowance of a grace.
import { expect } from "chai";
import { network } from "hardhat";
import { DAILY_DECAY, runDayLoop } from "@ftns/model/token/dayLoop.ts";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";
import {
  ACTIVITY_UNIT_BITS,
  DEFAULT_RATES,
  FTNS,
  GRACE_ALLOWANCE,
  MAX_ACTIVITY_UNITS,
  loopAccount,
  packTimeline,
  packWord,
  unpackWord,
  type Fields,
} from "./words.ts";

const { ethers } = await network.create();

const SCALE = 10n ** 60n;
const TODAY = 22_500;
const BATCH = 200;
const EDGES = [120n, 84n, 36n] as const;
/** Rates of tier NONE by band, of a day, as shares of 300,000. */
const RATES = DEFAULT_RATES[0]!;
const EPOCHS = [{ fromDay: 0, rates: DEFAULT_RATES }];
const TIMELINE = packTimeline(EPOCHS, []);
const MIN_FEE = 10n ** 9n;

const plain = (fields: Partial<Fields>): Fields => ({
  balance: 0n,
  capacity: 0n,
  activity: 0n,
  basicThrough: 0,
  activeThrough: 0,
  powerThrough: 0,
  graceUntil: 0,
  settledDay: TODAY - 1,
  ...fields,
});
const loop = (fields: Fields, unrounded = true) => runDayLoop(loopAccount(fields), TODAY, EPOCHS, [], { unrounded }).balance;
const apart = (a: bigint, b: bigint) => (a > b ? a - b : b - a);

describe("settlement at the edges", () => {
  const harness = ethers.deployContract("DemurrageHarness");
  const settled = async (cases: Fields[]) => {
    const result = await (await harness).settleAll.staticCall(TIMELINE, TODAY, cases.map(packWord));
    return result.settled.map((word) => unpackWord(word).balance);
  };

  it("shows each band from its edge on: 1.2, 0.84 and 0.36 of the balance a month", async () => {
    for (const [faster, hundredths] of EDGES.entries()) {
      const edge = hundredths * 10n ** 16n;
      expect(await (await harness).bandOfVelocity(edge)).to.equal(BigInt(faster));
      expect(await (await harness).bandOfVelocity(edge - 1n)).to.equal(BigInt(faster + 1));
    }
    expect(await (await harness).bandOfVelocity(0n)).to.equal(3n);
    expect(await (await harness).bandOfVelocity((1n << 256n) - 1n)).to.equal(0n);
  });

  it("P6: a day is charged as the loop does, a wei of balance before and behind a band's edge", async () => {
    let faster = 0;
    await forCases(Math.ceil(fuzzCases(2_000) / BATCH), async (random) => {
      const cases = Array.from({ length: BATCH }, () => {
        const activity = random.magnitude(2n ** 20n, MAX_ACTIVITY_UNITS);
        const edge = random.pick(EDGES);
        const highest = ((activity << ACTIVITY_UNIT_BITS) * 100n * DAILY_DECAY) / (edge * SCALE);
        return plain({ activity, balance: highest + BigInt(random.int(0, 1)) });
      }).filter(({ balance }) => balance <= 10n ** 27n);
      const balances = await settled(cases);
      cases.forEach((fields, i) => {
        expect(balances[i], `${fields.activity} ${fields.balance}`).to.equal(loop(fields, false));
        const fee = fields.balance - balances[i]!;
        if (fee < (fields.balance * RATES[3]!) / 300_000n) faster++;
      });
    });
    expect(faster).to.be.greaterThan(500);
  });

  /** An account whose velocity on the last of `days` days is above (or below) an edge by `besides` 1e-20 of it. */
  function atEdgeLater(random: Random, besides: bigint): { fields: Fields; band: number } {
    const band = random.int(0, 2);
    const days = random.int(2, [60, 10, 24][band]!);
    const activity = random.bigint(2n ** 57n, 2n ** 59n);
    let wei = (activity << ACTIVITY_UNIT_BITS) * SCALE;
    for (let day = 0; day < days; day++) wei = (wei * DAILY_DECAY) / SCALE;
    let balance = (wei * 100n) / EDGES[band]!;
    for (let day = 1; day < days; day++) balance = (balance * 300_000n) / (300_000n - RATES[band]!);
    balance -= (balance * besides) / 10n ** 20n;
    const rounded = besides < 0n ? balance / SCALE + 1n : balance / SCALE;
    return { fields: plain({ activity, balance: rounded, settledDay: TODAY - days }), band };
  }

  it("P5: a walk decides a band as the loop does, but for a velocity less than 1e-17 above an edge", async () => {
    const distances = [-(10n ** 4n), -100n, -10n, 0n, 10n, 100n, 300n, 1_000n, 2_000n, 10n ** 5n];
    let slower = 0;
    await forCases(Math.ceil(fuzzCases(2_000) / BATCH), async (random) => {
      const cases = Array.from({ length: BATCH }, () => {
        const besides = random.pick(distances);
        return { besides, ...atEdgeLater(random, besides) };
      }).filter(({ fields }) => fields.balance <= 10n ** 27n);
      const balances = await settled(cases.map(({ fields }) => fields));
      cases.forEach(({ fields, band, besides }, i) => {
        const what = `${fields.activity} ${fields.balance} ${TODAY - fields.settledDay} days, ${besides}`;
        const truth = loop(fields);
        const tolerance = truth / 10n ** 12n + 5n;
        if (apart(balances[i]!, truth) <= tolerance) return;
        slower++;
        expect(besides >= 0n && besides < 1_000n, what).to.equal(true);
        // One day at the next slower rate: the pool gains.
        const oneDay = (fields.balance * (RATES[band + 1]! - RATES[band]!)) / 300_000n;
        expect(truth - balances[i]!, what).to.be.within(0n, oneDay + tolerance);
      });
    });
    expect(slower, "days charged at the slower band").to.be.greaterThan(0);
  });

  it("P4: at the minimum fee's cut-off, settling between moves one fee of 1e-9 FTNS at most", async () => {
    const cutOff = MIN_FEE * 3_000n;
    let moved = 0;
    for (let days = 2; days <= 4; days++) {
      // The balances that come to lie within a few wei of the cut-off on the last day.
      let centre = cutOff * SCALE;
      for (let day = 1; day < days; day++) centre = (centre * 3_000n) / 2_999n;
      const cases = Array.from({ length: 41 }, (_, i) =>
        plain({ balance: centre / SCALE + BigInt(i - 20), settledDay: TODAY - days }),
      );
      const stops = cases.map(() => Array.from({ length: days }, (_, i) => TODAY - days + 1 + i));
      const words = cases.map(packWord);
      const daily = await (await harness).settleInSteps.staticCall(TIMELINE, words, stops);
      const once = await settled(cases);
      cases.forEach((fields, i) => {
        const [stepped, truth] = [unpackWord(daily.settled[i]!).balance, loop(fields)];
        // Day by day it is the loop over whole wei; in one step the loop without rounding, or one fee beside it.
        expect(stepped).to.equal(loop(fields, false));
        for (const other of [stepped, truth]) expect(apart(once[i]!, other) <= MIN_FEE + BigInt(days)).to.equal(true);
        if (Math.abs(i - 20) > days + 5) expect(apart(once[i]!, truth) <= 5n).to.equal(true);
        if (apart(once[i]!, stepped) > BigInt(days)) moved++;
      });
    }
    expect(moved, "cases in which a settlement decided on a fee").to.be.greaterThan(0);
  });

  it("P18: the allowance cuts to the wei, in grace and on its last day", async () => {
    const cases: Fields[] = [];
    for (const days of [1, 2, 3, 30]) {
      for (const graceUntil of [TODAY - days + 1, TODAY, TODAY + 1, TODAY + 300]) {
        // What wears down to the allowance within so many days, give or take some wei.
        let centre = GRACE_ALLOWANCE * SCALE;
        for (let day = 0; day < days; day++) centre = (centre * 3_000n) / 2_999n;
        for (const start of [GRACE_ALLOWANCE, centre / SCALE, GRACE_ALLOWANCE + FTNS]) {
          for (const wei of [-2n, -1n, 0n, 1n, 2n]) {
            cases.push(plain({ balance: start + wei, settledDay: TODAY - days, graceUntil }));
          }
        }
      }
    }
    const balances = await settled(cases);
    cases.forEach((fields, i) => {
      const truth = loop(fields);
      const what = `${fields.balance} from ${fields.settledDay}, grace until ${fields.graceUntil}`;
      expect(apart(balances[i]!, truth) <= truth / 10n ** 18n + 5n, `${what}: ${balances[i]} for ${truth}`).to.equal(true);
      if (fields.graceUntil > TODAY) {
        const least = fields.balance < GRACE_ALLOWANCE ? fields.balance : GRACE_ALLOWANCE;
        expect(balances[i]! >= least, what).to.equal(true);
      }
    });
  });
});
