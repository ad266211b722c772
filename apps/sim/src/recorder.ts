/** What a run tells to whoever wants to live through it again on the model or on the contracts. Amounts are FTNS. */
import type { Pool } from "./pool.ts";
import type { Token } from "./token.ts";

export interface DayStart {
  /** Of this day, USD. */
  readonly price: number;
  /** The feed is down for some of its hours. */
  readonly outage: boolean;
  readonly suspended: boolean;
  /** Of REFUSAL_NAMES. */
  readonly refusal: number;
  /** Meaningful where nothing was refused. */
  readonly factor: number;
  readonly multiplier: number;
  /** Demurrage of the boundary. */
  readonly fees: number;
}

export interface Recorder {
  /** The boundary is past and charged, and M is adjusted or not. */
  day(day: number, happened: DayStart, token: Token, pool: Pool): void;
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
