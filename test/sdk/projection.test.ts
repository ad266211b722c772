import { expect } from "chai";
import { balanceOn, project, projectPlan } from "@ftns/sdk/account/projection.ts";
import { readAccount } from "@ftns/sdk/account/report.ts";
import { readStoredAccount } from "@ftns/sdk/account/stored.ts";
import { wordsOfAccount, wordsOfDay } from "@ftns/sdk/explain/words.ts";
import { connectEconomy } from "@ftns/sdk/contracts.ts";
import { handIn, verifiersFixture, worth, type Verifiers } from "../verifiers/fixture.ts";
import { FTNS } from "../helpers/economy.ts";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";
import { startOf } from "../helpers/time.ts";

const { connection, ethers, fresh } = await verifiersFixture();
const DAYS = 90;

/** What random accounts do for some days before anybody asks what will be. */
async function live(d: Verifiers, random: Random): Promise<string[]> {
  const people = d.people.users.slice(0, 6);
  for (const who of people) await d.token.connect(d.people.treasury).transfer(who, random.magnitude(1n, 1_000_000n * FTNS));
  await d.token.connect(d.people.treasury).approve(d.wrapper, 50_000n * FTNS);
  await d.wrapper.connect(d.people.treasury).deposit(50_000n * FTNS, d.people.treasury);
  for (let turn = 0; turn < 10; turn++) {
    const [one, other] = random.shuffle(people);
    const balance = await d.token.balanceOf(one!);
    switch (random.int(0, 4)) {
      case 0:
        await handIn(d, await worth(d, one!, random.bigint(3n, 400n) * FTNS));
        break;
      case 1:
        if (balance > 0n) await d.token.connect(one!).transfer(other!, random.magnitude(1n, balance));
        break;
      case 2:
        await d.token.settle(one!);
        break;
      case 3:
        await d.clock.toDaysAhead(BigInt(random.int(1, 40)), BigInt(random.int(60, 80_000)));
        break;
      default: {
        const { monthlyRate, tierModifier, monthlyCap } = await d.token.parameters();
        const [first, second, third] = monthlyRate;
        const slowest = BigInt(random.int(50, 100)) * 10n ** 14n;
        await d.token.connect(d.people.governor).setParameters({
          monthlyRate: [first, second, third, slowest],
          tierModifier: [...tierModifier] as unknown as [bigint, bigint, bigint, bigint],
          monthlyCap,
        });
      }
    }
  }
  if (random.chance(0.5)) {
    const now = await d.clock.now();
    await d.token.connect(d.people.breaker).halt(now + BigInt(random.int(7_200, 250_000)));
  }
  return [...people.map(({ address }) => address), String(d.wrapper.target), String(d.pool.target), d.people.treasury.address];
}

