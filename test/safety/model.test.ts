// The conditions and the counting of the contracts against those of the model, bit for bit.
import { expect } from "chai";
import { network } from "hardhat";
import { governanceDeadlock, liquidityCrisis, networkAttack, priceCrash, tally, type Ballot, type Finding } from "@ftns/model";
import { AGAINST, ABSTAIN, FOR, STATE } from "../governance/fixture.ts";
import { FTNS } from "../helpers/economy.ts";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";
import { ACTION, crash, restake, safetyOn, TRIGGER } from "./fixture.ts";

const WAD = 10n ** 18n;
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
      };
      const deadlocked = governanceDeadlock(last, 10n);
      await same("governanceDeadlock", [last, 10n], deadlocked);
      for (const [what, finding] of Object.entries({ crashed, dry, attacked, deadlocked }))
        if (finding.met) met[what as keyof typeof met]++;
    });
    if (process.env.FUZZ_SEED !== undefined || process.env.FUZZ_CASE !== undefined) return;
    for (const [what, times] of Object.entries(met)) expect(times, what).to.be.greaterThan(0);
  });

  it("counts random ballots as the emergency governor does", async () => {
    const fixture = async () => safetyOn(connection);
    let passes = 0;
    await forCases(fuzzCases(12), async (random) => {
      const world = await connection.networkHelpers.loadFixture(fixture);
      const w = { ...world, voters: [...world.voters] };
      const stakes = Array.from({ length: random.int(5, 10) }, () => random.magnitude(FTNS, 2_000_000n * FTNS));
      await restake(w, connection, stakes);
      await crash(w);
      await w.breaker.trigger(TRIGGER.priceCrash);
      const id = await w.breaker.voteOn(ACTION.halt);
      const ballots: Ballot[] = stakes.map((weight) => ({
        weight,
        side: random.pick(["for", "for", "for", "against", "abstain"] as const),
        contributor: random.chance(0.9),
      }));
      for (const [i, ballot] of ballots.entries()) {
        if (!ballot.contributor) {
          await w.token
            .connect(w.people.admin)
            .setTierSchedule(w.voters[i]!, { basicThrough: 0, activeThrough: 0, powerThrough: 0 }, 0n, 0n, 0n);
        }
      }
      const staked = stakes.reduce((sum, amount) => sum + amount, 0n);
      const expected = tally({ staked, supportShare: (15n * WAD) / 100n, minSupporters: 5 }, ballots);
      const cast = expected.passedAt === undefined ? ballots : ballots.slice(0, expected.passedAt + 1);
      for (const [i, { side }] of cast.entries()) {
        expect(await w.emergencyGovernor.state(id)).to.equal(STATE.active);
        const support = { for: FOR, against: AGAINST, abstain: ABSTAIN }[side];
        await w.emergencyGovernor.connect(w.voters[i]!).castVote(id, support);
      }
      const standing = await w.emergencyGovernor.standingOf(id);
      expect([standing.needed, standing.support, standing.opposition, standing.supporters]).to.deep.equal([
        expected.needed,
        expected.support,
        expected.opposition,
        BigInt(expected.supporters),
      ]);
      expect(await w.emergencyGovernor.state(id)).to.equal(expected.passedAt === undefined ? STATE.active : STATE.succeeded);
      passes += expected.passedAt === undefined ? 0 : 1;
    });
    expect(passes).to.be.greaterThan(0);
  });
});
