// Newcomers' graces.
import { ethers, GAS, type ChainWorld } from "../chainWorld.ts";
import { FTNS, HOARD, YEAR_DAYS } from "../world.ts";
import { every, type Play } from "./play.ts";

/** A grace of 90 days spares 89 boundaries. */
const GRACE_DAYS = 89;
const ALLOWANCE = 100n * FTNS;
const stops = "In grace only 100 FTNS are spared, and a grace begins once for an account, with 8 FTNS of work or more.";

export const graceRotation: Play = {
  name: "rotation of newcomers' graces",
  group: "cheat",
  liquid: true,
  how: "Keeps 100 FTNS in each of 10,000 fresh contributors of its own, and moves them to fresh ones every 89 days.",
  stops,
  shelter: "a newcomer's grace",
  async run(chain) {
    // One of the 10,000, all of which do the same.
    const identities: string[] = [];
    await every(chain, GRACE_DAYS, YEAR_DAYS, async () => {
      const [old, next] = [identities.at(-1), `identity ${identities.length}`];
      await chain.reach("BASIC", next);
      await chain.payAll(next, "spent");
      if (old === undefined) await chain.give(next, ALLOWANCE);
      else await chain.payAll(old, next);
      identities.push(next);
    });
    const times = HOARD / ALLOWANCE;
    return {
      fee: (await chain.feesOf(...identities)) * times,
      work: chain.work * times,
      note: `One of the 10,000 was played, with its ${identities.length} identities of a year, and scaled.`,
    };
  },
};

export const graceCarPark: Play = {
  name: "a contract in grace as a public car park",
  group: "cheat",
  liquid: true,
  how: "A contract that has just become a contributor holds the coins of ten people, who move to a fresh one every 89 days.",
  stops,
  async run(chain) {
    const people = Array.from({ length: 10 }, (_, i) => `parker ${i}`);
    for (const who of people) await chain.give(who, HOARD / 10n);
    const parks: string[] = [];
    let park: Awaited<ReturnType<typeof parkIn>> | undefined;
    await every(chain, GRACE_DAYS, YEAR_DAYS, async (day) => {
      const old = park;
      parks.push(`car park ${day}`);
      park = await parkIn(chain, parks.at(-1)!);
      for (const who of people) {
        const signer = await chain.signer(who);
        if (old !== undefined) await old.connect(signer).unpark(GAS);
        await chain.allow(who, park);
        await park.connect(signer).park(await chain.balance(who), GAS);
      }
    });
    for (const who of people) await park!.connect(await chain.signer(who)).unpark(GAS);
    // What the parks were paid for their proofs, their customers have.
    return { fee: await chain.feesOf(...people, ...parks), work: chain.work };
  },
};

/** A contract in grace. */
async function parkIn(chain: ChainWorld, name: string) {
  const park = await ethers.deployContract("CarPark", [chain.d.token]);
  await chain.know(name, await park.getAddress());
  await chain.reach("BASIC", name);
  return park;
}
