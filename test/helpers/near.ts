import { expect } from "chai";

/** `actual` is within `tolerance` of `expected`. (Chai's own `closeTo` takes whole numbers only, once Hardhat's matchers are loaded.) */
export function expectNear(actual: number, expected: number, tolerance: number): void {
  expect(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`).to.equal(true);
}
