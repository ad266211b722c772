import { HOARD, YEAR_DAYS } from "../world.ts";
import type { Play } from "./play.ts";

export const idle: Play = {
  name: "an idle wallet",
  group: "cheat",
  liquid: true,
  how: "Does nothing for a year.",
  stops: "This is the idle price, which all others are measured by.",
  async run(chain) {
    await chain.give("hoarder", HOARD);
    await chain.pass(YEAR_DAYS);
    return { fee: await chain.feesOf("hoarder"), work: 0n };
  },
};
