// The desk against its model through random markets: every field of both offers, every opening and fill, every refusal.
import { expect } from "chai";
import { network } from "hardhat";
import { DESK_REFUSALS, type DeskMarket, MarketDeskModel, Refused } from "@ftns/model";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";
import { deskOn, DESK_SIDES, FTNS, HOUR, SHARE, SIDE, WAD, type DeskSetup } from "./deskFixture.ts";

const connection = await network.create();
const { networkHelpers } = connection;
const LIVES = 10;
const STEPS = 90;

describe("MarketDesk and its model", () => {
  it("P392: agree to the wei on every offer, opening and fill, and refuse for the same reason with the same numbers", async () => {
    const seen = new Map<string, number>();
    const saw = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
    await forCases(fuzzCases(LIVES, 60), async (random) => {
      const decimals = random.pick([6n, 18n, 0n]);
      const setup = await networkHelpers.loadFixture(decimals === 6n ? six : decimals === 18n ? eighteen : none);
      await live(random, setup, new MarketDeskModel(SHARE, decimals), saw);
    });
    if (process.env.FUZZ_SEED !== undefined || process.env.FUZZ_CASE !== undefined || process.env.FUZZ_CASES !== undefined)
      return;
    const count = (...what: string[]) => what.reduce((sum, one) => sum + (seen.get(one) ?? 0), 0);
    for (const refusal of DESK_REFUSALS) expect(count(refusal), refusal).to.be.greaterThan(3);
    expect(count("opened"), "opened").to.be.greaterThan(3);
    expect(count("filled SELL", "filled BUY"), "filled").to.be.greaterThan(2);
    expect(count("SideOpen", "FillOutOfBounds", "PastLimit"), "refused to open or to fill").to.be.greaterThan(3);
    if (process.env.FUZZ_LONG !== "1") return;
    for (const what of ["SideOpen", "filled SELL", "filled BUY", "FillOutOfBounds", "PastLimit"]) {
      expect(count(what), what).to.be.greaterThan(3);
    }
  }).timeout(600_000);
});

const six = () => deskOn(connection, { decimals: 6n });
const eighteen = () => deskOn(connection, { decimals: 18n });
const none = () => deskOn(connection, { decimals: 0n });

async function live(random: Random, setup: DeskSetup, model: MarketDeskModel, saw: (what: string) => void): Promise<void> {
  const { clock, desk, token, dollar, path, breaker, taker } = setup;
  let said: Pick<DeskMarket, "answer" | "answeredAt" | "reporters"> = {
    answer: 0n,
    answeredAt: 0n,
    reporters: { agreeing: 5n, registered: 5n },
  };
  let [halted, recovery, emergency, pathPrice] = [0n, 0n, false, WAD];

  for (let step = 0; step < STEPS; step++) {
    if (random.chance(0.7)) {
      const base = random.pick([60n, 85n, 91n, 92n, 93n, 100n, 107n, 108n, 109n, 120n, 300n]);
      const price = base * 1_000_000n + random.bigint(-5_000n, 5_000n);
      const registered = random.pick([5n, 5n, 5n, 7n]);
      const reports = random.pick([registered, registered, registered - 1n, registered - 2n]);
      const agreeing = reports - random.pick([0n, 0n, 0n, 1n]);
      // None: the stretch since the last round is a gap.
      const average = random.chance(0.6) ? price : random.chance(0.3) ? 0n : price + random.bigint(-3_000_000n, 3_000_000n);
      const at = await setup.market(price, { registered, reports, agreeing, average });
      said = { answer: price * 10n ** 10n, answeredAt: at, reporters: { agreeing, registered } };
    }
    if (random.chance(0.1)) {
      pathPrice = random.pick([0n, WAD, WAD, (98n * WAD) / 100n + random.bigint(0n, 10n ** 15n)]);
      await path.set(pathPrice);
    }
    if (random.chance(0.12)) {
      const now = await clock.now();
      halted = random.chance(0.5) ? 0n : now + random.bigint(1n, 300n);
      recovery = random.chance(0.5) ? 0n : now + random.bigint(1n, 300n);
      await token.stop(halted, recovery);
    }
    if (random.chance(0.1)) {
      emergency = random.chance(0.15);
      await breaker.set(emergency);
    }
    if (random.chance(0.06)) {
      model.dayShare = random.pick([0n, SHARE, SHARE, 3n * SHARE]);
      await desk.setDayShare(model.dayShare);
    }
    if (random.chance(0.08)) {
      const [asset, holder] = random.chance(0.5) ? [token, await token.balanceOf(desk)] : [dollar, await dollar.balanceOf(desk)];
      await desk.withdraw(asset, taker, (holder * random.bigint(0n, 6n)) / 10n);
    }
    if (random.chance(0.5)) await clock.pass(random.pick([30n, 120n, 600n, 900n, HOUR, 3n * HOUR, 20n * HOUR]));

    const now = (await clock.now()) + 1n;
    await clock.nextBlockAt(now);
    const market = await read(setup, said, { halted, recovery, emergency, pathPrice }, now);
    for (const side of DESK_SIDES) {
      const expected = model.offer(side, market, now);
      expect(await setup.offer(side, "pending")).to.deep.equal(expected);
      expect(await desk.tradedToday(SIDE[side], { blockTag: "pending" })).to.equal(model.tradedToday(side, now));
      saw(expected.refusal);
    }
    await act(random, setup, model, market, now, saw);
  }
}

