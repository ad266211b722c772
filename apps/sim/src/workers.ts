/** Contributors: who works, who leaves because it does not pay, who comes back, and how many of a year's first day are there at its end. */
import { CONTRIBUTORS, YEARS } from "./assumptions.ts";
import { type Person, WORKERS } from "./people.ts";
import { SPELLS, type Shocks } from "./shocks.ts";

const { incomeDays, leaveDays, comeDays, comeAbove } = CONTRIBUTORS;

export class Workers {
  readonly working = new Uint8Array(WORKERS);
  readonly #breakEven = new Float64Array(WORKERS);
  readonly #weight = new Float64Array(WORKERS);
  readonly #waited = new Float64Array(WORKERS);
  readonly #spell = new Uint8Array(WORKERS);
  readonly #patience: Float64Array;
  /** Income of each of the last 30 days against launch, and their sum. */
  readonly #incomes = new Float64Array(incomeDays).fill(1);
  #sum = incomeDays;
  readonly #begun = new Uint8Array(WORKERS);
  readonly #monthBegun = new Uint8Array(WORKERS);
  /** Shares kept, of years and of months. */
  yearly = 0;
  monthly = 0;
  months = 0;

  constructor(people: readonly Person[], shocks: Shocks) {
    this.#patience = shocks.patience;
    for (let i = 0; i < WORKERS; i++) {
      this.#breakEven[i] = people[i]!.breakEven!;
      this.#weight[i] = people[i]!.weight;
      this.working[i] = this.#breakEven[i]! < 1 ? 1 : 0;
    }
    this.#begun.set(this.working);
    this.#monthBegun.set(this.working);
  }

  /** Mean income of the last 30 days against that of the launch. */
  get income(): number {
    return this.#sum / incomeDays;
  }

  /** The day's income against launch is known; who has had enough goes, who has waited enough comes. */
  live(day: number, income: number): void {
    const place = day % incomeDays;
    this.#sum += income - this.#incomes[place]!;
    this.#incomes[place] = income;
    const mean = this.#sum / incomeDays;
    for (let i = 0; i < WORKERS; i++) {
      const works = this.working[i] === 1;
      const need = this.#breakEven[i]!;
      if (works ? mean >= need : mean < comeAbove * need) continue;
      this.#waited[i] = this.#waited[i]! + 1 / (works ? leaveDays : comeDays);
      if (this.#waited[i]! < this.#patience[i * SPELLS + this.#spell[i]!]!) continue;
      this.working[i] = works ? 0 : 1;
      this.#waited[i] = 0;
      this.#spell[i] = (this.#spell[i]! + 1) % SPELLS;
    }
    if (day > 0 && day % 365 === 0) {
      this.yearly += this.#kept(this.#begun) / YEARS;
      this.#begun.set(this.working);
    }
    if (day > 0 && day % 30 === 0) {
      this.monthly += this.#kept(this.#monthBegun);
      this.months += 1;
      this.#monthBegun.set(this.working);
    }
  }

  /** Of those there at the beginning, the share that is there now; nothing where nobody was left to lose. */
  #kept(begun: Uint8Array): number {
    let there = 0;
    let kept = 0;
    for (let i = 0; i < WORKERS; i++) {
      if (begun[i] === 0) continue;
      there += this.#weight[i]!;
      if (this.working[i] === 1) kept += this.#weight[i]!;
    }
    return there === 0 ? 0 : kept / there;
  }

  /** People who work now. */
  get number(): number {
    let sum = 0;
    for (let i = 0; i < WORKERS; i++) if (this.working[i] === 1) sum += this.#weight[i]!;
    return sum;
  }
}
