// Each way that we know to take something from the desk, played, with what it loses. Writes the table of docs/market-desk.md.
import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { network } from "hardhat";
import { deskOn, FTNS, HOUR, INVENTORY, RESERVE, SIDE, USD, WAD, type DeskSetup } from "./deskFixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const fresh = () => deskOn(connection);
const ALL = (1n << 256n) - 1n;
const DAY = 24n * HOUR;
const MINUTE = 60n;
const PRICE = 10n ** 8n;
const DEAR = (120n * PRICE) / 100n;
const CHEAP = (80n * PRICE) / 100n;
/** 0.1 % of the supply. */
const DAY_TOKENS = 100_000n * FTNS;
const FILE = new URL("../../docs/market-desk.md", import.meta.url);
const [BEGIN, END] = ["<!-- losses: written by test/market/attacks.test.ts -->\n", "<!-- end of losses -->\n"];

/** Dollars (6 decimals) that `tokens` are worth at `price` (USD, 8 decimals). */
const worth = (tokens: bigint, price: bigint) => (tokens * price) / 10n ** 20n;
const usd = (amount: bigint) =>
  `${amount < 0n ? "-" : ""}${(Number(amount < 0n ? -amount : amount) / 1e6).toLocaleString("en", { maximumFractionDigits: 0 })} USD`;
const percent = (part: bigint, whole: bigint) => `${((Number(part) / Number(whole)) * 100).toFixed(3)} %`;

