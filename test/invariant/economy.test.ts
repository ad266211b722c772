import { expect } from "chai";
import { economyOn } from "../helpers/economy.ts";
import { annotated, forCases, fuzzCases, type Random } from "../helpers/random.ts";
import { dayOf } from "../helpers/time.ts";
import { BudgetActs } from "./budgetActs.ts";
import { BudgetWatch } from "./budgetWatch.ts";
import { BEGINNING, timelessChain } from "./emergencyWorld.ts";
import { Exits } from "./exits.ts";
import { GraceWatch } from "./graceWatch.ts";
import { Locks } from "./locks.ts";
import { Rulers } from "./rulers.ts";
import { sum, type Holding } from "./step.ts";
import { VouchingWatch } from "./vouchingWatch.ts";
import { EconomyWorld } from "./world.ts";

const USUAL_CASES = 10;
const STEPS = 80;
/** Room for runs with many more cases. */
const LONG_RUN_MS = 3_600_000;
const CAP = 10n ** 27n;

/** How often a life came to what its checks are about. */
const TELLING = ["lent", "cut", "spared", "deferred", "paid in full", "slashed", "set aside", "charged exits"] as const;
type Telling = Record<(typeof TELLING)[number], number>;

describe("the economy, whatever happens", () => {
  it("P1 to P4, P10, P11, P16, P18, P30, P31, P33, P34, P37, P70, P71, P88, P170, P171: keeps what it promises", async () => {
    const connection = await timelessChain();
    const fixture = async () => economyOn(connection);
    const cases = fuzzCases(USUAL_CASES);
    const told = Object.fromEntries(TELLING.map((what) => [what, 0])) as Telling;
    await forCases(cases, async (random) => {
      const world = await EconomyWorld.create(await connection.networkHelpers.loadFixture(fixture), connection, random);
      try {
        const life = await live(world, random);
        for (const what of TELLING) told[what] += life[what];
      } catch (error) {
        throw annotated(error, world.story.slice(-40).join("\n"));
      }
    });
    // A run of the usual length in which one of them never came about would have shown nothing of it.
    if (cases === USUAL_CASES && process.env.FUZZ_CASE === undefined && process.env.FUZZ_SEED === undefined) {
      for (const what of TELLING) expect(told[what], what).to.be.greaterThan(0);
    }
  }).timeout(LONG_RUN_MS);
});

/** A life of so many acts, each of which is checked from all sides. */
async function live(world: EconomyWorld, random: Random): Promise<Telling> {
  const [vouching, grace, exits] = [new VouchingWatch(world.economy), new GraceWatch(world.economy), new Exits(world)];
  const budget = new BudgetWatch(world);
  const budgetActs = await BudgetActs.create(world, budget);
  const locks = await Locks.create(world);
  world.otherActs.push(...new Rulers(world).acts, ...budgetActs.acts, ...locks.acts, ...exits.acts);
  world.lockedOf = (owner) => locks.lockedOf(owner);
  // A fixed second, so that a life can be repeated.
  world.now = BEGINNING;
  await world.economy.clock.to(BEGINNING);

  let latest = await world.holdings();
  for (let step = 0; step < STEPS; step++) {
    const { recoveryUntil } = world.allowances;
    const today = dayOf(world.now);
    await world.passTime();
    const before = await world.holdings();
    checkTime(latest, before, world.now <= recoveryUntil);
    vouching.rested(latest, before);
    grace.rested(latest, before, dayOf(world.now) - today);

    await world.act();
    const after = await world.holdings();
    const acted = { before, after, now: world.now, receipt: world.receipt };
    vouching.acted(acted, world.proof);
    grace.acted(acted);
    locks.acted(acted);
    await budget.acted(acted);
    await locks.check();
    await checkTotals(world, after);
    await checkStakes(world, locks.setAside);

    latest = after;
    if (step % 10 !== 0) continue;
    await checkSettling(world, random, vouching);
    if (step % 20 === 10) await checkPaths(world, random);
    latest = await world.holdings();
  }
  return {
    lent: vouching.loans,
    cut: vouching.cuts,
    spared: grace.spared,
    deferred: budget.deferrals,
    "paid in full": budget.rewards - budget.deferrals,
    slashed: locks.slashes,
    "set aside": locks.setAsides,
    "charged exits": exits.charged,
  };
}

/** P3: time alone raises nobody's balance, and what it takes is due. P88: in recovery mode (`frozen`) it takes nothing. */
function checkTime(before: Holding[], after: Holding[], frozen: boolean): void {
  after.forEach((holding, i) => {
    if (frozen) expect(holding.balance, `P88: recovery mode charged ${holding.address}`).to.equal(before[i]!.balance);
    expect(holding.balance <= before[i]!.balance, `time raised ${holding.address}`).to.equal(true);
    expect(holding.balance + holding.due, `stored of ${holding.address}`).to.equal(before[i]!.balance + before[i]!.due);
  });
}

