/** The past of `M`, as MultiplierTrace.sol keeps it, but as a plain list. */
import { WAD } from "../math/words.ts";

export class MultiplierPath {
  readonly #changes: { since: bigint; multiplier: bigint }[] = [];

  /** `multiplier` holds from second `since` on, which is not before the last change's. */
  set(multiplier: bigint, since: bigint): void {
    if (this.#changes.at(-1)?.since === since) this.#changes.pop();
    this.#changes.push({ since, multiplier });
  }

  latest(): bigint {
    return this.#changes.at(-1)?.multiplier ?? WAD;
  }

  /** `M` at second `time`; 1 before the first change. */
  at(time: bigint): bigint {
    return this.#changes.findLast(({ since }) => since <= time)?.multiplier ?? WAD;
  }

  /** Seconds between `from` and `to`, both excluded, at which `M` was set. */
  changesBetween(from: bigint, to: bigint): bigint[] {
    return this.#changes.map(({ since }) => since).filter((since) => since > from && since < to);
  }

  /** `M` summed over the seconds in which `M <= ceiling`, and how many seconds the others are. */
  integral(from: bigint, to: bigint, ceiling: bigint): { integral: bigint; secondsAbove: bigint } {
    const cuts = [from, ...this.changesBetween(from, to), to];
    let [integral, secondsAbove] = [0n, 0n];
    for (let i = 1; i < cuts.length; i++) {
      const [start, end] = [cuts[i - 1]!, cuts[i]!];
      const multiplier = this.at(start);
      if (multiplier <= ceiling) integral += multiplier * (end - start);
      else secondsAbove += end - start;
    }
    return { integral, secondsAbove };
  }
}
