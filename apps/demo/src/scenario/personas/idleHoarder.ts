import type { PersonaFactory } from "../persona.ts";

export const idleHoarder: PersonaFactory = ({ treasury, hana }) => ({
  id: "hoarder",
  name: "Hana",
  title: "the idle hoarder",
  story: "Received 100,000 FTNS on the day of launch and has not touched them since.",
  holds: "FTNS",
  wallets: [hana],
  async prepare(stage) {
    await stage.pay(treasury, hana, "100000");
  },
});
