// Random lives of many channels: the contracts against the model, and what must hold after each step.
import { expect } from "chai";
import { burnedOf, burnShareOf, ChannelsModel, DEFAULT_USAGE_SHARES, divide, dayOf } from "@ftns/model";
import { channelIdOf, type ChannelTerms } from "@ftns/sdk/usage.ts";
import { outcomeOf, outcomeOfModel } from "../helpers/reverts.ts";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";
import { FTNS, HOUR, NOTICE, stateOf, termsOf, type Usage, usageFixture, voucherOf, W } from "./fixture.ts";

const DAY = 24n * HOUR;
const [HALT, RECOVERY] = [1n, 3n];

describe("lives of channels", () => {
  let fixture: Awaited<ReturnType<typeof usageFixture>>;
  before(async () => {
    fixture = await usageFixture();
  });

  it("P436: every step does what the model does, and channels and router hold what they owe (random)", async function () {
    this.timeout(600_000);
    await forCases(fuzzCases(3, 30), async (random) => {
      const life = await start(await fixture.fresh(), random);
      for (let step = 0; step < 60; step++) await life.step();
      await life.leave();
    });
  });

  it("P437: two payers get back every unit after 400 days of demurrage (5 and 5)", async () => {
    const u = await fixture.fresh();
    const theirs = termsOf(u.bob, u.operator, u.key);
    await u.channels.connect(u.alice).deposit(u.terms, 5n * W);
    await u.channels.connect(u.bob).deposit(theirs, 5n * W);
    for (const days of [40n, 360n]) {
      await u.clock.pass(days * DAY);
      await u.token.settle(u.wrapper);
    }
    await u.channels.connect(u.alice).giveNotice(u.terms);
    await u.channels.connect(u.bob).giveNotice(theirs);
    await u.clock.pass(NOTICE);
    await u.channels.withdraw(u.terms);
    await u.channels.withdraw(theirs);
    expect(await u.wrapper.balanceOf(u.alice)).to.equal(10_000n * W);
    expect(await u.wrapper.balanceOf(u.bob)).to.equal(10_000n * W);
    expect(await u.wrapper.convertToAssets(W)).to.be.lessThan((FTNS * 88n) / 100n);
  });
});

