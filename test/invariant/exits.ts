// Anyone writes down what is due on what somebody has on its way out: it changes no view.
import { expect } from "chai";
import { dayOf } from "../helpers/time.ts";
import { GAS } from "./life.ts";
import type { EconomyWorld } from "./world.ts";

export class Exits {
  readonly acts = [() => this.#settle(), () => this.#settle()];
  /** Fees above zero that were written down. */
  charged = 0;
  readonly #world: EconomyWorld;

  constructor(world: EconomyWorld) {
    this.#world = world;
  }

  /** P170, P3: pending amounts and balances stay; the pool gets the fee out of what the vault holds. */
  async #settle(): Promise<void> {
    const { economy, people, random } = this.#world;
    const { vault, addresses } = economy;
    for (const { address } of random.shuffle(people)) {
      const { pending, chargedThrough } = await vault.stakeOf(address);
      if (pending === 0n) continue;
      const day = random.chance(0.7) ? dayOf(this.#world.now + 1n) : random.bigint(chargedThrough, dayOf(this.#world.now + 1n));
      const [before, exits] = [await this.#world.holdings(), await this.#pending()];
      const written = await vault.totalPending();
      await this.#world.send(`the exit of ${address} is charged through day ${day}`, () => vault.settleExit(address, day, GAS));
      const fee = written - (await vault.totalPending());
      expect(fee >= 0n, "P170: a fee").to.equal(true);
      if (fee > 0n) this.charged++;
      // Through today it changes nothing; through an earlier day, what is due is cut in two, which moves it by P4's rounding.
      const slack = (amount: bigint) => (day === dayOf(this.#world.now) ? 0n : amount / 10n ** 12n + 5n);
      for (const [i, amount] of (await this.#pending()).entries()) {
        const moved = amount > exits[i]! ? amount - exits[i]! : exits[i]! - amount;
        expect(moved <= slack(amount), `P170: charging an exit moved one by ${moved}`).to.equal(true);
      }
      const after = await this.#world.holdings();
      after.forEach(({ address: holder, balance }, i) => {
        const gains = holder === addresses.pool ? fee : holder === addresses.vault ? -fee : 0n;
        // The vault and the pool are never charged; whoever else is touched here owes what it owed.
        expect(balance - before[i]!.balance, `P170: charging an exit moved ${holder}`).to.equal(gains);
      });
      return;
    }
  }

  async #pending(): Promise<bigint[]> {
    const { vault } = this.#world.economy;
    return Promise.all(this.#world.people.map(async ({ address }) => (await vault.stakeOf(address)).pending));
  }
}
