/**
 * The token's rules in doubles: activity, capacity, tiers and demurrage of all accounts, day by day. The same as the model in
 * packages/model, which the replay compares it with.
 */
import { ACCOUNTS, EXEMPT, type Person, POOLED } from "./people.ts";

/** 2^54 wei: what capacity is counted in. */
const CAPACITY_UNIT = 2 ** 54 / 1e18;
const VOUCHING = 20;
const GRACE_DAYS = 90;
const GRACE_ALLOWANCE = 100;
const DISCONNECTION_DAYS = 14;
const WINDOW = 30;
const MIN_FEE = 1e-9;
const DECAY = Math.exp(-1 / 30);
/** Monthly rates in basis points, by tier and band: base times modifier, capped at 100. */
const RATES = Float64Array.from([15, 30, 60, 100, 10, 20, 40, 100, 7, 14, 28, 70, 5, 10, 20, 50]);
const TOP_RATE = 100;
const MIN_SCORE = [10, 50, 100];
const MIN_QUALITY = [0.3, 0.6, 0.8];
export const TIER_MULTIPLIER = Float64Array.from([0, 1, 1.3, 1.6]);
/** Days of proofs kept for each account: more than fall into a window, and a power of two. */
const KEPT = 8;

export class Token {
  readonly people: readonly Person[];
  readonly weight = new Float64Array(ACCOUNTS);
  readonly balance = new Float64Array(ACCOUNTS);
  readonly activity = new Float64Array(ACCOUNTS);
  readonly capacity = new Float64Array(ACCOUNTS);
  readonly basicThrough = new Int32Array(ACCOUNTS);
  readonly activeThrough = new Int32Array(ACCOUNTS);
  readonly powerThrough = new Int32Array(ACCOUNTS);
  readonly graceUntil = new Int32Array(ACCOUNTS);
  readonly kind = new Uint8Array(ACCOUNTS);
  /** Rate of the last boundary as its place in the table (tier * 4 + band); 255 where nothing is charged. */
  readonly rateIndex = new Uint8Array(ACCOUNTS);
  /** How many proofs in the window each tier needs; by account and tier. */
  readonly #needed = new Int32Array(ACCOUNTS * 3);
  readonly #proofDays = new Int32Array(ACCOUNTS * KEPT);
  readonly #proofs = new Int32Array(ACCOUNTS);
  readonly #everBasic = new Uint8Array(ACCOUNTS);

  constructor(people: readonly Person[]) {
    this.people = people;
    for (const through of [this.basicThrough, this.activeThrough, this.powerThrough]) through.fill(-1);
    people.forEach(({ weight, holds, kind, work }, i) => {
      this.weight[i] = weight;
      this.balance[i] = holds;
      this.kind[i] = kind;
      if (work === undefined) return;
      MIN_SCORE.forEach((score, tier) => {
        const reachable = work.quality >= MIN_QUALITY[tier]!;
        this.#needed[i * 3 + tier] = reachable ? Math.ceil(score / (work.value * work.quality) - 1e-12) : KEPT + 1;
      });
    });
  }

  tier(i: number, day: number): number {
    if (day > this.basicThrough[i]!) return 0;
    if (day > this.activeThrough[i]!) return 1;
    return day > this.powerThrough[i]! ? 2 : 3;
  }

  /** The boundary of `day` for all accounts; gives the fees. */
  charge(day: number): number {
    const { balance, activity, kind, weight, graceUntil, rateIndex, basicThrough, activeThrough, powerThrough } = this;
    let fees = 0;
    for (let i = 0; i < ACCOUNTS; i++) {
      const v = activity[i]! * DECAY;
      activity[i] = v;
      const b = balance[i]!;
      if (kind[i] === EXEMPT) {
        rateIndex[i] = 255;
        continue;
      }
      const band = v >= 1.2 * b ? 0 : v >= 0.84 * b ? 1 : v >= 0.36 * b ? 2 : 3;
      const tier = day > basicThrough[i]! ? 0 : day > activeThrough[i]! ? 1 : day > powerThrough[i]! ? 2 : 3;
      const index = tier * 4 + band;
      rateIndex[i] = index;
      let fee = (b * RATES[index]!) / 300_000;
      if (fee < MIN_FEE) continue;
      if (day < graceUntil[i]!) {
        const free = b - GRACE_ALLOWANCE;
        if (free <= 0) continue;
        if (fee > free) fee = free;
      }
      balance[i] = b - fee;
      fees += fee * weight[i]!;
    }
    return fees;
  }

