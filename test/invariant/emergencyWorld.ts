// Random lives of an economy that its voters rule, through markets that crash and motions that pass or do not. Each act is
// held against the test's own log: what it does not allow must be refused, what it allows must work.
import { expect } from "chai";
import { network } from "hardhat";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { MarketReport } from "@ftns/model";
import type { BaseContract } from "ethers";
import { contribute, type Proving } from "../contributors/fixture.ts";
import { economyOn, FTNS, parametersOfVoters } from "../helpers/economy.ts";
import type { Random } from "../helpers/random.ts";
import { DAY, HOUR, type Connection } from "../helpers/time.ts";
import { ACTIONS, DELAY, EmergencyLog, TRIGGERS, type Motion, type Trigger } from "./emergencyLog.ts";
import { GAS, Life } from "./life.ts";
import { Market, USD } from "./market.ts";
import { strangersCalls, type Rules } from "./measures.ts";
import { Motions } from "./motions.ts";
import { OrdinaryVotes } from "./ordinaryVotes.ts";
import { Stakers } from "./stakers.ts";
import { VoteBook } from "./voteBook.ts";

const PEOPLE = 8;
/** When the chain begins, and (a day later) the lives (seconds). */
const BIRTH = 1_900_000_000n;
export const BEGINNING = BIRTH + DAY;

/** What reporters see, whenever they look. */
type Seen = Omit<MarketReport, "observedAt" | "since" | "meanPrice">;

/** A chain whose time does not depend on ours. */
export const timelessChain = () => network.create({ override: { initialDate: new Date(Number(BIRTH) * 1_000) } });

/** What all lives begin with: seven contributors of eight people, whose stakes are still to come. */
export async function ruledByVoters(connection: Connection) {
  const economy = await economyOn(connection, parametersOfVoters);
  const { chainId } = await connection.ethers.provider.getNetwork();
  const people = economy.people.users.slice(0, PEOPLE);
  const proving: Proving = {
    ...economy,
    connection,
    alice: people[0]!,
    verifiers: [...economy.people.verifiers],
    place: { chainId, verifyingContract: economy.addresses.registry },
  };
  for (const person of people) await economy.token.connect(person).approve(economy.vault, 10n ** 30n);
  for (const person of people.slice(1)) await contribute(proving, person, 100n);
  // A fixed second, so that a life can be repeated.
  await economy.clock.to(BEGINNING);
  const baseRates = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((kind) => economy.registry.baseRate(kind)));
  return { economy, people, proving, baseRates, chainId };
}

export type Start = Awaited<ReturnType<typeof ruledByVoters>>;

export class EmergencyWorld extends Life {
  readonly people: readonly HardhatEthersSigner[];
  readonly book = new VoteBook();
  readonly log = new EmergencyLog(this.book);
  readonly rules: Rules;
  readonly stakers: Stakers;
  readonly votes: OrdinaryVotes;
  readonly motions: Motions;
  readonly random: Random;
  readonly #market: Market;

  private constructor(start: Start, connection: Connection, random: Random, now: bigint) {
    super(start.economy, connection, now);
    this.people = start.people;
    this.rules = { baseRates: [...start.baseRates], settledRates: [...start.baseRates], unstakeDelay: 7n * DAY };
    this.random = random;
    this.#market = new Market(start.economy, start.chainId);
    this.stakers = new Stakers(this, start.proving);
    this.votes = new OrdinaryVotes(this);
    this.motions = new Motions(this, this.stakers);
  }

  static async create(start: Start, connection: Connection, random: Random): Promise<EmergencyWorld> {
    const world = new EmergencyWorld(start, connection, random, await start.economy.clock.now());
    for (const person of world.people) {
      const amount = random.bigint(100n, 3_000n) * 1_000n * FTNS;
      await world.attempt(
        `${person.address} gets ${amount}`,
        () => true,
        [],
        () => world.economy.token.connect(world.economy.people.treasury).transfer(person.address, 2n * amount, GAS),
      );
      await world.stakers.stake(person, amount);
    }
    await world.#report(world.#sight());
    await world.wait(30n * DAY);
    return world;
  }

