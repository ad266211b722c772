// A breaker with its governor, and their model: every act is done on both sides, which must come to the same outcome and the same
// state.
import { expect } from "chai";
import { ACTIONS, BreakerModel, type Moment, type Motion, mayBeOfHalt, Refused, TRIGGERS } from "@ftns/model";
import { outcomeOf } from "../helpers/reverts.ts";
import type { SafetyWorld } from "./fixture.ts";

export class BreakerPair {
  readonly model = new BreakerModel();
  readonly seen = new Set<string>();
  readonly story: string[] = [];
  readonly #w: SafetyWorld;
  #lately = 0n;

  constructor(w: SafetyWorld) {
    this.#w = w;
  }

  /** Time of the latest look (seconds). */
  get lately(): bigint {
    return this.#lately;
  }

  async idOf({ id, action, ending }: Motion): Promise<bigint> {
    return this.#w.emergencyGovernor.proposalIdOf({ id, action: ACTIONS.indexOf(action), ending });
  }

  async moment(): Promise<Moment> {
    const now = await this.#w.clock.now();
    this.#lately = now;
    return { now, covered: await this.#w.history.totalCoveredSec() };
  }

  /** Does an act on both sides; whether it was done. */
  async both(what: string, onChain: () => Promise<unknown>, inModel: (moment: Moment) => Promise<void>): Promise<boolean> {
    const theirs = nameOf(await anyOutcome(this.#w, onChain));
    const moment = await this.moment();
    const ours = await inModel(moment).then(
      () => "ok",
      (error: unknown) => {
        if (!(error instanceof Refused)) throw error;
        return error.code;
      },
    );
    this.story.push(`${moment.now} ${what}: ${ours}`);
    expect(theirs, what).to.equal(ours);
    return ours === "ok";
  }

  see(effect: string): void {
    this.seen.add(effect);
  }

  /** The state of both sides is the same. */
  async check(): Promise<void> {
    const { breaker, emergencyGovernor, controller } = this.#w;
    const { model } = this;
    const moment = await this.moment();
    const { now, covered } = moment;
    const { id, openedAt, openUntil, triggers, actions, haltVoteUntil, suspendUntil } = await breaker.emergency();
    const bits = <T extends string>(all: readonly T[], set: Set<T>) =>
      all.reduce((sum, one, i) => sum | (set.has(one) ? 1n << BigInt(i) : 0n), 0n);
    expect([id, openedAt, openUntil, triggers, actions, haltVoteUntil, suspendUntil], "emergency").to.deep.equal([
      model.id,
      model.openedAt,
      model.openUntil,
      bits(TRIGGERS, model.triggers),
      bits(ACTIONS, model.actions),
      model.haltVoteUntil,
      model.suspendUntil,
    ]);
    expect(await breaker.guardianArmed(), "guardian").to.equal(model.guardianArmed);
    const suspended = await controller.suspendedUntil();
    expect(suspended > now ? suspended : 0n, "suspended").to.equal(model.suspendedUntil > now ? model.suspendedUntil : 0n);
    for (const [index, action] of ACTIONS.entries()) {
      expect(await breaker.effectUntil(index), `${action} lasts`).to.equal(model.until[action]);
      const { startedBy } = await breaker.useOf(index);
      expect(startedBy, `${action} was started by`).to.equal(model.uses[action].startedBy);
      for (const ending of [false, true]) {
        const motion = model.voteOn(action, ending, moment);
        const named = motion === undefined ? 0n : await this.idOf(motion);
        expect(await (ending ? breaker.endVoteOn(index) : breaker.voteOn(index)), `vote on ${action}, ${ending}`).to.equal(named);
      }
    }
    for (const [index, kind] of TRIGGERS.entries()) {
      const ofHalt = mayBeOfHalt(model.until.HALT_TRANSACTIONS, await this.observedAt(), now);
      const { taken, bond } = model.canTrigger(kind, ofHalt, moment);
      expect(await breaker.canTrigger(index), `${kind} can be triggered`).to.deep.equal([taken, bond]);
      const noise = model.noise[kind].at(now);
      expect(await breaker.noiseOf(index), `noise of ${kind}`).to.deep.equal([
        noise.since,
        BigInt(noise.triggers),
        noise.suspendedSec,
      ]);
    }
    for (const motion of model.motions.slice(-3)) {
      const { vote } = motion;
      const standing = await emergencyGovernor.standingOf(await this.idOf(motion));
      const told = [standing.support, standing.opposition, standing.supporters, standing.opposedSince, standing.restarts];
      const counted = [vote.support, vote.opposition, BigInt(vote.supporters), vote.opposedSince, BigInt(vote.restarts)];
      expect(told, `count of motion ${motion.id}`).to.deep.equal(counted);
      const times = [standing.passedAt, standing.executableAt, standing.executeBefore];
      expect(times, `times of motion ${motion.id}`).to.deep.equal([
        vote.passedAt(now, covered),
        vote.executableAt(now, covered),
        vote.executeBefore,
      ]);
      expect([standing.needed, standing.supporterStake, standing.stopped]).to.deep.equal([
        vote.needed,
        vote.supporterStake,
        vote.isStopped(now),
      ]);
    }
    for (const voter of this.#w.voters.slice(0, 2)) {
      expect(await breaker.bondedOf(voter.address), "bonded").to.equal(model.bonded.get(voter.address) ?? 0n);
    }
  }

  async observedAt(): Promise<bigint> {
    return (await this.#w.medianFeed.latestMarket()).observedAt;
  }
}

/** An error of the breaker or of its governor. */
async function anyOutcome({ breaker, emergencyGovernor }: SafetyWorld, call: () => Promise<unknown>): Promise<string> {
  let failure: unknown;
  const once = async () => {
    if (failure !== undefined) throw failure;
    try {
      return await call();
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  try {
    return await outcomeOf(breaker, once);
  } catch {
    return outcomeOf(emergencyGovernor, once);
  }
}

/** Without the values. */
function nameOf(outcome: string): string {
  return outcome.replace(/\(.*$/s, "");
}