describe("attacks on the market desk", () => {
  let setup: DeskSetup;
  const rows: string[][] = [];
  beforeEach(async () => {
    setup = await networkHelpers.loadFixture(fresh);
  });

  const balances = async () => ({
    tokens: await setup.token.balanceOf(setup.desk),
    dollars: await setup.dollar.balanceOf(setup.desk),
  });
  /** What the desk holds, at `price`. */
  const valueAt = async (price: bigint) => {
    const { tokens, dollars } = await balances();
    return worth(tokens, price) + dollars;
  };
  /** Opens a side and lets the offer come to its best price for the taker; the feed says `price` all the time. */
  const ripe = async (side: "SELL" | "BUY", price: bigint) => {
    await setup.market(price);
    await setup.desk.open(SIDE[side]);
    await setup.clock.pass(34n * MINUTE);
    await setup.market(price);
  };
  const buy = (tokens: bigint) => setup.desk.connect(setup.taker).buyTokens(tokens, ALL, setup.taker);
  const sell = (tokens: bigint) => setup.desk.connect(setup.taker).sellTokens(tokens, 0n, setup.taker);
  /** FTNS that bring all that is left of the day's share. */
  const mostToSell = async () => {
    const { left, price } = await setup.offer("BUY");
    // A little less, as the price still moves.
    return (left * 10n ** 30n * 9_990n) / (price * 10_000n);
  };

  it("P393: waiting for the best price takes at most 0.3 % of a day's share", async () => {
    const before = await valueAt(DEAR);
    await ripe("SELL", DEAR);
    await buy(DAY_TOKENS);
    const lost = before - (await valueAt(DEAR));
    const traded = worth(DAY_TOKENS, DEAR);
    expect(lost).to.be.within(1n, (traded * 3n) / 1_000n);
    await expect(buy(DAY_TOKENS / 100n)).to.be.revertedWithCustomError(setup.desk, "NoOffer");
    rows.push([
      "nobody competes, and the taker waits for the best price",
      usd(lost),
      percent(lost, traded),
      "0.3 % of the day's share",
    ]);
  });

  it("P393: a stale answer costs what the market moved in 15 minutes, on a day's share, and no more after that", async () => {
    const jumped = (DEAR * 110n) / 100n;
    const before = await valueAt(jumped);
    await ripe("SELL", DEAR);
    const answeredAt = await setup.feed.lastAt();
    await setup.clock.to(answeredAt + 14n * MINUTE);
    await buy(DAY_TOKENS);
    const lost = before - (await valueAt(jumped));
    // 10 % and 0.3 % of the price before.
    expect(lost).to.be.lessThanOrEqual(worth(DAY_TOKENS, jumped) - (worth(DAY_TOKENS, DEAR) * 997n) / 1_000n);
    await setup.clock.to(answeredAt + 15n * MINUTE + 1n);
    await expect(buy(DAY_TOKENS / 100n)).to.be.revertedWithCustomError(setup.desk, "NoOffer");
    rows.push([
      "the market rises by 10 % in the 15 minutes of an answer",
      usd(lost),
      percent(lost, worth(DAY_TOKENS, DEAR)),
      "what it moved, and 0.3 %",
    ]);
  });

  it("P393: whoever brings a new round first takes that away", async () => {
    const jumped = (DEAR * 110n) / 100n;
    await ripe("SELL", DEAR);
    await setup.market(jumped);
    const before = await valueAt(jumped);
    await buy(DAY_TOKENS);
    const lost = before - (await valueAt(jumped));
    expect(lost).to.be.lessThanOrEqual((worth(DAY_TOKENS, jumped) * 3n) / 1_000n);
  });

  it("P393: two liars of five take nothing: the desk makes no offer; nor do two who are silent", async () => {
    await ripe("SELL", DEAR);
    // The median is the lowest honest price, or theirs; either way somebody is apart.
    await setup.market(DEAR / 2n, { agreeing: 3n });
    await expect(buy(DAY_TOKENS)).to.be.revertedWithCustomError(setup.desk, "NoOffer").withArgs(SIDE.SELL, 7n);
    await setup.market(DEAR, { reports: 3n });
    await expect(buy(DAY_TOKENS)).to.be.revertedWithCustomError(setup.desk, "NoOffer").withArgs(SIDE.SELL, 7n);
    rows.push(["two reporters of five lie, or are silent", usd(0n), "0.000 %", "no offer is made"]);
  });

  it("P393: two liars who stay within 2 % of the median move the price by that at most", async () => {
    // Of five reports the median is the lowest honest one at worst: 2 % low while all count as agreeing.
    const low = (DEAR * 98n) / 100n;
    // They keep it up for hours, until the last hour's average says so too.
    const before = await valueAt(DEAR);
    await setup.market(low);
    await setup.clock.pass(3n * HOUR);
    await ripe("SELL", low);
    await buy(DAY_TOKENS);
    const lost = before - (await valueAt(DEAR));
    expect(lost).to.be.within((worth(DAY_TOKENS, DEAR) * 20n) / 1_000n, (worth(DAY_TOKENS, DEAR) * 23n) / 1_000n);
    rows.push([
      "liars keep the price 2 % off for hours, within what counts as agreeing",
      usd(lost),
      percent(lost, worth(DAY_TOKENS, DEAR)),
      "2 % and 0.3 %",
    ]);
  });

  it("P393: a spike of the answer alone does not bring the desk to sell below the last hour, nor to buy above it", async () => {
    await ripe("SELL", DEAR);
    await setup.market((DEAR * 90n) / 100n, { average: DEAR });
    const sold = await setup.offer("SELL");
    expect(sold.market).to.be.greaterThanOrEqual((DEAR * 10n ** 10n * 98n) / 100n);
    await setup.clock.pass(4n * HOUR);
    await ripe("BUY", CHEAP);
    await setup.market((CHEAP * 110n) / 100n, { average: CHEAP });
    const bought = await setup.offer("BUY");
    expect(bought.market).to.be.lessThanOrEqual((CHEAP * 10n ** 10n * 102n) / 100n);
  });

  it("P393: moving a pool's price around somebody's fill moves nothing here: the fill keeps its price or fails", async () => {
    const { token, dollar, taker, desk } = setup;
    const pool = await ethers.deployContract("DemoPool", [token, dollar]);
    await token.connect(taker).approve(pool, ALL);
    await dollar.connect(taker).approve(pool, ALL);
    await pool.connect(taker).addLiquidity(1_000_000n * FTNS, 1_200_000n * USD);
    await ripe("SELL", DEAR);
    const before = await setup.offer("SELL");
    await pool.connect(taker).swap(false, 600_000n * USD, 0n);
    const after = await setup.offer("SELL");
    expect([after.market, after.price]).to.deep.equal([before.market, before.price]);
    // Somebody in front takes the half: what is left has become dearer, and the limit of the one behind holds.
    await setup.clock.nextBlockAt((await setup.clock.now()) + 1n);
    const quoted = await desk.quote(SIDE.SELL, DAY_TOKENS / 2n, { blockTag: "pending" });
    await buy(DAY_TOKENS / 2n);
    await expect(desk.connect(taker).buyTokens(DAY_TOKENS / 2n, quoted, taker)).to.be.revertedWithCustomError(desk, "PastLimit");
    rows.push([
      "a sandwich around a fill, with a pool",
      usd(0n),
      "0.000 %",
      "the price is the reporters', and each fill has its limit",
    ]);
  });

  it("P393: a flash loan brings what waiting brings, and a pool's fee takes that", async () => {
    const { token, dollar, taker, desk } = setup;
    const flash = await ethers.deployContract("FlashTaker");
    const pool = await ethers.deployContract("DemoPool", [token, dollar]);
    await token.connect(taker).approve(pool, ALL);
    await dollar.connect(taker).approve(pool, ALL);
    await pool.connect(taker).addLiquidity(50_000_000n * FTNS, 60_000_000n * USD);
    await ripe("SELL", DEAR);
    const swap = pool.interface.encodeFunctionData("swap", [true, DAY_TOKENS, 0n]);
    const take = () => flash.take(desk, dollar, 200_000n * USD, DAY_TOKENS, pool, swap);
    await expect(take()).to.be.revertedWithCustomError(flash, "NotRepaid");
    // A pool that is 2 % dearer than the reporters say pays for it: what the desk loses is what waiting costs it.
    await pool.connect(taker).swap(false, 800_000n * USD, 0n);
    const before = await valueAt(DEAR);
    await take();
    const lost = before - (await valueAt(DEAR));
    expect(lost).to.be.within(1n, (worth(DAY_TOKENS, DEAR) * 3n) / 1_000n);
    rows.push([
      "a flash loan for the whole day's share",
      usd(lost),
      percent(lost, worth(DAY_TOKENS, DEAR)),
      "0.3 % of the day's share",
    ]);
  });

  it("P394: a bear market that sells it everything takes at most a fiftieth of the reserve a day, and 0.1 % of the supply's worth", async () => {
    const { desk } = setup;
    const days = 60;
    let price = (90n * PRICE) / 100n;
    let [spent, bought] = [0n, 0n];
    for (let day = 0; day < days; day++) {
      price = (price * 97n) / 100n;
      await setup.clock.toDaysAhead(1n, 10n * HOUR);
      const before = await balances();
      await ripe("BUY", price);
      const { share } = await setup.offer("BUY");
      expect(share).to.be.lessThanOrEqual(before.dollars / 50n);
      expect(share).to.be.lessThanOrEqual(worth(DAY_TOKENS, price) + 1n);
      await sell(await mostToSell());
      const after = await balances();
      const [paid, got] = [before.dollars - after.dollars, after.tokens - before.tokens];
      expect(paid).to.be.lessThanOrEqual(share);
      // Never more than 0.3 % above the market.
      expect(paid * 1_000n).to.be.lessThanOrEqual(worth(got, price) * 1_003n + 1_000n);
      [spent, bought] = [spent + paid, bought + got];
      await expect(sell(DAY_TOKENS)).to.be.revertedWithCustomError(desk, "NoOffer");
    }
    const { dollars, tokens } = await balances();
    expect(dollars).to.equal(RESERVE - spent);
    expect(tokens).to.equal(INVENTORY + bought);
    const lost = spent - worth(bought, price);
    expect(lost).to.be.lessThan(spent);
    rows.push([
      `a bear market of ${days} days, 3 % down a day, in which somebody sells the day's share each day`,
      `${usd(lost)} of ${usd(spent)} spent`,
      percent(lost, RESERVE),
      "0.1 % of the supply's worth and a fiftieth of the reserve a day",
    ]);
  }).timeout(600_000);

  it("P394: emptying it on both sides takes years, not days: 2 % a day leave more than half after a month", () => {
    let left = 10n ** 18n;
    for (let day = 0; day < 30; day++) left -= left / 50n;
    expect(left).to.be.greaterThan((54n * WAD) / 100n);
  });

  it("P395: never mints, and what it holds changes by fills and by governance alone", async () => {
    const { token, dollar } = setup;
    const supply = [await token.totalSupply(), await dollar.totalSupply()];
    await ripe("SELL", DEAR);
    await buy(DAY_TOKENS);
    await setup.clock.pass(DAY);
    await ripe("BUY", CHEAP);
    await sell(50_000n * FTNS);
    expect([await token.totalSupply(), await dollar.totalSupply()]).to.deep.equal(supply);
  });

  it("the table is what docs/market-desk.md says (UPDATE_DOCS=1 rewrites it)", () => {
    const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
    const head = ["what is played", "the desk loses", "of the day's share (of the reserve in the last row)", "bound"];
    const table = line(head) + line(head.map(() => "---")) + rows.map(line).join("");
    const page = readFileSync(FILE, "utf8");
    const [from, to] = [page.indexOf(BEGIN) + BEGIN.length, page.indexOf(END)];
    if (process.env.UPDATE_DOCS === "1") writeFileSync(FILE, page.slice(0, from) + table + page.slice(to));
    else expect(page.slice(from, to)).to.equal(table);
  });
});
