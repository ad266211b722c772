import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { network } from "hardhat";
import { ROLES } from "@ftns/deploy/wiring.ts";
import { connect } from "@ftns/chain/connect.ts";
import { contracts } from "@ftns/sdk/contracts.ts";
import { type VelocityFacts, readFacts } from "@ftns/keeper/jobs/report-velocity/read.ts";
import { reportOf } from "@ftns/keeper/jobs/report-velocity/report.ts";
import { FTNS, economyOn } from "../helpers/economy.ts";
import { Random, fuzzCases } from "../helpers/random.ts";
import { DAY, dayOf } from "../helpers/time.ts";
import { chainOf } from "./chain.ts";
import { keepersOn, said } from "./world.ts";

const connection = await network.create();
const WAD = 10n ** 18n;
const MONTH = 30n * DAY;
/** More than these accounts ever pay: what limits is tested by itself. */
const CAPACITY = 1_000_000n * FTNS;
/** Activity is lent in whole units. */
const UNIT = 2n ** 54n;

/** Six accounts with FTNS, of which the first two contribute all along; an admin who may set schedules and classes. */
const make = async () => {
  const economy = await economyOn(connection);
  const { people, manager, token, clock } = economy;
  for (const role of [ROLES.REGISTRAR, ROLES.GOVERNOR]) await manager.connect(people.admin).grantRole(role, people.admin, 0);
  const users = people.users.slice(0, 6);
  for (const user of users) await token.connect(people.treasury).transfer(user, 10_000n * FTNS);
  const contributes = async (index: number, days: bigint) => {
    const through = dayOf(await clock.now()) + days;
    await token
      .connect(people.admin)
      .setTierSchedule(users[index]!, { basicThrough: through, activeThrough: 0, powerThrough: 0 }, CAPACITY, CAPACITY, 0n);
    return through;
  };
  for (const index of [0, 1]) await contributes(index, 110n);
  return { ...economy, users, contributes };
};

