// What the controller refuses, in its preview and in its act alike.
import { expect } from "chai";
import { explainRefusal, type Preview, type Refusal } from "@ftns/model";
import { previewOf, WAD, type SupplySetup } from "./supplyFixture.ts";

/** The most that M moves in a day. */
export const UP = (11n * WAD) / 10n;
export const DOWN = (9n * WAD) / 10n;
/** Moods of a hostile policy. */
export const HOSTILE = {
  CALM: 0,
  REVERT: 1,
  PANIC: 2,
  GAS_BOMB: 3,
  NO_ANSWER: 4,
  SHORT_ANSWER: 5,
  LONG_ANSWER: 6,
  RETURN_BOMB: 7,
};

/** `world` is the present one. */
export const refusingIn = (world: () => SupplySetup) => {
  const refuses = async (call: Promise<unknown>, name: string, ...args: unknown[]) => {
    await expect(call)
      .to.be.revertedWithCustomError(world().controller, name)
      .withArgs(...args);
  };
  /** Preview names `refusal` and `adjust` reverts with `error`. */
  const refusesBoth = async (refusal: Refusal, error: string, args: (preview: Preview) => unknown[]) => {
    const { controller } = world();
    const preview = await previewOf(controller);
    expect([preview.ok, preview.refusal]).to.deep.equal([false, refusal]);
    expect([preview.factor, preview.newMultiplier]).to.deep.equal([0n, 0n]);
    expect(explainRefusal(preview.refusal, preview)).to.not.equal("");
    await refuses(controller.adjust(DOWN), error, ...args(preview));
    expect(await controller.multiplier()).to.equal(WAD);
    return preview;
  };
  return { refuses, refusesBoth };
};
