import { parseEther } from "ethers";
import type { PersonaFactory } from "../persona.ts";
import { claimYield, stake } from "../staking.ts";

export const passiveStaker: PersonaFactory = ({ treasury, paul }) => ({
  id: "passive",
  name: "Paul",
  title: "the passive staker",
  story: "Stakes 50,000 FTNS at launch and contributes nothing. Claims once a month what the pool's fees can pay him.",
  holds: "FTNS",
  wallets: [paul],
  async prepare(stage) {
    await stage.pay(treasury, paul, "52000");
  },
  async act(day, stage) {
    if (day === 0) await stake(stage, paul, parseEther("50000"));
    await claimYield(stage, paul, day);
  },
});
