import { expect } from "chai";
import { network } from "hardhat";
import { settle, type Term } from "@ftns/model";
import { DAILY_DECAY, runDayLoop, type FrozenSpan, type RateEpoch } from "@ftns/model/token/dayLoop.ts";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";
import {
  ACTIVITY_UNIT_BITS,
  activityAtEdge,
  loopAccount,
  packRates,
  packTimeline,
  packWord,
  randomFields,
  randomRates,
  unpackWord,
  type Fields,
} from "./words.ts";

const { ethers } = await network.create();

const BATCH = 200;
const TODAY = 22_500;
/** Room for runs with many more cases. */
const LONG_RUN_MS = 3_600_000;

/** Up to four changes of parameters and up to two freezes within the last 2,000 days. */
function randomHistory(random: Random): { epochs: RateEpoch[]; frozen: FrozenSpan[] } {
  const day = () => TODAY - random.int(-2, 2_000);
  const changes = Array.from({ length: random.int(0, 4) }, day).sort((a, b) => a - b);
  const epochs = [0, ...changes].map((fromDay) => ({ fromDay, rates: randomRates(random) }));
  const frozen = Array.from({ length: random.chance(0.5) ? random.int(1, 2) : 0 }, () => {
    const fromDay = day();
    return { fromDay, throughDay: fromDay + random.int(0, 40) };
  });
  return { epochs, frozen };
}

/** The packed `timeline` as the model reads it: the terms from the one that governs a day to the last. */
function termsOf(timeline: readonly bigint[]): (day: number) => Term[] {
  const terms = timeline.map((word) => ({
    startDay: Number(word >> 112n),
    rates: Array.from({ length: 16 }, (_, i) => (word >> BigInt(7 * i)) & 127n),
  }));
  return (day) => terms.slice(terms.findLastIndex(({ startDay }) => startDay <= day));
}

/** A balance may differ from `truth` by 1e-12 of it and 5 wei, and by what else rounds on the way (wei). */
function isClose(balance: bigint, truth: bigint, rounded = 0): boolean {
  const difference = balance > truth ? balance - truth : truth - balance;
  return difference <= truth / 10n ** 12n + 5n + BigInt(rounded);
}

/**
 * Activity is kept in units of 2^30 wei, and each stop may drop one. Where so little decides on which day the velocity
 * passes a band's edge, a stop may bring that day forward, once an edge.
 */
function crossesEdgeInLastUnits(fields: Fields, stops: number, epochs: RateEpoch[], frozen: FrozenSpan[]): boolean {
  const lost = fields.activity > BigInt(stops) ? fields.activity - BigInt(stops) : 0n;
  const bands = [fields.activity, lost].map((activity) => {
    const passed: number[] = [];
    const onDay = (day: { band: number }) => passed.push(day.band);
    runDayLoop(loopAccount({ ...fields, activity }), TODAY, epochs, frozen, { unrounded: true, onDay });
    return passed.join();
  });
  return bands[0] !== bands[1];
}

/** Whether the velocity after one more day is above an edge by less than 1e-17 of it. */
function isJustAboveEdge({ activity, balance }: Fields): boolean {
  const scale = 10n ** 60n;
  const decayed = 100n * (activity << ACTIVITY_UNIT_BITS) * DAILY_DECAY;
  return [120n, 84n, 36n].some((edge) => {
    const above = decayed - edge * balance * scale;
    return above >= 0n && above * 10n ** 17n < edge * balance * scale;
  });
}

function describeFields(fields: Fields): string {
  return JSON.stringify(fields, (_, value) => (typeof value === "bigint" ? value.toString() : value));
}

