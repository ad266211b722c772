// What people do with the emergency's motions: vote, execute, end, regret.
import { expect } from "chai";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { TransactionReceipt } from "ethers";
import { DAY, HOUR } from "../helpers/time.ts";
import { type Action, ACTIONS, DELAY, type Motion } from "./emergencyLog.ts";
import { GAS } from "./life.ts";
import { ENDED, TAKEN } from "./measures.ts";
import type { Ruled } from "./ruled.ts";
import type { Stakers } from "./stakers.ts";

export class Motions {
  readonly #world: Ruled;
  readonly #stakers: Stakers;

  constructor(world: Ruled, stakers: Stakers) {
    this.#world = world;
    this.#stakers = stakers;
  }

  motionsIn(receipt: TransactionReceipt): { action: number; id: bigint }[] {
    const { breaker } = this.#world.economy;
    const parsed = receipt.logs.map((log) => (log.address === breaker.target ? breaker.interface.parseLog(log) : null));
    return parsed
      .filter((event) => event?.name === "MotionMade")
      .map((event) => ({ action: Number(event!.args.action), id: event!.args.proposalId as bigint }));
  }

  /** One of the latest motions, mostly one of which `useful` holds. */
  #someMotion(useful: (motion: Motion) => boolean): Motion | undefined {
    const recent = this.#world.log.motions.slice(-8);
    const preferred = recent.filter(useful);
    if (preferred.length > 0 && this.#world.random.chance(0.85)) return this.#world.random.pick(preferred);
    return recent.length > 0 && this.#world.random.chance(0.4) ? this.#world.random.pick(recent) : undefined;
  }

  votesRun(): boolean {
    return this.#world.log.motions.some((motion) => this.#world.log.mayVote(motion, "", this.#world.now));
  }

  /** Some of the people vote, mostly for it. */
  async voteOnAny(): Promise<void> {
    const motion = this.#someMotion((candidate) => this.#world.log.mayVote(candidate, "", this.#world.now));
    if (motion !== undefined) await this.vote(motion, this.#world.random.pick([[1n], [1n], [1n, 1n, 1n, 0n], [0n, 1n, 2n]]));
  }

  async vote(motion: Motion, mood: readonly bigint[]): Promise<void> {
    const silent = this.#world.people.filter(
      ({ address }) => this.#world.log.mayVote(motion, address, this.#world.now + 1n) || this.#world.random.chance(0.05),
    );
    // Some buy votes for the occasion, and at times the richest is against it.
    if (this.#world.random.chance(0.2)) await this.#stakers.stakeMore();
    if (silent.length > 0 && this.#world.random.chance(0.3)) {
      const votesOf = ({ address }: HardhatEthersSigner) => this.#world.book.votesAt(address, motion.of.since - 1n);
      const richest = silent.reduce((most, voter) => (votesOf(voter) > votesOf(most) ? voter : most));
      await this.#ballot(motion, silent.splice(silent.indexOf(richest), 1)[0]!, 0n);
    }
    for (const voter of this.#world.random.shuffle(silent).slice(0, this.#world.random.int(1, this.#world.people.length))) {
      if (!(await this.#ballot(motion, voter, this.#world.random.pick(mood)))) return;
    }
  }

  /** Whether the ballot was taken. */
  async #ballot(motion: Motion, voter: HardhatEthersSigner, support: bigint): Promise<boolean> {
    const contributes = await this.#stakers.contributes(voter);
    const basicSince = contributes ? await this.#world.economy.registry.basicSince(voter.address) : 0n;
    const may = (now: bigint) => this.#world.log.mayVote(motion, voter.address, now);
    const cast = await this.#world.attempt(`${voter.address} votes ${support} on ${nameOf(motion)}`, may, [], () =>
      this.#world.economy.emergencyGovernor.connect(voter).castVote(motion.proposalId, support, GAS),
    );
    if (cast === undefined) return false;
    this.#world.log.voted(motion, voter.address, support, basicSince, this.#world.now);
    await this.#checkCount(motion);
    return true;
  }

  /** P81 to P83: every ballot counts with what was staked before, for no more than it may, and no vote passes early. */
  async #checkCount(motion: Motion): Promise<void> {
    const standing = await this.#world.economy.emergencyGovernor.standingOf(motion.proposalId);
    const { needed, support, opposition, supporters, passedAt } = standing;
    const { vote } = motion.of;
    const expected = [vote.needed, vote.support, vote.opposition, BigInt(vote.supporters), motion.passedAt ?? 0n];
    expect([needed, support, opposition, supporters, passedAt], `count of ${nameOf(motion)}`).to.deep.equal(expected);
  }

