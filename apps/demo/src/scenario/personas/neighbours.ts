import { parseEther } from "ethers";
import type { PersonaFactory } from "../persona.ts";
import { stake } from "../staking.ts";

/** An emergency vote needs five distinct voters of tier BASIC or higher: these four, and Stella. */
export const neighbours: PersonaFactory = ({ treasury, neighbours: wallets }) => ({
  id: "neighbours",
  name: "Neighbours",
  title: "four who stake and vote",
  story:
    "Vera, Vito, Viola and Veit, four small contributors: each lends a little storage every other week, stakes 40,000 FTNS, and votes.",
  holds: "FTNS",
  wallets,
  async prepare(stage) {
    for (const wallet of wallets) await stage.pay(treasury, wallet, "40500");
  },
  async act(day, stage) {
    if (day % 14 === 0) {
      for (const wallet of wallets) await stage.prove(wallet, { kind: "STORAGE", units: "1500", quality: "0.9" });
    }
    if (day === 0) for (const wallet of wallets) await stake(stage, wallet, parseEther("40000"));
  },
});
