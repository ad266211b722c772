import type { PersonaFactory } from "../persona.ts";

/** When he has seen enough to buy more than the allowance. */
const BUYS_AFTER_DAYS = 14;

/**
 * Arrives two fifths into the replay, so that the grace of 90 days covers the rest of the default run. First he stays below its
 * allowance of 100 FTNS, then he goes above it.
 */
export const newcomer: PersonaFactory = ({ treasury, nils }, totalDays) => {
  const arrival = Math.floor((totalDays * 2) / 5);
  return {
    id: "newcomer",
    name: "Nils",
    title: "the newcomer in grace",
    story: `Arrives on day ${arrival} without a coin, hands in his first proof, buys 40 FTNS, and keeps contributing a little each week. Two weeks later he buys 1,000 more.`,
    holds: "FTNS",
    wallets: [nils],
    async act(day, stage) {
      if (day < arrival || (day - arrival) % 7 !== 0) return;
      await stage.prove(nils, { kind: "COMPUTE", units: "300", quality: "0.8" });
      if (day === arrival) await stage.pay(treasury, nils, "40");
      if (day === arrival + BUYS_AFTER_DAYS) await stage.pay(treasury, nils, "1000");
    },
  };
};
