// The ordinary governor in random lives: proposals good and hostile, their votes, and how they end.
import { expect } from "chai";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { proposalOf, STATE, type Proposal } from "../governance/fixture.ts";
import { DAY } from "../helpers/time.ts";
import type { Ruled } from "./ruled.ts";
import { GAS } from "./life.ts";
import { randomMeasure, type Measure } from "./measures.ts";

const TIMELOCK = 2n * DAY;
const DEADLOCK_WINDOW = 3n * DAY;
/** Delay and voting period of the governor. */
const VOTE = 6n * DAY;

/** A proposal with what became of it, by the test's own count. */
interface Standing {
  proposal: Proposal;
  measure: Measure;
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
  readonly #defaults: bigint[];

  constructor(world: Ruled, defaults: bigint[]) {
    this.#world = world;
    this.#defaults = defaults;
  }

  /** Seconds at which a vote begins or is over, or what was queued may be executed. */
  edges(now: bigint): bigint[] {
    const all = this.#proposals.flatMap(({ snapshot, deadline, queuedAt }) =>
      queuedAt === undefined ? [snapshot + 1n, deadline + 1n] : [queuedAt + TIMELOCK],
    );
    return all.filter((edge) => edge > now + 1n);
  }

  /** A vote ended lately and since the last deadlock, and none that ended lately was attended by 5 %. */
  isDeadlocked(now: bigint, lastDeadlockAt: bigint): boolean {
    const lately = this.#proposals.filter(({ deadline }) => deadline >= now - DEADLOCK_WINDOW && deadline < now);
    const attended = lately.some(({ tally: [against, inFavour, abstained], snapshot }) => {
      return (against + inFavour + abstained) * 20n >= this.#world.book.supplyAt(snapshot);
    });
    return !attended && lately.some(({ deadline }) => deadline >= lastDeadlockAt);
  }

  /** The next thing that a proposal waits for, or a new proposal. */
  async act(): Promise<void> {
    const { random } = this.#world;
    const open = this.#proposals.filter(({ over, madeAt }) => !over && this.#world.now < madeAt + 30n * DAY);
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
    await world.wait(TIMELOCK - world.random.bigint(1n, 2n));
    await this.#execute(standing);
  }

  async #propose(): Promise<Standing | undefined> {
    const world = this.#world;
    const { governor } = world.economy;
    const measure = randomMeasure(world.economy, world.log, world.rules, this.#defaults, world.random);
    const name = `${measure.name}, of ${world.now}`;
    const proposal = await proposalOf({ governor }, measure.target, measure.call, measure.args, name);
    const { targets, values, calldatas, description } = proposal;
    const by = world.person();
    const made = await world.attempt(
      `${by.address} proposes ${name}`,
      () => undefined,
      [],
      () => governor.connect(by).propose(targets, values, calldatas, description, GAS),
    );
    if (made === undefined) return undefined;
    const madeAt = world.now;
    const [snapshot, deadline] = [madeAt + DAY, madeAt + VOTE];
    const counted = { voters: new Set<string>(), tally: [0n, 0n, 0n] as [bigint, bigint, bigint] };
    const standing: Standing = { proposal, measure, madeAt, snapshot, deadline, ...counted, queuedAt: undefined, over: false };
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
    const due = standing.queuedAt! + TIMELOCK;
    const state = await world.economy.governor.state(proposal.id);
    const may = (now: bigint) => state === STATE.queued && now >= due && measure.works(now);
    const { targets, values, calldatas, descriptionHash } = proposal;
    const done = await world.attempt(`"${measure.name}" is executed`, may, measure.effects, () =>
      this.#as(world.person()).execute(targets, values, calldatas, descriptionHash, GAS),
    );
    if (done !== undefined) {
      standing.over = true;
      measure.done(world.now);
    }
  }

  /** More for than against, with 4 % of the votes for or abstaining. */
  #passed({ tally: [against, inFavour, abstained], snapshot, deadline }: Standing): boolean {
    const quorum = (this.#world.book.supplyAt(snapshot) * 4n) / 100n;
    return this.#world.now > deadline && inFavour > against && inFavour + abstained >= quorum;
  }

  #as(who: HardhatEthersSigner) {
    return this.#world.economy.governor.connect(who);
  }
}
