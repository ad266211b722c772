import { expect } from "chai";
import { Wallet } from "ethers";
import { network } from "hardhat";
import type { DeskOffer } from "@ftns/model";
import { decideFill, type DeskSnapshot, type SideSeen } from "@ftns/keeper/jobs/fill-desk/decide.ts";
import { deskOn, FTNS, SIDE, USD, WAD, type DeskSetup } from "../market/deskFixture.ts";
import { KEEPER_KEY } from "./chain.ts";
import { keepersOn, said } from "./world.ts";

const connection = await network.create();
const { ethers } = connection;
const ALL = (1n << 256n) - 1n;
const GWEI = 10n ** 9n;
const NOW = 1_800_000_000n;
const MINUTE = 60n;
const DEAR = 120_000_000n;

describe("decisions of fill-desk", () => {
  const rules = { minGainUsd: WAD, gasFeed: { maxAgeSec: 3_600 }, priorityFee: GWEI };
  const market = (12n * WAD) / 10n;
  const offer: DeskOffer = {
    refusal: "NONE",
    market,
    line: (108n * WAD) / 100n,
    price: (market * 997n) / 1_000n,
    startedAt: NOW - 2_000n,
    share: 100_000n * FTNS,
    left: 100_000n * FTNS,
    least: 1_000n * FTNS,
  };
  // 300,000 gas at 10 gwei cost 3 USD at 1,000 USD a coin; 0.3 % of a fill of 2,000 FTNS at 1.2 USD are 7.2 USD.
  const sells: SideSeen = { side: "SELL", offer, tokens: 2_000n * FTNS, gas: 300_000n };
  const rest: SideSeen = { side: "BUY", offer: { ...offer, refusal: "WITHIN_BAND" }, tokens: 0n };
  const decide = (side: Partial<SideSeen>, change: Partial<DeskSnapshot> = {}) =>
    decideFill(
      {
        head: { number: 1, timestamp: NOW, baseFee: 9n * GWEI },
        price: { answer: DEAR, updatedAt: NOW - 60n, decimals: 8n },
        gasPrice: { answer: 1_000n * WAD, updatedAt: NOW - 60n, decimals: 18n },
        decimals: 6n,
        sides: [{ ...sells, ...side }, rest],
        ...change,
      },
      rules,
    );

  it("does nothing where the desk makes no offer, and says why", () => {
    const decision = decide({ offer: { ...offer, refusal: "REPORTERS_APART" } });
    expect(decision.kind).to.equal("nothing");
    expect(decision.reason).to.include("SELL: more than one reporter differs").and.include("BUY: the market is within 8 %");
  });

  it("P396: fills where the gain is the gas and the least gain, and not a wei below", () => {
    // 4 USD of gain: 3 of gas and 1.
    const price = market - (4n * WAD) / 2_000n;
    expect(decide({ offer: { ...offer, price } })).to.deep.include({ kind: "act" });
    expect(decide({ offer: { ...offer, price: price + 1n } }).kind).to.equal("nothing");
    expect(decide({ offer: { ...offer, price: price + 1n } }).reason)
      .to.include("2000 FTNS would bring")
      .and.include("its gas costs 3 USD");
  });

  it("P396: agrees to a price at which the least gain is left, in the dollar's units, and to none worse", () => {
    const sell = decide({});
    expect(sell).to.deep.include({
      kind: "act",
      args: { kind: "fill", side: "SELL", tokens: 2_000n * FTNS, limit: 2_396n * USD },
    });
    const bought = { ...offer, price: (market * 1_003n) / 1_000n };
    const buy = decide({ side: "BUY", offer: bought });
    expect(buy).to.deep.include({ kind: "act", args: { kind: "fill", side: "BUY", tokens: 2_000n * FTNS, limit: 2_404n * USD } });
  });

  it("opens a side whose best price pays for both transactions, and no other", () => {
    const closed = { ...offer, refusal: "NOT_OPEN", price: 0n, startedAt: 0n } as const;
    // Three times the gas of opening, and the least gain: 10 USD, that 0.3 % of 2,778 FTNS bring.
    expect(decide({ offer: closed, tokens: 2_778n * FTNS })).to.deep.include({
      kind: "act",
      args: { kind: "open", side: "SELL" },
    });
    expect(decide({ offer: closed, tokens: 2_777n * FTNS }).kind).to.equal("nothing");
    // The line leaves no better price than 3 % above the market.
    const near = { ...closed, line: market };
    expect(decide({ offer: near, tokens: 90_000n * FTNS }).kind).to.equal("nothing");
  });

  it("tells what is in the way, and what would fail", () => {
    const { gas: _, ...without } = sells;
    const hindered = decide({}, { sides: [{ ...without, hindrance: "approve it for more" }, rest] });
    expect(hindered).to.deep.equal({ kind: "nothing", reason: "SELL: approve it for more" });
    expect(decide({ gas: { failure: "no" } })).to.deep.equal({ kind: "broken", reason: "SELL would fail: no" });
  });

  it("P94: trades by no price that cannot be used", () => {
    expect(decide({}, { price: { answer: DEAR, updatedAt: NOW - 901n, decimals: 8n } }).kind).to.equal("nothing");
    const old = decide({}, { gasPrice: { answer: 1n, updatedAt: NOW - 3_601n, decimals: 8n } });
    expect(old.kind).to.equal("broken");
    expect(old.reason).to.include("check jobs.fill-desk.gasFeed");
  });
});