  /** Lets a random time pass: short while a vote runs, often to a second at which something begins or ends. */
  async passTime(): Promise<void> {
    const { random } = this;
    const edges = [...this.log.edges(this.now), ...this.votes.edges(this.now)].sort((a, b) => (a < b ? -1 : 1));
    const kind = random.uint32() % 20;
    if (this.motions.votesRun() && kind < 14) await this.wait(random.bigint(1n, HOUR / 3n));
    else if (edges.length > 0 && kind < 14) {
      // The next act comes a second later: in the second before the edge, at it, or after it.
      const to = random.pick(edges.slice(0, 3)) - random.bigint(0n, 2n);
      if (to > this.now) await this.wait(to - this.now);
    } else if (kind < 17) await this.wait(random.bigint(1n, 6n * HOUR));
    else if (kind < 19) await this.wait(random.bigint(1n, 3n * DAY));
    else await this.wait(random.bigint(1n, 40n * DAY));
  }

  async act(): Promise<void> {
    this.log.covered = await this.economy.history.totalCoveredSec();
    const inEmergency = [
      () => this.#trigger(),
      () => this.motions.voteOnAny(),
      () => this.motions.voteOnAny(),
      () => this.motions.voteOnAny(),
      () => this.motions.executeAny(),
      () => this.motions.executeAny(),
      () => this.motions.executeAny(),
      () => this.motions.proposeEnd(),
      () => this.motions.bridge(),
      () => this.motions.endOpposed(),
      () => this.stakers.stakeMore(),
    ];
    const any = [
      () => this.stakers.move(),
      () => this.stakers.stakeMore(),
      () => this.stakers.leave(),
      () => this.stakers.leaveOrStay(),
      () => this.stakers.settleExit(),
      () => this.stakers.delegate(),
      () => this.stakers.contribute(),
      () => this.#report(this.#sight()),
      () => this.#changePrice(),
      () => this.#trigger(),
      () => this.#trigger(),
      () => this.#trigger(),
      () => this.#trigger(),
      () => this.motions.executeAny(),
      () => this.motions.proposeEnd(),
      () => this.motions.proposeEnd(),
      () => this.motions.bridge(),
      () => this.#trespass(),
      () => this.#adjust(),
      () => this.votes.act(),
      () => this.votes.act(),
      () => this.votes.act(),
      () => this.votes.decide(),
      async () => {
        await this.votes.neglected();
        await this.#trigger("deadlock");
      },
    ];
    await this.random.pick(this.log.isOpen(this.now) && this.random.chance(0.6) ? inEmergency : any)();
  }

  person(): HardhatEthersSigner {
    return this.random.pick(this.people);
  }

  // The market

