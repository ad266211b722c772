/** The market desk of SPEC 14 in doubles: it sells above the path and buys below it, never mints, never trades at more than 0.3 % worse. */
import { DESK, LAUNCH_PRICE, LAUNCH_SUPPLY } from "./assumptions.ts";

export class Desk {
  /** FTNS and USD. */
  inventory: number;
  reserve: number;
  /** Worth of both at launch prices. */
  readonly #begun: number;
  readonly #inventoryBegun: number;
  sold = 0;
  bought = 0;

  constructor({ inventory, reserve }: { inventory: number; reserve: number }) {
    this.inventory = inventory * LAUNCH_SUPPLY;
    this.reserve = reserve * LAUNCH_SUPPLY * LAUNCH_PRICE;
    this.#inventoryBegun = this.inventory;
    this.#begun = this.reserve;
  }

  /** The inventory pays demurrage like anyone's without a tier; gives the fee. */
  charge(): number {
    const fee = this.inventory / 3_000;
    this.inventory -= fee;
    return fee;
  }

  /** A day's trade at `price` with the path at `path`: FTNS sold, negative where bought, at most `offered`. */
  trade(price: number, path: number, supply: number, offered: number): number {
    if (price > path * DESK.above) {
      const coins = Math.min(DESK.perDay * supply, DESK.perDayOfStock * this.inventory);
      this.inventory -= coins;
      this.reserve += coins * price * (1 - DESK.takers);
      this.sold += coins;
      return coins;
    }
    if (price < path * DESK.below) {
      const dollars = Math.min(DESK.perDay * supply * price, DESK.perDayOfStock * this.reserve);
      const coins = Math.min(dollars / (price * (1 + DESK.takers)), offered);
      this.reserve -= coins * price * (1 + DESK.takers);
      this.inventory += coins;
      this.bought += coins;
      return -coins;
    }
    return 0;
  }

  /** Worth now against what the same treasury would be worth had it kept both in its own hands. */
  gain(price: number): number {
    return (this.reserve + this.inventory * price - this.#begun - this.#inventoryBegun * price) / (LAUNCH_SUPPLY * LAUNCH_PRICE);
  }
}