/** P1, P2, P11: sums, the cap, and the wrapper's promises. */
async function checkTotals(world: EconomyWorld, holdings: readonly Holding[]): Promise<void> {
  const { token, wrapper } = world.economy;
  const supply = await token.totalSupply();
  expect(supply, "P1: supply changes by mint and burn only").to.equal(world.supply);
  expect(sum(holdings.map(({ balance, due }) => balance + due)), "P1: supply identity").to.equal(supply);
  expect(supply <= CAP, "P2: hard cap").to.equal(true);

  const shares = await Promise.all(world.people.map((person) => wrapper.balanceOf(person.address)));
  expect(sum(shares), "P11: every share is somebody's").to.equal(await wrapper.totalSupply());
  const claims = await Promise.all(shares.map((held) => wrapper.convertToAssets(held)));
  expect(sum(claims) <= (await wrapper.totalAssets()), "P11: every share is backed").to.equal(true);

  if (await world.halted) {
    const [somebody] = world.people;
    await expect(token.connect(somebody!).transfer.staticCall(somebody!.address, 0n)).to.be.revertedWithCustomError(
      token,
      "TransfersHalted",
    );
  }
}

/** P70, P71: what was staked is there, and votes. */
async function checkStakes({ economy, people, now }: EconomyWorld, setAside: bigint): Promise<void> {
  const { token, vault, addresses } = economy;
  const stakes = await Promise.all(people.map(({ address }) => vault.stakeOf(address)));
  const [staked, leaving] = [sum(stakes.map((stake) => stake.staked)), sum(stakes.map((stake) => stake.pending))];
  // P170: views are net of what is due on what leaves; what is stored is gross until somebody writes it down.
  const dues = people.map(({ address }, i) =>
    stakes[i]!.pending === 0n ? 0n : vault.settleExit.staticCall(address, dayOf(now)),
  );
  const pending = leaving + sum(await Promise.all(dues));
  expect(await token.balanceOf(addresses.vault), "P70: principal is backed").to.equal(staked + pending + setAside);
  expect(await vault.totalStaked(), "P70: total staked").to.equal(staked);
  expect(await vault.totalPending(), "P70: total pending").to.equal(pending);
  const votes = await Promise.all(people.map(({ address }) => vault.getVotes(address)));
  expect(sum(votes), "P71: every stake votes, and nothing else").to.equal(staked);
}

/** P3: settling anyone changes nobody's balance but the pool's, by the fee. */
async function checkSettling(world: EconomyWorld, random: Random, vouching: VouchingWatch): Promise<void> {
  const { token, addresses } = world.economy;
  const before = await world.holdings();
  const whom = random.pick(before);
  world.now += 1n;
  await world.economy.clock.nextBlockAt(world.now);
  await token.settle(whom.address);
  const after = await world.holdings();
  // The block may be the first of a new day, on which everyone pays; then only the sums can be compared.
  const sameDay = (world.now - 7_200n) / 86_400n === (world.now - 7_201n) / 86_400n;
  if (!sameDay) return;
  vouching.settled(before, after);
  after.forEach((holding, i) => {
    const fee = holding.address === addresses.pool ? whom.due : 0n;
    expect(holding.balance - before[i]!.balance, `settling moved ${holding.address}`).to.equal(fee);
    expect(holding.due, `due of ${holding.address}`).to.equal(holding.address === whom.address ? 0n : before[i]!.due);
  });
}

/** P4: who is settled when on the way changes no balance at its end. */
async function checkPaths(world: EconomyWorld, random: Random): Promise<void> {
  const days = random.int(2, 200);
  const stops = new Map<number, string[]>();
  for (let i = random.int(1, 6); i > 0; i--) {
    stops.set(random.int(1, days), random.shuffle(world.holders).slice(0, 4));
  }
  const all = new Map([[days, world.holders]]);
  const lazy = await world.balancesAfter(days, all);
  const poked = await world.balancesAfter(days, new Map([...stops, [days, world.holders]]));
  lazy.forEach((balance, i) => {
    const difference = balance > poked[i]! ? balance - poked[i]! : poked[i]! - balance;
    // The pool gathers the rounding of everyone.
    const allowed = balance / 10n ** 12n + 5n + (world.holders[i] === world.economy.addresses.pool ? 10n ** 12n : 0n);
    expect(difference <= allowed, `${world.holders[i]}: ${balance} against ${poked[i]} over ${days} days`).to.equal(true);
  });
  expect(sum(lazy), "P4: and loses nothing").to.equal(sum(poked));
}
