import { expect } from "chai";
import { annotated, forCases, fuzzCases } from "../helpers/random.ts";
import { DAY, dayOf, HOUR } from "../helpers/time.ts";
import { ACTIONS } from "./emergencyLog.ts";
import { EmergencyWorld, ruledByVoters, timelessChain } from "./emergencyWorld.ts";
import { EFFECTS, GAS } from "./life.ts";

const USUAL_CASES = 8;
const LONG_CASES = 12;
const STEPS = 70;
/** Room for runs with many more cases. */
const LONG_RUN_MS = 3_600_000;
const SUSPENDED = 1n;

const sum = (amounts: bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);

describe("governors and breaker, whatever happens", () => {
  it("P70, P71, P84 to P87: nothing stands without its vote, everything ends, and stakes are theirs and vote", async () => {
    const connection = await timelessChain();
    const fixture = async () => ruledByVoters(connection);
    const seen = new Set<string>();
    const cases = fuzzCases(USUAL_CASES, LONG_CASES);
    await forCases(cases, async (random) => {
      const world = await EmergencyWorld.create(await connection.networkHelpers.loadFixture(fixture), connection, random);
      try {
        for (let step = 0; step < STEPS; step++) {
          await world.passTime();
          await world.act();
          await checkEffects(world);
          await checkStakes(world);
          if (step % 4 === 0) await checkPast(world);
          if (step % 4 === 2) await world.inFuture(() => checkEnds(world));
        }
      } catch (error) {
        throw annotated(error, world.story.slice(-40).join("\n"));
      }
      world.seen.forEach((effect) => seen.add(effect));
    });
    // A run of the usual length that never came to an effect would have shown nothing of it.
    if (cases >= USUAL_CASES && process.env.FUZZ_CASE === undefined && process.env.FUZZ_SEED === undefined) {
      expect([...seen].sort()).to.deep.equal([...EFFECTS].sort());
    }
  }).timeout(LONG_RUN_MS);
});

/** P85, P87: what stands is what the log accounts for. */
async function checkEffects({ economy, log, rules, now }: EmergencyWorld): Promise<void> {
  const { breaker, controller, registry, token } = economy;
  for (const action of ["pause", "halt", "recovery"] as const) {
    expect(await breaker.effectUntil(ACTIONS.indexOf(action)), `P85: ${action}`).to.equal(log.untilOf(action));
  }
  expect(await token.haltedUntil(), "P85: halted").to.equal(log.untilOf("halt"));
  expect(await token.recoveryUntil(), "P85: recovering").to.equal(log.untilOf("recovery"));
  const suspendedUntil = await controller.suspendedUntil();
  expect(suspendedUntil > now ? suspendedUntil : 0n, "P85: suspended").to.equal(
    log.suspendedUntil > now ? log.suspendedUntil : 0n,
  );
  expect(await controller.multiplier(), "P85: M").to.equal(10n ** 18n);
  const baseRates = await Promise.all(rules.baseRates.map((_, kind) => registry.baseRate(kind)));
  expect(baseRates, "P85: base rates").to.deep.equal(rules.baseRates);
  expect(await breaker.guardianArmed(), "P87: guardian").to.equal(log.guardianArmed);
  const { id, openUntil, haltVoteUntil } = await breaker.emergency();
  expect([id, openUntil, haltVoteUntil], "P84: emergency").to.deep.equal([log.emergencyId, log.openUntil, log.haltVoteUntil]);
}

