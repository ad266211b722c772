/** Where a value stands between the ends of an axis: 0 at the bottom, 1 at the top. */
export interface Scale {
  readonly ticks: readonly number[];
  at(value: number): number;
}

const STEPS = [1, 2, 2.5, 5, 10];

/** The smallest round step that needs at most `count` steps for `span`. */
function roundStep(span: number, count: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(span / count));
  return magnitude * STEPS.find((step) => step * magnitude * count >= span * (1 - 1e-9))!;
}

/** A linear axis from a round number below all values to one above them. */
export function linearScale(values: readonly number[], fromZero: boolean, count = 4): Scale {
  const low = fromZero ? Math.min(0, ...values) : Math.min(...values);
  const high = Math.max(...values);
  const span = high - low || Math.abs(high) || 1;
  const step = roundStep(span, count);
  const bottom = Math.floor(low / step + 1e-9) * step;
  const top = Math.max(Math.ceil(high / step - 1e-9) * step, bottom + step);
  const ticks = Array.from({ length: Math.round((top - bottom) / step) + 1 }, (_, i) =>
    Number((bottom + i * step).toPrecision(12)),
  );
  return { ticks, at: (value) => (value - bottom) / (top - bottom) };
}

/** A logarithmic axis between fixed ends, for what is multiplied rather than added. */
export function logScale(bottom: number, top: number, ticks: readonly number[]): Scale {
  const span = Math.log(top / bottom);
  return { ticks, at: (value) => Math.log(value / bottom) / span };
}