describe("fill-desk on a real chain", () => {
  const keeper = new Wallet(KEEPER_KEY).address;
  const suite = keepersOn(
    connection,
    async () => {
      const setup = await deskOn(connection);
      const gasFeed = await ethers.deployContract("ChainlinkFeed", [8n, 2_000n * 10n ** 8n]);
      return {
        ...setup,
        gasFeed,
        addresses: { desk: await setup.desk.getAddress(), feed: await setup.feed.getAddress(), gas: await gasFeed.getAddress() },
      };
    },
    ({ addresses: { desk, feed, gas } }) => ({
      contracts: { desk, feed },
      jobs: { "fill-desk": { jitterSec: 0, maxFillUsd: 50_000, gasFeed: { feed: gas, maxAgeSec: 172_800 } } },
    }),
  );
  let w: DeskSetup;
  beforeEach(() => {
    w = suite.world;
  });
  const means = async () => {
    await w.dollar.mint(keeper, 40_000n * USD);
    await connection.networkHelpers.impersonateAccount(keeper);
    await w.dollar.connect(await ethers.getSigner(keeper)).approve(w.desk, ALL);
  };

  it("P396: opens, waits, fills with what it has when that pays, and then leaves the desk alone", async () => {
    await w.market(DEAR);
    expect(said(await suite.run())).to.include("we have too few dollars");
    await means();
    const opened = await suite.run();
    expect(opened[0]).to.include({ outcome: "done" });
    expect(opened.at(-1)!.outcome).to.equal("nothing");
    expect((await w.desk.offer(SIDE.SELL)).refusal).to.equal(0);

    await w.clock.pass(34n * MINUTE);
    await w.market(DEAR);
    const filled = await suite.run();
    expect(filled[0], filled[0]!.reason).to.include({ outcome: "done" });
    const [event] = await w.desk.queryFilter(w.desk.filters.Filled());
    expect(event!.args.to).to.equal(keeper);
    expect(await w.token.balanceOf(keeper)).to.equal(event!.args.tokens);
    // Nearly all of its dollars, 0.3 % below the market.
    expect(event!.args.dollars).to.be.within(39_990n * USD, 40_000n * USD);
    expect(await w.dollar.balanceOf(keeper)).to.equal(40_000n * USD - event!.args.dollars);
    expect(filled.at(-1)!.outcome).to.equal("nothing");
  });

  it("P396: sells to the desk all that is left of its day, though its price moves until the block", async () => {
    await w.token.connect(w.taker).transfer(keeper, 1_000_000n * FTNS);
    await connection.networkHelpers.impersonateAccount(keeper);
    await w.token.connect(await ethers.getSigner(keeper)).approve(w.desk, ALL);
    await w.desk.setDayShare(WAD / 10_000n);
    await w.market(80_000_000n);
    await w.desk.open(SIDE.BUY);
    // The offer still moves.
    await w.clock.pass(32n * MINUTE);
    await w.market(80_000_000n);
    const filled = await suite.run();
    expect(filled[0], filled[0]!.reason).to.include({ outcome: "done" });
    const { share } = await w.desk.offer(SIDE.BUY);
    expect((await w.desk.tradedToday(SIDE.BUY)) * 1_000n).to.be.within(996n * 8_000n * USD, 1_000n * 8_000n * USD);
    expect(share).to.equal(8_000n * USD);
    expect(said(await suite.run())).to.include("BUY: nothing is left for today");
  });

  it("says so where the settings allow less than the desk takes", async () => {
    await means();
    await w.market(DEAR);
    const tight = {
      "fill-desk": {
        jitterSec: 0,
        maxFillUsd: 1_000,
        gasFeed: { feed: (suite.world as unknown as { addresses: { gas: string } }).addresses.gas, maxAgeSec: 172_800 },
      },
    };
    expect(said(await suite.run({ jobs: tight }))).to.include("the desk takes no fill as small as jobs.fill-desk.maxFillUsd");
  });

  it("says so where the desk may not take what we have", async () => {
    await w.dollar.mint(keeper, 40_000n * USD);
    await w.market(DEAR);
    expect(said(await suite.run())).to.include("the desk may take too few of our dollars; approve it for more");
  });
});
