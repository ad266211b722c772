import { expect } from "chai";
import { network } from "hardhat";
import type { ChainlinkFeed } from "../../typechain-types/index.ts";
import type { FeedRound } from "@ftns/keeper/market/chainlink.ts";
import { type Due, type DuesRules, type DuesSnapshot, decideDues } from "@ftns/keeper/jobs/settle-dues/decide.ts";
import { FTNS, economyOn } from "../helpers/economy.ts";
import { DAY } from "../helpers/time.ts";
import { keepersOn, said } from "./world.ts";

const connection = await network.create();
const WAD = 10n ** 18n;
const NOW = 1_800_000_000n;
const GWEI = 10n ** 9n;

describe("decisions of settle-dues", () => {
  const rules: DuesRules = {
    minDueFtns: FTNS,
    maxCostShare: WAD / 10n,
    maxPriceAgeSec: 7_200,
    gasFeed: { maxAgeSec: 3_600 },
    priorityFee: GWEI,
  };
  // An FTNS is worth 2 dollars, a coin 1,000, and 100,000 gas at 10 gwei one dollar.
  const price: FeedRound = { answer: 2n * 10n ** 8n, updatedAt: NOW - 60n, decimals: 8n };
  const gasPrice: FeedRound = { answer: 1_000n * WAD, updatedAt: NOW - 60n, decimals: 18n };
  const due = (amount: bigint, gas: Due["gas"] = 100_000n, account = "0xa"): Due => ({ account, due: amount, gas });
  const decide = (dues: Due[], change: Partial<DuesSnapshot> = {}) =>
    decideDues(
      {
        head: { number: 1, timestamp: NOW, baseFee: 9n * GWEI },
        price,
        gasPrice,
        dues,
        looked: 7,
        rest: 0n,
        crowded: false,
        ...change,
      },
      rules,
    );

  const stale: [string, Partial<DuesSnapshot>, string][] = [
    ["an FTNS price that is too old", { price: { ...price, updatedAt: NOW - 7_201n } }, "the price of FTNS cannot be used"],
    ["an FTNS price of zero", { price: { ...price, answer: 0n } }, "the price of FTNS cannot be used"],
    ["a gas price that is too old", { gasPrice: { ...gasPrice, updatedAt: NOW - 3_601n } }, "check jobs.settle-dues.gasFeed"],
    ["a gas price without a round", { gasPrice: { ...gasPrice, updatedAt: 0n } }, "its round is not complete"],
  ];
  for (const [name, change, words] of stale) {
    it(`P94: is broken on ${name}`, () => {
      const decision = decide([due(100n * FTNS)], change);
      expect(decision.kind).to.equal("broken");
      expect(decision.reason).to.include(words);
    });
  }
  it("P159: settles a due whose gas costs exactly the share, and not one a wei smaller", () => {
    expect(decide([due(5n * FTNS)])).to.deep.include({ kind: "act", args: { account: "0xa" } });
    expect(decide([due(5n * FTNS - 1n)]).kind).to.equal("nothing");
    expect(decide([due(5n * FTNS)]).reason).to.equal("0xa owes 5 FTNS (10 USD), and its gas costs 1 USD");
  });
  it("leaves what is below the least amount, whatever it costs", () => {
    expect(decide([due(FTNS, 1n)]).kind).to.equal("act");
    expect(decide([due(FTNS - 1n, 1n)]).reason).to.include("the largest is 0.9999 FTNS (7 accounts)");
  });
  it("settles nothing where nothing is due, even for free", () => {
    const free = { head: { number: 1, timestamp: NOW, baseFee: 0n } };
    expect(
      decideDues(
        { ...free, price, gasPrice, dues: [due(0n)], looked: 1, rest: 0n, crowded: false },
        { ...rules, minDueFtns: 0n, priorityFee: 0n },
      ).kind,
    ).to.equal("nothing");
  });
  it("goes on to the next when one would fail, and tells it when nothing is left", () => {
    const failing = due(9n * FTNS, { failure: "too long ago" }, "0xb");
    expect(decide([failing, due(5n * FTNS)])).to.deep.include({ args: { account: "0xa" } });
    expect(decide([failing])).to.deep.equal({ kind: "broken", reason: "0xb cannot be settled: too long ago" });
  });
  it("says that there may be more than it can follow", () => {
    expect(decide([], { crowded: true }).reason).to.equal(
      "nothing is due (7 accounts, and others beyond jobs.settle-dues.maxHolders)",
    );
  });
});

const make = async () => {
  const economy = await economyOn(connection);
  const { people, token } = economy;
  const users = people.users.slice(0, 5);
  // The more, the larger the due; a due of the last is dust.
  for (const [index, user] of users.entries()) {
    await token.connect(people.treasury).transfer(user, (index === 4 ? 20n : 100_000n / BigInt(index + 1)) * FTNS);
  }
  const feed: ChainlinkFeed = await connection.ethers.deployContract("ChainlinkFeed", [8, 2n * 10n ** 8n]);
  const gasFeed: ChainlinkFeed = await connection.ethers.deployContract("ChainlinkFeed", [8, 1_000n * 10n ** 8n]);
  return { ...economy, users, feed, gasFeed };
};

