// The controller against its model through months of random markets: gaps, suspensions, resets, and every refusal.
import { expect } from "chai";
import { network } from "hardhat";
import {
  MathError,
  type Policy,
  PriceHistoryModel,
  RATES,
  REFUSALS,
  Refused,
  refusalOf,
  SupplyControllerModel,
} from "@ftns/model";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";
import { outcomeOfModel } from "../helpers/reverts.ts";
import { clockOf, startOf } from "../helpers/time.ts";
import { DAY, deploySupply, HOLD, HOUR, previewOf, USD, WAD, type SupplySetup } from "./supplyFixture.ts";

const connection = await network.create();
const { networkHelpers } = connection;
const clock = clockOf(connection);
const DAYS = 150n;

const ERRORS: Record<string, string> = {
  SUSPENDED: "Suspended",
  ALREADY_ADJUSTED: "AlreadyAdjusted",
  TOO_EARLY: "TooEarly",
  RECORD_STALE: "RecordStale",
  DAY_NOT_CLOSED: "DayNotClosed",
  HISTORY_TOO_SHORT: "HistoryTooShort",
  DAY_TOO_THIN: "DayTooThin",
  WINDOW_TOO_THIN: "WindowTooThin",
};

describe("SupplyController and its model", () => {
  describe("given a month of flat prices in the model", () => {
    const LAUNCH = 20_000n;
    const FIRST = startOf(LAUNCH + 31n);
    const modelWith = (policy?: Policy) => {
      const history = new PriceHistoryModel(HOLD);
      for (let time = startOf(LAUNCH); time <= FIRST; time += HOLD) history.takeRound(time - HOLD, time, 100n * USD, false);
      return new SupplyControllerModel(history, LAUNCH, startOf(LAUNCH), policy);
    };
    const adjust = (model: SupplyControllerModel, factor: bigint, now = FIRST) => outcomeOfModel(() => model.adjust(factor, now));

    it("P55: adjusting by another factor than the model's is refused, with both", () => {
      const model = modelWith();
      const { factor } = model.preview(FIRST);
      for (const wrong of [0n, factor - 1n, factor + 1n, WAD]) {
        expect(adjust(model, wrong)).to.equal(`FactorMismatch(${wrong}, ${factor})`);
        expect([model.multiplier(), model.lastAdjustedDay]).to.deep.equal([WAD, 0n]);
      }
      expect(adjust(model, factor)).to.equal("ok");
      expect([model.multiplier(), model.lastAdjustedDay]).to.deep.equal([factor, LAUNCH + 31n]);
    });

    it("P55: adjusting twice on a day, too early, without a price and when suspended is refused by name", () => {
      const model = modelWith();
      const { factor } = model.preview(FIRST);
      expect(adjust(model, factor, FIRST - 1n)).to.equal("TOO_EARLY()");
      expect(adjust(model, factor, FIRST + HOLD)).to.equal("RECORD_STALE()");
      model.suspendedUntil = FIRST + 1n;
      expect(adjust(model, factor)).to.equal("SUSPENDED()");
      model.suspendedUntil = FIRST;
      expect(adjust(model, factor)).to.equal("ok");
      expect(adjust(model, factor)).to.equal("ALREADY_ADJUSTED()");
    });

    it("P54: a policy that refuses, or that cannot be worked out, has failed; any other error is our own", () => {
      const failing = (error: Error) =>
        modelWith(() => {
          throw error;
        });
      for (const error of [new Refused("AverageOutOfBounds", 0n), new MathError("Overflow", "too much")]) {
        const model = failing(error);
        expect(model.preview(FIRST)).to.include({ ok: false, refusal: "POLICY_FAILED", factor: 0n, newMultiplier: 0n });
        expect(adjust(model, WAD)).to.equal("POLICY_FAILED()");
      }
      expect(() => failing(new TypeError("a mistake")).preview(FIRST)).to.throw(TypeError, "a mistake");
    });

    it("P54: a policy's wish is kept within 10 %", () => {
      for (const [wish, factor] of [
        [0n, (9n * WAD) / 10n],
        [5n * WAD, (11n * WAD) / 10n],
      ] as const) {
        const decision = { target: 0n, velocity: 0n, volatility: 0n, damping: 0n, baseFactor: 0n, factor: wish };
        expect(modelWith(() => decision).preview(FIRST)).to.include({ ok: true, factor, newMultiplier: factor });
      }
    });

    it("the past is known and the future is not", () => {
      const model = modelWith();
      expect(model.multiplierAt(FIRST, FIRST)).to.equal(WAD);
      expect(outcomeOfModel(() => model.multiplierAt(FIRST + 1n, FIRST))).to.equal(`FutureTime(${FIRST + 1n}, ${FIRST})`);
    });
  });

  it("a refusal that the model does not know is said to be unknown", () => {
    expect(REFUSALS.map((_, index) => refusalOf(BigInt(index)))).to.deep.equal(REFUSALS);
    expect(() => refusalOf(10n)).to.throw(RangeError, "the controller gave refusal 10, which this model does not know");
  });

  it("P55: agree bit for bit, and adjust works exactly when preview says so", async () => {
    const seen = new Map<string, number>();
    const factors = new Set<bigint>();
    await forCases(fuzzCases(3), async (random, index) => {
      const early = index % 3 === 1; // launched long before the history began
      const setup = await deploySupply(connection, early ? (await clock.today()) - 50n : undefined);
      await liveThrough(random, setup, (refusal, factor) => {
        seen.set(refusal, (seen.get(refusal) ?? 0) + 1);
        if (refusal === "NONE") factors.add(factor);
      });
    });
    if (process.env.FUZZ_SEED !== undefined || process.env.FUZZ_CASE !== undefined) return;
    expect([...seen.keys()]).to.include.members(["NONE", ...Object.keys(ERRORS)]);
    expect(seen.get("NONE")).to.be.greaterThan(50);
    expect(factors.size).to.be.greaterThan(2);
  });
});

