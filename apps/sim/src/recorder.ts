/** What a run tells to whoever wants to live through it again on the model or on the contracts. Amounts are FTNS. */
import type { Pool } from "./pool.ts";
import type { Token } from "./token.ts";

export interface Recorder {
  /** The day's price, whether its feed was down for hours, and what became of its adjustment. */
  day(day: number, price: number, outage: boolean, refusal: number, factor: number, suspended: boolean): void;
  /** Yield that stakers without contribution asked for and got, all together. */
  yield(wanted: number, paid: number): void;
  /** Each staker put this into the vault; negative where it took it out. */
  stake(each: number): void;
  /** A proof of `account`, its tier then, and what all people of the account earned and were paid. */
  proof(account: number, tier: number, earned: number, paid: number): void;
  claim(account: number, paid: number): void;
  /** Each person of `from` sent `x`. */
  transfer(from: number, to: number, x: number): void;
  wash(a: number, b: number): void;
  /** Each person of `account` paid `x` for AI; what of all of it was burned, went to the pool, and came to the exchange. */
  pay(account: number, x: number, burned: number, toPool: number, toExchange: number): void;
  /** The desk sold to the exchange; negative where it bought. */
  desk(sold: number): void;
  endOfDay(day: number, token: Token, pool: Pool): void;
}