/** P70, P71: what was staked is there, counts for whom it should, and can leave. */
async function checkStakes({ economy, book, people, random, now }: EmergencyWorld): Promise<void> {
  const { token, vault } = economy;
  expect(await token.balanceOf(vault), "P70: principal is backed").to.equal(
    book.totalStaked + book.totalPending + book.aside.amount,
  );
  expect(await vault.totalStaked(), "P70: total staked").to.equal(book.totalStaked);
  expect(await vault.totalPending(), "P70: total pending").to.equal(book.totalPending);
  expect(await vault.totalSetAside(), "P70: total set aside").to.equal(book.aside.amount);
  const votes = await Promise.all(people.map(({ address }) => vault.getVotes(address)));
  expect(sum(votes), "P71: every stake votes, and nothing else").to.equal(book.totalStaked);
  votes.forEach((held, i) => expect(held, `P71: votes of ${people[i]!.address}`).to.equal(book.votesAt(people[i]!.address, now)));

  const somebody = random.pick(people);
  const { staked, pending, readyAt } = await vault.stakeOf(somebody.address);
  const theirs = book.pendingOf(somebody.address);
  const due = theirs.amount === 0n ? 0n : await token.demurrageOf(theirs.amount, theirs.chargedThrough, dayOf(now));
  expect([staked, pending], "P70, P170: stake, and exit as a wallet").to.deep.equal([
    book.stakedOf(somebody.address),
    theirs.amount - due,
  ]);
  const free = staked - book.lockedOf(somebody.address);
  if (free > 0n) await vault.connect(somebody).requestUnstakeForfeiting.staticCall(free);
  if (pending > 0n && readyAt <= now) await vault.connect(somebody).withdraw.staticCall();
}

/** P71 at past moments: random ones around which something changed. */
async function checkPast({ economy, book, random, now }: EmergencyWorld): Promise<void> {
  const { vault } = economy;
  for (let i = 0; i < 5; i++) {
    const moment = random.pick(book.moments) - random.bigint(0n, 1n);
    if (moment >= now) continue;
    const votes = await Promise.all(book.delegates.map((delegate) => vault.getPastVotes(delegate, moment)));
    expect(votes, `P71: votes at ${moment}`).to.deep.equal(book.delegates.map((delegate) => book.votesAt(delegate, moment)));
    expect(sum(votes), `P71: sum at ${moment}`).to.equal(book.totalAt(moment));
    expect(await vault.getPastTotalSupply(moment), `P71: total at ${moment}`).to.equal(book.totalAt(moment));
  }
}

/** P84, P86: past the longest limits nothing is stopped, although nobody sent anything. */
async function checkEnds({ economy, book, log, people, now }: EmergencyWorld): Promise<void> {
  const { clock, controller, token, vault, emergencyGovernor, addresses } = economy;
  const { treasury } = economy.people;
  const mine = token.connect(treasury);
  expect(log.openUntil <= now + 60n * HOUR, "P84: an emergency is open for 60 hours at most").to.equal(true);

  await clock.to(now + 72n * HOUR);
  await mine.transfer.staticCall(people[0]!.address, 1n);
  for (const { proposalId } of log.motions.slice(-4)) {
    const executed = emergencyGovernor["execute(uint256)"].staticCall(proposalId).then(
      () => true,
      () => false,
    );
    expect(await executed, "P84: a motion outlived its emergency").to.equal(false);
  }

  await clock.to(now + 7n * DAY);
  const balance = await token.balanceOf(treasury.address);
  expect(await token.movable(treasury.address), "P86: recovery mode limits").to.equal(balance);
  expect((await token.accountOf(treasury.address)).nextFee > 0n, "P86: demurrage is charged again").to.equal(true);
  const minting = token.connect(treasury.provider).mint.staticCall(people[0]!.address, 1n, { from: addresses.pool });
  expect(
    await minting.then(
      () => true,
      () => false,
    ),
    "P86: minting works",
  ).to.equal(true);

  await clock.to(now + 14n * DAY);
  expect((await token.balanceOf(treasury.address)) < balance, "P86: demurrage was charged").to.equal(true);
  expect((await controller.preview()).refusal === SUSPENDED, "P86: adjustments are suspended").to.equal(false);
  for (const person of people) {
    if (book.pendingOf(person.address).amount > 0n) await vault.connect(person).withdraw.staticCall();
  }
  // The first transaction of that future: all at once, which neither halt nor recovery mode would let pass.
  await mine.transfer(people[0]!.address, await token.balanceOf(treasury.address), GAS);
}
