/**
 * The best that any causal controller can do on the bare plant: dynamic programming over the gap to the path and M, with the
 * protocol's clamps (10 % a day, a tenth to ten), for one that knows the plant, the volatility and the drift of every day.
 */
import { BAND, DAYS } from "./assumptions.ts";
import { soldShare, type Steering } from "./bare.ts";
import { FIRST_DAY, logPath } from "./rules.ts";

/** M is a power of 1.1, so that a step is the most that a day allows. */
const STEP = Math.log(1.1);
const STEPS_EACH_WAY = 24;
const LEVELS = 2 * STEPS_EACH_WAY + 1;
/** The gap in steps of 0.02, from -1.6 to 1.6: beyond, the way back is far anyway. */
const GRID = 0.02;
const EACH_WAY = 80;
const POINTS = 2 * EACH_WAY + 1;
/** Gauss-Hermite with five points, for a standard normal. */
const NODES = [-2.8569700138728056, -1.355626179974266, 0, 1.355626179974266, 2.8569700138728056];
const WEIGHTS = [0.011257411327720689, 0.2220759220056126, 0.5333333333333333, 0.2220759220056126, 0.011257411327720689];

/** @param drift known change of the logarithm of demand by day; @param sigma of a day */
export function bestSteering(impact: number, drift: Float64Array, sigma: number): Steering {
  const choice = new Uint8Array(DAYS * LEVELS * POINTS);
  let value = new Float64Array(LEVELS * POINTS);
  let before = new Float64Array(LEVELS * POINTS);
  const expected = new Float64Array(LEVELS * POINTS);
  for (let day = DAYS - 1; day >= FIRST_DAY; day--) {
    const rises = logPath(day) - logPath(day - 1);
    for (let level = 0; level < LEVELS; level++) {
      const m = Math.exp((level - STEPS_EACH_WAY) * STEP);
      expect(value, expected, level * POINTS, drift[day]! - rises - impact * soldShare(m), sigma);
    }
    for (let level = 0; level < LEVELS; level++) {
      const [low, high] = [Math.max(0, level - 1), Math.min(LEVELS - 1, level + 1)];
      for (let x = 0; x < POINTS; x++) {
        let best = level;
        for (let to = low; to <= high; to++) if (expected[to * POINTS + x]! > expected[best * POINTS + x]! + 1e-12) best = to;
        choice[(day * LEVELS + level) * POINTS + x] = best;
        before[level * POINTS + x] = expected[best * POINTS + x]!;
      }
    }
    [value, before] = [before, value];
  }
  return {
    next(day, gap, multiplier) {
      const level = Math.round(Math.log(multiplier) / STEP) + STEPS_EACH_WAY;
      const x = Math.min(POINTS - 1, Math.max(0, Math.round(gap / GRID) + EACH_WAY));
      return Math.exp((choice[(day * LEVELS + level) * POINTS + x]! - STEPS_EACH_WAY) * STEP);
    },
  };
}

/** Days in the band from tomorrow on, for each gap of today, when the gap moves by `shift` and noise. */
function expect(value: Float64Array, into: Float64Array, at: number, shift: number, sigma: number): void {
  for (let x = 0; x < POINTS; x++) into[at + x] = 0;
  for (let k = 0; k < NODES.length; k++) {
    const move = (shift + sigma * NODES[k]!) / GRID;
    const whole = Math.floor(move);
    const part = move - whole;
    const weight = WEIGHTS[k]!;
    for (let x = 0; x < POINTS; x++) {
      const left = Math.min(POINTS - 1, Math.max(0, x + whole));
      const right = Math.min(POINTS - 1, Math.max(0, x + whole + 1));
      const gap = Math.abs((x + move - EACH_WAY) * GRID);
      const there = (1 - part) * value[at + left]! + part * value[at + right]!;
      into[at + x] = into[at + x]! + weight * (there + (gap <= BAND ? 1 : 0));
    }
  }
}
