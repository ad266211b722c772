// Each cheat is played for a year, and costs what docs/attacks.md says; so do honest people.
import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { freshChain } from "./chainWorld.ts";
import { pageOf } from "./page.ts";
import * as exits from "./plays/exits.ts";
import * as graces from "./plays/graces.ts";
import * as hiding from "./plays/hiding.ts";
import { idle } from "./plays/idle.ts";
import { PLAYS } from "./plays/index.ts";
import * as people from "./plays/people.ts";
import type { Outcome, Play } from "./plays/play.ts";
import * as pools from "./plays/pools.ts";
import * as stakes from "./plays/stakes.ts";
import * as washing from "./plays/washing.ts";
import { cents, whole } from "./words.ts";
import { FTNS, HOARD } from "./world.ts";

const FILE = new URL("../../docs/attacks.md", import.meta.url);

const played = new Map<Play, Outcome>();

/** Plays it, unless another test has done so. */
async function outcomeOf(play: Play): Promise<Outcome> {
  let outcome = played.get(play);
  if (outcome === undefined) played.set(play, (outcome = await play.run(await freshChain())));
  return outcome;
}

const priceOf = async (play: Play) => {
  const { fee, work } = await outcomeOf(play);
  return fee + work;
};
const idlePrice = () => priceOf(idle);

/** What settling on the way may change (P4). */
const ROUNDING = HOARD / 10n ** 12n + 5n;

async function expectHalf(play: Play): Promise<void> {
  expect(2n * (await priceOf(play)) >= (await idlePrice()), play.name).to.equal(true);
}

/** The cheat pays the idle price, up to `tolerance`. */
async function expectIdlePrice(play: Play, tolerance = 0n): Promise<void> {
  const [{ fee }, price] = [await outcomeOf(play), await idlePrice()];
  expect(fee, play.name).to.be.within(price - tolerance, price + tolerance);
  await expectHalf(play);
}

/** Each FTNS of its work saves less than an FTNS of fees. */
async function expectWorkNotWorthIt(play: Play): Promise<void> {
  const { fee, work } = await outcomeOf(play);
  expect((await idlePrice()) - fee, play.name).to.be.lessThan(work);
}

