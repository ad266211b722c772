import { getAddress } from "ethers";

const ZERO = getAddress(`0x${"0".repeat(40)}`);

/** What decides whether payments with an account count. */
export interface Standing {
  /** Last day on which it is a contributor; the last of all days for a recognised contract. */
  basicThrough: bigint;
  /** A vault that pools others' tokens earns no activity. */
  pooled: boolean;
}

export const ALWAYS = 0xffffn;

interface Moves {
  standing: Standing;
  counted: bigint;
}

/** What a transfer or a change of standing says, as the token emits it. */
export type TallyEvent =
  | { kind: "transfer"; from: string; to: string; value: bigint }
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
  readonly #unverifiedPercent: bigint;
  readonly #maxAccounts: number;

  constructor(pool: string, unverifiedPercent: bigint, maxAccounts: number) {
    this.#pool = pool;
    this.#unverifiedPercent = unverifiedPercent;
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
    if (sender) sender.counted += this.#credit(sender, receiver, value, day);
    if (receiver) receiver.counted += this.#credit(receiver, sender, value, day);
  }

  get accounts(): ReadonlyMap<string, { counted: bigint }> {
    return this.#accounts;
  }

  #credit(own: Moves, other: Moves | undefined, value: bigint, day: bigint): bigint {
    if (own.standing.pooled) return 0n;
    if (other && other.standing.basicThrough >= day) return value;
    return (value * this.#unverifiedPercent) / 100n;
  }
}