  async executeAny(): Promise<void> {
    const motion = this.#someMotion((candidate) => this.#world.log.refusal(candidate, this.#world.now + 1n) === undefined);
    if (motion !== undefined) await this.execute(motion);
  }

  async execute(motion: Motion): Promise<void> {
    const effects = (motion.ending ? ENDED : TAKEN)[motion.action];
    const may = (now: bigint) => this.#world.log.refusal(motion, now) === undefined;
    const done = await this.#world.attempt(`${nameOf(motion)} is executed`, may, effects, () =>
      this.#world.economy.emergencyGovernor.connect(this.#world.person())["execute(uint256)"](motion.proposalId, GAS),
    );
    if (done === undefined) return;
    this.#world.log.executed(motion, this.#world.now);
    if (motion.action === "reset") this.#world.rules.baseRates = [...this.#world.rules.settledRates];
    // Some are against it at once, and others regret it.
    if (!motion.ending && this.#world.random.chance(0.4)) {
      await this.vote(motion, [0n]);
      await this.#world.wait(HOUR - this.#world.random.bigint(0n, 2n));
      await this.endOpposed();
    }
    if (!motion.ending && this.#world.random.chance(motion.action === "halt" ? 0.9 : 0.6)) {
      await this.#world.wait(this.#world.random.bigint(1n, 3n * DAY));
      await this.proposeEnd(motion.action);
    }
  }

  async proposeEnd(preferred?: Action): Promise<void> {
    const standing = ACTIONS.filter((action) => this.#world.log.stands(action, this.#world.now));
    const any =
      standing.length > 0 && this.#world.random.chance(0.9)
        ? this.#world.random.pick(standing)
        : this.#world.random.pick(ACTIONS);
    const action = preferred ?? any;
    const may = (now: bigint) => this.#world.log.mayProposeEnd(action, now);
    const propose = () => this.#world.economy.breaker.connect(this.#world.person()).proposeEnd(ACTIONS.indexOf(action), GAS);
    const receipt = await this.#world.attempt(`the end of ${action} is proposed`, may, [], propose);
    if (receipt === undefined) return;
    const made = this.#world.log.endProposed(action, this.#world.now);
    for (const { id } of this.motionsIn(receipt)) made.proposalId = id;
    if (this.#world.random.chance(0.2)) await this.#world.attempt(`the end of ${action} is proposed again`, may, [], propose);
    if (this.#world.random.chance(0.8)) await this.decide(this.#world.log.motions.at(-1)!);
  }

  /** A motion from its vote, which hardly anyone opposes, to its execution. */
  async decide(motion: Motion): Promise<void> {
    for (let round = 0; round < 3; round++) await this.vote(motion, [1n]);
    if (motion.passedAt === undefined) return;
    const due = motion.passedAt + DELAY[motion.action] - this.#world.random.bigint(0n, 2n);
    if (due > this.#world.now) await this.#world.wait(due - this.#world.now);
    // The first time may be a second too early.
    await this.execute(motion);
    if (!motion.executed) await this.execute(motion);
  }

  async bridge(): Promise<void> {
    const { breaker, people } = this.#world.economy;
    const done = await this.#world.attempt(
      "the guardian halts",
      (now) => this.#world.log.mayBridge(now),
      ["GuardianHalted", "Halted"],
      () => breaker.connect(people.breaker).guardianHalt(GAS),
    );
    if (done !== undefined) this.#world.log.bridged(this.#world.now);
  }

  /** Anyone ends what more are against than for. */
  async endOpposed(): Promise<void> {
    const opposed = ACTIONS.filter((action) => this.#world.log.isOpposed(action, this.#world.now));
    const action = opposed.length > 0 ? this.#world.random.pick(opposed) : this.#world.random.pick(ACTIONS);
    const may = (now: bigint) => this.#world.log.isOpposed(action, now);
    const done = await this.#world.attempt(`${action} is ended because it is opposed`, may, ENDED[action], () =>
      this.#world.economy.breaker.connect(this.#world.person()).endOpposed(ACTIONS.indexOf(action), GAS),
    );
    if (done !== undefined) this.#world.log.opposed(action, this.#world.now);
  }
}

const nameOf = ({ action, ending, madeAt }: Motion) => `the motion of ${madeAt} for ${ending ? "the end of " : ""}${action}`;
