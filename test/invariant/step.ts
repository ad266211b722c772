// One act of a random life, as whoever checks it sees it: what all held in the second before and the second after.
import type { LogDescription, TransactionReceipt } from "ethers";
import type { TestEconomy } from "../helpers/economy.ts";

export const FTNS = 10n ** 18n;
export const CLASS = { STANDARD: 0n, RECOGNISED: 1n, POOLED: 2n, EXEMPT: 3n } as const;

/** An account as the token describes it. */
export interface Holding {
  address: string;
  balance: bigint;
  due: bigint;
  activity: bigint;
  capacity: bigint;
  accountClass: bigint;
  /** BASIC or higher today. */
  isBasic: boolean;
  /** First day after grace; 0 when there is none. */
  graceUntil: bigint;
}

/** An act, which never passes a day's boundary. `receipt` is missing when nothing was sent, or it was refused. */
export interface Step {
  before: readonly Holding[];
  after: readonly Holding[];
  now: bigint;
  receipt: TransactionReceipt | undefined;
}

export interface Happening {
  contract: "token" | "pool" | "vault";
  name: string;
  args: LogDescription["args"];
}

/** The events of token, pool and vault in `receipt`, in their order. */
export function happeningsIn(economy: TestEconomy, receipt: TransactionReceipt | undefined): Happening[] {
  return (receipt?.logs ?? []).flatMap((log) => {
    const contract = (["token", "pool", "vault"] as const).find((name) => economy.addresses[name] === log.address);
    const event = contract === undefined ? null : economy[contract].interface.parseLog(log);
    return contract === undefined || event === null ? [] : [{ contract, name: event.name, args: event.args }];
  });
}

export const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);
export const least = (a: bigint, b: bigint) => (a < b ? a : b);