  /** A random sight, mostly calm. */
  #sight(cause?: Trigger): Seen {
    const { random } = this;
    const meanVolume6h = 1_000n * USD;
    const thin = cause === "illiquidity" || random.chance(0.2);
    const failing = cause === "attack" || random.chance(0.2);
    const txTotal = random.chance(0.1) ? random.bigint(0n, 12n) : 100n;
    return {
      price: this.#market.price,
      meanVolume6h,
      volume6h: thin ? (meanVolume6h * random.bigint(0n, 11n)) / 100n : meanVolume6h,
      txTotal,
      txFailed: failing ? (txTotal * random.bigint(49n, 100n)) / 100n : txTotal / 20n,
      sendersDay: cause === "attack" || random.chance(0.8) ? txTotal * 4n : txTotal * 10n,
    };
  }

  async #report(seen: Seen): Promise<void> {
    const next = this.#market.since + 300n;
    if (this.now < next && this.random.chance(0.9)) await this.wait(next - this.now);
    const sight = { ...seen, meanPrice: seen.price, since: this.#market.since, observedAt: this.now };
    const blind = this.random.chance(0.8) ? 0 : this.random.int(1, 2);
    const reports = await this.#market.reports(sight, blind);
    const { price, volume6h, txTotal, txFailed } = sight;
    const words = `price ${price}, volume ${volume6h}, ${txFailed} of ${txTotal} failed, ${blind} reporters blind`;
    const taken = await this.attempt(
      words,
      () => undefined,
      [],
      () => this.economy.medianFeed.submit(reports, GAS),
    );
    if (taken !== undefined) this.#market.reported(sight, blind);
  }

  /** An hour at one price and, a day later, an hour at another. */
  async #changePrice(factors = [55n, 60n, 90n, 120n]): Promise<void> {
    const { random } = this;
    const from = this.#market.price;
    const start = (this.now / HOUR + 1n) * HOUR;
    await this.#reportAt(start, from);
    await this.#reportAt(start + HOUR, from);
    const factor = from < USD / 10n ? 1_000n : random.pick(factors);
    await this.#reportAt(start + DAY, from);
    await this.#reportAt(start + DAY + HOUR, (from * factor) / 100n);
  }

  async #reportAt(time: bigint, price: bigint): Promise<void> {
    if (time > this.now) await this.wait(time - this.now);
    await this.#report({ ...this.#sight(), price });
  }

  // Emergencies

  async #trigger(wanted?: Trigger): Promise<void> {
    // Attacks come twice as often: recovery mode is put to the vote for nothing else.
    const trigger = wanted ?? this.random.pick([...TRIGGERS, "attack" as const]);
    const kind = TRIGGERS.indexOf(trigger);
    if (this.random.chance(0.8)) {
      if (trigger === "crash" && this.random.chance(0.7)) await this.#changePrice([30n, 55n, 59n, 60n, 61n]);
      if (trigger !== "deadlock") await this.#report(this.#sight(trigger));
      else if (this.random.chance(0.3)) await this.votes.neglected();
      if (this.random.chance(0.3)) await this.stakers.contribute();
    }
    const causes: Record<Trigger, (now: bigint) => boolean | undefined> = {
      crash: (now) => (this.#market.mayHaveCrashed(now) ? undefined : false),
      illiquidity: (now) => this.#market.isIlliquid(now),
      attack: (now) => this.#market.isAttacked(now),
      deadlock: (now) => this.votes.isDeadlocked(now, this.log.lastDeadlockAt),
    };
    const observedAt = await this.#observedAt();
    const may = (now: bigint) => this.log.takes(trigger, observedAt, now) && causes[trigger](now);
    const pull = () => this.economy.breaker.connect(this.person()).trigger(kind, GAS);
    const pulled = () => this.attempt(`${trigger} is triggered`, may, [], pull);
    const receipt = this.random.chance(0.3) ? await this.stakers.afterStake(pulled) : await pulled();
    if (receipt === undefined) return;
    const added = this.log.triggered(trigger, this.now);
    const made = this.motions.motionsIn(receipt);
    expect(
      made.map(({ action }) => ACTIONS[action]),
      "motions of the trigger",
    ).to.deep.equal(added.map(({ action }) => action));
    for (const [i, { id }] of made.entries()) added[i]!.proposalId = id;
    if (trigger === "deadlock" && this.random.chance(0.8)) return this.#hoursToObject(added[0]!);
    if (made.length > 0 && this.random.chance(0.5))
      await this.motions.decide(this.random.pick(this.log.motions.slice(-made.length)));
  }

  /** The feed works through the hours to object, in which hardly anyone does; then the reset is carried out. */
  async #hoursToObject(motion: Motion): Promise<void> {
    const { vote } = motion.of;
    if (this.random.chance(0.3)) await this.motions.vote(motion, [0n, 1n]);
    while (this.now < vote.deadline + DELAY.reset - 2n * HOUR) {
      await this.#reportAt((this.now / HOUR + 2n) * HOUR, this.#market.price);
    }
    await this.wait(vote.deadline + DELAY.reset - this.random.bigint(1n, 3n) - this.now);
    this.log.covered = await this.economy.history.totalCoveredSec();
    // The first time may be a second too early.
    await this.motions.execute(motion);
    if (!motion.executed) await this.motions.execute(motion);
  }

  /** Time of the latest report (seconds); 0 before the first. */
  async #observedAt(): Promise<bigint> {
    return this.economy.medianFeed.latestMarket().then(
      ({ observedAt }) => observedAt,
      () => 0n,
    );
  }

  /** A voter or the guardian tries what is not theirs. */
  async #trespass(): Promise<void> {
    const { breaker: guardian, deployer } = this.economy.people;
    const who = this.random.pick([...this.people, guardian, deployer]);
    for (const [target, call, args] of strangersCalls(this.economy, this.now, this.person().address)) {
      if (who === guardian && call === "guardianHalt") continue;
      await expectRefusal(target, call, args, who);
    }
  }

  async #adjust(): Promise<void> {
    const { controller } = this.economy;
    const { refusal, factor } = await controller.preview();
    expect(refusal === 1n, "suspended").to.equal(this.now < this.log.suspendedUntil);
    await this.attempt(
      "M is adjusted",
      (now) => (now < this.log.suspendedUntil ? false : undefined),
      [],
      () => controller.connect(this.person()).adjust(factor, GAS),
    );
  }
}

async function expectRefusal(
  target: BaseContract,
  call: string,
  args: readonly unknown[],
  who: HardhatEthersSigner,
): Promise<void> {
  const as = target.connect(who) as BaseContract;
  const worked = await as
    .getFunction(call)
    .staticCall(...args)
    .then(
      () => true,
      () => false,
    );
  expect(worked, `P85: ${call} is open to ${who.address}`).to.equal(false);
}