describe("settle-dues on a real chain", () => {
  const suite = keepersOn(connection, make, ({ addresses: { token } }) => ({ contracts: { token }, jobs: {} }));
  let w: Awaited<ReturnType<typeof make>>;
  beforeEach(async () => {
    w = suite.world;
    await w.clock.pass(60n * DAY);
    for (const feed of [w.feed, w.gasFeed]) await feed.updateAnswer(await feed.latestAnswer());
  });
  const configured = async (change: object = {}) => ({
    contracts: { token: w.addresses.token, feed: await w.feed.getAddress() },
    jobs: { "settle-dues": { jitterSec: 0, lookbackDays: 90, gasFeed: { feed: await w.gasFeed.getAddress() }, ...change } },
  });
  const run = async (change: object = {}) => suite.run(await configured(change));
  const dueOf = async (account: { address: string }) => (await w.token.accountOf(account.address)).dueFee;

  it("P159: settles the largest dues first, at most so many, into the reward pool", async () => {
    const [treasury, ...dues] = await Promise.all([w.people.treasury, ...w.users].map(dueOf));
    const pool = await w.token.balanceOf(w.pool);
    const reports = await run({ maxPerRun: 3 });
    expect(said(reports)).to.match(/^(done: \S+ owes .*\n){3}nothing: the largest dues are settled, \S+ FTNS are left \(/);
    expect(reports[0]!.reason).to.include(w.people.treasury.address);
    expect(reports[1]!.reason).to.include(w.users[0]!.address);
    expect((await w.token.balanceOf(w.pool)) - pool).to.equal(treasury! + dues[0]! + dues[1]!);
    expect(await dueOf(w.users[0]!)).to.equal(0n);
    expect(await dueOf(w.users[2]!)).to.equal(dues[2]);
  });
  it("changes nobody's balance and leaves dust and what is not worth its gas", async () => {
    const before = await Promise.all(w.users.map((user) => w.token.balanceOf(user)));
    expect(said(await run())).to.match(/nothing: /);
    expect(await Promise.all(w.users.map((user) => w.token.balanceOf(user)))).to.deep.equal(before);
    expect(await Promise.all(w.users.slice(0, 4).map(dueOf))).to.deep.equal([0n, 0n, 0n, 0n]);
    expect(await dueOf(w.users[4]!)).to.be.greaterThan(0n);

    await w.clock.pass(DAY);
    await w.gasFeed.updateAnswer(10n ** 17n);
    await w.feed.updateAnswer(10n ** 6n);
    const due = await dueOf(w.users[0]!);
    expect(said(await run({ minDueFtns: 0 }))).to.match(/^nothing: no due is worth its gas at 10 %/);
    expect(await dueOf(w.users[0]!)).to.equal(due);
  });
  it("finds who has moved since its last look, and asks for new events only", async () => {
    const keeper = await suite.open({}, await configured());
    await keeper.runOnce();
    const newcomer = w.people.users[5]!;
    await w.token.connect(w.users[0]!).transfer(newcomer, 50_000n * FTNS);
    await w.clock.pass(30n * DAY);
    for (const feed of [w.feed, w.gasFeed]) await feed.updateAnswer(await feed.latestAnswer());
    suite.bridge.asked.length = 0;
    expect(said(await keeper.runOnce())).to.include(`done: ${newcomer.address} owes`);
    expect(suite.bridge.asked.filter((method) => method === "eth_getLogs")).to.have.length(1);
  });
  it("follows no more accounts than it may, those with the latest transfers", async () => {
    await w.token.connect(w.users[3]!).transfer(w.users[2]!, FTNS);
    const reports = await run({ maxHolders: 2 });
    expect(said(reports)).to.not.include(w.people.treasury.address);
    expect(said(reports)).to.include("and others beyond jobs.settle-dues.maxHolders");
  });
  it("P91: lets twins share the work without a fault", async () => {
    const twins = [await suite.open({}, await configured()), await suite.open({ account: "TWIN_KEY" }, await configured())];
    const reports = (await Promise.all(twins.map((keeper) => keeper.runOnce()))).flat();
    expect(said(reports)).to.not.include("broken");
    expect(reports.filter(({ outcome }) => outcome === "done").length).to.be.at.least(5);
  });
  it("P94: is broken without a price, and sends nothing", async () => {
    await w.clock.pass(7_201n);
    const before = await dueOf(w.users[0]!);
    expect(said(await run())).to.match(/^broken: the price of FTNS cannot be used: its answer is 2 h.* old/);
    expect(await dueOf(w.users[0]!)).to.be.at.least(before);
  });
});
