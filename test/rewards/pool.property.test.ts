// The pool against its model through random days, payment by payment, and what must hold whoever asks in whatever order.
import { expect } from "chai";
import { dayOf, PURPOSES, Refused, RewardPoolModel, startOfDay, type PoolSurroundings, type Purpose } from "@ftns/model";
import type { ContractTransactionResponse } from "ethers";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";
import { outcomeOf } from "../helpers/reverts.ts";
import { byPurpose, FTNS, poolFixture, SUPPLY, WAD, type PoolWorld } from "./fixture.ts";

const { fresh } = await poolFixture();
const LONG_RUN_MS = 3_600_000;
const STEPS = 60;
const LIVES = Math.ceil(fuzzCases(600) / STEPS);
const MAX_SUPPLY = 1_000_000_000n * FTNS;

describe("RewardPool over random days", () => {
  it(`${LIVES} x ${STEPS} steps: as the model says, within budget, shares and cap, and nothing is lost (P30, P31)`, async () => {
    let payments = 0;
    await forCases(LIVES, async (random) => {
      const life = new Life(random, await fresh());
      await life.live();
      payments += life.payments;
    });
    if (process.env.FUZZ_CASES === undefined && process.env.FUZZ_CASE === undefined) {
      expect(payments).to.be.greaterThan(2_000);
    }
  }).timeout(LONG_RUN_MS);
});

class Life {
  payments = 0;
  readonly #random: Random;
  readonly #d: PoolWorld;
  readonly #model = new RewardPoolModel();
  readonly #world: PoolSurroundings;
  /** `M` that the source is set to, also while it fails. */
  #multiplier = WAD;
  #fixedKinds = 0n;
  #recoveryUntil = 0n;
  #totals = { earned: 0n, paid: 0n, cancelled: 0n };
  /** Of the present day: its first budget, what was minted, and whether its means only grew. */
  #day = { number: 0n, budget: 0n, minted: 0n, calm: true };

  constructor(random: Random, d: PoolWorld) {
    this.#random = random;
    this.#d = d;
    this.#world = { time: 0n, multiplier: WAD, funds: 0n, supply: SUPPLY, maxSupply: MAX_SUPPLY, recovering: false };
  }

