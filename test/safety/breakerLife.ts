// A random life of a breaker: time that passes, and what people do in it, on the chain and in the model. What stakes, contributions
// and prices come to is read from the chain: they have tests of their own.
import {
  type Action,
  ACTIONS,
  type BreakerModel,
  type Ballot,
  type Moment,
  type Motion,
  mayBeOfHalt,
  Refused,
  TRIGGERS,
  type Trigger,
} from "@ftns/model";
import { outsider, proposalOf, propose } from "../governance/fixture.ts";
import { FTNS } from "../helpers/economy.ts";
import type { Random } from "../helpers/random.ts";
import { DAY, dayOf, HOUR, type Connection } from "../helpers/time.ts";
import { BreakerPair } from "./breakerPair.ts";
import { restake, type SafetyWorld, USD } from "./fixture.ts";

const GAS = { gasLimit: 5_000_000 };
/** Reports older than this are no longer taken for the present (seconds). */
const FRESH = 5_400n;
const SIDES = { against: 0n, for: 1n, abstain: 2n } as const;

export class BreakerLife {
  readonly pair: BreakerPair;
  readonly #model: BreakerModel;
  readonly #w: SafetyWorld;
  readonly #random: Random;
  #report = { observedAt: 0n, dry: false, attacked: false };
  #deadlocks = 0;
  #voted = new Set<string>();

  constructor(w: SafetyWorld, random: Random) {
    this.#w = w;
    this.pair = new BreakerPair(w);
    this.#model = this.pair.model;
    this.#random = random;
  }

  /** Five to nine stakers, some of whom contribute, two of whom have locked something towards the breaker. */
  static async begin(w: SafetyWorld, connection: Connection, random: Random): Promise<BreakerLife> {
    const stakes = Array.from({ length: random.int(6, 9) }, (_, i) =>
      random.magnitude((i < 5 ? 150_000n : 20_000n) * FTNS, 900_000n * FTNS),
    );
    // The last one has more than most of the others together.
    stakes.push(random.bigint(1_500_000n, 3_000_000n) * FTNS);
    await restake(w, connection, stakes, (i) => i < 5 || random.chance(0.7));
    // Somebody far below a thousandth.
    const dust = await outsider(connection, 3_000);
    await w.contributes(dust);
    await w.token.connect(w.people.treasury).transfer(dust, FTNS);
    await w.token.connect(dust).approve(w.vault, FTNS);
    await w.vault.connect(dust).stake(FTNS);
    w.voters.push(dust);
    for (const voter of w.voters.slice(0, 2)) await w.vault.connect(voter).lock(w.breaker, 7_000n * FTNS);
    await w.hours(2, USD);
    return new BreakerLife(w, random);
  }

  // Time

