import type { PersonaFactory } from "../persona.ts";

/**
 * Coins go round between the trader and two contributors, who lend the flow as activity: each proves 45 FTNS of work times
 * quality a week and so can lend 900, and the trades take 840 of it.
 */
export const steadyTrader: PersonaFactory = ({ treasury, tomas, ana, ben }) => ({
  id: "trader",
  name: "Tomás",
  title: "the steady trader",
  story: "Contributes nothing himself, but every day buys work worth 60 FTNS from Ana and sells Ben services for as much.",
  holds: "FTNS",
  wallets: [tomas],
  async prepare(stage) {
    await stage.pay(treasury, tomas, "1000");
    await stage.pay(treasury, ana, "300");
    await stage.pay(treasury, ben, "300");
  },
  async act(day, stage) {
    if (day % 7 === 0) {
      await stage.prove(ana, { kind: "STORAGE", units: "5000", quality: "0.9" });
      await stage.prove(ben, { kind: "COMPUTE", units: "1000", quality: "0.9" });
    }
    await stage.pay(tomas, ana, "60");
    await stage.pay(ana, ben, "60");
    await stage.pay(ben, tomas, "60");
  },
});
