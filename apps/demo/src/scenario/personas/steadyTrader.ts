import type { PersonaFactory } from "../persona.ts";

/** Coins go round between the trader and two small contributors: real counterparties, so the flow counts as activity. */
export const steadyTrader: PersonaFactory = ({ treasury, tomas, ana, ben }) => ({
  id: "trader",
  name: "Tomás",
  title: "the steady trader",
  story: "Contributes nothing himself, but every day buys work worth 600 FTNS from Ana and sells Ben services for as much.",
  holds: "FTNS",
  wallets: [tomas],
  async prepare(stage) {
    await stage.pay(treasury, tomas, "10000");
    await stage.pay(treasury, ana, "3000");
    await stage.pay(treasury, ben, "3000");
  },
  async act(day, stage) {
    if (day % 7 === 0) {
      await stage.prove(ana, { kind: "STORAGE", units: "1250", quality: "0.9" });
      await stage.prove(ben, { kind: "COMPUTE", units: "250", quality: "0.9" });
    }
    await stage.pay(tomas, ana, "600");
    await stage.pay(ana, ben, "600");
    await stage.pay(ben, tomas, "600");
  },
});