/** Two payers, two operators, two salts: channels that share everything but one thing. */
async function start(u: Usage, random: Random) {
  const { channels, router, wrapper, token, breaker, people, clock } = u;
  const all: ChannelTerms[] = [u.alice, u.bob].flatMap((payer) =>
    [u.operator, u.other].flatMap((operator) => [0n, 1n].map((salt) => termsOf(payer, operator, u.key, salt))),
  );
  const model = new ChannelsModel();
  const credited = new Map<string, bigint>();
  const payerOf = (terms: ChannelTerms) => (terms.payer === u.alice.address ? u.alice : u.bob);
  const operators = [u.operator, u.other];
  /** What each payer has outside, by its own book. */
  const outside = new Map(await Promise.all([u.alice, u.bob].map(async (p) => [p.address, await wrapper.balanceOf(p)] as const)));
  const earned = new Map(operators.map(({ address }) => [address, 0n]));
  let royalties = 0n;
  let plain = 0n;

  const restrictions = async () => {
    const [now, restricted] = [await clock.now(), await token.restrictedSeconds()];
    return { halted: (await token.haltedUntil()) > now, recovering: (await token.recoveryUntil()) > now, restricted, now };
  };

  /** Does the same in both, at one moment: the next block comes after one second. */
  async function both(call: () => Promise<unknown>, inModel: (moment: Awaited<ReturnType<typeof restrictions>>) => unknown) {
    // A call without a transaction first: a refused transaction makes no block, so the clock is told what it would have been.
    const at = (await clock.now()) + 1n;
    await clock.to(at);
    const { restricted, recovering, halted, now } = await restrictions();
    const next = now + 1n;
    await clock.nextBlockAt(next);
    const chain = await outcomeOf(channels, call);
    const stands = recovering || halted;
    const expected = outcomeOfModel(() =>
      inModel({ halted, recovering, now: next, restricted: restricted + (stands ? 1n : 0n) }),
    );
    expect(chain).to.equal(expected);
    return chain === "ok";
  }

  const acts: (() => Promise<void>)[] = [
    async () => {
      const terms = random.pick(all);
      const payer = payerOf(terms);
      const amount = random.magnitude(0n, 200n * W);
      if ((await restrictions()).halted || (await restrictions()).recovering) return;
      const done = await both(
        () => channels.connect(payer).deposit(terms, amount),
        () => model.deposit(channelIdOf(terms), terms.operator, amount),
      );
      if (done) outside.set(payer.address, outside.get(payer.address)! - amount);
    },
    async () => {
      const operator = random.pick(operators);
      const mine = all.filter((terms) => terms.operator === operator.address);
      const chosen = Array.from({ length: random.int(1, 6) }, () => random.pick(mine));
      const claims = chosen.map((terms) => {
        const { deposited, claimed } = model.channelOf(channelIdOf(terms));
        const cumulative = random.pick([claimed, claimed + 1n, deposited, deposited + 1n, random.bigint(0n, deposited + W)]);
        const charged = random.pick([cumulative, cumulative + 1n, random.bigint(0n, cumulative)]);
        return { terms, id: channelIdOf(terms), cumulative, charged, signed: random.chance(0.95) };
      });
      const vouchers = await Promise.all(
        claims.map(async ({ terms, cumulative, charged, signed }) => ({
          ...(await voucherOf(u, terms, cumulative, signed ? u.key : u.stranger)),
          charged,
        })),
      );
      await both(
        () => channels.connect(random.pick([u.stranger, operator])).claimMany(operator, vouchers),
        (moment) => model.claimMany(operator.address, claims, moment),
      );
    },
    async () => {
      const terms = random.pick(all);
      await both(
        () => channels.connect(payerOf(terms)).giveNotice(terms),
        (moment) => model.giveNotice(channelIdOf(terms), moment),
      );
    },
    async () => {
      if (random.chance(0.7)) return;
      const terms = random.pick(all);
      await both(
        () => channels.connect(payerOf(terms)).withdrawNotice(terms),
        () => model.withdrawNotice(channelIdOf(terms)),
      );
    },
    async () => {
      const terms = random.pick(all);
      if ((await restrictions()).halted) return;
      let amount = 0n;
      const done = await both(
        () => channels.connect(u.stranger).withdraw(terms),
        (moment) => {
          amount = model.withdraw(channelIdOf(terms), moment);
        },
      );
      if (done) outside.set(terms.payer, outside.get(terms.payer)! + amount);
    },
    async () => {
      if ((await restrictions()).halted || (await restrictions()).recovering) return;
      const operator = random.pick(operators);
      const amount = model.uncollected.get(operator.address) ?? 0n;
      const parts = divide(amount, DEFAULT_USAGE_SHARES, true);
      // Dust waits for more.
      if (amount !== 0n && (await wrapper.previewRedeem(parts.redeemed)) === 0n) return;
      const assets = await wrapper.previewRedeem(parts.redeemed);
      const supply = await token.totalSupply();
      const today = await clock.today();
      const done = await both(
        () => router.connect(u.stranger).distribute(operator),
        () => model.collect(operator.address),
      );
      if (!done) return;
      earned.set(operator.address, earned.get(operator.address)! + parts.operator);
      royalties += parts.royalties;
      if (dayOf(await clock.now()) !== today) return;
      const burned = burnedOf(assets, parts.redeemed, parts.rest, burnShareOf(DEFAULT_USAGE_SHARES.burn, 10n ** 18n));
      expect(supply - (await token.totalSupply()), "burned").to.equal(burned);
      // The pool also takes the fees that are settled on the way, so what went there is read from the event.
      const [told] = await router.queryFilter(router.filters.Distributed(), -1);
      expect(told!.args.pooled, "pooled").to.equal(assets - burned);
    },
    async () => {
      const terms = random.pick(all);
      const { claimed } = model.channelOf(channelIdOf(terms));
      const before = credited.get(channelIdOf(terms)) ?? 0n;
      const outcome = await outcomeOf(router, () => router.connect(u.stranger).credit(terms));
      expect(outcome).to.equal(claimed === before ? `NothingToCredit(${channelIdOf(terms)})` : "ok");
      credited.set(channelIdOf(terms), claimed);
    },
    async () => {
      const amount = random.magnitude(1n, W);
      if ((await restrictions()).halted || (await restrictions()).recovering) return;
      const payer = random.pick([u.alice, u.bob]);
      await wrapper.connect(payer).transfer(channels, amount);
      outside.set(payer.address, outside.get(payer.address)! - amount);
      plain += amount;
    },
    async () => {
      const action = random.pick([HALT, RECOVERY]);
      const { halted, recovering } = await restrictions();
      if (halted || recovering) {
        if (halted) await breaker.connect(people.governor).end(HALT);
        if (recovering) await breaker.connect(people.governor).end(RECOVERY);
      } else if (random.chance(0.4)) await breaker.connect(people.governor).impose(action);
    },
    async () => clock.pass(random.pick([60n, HOUR, 10n * HOUR, NOTICE - 60n, NOTICE, 5n * DAY])),
  ];

  async function check() {
    for (const terms of all) {
      const { deposited, claimed } = model.channelOf(channelIdOf(terms));
      expect(await stateOf(u, terms)).to.deep.include({ deposited, claimed });
      expect(claimed <= deposited).to.equal(true);
    }
    expect(await wrapper.balanceOf(channels), "channels hold what they owe").to.equal(model.liabilities() + plain);
    expect(await wrapper.balanceOf(router), "the router holds its pots").to.equal(royalties);
    expect(await router.royaltiesHeld()).to.equal(royalties);
    for (const [who, amount] of [...outside, ...earned]) expect(await wrapper.balanceOf(who)).to.equal(amount);
  }

  return {
    async step() {
      await random.pick(acts)();
      await check();
    },
    /** In calm weather everybody gets what is theirs, to the last unit. */
    async leave() {
      const { halted, recovering } = await restrictions();
      if (halted) await breaker.connect(people.governor).end(HALT);
      if (recovering) await breaker.connect(people.governor).end(RECOVERY);
      for (const terms of all) {
        const { deposited, claimed, leavesAt } = model.channelOf(channelIdOf(terms));
        if (deposited !== claimed && leavesAt === undefined) await channels.connect(payerOf(terms)).giveNotice(terms);
      }
      await clock.pass(NOTICE);
      for (const terms of all) {
        const { deposited, claimed } = model.channelOf(channelIdOf(terms));
        if (deposited !== claimed) await channels.withdraw(terms);
      }
      const waiting = [...model.uncollected.values()].reduce((a, b) => a + b, 0n);
      expect(await wrapper.balanceOf(channels)).to.equal(waiting + plain);
    },
  };
}