describe("settlement", () => {
  const harness = ethers.deployContract("DemurrageHarness");

  it("P5, P9: gives what the day loop gives, and the model bit for bit, over any days, sizes, tiers, graces, freezes and epochs", async () => {
    const contract = await harness;
    await forCases(Math.ceil(fuzzCases(10_000) / BATCH), async (random) => {
      const { epochs, frozen } = randomHistory(random);
      const timeline = packTimeline(epochs, frozen);
      const termsSince = termsOf(timeline);
      const accounts = Array.from({ length: BATCH }, () => randomFields(random, TODAY));
      const { settled, fees } = await contract.settleAll.staticCall(timeline, TODAY, accounts.map(packWord));

      accounts.forEach((account, i) => {
        const what = describeFields(account);
        const model = settle(account, TODAY, termsSince);
        expect(unpackWord(settled[i]!), `model of ${what}`).to.deep.equal(model.account);
        expect(fees[i], `fee by the model of ${what}`).to.equal(model.fee);
        // A loop over whole wei drops up to one a day in the holder's favour, which the law itself doesn't.
        const unrounded = i % 2 === 0;
        const truth = runDayLoop(loopAccount(account), TODAY, epochs, frozen, { unrounded });
        const rounded = unrounded ? 0 : TODAY - account.settledDay;
        const after = unpackWord(settled[i]!);
        expect(isClose(after.balance, truth.balance, rounded), `${what}: ${after.balance} for ${truth.balance}`).to.equal(true);
        expect(after.balance, what).to.equal(account.balance - fees[i]!);
        const lost = (truth.activity >> ACTIVITY_UNIT_BITS) - after.activity;
        expect(lost === 0n || lost === 1n, `${what}: activity ${lost} units short`).to.equal(true);
        expect(after, what).to.deep.include({
          capacity: account.capacity,
          basicThrough: account.basicThrough,
          activeThrough: account.activeThrough,
          powerThrough: account.powerThrough,
          graceUntil: account.graceUntil > TODAY ? account.graceUntil : 0,
          settledDay: TODAY,
        });
      });
    });
  }).timeout(LONG_RUN_MS);

  it("P6: takes exactly floor(balance * rate / 300,000) over a single day", async () => {
    const contract = await harness;
    await forCases(Math.ceil(fuzzCases(2_000) / BATCH), async (random) => {
      const { epochs, frozen } = randomHistory(random);
      const accounts = Array.from({ length: BATCH }, () => randomFields(random, TODAY, 1));
      const { fees } = await contract.settleAll.staticCall(packTimeline(epochs, frozen), TODAY, accounts.map(packWord));
      accounts.forEach((account, i) => {
        const truth = runDayLoop(loopAccount(account), TODAY, epochs, frozen);
        expect(fees[i], describeFields(account)).to.equal(account.balance - truth.balance);
      });
    });
  }).timeout(LONG_RUN_MS);

  it("P4: owes the same however often it is settled on the way", async () => {
    const contract = await harness;
    await forCases(Math.ceil(fuzzCases(2_000) / BATCH), async (random) => {
      const { epochs, frozen } = randomHistory(random);
      const timeline = packTimeline(epochs, frozen);
      const accounts = Array.from({ length: BATCH }, () => randomFields(random, TODAY));
      const stops = accounts.map((account) => {
        const pokes = Array.from({ length: random.int(0, 12) }, () => random.int(account.settledDay, TODAY));
        return [...pokes.sort((a, b) => a - b), TODAY];
      });
      const words = accounts.map(packWord);
      const poked = await contract.settleInSteps.staticCall(timeline, words, stops);
      const once = await contract.settleAll.staticCall(timeline, TODAY, words);
      accounts.forEach((account, i) => {
        const what = `${describeFields(account)} stops ${stops[i]!.join()}`;
        const [stopped, straight] = [unpackWord(poked.settled[i]!).balance, unpackWord(once.settled[i]!).balance];
        if (!isClose(stopped, straight, stops[i]!.length)) {
          expect(crossesEdgeInLastUnits(account, stops[i]!.length, epochs, frozen), what).to.equal(true);
          expect((stopped - straight) * 3_000n, what).to.be.within(-straight, straight);
        }
        const lost = unpackWord(once.settled[i]!).activity - unpackWord(poked.settled[i]!).activity;
        expect(lost, what).to.be.within(-1n, BigInt(stops[i]!.length));
      });
    });
  }).timeout(LONG_RUN_MS);

  it("P6, P7: the path for one day gives the fee of the loop, at the very edges too, and elsewhere that of the walk", async () => {
    const contract = await harness;
    let apart = 0;
    await forCases(Math.ceil(fuzzCases(10_000) / BATCH), async (random) => {
      const rates = randomRates(random);
      const accounts = Array.from({ length: BATCH }, () => {
        const fields = { ...randomFields(random, TODAY, 1), graceUntil: 0 };
        return random.chance(0.2) ? { ...fields, activity: activityAtEdge(random, fields.balance) } : fields;
      });
      const { quick, walked } = await contract.bothWays(packRates(rates), accounts.map(packWord));
      accounts.forEach((account, i) => {
        const what = describeFields(account);
        const truth = runDayLoop(loopAccount(account), TODAY, [{ fromDay: 0, rates }]);
        expect(quick[i], what).to.equal(account.balance - truth.balance);
        if (quick[i] === walked[i]) return;
        apart++;
        expect(isJustAboveEdge(account), what).to.equal(true);
        expect(walked[i]! > quick[i]!, what).to.equal(true);
      });
    });
    expect(apart, "cases in which the walk saw the slower band").to.be.greaterThan(0);
  }).timeout(LONG_RUN_MS);

  it("P3: never raises a balance and never takes more than the highest rate", async () => {
    const contract = await harness;
    await forCases(Math.ceil(fuzzCases(2_000) / BATCH), async (random) => {
      const { epochs, frozen } = randomHistory(random);
      const accounts = Array.from({ length: BATCH }, () => randomFields(random, TODAY));
      const { fees } = await contract.settleAll.staticCall(packTimeline(epochs, frozen), TODAY, accounts.map(packWord));
      accounts.forEach((account, i) => {
        const worst = (account.balance * BigInt(TODAY - account.settledDay)) / 3_000n;
        expect(fees[i]! >= 0n && fees[i]! <= worst, describeFields(account)).to.equal(true);
      });
    });
  }).timeout(LONG_RUN_MS);
});