  async live(): Promise<void> {
    const { pool } = this.#d;
    for (let step = 0; step < STEPS; step++) {
      await this.#change();
      await this.#pass();
      if (this.#random.chance(0.6)) await this.#payMany();
      else await this.#claim();
      await this.#compare();
    }
    const owed = await Promise.all(this.#accounts().map(async ({ address }) => pool.claimable(address)));
    expect(owed.reduce((total, one) => total + one, 0n)).to.equal(await pool.totalClaimable());
    const { earned, paid, cancelled } = this.#totals;
    expect(earned, "earned = paid + owed + cancelled").to.equal(paid + (await pool.totalClaimable()) + cancelled);
  }

  #accounts() {
    const { alice, bob, carol, others } = this.#d;
    return [alice, bob, carol, ...others.slice(0, 3)];
  }

  /** What governance, the token and the controller do between payments. */
  async #change(): Promise<void> {
    const { pool, token, source } = this.#d;
    const random = this.#random;
    if (random.chance(0.3)) {
      const amount = random.magnitude(1n, 200_000n * FTNS);
      await token.transfer(pool, amount);
      this.#world.funds += amount;
    }
    if (random.chance(0.2)) {
      this.#multiplier = random.bigint(WAD / 10n, random.pick([WAD, 10n * WAD]));
      await source.set(this.#multiplier);
    }
    if (random.chance(0.1)) {
      this.#fixedKinds = random.bigint(0n, 255n);
      await source.fix(this.#fixedKinds);
    }
    if (random.chance(0.1)) {
      const failing = random.chance(0.4);
      await (failing ? source.switchHalfOff() : source.switchOn());
      this.#world.multiplier = failing ? undefined : this.#multiplier;
    }
    if (this.#world.multiplier !== undefined) this.#world.multiplier = this.#multiplier;
    if (random.chance(0.07)) {
      this.#recoveryUntil = random.chance(0.3) ? 0n : (await this.#d.clock.now()) + random.bigint(1n, 100_000n);
      await token.setRecovery(this.#recoveryUntil);
      this.#day.calm = false;
    }
    if (random.chance(0.05)) {
      const room = MAX_SUPPLY - this.#world.supply;
      const change = random.chance(0.3) ? room - random.magnitude(0n, 1_000n * FTNS) : -random.magnitude(1n, 1_000n * FTNS);
      if (change > -(await token.balanceOf(this.#d.admin))) {
        await token.changeSupply(change);
        this.#world.supply += change;
        this.#day.calm = false;
      }
    }
    if (random.chance(0.05)) {
      const [y, c] = [random.bigint(0n, 40n), random.bigint(0n, 30n)];
      const s = random.bigint(0n, 10n);
      this.#model.budget.shares = { yield: y * 100n, claims: c * 100n, services: s * 100n };
      await pool.setShares((y * WAD) / 100n, (c * WAD) / 100n, (s * WAD) / 100n);
      this.#day.calm = false;
    }
    if (random.chance(0.05)) {
      this.#model.budget.emissionShare = random.magnitude(0n, WAD / 100n);
      await pool.setEmissionShare(this.#model.budget.emissionShare);
    }
    if (random.chance(0.1)) {
      const { address } = random.pick(this.#accounts());
      const amount = random.magnitude(0n, 10_000n * FTNS);
      await pool.cancelClaimable(address, amount);
      this.#totals.cancelled += this.#model.cancelClaimable(address, amount);
    }
  }

  /** Moves on by seconds or days; often to a second at which something opens or ends. */
  async #pass(): Promise<void> {
    const random = this.#random;
    const now = await this.#d.clock.now();
    const tomorrow = startOfDay(dayOf(now) + 1n);
    const [open, ended] = [tomorrow - 3_600n, this.#recoveryUntil];
    const moments = [open - 1n, open, tomorrow - 1n, tomorrow, ended - 1n, ended];
    const next = random.chance(0.4) ? random.pick(moments) : now + random.magnitude(1n, 2n * 86_400n);
    await this.#at(next > now ? next : now + 1n);
  }

  async #at(time: bigint): Promise<void> {
    await this.#d.clock.nextBlockAt(time);
    this.#world.time = time;
    this.#world.recovering = this.#recoveryUntil > time;
    if (this.#day.number !== dayOf(time)) this.#day = { number: dayOf(time), budget: 0n, minted: 0n, calm: true };
  }

  async #payMany(): Promise<void> {
    const { pool, driver } = this.#d;
    const random = this.#random;
    const known = this.#model.budget.isKnown(this.#world);
    const asked = Array.from({ length: random.int(4, 20) }, () => ({
      purpose: random.pick(known ? [0, 0, 1, 3] : [1, 3]),
      account: random.pick(this.#accounts()).address,
      kind: random.int(0, 7),
      tier: random.int(1, 3),
      amount: random.magnitude(0n, random.pick([100n, 200_000n]) * FTNS),
      recycled: random.magnitude(0n, 50_000n * FTNS),
    }));
    const receipt = await (await driver.pay(pool, asked)).wait();
    const events = receipt!.logs.map((log) => pool.interface.parseLog(log)).filter((event) => event !== null);
    expect(events.length).to.equal(asked.length);
    for (const [index, { purpose, account, kind, tier, amount, recycled }] of asked.entries()) {
      const args = events[index]!.args;
      if (purpose === 0) {
        const multiplier = (this.#fixedKinds >> BigInt(kind)) & 1n ? WAD : this.#multiplier;
        const split = this.#expect("CONTRIBUTIONS", () => this.#model.reward(account, amount, tier, this.#world, multiplier));
        expect([args.earned, args.fromFunds, args.minted, args.deferred]).to.deep.equal([
          split.earned,
          split.fromFunds,
          split.minted,
          split.deferred,
        ]);
        this.#totals.earned += split.earned;
        this.#totals.paid += split.fromFunds + split.minted;
      } else if (purpose === 1) {
        const split = this.#expect("YIELD", () => {
          const { fromFunds, recycled: recycledNow, ...rest } = this.#model.payYield(amount, recycled, this.#world);
          return { ...rest, ofEarned: fromFunds, recycledNow, fromFunds: fromFunds + recycledNow };
        });
        expect([args.fromFunds, args.minted, args.recycled, args.unpaidEarned, args.unpaidRecycled]).to.deep.equal([
          split.ofEarned,
          split.minted,
          split.recycledNow,
          split.unpaidEarned,
          split.unpaidRecycled,
        ]);
      } else {
        const { fromFunds } = this.#expect("SERVICES", () => ({
          fromFunds: this.#model.payKeeper(amount, this.#world),
          minted: 0n,
        }));
        expect(args.paid).to.equal(fromFunds);
      }
    }
  }

  async #claim(): Promise<void> {
    const { pool } = this.#d;
    const account = this.#random.pick(this.#accounts());
    let claimed: ContractTransactionResponse | undefined;
    const outcome = await outcomeOf(pool, async () => {
      claimed = await pool.connect(account).claim();
    });
    if (outcome === "ok") {
      const split = this.#expect("CLAIMS", () => this.#model.claim(account.address, this.#world));
      await expect(claimed)
        .to.emit(pool, "Claimed")
        .withArgs(account, split.fromFunds, split.minted, this.#model.claimable(account.address));
      this.#totals.paid += split.fromFunds + split.minted;
      return;
    }
    const blockTime = await this.#d.clock.now();
    // A refused transaction may have been refused by an estimate, at the latest block's time.
    this.#world.time = blockTime > this.#world.time ? blockTime : this.#world.time;
    expect(() => this.#model.claim(account.address, this.#world))
      .to.throw(Refused)
      .with.property("message", outcome);
    if (blockTime < this.#world.time) await this.#d.connection.networkHelpers.mine();
  }

  /** Applies a payment to the world, and holds it against the law of the shares. */
  #expect<T extends { fromFunds: bigint; minted: bigint }>(purpose: Purpose, pay: () => T): T {
    const { budget } = this.#model;
    if (this.#day.budget === 0n) this.#day.budget = budget.budget(this.#world);
    const split = pay();
    const amount = split.fromFunds + split.minted;
    this.#world.funds -= split.fromFunds;
    this.#world.supply += split.minted;
    this.#day.minted += split.minted;
    if (amount > 0n) this.payments++;

    expect(this.#world.funds >= 0n, "funds").to.equal(true);
    if (split.minted > 0n) expect(this.#world.supply <= MAX_SUPPLY, "cap").to.equal(true);
    expect(this.#day.minted <= budget.budget(this.#world), "emission within budget").to.equal(true);
    const [paid, parts] = [budget.paid(this.#world), budget.parts(budget.means(this.#world))];
    const toOthers = paid.YIELD + paid.CLAIMS + paid.SERVICES;
    // Services alone may have their share also when the means have shrunk below what the others were paid.
    if (amount > 0n && purpose !== "CONTRIBUTIONS" && (this.#day.calm || purpose !== "SERVICES")) {
      expect(toOthers <= parts.YIELD + parts.CLAIMS + parts.SERVICES, "the others together").to.equal(true);
    }
    if (amount > 0n && !budget.isOpenToAll(this.#world)) {
      expect(paid[purpose] <= parts[purpose], `share of ${purpose}`).to.equal(true);
    }
    if (this.#day.calm) {
      const theirs = parts.CONTRIBUTIONS - paid.CONTRIBUTIONS;
      expect(budget.room("CONTRIBUTIONS", this.#world).inAll >= theirs, "nobody takes the contributors' part").to.equal(true);
    }
    return split;
  }

  /** Every view, as of the last block. */
  async #compare(): Promise<void> {
    const { pool, token } = this.#d;
    const { budget } = this.#model;
    const world = this.#world;
    const view = await pool.dayBudget();
    expect(await token.balanceOf(pool)).to.equal(world.funds);
    expect({
      day: view.day,
      openToAll: view.openToAll,
      means: view.means,
      funds: view.funds,
      kept: view.keptForServices,
      budget: view.emissionBudget,
      emission: view.emissionLeft,
      paid: byPurpose(view.paid),
      left: byPurpose(view.left),
    }).to.deep.equal({
      day: dayOf(world.time),
      openToAll: budget.isOpenToAll(world),
      means: budget.means(world),
      funds: world.funds,
      kept: budget.keptForServices(world),
      budget: budget.budget(world),
      emission: budget.emissionLeft(world),
      paid: budget.paid(world),
      left: Object.fromEntries(
        PURPOSES.map((purpose) => {
          const { inAll, ofFunds } = budget.room(purpose, world);
          return [purpose, purpose === "SERVICES" ? ofFunds : inAll];
        }),
      ),
    });
    const { address } = this.#random.pick(this.#accounts());
    expect(await pool.claimable(address)).to.equal(this.#model.claimable(address));
    expect(await pool.drawableToday(address)).to.equal(this.#model.drawable(address, world));
    expect(await pool.totalClaimable()).to.equal(this.#model.totalClaimable);
  }
}
