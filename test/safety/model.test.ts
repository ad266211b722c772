// The conditions and the counting of the contracts against those of the model, bit for bit.
import { expect } from "chai";
import { network } from "hardhat";
import { governanceDeadlock, liquidityCrisis, networkAttack, priceCrash, type Finding } from "@ftns/model";
import { annotated, forCases, fuzzCases, type Random } from "../helpers/random.ts";
import { BreakerLife } from "./breakerLife.ts";
import { safetyOn } from "./fixture.ts";

const WAD = 10n ** 18n;
const USUAL_LIVES = 8;
const STEPS = 40;
const WORTH_SEEING = [
  "a trigger",
  "a later vote",
  "a bond",
  "a bond slashed",
  "a bond given back",
  "a motion passed",
  "a ballot after it passed",
  "PAUSE_ADJUSTMENTS",
  "HALT_TRANSACTIONS",
  "RATE_RESET",
  "ended by opposition",
  "hours anew",
  "the guardian",
];
const connection = await network.create();

describe("the model of the breaker (P89)", () => {
  /** Pairs on, just beside, and far from a ratio of `numerator / denominator`. */
  const pair = (random: Random, numerator: bigint, denominator: bigint, max: bigint): [bigint, bigint] => {
    const base = random.magnitude(0n, max / denominator);
    const on = base * numerator + BigInt(random.pick([-1, 0, 0, 1]));
    return random.chance(0.3) ? [random.magnitude(0n, max), base * denominator] : [on < 0n ? 0n : on, base * denominator];
  };
  const confidence = (random: Random) =>
    random.pick([0n, 7n, 8n, 9n, 10n]) * (WAD / 10n) + BigInt(random.pick([-1, 0, 0])) * (random.chance(0.5) ? 1n : 0n);
  const sure = (random: Random) => {
    const drawn = random.chance(0.2) ? (95n * WAD) / 100n - BigInt(random.int(0, 1)) : confidence(random);
    return drawn < 0n ? 0n : drawn;
  };

  it("finds what the contract finds, on random markets around every threshold", async () => {
    const harness = await connection.ethers.deployContract("ConditionsHarness");
    const same = async (call: string, args: unknown[], finding: Finding) => {
      const [known, met, measured, sureness] = await harness.getFunction(call).staticCall(...args);
      expect({ known, met, measured, confidence: sureness }).to.deep.equal(finding);
    };
    const met = { crashed: 0, dry: 0, attacked: 0, deadlocked: 0 };
    await forCases(fuzzCases(150), async (random) => {
      const fresh = random.chance(0.9);
      const [now, then] = pair(random, 3n, 5n, 10n ** 28n);
      const average = (averageWad: bigint) => ({
        index: 0n,
        averageWad,
        coveredSec: 0n,
        coveredBeforeSec: 0n,
        usable: random.chance(0.9),
      });
      const [a, b] = [average(now), average(then)];
      const certainty = sure(random);
      const answer = random.chance(0.5) ? now : random.magnitude(0n, 10n ** 28n);
      const crashed = priceCrash(a, b, answer, fresh, certainty);
      await same("priceCrash", [a, b, answer, fresh, certainty], crashed);

      const [volume6h, meanVolume6h] = pair(random, 1n, 10n, 10n ** 20n);
      const [txFailed, txTotal] = random.chance(0.3)
        ? [BigInt(random.int(9, 11)), BigInt(random.int(18, 22))]
        : pair(random, 1n, 2n, 16_000_000n);
      const registered = BigInt(random.int(5, 9));
      const reports = () => registered / 2n + BigInt(random.int(-1, 2));
      const market = {
        roundId: 1n,
        price: 1n,
        volume6h,
        meanVolume6h,
        txTotal,
        txFailed,
        sendersDay: random.chance(0.7) ? txFailed * 10n + BigInt(random.int(-1, 1)) : random.magnitude(0n, 16_000_000n),
        since: 1n,
        observedAt: 1n,
        updatedAt: 1n,
        confidence: sure(random),
        reports: registered,
        registered,
        illiquid: reports(),
        attacked: reports(),
      };
      if (market.sendersDay < 0n) market.sendersDay = 0n;
      const meanKnown = random.chance(0.9);
      const [dry, attacked] = [liquidityCrisis(market, meanKnown, fresh), networkAttack(market, fresh)];
      await same("liquidityCrisis", [market, meanKnown, fresh], dry);
      await same("networkAttack", [market, fresh], attacked);

      const last = {
        complete: random.chance(0.9),
        count: BigInt(random.int(2, 3)),
        latestEnd: BigInt(random.int(9, 11)),
        differentProposers: random.chance(0.9),
        highestShare: random.pick([0n, WAD / 20n - 1n, WAD / 20n, WAD / 20n + 1n, WAD]),
        passed: random.chance(0.2),
      };
      const deadlocked = governanceDeadlock(last, 10n);
      await same("governanceDeadlock", [last, 10n], deadlocked);
      for (const [what, finding] of Object.entries({ crashed, dry, attacked, deadlocked }))
        if (finding.met) met[what as keyof typeof met]++;
    });
    if (process.env.FUZZ_SEED !== undefined || process.env.FUZZ_CASE !== undefined) return;
    for (const [what, times] of Object.entries(met)) expect(times, what).to.be.greaterThan(0);
  });

  it("does what the breaker and its governor do, through random lives (P84 to P87, P210 to P217)", async () => {
    const fixture = async () => safetyOn(connection);
    const seen = new Set<string>();
    const cases = fuzzCases(USUAL_LIVES);
    await forCases(cases, async (random) => {
      const world = await connection.networkHelpers.loadFixture(fixture);
      const life = await BreakerLife.begin({ ...world, voters: [...world.voters] }, connection, random);
      try {
        for (let step = 0; step < STEPS; step++) {
          await life.pass();
          await life.act();
          await life.pair.check();
        }
      } catch (error) {
        throw annotated(error, life.pair.story.slice(-30).join("\n"));
      }
      for (const effect of life.pair.seen) seen.add(effect);
    });
    // A run of the usual length that never came to something would have shown nothing of it.
    if (cases === USUAL_LIVES && process.env.FUZZ_CASE === undefined && process.env.FUZZ_SEED === undefined) {
      expect([...seen]).to.include.members(WORTH_SEEING);
    }
  }).timeout(3_600_000);
});
