import type { PersonaFactory } from "../persona.ts";

/** Arrives two fifths into the replay, so that the grace of 90 days covers the rest of the default run. */
export const newcomer: PersonaFactory = ({ treasury, nils }, totalDays) => {
  const arrival = Math.floor((totalDays * 2) / 5);
  return {
    id: "newcomer",
    name: "Nils",
    title: "the newcomer in grace",
    story: `Arrives on day ${arrival} without a coin, hands in his first proof, buys 1,000 FTNS, and keeps contributing a little each week.`,
    holds: "FTNS",
    wallets: [nils],
    async act(day, stage) {
      if (day < arrival || (day - arrival) % 7 !== 0) return;
      await stage.prove(nils, { kind: "COMPUTE", units: "300", quality: "0.8" });
      if (day === arrival) await stage.pay(treasury, nils, "1000");
    },
  };
};
