// The ordinary governor in random lives: proposals good and hostile, their votes, and how they end.
import { expect } from "chai";
import { ORDINARY } from "@ftns/deploy/ordinary.ts";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { proposalOf, STATE, type Proposal } from "../governance/fixture.ts";
import { DAY, dayOf } from "../helpers/time.ts";
import type { Ruled } from "./ruled.ts";
import { GAS } from "./life.ts";
import { randomMeasure, type Measure } from "./measures.ts";

const TIMELOCK = 2n * DAY;
const CONSTITUTIONAL = 7n * DAY;
const EXECUTION_WINDOW = 30n * DAY;
const DEPOSIT = 1_000n * 10n ** 18n;
const DEADLOCK_WINDOW = 3n * DAY;
/** Delay and voting period of the governor. */
const VOTE = 6n * DAY;

/** A proposal with what became of it, by the test's own count. */
interface Standing {
  proposal: Proposal;
  measure: Measure;
  by: HardhatEthersSigner;
  /** 2 % of the total supply when it was made, where the list of ordinary calls does not name it. */
  turnout: bigint | undefined;
  deposit: "held" | "freed" | "slashed";
  madeAt: bigint;
  snapshot: bigint;
  deadline: bigint;
  voters: Set<string>;
  /** Against, for, abstaining. */
  tally: [bigint, bigint, bigint];
  queuedAt: bigint | undefined;
  /** Executed or defeated: nothing more comes of it. */
  over: boolean;
}

export class OrdinaryVotes {
  readonly #proposals: Standing[] = [];
  readonly #world: Ruled;

  constructor(world: Ruled) {
    this.#world = world;
  }