  /** A short or a long time passes; often to just around a second in which something begins or ends. */
  async pass(): Promise<void> {
    const { clock } = this.#w;
    const now = await clock.now();
    const edges = this.#edges().filter((edge) => edge > now + 3n);
    const running = this.#running(now);
    const drawn = this.#random.uint32() % 20;
    if (edges.length > 0 && drawn < 7) {
      edges.sort((a, b) => (a < b ? -1 : 1));
      // The next act comes a second later: before the edge, at it, or after it.
      await clock.to(this.#random.pick(edges.slice(0, 3)) - this.#random.bigint(0n, 2n));
    } else if (running ? drawn < 20 : drawn < 16) await clock.pass(this.#random.bigint(60n, running ? HOUR / 3n : 6n * HOUR));
    else await clock.pass(this.#random.bigint(1n, 12n * DAY));
  }

  #running(now: bigint): boolean {
    return this.#model.motions.some(({ vote }) => !vote.terms.unlessOpposed && vote.takesBallots(now));
  }

  /** Hours with a price. */
  async #hours(count: number): Promise<void> {
    await this.#w.clock.pass(60n);
    if ((await this.#w.clock.now()) % HOUR > HOUR - 60n) await this.#w.clock.pass(60n);
    await this.#w.hours(count, USD);
    this.#rest();
  }

  #edges(): bigint[] {
    const model = this.#model;
    const votes = model.motions.slice(-4).flatMap(({ vote }) => {
      const delayed = vote.deadline + vote.terms.delaySec;
      return [vote.deadline + 1n, delayed, vote.executeBefore, ...(vote.opposedSince === 0n ? [] : [vote.opposedSince + HOUR])];
    });
    const bonds = model.bonds.slice(-2).flatMap(({ postedAt, dueAt }) => [postedAt + HOUR, postedAt + 2n * HOUR, dueAt + 1n]);
    const untils = Object.values(model.until);
    return [...votes, ...bonds, ...untils, model.openUntil, model.suspendUntil, model.openedAt + 48n * HOUR + 1n];
  }

  // Acts

  async act(): Promise<void> {
    const running = this.#running(await this.#w.clock.now());
    const acts = [
      () => this.#pull(),
      () => this.#pull(),
      () => this.#decide(),
      () => this.#decide(),
      () => this.#vote(),
      () => this.#vote(),
      () => this.#vote(),
      () => this.#execute(),
      () => this.#execute(),
      () => this.#execute(),
      () => this.#end(),
      () => this.#endOpposed(),
      () => this.#endOpposed(),
      () => this.#bridge(),
      () => this.#settle(),
      () => this.#settle(),
      () => this.#startAnew(),
      () => this.#govern(),
      () => this.#hours(this.#random.int(1, 10)),
    ];
    if (!running && this.#random.chance(0.08)) await this.#refresh();
    else if (!running && this.#deadlocks < 1 && this.#random.chance(0.06)) await this.#deadlock();
    else await this.#random.pick(acts)();
  }

  /** Nothing that was reported before is fresh, or it was calm. */
  #rest(): void {
    this.#report = { observedAt: 0n, dry: false, attacked: false };
  }

  /** Contributors work again; a day later they may decide. */
  async #refresh(): Promise<void> {
    for (const ready of this.#w.ready.slice(0, 6)) await this.#w.contributes(ready);
    await this.#w.clock.pass(DAY);
  }

  async #pull(kind: Trigger = this.#random.pick(["LIQUIDITY_CRISIS", "NETWORK_ATTACK"])): Promise<void> {
    if (this.#random.chance(0.9)) await this.#observe(kind);
    await this.#trigger(kind);
  }

  /** The reporters see what `kind` is about. */
  async #observe(kind: Trigger): Promise<void> {
    const w = this.#w;
    const [dry, attacked] = [kind === "LIQUIDITY_CRISIS", kind === "NETWORK_ATTACK"];
    await w.clock.pass(301n);
    await w.report({ volume6h: dry ? 0n : 1_000n * USD, txFailed: attacked ? 80n : 1n });
    this.#report = { observedAt: await this.pair.observedAt(), dry, attacked };
  }

  async #trigger(kind: Trigger): Promise<void> {
    const w = this.#w;
    const bond = (await w.breaker.canTrigger(TRIGGERS.indexOf(kind))).bond;
    const caller = this.#random.chance(bond > 0n ? 0.9 : 0.5) ? this.#random.pick(w.voters.slice(0, 2)) : w.outsiders[0]!;
    const locked = await w.vault.lockOf(caller, w.breaker);
    const deadlocked = kind === "GOVERNANCE_DEADLOCK" && (await w.breaker.find(3n)).met;
    const index = TRIGGERS.indexOf(kind);
    await this.pair.both(
      `${kind} is triggered`,
      () => w.breaker.connect(caller).trigger(index, GAS),
      async (moment) => {
        const met = deadlocked || this.#holds(kind, moment.now);
        const staked = await this.#stakedAt(moment);
        const ofHalt = mayBeOfHalt(this.#model.until.HALT_TRANSACTIONS, this.#report.observedAt, moment.now);
        const bonds = this.#model.bonds.length;
        const made = this.#model.trigger(kind, {
          ...moment,
          met,
          ofHalt,
          caller: caller.address,
          locked,
          stakedAt: () => staked,
        });
        this.pair.see(made.length === 0 ? "a trigger without a vote" : "a trigger");
        if (this.#model.bonds.length > bonds) this.pair.see("a bond");
        if (made.some(({ madeAt, since }) => madeAt > since)) this.pair.see("a later vote");
      },
    );
  }

  #holds(kind: Trigger, now: bigint): boolean {
    if (kind === "GOVERNANCE_DEADLOCK") return false;
    return this.#report.observedAt + FRESH >= now && (kind === "NETWORK_ATTACK" ? this.#report.attacked : this.#report.dry);
  }

