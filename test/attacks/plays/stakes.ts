// What is locked in a stake for seven days, and what is built on it.
import { expect } from "chai";
import { ethers, GAS, type ChainWorld } from "../chainWorld.ts";
import { FTNS, HOARD, YEAR_DAYS } from "../world.ts";
import { every, live, type Outcome, type Play } from "./play.ts";

async function stake(chain: ChainWorld, who: string, amount: bigint, minute = 10) {
  const vault = chain.d.vault.connect(await chain.signer(who));
  await chain.give(who, amount);
  await chain.allow(who, vault);
  await chain.atMinute(minute);
  await vault.stake(amount, GAS);
  return vault;
}

/** Claims, after the treasury's fees have reached the pool; gives what was paid. */
async function claim(chain: ChainWorld, who: string, minute = 10): Promise<bigint> {
  const signer = await chain.signer(who);
  await chain.d.token.settle(chain.d.people.treasury, GAS);
  const before = await chain.d.token.balanceOf(signer);
  await chain.atMinute(minute);
  await chain.d.vault.connect(signer).claim(GAS);
  return (await chain.d.token.balanceOf(signer)) - before;
}

export const staking: Play = {
  name: "staking",
  group: "cheat",
  liquid: false,
  how: "Stakes all without contributing, claims the yield after a year, and leaves.",
  stops: "Nothing: a stake that takes seven days to leave is the one shelter of those who do not contribute.",
  shelter: "a stake",
  async run(chain) {
    const vault = await stake(chain, "hoarder", HOARD);
    await chain.pass(YEAR_DAYS);
    const { staked } = await vault.stakeOf(await chain.signer("hoarder"));
    const brings = await claim(chain, "hoarder");
    await vault.requestUnstake(HOARD, GAS);
    await chain.passExit();
    const idle = await chain.balance("hoarder");
    await vault.withdraw(GAS);
    const leaving = HOARD - ((await chain.balance("hoarder")) - idle);
    return { fee: HOARD - staked, work: 0n, brings, leaving };
  },
};

export const liquidShares: Play = {
  name: "liquid shares of a stake",
  group: "cheat",
  liquid: false,
  how: "A third party stakes for everybody and issues shares of the stake, which are paid from hand to hand.",
  stops:
    "Nothing: the coins are locked, a claim on them is not. Its price is that of its market; whoever wants coins waits seven days.",
  shelter: "a stake",
  async run(chain) {
    const shares = await ethers.deployContract("LiquidStake", [chain.d.token, chain.d.vault]);
    await chain.know("issuer", await shares.getAddress());
    await chain.give("holder 0", HOARD);
    await chain.allow("holder 0", shares);
    await chain.atMinute(10);
    await shares.connect(await chain.signer("holder 0")).deposit(HOARD, GAS);
    let hands = 0;
    await every(chain, 30, YEAR_DAYS, async () => {
      const [from, to] = [await chain.signer(`holder ${hands}`), await chain.signer(`holder ${++hands}`)];
      await shares.connect(from).transfer(to, HOARD, GAS);
    });
    await chain.d.token.settle(chain.d.people.treasury, GAS);
    const before = await chain.d.vault.stakedOf(shares);
    await chain.atMinute(10);
    await shares.compound(GAS);
    const brings = (await chain.d.vault.stakedOf(shares)) - before;
    const last = await chain.signer(`holder ${hands}`);
    await shares.connect(last).requestOut(HOARD, GAS);
    await chain.passExit();
    await shares.connect(last).takeOut(GAS);
    const leaving = HOARD + brings - (await chain.balance(`holder ${hands}`));
    return { fee: HOARD - before, work: 0n, brings, leaving, note: `The shares went through ${hands} hands, for nothing.` };
  },
};

const COMMITMENTS = ["STORAGE", "COMPUTE", "GOVERNANCE", "MODEL", "RESEARCH"] as const;
const LARGE_STAKE = 10n * HOARD;

/** A large stake with five proofs worth `each` every 30 days, beside one without. */
async function committed(chain: ChainWorld, each: bigint): Promise<Outcome> {
  await stake(chain, "staker without proofs", LARGE_STAKE);
  await stake(chain, "hoarder", LARGE_STAKE, 20);
  await every(chain, 30, YEAR_DAYS, async () => {
    for (const kind of COMMITMENTS) await chain.prove("hoarder", each, kind);
  });
  const without = await claim(chain, "staker without proofs");
  return { fee: 0n, work: chain.work, holds: LARGE_STAKE, brings: await claim(chain, "hoarder", 20), without };
}

