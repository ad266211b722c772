import { getAddress } from "ethers";

const ZERO = getAddress(`0x${"0".repeat(40)}`);

/** What decides how far payments with an account count (SPEC of the token: "vouching"). */
export interface Standing {
  /** Last day on which it is a contributor. */
  basicThrough: bigint;
  /** Governance vouches for what it pays and is paid. */
  recognised: boolean;
  /** A vault that pools others' tokens, or one of the protocol's own contracts: it earns no activity. */
  apart: boolean;
  /** What it may still lend to others' activity (wei). */
  capacity: bigint;
}

export const NOBODY: Standing = { basicThrough: 0n, recognised: false, apart: false, capacity: 0n };

/** Activity is lent in whole units of 2^54 wei. */
const CAPACITY_UNIT_BITS = 54n;

interface Moves {
  standing: Standing;
  counted: bigint;
}

/** What a transfer or a change of standing says, as the token emits it. */
export type TallyEvent =
  | { kind: "transfer"; from: string; to: string; value: bigint }
  /** A reward for work, which counts in full; its transfers are told by the token besides. */
  | { kind: "reward"; account: string; value: bigint }
  | { kind: "standing"; account: string; standing: Partial<Standing> };

/**
 * Adds up exactly what the token remembers approximately: for each account the payments of a window that count, by the rule
 * of the transfer itself. It holds two numbers for each account and nothing of the events, and never more accounts than
 * it was allowed; what it then leaves out, it counts.
 */
export class Tally {
  minted = 0n;
  burned = 0n;
  intoPool = 0n;
  outOfPool = 0n;
  /** All payments, and transfers with an account that was left out. */
  paid = 0n;
  leftOut = 0;
  readonly #accounts = new Map<string, Moves>();
  readonly #pool: string;
  readonly #maxAccounts: number;

  constructor(pool: string, maxAccounts: number) {
    this.#pool = pool;
    this.#maxAccounts = maxAccounts;
  }

  /** Accounts of these events that must be admitted before they are noted. */
  strangersIn(events: readonly TallyEvent[]): string[] {
    const named = events.flatMap((event) => (event.kind === "transfer" ? [event.from, event.to] : []));
    const strangers = [...new Set(named)].filter((one) => one !== ZERO && !this.#accounts.has(one));
    return strangers.slice(0, this.#maxAccounts - this.#accounts.size);
  }

  admit(account: string, standing: Standing): void {
    this.#accounts.set(account, { standing, counted: 0n });
  }

  /** Events come in the order of the chain, each with its protocol day. */
  note(event: TallyEvent, day: bigint): void {
    if (event.kind === "standing") {
      const known = this.#accounts.get(event.account);
      if (known) known.standing = { ...known.standing, ...event.standing };
      return;
    }
    if (event.kind === "reward") {
      const known = this.#accounts.get(event.account);
      if (known && !known.standing.apart) known.counted += event.value;
      return;
    }
    const { from, to, value } = event;
    if (from === ZERO) this.minted += value;
    if (to === ZERO) this.burned += value;
    if (from === this.#pool) this.outOfPool += value;
    if (to === this.#pool) this.intoPool += value;
    const sides = [this.#accounts.get(from), this.#accounts.get(to)];
    if (sides.some((side, index) => !side && [from, to][index] !== ZERO)) this.leftOut++;
    // A fee looks like a payment to the pool, and neither makes anybody active: the pool is no contributor.
    if ([from, to].includes(ZERO) || from === to || to === this.#pool) return;
    this.paid += value;
    const [sender, receiver] = sides;
    const lent = [sender, receiver].map((side) => (side ? capacityUnits(side, value) : 0n));
    if (sender) sender.counted += credit(sender, receiver, value, day, lent[1]!);
    if (receiver) receiver.counted += credit(receiver, sender, value, day, lent[0]!);
  }

  get accounts(): ReadonlyMap<string, { counted: bigint }> {
    return this.#accounts;
  }
}

/** What `other` could lend for a payment of `value` (wei, a whole number of units). */
function capacityUnits({ standing }: Moves, value: bigint): bigint {
  const smaller = value < standing.capacity ? value : standing.capacity;
  return (smaller >> CAPACITY_UNIT_BITS) << CAPACITY_UNIT_BITS;
}

/** What a payment of `value` with `other` counts for `own`; what `other` lends for it is used up. */
function credit(own: Moves, other: Moves | undefined, value: bigint, day: bigint, lent: bigint): bigint {
  if (!other || own.standing.apart) return 0n;
  if (other.standing.recognised) return value;
  if (other.standing.basicThrough < day) return 0n;
  if (own.standing.recognised) return value;
  other.standing = { ...other.standing, capacity: other.standing.capacity - lent };
  return lent;
}