async function liveThrough(random: Random, setup: SupplySetup, saw: (refusal: string, factor: bigint) => void) {
  const { controller, history, feed } = setup;
  const historyModel = new PriceHistoryModel(HOLD);
  const model = new SupplyControllerModel(historyModel, setup.launch, setup.createdAt);
  const market = new Market(random);
  const changes: bigint[] = [setup.createdAt];

  const firstDay = (await clock.today()) + 1n;
  let t = startOf(firstDay);
  while (t < startOf(firstDay + DAYS)) {
    const price = market.next();
    const since = await feed.lastAt();
    await clock.nextBlockAt(t);
    await feed.hand(history, t, price);
    historyModel.takeRound(since, t, price, false);

    if (random.chance(0.01)) {
      const until = (await clock.now()) + random.bigint(2n, 3n * DAY);
      await controller.suspend(until);
      model.suspendedUntil = until;
    }
    if (random.chance(0.005)) {
      await controller.resetMultiplier();
      model.resetMultiplier(await clock.now());
      changes.push(await clock.now());
    }
    if (random.chance(0.01)) {
      const flags = random.bigint(0n, 2n ** RATES - 1n);
      await controller.setRateFlags(flags);
      model.setRateFlags(flags);
    }
    // At random moments, and often right at the day boundary.
    const boundary = startOf((await clock.today()) + 1n);
    const next = t + nextGap(random);
    const at = boundary > (await clock.now()) + 10n && boundary < next - 5n ? boundary : (await clock.now()) + 5n;
    if (at < next - 5n && random.chance(0.5)) {
      const adjusted = await tryToAdjust(random, setup, model, at, saw);
      if (adjusted) changes.push(at);
    }
    t = next;
  }
  await compareMultipliers(random, setup, model, changes);
}

/** Compares the previews of a block at `at`, then sends the adjustment in that block: it works exactly when they say so. */
async function tryToAdjust(
  random: Random,
  { controller }: SupplySetup,
  model: SupplyControllerModel,
  at: bigint,
  saw: (refusal: string, factor: bigint) => void,
): Promise<boolean> {
  await clock.nextBlockAt(at);
  const expected = model.preview(at);
  expect(await previewOf(controller, "pending")).to.deep.equal(expected);
  saw(expected.refusal, expected.factor);
  if (expected.ok) {
    await controller.adjust(expected.factor);
    model.adjust(expected.factor, at);
    expect(await clock.now()).to.equal(at);
  } else {
    await expect(controller.adjust(WAD)).to.be.revertedWithCustomError(controller, ERRORS[expected.refusal] as string);
    await networkHelpers.mine();
  }
  expect(await controller.multiplier()).to.equal(model.multiplier());
  const rate = random.bigint(0n, RATES - 1n);
  expect(await controller.multiplierFor(rate)).to.equal(model.multiplierFor(rate));
  expect(await controller.rateFlags()).to.equal(model.rateFlags);
  expect(await controller.lastAdjustedDay()).to.equal(model.lastAdjustedDay);
  return expected.ok;
}

async function compareMultipliers(random: Random, { controller }: SupplySetup, model: SupplyControllerModel, changes: bigint[]) {
  const now = await clock.now();
  const times = [0n, now, ...changes.flatMap((at) => [at - 1n, at, at + 1n]).filter((time) => time <= now && random.chance(0.2))];
  for (const time of times) expect(await controller.multiplierAt(time)).to.equal(model.multiplierAt(time, now));
  for (let i = 0; i < 20; i++) {
    const from = random.pick([...changes, random.bigint(0n, now)]);
    const to = random.bigint(from, now);
    const ceiling = random.pick([model.multiplierAt(from, now), random.magnitude(WAD / 10n, 10n * WAD), 10n * WAD]);
    const { integral, secondsAbove } = model.multipliers.integral(from, to, ceiling);
    expect(await controller.multiplierIntegral(from, to, ceiling)).to.deep.equal([integral, secondsAbove]);
  }
}

/** Hours mostly; sometimes beyond what a price may stand; rarely days or a week, so that every thinness comes up. */
function nextGap(random: Random): bigint {
  if (random.chance(0.004)) return random.bigint(7n * DAY, 9n * DAY);
  if (random.chance(0.004)) return random.bigint(DAY, 2n * DAY);
  if (random.chance(0.05)) return random.bigint(HOLD, 10n * HOUR);
  return random.bigint(3n * HOUR, HOLD);
}

/** A price that drifts for a while, calm or wild, then changes its mind. */
class Market {
  #price = 100n * USD;
  #drift = 0n;
  #spread = 20n;
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  next(): bigint {
    if (this.#random.chance(0.02)) {
      this.#drift = this.#random.bigint(-60n, 60n);
      this.#spread = this.#random.pick([0n, 20n, 300n]);
    }
    const stepBp = this.#random.bigint(this.#drift - this.#spread, this.#drift + this.#spread) / 4n;
    this.#price += (this.#price * stepBp) / 10_000n;
    if (this.#price < USD / 100n) this.#price = USD;
    return this.#price;
  }
}