export const dustCommitments: Play = {
  name: "dust commitments under a 10,000,000 stake",
  group: "cheat",
  liquid: false,
  how: "Lands five proofs worth a tenth of an FTNS together every 30 days, so that a large stake earns as a contributor's.",
  stops: "A commitment takes a proof of 2 FTNS, and a stake earns by tier and commitments only up to 20 times the score.",
  shelter: "a stake",
  run: (chain) => committed(chain, FTNS / 50n),
};

export const leastCommitments: Play = {
  name: "the least commitments under a 10,000,000 stake",
  group: "cheat",
  liquid: false,
  how: "The same with proofs of 2 FTNS each, which are BASIC and five commitments.",
  stops: "A stake earns by tier and commitments only up to 20 times the score, 275 FTNS here.",
  shelter: "a stake",
  run: (chain) => committed(chain, 2n * FTNS),
};

export const bestCommitments: Play = {
  name: "POWER and commitments under a 10,000,000 stake",
  group: "cheat",
  liquid: false,
  how: "The same with proofs of 20 FTNS each, which are POWER and five commitments.",
  stops: "The same, 2,750 FTNS here: what it earns more is a contributor's, and less than the work it takes.",
  shelter: "a stake",
  run: (chain) => committed(chain, 20n * FTNS),
};

/** Work in five kinds on a day, and the least that on day 29 keeps tier and cover for 43 days more. */
const [FULL, FOLLOW_UP] = [400n * FTNS, 15n * FTNS];
const [FOLLOW_UP_DAY, CYCLE_DAYS] = [29, 72];

export const outlivingCover: Play = {
  name: "a cover that outlives its work, under a 10,000,000 stake",
  group: "cheat",
  liquid: false,
  how: "Proves 2,000 FTNS on a day, and 75 FTNS on the last day on which both lie in the window; five times, 72 days each.",
  stops:
    "The cover is that of the latest proof's 30 days, and ends with the tier, 43 days later. It brings half of the work at most.",
  shelter: "a stake",
  async run(chain): Promise<Outcome> {
    await stake(chain, "staker without proofs", LARGE_STAKE);
    await stake(chain, "hoarder", LARGE_STAKE, 20);
    for (let cycle = 0; cycle < 5; cycle++) {
      for (const kind of COMMITMENTS) await chain.prove("hoarder", FULL, kind);
      await chain.pass(FOLLOW_UP_DAY);
      for (const kind of COMMITMENTS) await chain.prove("hoarder", FOLLOW_UP, kind);
      await chain.pass(CYCLE_DAYS - FOLLOW_UP_DAY);
    }
    const without = await claim(chain, "staker without proofs");
    return { fee: 0n, work: chain.work, holds: LARGE_STAKE, brings: await claim(chain, "hoarder", 20), without };
  },
};

/** Earns 4,000 FTNS a day: POWER multiplies by 1.6. */
const DAILY_VALUE = 2_500n * FTNS;
const DAILY_REWARD = (DAILY_VALUE * 16n) / 10n;
const CLAIM_DAYS = 30;

export const yearsYieldAtOnce: Play = {
  name: "a 90,000,000 stake that claims a year's yield at once",
  group: "cheat",
  liquid: false,
  how: "Claims before anybody else on each of 30 days, while a contributor earns 4,000 FTNS a day.",
  stops:
    "Where contribution does not cover it, yield comes out of fees alone; and it gets at most 30 % of a day's means, none of the contributions' part.",
  shelter: "a stake",
  async run(chain): Promise<Outcome> {
    const amount = 90n * HOARD;
    await stake(chain, "staker", amount);
    await chain.pass(YEAR_DAYS);
    const [, owed] = await chain.d.vault.yieldOf(await chain.signer("staker"));
    let brings = 0n;
    await live(chain, CLAIM_DAYS, async (day) => {
      const claimed = await claim(chain, "staker");
      expect(claimed, `day ${day}`).to.be.greaterThan(0n);
      brings += claimed;
      const before = await chain.balance("contributor");
      await chain.prove("contributor", DAILY_VALUE);
      expect((await chain.balance("contributor")) - before, `day ${day}`).to.equal(DAILY_REWARD);
    });
    const note = `It got ${(brings * 100n) / owed} % of it in these days; the contributor was paid in full on each.`;
    return { fee: 0n, work: 0n, holds: amount, brings, note };
  },
};
