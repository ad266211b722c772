// The desk in a whole economy: deployed, wired, with FTNS that decay and prices that real reporters sign.
import { expect } from "chai";
import { network } from "hardhat";
import { DESK_REFUSALS } from "@ftns/model";
import { DESK_INVENTORY, economyOn, FTNS, parametersWithDesk, type TestEconomy } from "../helpers/economy.ts";
import { packedReports } from "../helpers/sign.ts";
import { HOUR } from "../helpers/time.ts";
import { lastRoundAt } from "../safety/fixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const SELLS = 0n;
const ALL = (1n << 256n) - 1n;
const USD = 10n ** 6n;
const DEAR = 120_000_000n;

/** At noon, with an anchored path at 1 USD and three hours of prices above it. */
async function dear() {
  const economy = await economyOn(connection, await parametersWithDesk(connection));
  const { desk, people, controller, addresses, clock } = economy;
  await clock.toDaysAhead(1n, 10n * HOUR);
  const path = await ethers.deployContract("PathPolicy", [addresses.history, await controller.launchDay(), FTNS]);
  await desk.connect(people.governor).setPath(await path.getAddress());
  for (let hour = 0; hour < 3; hour++) {
    await clock.pass(HOUR);
    await report(economy);
  }
  const dollar = await ethers.getContractAt("DeskDollar", await desk.DOLLAR());
  const taker = people.users[0]!;
  await dollar.mint(taker, 10_000_000n * USD);
  await dollar.connect(taker).approve(desk, ALL);
  return { economy, dollar, taker };
}

/** A round in which `priceOf` tells what each reporter says; undefined: it is silent. */
async function report(economy: TestEconomy, priceOf: (index: number) => bigint | undefined = () => DEAR) {
  const { people, medianFeed, clock } = economy;
  const { chainId } = await ethers.provider.getNetwork();
  const [since, observedAt] = [await lastRoundAt(economy), await clock.now()];
  const reports = people.reporters.flatMap((signer, index) => {
    const price = priceOf(index);
    if (price === undefined) return [];
    const rest = { volume6h: 10n ** 14n, meanVolume6h: 10n ** 14n, txTotal: 9n, txFailed: 0n, sendersDay: 99n };
    return [{ signer, report: { price, meanPrice: DEAR, since, ...rest, observedAt } }];
  });
  await medianFeed.submit(await packedReports(reports, { chainId, verifyingContract: await medianFeed.getAddress() }));
}

describe("the market desk in an economy", () => {
  let w: Awaited<ReturnType<typeof dear>>;
  beforeEach(async () => {
    w = await networkHelpers.loadFixture(dear);
  });
  const refusal = async () => DESK_REFUSALS[Number((await w.economy.desk.offer(SELLS)).refusal)];
  const buy = (tokens: bigint) => w.economy.desk.connect(w.taker).buyTokens(tokens, ALL, w.taker.address);

  it("sells the treasury's FTNS, which decay like anyone's", async () => {
    const { desk, token } = w.economy;
    const before = await token.balanceOf(desk);
    // Two boundaries at 1 % a month, since the deployment.
    expect(before).to.be.lessThan(DESK_INVENTORY);
    await desk.open(SELLS);
    await buy(50_000n * FTNS);
    expect(await token.balanceOf(w.taker)).to.equal(50_000n * FTNS);
    expect(await token.balanceOf(desk)).to.equal(before - 50_000n * FTNS);
    await w.economy.clock.toDaysAhead(1n, HOUR);
    const fee = before - 50_000n * FTNS - (await token.balanceOf(desk));
    expect(fee * 3_000n).to.be.within(before - 60_000n * FTNS, before);
  });

  it("P386: makes no offer in a round with two liars or without two reporters, and with one of five makes it", async () => {
    const cases: [string, (index: number) => bigint | undefined, string][] = [
      ["all agree", () => DEAR, "NOT_OPEN"],
      ["one is 10 % high", (index) => (index === 0 ? (DEAR * 110n) / 100n : DEAR), "NOT_OPEN"],
      ["one is silent", (index) => (index === 0 ? undefined : DEAR), "NOT_OPEN"],
      ["two are 10 % high", (index) => (index < 2 ? (DEAR * 110n) / 100n : DEAR), "REPORTERS_APART"],
      ["two are silent", (index) => (index < 2 ? undefined : DEAR), "REPORTERS_APART"],
      ["one lies, and one is silent", (index) => (index === 0 ? undefined : index === 1 ? DEAR / 2n : DEAR), "REPORTERS_APART"],
    ];
    for (const [what, priceOf, expected] of cases) {
      await w.economy.clock.pass(HOUR);
      await report(w.economy, priceOf);
      expect(await refusal(), what).to.equal(expected);
    }
    // A taker may carry a fuller round.
    await w.economy.clock.pass(600n);
    await report(w.economy);
    expect(await refusal()).to.equal("NOT_OPEN");
  });

  it("stops with a halt and in recovery mode, and goes on when they end", async () => {
    const { desk, breaker, people, clock } = w.economy;
    await desk.open(SELLS);
    for (const [action, expected] of [
      [1n, "HALTED"],
      [3n, "RECOVERY"],
    ] as const) {
      const snapshot = await networkHelpers.takeSnapshot();
      await breaker.connect(people.governor).impose(action);
      expect(await refusal()).to.equal(expected);
      await expect(buy(10_000n * FTNS)).to.be.revertedWithCustomError(desk, "NoOffer");
      await breaker.connect(people.governor).end(action);
      await clock.pass(1n);
      expect(await refusal()).to.equal("NONE");
      await snapshot.restore();
    }
  });

  it("has no path before the launch price is known", async () => {
    const { desk, people, addresses } = w.economy;
    await desk.connect(people.governor).setPath(addresses.pathPolicy);
    expect(await refusal()).to.equal("NO_PATH");
  });
});
