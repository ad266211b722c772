// Graces of a random life: what they spare, and that nobody has two.
import { expect } from "chai";
import type { TestEconomy } from "../helpers/economy.ts";
import { dayOf } from "../helpers/time.ts";
import { CLASS, FTNS, happeningsIn, least, type Holding, type Step } from "./step.ts";

const ALLOWANCE = 100n * FTNS;
const GRACE_DAYS = 90n;

export class GraceWatch {
  /** Times at which grace spared a balance what an idle account would have paid. */
  spared = 0;
  readonly #economy: TestEconomy;
  readonly #begun = new Set<string>();

  constructor(economy: TestEconomy) {
    this.#economy = economy;
  }

  /** P18: while grace lasts, time takes no balance below the allowance, and none that is below it anything. */
  rested(before: readonly Holding[], after: readonly Holding[], passedDays: bigint): void {
    after.forEach(({ address, balance, graceUntil }, i) => {
      if (graceUntil === 0n) return;
      const floor = least(before[i]!.balance, ALLOWANCE);
      expect(balance >= floor, `P18: ${address} in grace fell from ${before[i]!.balance} to ${balance}`).to.equal(true);
      if (passedDays > 0n && balance === floor) this.spared++;
    });
  }

  /** P33: grace begins once, for 90 days, with the act that lifts a plain account to BASIC. */
  acted({ after, now, receipt, before }: Step): void {
    for (const { name, args } of happeningsIn(this.#economy, receipt)) {
      if (name !== "GraceStarted") continue;
      const address = args.account as string;
      expect(this.#begun.has(address), `P33: ${address} has a second grace`).to.equal(false);
      this.#begun.add(address);
      expect(args.graceUntil, "P33: length of a grace").to.equal(dayOf(now) + GRACE_DAYS);
      const [was, is] = [before, after].map((holdings) => holdings.find((holding) => holding.address === address)!);
      expect([was!.isBasic, is!.isBasic, is!.accountClass], "P33: grace begins at BASIC").to.deep.equal([
        false,
        true,
        CLASS.STANDARD,
      ]);
    }
    for (const { address, graceUntil } of after) {
      if (graceUntil > 0n) expect(this.#begun.has(address), `P33: ${address} is in grace since when?`).to.equal(true);
    }
  }
}