/** All that the desk will look at in the block of time `now`. */
async function read(
  { token, dollar, desk, history }: DeskSetup,
  said: Pick<DeskMarket, "answer" | "answeredAt" | "reporters">,
  stops: { halted: bigint; recovery: bigint; emergency: boolean; pathPrice: bigint },
  now: bigint,
): Promise<DeskMarket> {
  const hour = await history.latestHour();
  const { usable, averageWad } = (await history.hourAverages([hour]))[0]!;
  return {
    halted: stops.halted > now,
    recovery: stops.recovery > now,
    emergency: stops.emergency,
    path: stops.pathPrice,
    ...said,
    hour,
    hourAverage: usable ? averageWad : 0n,
    totalSupply: await token.totalSupply(),
    inventory: await token.balanceOf(desk),
    reserve: await dollar.balanceOf(desk),
  };
}

/** One transaction, in the block of time `now`: it works exactly when the model's does. */
async function act(
  random: Random,
  { desk, taker, clock }: DeskSetup,
  model: MarketDeskModel,
  market: DeskMarket,
  now: bigint,
  saw: (what: string) => void,
): Promise<void> {
  const side = random.pick(DESK_SIDES);
  const from = desk.connect(taker);
  const made = model.offer(side, market, now);
  const opens = made.refusal === "NOT_OPEN" ? random.chance(0.8) : random.chance(0.1);
  // Mostly what fits into a day.
  const tokens = random.pick([
    random.bigint(1n, 30n) * 1_000n * FTNS,
    random.bigint(1n, 30n) * 1_000n * FTNS,
    random.bigint(1n, 200n) * 1_000n * FTNS,
    random.magnitude(FTNS, 1_000_000n * FTNS),
  ]);
  const atPrice = made.price === 0n ? 0n : model.dollars(side, tokens, made.price);
  const limit = random.chance(0.8) ? atPrice : side === "SELL" ? (atPrice * 99n) / 100n : (atPrice * 101n) / 100n + 1n;

  let refused: Refused | undefined;
  try {
    if (opens) model.open(side, market, now);
    else model.fill(side, tokens, limit, market, now);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refused = error;
  }
  const send = () => {
    if (opens) return from.open(SIDE[side]);
    return side === "SELL" ? from.buyTokens(tokens, limit, taker) : from.sellTokens(tokens, limit, taker);
  };
  if (refused !== undefined) {
    saw(refused.code);
    await expect(send())
      .to.be.revertedWithCustomError(desk, refused.code)
      .withArgs(...refused.args);
    await networkHelpers.mine();
    return;
  }
  await send();
  expect(await clock.now()).to.equal(now);
  saw(opens ? "opened" : `filled ${side}`);
}