describe("report-velocity on a real chain", () => {
  const suite = keepersOn(connection, make, ({ addresses: { token, controller } }) => ({
    contracts: { token, controller },
    jobs: { "report-velocity": { jitterSec: 0 } },
  }));
  type World = Awaited<ReturnType<typeof make>>;
  let w: World;
  let folder: string;
  beforeEach(() => {
    w = suite.world;
    folder = mkdtempSync(join(tmpdir(), "ftns-velocity-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const read = async (limits = { maxBlocks: 100_000, maxHolders: 1_000 }): Promise<VelocityFacts> => {
    const chain = await connect({ ...chainOf(suite.bridge.url), timeoutMs: 5_000, quorum: 1 });
    const token = contracts.token(w.addresses.token, chain.provider);
    try {
      return await readFacts(chain, token, undefined, await chain.latest(), limits);
    } finally {
      chain.close();
    }
  };
  const report = async (limits?: Parameters<typeof read>[0]) => reportOf(await read(limits), 1, await w.clock.now());
  const countedOf = (facts: VelocityFacts, index: number) =>
    facts.holders.find(({ address }) => address === w.users[index]!.address)?.counted;
  const pay = (from: number, to: number, amount: bigint) => w.token.connect(w.users[from]!).transfer(w.users[to]!, amount);

  describe("the window", () => {
    it("P156: counts to the wei what a list of all payments and a loop over it count", async () => {
      const random = new Random();
      const paid: { at: bigint; from: number; to: number; value: bigint; counts: [boolean, boolean] }[] = [];
      // The first two contribute from the start, the others come and go: by events, and by days that pass.
      const through = await Promise.all(w.users.map(async (user) => (await w.token.accountOf(user)).schedule.basicThrough));
      for (let step = 0; step < Math.min(fuzzCases(60), 1_000); step++) {
        await w.clock.pass(BigInt(random.int(1, 100_000)));
        if (random.chance(0.2)) {
          const index = random.int(2, 5);
          through[index] = await w.contributes(index, BigInt(random.int(0, 9)));
        }
        const [from, to] = [random.int(0, 5), random.int(0, 5)];
        const value = random.bigint(1n, FTNS);
        await pay(from, to, value);
        const at = await w.clock.now();
        if (from === to) continue;
        paid.push({ at, from, to, value, counts: [through[to]! >= dayOf(at), through[from]! >= dayOf(at)] });
      }
      const facts = await read();
      const since = (await w.clock.now()) - MONTH;
      const expected = w.users.map(() => 0n);
      for (const { from, to, value, counts } of paid.filter((one) => one.at >= since)) {
        if (counts[0]) expected[from]! += (value / UNIT) * UNIT;
        if (counts[1]) expected[to]! += (value / UNIT) * UNIT;
      }
      expect(paid.some(({ at }) => at < since) && expected.some((sum) => sum > 0n)).to.equal(true);
      for (const [index, sum] of expected.entries()) {
        if (sum > 0n || countedOf(facts, index) !== undefined) expect(countedOf(facts, index), `${index}`).to.equal(sum);
      }
      expect(facts.tally.leftOut).to.equal(0);
    }).timeout(120_000);

    it("counts nothing for vaults that pool, and everything with recognised contracts", async () => {
      await w.token.connect(w.people.admin).setAccountClass(w.wrapper, 2n);
      await w.token.connect(w.people.admin).setAccountClass(w.users[5]!, 1n);
      await w.token.connect(w.users[0]!).transfer(w.wrapper, 10n * FTNS);
      await w.token.connect(w.users[1]!).transfer(w.wrapper, 5n * FTNS);
      await pay(2, 5, 7n * FTNS);
      await pay(2, 3, 3n * FTNS);
      const facts = await read();
      const wrapper = facts.holders.find(({ address }) => address === w.addresses.wrapper)!;
      expect(wrapper.counted).to.equal(0n);
      // The treasury is no contributor either, but who paid it to them is: what it gave counts for the treasury alone.
      expect(countedOf(facts, 2)).to.equal(7n * FTNS);
      expect(countedOf(facts, 3)).to.equal(0n);
    });

    it("counts no more with a contributor than it can still lend, and all of a reward", async () => {
      const { people, manager, pool, token, users } = w;
      const { schedule } = await token.accountOf(users[0]!);
      const [basicThrough, activeThrough, powerThrough] = schedule;
      const through = { basicThrough, activeThrough, powerThrough };
      await token.connect(people.admin).setTierSchedule(users[0]!, through, 0n, 100n * UNIT, 0n);
      await pay(2, 0, 60n * UNIT + 1n);
      await pay(2, 0, 60n * UNIT);
      await pay(2, 0, FTNS);
      expect(countedOf(await read(), 2)).to.equal(100n * UNIT);
      expect(countedOf(await read(), 0)).to.equal(0n);

      await manager.connect(people.admin).grantRole(ROLES.REWARDER, people.admin, 0);
      await pool.connect(people.admin).reward(users[3]!, 1n, 10n * FTNS, 1n);
      expect(countedOf(await read(), 3)).to.equal(10n * FTNS);
    });

    it("P157: is whole when the supply before it, mints and burns give today's; and says so when an event is missing", async () => {
      await w.clock.pass(MONTH + DAY);
      await pay(0, 1, FTNS);
      const whole = await report();
      expect(whole.window).to.deep.include({ whole: true, notes: [] });
      expect(whole.supply.total).to.equal(await w.token.totalSupply());
      const facts = await read();
      const paidIn = { ...facts, tally: { ...facts.tally, intoPool: facts.tally.intoPool + 1n } };
      expect(reportOf(paidIn, 1, await w.clock.now()).window.notes[0]).to.include("the reward pool");
      const holed = reportOf({ ...facts, supply: facts.supply + 1n }, 1, await w.clock.now());
      expect(holed.window.notes[0]).to.include("events are missing");
      expect(holed.window.whole).to.equal(false);
    });
    it("P157: says so when blocks or accounts are too many, or no endpoint remembers the month", async () => {
      await w.clock.pass(DAY);
      for (let i = 0; i < 4; i++) await pay(0, 1, FTNS);
      const short = await report({ maxBlocks: 3, maxHolders: 1_000 });
      expect(short.window.notes.join()).to.match(/^only \d+ s of 30 days were read; raise jobs\.report-velocity\.maxBlocks$/);
      const crowded = await report({ maxBlocks: 100_000, maxHolders: 2 });
      expect(crowded.window.notes.join()).to.match(/^\d+ transfers touch accounts beyond the limit/);
      expect(crowded.economy.holders).to.be.at.most(2);
      await w.clock.pass(MONTH);
      suite.bridge.fail((method) => method === "eth_getCode");
      expect((await report()).window.notes.join()).to.match(/^no endpoint remembers the state of a month ago/);
    });
    it("asks for less when the endpoint finds a span too long", async () => {
      await w.clock.pass(10n);
      await pay(0, 1, FTNS);
      const before = await read();
      suite.bridge.fail((method, [filter]) => {
        const { fromBlock, toBlock } = (filter ?? {}) as { fromBlock: string; toBlock: string };
        return method === "eth_getLogs" && Number(toBlock) - Number(fromBlock) > 2;
      });
      expect((await read()).tally).to.deep.equal(before.tally);
      suite.bridge.fail((method) => method === "eth_getLogs");
      expect(await read().catch(() => "failed")).to.equal("failed");
    });
  });

  describe("the job", () => {
    it("P158: reports at once, then once a week by the chain's clock, and sends nothing", async () => {
      await pay(0, 1, 100n * FTNS);
      const keeper = await suite.open({ baseDir: folder }, { stateDir: "state" });
      const first = await keeper.runOnce();
      expect(said(first)).to.match(/^done: 30 days: velocity \S+ \(/);
      expect(said(first)).to.include("supply 100000000").and.to.include("M 1 (a month ago 1)");
      expect(said(first)).to.not.include("not whole");
      const [waiting] = await keeper.runOnce();
      const due = new Date(Number(waiting!.until) * 1_000);
      expect([waiting!.outcome, due.getUTCDay(), due.getUTCHours(), due.getUTCMinutes()]).to.deep.equal(["waiting", 0, 3, 0]);

      await w.clock.to(waiting!.until! - 1n);
      expect(said(await (await suite.open({ baseDir: folder }, { stateDir: "state" })).runOnce())).to.match(/^waiting: /);
      await w.clock.to(waiting!.until!);
      expect(said(await (await suite.open({ baseDir: folder }, { stateDir: "state" })).runOnce())).to.match(/^done: /);
      expect(await connection.ethers.provider.getTransactionCount(keeper.address)).to.equal(0);
    });
    it("writes numbers for machines and tables for people", async () => {
      await pay(0, 1, 100n * FTNS);
      await w.clock.pass(40n * DAY);
      await pay(1, 0, 50n * FTNS);
      await (await suite.open({ baseDir: folder }, { stateDir: "state" })).runOnce();
      const reports = join(folder, "state", "reports");
      const names = readdirSync(reports).sort();
      expect(names).to.have.length(3);
      const data = JSON.parse(readFileSync(join(reports, names[1]!), "utf8"));
      expect(data.tiers.find(({ tier }: any) => tier === "BASIC").all).to.deep.include({
        holders: 2,
        counted: `${2n * ((50n * FTNS) / UNIT) * UNIT}`,
      });
      expect(BigInt(data.economy.counted)).to.equal(2n * ((50n * FTNS) / UNIT) * UNIT);
      const due = await w.token.accountOf(w.people.treasury);
      // Who had no transfer in the window is not listed.
      expect(due.dueFee).to.be.greaterThan(0n);
      const text = readFileSync(join(reports, names[2]!), "utf8");
      expect(text).to.include("The window is whole").and.to.include("| Tier BASIC | 2 |").and.to.include("## Largest dues");
    });
    it("keeps no other job waiting while it reads", async () => {
      await pay(0, 1, FTNS);
      let release = () => {};
      const held = new Promise<void>((resolve) => (release = resolve));
      suite.bridge.delay((method) => (method === "eth_getLogs" ? held : undefined));
      const { token, controller } = w.addresses;
      const jobs = { "report-velocity": {}, "adjust-supply": {} };
      const keeper = await suite.open({}, { contracts: { token, controller }, jobs });
      const reporting = keeper.runOnce(["report-velocity"]);
      const [adjusted] = await keeper.runOnce(["adjust-supply"]);
      expect(adjusted!.outcome, adjusted!.reason).to.equal("waiting");
      release();
      expect(said(await reporting)).to.match(/^done: /);
    });
    it("P94: is broken, and reports nothing, when events cannot be read", async () => {
      suite.bridge.fail((method) => method === "eth_getLogs");
      expect(said(await suite.run())).to.match(/^broken: /);
      suite.bridge.fail();
      expect(said(await suite.run())).to.match(/^done: /);
    });
  });

  describe("a report", () => {
    const holder = (change: object) => ({
      address: "0x1",
      balance: 0n,
      due: 0n,
      activity: 0n,
      counted: 0n,
      band: 3,
      tier: 0,
      exempt: false,
      ...change,
    });
    const facts = (holders: ReturnType<typeof holder>[]): VelocityFacts => ({
      since: 0n,
      wantedSince: 0n,
      fromBlock: 0,
      supplyBefore: 1_000n,
      supply: 1_000n,
      pool: 0n,
      holders,
      tally: { minted: 0n, burned: 0n, intoPool: 0n, outOfPool: 0n, paid: 0n, leftOut: 0 },
    });
    it("gives payments over holdings for each band and tier, exempt accounts apart", () => {
      const { economy, bands, tiers } = reportOf(
        facts([
          holder({ balance: 100n, counted: 150n, band: 0, tier: 2 }),
          holder({ balance: 300n, counted: 50n, band: 0, tier: 1 }),
          holder({ balance: 200n, counted: 10n }),
          holder({ balance: 400n, counted: 999n, exempt: true }),
          holder({ counted: 90n, band: 0 }),
        ]),
        1,
        MONTH,
      );
      expect(economy).to.deep.include({ holders: 3, balance: 600n, counted: 300n, velocity: WAD / 2n });
      expect(bands.map(({ holders, velocity }) => [holders, velocity])).to.deep.equal([
        [2, WAD / 2n],
        [0, undefined],
        [0, undefined],
        [1, WAD / 20n],
      ]);
      expect(tiers.map(({ all }) => all.holders)).to.deep.equal([1, 1, 1, 0]);
      expect(tiers[2]!.bands[0]!.velocity).to.equal((3n * WAD) / 2n);
    });
    it("P256: bands and tiers add up to the whole, with what left and what did not move, whoever holds what", () => {
      const random = new Random();
      for (let run = 0; run < 200; run++) {
        const holders = Array.from({ length: random.int(0, 12) }, () =>
          holder({
            balance: random.chance(0.4) ? 0n : random.bigint(1n, 70n),
            counted: random.bigint(0n, 99n),
            band: random.int(0, 3),
            tier: random.int(0, 3),
            exempt: random.chance(0.2),
          }),
        );
        const { economy, bands, tiers, gone, quiet } = reportOf(facts(holders), 1, MONTH);
        const sum = (groups: { holders: number; balance: bigint; counted: bigint }[], field: "balance" | "counted" | "holders") =>
          groups.reduce((total, group) => total + BigInt(group[field]), 0n);
        for (const parts of [bands, tiers.map(({ all }) => all), tiers.flatMap((tier) => tier.bands)]) {
          expect(sum(parts, "counted") + gone.counted).to.equal(economy.counted);
          expect(sum(parts, "balance") + quiet.balance).to.equal(economy.balance);
          expect(sum(parts, "holders")).to.equal(BigInt(economy.holders));
        }
        expect(gone.balance).to.equal(0n);
      }
    });
    it("names the ten largest dues, the largest first", () => {
      const holders = Array.from({ length: 30 }, (_, index) => holder({ balance: 1n, due: BigInt((index * 7) % 30) }));
      const { dues } = reportOf(facts(holders), 1, MONTH);
      expect(dues.total).to.equal(435n);
      expect(dues.largest.map(({ due }) => due)).to.deep.equal([29n, 28n, 27n, 26n, 25n, 24n, 23n, 22n, 21n, 20n]);
    });
  });
});