  /** Monthly rate of the last boundary in basis points; NaN where nothing is charged. */
  rate(i: number): number {
    return RATES[this.rateIndex[i]!] ?? Number.NaN;
  }

  isAtTopRate(i: number): boolean {
    return this.rate(i) >= TOP_RATE;
  }

  /** The account's regular proof lands; its tier afterwards. */
  prove(i: number, day: number): number {
    const { value, quality } = this.people[i]!.work!;
    const count = this.#proofs[i]!;
    this.#proofDays[i * KEPT + (count & (KEPT - 1))] = day;
    this.#proofs[i] = count + 1;
    const before = this.basicThrough[i]!;
    const inWindow = this.#inWindow(i, day);
    this.basicThrough[i] = this.#through(i, 0, before, day, inWindow);
    this.activeThrough[i] = this.#through(i, 1, this.activeThrough[i]!, day, inWindow);
    this.powerThrough[i] = this.#through(i, 2, this.powerThrough[i]!, day, inWindow);
    if (before < day && this.basicThrough[i]! >= day && this.#everBasic[i] === 0) {
      this.#everBasic[i] = 1;
      this.graceUntil[i] = day + GRACE_DAYS;
    }
    const weighted = value * quality;
    const room = Math.floor((VOUCHING * weighted) / CAPACITY_UNIT + 1e-9);
    const limit = Math.floor((VOUCHING * weighted * inWindow) / CAPACITY_UNIT + 1e-9);
    this.capacity[i] = Math.min(this.capacity[i]! + room, limit);
    return this.tier(i, day);
  }

  /** Last day of a tier after a proof on `day`: with `m` proofs needed, it holds until the m-th newest leaves the window. */
  #through(i: number, tier: number, old: number, day: number, inWindow: number): number {
    const needed = this.#needed[i * 3 + tier]!;
    if (inWindow >= needed) {
      const oldest = this.#proofDays[i * KEPT + ((this.#proofs[i]! - needed) & (KEPT - 1))]!;
      return oldest + WINDOW - 1 + DISCONNECTION_DAYS;
    }
    return old >= day ? Math.min(old, day - 1 + DISCONNECTION_DAYS) : old;
  }

  #inWindow(i: number, day: number): number {
    const count = this.#proofs[i]!;
    let n = 0;
    while (n < count && n < KEPT && this.#proofDays[i * KEPT + ((count - 1 - n) & (KEPT - 1))]! > day - WINDOW) n++;
    return n;
  }

  /** `x` FTNS a person as a reward: activity in full. */
  reward(i: number, x: number): void {
    this.balance[i] = this.balance[i]! + x;
    this.activity[i] = this.activity[i]! + x;
  }

  /** Each of `from` sends `x` to those of `to`, who have no tier: they vouch for nothing, `from` for what it can. */
  transfer(from: number, to: number, x: number, day: number): void {
    const ratio = this.weight[from]! / this.weight[to]!;
    this.balance[from] = this.balance[from]! - x;
    this.balance[to] = this.balance[to]! + x * ratio;
    if (this.basicThrough[from]! >= day && this.kind[to] !== POOLED && this.kind[to] !== EXEMPT) {
      this.activity[to] = this.activity[to]! + this.#lend(from, x) * ratio;
    }
  }

  /** Two accounts of one weight, both with a tier, exchange all they have and have it back. */
  wash(a: number, b: number, day: number): void {
    const x = Math.min(this.balance[a]!, this.balance[b]!) * 0.5;
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      if (this.basicThrough[from]! >= day) this.activity[to] = this.activity[to]! + this.#lend(from, x);
      if (this.basicThrough[to]! >= day) this.activity[from] = this.activity[from]! + this.#lend(to, x);
    }
  }

  /** Each of `i` pays `x` to the router, which is recognised: it counts in full. */
  pay(i: number, x: number): void {
    this.balance[i] = this.balance[i]! - x;
    this.activity[i] = this.activity[i]! + x;
  }

  #lend(i: number, x: number): number {
    const lent = Math.min(Math.floor(x / CAPACITY_UNIT), this.capacity[i]!);
    this.capacity[i] = this.capacity[i]! - lent;
    return lent * CAPACITY_UNIT;
  }
}
