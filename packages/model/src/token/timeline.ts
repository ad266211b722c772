/** Which rates govern which day boundaries, as ParameterTimeline.sol keeps them. */
import { NO_RATES, type RateTable } from "./parameters.ts";

/** Rates in force from `startDay` until the next term's. A frozen span is a term without rates. */
export interface Term {
  startDay: number;
  rates: RateTable;
}

const isFrozen = (term: Term | undefined) => term !== undefined && term.rates.every((rate) => rate === 0n);

export class Timeline {
  readonly terms: Term[];

  constructor(rates: RateTable) {
    this.terms = [{ startDay: 0, rates }];
  }

  get latest(): Term {
    return this.terms[this.terms.length - 1]!;
  }

  /** The terms from the one that governs `day` to the last. */
  termsSince(day: number): Term[] {
    let first = this.terms.length - 1;
    while (this.terms[first]!.startDay > day) first--;
    return this.terms.slice(first);
  }

  /** `rates` govern the boundaries after `today`, or after the freeze that is running. */
  change(today: number, rates: RateTable): void {
    if (this.latest.startDay > today) this.latest.rates = rates;
    else this.terms.push({ startDay: today + 1, rates });
  }

  /** The boundaries after `today` through `throughDay` charge nothing, those later do. */
  freeze(today: number, throughDay: number): void {
    this.thaw(today);
    if (throughDay <= today) return;
    const last = this.latest;
    if (last.startDay <= today) {
      this.terms.push({ startDay: today + 1, rates: NO_RATES }, { startDay: throughDay + 1, rates: last.rates });
    } else if (this.#isResumption()) {
      last.startDay = throughDay + 1;
    } else {
      this.terms.pop();
      this.terms.push({ startDay: today + 1, rates: NO_RATES }, { startDay: throughDay + 1, rates: last.rates });
    }
  }

  /** Ends a freeze: the boundaries after `today` charge again. */
  thaw(today: number): void {
    const last = this.latest;
    if (last.startDay <= today + 1 || !this.#isResumption()) return;
    if (this.terms[this.terms.length - 2]!.startDay === today + 1) this.terms.splice(-2, 1);
    last.startDay = today + 1;
  }

  #isResumption(): boolean {
    return isFrozen(this.terms[this.terms.length - 2]);
  }
}
