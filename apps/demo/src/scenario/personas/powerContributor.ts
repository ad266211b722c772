import type { PersonaFactory } from "../persona.ts";

/** Several kinds of work each week, documentation every other week with a peer's review. */
export const powerContributor: PersonaFactory = ({ treasury, pia, ana }) => ({
  id: "power",
  name: "Pia",
  title: "the power contributor",
  story:
    "Runs a small data centre: storage and compute every week, teaching and documentation every other week. Keeps what she earns.",
  holds: "FTNS",
  wallets: [pia],
  async prepare(stage) {
    await stage.pay(treasury, pia, "2000");
  },
  async act(day, stage) {
    if (day % 7 !== 0) return;
    await stage.prove(pia, { kind: "STORAGE", units: "200000", quality: "0.95" });
    await stage.prove(pia, { kind: "COMPUTE", units: "40000", quality: "0.92" });
    if (day % 14 === 0) await stage.prove(pia, { kind: "TEACHING", units: "2", quality: "0.9" });
    else await stage.prove(pia, { kind: "DOCUMENTATION", units: "4", quality: "0.9", reviewers: [ana] });
  },
});
