import { parseEther } from "ethers";
import type { PersonaFactory } from "../persona.ts";
import { claimYield, stake } from "../staking.ts";

const STAKE = parseEther("60000");
/** Comes out while transfers are halted: it is asked for a week and a bit before. */
export const EARLY_EXIT = parseEther("20000");
export const EXIT_ASKED_DAYS_BEFORE_END = 6;

/** Before the pool has fees to speak of, so that her yield is minted. */
const FIRST_CLAIM_DAY = 14;

/** Stakes, and keeps the commitments that raise a staker's yield: four by her work, and for a month the fifth by her vote. */
export const committedStaker: PersonaFactory = ({ treasury, stella, ana, ben }, totalDays) => ({
  id: "staker",
  name: "Stella",
  title: "the committed staker",
  story:
    "Stakes 60,000 FTNS at launch and contributes storage, compute, data and teaching, which are four of the five commitments that raise her yield; her vote is the fifth. What she contributes covers a part of her stake. Claims once a month, and once before.",
  holds: "FTNS",
  wallets: [stella],
  async prepare(stage) {
    await stage.pay(treasury, stella, "62000");
  },
  async act(day, stage) {
    if (day % 7 === 0) {
      await stage.prove(stella, { kind: "STORAGE", units: "5000", quality: "0.9" });
      await stage.prove(stella, { kind: "COMPUTE", units: "800", quality: "0.9" });
    }
    if (day % 14 === 0) {
      await stage.prove(stella, { kind: "DATA", units: "3", quality: "0.9", reviewers: [ana, ben] });
      await stage.prove(stella, { kind: "TEACHING", units: "1", quality: "0.9" });
    }
    if (day === 0) await stake(stage, stella, STAKE);
    await claimYield(stage, stella, day, FIRST_CLAIM_DAY);
    if (day === totalDays - EXIT_ASKED_DAYS_BEFORE_END) {
      await stella.send(stage.economy.vault.requestUnstake.populateTransaction(EARLY_EXIT));
    }
  },
});
