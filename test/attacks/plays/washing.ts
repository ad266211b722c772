// Coins sent to accomplices and back, so that they seem to move.
import { VALUE_UNIT } from "@ftns/model";
import { ethers, GAS, type ChainWorld } from "../chainWorld.ts";
import { FTNS, HOARD, TIER_DAYS, type World, YEAR_DAYS } from "../world.ts";
import { every, isProofDay, live, modelled, type Outcome, type Play } from "./play.ts";

/** The most that one proof may be worth. */
const LARGEST_PROOF = 5_000n * FTNS;
const stops = "An accomplice lends 20 times what it proved, once: rounds after that count nothing.";

export const washingLoop: Play = {
  name: "a washing loop of 100 rounds in one transaction",
  group: "cheat",
  liquid: true,
  how: "A contract that is BASIC takes all coins and gives them back, a hundred times, after each of its proofs.",
  stops,
  async run(chain) {
    const machine = await ethers.deployContract("WashingMachine");
    await chain.know("machine", await machine.getAddress());
    await chain.give("hoarder", HOARD);
    await chain.allow("hoarder", machine);
    const hoarder = await chain.signer("hoarder");
    let gas = 0n;
    await every(chain, TIER_DAYS, YEAR_DAYS, async () => {
      await chain.reach("BASIC", "machine");
      const sent = await machine.wash(chain.d.token, hoarder, await chain.balance("hoarder"), 100, GAS);
      gas += (await sent.wait())!.gasUsed;
    });
    return { fee: await chain.feesOf("hoarder"), work: chain.work, gas };
  },
};

/** A round trip of all coins a day, with accomplices that keep `tier`. */
async function dailyTrips(world: World, days: number, accomplices: readonly string[], tier: "BASIC" | "POWER"): Promise<Outcome> {
  await world.give("hoarder", HOARD);
  await live(world, days, async (day) => {
    if (isProofDay(day)) for (const who of accomplices) await world.reach(tier, who);
    await world.trip("hoarder", ...accomplices);
  });
  return { fee: await world.feesOf("hoarder"), work: world.work };
}

export const oneAccomplice: Play = {
  name: "one round trip a day with one BASIC accomplice",
  group: "cheat",
  liquid: true,
  how: "Sends all coins to a contributor every day, who sends them back.",
  stops,
  run: (chain) => dailyTrips(chain, YEAR_DAYS, ["accomplice"], "BASIC"),
};

const TEN = Array.from({ length: 10 }, (_, i) => `accomplice ${i}`);

export const tenAccomplices: Play = modelled(
  {
    name: "one round trip a day with ten POWER accomplices",
    group: "cheat",
    liquid: true,
    how: "Sends all coins to each of ten contributors of the highest tier and back, every day, in one transaction.",
    stops,
  },
  45,
  (world, days) => dailyTrips(world, days, TEN, "POWER"),
);

/**
 * Buys each day just as much vouching as keeps the hoarder in the band of 0.6 % (NONE), 0.4 % (BASIC) or 0.2 % (POWER) a month: of
 * all bands the one in which an FTNS of work saves most.
 */
async function boughtBand(world: World, days: number, own: "BASIC" | "POWER"): Promise<Outcome> {
  await world.give("hoarder", HOARD);
  await live(world, days, async (day) => {
    if (isProofDay(day)) await world.reach(own, "hoarder");
    const { balance, activity } = await world.holding("hoarder");
    // e^(1/30), because the activity decays before it is looked at.
    const missing = (balance * 36n * 1_033_896n) / 100_000_000n - activity;
    let work = missing / 20n + FTNS / 100n;
    for (; work > 0n; work -= LARGEST_PROOF) {
      const value = work < LARGEST_PROOF ? work : LARGEST_PROOF;
      await world.prove("accomplice", value - (value % VALUE_UNIT));
    }
    await world.trip("hoarder", "accomplice");
  });
  return { fee: await world.feesOf("hoarder"), work: world.work };
}

export const boughtBandBasic: Play = modelled(
  {
    name: "as much vouching as it takes, by a BASIC hoarder",
    group: "cheat",
    liquid: true,
    how: "Lets contributors work just so much each day that their vouching keeps it above 36 % of velocity, the best bargain there is.",
    stops: "Vouching takes more work than the fee it saves.",
    shelter: "vouching",
  },
  45,
  (world, days) => boughtBand(world, days, "BASIC"),
);

export const boughtBandPower: Play = modelled(
  {
    name: "as much vouching as it takes, by a POWER hoarder",
    group: "cheat",
    liquid: true,
    how: "The same by a hoarder who is itself of the highest tier.",
    stops: "Vouching takes more work than the fee it saves, and saves less where the tier has halved the fee.",
    shelter: "vouching",
  },
  45,
  (world, days) => boughtBand(world, days, "POWER"),
);

export const twoOwnAccounts: Play = modelled(
  {
    name: "two own contributor accounts trading with each other",
    group: "cheat",
    liquid: true,
    how: "Halves the hoard between two contributors of its own, both of the highest tier, who pay each other all they have every day.",
    stops: "Both lend only what they proved. What is left is the tier's own half.",
    shelter: "POWER",
  },
  46,
  async (world, days) => {
    for (const who of ["one", "other"]) await world.give(who, HOARD / 2n);
    await live(world, days, async (day) => {
      if (isProofDay(day)) for (const who of ["one", "other"]) await world.reach("POWER", who);
      const amount = await world.balance("one");
      await world.pay("one", "other", amount);
      await world.pay("other", "one", amount);
    });
    return { fee: await world.feesOf("one", "other"), work: world.work };
  },
);

export const powerIdle: Play = {
  name: "POWER, idle",
  group: "cheat",
  liquid: true,
  how: "Keeps the highest tier by 73 FTNS of own work every 43 days, and lets all coins lie.",
  stops:
    "Nothing: that the highest tier pays half is the owner's rule. A contract of that tier may hold others' coins as well; they pay no less.",
  shelter: "POWER",
  async run(chain: ChainWorld) {
    await chain.give("hoarder", HOARD);
    await every(chain, TIER_DAYS, YEAR_DAYS, async () => {
      const before = await chain.balance("hoarder");
      await chain.reach("POWER", "hoarder");
      await chain.pay("hoarder", "spent", (await chain.balance("hoarder")) - before);
    });
    return { fee: await chain.feesOf("hoarder"), work: chain.work };
  },
};
