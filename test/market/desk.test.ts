// The market desk, one refusal and one number at a time. What it is worth to cheats: attacks.test.ts.
import { expect } from "chai";
import { network } from "hardhat";
import { explainDeskRefusal, type DeskRefusal, type DeskSide } from "@ftns/model";
import {
  deskOn,
  FTNS,
  HOUR,
  INVENTORY,
  refusalNumber,
  RESERVE,
  SHARE,
  SIDE,
  SUPPLY,
  USD,
  WAD,
  type DeskSetup,
} from "./deskFixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const fresh = () => deskOn(connection);
const ALL = (1n << 256n) - 1n;
const MINUTE = 60n;
const DAY = 24n * HOUR;

const PRICE = 10n ** 8n;
/** A market above the upper line, and one below the lower one (USD, 8 decimals). */
const DEAR = (120n * PRICE) / 100n;
const CHEAP = (80n * PRICE) / 100n;
const offTheLine: Record<DeskSide, bigint> = { SELL: DEAR, BUY: CHEAP };

describe("MarketDesk", () => {
  let setup: DeskSetup;
  beforeEach(async () => {
    setup = await networkHelpers.loadFixture(fresh);
  });

  const refuses = async (call: Promise<unknown>, name: string, ...args: unknown[]) =>
    expect(call)
      .to.be.revertedWithCustomError(setup.desk, name)
      .withArgs(...args);
  const buy = (tokens: bigint, most = ALL) => setup.desk.connect(setup.taker).buyTokens(tokens, most, setup.taker);
  const sell = (tokens: bigint, least = 0n) => setup.desk.connect(setup.taker).sellTokens(tokens, least, setup.taker);
  const fill = (side: DeskSide, tokens: bigint) => (side === "SELL" ? buy(tokens) : sell(tokens));
  /** Neither opens nor fills, and says why. */
  const refusesAll = async (side: DeskSide, refusal: DeskRefusal) => {
    expect((await setup.offer(side, "pending")).refusal).to.equal(refusal);
    expect(explainDeskRefusal(refusal)).to.match(/^\S.*; \S.*[^.]$/);
    if (refusal !== "NOT_OPEN") await refuses(setup.desk.open(SIDE[side]), "NoOffer", SIDE[side], refusalNumber(refusal));
    await refuses(fill(side, 50_000n * FTNS), "NoOffer", SIDE[side], refusalNumber(refusal));
    await refuses(setup.desk.quote(SIDE[side], FTNS), "NoOffer", SIDE[side], refusalNumber(refusal));
  };
  const opened = async (side: DeskSide) => {
    await setup.market(offTheLine[side]);
    await setup.desk.open(SIDE[side]);
    return setup.clock.now();
  };

  for (const side of ["SELL", "BUY"] as const) {
    describe(`given a market off the line at which it ${side === "SELL" ? "sells" : "buys"}`, () => {
      describe("and something that stops it", () => {
        it("refuses in a halt, in recovery mode and in an emergency, to the second", async () => {
          const { token, breaker, clock, market } = setup;
          await market(offTheLine[side]);
          const until = (await clock.now()) + 100n;
          await token.stop(until, 0);
          await refusesAll(side, "HALTED");
          await token.stop(0, until);
          await refusesAll(side, "RECOVERY");
          await clock.to(until);
          expect((await setup.offer(side)).refusal).to.equal("NOT_OPEN");
          await breaker.set(true);
          await refusesAll(side, "EMERGENCY");
          await breaker.set(false);
          expect((await setup.offer(side)).refusal).to.equal("NOT_OPEN");
        });

        it("refuses while the path has no launch price, and before its launch", async () => {
          const { path, market, desk, clock } = setup;
          await market(offTheLine[side]);
          await path.set(0);
          await refusesAll(side, "NO_PATH");
          const later = await ethers.deployContract("DeskPath", [(await clock.today()) + 1n]);
          await later.set(WAD);
          await desk.setPath(later);
          await refusesAll(side, "NO_PATH");
        });

        it("P386: refuses an answer that is older than 15 minutes, to the second, and one that never came", async () => {
          await refusesAll(side, "ANSWER_OLD");
          const at = await setup.market(offTheLine[side]);
          await setup.clock.to(at + 15n * MINUTE);
          expect((await setup.offer(side)).refusal).to.equal("NOT_OPEN");
          await setup.clock.to(at + 15n * MINUTE + 1n);
          expect((await setup.offer(side)).refusal).to.equal("ANSWER_OLD");
          await refusesAll(side, "ANSWER_OLD");
        });

        it("P386: refuses where more than one reporter differs or isn't in the round", async () => {
          const at = { registered: 5n };
          for (const [reports, agreeing, refusal] of [
            [5n, 5n, "NOT_OPEN"],
            [5n, 4n, "NOT_OPEN"],
            [4n, 4n, "NOT_OPEN"],
            [5n, 3n, "REPORTERS_APART"],
            [4n, 3n, "REPORTERS_APART"],
            [3n, 3n, "REPORTERS_APART"],
            [5n, 2n, "REPORTERS_APART"],
          ] as const) {
            await setup.clock.pass(HOUR);
            await setup.market(offTheLine[side], { ...at, reports, agreeing });
            expect((await setup.offer(side)).refusal, `${agreeing} of ${reports}`).to.equal(refusal);
          }
          await refusesAll(side, "REPORTERS_APART");
        });

        it("P386: counts reporters rightly, however many there are", async () => {
          for (let reports = 3n; reports <= 32n; reports++) {
            for (const agreeing of [reports / 2n + 1n, reports - 1n, reports]) {
              await setup.market(offTheLine[side], { reports, agreeing, registered: agreeing + 1n });
              expect((await setup.offer(side)).refusal, `${agreeing} of ${reports}`).to.equal("NOT_OPEN");
              await setup.market(offTheLine[side], { reports, agreeing, registered: agreeing + 2n });
              expect((await setup.offer(side)).refusal, `${agreeing} of ${reports}`).to.equal("REPORTERS_APART");
            }
          }
        }).timeout(300_000);

        it("P386: refuses where the last hour is thin", async () => {
          const { feed, history, clock } = setup;
          const now = (await clock.now()) + 10n;
          const hourStart = (now / HOUR) * HOUR;
          // The hour that is over is known for a second less than 80 %.
          for (const [known, refusal] of [
            [2_879n, "HOUR_THIN"],
            [2_880n, "NOT_OPEN"],
          ] as const) {
            const snapshot = await networkHelpers.takeSnapshot();
            await feed.hand(history, hourStart - known, 0n);
            await feed.hand(history, hourStart, offTheLine[side]);
            await feed.hand(history, hourStart + 1n, offTheLine[side]);
            await feed.say(offTheLine[side], now, WAD - 1n, 5, 5);
            if (refusal === "HOUR_THIN") await refusesAll(side, refusal);
            else expect((await setup.offer(side)).refusal).to.equal(refusal);
            await snapshot.restore();
          }
        });

        it("P386: refuses where nobody has told the history of the latest hours", async () => {
          const { feed, clock, market } = setup;
          await market(offTheLine[side]);
          await clock.pass(3n * HOUR);
          await feed.say(offTheLine[side], await clock.now(), WAD - 1n, 5, 5);
          await refusesAll(side, "HOUR_THIN");
        });

        it("refuses where it has nothing, or its share is zero", async () => {
          const { desk, dollar, token, admin, market } = setup;
          await market(offTheLine[side]);
          await desk.setDayShare(0);
          await refusesAll(side, "EMPTY");
          await desk.setDayShare(SHARE);
          if (side === "SELL") await desk.withdraw(token, admin, INVENTORY);
          else await desk.withdraw(dollar, admin, RESERVE);
          await refusesAll(side, "EMPTY");
        });

        it("refuses a fill before somebody opened it, and an hour after that", async () => {
          const { desk, clock } = setup;
          await setup.market(offTheLine[side]);
          await refusesAll(side, "NOT_OPEN");
          await desk.open(SIDE[side]);
          const startedAt = await clock.now();
          await clock.to(startedAt + HOUR);
          await setup.market(offTheLine[side]);
          // The market was told a moment later.
          await refusesAll(side, "NOT_OPEN");
          await desk.open(SIDE[side]);
          expect((await setup.offer(side)).startedAt).to.equal(await clock.now());
        });

        it("refuses to be opened twice", async () => {
          const startedAt = await opened(side);
          await refuses(setup.desk.open(SIDE[side]), "SideOpen", SIDE[side], startedAt);
          await setup.clock.to(startedAt + 14n * MINUTE);
          await refuses(setup.desk.open(SIDE[side]), "SideOpen", SIDE[side], startedAt);
        });
      });

      it("can be opened by anyone, and says at what market", async () => {
        await setup.market(offTheLine[side]);
        await expect(setup.desk.connect(setup.stranger).open(SIDE[side]))
          .to.emit(setup.desk, "Opened")
          .withArgs(SIDE[side], setup.stranger.address, offTheLine[side] * 10n ** 10n, WAD);
      });

      it("P387: starts 3 % on the desk's side, moves 0.1 % a minute, and stops 0.3 % beyond", async () => {
        const { clock } = setup;
        const startedAt = await opened(side);
        const market = offTheLine[side] * 10n ** 10n;
        for (const [minutes, permille] of [
          [0n, 30n],
          [1n, 29n],
          [10n, 20n],
          [30n, 0n],
          [32n, -2n],
          [33n, -3n],
          [34n, -3n],
          [59n, -3n],
        ] as const) {
          if (minutes > 0n) await clock.to(startedAt + minutes * MINUTE);
          await setup.market(offTheLine[side]);
          // The market's round is told in a block of its own.
          const late = (await clock.now()) - startedAt - minutes * MINUTE;
          const moved = permille * 10n ** 15n - (permille === -3n ? 0n : (late * 10n ** 15n) / 60n);
          const exact = side === "SELL" ? market * (WAD + moved) : market * (WAD - moved);
          const { price } = await setup.offer(side);
          const off = price - exact / WAD;
          expect(off < 0n ? -off : off, `${minutes} minutes`).to.be.lessThanOrEqual(market / WAD + 2n);
          if (minutes >= 33n) {
            // Never worse for the desk than 0.3 %: rounded for it.
            expect(side === "SELL" ? price * WAD >= exact : price * WAD <= exact).to.equal(true);
          }
        }
      });

      it("P387: never passes the line, to the wei", async () => {
        const { clock } = setup;
        // Just beyond the line: 3 % are room enough, 0.3 % beyond are not.
        const near = side === "SELL" ? 108_010_000n : 91_990_000n;
        await setup.market(near);
        await setup.desk.open(SIDE[side]);
        const line = side === "SELL" ? (108n * WAD) / 100n : (92n * WAD) / 100n;
        await clock.pass(33n * MINUTE);
        await setup.market(near);
        const made = await setup.offer(side);
        expect([made.line, made.price]).to.deep.equal([line, line]);
      });

      it("P387: is at the line itself within the band", async () => {
        await setup.market(side === "SELL" ? 108_000_000n : 92_000_000n);
        await refusesAll(side, "WITHIN_BAND");
        await setup.market(side === "SELL" ? 108_000_001n : 91_999_999n);
        expect((await setup.offer(side)).refusal).to.equal("NOT_OPEN");
      });

      it("P388: counts the answer or the last hour, whichever is against the taker", async () => {
        const [high, low] = [(125n * offTheLine[side]) / 120n, (115n * offTheLine[side]) / 120n];
        for (const [answer, average] of [
          [high, low],
          [low, high],
        ] as const) {
          await setup.clock.pass(3n * HOUR);
          await setup.market(answer, { average });
          expect((await setup.offer(side)).market).to.equal((side === "SELL" ? high : low) * 10n ** 10n);
        }
      });

      it("P389: trades at most the day's share, of supply or of what it holds, and at least a hundredth at once", async () => {
        const { desk } = setup;
        await opened(side);
        const made = await setup.offer(side);
        // 0.1 % of the supply are 100,000 FTNS, and a fiftieth of what it holds more; at 0.8 dollars they are worth 80,000.
        expect(made.share).to.equal(side === "SELL" ? 100_000n * FTNS : 80_000n * USD);
        expect([made.left, made.least]).to.deep.equal([made.share, made.share / 100n]);
        const { price } = made;
        const tokensFor = (amount: bigint) => (side === "SELL" ? amount : (amount * 10n ** 30n + price - 1n) / price);
        const amountOf = (tokens: bigint) => (side === "SELL" ? tokens : (tokens * price) / 10n ** 30n);
        // Time passes with each refused call as well: the amounts are far enough from the bounds for that.
        const under = tokensFor((made.least * 98n) / 100n);
        await expect(fill(side, under)).to.be.revertedWithCustomError(desk, "FillOutOfBounds");
        const over = tokensFor((made.left * 102n) / 100n);
        await expect(fill(side, over)).to.be.revertedWithCustomError(desk, "FillOutOfBounds");
        expect(amountOf(over)).to.be.greaterThan(made.left);

        await fill(side, tokensFor((made.share * 60n) / 100n));
        const traded = await desk.tradedToday(SIDE[side]);
        const next = await setup.offer(side);
        expect(next.share).to.equal(made.share);
        expect(next.left).to.equal(made.share - traded);
        await expect(fill(side, tokensFor((made.share * 45n) / 100n))).to.be.revertedWithCustomError(desk, "FillOutOfBounds");
        await fill(side, tokensFor((made.share * 39n) / 100n));
        // Less than a hundredth is left.
        const last = await setup.offer(side);
        if (last.left < last.least) expect(last.refusal).to.equal("EMPTY");
      });

      it("P389: takes at most a fiftieth of what it holds, as of the day's first fill", async () => {
        const { desk, dollar, token, admin } = setup;
        const held = side === "SELL" ? 1_000_000n * FTNS : 1_000_000n * USD;
        if (side === "SELL") await desk.withdraw(token, admin, INVENTORY - held);
        else await desk.withdraw(dollar, admin, RESERVE - held);
        await opened(side);
        expect((await setup.offer(side)).share).to.equal(held / 50n);
        await fill(side, 5_000n * FTNS);
        expect((await setup.offer(side)).share).to.equal(held / 50n);
      });

      it("P389: saves nothing up: a day without trades leaves the next day's share as it is", async () => {
        await opened(side);
        const { share } = await setup.offer(side);
        await fill(side, 90_000n * FTNS);
        await setup.clock.pass(3n * DAY);
        await setup.market(offTheLine[side]);
        const made = await setup.offer(side);
        expect([made.share, made.left]).to.deep.equal([share, share]);
        expect(await setup.desk.tradedToday(SIDE[side])).to.equal(0);
      });

      it("P390: a fill moves the offer back by 3 % times the part of the day's share", async () => {
        const { clock } = setup;
        const startedAt = await opened(side);
        const tokens = 50_000n * FTNS;
        await fill(side, tokens);
        const traded = await setup.desk.tradedToday(SIDE[side]);
        const { share, startedAt: later } = await setup.offer(side);
        expect(later).to.equal(startedAt + (traded * 1_800n + share - 1n) / share);
        expect(later).to.be.greaterThan(await clock.now());
        // It is worse than at the start, by what it was moved back.
        const { price, market } = await setup.offer(side);
        const off = side === "SELL" ? price - market : market - price;
        expect((off * 10_000n) / market).to.be.within(430n, 451n);
      });
    });
  }

  describe("a fill", () => {
    it("moves FTNS and dollars as quoted, and says so; rounded for the desk", async () => {
      const { desk, token, dollar, taker, stranger } = setup;
      await opened("SELL");
      const tokens = 12_345n * FTNS + 1n;
      const before = [await token.balanceOf(desk), await dollar.balanceOf(desk)] as const;
      await setup.clock.nextBlockAt((await setup.clock.now()) + 1n);
      const quoted = await desk.quote(SIDE.SELL, tokens, { blockTag: "pending" });
      const { price } = await setup.offer("SELL", "pending");
      expect(quoted).to.equal((tokens * price + 10n ** 30n - 1n) / 10n ** 30n);
      await expect(desk.connect(taker).buyTokens(tokens, quoted, stranger))
        .to.emit(desk, "Filled")
        .withArgs(SIDE.SELL, taker.address, stranger.address, tokens, quoted, price, DEAR * 10n ** 10n);
      expect(await token.balanceOf(stranger)).to.equal(tokens);
      expect(await token.balanceOf(desk)).to.equal(before[0] - tokens);
      expect(await dollar.balanceOf(desk)).to.equal(before[1] + quoted);
    });

    it("pays out dollars, rounded down", async () => {
      const { desk, token, dollar, taker, stranger } = setup;
      await opened("BUY");
      const tokens = 12_345n * FTNS + 1n;
      const before = [await token.balanceOf(desk), await dollar.balanceOf(desk)] as const;
      await setup.clock.nextBlockAt((await setup.clock.now()) + 1n);
      const quoted = await desk.quote(SIDE.BUY, tokens, { blockTag: "pending" });
      const { price } = await setup.offer("BUY", "pending");
      expect(quoted).to.equal((tokens * price) / 10n ** 30n);
      await desk.connect(taker).sellTokens(tokens, quoted, stranger);
      expect(await dollar.balanceOf(stranger)).to.equal(quoted);
      expect(await token.balanceOf(desk)).to.equal(before[0] + tokens);
      expect(await dollar.balanceOf(desk)).to.equal(before[1] - quoted);
    });

    it("refuses a price past what the taker agreed to, by a unit", async () => {
      const { desk, clock } = setup;
      await opened("SELL");
      const tokens = 10_000n * FTNS;
      const at = async (side: bigint) => {
        const next = (await clock.now()) + 1n;
        await clock.nextBlockAt(next);
        return desk.quote(side, tokens, { blockTag: "pending" });
      };
      const cost = await at(SIDE.SELL);
      await refuses(buy(tokens, cost - 1n), "PastLimit", SIDE.SELL, cost, cost - 1n);
      await buy(tokens, await at(SIDE.SELL));
      await clock.pass(3n * HOUR);
      await opened("BUY");
      const gain = await at(SIDE.BUY);
      await refuses(sell(tokens, gain + 1n), "PastLimit", SIDE.BUY, gain, gain + 1n);
    });

    it("refuses a dollar that keeps a part of what is sent", async () => {
      const { dollar } = setup;
      await opened("SELL");
      await dollar.setFee(1);
      await expect(buy(10_000n * FTNS)).to.be.revertedWithCustomError(setup.desk, "DollarsMissing");
    });

    it("cannot be entered from within another", async () => {
      const { desk, dollar, stranger } = setup;
      await opened("SELL");
      await dollar.setCall(desk, desk.interface.encodeFunctionData("buyTokens", [10_000n * FTNS, ALL, stranger.address]));
      await expect(buy(10_000n * FTNS)).to.be.revertedWithCustomError(desk, "ReentrancyGuardReentrantCall");
    });

    it("works with dollars of 0 and of 18 decimals", async () => {
      for (const decimals of [0n, 18n]) {
        const other = await deskOn(connection, { decimals });
        await other.market(DEAR);
        await other.desk.open(SIDE.SELL);
        await other.clock.nextBlockAt((await other.clock.now()) + 1n);
        const cost = await other.desk.quote(SIDE.SELL, 1_000n * FTNS, { blockTag: "pending" });
        expect(cost / 10n ** decimals).to.be.within(1_235n, 1_236n);
        await other.desk.connect(other.taker).buyTokens(1_000n * FTNS, cost, other.taker);
      }
    });
  });

  describe("over a feed of others", () => {
    it("takes its answer, when it is young enough, without asking who agrees", async () => {
      const { manager, token, dollar, breaker, path, clock } = setup;
      const feed = await ethers.deployContract("RoundsFeed");
      const history = await ethers.deployContract("PriceHistory", [manager, feed, false, 3n * HOUR]);
      const desk = await ethers.deployContract("MarketDesk", [manager, token, dollar, history, breaker, path, SHARE]);
      await token.mint(desk, INVENTORY);
      const now = await clock.now();
      await feed.add(1, DEAR, now - 2n * HOUR);
      await history.record();
      await feed.add(2, DEAR, now);
      await history.record();
      expect((await desk.offer(SIDE.SELL)).refusal).to.equal(refusalNumber("NOT_OPEN"));
      await desk.open(SIDE.SELL);
      await clock.to(now + 15n * MINUTE);
      expect((await desk.offer(SIDE.SELL)).refusal).to.equal(0);
      await clock.to(now + 15n * MINUTE + 1n);
      expect((await desk.offer(SIDE.SELL)).refusal).to.equal(refusalNumber("ANSWER_OLD"));
    });
  });

  describe("governance", () => {
    it("refuses a stranger", async () => {
      const { desk, stranger, token, path } = setup;
      const from = desk.connect(stranger);
      const calls = [
        () => from.setDayShare(0),
        () => from.setPath(path),
        () => from.withdraw(token, stranger, 1),
        () => from.burnInventory(1),
      ];
      for (const call of calls) await refuses(call(), "AccessManagedUnauthorized", stranger.address);
    });

    it("P391: sets the day's share within 0 and 0.3 %, both included", async () => {
      const { desk } = setup;
      const most = (3n * WAD) / 1_000n;
      await refuses(desk.setDayShare(most + 1n), "DayShareOutOfBounds", most + 1n, most);
      for (const share of [0n, most]) {
        await expect(desk.setDayShare(share)).to.emit(desk, "DayShareSet").withArgs(share);
        expect(await desk.dayShare()).to.equal(share);
      }
    });

    it("names another path, which must be a contract", async () => {
      const { desk, stranger } = setup;
      await refuses(desk.setPath(stranger), "NotAContract", stranger.address);
      const path = await ethers.deployContract("DeskPath", [1n]);
      await expect(desk.setPath(path))
        .to.emit(desk, "PathSet")
        .withArgs(await path.getAddress());
    });

    it("takes back what lies here, and burns of the inventory", async () => {
      const { desk, token, dollar, stranger } = setup;
      await expect(desk.withdraw(token, stranger, 5n))
        .to.emit(desk, "Withdrawn")
        .withArgs(await token.getAddress(), stranger.address, 5n);
      await desk.withdraw(dollar, stranger, 7n);
      expect([await token.balanceOf(stranger), await dollar.balanceOf(stranger)]).to.deep.equal([5n, 7n]);
      await expect(desk.burnInventory(9n)).to.emit(desk, "InventoryBurned").withArgs(9n);
      expect(await token.totalSupply()).to.equal(SUPPLY - 9n);
    });
  });

  describe("the constructor", () => {
    it("refuses accounts without code, more than 18 decimals and too large a share", async () => {
      const { manager, token, dollar, history, breaker, path, stranger } = setup;
      const good = [manager, token, dollar, history, breaker, path, SHARE] as const;
      const factory = await ethers.getContractFactory("MarketDesk");
      for (const index of [1, 2, 3, 4, 5]) {
        const args = good.map((value, i) => (i === index ? stranger.address : value));
        await expect(ethers.deployContract("MarketDesk", args as never))
          .to.be.revertedWithCustomError(factory, "NotAContract")
          .withArgs(stranger.address);
      }
      const fine = await ethers.deployContract("DeskDollar", [19n]);
      await expect(ethers.deployContract("MarketDesk", good.map((value, i) => (i === 2 ? fine : value)) as never))
        .to.be.revertedWithCustomError(factory, "UnsupportedDecimals")
        .withArgs(19, 18);
      await expect(ethers.deployContract("MarketDesk", good.map((value, i) => (i === 6 ? 4n * SHARE : value)) as never))
        .to.be.revertedWithCustomError(factory, "DayShareOutOfBounds")
        .withArgs(4n * SHARE, 3n * SHARE);
    });
  });
});
