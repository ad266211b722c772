// What plays act in: accounts by name, whole days, and a book of what each was given. There are two worlds, the contracts
// (chainWorld.ts) and their bit-exact model (modelWorld.ts), so that a play of many transactions can be played in full in the
// model, and for a stretch in both, wei for wei.
import { KIND_NAMES, TIER_NAMES, VALUE_UNIT } from "@ftns/model";

export const FTNS = 10n ** 18n;
export const WAD = 10n ** 18n;
/** What the hoarder of all plays has. */
export const HOARD = 1_000_000n * FTNS;
export const YEAR_DAYS = 365;
/** So often a tier has to be renewed: its proofs count on 30 days and hold for 14 more, and the next boundary must find it. */
export const TIER_DAYS = 43;

export interface Holding {
  balance: bigint;
  /** wei */
  activity: bigint;
  /** wei */
  capacity: bigint;
}

export abstract class World {
  /** Verified value times quality of all accounts, in sum (wei). */
  work = 0n;
  /** What came to each account less what it sent: its balance, and the fees that it paid. */
  readonly #received = new Map<string, bigint>();

  abstract holding(who: string): Promise<Holding>;
  /** Today's, 0 NONE to 3 POWER. */
  abstract tier(who: string): Promise<number>;
  /** Governance makes `who` a contract whose payments count as real. */
  abstract recognise(who: string): Promise<void>;
  /** Goes to an hour after the start of the day that is `days` days away. */
  abstract pass(days: number): Promise<void>;
  protected abstract transfer(from: string, to: string, amount: bigint): Promise<void>;
  /** The hoarder's coins go to each accomplice and back. */
  protected abstract roundTrips(hoarder: string, accomplices: readonly string[], amount: bigint): Promise<void>;
  /** Lands a proof of quality 1; gives what was paid for it. */
  protected abstract land(who: string, kind: number, value: bigint): Promise<bigint>;

  async balance(who: string): Promise<bigint> {
    return (await this.holding(who)).balance;
  }

  async pay(from: string, to: string, amount: bigint): Promise<void> {
    await this.transfer(from, to, amount);
    this.book(from, -amount);
    this.book(to, amount);
  }

  async payAll(from: string, to: string): Promise<void> {
    await this.pay(from, to, await this.balance(from));
  }

  /** Sends all of the hoarder's coins to each accomplice and back. */
  async trip(hoarder: string, ...accomplices: string[]): Promise<void> {
    await this.roundTrips(hoarder, accomplices, await this.balance(hoarder));
  }

  /** Out of the treasury. */
  async give(who: string, amount: bigint): Promise<void> {
    await this.pay("treasury", who, amount);
  }

  async prove(who: string, value: bigint, kind: (typeof KIND_NAMES)[number] = "COMPUTE"): Promise<void> {
    const paid = await this.land(who, KIND_NAMES.indexOf(kind), value);
    this.book(who, paid);
    this.work += value;
  }

  /**
   * Gives `who` a tier by as little work as it takes without votes and reviews: in four kinds, or in three where each of four would
   * be worth too little to count.
   */
  async reach(tier: "BASIC" | "POWER", who: string): Promise<void> {
    const [score, kinds, bonus] =
      tier === "POWER" ? ([100n, FOUR_KINDS, 1_375n] as const) : ([10n, THREE_KINDS, 1_250n] as const);
    // The registry adds up whole units, so one more than the quotient.
    const each = ((score * FTNS * 1_000n) / (BigInt(kinds.length) * bonus * VALUE_UNIT) + 1n) * VALUE_UNIT;
    for (const kind of kinds) await this.prove(who, each, kind);
    if ((await this.tier(who)) !== TIER_NAMES.indexOf(tier)) throw new Error(`${who} is not ${tier}`);
  }

  /** All demurrage that `accounts` have paid or owe, since they were first given anything. */
  async feesOf(...accounts: string[]): Promise<bigint> {
    let fees = 0n;
    for (const who of accounts) fees += (this.#received.get(who) ?? 0n) - (await this.balance(who));
    return fees;
  }

  /** All that were ever given anything, but for the treasury. */
  accounts(): string[] {
    return [...this.#received.keys()].filter((who) => who !== "treasury");
  }

  /** Notes that `amount` came to `who`, where a play moves coins by other means. */
  book(who: string, amount: bigint): void {
    this.#received.set(who, (this.#received.get(who) ?? 0n) + amount);
  }
}

const FOUR_KINDS = ["COMPUTE", "MODEL", "RESEARCH", "STORAGE"] as const;
const THREE_KINDS = ["COMPUTE", "MODEL", "RESEARCH"] as const;
