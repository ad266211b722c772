// What is leaving pays demurrage from the request on.
import { expect } from "chai";
import { DEFAULT_PARAMETERS, rateTable, Timeline } from "@ftns/model";
import { runDayLoop } from "@ftns/model/token/dayLoop.ts";
import { fuzzCases, Random } from "../helpers/random.ts";
import { DAY, dayOf, startOf } from "../helpers/time.ts";
import { contractSigner, dayNumber, demurrageBy, FTNS, halt, STAKE, WAD, WEEK, stakingFixture, type Staking } from "./fixture.ts";

const { connection, fresh } = await stakingFixture();
const { ethers } = connection;

describe("what is leaving the vault (P170)", () => {
  let d: Staking;
  let vault: Staking["vault"];
  beforeEach(async () => {
    d = await fresh();
    vault = d.vault.connect(d.alice);
  });

  /** An account that holds `amount`, is NONE, and has never done anything. */
  const idleWallet = async (amount: bigint) => {
    const wallet = ethers.Wallet.createRandom();
    await d.token.connect(d.people.treasury).transfer(wallet, amount);
    return wallet.address;
  };

  describe("given a request late on a day", () => {
    it("charges the very next boundary, and none before it", async () => {
      await vault.stake(STAKE);
      const boundary = startOf((await d.clock.today()) + 1n);
      await d.clock.nextBlockAt(boundary - 1n);
      await vault.requestUnstake(STAKE);
      expect((await vault.stakeOf(d.alice)).pending).to.equal(STAKE);
      await d.clock.to(boundary);
      expect((await vault.stakeOf(d.alice)).pending).to.equal(STAKE - STAKE / 3_000n);
    });
  });

  describe("given a time that ends with the very second of a boundary", () => {
    it("charges that boundary too", async () => {
      await vault.stake(STAKE);
      const wallet = await idleWallet(STAKE);
      await d.clock.nextBlockAt(startOf((await d.clock.today()) + 1n));
      await vault.requestUnstake(STAKE);
      await d.token.settle(wallet);
      const request = await d.clock.today();
      const sent = await d.token.balanceOf(wallet); // it lost the boundary of the request, the exit didn't
      const { readyAt } = await vault.stakeOf(d.alice);
      expect(readyAt).to.equal(startOf(request + 7n));
      await d.clock.nextBlockAt(readyAt);
      const receipt = await (await vault.withdraw()).wait();
      const [charged] = await vault.queryFilter(vault.filters.ExitCharged(d.alice), receipt!.blockNumber);
      expect(charged!.args.throughDay).to.equal(request + 7n);
      expect(charged!.args.fee * sent).to.be.within(
        (sent - (await d.token.balanceOf(wallet)) - 2n) * STAKE,
        (sent - (await d.token.balanceOf(wallet)) + 2n) * STAKE,
      );
    });
  });

  describe("a further request", () => {
    it("writes down the fee of the first, sends it to the pool, and counts the fee of the second from today", async () => {
      await vault.stake(2n * STAKE);
      await vault.requestUnstake(STAKE);
      await d.clock.toDaysAhead(4n);
      await d.token.settle(d.alice);
      const { pending } = await vault.stakeOf(d.alice);
      const request = vault.requestUnstake(STAKE);
      const readyAt = (await d.clock.now()) + WEEK;
      await expect(request)
        .to.emit(vault, "ExitCharged")
        .withArgs(d.alice, STAKE - pending, await d.clock.today());
      await expect(request)
        .to.emit(vault, "UnstakeRequested")
        .withArgs(d.alice, STAKE, pending + STAKE, (later: bigint) => later >= readyAt && later <= readyAt + 5n);
      await expect(request).to.changeTokenBalances(ethers, d.token, [vault, d.pool], [pending - STAKE, STAKE - pending]);
      expect(await vault.totalPending()).to.equal(pending + STAKE);
      const wallet = await idleWallet(pending + STAKE);
      await d.clock.toDaysAhead(20n);
      expect((await vault.stakeOf(d.alice)).pending).to.equal(await d.token.balanceOf(wallet));
    });
  });

  describe("cancelUnstake", () => {
    it("stakes what is left", async () => {
      await vault.stake(STAKE);
      await vault.requestUnstake(STAKE);
      await d.clock.toDaysAhead(40n);
      const { pending } = await vault.stakeOf(d.alice);
      const cancelled = vault.cancelUnstake();
      await expect(cancelled).to.emit(vault, "UnstakeCancelled").withArgs(d.alice, pending);
      await expect(cancelled).to.changeTokenBalances(ethers, d.token, [vault, d.pool], [pending - STAKE, STAKE - pending]);
      expect([await vault.stakedOf(d.alice), await vault.totalPending()]).to.deep.equal([pending, 0n]);
      expect(await vault.getVotes(d.alice)).to.equal(pending);
    });
  });

  describe("settleExit", () => {
    beforeEach(async () => {
      await vault.stake(STAKE);
    });

    it("reverts with nothing pending, and beyond the days that are due", async () => {
      await expect(vault.settleExit(d.alice, 0n)).to.be.revertedWithCustomError(vault, "NothingPending").withArgs(d.alice);
      await vault.requestUnstake(STAKE);
      const from = await d.clock.today();
      await d.clock.toDaysAhead(3n);
      for (const day of [from - 1n, from + 4n]) {
        await expect(vault.settleExit(d.alice, day))
          .to.be.revertedWithCustomError(vault, "ExitDayOutOfBounds")
          .withArgs(day, from, from + 3n);
      }
      await vault.settleExit(d.alice, from + 2n);
      await expect(vault.settleExit(d.alice, from + 1n)).to.be.revertedWithCustomError(vault, "ExitDayOutOfBounds");
    });

    it("by anyone, in parts, changes what is pending by less than a wei a part, for the leaver", async () => {
      await vault.requestUnstake(STAKE);
      const from = await d.clock.today();
      await d.clock.toDaysAhead(100n);
      const { pending, readyAt } = await vault.stakeOf(d.alice);
      const stranger = d.vault.connect(d.eve);
      const parts = [0n, 1n, 2n, 30n, 99n, 100n, 100n];
      for (const part of parts) await stranger.settleExit(d.alice, from + part);
      const now = await vault.stakeOf(d.alice);
      expect(now.pending).to.be.within(pending - 1n, pending + BigInt(parts.length));
      expect([now.readyAt, now.chargedThrough]).to.deep.equal([readyAt, from + 100n]);
      expect(await vault.totalPending()).to.equal(now.pending);
      expect(await d.token.balanceOf(vault)).to.equal(now.pending);
    });

    it("takes no day twice", async () => {
      await vault.requestUnstake(STAKE);
      await d.clock.toDaysAhead(10n);
      await expect(vault.settleExit(d.alice, await dayNumber(d))).to.emit(vault, "ExitCharged");
      await expect(vault.settleExit(d.alice, await dayNumber(d))).not.to.emit(vault, "ExitCharged");
    });
  });

  it("is settled in parts over a past of many changes of rates, to the same amount within a wei a part", async () => {
    await vault.stake(STAKE);
    await vault.requestUnstake(STAKE);
    const from = await d.clock.today();
    for (let day = 0n; day < 40n; day++) {
      const slowest = (20n + day) * (WAD / 10_000n);
      const rates = {
        ...DEFAULT_PARAMETERS,
        monthlyRate: [0n, 0n, 0n, slowest],
        tierModifier: [...DEFAULT_PARAMETERS.tierModifier],
      };
      await d.token.connect(d.people.governor).setParameters(rates as never);
      await d.clock.toDaysAhead(1n);
    }
    const { pending } = await vault.stakeOf(d.alice);
    const gasOf = async (through: bigint) => (await (await vault.settleExit(d.alice, through)).wait())!.gasUsed;
    const [first, half, rest] = [await gasOf(from + 2n), await gasOf(from + 22n), await gasOf(from + 40n)];
    expect((await vault.stakeOf(d.alice)).pending).to.be.within(pending - 3n, pending + 3n);
    expect(first).to.be.lessThan(half);
    expect(rest).to.be.lessThan(300_000n);
  });

  it("is free on frozen days, of a halt and of recovery mode, like any wallet", async () => {
    await vault.stake(STAKE);
    await vault.requestUnstake(STAKE);
    const wallet = await idleWallet(STAKE);
    const same = async () => expect((await vault.stakeOf(d.alice)).pending).to.equal(await d.token.balanceOf(wallet));
    await halt(d, 3n * DAY);
    await d.clock.toDaysAhead(2n);
    await same();
    expect((await vault.stakeOf(d.alice)).pending).to.equal(STAKE);
    await d.clock.toDaysAhead(3n);
    await same();
    await d.token.connect(d.people.breaker).startRecovery((await d.clock.now()) + WEEK);
    await d.clock.toDaysAhead(12n);
    await same();
    await vault.withdraw();
    expect(await d.token.balanceOf(vault)).to.equal(0n);
  });

  it("pays nothing on a day whose fee is below the minimum, and never more than there is", async () => {
    await vault.stake(100n);
    await vault.requestUnstake(100n);
    await d.clock.pass(10_000n * DAY);
    expect((await vault.stakeOf(d.alice)).pending).to.equal(100n);
    await expect(vault.withdraw()).to.changeTokenBalance(ethers, d.token, d.alice, 100n);
  });

  it("agrees with the model bit for bit, and with a loop over the days, through freezes and changes of rates", async function () {
    this.timeout(600_000);
    const random = new Random(undefined, 170);
    const [owners, steps] = [24, fuzzCases(90)];
    const start = await dayNumber(d);
    const timeline = new Timeline(rateTable(DEFAULT_PARAMETERS));
    const demurrageOf = demurrageBy(timeline);
    const nested = (flat: readonly bigint[]) => [0, 4, 8, 12].map((from) => flat.slice(from, from + 4));
    const epochs = [{ fromDay: 0, rates: nested(rateTable(DEFAULT_PARAMETERS)) }];
    const frozen: { fromDay: number; throughDay: number }[] = [];
    const boxes = [];
    for (let i = 0; i < owners; i++) {
      const owner = await contractSigner(connection, await ethers.deployContract("DoneOnce"));
      const amount = random.magnitude(10n ** 9n, 1_000_000n * FTNS);
      await d.token.connect(d.people.treasury).transfer(owner, amount);
      await d.token.connect(owner).approve(vault, ethers.MaxUint256);
      await d.vault.connect(owner).stake(amount);
      await d.vault.connect(owner).requestUnstake(amount);
      const day = await dayNumber(d);
      boxes.push({ owner, amount, kept: { amount, day }, from: day, writes: 0n });
    }
    const seen = { compared: 0, charged: 0, freezes: 0, changes: 0, parts: 0 };
    for (let step = 0; step < steps; step++) {
      await d.clock.pass(random.magnitude(1n, 12n * DAY));
      const act = random.int(0, 4);
      if (act === 0) {
        const seconds = random.bigint(1n, 3n * DAY - 60n);
        await d.token.connect(d.people.breaker).halt((await d.clock.now()) + seconds);
        const until = await d.token.haltedUntil();
        timeline.freeze(await dayNumber(d), Number(dayOf(until)));
        // A later halt replaces one that is running.
        const last = frozen.at(-1);
        if (last !== undefined && last.throughDay > (await dayNumber(d))) last.throughDay = await dayNumber(d);
        frozen.push({ fromDay: (await dayNumber(d)) + 1, throughDay: Number(dayOf(until)) });
        seen.freezes++;
      } else if (act === 1) {
        const slowest = BigInt(random.int(1, 100)) * (WAD / 10_000n);
        const parameters = {
          ...DEFAULT_PARAMETERS,
          monthlyRate: [slowest / 10n, slowest / 5n, slowest / 2n, slowest] as const,
        };
        await d.token.connect(d.people.governor).setParameters({
          ...parameters,
          monthlyRate: [...parameters.monthlyRate] as never,
          tierModifier: [...parameters.tierModifier] as never,
        });
        timeline.change(await dayNumber(d), rateTable(parameters));
        epochs.push({ fromDay: (await dayNumber(d)) + 1, rates: nested(rateTable(parameters)) });
        seen.changes++;
      } else {
        const box = random.pick(boxes);
        const today = await dayNumber(d);
        const through = random.chance(0.3) ? today : random.int(box.kept.day, today);
        await d.vault.settleExit(box.owner, through);
        box.kept = { amount: box.kept.amount - demurrageOf(box.kept.amount, box.kept.day, through), day: through };
        box.writes++;
        if (through < today) seen.parts++;
      }
      const today = await dayNumber(d);
      const views = await Promise.all(boxes.map(async ({ owner }) => d.vault.stakeOf(owner)));
      for (const [index, box] of boxes.entries()) {
        const { kept } = box;
        const { pending, chargedThrough } = views[index]!;
        expect(chargedThrough).to.equal(BigInt(kept.day));
        expect(pending).to.equal(kept.day === today ? kept.amount : kept.amount - demurrageOf(kept.amount, kept.day, today));
        const account = {
          balance: box.amount,
          activity: 0n,
          settledDay: box.from,
          basicThrough: 0,
          activeThrough: 0,
          powerThrough: 0,
          graceUntil: 0,
          class: "standard",
        } as const;
        const loop = runDayLoop(account, today, epochs, frozen, { unrounded: true });
        // What rounding may do: 1 wei a writing down, and 1e-18 of the amount each time over many days at once.
        const off = pending - loop.balance;
        expect(off < 0n ? -off : off).to.be.at.most(box.writes + 3n + (box.amount * (box.writes + 2n)) / WAD);
        seen.compared++;
        if (pending < box.amount) seen.charged++;
      }
      const written = boxes.reduce((sum, { kept }) => sum + kept.amount, 0n);
      expect(await d.vault.totalPending()).to.equal(written); // P70
      expect(await d.token.balanceOf(d.vault)).to.equal(written);
    }
    expect(await dayNumber(d)).to.be.greaterThan(start + 30);
    if (fuzzCases(90) >= 90) {
      expect(seen.compared).to.be.at.least(2_000);
      for (const [what, times] of Object.entries(seen)) expect(times, what).to.be.greaterThan(5);
    }
  });
});