describe("what a hoarder of 1,000,000 FTNS pays in a year (P180)", function () {
  this.timeout(300_000);

  it("idle wallet: 114,574 FTNS", async () => {
    expect(whole(await idlePrice())).to.equal("114,574");
    expect((await outcomeOf(idle)).work).to.equal(0n);
  });

  describe("with exits of the vault", () => {
    it("a matured exit as a car park: the idle price, to the wei", () => expectIdlePrice(exits.maturedExit));
    it("100 boxes of 10,000: the idle price", () => expectIdlePrice(exits.hundredBoxes, ROUNDING));
    it("a ladder of eight exits, one ready a day: the idle price", () => expectIdlePrice(exits.exitLadder, ROUNDING));
  });

  describe("with newcomers' graces", () => {
    it("rotation of newcomers' graces: three times the idle price in work, for no fee at all (P181)", async () => {
      const { fee, work } = await outcomeOf(graces.graceRotation);
      expect(fee).to.equal(0n);
      expect(work).to.be.greaterThan(3n * (await idlePrice()));
      await expectWorkNotWorthIt(graces.graceRotation);
    });

    it("a contract in grace as a public car park: each grace saves less than 3 FTNS, for 8 of work", async () => {
      const { fee, work } = await outcomeOf(graces.graceCarPark);
      expect(work).to.be.within(40n * FTNS, 41n * FTNS);
      expect(fee).to.be.greaterThan((await idlePrice()) - 15n * FTNS);
      await expectWorkNotWorthIt(graces.graceCarPark);
      await expectHalf(graces.graceCarPark);
    });
  });

  describe("by washing", () => {
    for (const [play, words] of [
      [washing.washingLoop, "a washing loop of 100 rounds in one transaction"],
      [washing.oneAccomplice, "one round trip a day with one BASIC accomplice"],
      [washing.tenAccomplices, "one round trip a day with ten POWER accomplices"],
    ] as const) {
      it(`${words}: the idle price, and the work on top`, async () => {
        expect((await outcomeOf(play)).work).to.be.greaterThan(70n * FTNS);
        await expectIdlePrice(play, ROUNDING);
      });
    }

    it("as much vouching as it takes: more in work than it saves, by a BASIC or a POWER hoarder (P181)", async () => {
      for (const play of [washing.boughtBandBasic, washing.boughtBandPower]) {
        const { fee } = await outcomeOf(play);
        expect(2n * fee, play.name).to.be.lessThan(await idlePrice());
        await expectWorkNotWorthIt(play);
        await expectHalf(play);
      }
    });

    it("two own contributor accounts trading with each other: POWER's half, and two accounts' work", async () => {
      await expectHalf(washing.twoOwnAccounts);
      // The trading brings nothing that one account's tier would not.
      expect(await priceOf(washing.twoOwnAccounts)).to.be.greaterThan(await priceOf(washing.powerIdle));
    });

    it("POWER, idle: half of the idle price, the owner's rule, and the work that it takes", async () => {
      const { fee, work } = await outcomeOf(washing.powerIdle);
      expect(work).to.be.within(654n * FTNS, 655n * FTNS);
      expect(2n * fee).to.be.within(await idlePrice(), ((await idlePrice()) * 104n) / 100n);
      await expectHalf(washing.powerIdle);
    });
  });

  describe("by hiding", () => {
    it("dust wallets, 333,334 of just under 3 FTNS: the idle price, and 50,000 gas for each", async () => {
      await expectIdlePrice(hiding.dustWallets, FTNS);
      expect((await outcomeOf(hiding.dustWallets)).gas).to.be.greaterThan(333_334n * 50_000n);
    });

    it("dust so fine that it pays nothing: the gas of a chain's years", async () => {
      const { fee, gas } = await outcomeOf(hiding.finestDust);
      expect(fee).to.equal(0n);
      expect(gas).to.be.greaterThan(10n ** 16n);
    });

    it("wrapping: the idle price", () => expectIdlePrice(hiding.wrapping, ROUNDING));
    it("settling at 01:59, and moving on: the idle price", () => expectIdlePrice(hiding.settlingEarly, ROUNDING));
  });
});

describe("all ways that keep the coins at hand", () => {
  it("cost at least half of the idle price, but for the one that costs gas (P180)", async () => {
    const ways = PLAYS.filter(({ group, liquid, pricedInGas }) => group === "cheat" && liquid && !pricedInGas);
    expect(ways.length).to.equal(16);
    for (const play of ways) await expectHalf(play);
  });

  it("save less than half an FTNS for an FTNS of work by each, and hardly more than one by all three at their best (P181)", async () => {
    const price = await idlePrice();
    const savedBy = async (play: Play) => {
      const { fee, work } = await outcomeOf(play);
      return ((price - fee) * FTNS) / work;
    };
    const broughtBy = async (play: Play) => {
      const { work, brings, without } = await outcomeOf(play);
      return ((brings! - without!) * FTNS) / work;
    };
    const saved = [await savedBy(graces.graceRotation), await savedBy(washing.boughtBandBasic)];
    const [steady, best] = [await broughtBy(stakes.bestCommitments), await broughtBy(stakes.outlivingCover)];
    for (const one of [...saved, steady, best]) expect(one).to.be.lessThan(FTNS / 2n);
    expect(saved[0]! + saved[1]! + steady).to.be.lessThan(FTNS);
    // No identity sells all three at their best: who covers a large stake works too much for a grace.
    expect(saved[0]! + saved[1]! + best).to.be.within(FTNS, (107n * FTNS) / 100n);
  });
});

