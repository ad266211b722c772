// Coins that are on their way out of the vault, or could be taken out of it.
import { ethers, GAS, type ChainWorld } from "../chainWorld.ts";
import { HOARD, YEAR_DAYS } from "../world.ts";
import { live, type Play } from "./play.ts";

const stops = "What leaves the vault pays like an idle wallet without a tier from the request on, ready or not.";

export const maturedExit: Play = {
  name: "a matured exit as a car park",
  group: "cheat",
  liquid: true,
  how: "Stakes all, asks for it back at once, and leaves it ready in the vault until it is needed.",
  stops,
  async run(chain) {
    const { vault } = chain.d;
    const mine = vault.connect(await chain.signer("hoarder"));
    await chain.give("hoarder", HOARD);
    await chain.allow("hoarder", vault);
    await mine.stake(HOARD, GAS);
    await mine.requestUnstake(HOARD, GAS);
    await chain.pass(YEAR_DAYS);
    await mine.withdraw(GAS);
    return { fee: await chain.feesOf("hoarder"), work: 0n };
  },
};

async function boxesOf(chain: ChainWorld, count: number) {
  const boxes = await ethers.deployContract("Boxes", [chain.d.token, chain.d.vault]);
  const mine = boxes.connect(await chain.signer("hoarder"));
  await chain.give("hoarder", HOARD);
  await chain.allow("hoarder", boxes);
  for (let made = 0; made < count; made += 10) await mine.fill(Math.min(10, count - made), HOARD / BigInt(count), GAS);
  return mine;
}

export const hundredBoxes: Play = {
  name: "100 boxes of 10,000",
  group: "cheat",
  liquid: true,
  how: "Leaves a hundred matured exits of contracts of its own, and opens one whenever it needs 10,000.",
  stops,
  async run(chain) {
    const boxes = await boxesOf(chain, 100);
    await chain.pass(YEAR_DAYS);
    for (let from = 0; from < 100; from += 25) await boxes.empty(from, from + 25, GAS);
    return { fee: await chain.feesOf("hoarder"), work: 0n };
  },
};

export const exitLadder: Play = {
  name: "a ladder of eight exits",
  group: "cheat",
  liquid: true,
  how: "Sends each of eight boxes through the vault again on the day on which it is ready, so that an eighth is always at hand.",
  stops,
  async run(chain) {
    const boxes = await boxesOf(chain, 8);
    await chain.pass(8);
    await live(chain, YEAR_DAYS - 16, async (day) => {
      await boxes.turn(day % 8, GAS);
    });
    await chain.pass(8);
    await boxes.empty(0, 8, GAS);
    return { fee: await chain.feesOf("hoarder"), work: 0n };
  },
};
