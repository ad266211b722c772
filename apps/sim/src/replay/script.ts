/** What a run tells, written down day by day for a replay that takes its time. */
import type { Pool } from "../pool.ts";
import type { DayStart, Recorder } from "../recorder.ts";
import type { Token } from "../token.ts";

export type Act =
  | { kind: "proof"; account: number; tier: number }
  | { kind: "reward"; account: number; each: number }
  | { kind: "transfer"; from: number; to: number; each: number; toEach: number }
  | { kind: "wash"; a: number; b: number; each: number }
  | { kind: "pay"; account: number; each: number };

export interface ScriptDay {
  readonly start: DayStart;
  readonly acts: Act[];
  /** At the end of the day: what one person holds, and its tier. */
  balances: Float64Array;
  tiers: Uint8Array;
}

export class Script implements Recorder {
  readonly days: ScriptDay[] = [];
  readonly #weights: Float64Array;
  #token: Token | undefined;

  constructor(weights: Float64Array) {
    this.#weights = weights;
  }

  #note(act: Act): void {
    this.days.at(-1)!.acts.push(act);
  }

  day(_day: number, start: DayStart, token: Token, _pool: Pool): void {
    this.#token = token;
    this.days.push({ start, acts: [], balances: new Float64Array(0), tiers: new Uint8Array(0) });
  }

  proof(account: number, tier: number, _earned: number, paid: number): void {
    this.#note({ kind: "proof", account, tier });
    this.claim(account, paid);
  }

  claim(account: number, paid: number): void {
    if (paid > 0) this.#note({ kind: "reward", account, each: paid / this.#weights[account]! });
  }

  transfer(from: number, to: number, each: number): void {
    if (each > 0) this.#note({ kind: "transfer", from, to, each, toEach: (each * this.#weights[from]!) / this.#weights[to]! });
  }

  wash(a: number, b: number): void {
    const { balance } = this.#token!;
    this.#note({ kind: "wash", a, b, each: Math.min(balance[a]!, balance[b]!) * 0.5 });
  }

  pay(account: number, each: number): void {
    if (each > 0) this.#note({ kind: "pay", account, each });
  }

  yield(): void {}
  stake(): void {}
  desk(): void {}

  endOfDay(day: number, token: Token, _pool: Pool): void {
    const today = this.days.at(-1)!;
    today.balances = token.balance.slice();
    today.tiers = Uint8Array.from({ length: token.balance.length }, (_, i) => token.tier(i, day));
  }
}