describe("what stakes bring (P182)", function () {
  this.timeout(300_000);

  it("staking without contribution: no fee, 1.5 %, and 0.23 % for the seven days of leaving", async () => {
    const { fee, brings, leaving } = await outcomeOf(stakes.staking);
    expect(fee).to.equal(0n);
    expect(brings).to.equal(15_000n * FTNS);
    expect(whole(leaving!)).to.equal("2,331");
  });

  it("liquid shares of a stake: nothing while they go from hand to hand (figures only: no rule of ours reaches them)", async () => {
    const { fee, brings, leaving } = await outcomeOf(stakes.liquidShares);
    expect(fee).to.equal(0n);
    expect(brings).to.equal(15_000n * FTNS);
    expect(leaving).to.be.greaterThan((HOARD * 23n) / 10_000n);
  });

  it("dust commitments under a 10,000,000 stake: not a wei more", async () => {
    const { brings, without } = await outcomeOf(stakes.dustCommitments);
    expect(without).to.equal(150_000n * FTNS);
    // Each of its settlements rounds down.
    expect(brings! - without!).to.be.within(-100n, 0n);
  });

  it("five commitments under the same stake, as BASIC or POWER: a quarter of the work they take, at most (P181)", async () => {
    for (const play of [stakes.leastCommitments, stakes.bestCommitments]) {
      const { work, brings, without } = await outcomeOf(play);
      expect(brings! - without!, play.name).to.be.within(work / 10n, work / 4n);
    }
  });

  it("a 90,000,000 stake that claims a year's yield at once: a contributor of 4,000 FTNS a day is paid in full", async () => {
    const { brings } = await outcomeOf(stakes.yearsYieldAtOnce); // which looks at every single day
    expect(brings).to.be.greaterThan(0n);
  });
});

describe("what honest people pay in a year", function () {
  this.timeout(300_000);

  /** In hundredths of a percent of what it holds. */
  const shareOf = async (play: Play) => {
    const { fee, holds } = await outcomeOf(play);
    return (fee * 10_000n) / holds!;
  };

  it("a shop that turns over three times its balance with 200 customers: 2 %, and 7 % where a fifth of them contribute", async () => {
    expect(await shareOf(people.busyShop)).to.be.within(170n, 200n);
    expect(await shareOf(people.shopOfStrangers)).to.be.within(650n, 750n);
  });

  it("a contributor who spends what it earns: less than 1 %", async () => {
    expect(await shareOf(people.contributor)).to.be.within(1n, 100n);
  });

  it("a user who only pays for AI: some 3 %", async () => {
    expect(await shareOf(people.aiUser)).to.be.within(100n, 400n);
  });

  it("a newcomer who keeps what it earns: less than the idle price", async () => {
    expect((await outcomeOf(people.newcomer)).fee).to.be.within(FTNS, 10n * FTNS);
    expect(await shareOf(people.newcomer)).to.be.lessThan(1_145n);
  });

  it("a pool, of wFTNS or of FTNS: what an idle wallet pays", async () => {
    for (const play of [pools.wrappedPool, pools.plainPair]) expect(await shareOf(play)).to.equal(1_145n);
  });
});

describe("what the texts say of attacks", function () {
  this.timeout(300_000);

  const all = async () => {
    const outcomes = new Map<Play, Outcome>();
    for (const play of PLAYS) outcomes.set(play, await outcomeOf(play));
    return outcomes;
  };

  it("README names all that shelters, and nothing else", async () => {
    const price = await idlePrice();
    const sheltering = [...(await all())].filter(
      ([{ group, pricedInGas }, { fee }]) => group === "cheat" && !pricedInGas && fee < (price * 95n) / 100n,
    );
    const named = sheltering.map(([play]) => play.shelter ?? `not in the README: ${play.name}`);
    const text = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    const rows = /\| what shelters \|.*\n\| ---.*\n((?:\|.*\n)+)/.exec(text)?.[1]?.trim().split("\n") ?? [];
    expect(rows.map((row) => row.split("|")[1]!.trim()).sort()).to.deep.equal([...new Set(named)].sort());
    const rowOf = (what: string) => rows.find((row) => row.startsWith(`| ${what} |`));
    const { leaving } = await outcomeOf(stakes.staking);
    expect(rowOf("a stake")).to.contain(`(${cents((leaving! * 100n) / (HOARD / FTNS))} %)`);
    const { work } = await outcomeOf(graces.graceRotation);
    expect(rowOf("a newcomer's grace")).to.contain(`| 100 FTNS for 90 days | ${whole(work / 50_000n)} FTNS of work,`);
  });

  it("docs/attacks.md is what the plays give (UPDATE_DOCS=1 rewrites it) (P183)", async () => {
    const page = pageOf(await all(), await idlePrice());
    if (process.env.UPDATE_DOCS === "1") writeFileSync(FILE, page);
    expect(readFileSync(FILE, "utf8")).to.equal(page);
  });
});
