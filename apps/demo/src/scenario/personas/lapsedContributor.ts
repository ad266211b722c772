import type { PersonaFactory } from "../persona.ts";

/** Three weeks of work, each less than the one before; the tier steps down by itself as the proofs leave the window. */
export const lapsedContributor: PersonaFactory = ({ treasury, lena }) => ({
  id: "lapsed",
  name: "Lena",
  title: "the lapsed contributor",
  story: "Contributed a lot in the first week, less in the second, little in the third, and then stopped. Keeps 20,000 FTNS.",
  holds: "FTNS",
  wallets: [lena],
  async prepare(stage) {
    await stage.pay(treasury, lena, "20000");
  },
  async act(day, stage) {
    if (day === 0) {
      await stage.prove(lena, { kind: "STORAGE", units: "12000", quality: "0.9" });
      await stage.prove(lena, { kind: "COMPUTE", units: "1600", quality: "0.9" });
    }
    if (day === 7) await stage.prove(lena, { kind: "STORAGE", units: "6000", quality: "0.9" });
    if (day === 14) await stage.prove(lena, { kind: "COMPUTE", units: "600", quality: "0.9" });
  },
});
