// Where the limit of the yearly rate bites, to the last M and the last second, by numbers worked out by hand.
import { expect } from "chai";
import { MultiplierPath, NO_STANDING, yieldBetween, yearlyRate, type DatedTerms, type StakerStanding } from "@ftns/model";
import { DAY, startOf } from "../helpers/time.ts";
import { FTNS, FULL_COVER, RATES, WAD, wad } from "./fixture.ts";

describe("given a rate of 12 % a year before M, and a limit of 20 %", () => {
  const START = startOf(20_000n);
  const YEAR_SEC = 365n * DAY;
  const through = 20_100;
  const standing: StakerStanding = {
    schedule: { basicThrough: through, activeThrough: through, powerThrough: through },
    commitmentThrough: [through, through, through, through, through],
    cover: FULL_COVER,
  };
  const staked = 1_000n * FTNS;
  /** The highest M at which the limit does not bite: 0.2 / 0.12, rounded down. */
  const edge = (RATES.maxRate * WAD) / wad("0.12");
  const termsWith = (multipliers: MultiplierPath, maxRate = RATES.maxRate): DatedTerms => ({
    ...RATES,
    maxRate,
    multipliers,
    since: 0n,
  });
  const pathOf = (...changes: (readonly [since: bigint, M: bigint])[]) => {
    const path = new MultiplierPath();
    for (const [since, M] of changes) path.set(M, since);
    return path;
  };

  for (const [what, M, rate] of [
    ["is not limited at the last M below the limit", edge, wad("0.12") * edge],
    ["is limited from the next M on", edge + 1n, RATES.maxRate * WAD],
    ["is limited at the highest M", 10n * WAD, RATES.maxRate * WAD],
  ] as const) {
    it(`P73: ${what}`, () => {
      const terms = termsWith(pathOf([START, M]));
      expect(yearlyRate(terms, 3, 5, M)).to.equal(rate);
      const earned = (staked * rate * 10n * DAY) / (WAD * WAD * YEAR_SEC);
      expect(yieldBetween(staked, standing, [terms], START, START + 10n * DAY)).to.deep.equal({ earned, recycled: 0n });
    });
  }

  it("P73: is the limit itself where it reaches exactly that", () => {
    const terms = termsWith(pathOf([START, WAD]), wad("0.12"));
    expect(yearlyRate(terms, 3, 5, WAD)).to.equal(wad("0.12") * WAD);
    expect(yearlyRate(terms, 3, 5, WAD + 1n)).to.equal(wad("0.12") * WAD);
    expect(yearlyRate(terms, 3, 5, WAD - 1n)).to.equal(wad("0.12") * (WAD - 1n));
  });

  it("P73: is limited on the days on which M is too high, and on no other", () => {
    const path = pathOf([START, edge], [START + DAY, 5n * WAD], [START + 3n * DAY, WAD]);
    const days = wad("0.12") * edge + 2n * RATES.maxRate * WAD + wad("0.12") * WAD;
    const { earned } = yieldBetween(staked, standing, [termsWith(path)], START, START + 4n * DAY);
    expect(earned).to.equal((staked * days * DAY) / (WAD * WAD * YEAR_SEC));
  });

  it("P73: is limited without a tier at four times the M, and that part is recycled", () => {
    // 3 % a year and five commitments of 1 %, times 0.5 without a tier: 4 %, so M must be above 5.
    const commitments = { ...NO_STANDING, commitmentThrough: standing.commitmentThrough, cover: FULL_COVER };
    const period = 73n * DAY; // a fifth of a year
    const at = (M: bigint) => yieldBetween(staked, commitments, [termsWith(pathOf([START, M]))], START, START + period);
    const below = (staked * wad("0.04") * 499n) / (5n * 100n * WAD);
    expect(at(5n * WAD - WAD / 100n)).to.deep.equal({ earned: 0n, recycled: below });
    for (const M of [5n * WAD, 5n * WAD + 1n, 6n * WAD]) {
      expect(at(M)).to.deep.equal({ earned: 0n, recycled: staked / 25n });
    }
  });

  it("P73: is limited by the new limit from the day on which it holds", () => {
    const path = pathOf([START, 10n * WAD]);
    const lower = { ...termsWith(path, wad("0.1")), since: START + DAY };
    const { earned } = yieldBetween(staked, standing, [termsWith(path), lower], START, START + 2n * DAY);
    expect(earned).to.equal((staked * (wad("0.2") + wad("0.1")) * DAY) / (WAD * YEAR_SEC));
  });
});