  /** What was staked before the emergency that is open, or would open now. */
  async #stakedAt({ now }: Moment): Promise<bigint> {
    const model = this.#model;
    const opens = !model.isOpen(now) || now > model.openedAt + 48n * HOUR;
    return this.#w.vault.getPastTotalSupply((opens ? now : model.openedAt) - 1n);
  }

  /** Most are for a motion, which is then executed; some come later and are against it, and others settle its trigger's bond. */
  async #decide(): Promise<void> {
    const motion = this.#motion(({ vote }, now) => vote.takesBallots(now) && vote.passedAt(0n, 0n) === 0n);
    if (motion === undefined) return;
    const whale = this.#w.voters.at(-2)!;
    await this.#vote(motion, ["for"], this.#w.voters.filter((voter) => voter !== whale).slice(0, this.#random.int(5, 8)));
    if (!this.#random.chance(0.2)) await this.#carryOut(motion);
    if (this.#random.chance(0.5)) await this.#vote(motion, ["against"], [whale]);
    if (this.#random.chance(0.6)) await this.#w.clock.pass(HOUR - this.#random.bigint(0n, 2n));
    if (this.#random.chance(0.8)) await this.#endOpposed(motion.action);
    if (this.#random.chance(0.8)) await this.#settle();
  }

  async #vote(
    motion = this.#motion(({ vote }, now) => vote.takesBallots(now)),
    mood = this.#random.pick<readonly Ballot["side"][]>([
      ["for"],
      ["for"],
      ["for", "for", "for", "against"],
      ["against"],
      ["for", "abstain"],
    ]),
    voters = this.#random.shuffle([...this.#w.voters]).slice(0, this.#random.int(1, 9)),
  ): Promise<void> {
    if (motion === undefined) return;
    for (const voter of voters) {
      const key = `${motion.id} ${voter.address}`;
      if (this.#voted.has(key)) continue;
      const side = this.#random.pick(mood);
      const proposalId = await this.pair.idOf(motion);
      const passed = motion.vote.passedAt(0n, 0n) !== 0n;
      const taken = await this.pair.both(
        `a ballot ${side} on motion ${motion.id}`,
        () => this.#w.emergencyGovernor.connect(voter).castVote(proposalId, SIDES[side], GAS),
        async ({ now }) => {
          if (!motion.vote.takesBallots(now)) throw new Refused("GovernorUnexpectedProposalState");
          const weight = await this.#w.vault.getPastVotes(voter.address, motion.since - 1n);
          const basicSince = await this.#w.registry.basicSince(voter.address);
          const contributor = basicSince !== 0n && basicSince < dayOf(motion.since);
          this.#model.cast(motion, { weight, side, contributor }, now);
          if (!passed && motion.vote.passedAt(0n, 0n) !== 0n) this.pair.see("a motion passed");
          if (passed) this.pair.see("a ballot after it passed");
        },
      );
      if (!taken) return;
      this.#voted.add(key);
    }
  }

  async #execute(): Promise<void> {
    const motion = this.#motion(({ vote }, now) => vote.executableAt(now, 2n ** 60n) !== 0n && !vote.executed);
    if (motion !== undefined) await this.#carryOut(motion);
  }

  async #carryOut(motion: Motion): Promise<void> {
    const proposalId = await this.pair.idOf(motion);
    await this.pair.both(
      `motion ${motion.id} is executed`,
      () => this.#w.emergencyGovernor.connect(this.#w.outsiders[0]!)["execute(uint256)"](proposalId, GAS),
      async (moment) => {
        this.#model.execute(motion, moment);
        this.pair.see(`${motion.ending ? "end of " : ""}${motion.action}`);
      },
    );
  }

  async #end(): Promise<void> {
    const action = this.#random.pick(ACTIONS);
    await this.pair.both(
      `the end of ${action} is proposed`,
      () => this.#w.breaker.proposeEnd(ACTIONS.indexOf(action), GAS),
      async (moment) => {
        const staked = await this.#w.vault.getPastTotalSupply(moment.now - 1n);
        this.#model.proposeEnd(action, staked, moment);
      },
    );
  }

  async #endOpposed(
    action: Action = this.#random.pick(["PAUSE_ADJUSTMENTS", "HALT_TRANSACTIONS", "RECOVERY_MODE"] as const),
  ): Promise<void> {
    await this.pair.both(
      `${action} is ended because it is opposed`,
      () => this.#w.breaker.connect(this.#w.outsiders[0]!).endOpposed(ACTIONS.indexOf(action), GAS),
      async ({ now }) => {
        this.#model.endOpposed(action, now);
        this.pair.see("ended by opposition");
      },
    );
  }

  async #bridge(): Promise<void> {
    await this.pair.both(
      "the guardian halts",
      () => this.#w.breaker.connect(this.#w.people.breaker).guardianHalt(GAS),
      async (moment) => {
        this.#model.guardianHalt(moment);
        this.pair.see("the guardian");
      },
    );
  }

  async #settle(): Promise<void> {
    const unsettled = this.#model.bonds.map((bond, i) => ({ bond, id: BigInt(i + 1) })).filter(({ bond }) => bond.amount > 0n);
    if (unsettled.length === 0 && this.#random.chance(0.9)) return;
    const id = unsettled.length === 0 ? 99n : this.#random.pick(unsettled).id;
    const bond = this.#model.bonds[Number(id) - 1];
    // The first second in which it can be given back, and those around it.
    const due = (bond?.postedAt ?? 0n) + HOUR - this.#random.bigint(0n, 2n);
    if (due > (await this.#w.clock.now()) && this.#random.chance(0.6)) await this.#w.clock.to(due);
    const now = await this.#w.clock.now();
    // Whether a deadlock still holds is asked elsewhere.
    if (bond !== undefined && now >= bond.postedAt + HOUR && now < bond.postedAt + 2n * HOUR && this.#random.chance(0.5)) {
      await this.#observe(bond.kind);
    }
    if (bond?.kind === "GOVERNANCE_DEADLOCK" && now < bond.postedAt + 2n * HOUR) return;
    await this.pair.both(
      `bond ${id} is settled`,
      () => this.#w.breaker.connect(this.#w.outsiders[1]!).settleBond(id, GAS),
      async (moment) => {
        const slashed = this.#model.settleBond(id, bond !== undefined && this.#holds(bond.kind, moment.now), moment);
        this.pair.see(slashed ? "a bond slashed" : "a bond given back");
      },
    );
  }

  async #startAnew(): Promise<void> {
    const motion = this.#model.motions.findLast(({ vote }) => vote.terms.unlessOpposed);
    if (motion === undefined) return;
    const proposalId = await this.pair.idOf(motion);
    await this.pair.both(
      `the hours to object to motion ${motion.id} start anew`,
      () => this.#w.emergencyGovernor.connect(this.#w.outsiders[0]!).startAnew(proposalId, GAS),
      async (moment) => {
        this.#model.startAnew(motion, moment);
        this.pair.see("hours anew");
      },
    );
  }

  async #govern(): Promise<void> {
    const mine = this.#w.breaker.connect(this.#w.people.governor);
    const action = this.#random.pick(ACTIONS);
    const index = ACTIONS.indexOf(action);
    const acts: [string, () => Promise<unknown>, (moment: Moment) => void][] = [
      ["end", () => mine.end(index, GAS), ({ now }) => this.#model.end(action, now)],
      ["rearm", () => mine.rearmGuardian(GAS), () => void (this.#model.guardianArmed = true)],
      ["rearm", () => mine.rearmGuardian(GAS), () => void (this.#model.guardianArmed = true)],
      ...(this.#random.chance(0.3)
        ? [["impose", () => mine.impose(index, GAS), ({ now }: Moment) => this.#model.impose(action, now)] as never]
        : []),
    ];
    const [what, onChain, inModel] = this.#random.pick(acts);
    await this.pair.both(`the governor: ${what} ${action}`, onChain, async (moment) => inModel(moment));
  }

  /** Three votes end that nobody attends, by three proposers; then the trigger, and the hours to object. */
  async #deadlock(): Promise<void> {
    const w = this.#w;
    this.#deadlocks++;
    for (const proposer of w.voters.slice(0, 3)) {
      if ((await w.vault.getVotes(proposer.address)) < 10_000n * FTNS) return;
    }
    for (const [i, proposer] of w.voters.slice(0, 3).entries()) {
      const p = await proposalOf(w, w.registry, "setBaseRate", [2n, 11n * FTNS], `nobody cares ${this.#deadlocks} ${i}`);
      await propose(w.governor, proposer, p);
    }
    await w.clock.pass(6n * DAY + 10n);
    await this.#trigger("GOVERNANCE_DEADLOCK");
    // The feed works, or it stands still.
    if (this.#random.chance(0.6)) await this.#hours(this.#random.int(46, 49));
    else await w.clock.pass(this.#random.bigint(40n, 120n) * HOUR);
    if (this.#random.chance(0.5)) await this.#startAnew();
    if (this.#random.chance(0.8)) await this.#hours(this.#random.int(6, 8));
    await this.#execute();
  }

  #motion(useful: (motion: Motion, now: bigint) => boolean): Motion | undefined {
    const recent = this.#model.motions.slice(-6);
    const now = this.pair.lately;
    const preferred = recent.filter((motion) => useful(motion, now));
    if (preferred.length > 0 && this.#random.chance(0.9)) return this.#random.pick(preferred);
    return recent.length > 0 && this.#random.chance(0.3) ? this.#random.pick(recent) : undefined;
  }
}