  /** Seconds at which a vote begins or is over, or what was queued may be executed or has expired. */
  edges(now: bigint): bigint[] {
    const all = this.#proposals.flatMap((standing) => {
      if (standing.queuedAt === undefined) return [standing.snapshot + 1n, standing.deadline + 1n];
      const due = standing.queuedAt + this.#delayOf(standing);
      return standing.over ? [due] : [due, due + EXECUTION_WINDOW + 1n];
    });
    return all.filter((edge) => edge > now + 1n);
  }

  /** The last three votes, one of which ended lately and since the last deadlock, were of three people, attended by no 5 %, and failed. */
  isDeadlocked(now: bigint, lastDeadlockAt: bigint): boolean {
    const last = this.#proposals
      .filter(({ deadline }) => deadline < now)
      .toSorted((one, other) => Number(other.deadline - one.deadline || other.madeAt - one.madeAt))
      .slice(0, 3);
    const since = lastDeadlockAt > now - DEADLOCK_WINDOW ? lastDeadlockAt : now - DEADLOCK_WINDOW;
    if (last.length < 3 || last[0]!.deadline < since) return false;
    const worked = last.some((standing) => this.#attended(standing) || this.#succeeded(standing));
    return new Set(last.map(({ by }) => by.address)).size === 3 && !worked;
  }

  /** The next thing that a proposal waits for, or a new proposal. */
  async act(): Promise<void> {
    const { random } = this.#world;
    if (random.chance(0.2)) return this.#settle();
    const open = this.#proposals.filter(
      ({ over, madeAt }) => !over && this.#world.now < madeAt + VOTE + CONSTITUTIONAL + EXECUTION_WINDOW + DAY,
    );
    if (open.length === 0 || (open.length < 4 && random.chance(0.3))) {
      await this.#propose();
      return;
    }
    const standing = random.pick(open);
    if (standing.queuedAt !== undefined) return this.#execute(standing);
    if (this.#world.now > standing.deadline) return this.#queue(standing);
    // Some votes nobody attends.
    if (this.#world.now >= standing.snapshot && standing.madeAt % 4n !== 0n) await this.#vote(standing);
  }

  /** A vote from the proposal to its end, which hardly anyone opposes. */
  async decide(): Promise<void> {
    const world = this.#world;
    const standing = await this.#propose();
    if (standing === undefined) return;
    await world.wait(DAY);
    for (let round = 0; round < 3; round++) await this.#vote(standing, [1]);
    await world.wait(standing.deadline - world.now);
    await this.#queue(standing);
    if (standing.queuedAt === undefined) return;
    await world.wait(this.#delayOf(standing) - world.random.bigint(1n, 2n));
    await this.#execute(standing);
  }

  /** Three people propose, and nobody comes. */
  async neglected(): Promise<void> {
    const world = this.#world;
    const made: Standing[] = [];
    for (const by of world.random.shuffle(world.people).slice(0, 3)) {
      const standing = await this.#propose(by);
      if (standing !== undefined) made.push(standing);
    }
    const last = made.at(-1);
    if (last !== undefined) await world.wait(last.deadline + 1n - world.now);
  }

  async #propose(by = this.#world.person()): Promise<Standing | undefined> {
    const world = this.#world;
    const { governor } = world.economy;
    const measure = randomMeasure(world.economy, world.log, world.rules, world.random);
    const name = `${measure.name}, of ${world.now}`;
    const proposal = await proposalOf({ governor }, measure.target, measure.call, measure.args, name);
    const { targets, values, calldatas, description } = proposal;
    const held = this.#proposals.find((one) => one.by === by && one.deposit === "held");
    await this.#lockFor(by, held);
    const hasDeposit = (now: bigint) => {
      const kept = held === undefined || this.#worthIt(held, now) ? 0n : DEPOSIT;
      return world.book.lockedOf(by.address) - kept >= DEPOSIT;
    };
    const made = await world.attempt(
      `${by.address} proposes ${name}`,
      // Its votes decide, too.
      (now) => (hasDeposit(now) && (held === undefined || now > held.deadline) ? undefined : false),
      [],
      () => governor.connect(by).propose(targets, values, calldatas, description, GAS),
    );
    if (made === undefined) return undefined;
    if (held !== undefined) await this.#decided(held, true);
    const isOrdinary = ORDINARY.some(
      ({ contract, call }) => world.economy[contract].target === targets[0] && call === measure.call,
    );
    const supply = await world.economy.token.totalSupply({ blockTag: made.blockNumber });
    const turnout = isOrdinary ? undefined : (supply + 49n) / 50n;
    expect(await governor.isConstitutional(proposal.id), `P220: class of "${measure.name}"`).to.equal(!isOrdinary);
    const madeAt = world.now;
    const [snapshot, deadline] = [madeAt + DAY, madeAt + VOTE];
    const counted = { voters: new Set<string>(), tally: [0n, 0n, 0n] as [bigint, bigint, bigint] };
    const terms = { by, turnout, deposit: "held" as const };
    const standing: Standing = {
      proposal,
      measure,
      ...terms,
      madeAt,
      snapshot,
      deadline,
      ...counted,
      queuedAt: undefined,
      over: false,
    };
    this.#proposals.push(standing);
    return standing;
  }

  async #vote(standing: Standing, mood = [1, 1, 1, 1, 0, 2]): Promise<void> {
    const world = this.#world;
    const { governor } = world.economy;
    const { proposal, measure, snapshot, voters, tally } = standing;
    const silent = world.people.filter(({ address }) => !voters.has(address) || world.random.chance(0.1));
    for (const voter of world.random.shuffle(silent).slice(0, world.random.int(1, world.people.length))) {
      const support = world.random.pick(mood);
      const may = (now: bigint) => now > snapshot && now <= standing.deadline && !voters.has(voter.address);
      const cast = await world.attempt(`${voter.address} votes ${support} on "${measure.name}"`, may, [], () =>
        governor.connect(voter).castVote(proposal.id, support, GAS),
      );
      if (cast === undefined) continue;
      voters.add(voter.address);
      tally[support]! += world.book.votesAt(voter.address, snapshot);
      const counted = await governor.proposalVotes(proposal.id);
      expect([...counted], `P81: count of "${measure.name}"`).to.deep.equal(tally);
      // A late quorum gives others time to answer.
      standing.deadline = await governor.proposalDeadline(proposal.id);
    }
  }

  async #queue(standing: Standing): Promise<void> {
    const world = this.#world;
    const { targets, values, calldatas, descriptionHash } = standing.proposal;
    const queued = await world.attempt(
      `"${standing.measure.name}" is queued`,
      () => this.#passed(standing),
      [],
      () => this.#as(world.person()).queue(targets, values, calldatas, descriptionHash, GAS),
    );
    if (queued !== undefined) standing.queuedAt = world.now;
    else standing.over = true;
  }

  async #execute(standing: Standing): Promise<void> {
    const world = this.#world;
    const { proposal, measure } = standing;
    const due = standing.queuedAt! + this.#delayOf(standing);
    const state = await world.economy.governor.state(proposal.id);
    // P228: until it expires.
    const may = (now: bigint) => state === STATE.queued && now >= due && now <= due + EXECUTION_WINDOW && measure.works(now);
    const { targets, values, calldatas, descriptionHash } = proposal;
    const done = await world.attempt(`"${measure.name}" is executed`, may, measure.effects, () =>
      this.#as(world.person()).execute(targets, values, calldatas, descriptionHash, GAS),
    );
    if (done !== undefined) measure.done(world.now);
    standing.over = done !== undefined || world.now > due + EXECUTION_WINDOW;
  }

  /** Locks what `by` lacks for a deposit, as far as its stake reaches. `held` may be slashed by the next proposal. */
  async #lockFor(by: HardhatEthersSigner, held: Standing | undefined): Promise<void> {
    const world = this.#world;
    const kept = held === undefined || this.#worthIt(held, world.now) ? 0n : DEPOSIT;
    const missing = DEPOSIT + kept - world.book.lockedOf(by.address);
    if (missing <= 0n) return;
    const free = world.book.stakedOf(by.address) - world.book.lockedOf(by.address);
    const locked = await world.attempt(
      `${by.address} locks ${missing} for a proposal`,
      () => missing <= free,
      [],
      () => world.economy.vault.connect(by).lock(world.economy.proposalDeposits, missing, GAS),
    );
    if (locked !== undefined) world.book.lock(by.address, missing);
  }

  /** Anyone has a deposit freed or slashed. */
  async #settle(): Promise<void> {
    const world = this.#world;
    if (this.#proposals.length === 0) return;
    const { by } = world.random.pick(this.#proposals);
    const standing = this.#proposals.findLast((one) => one.by === by)!;
    const settled = await world.attempt(
      `the deposit of "${standing.measure.name}" is settled`,
      (now) => standing.deposit === "held" && now > standing.deadline,
      [],
      () => world.economy.proposalDeposits.connect(world.person()).settle(by, GAS),
    );
    if (settled !== undefined) await this.#decided(standing, false);
  }

  /** P222: what became of the deposit of `standing`. What is freed stays locked where the next proposal needs it. */
  async #decided(standing: Standing, staysLocked: boolean): Promise<void> {
    const { book, economy, log, now } = this.#world;
    standing.deposit = this.#worthIt(standing, now) ? "freed" : "slashed";
    if (standing.deposit === "freed") {
      if (!staysLocked) book.lock(standing.by.address, -DEPOSIT);
      return;
    }
    book.slash(standing.by.address, DEPOSIT, now);
    if (!log.stands("halt", now)) return;
    const { amount, chargedThrough } = book.aside;
    book.setAside(DEPOSIT, now, amount === 0n ? 0n : await economy.token.demurrageOf(amount, chargedThrough, dayOf(now)));
  }

  #worthIt(standing: Standing, now: bigint): boolean {
    return now > standing.deadline && (this.#succeeded(standing) || this.#attended(standing));
  }

  #attended({ tally, snapshot }: Standing): boolean {
    return sum(tally) * 20n >= this.#world.book.supplyAt(snapshot);
  }

  #delayOf({ turnout }: Standing): bigint {
    return turnout === undefined ? TIMELOCK : CONSTITUTIONAL;
  }

  #passed(standing: Standing): boolean {
    return this.#world.now > standing.deadline && this.#succeeded(standing);
  }

  /** P81, P221: more for than against, with 4 % of the votes for or abstaining; a constitutional one with much more. */
  #succeeded({ tally, snapshot, turnout }: Standing): boolean {
    const [against, inFavour, abstained] = tally;
    const supply = this.#world.book.supplyAt(snapshot);
    if (inFavour <= against || inFavour + abstained < (supply * 4n) / 100n) return false;
    if (turnout === undefined) return true;
    const half = (supply + 1n) / 2n;
    return inFavour * 5n >= supply && sum(tally) >= (half < turnout ? half : turnout);
  }

  #as(who: HardhatEthersSigner) {
    return this.#world.economy.governor.connect(who);
  }
}

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);