describe("SDK: projection", function () {
  this.timeout(240_000);

  it("is what balanceOf then says, day by day for 90 days, to the wei (P470)", async () => {
    await forCases(fuzzCases(3, 40), async (random) => {
      const d = await fresh();
      const accounts = await live(d, random);
      const pool = String(d.pool.target);
      const today = Number(await d.clock.today());
      const projected = await Promise.all(
        accounts.map(async (address) => {
          const stored = await readStoredAccount(ethers.provider, String(d.token.target), address, { pool });
          expect(balanceOn(stored, today), "today").to.equal(await d.token.balanceOf(address));
          return { address, rows: project(stored, today, DAYS) };
        }),
      );
      for (let n = 1; n <= DAYS; n++) {
        await d.clock.toDay(BigInt(today + n), 30n);
        for (const { address, rows } of projected) {
          // The pool takes in what is settled of others: nobody touches anything here, so nothing.
          expect(rows[n - 1]!.balance, `${address} after ${n} days`).to.equal(await d.token.balanceOf(address));
          expect(rows[n - 1]!.at).to.equal(startOf(BigInt(today + n)));
        }
      }
    });
  });

  it("says of each day the fee, tier, band and rate that the token charges then", async () => {
    const d = await fresh();
    await d.token.connect(d.people.treasury).transfer(d.alice, 5_000n * FTNS);
    await handIn(d, await worth(d, d.alice, 300n * FTNS));
    const stored = await readStoredAccount(ethers.provider, String(d.token.target), d.alice.address);
    const today = Number(await d.clock.today());
    const rows = project(stored, today, DAYS);
    for (const n of [1, 20, 45, 46, 90]) {
      if (n > 1) await d.clock.toDay(BigInt(today + n - 1), 60n);
      const before = await d.token.accountOf(d.alice);
      const row = rows[n - 1]!;
      expect(row.tier, `tier on day ${n}`).to.equal(Number(await d.token.tierOn(d.alice, BigInt(today + n))));
      // A settlement of that day alone rounds once where the projection has rounded for all days: a wei or two.
      expect(Number(before.nextFee - row.fee), `fee of day ${n}`).to.be.within(-5, 5);
    }
    expect(rows.at(-1)!.reason).to.equal("charged");
    expect(wordsOfDay(rows[0]!)).to.match(/takes [\d.]+ FTNS and leaves [\d.]+ FTNS: a thirtieth of [\d.]+ %, tier POWER/);
  });

  it("knows grace, exemption and nothing at all", async () => {
    const d = await fresh();
    await handIn(d, await worth(d, d.alice, 20n * FTNS));
    const today = Number(await d.clock.today());
    const of = async (address: string) =>
      project(await readStoredAccount(ethers.provider, String(d.token.target), address), today, 3);
    expect((await of(d.alice.address))[0]).to.include({ reason: "grace", fee: 0n });
    expect((await of(String(d.vault.target)))[0]).to.include({ reason: "exempt", fee: 0n, rate: 0n });
    expect((await of(d.bob.address))[0]).to.include({ reason: "empty", balance: 0n });
  });

  it("refuses a number of days that is none", async () => {
    const stored = await readStoredAccount(ethers.provider, ethers.ZeroAddress, ethers.ZeroAddress).catch(() => undefined);
    expect(stored, "a token without code has no terms").to.satisfy(
      (one: unknown) => one === undefined || typeof one === "object",
    );
    const d = await fresh();
    const alice = await readStoredAccount(ethers.provider, String(d.token.target), d.alice.address);
    for (const days of [0, -1, 1.5, 3_651, Number.NaN])
      expect(() => project(alice, 20_000, days)).to.throw(RangeError, "no number of days");
  });

  it("follows a plan: what moves away pays nothing there, and activity lowers the rate", async () => {
    const d = await fresh();
    await d.token.connect(d.people.treasury).transfer(d.alice, 1_000n * FTNS);
    const stored = await readStoredAccount(ethers.provider, String(d.token.target), d.alice.address);
    const today = Number(await d.clock.today());
    const idle = projectPlan(stored, today, DAYS, {});
    const staked = projectPlan(stored, today, DAYS, { moveAway: 900n * FTNS });
    const active = projectPlan(stored, today, DAYS, { activityADay: 60n * FTNS });
    const sum = (rows: typeof idle) => rows.reduce((all, { fee }) => all + fee, 0n);
    expect(sum(staked)).to.be.lessThan(sum(idle) / 9n);
    expect(sum(active)).to.be.lessThan(sum(idle) / 2n);
    expect(active.at(-1)).to.include({ band: 0 });
    expect(() => projectPlan(stored, today, 1, { moveAway: 1_001n * FTNS })).to.throw(
      RangeError,
      "more would leave than there is",
    );
    // Settled by hand each day, an idle account pays what one that nobody touches pays, but for roundings.
    const untouched = project(stored, today, DAYS);
    expect(Number(idle.at(-1)!.balance - untouched.at(-1)!.balance)).to.be.within(-200, 200);
  });
});

describe("SDK: account report", () => {
  it("reads all of one block, and says it in sentences", async () => {
    const d = await fresh();
    await d.token.connect(d.people.treasury).transfer(d.alice, 1_000n * FTNS);
    await handIn(d, await worth(d, d.alice, 60n * FTNS));
    await d.token.connect(d.alice).approve(d.vault, 100n * FTNS);
    await d.vault.connect(d.alice).stake(100n * FTNS);
    await d.vault.connect(d.alice).requestUnstake(10n * FTNS);
    const economy = connectEconomy(d.addresses as never, ethers.provider as never);
    const report = await readAccount(economy, d.alice.address);
    const before = await readAccount(economy, d.alice.address, report.at.number - 3);
    expect(before.stakes.staked).to.equal(0n);
    expect(report.stakes.staked).to.equal(90n * FTNS);
    expect(balanceOn(report.stored, Number(await d.clock.today()))).to.equal(report.holds.balance);
    const words = wordsOfAccount(report).map(({ text }) => text);
    const all = words.join("\n");
    expect(all).to.match(/It holds [\d.]+ FTNS\./);
    expect(all).to.include("Its tier is ACTIVE through");
    expect(all).to.include("For POWER it misses");
    expect(all).to.include("90 FTNS are staked.");
    expect(all).to.include("10 FTNS are on their way out and can be withdrawn in 7 days");
    expect(all).to.match(/The next day boundary, .*, takes [\d.]+ FTNS, a thirtieth of [\d.]+ % a month\./);
  });

  it("says what stops", async () => {
    const d = await fresh();
    await d.token.connect(d.people.treasury).transfer(d.alice, 1_000n * FTNS);
    await d.token.connect(d.people.breaker).startRecovery((await d.clock.now()) + 86_400n);
    const economy = connectEconomy(d.addresses as never, ethers.provider as never);
    const words = wordsOfAccount(await readAccount(economy, d.alice.address));
    expect(words.find(({ about }) => about === "stop")?.text).to.match(
      /Recovery mode holds until .*: 100 FTNS can be moved today/,
    );
  });

  it("asks for a provider", async () => {
    const d = await fresh();
    const failure = await readAccount(connectEconomy(d.addresses as never), d.alice.address).catch((error: Error) => error);
    expect(String(failure)).to.include("connect the economy to a provider first");
    void connection;
  });
});
