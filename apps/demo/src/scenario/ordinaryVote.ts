import { id, parseEther } from "ethers";
import type { Actor } from "../chain/actor.ts";
import { dayOf } from "../chain/clock.ts";
import { amount, exact, percent, wadToNumber } from "../report/numbers.ts";
import type { DecisionReport } from "../report/types.ts";
import { chargesOf, effectiveMonthlyRate } from "../report/charges.ts";
import { timeWords, type Chronicle } from "./chronicle.ts";
import type { History } from "./history.ts";
import type { Persona } from "./persona.ts";
import type { Stage } from "./stage.ts";

const NEW_CAP = parseEther("0.008");
const DESCRIPTION = "Lower the cap of demurrage from 1.0 % to 0.8 % a month";
/** As the governor counts them. */
const AGAINST = 0;
const FOR = 1;
const ABSTAIN = 2;
/** Of Stella and the four neighbours. */
const BALLOTS = [FOR, FOR, FOR, AGAINST, ABSTAIN];
/** After the proposal, when its delay of a day is over. */
const VOTE_AFTER_DAYS = 2;
const QUEUED = 5n;
const EXECUTED = 7n;

type Four = [bigint, bigint, bigint, bigint];

/**
 * A parameter change through the ordinary governor, proposed two fifths into the replay: a day of delay, five days of votes,
 * two days in the timelock. Anyone may queue and execute what has passed; here the keepers do.
 */
export class OrdinaryVote {
  readonly #stage: Stage;
  readonly #chronicle: Chronicle;
  readonly #proposedOn: number;
  #proposalId = 0n;
  #capBefore = 0n;
  #call: { targets: string[]; values: bigint[]; calldatas: string[] } = { targets: [], values: [], calldatas: [] };
  #presented = false;
  #executedOn: number | undefined;

  constructor(stage: Stage, chronicle: Chronicle) {
    this.#stage = stage;
    this.#chronicle = chronicle;
    this.#proposedOn = Math.floor((stage.totalDays * 2) / 5);
  }

  /** Does what is due in the afternoon of `day`. */
  async act(day: number): Promise<void> {
    if (day === this.#proposedOn) await this.#propose();
    if (day === this.#proposedOn + VOTE_AFTER_DAYS) await this.#vote();
  }

  /** Voted on or in the timelock. */
  get underway(): boolean {
    return this.#proposalId !== 0n && this.#executedOn === undefined;
  }

  /** After the keepers have looked: goes on with what they have queued and executed. */
  async follow(): Promise<void> {
    if (!this.underway) return;
    const state = await this.#stage.economy.governor.state(this.#proposalId);
    if (state === QUEUED && !this.#presented) await this.#present();
    if (state === EXECUTED) await this.#inForce();
  }

  async #propose(): Promise<void> {
    const { economy, cast } = this.#stage;
    const { monthlyRate, tierModifier, monthlyCap } = await economy.token.parameters();
    this.#capBefore = monthlyCap;
    const parameters = {
      monthlyRate: copy(monthlyRate),
      tierModifier: copy(tierModifier),
      monthlyCap: NEW_CAP,
    };
    const { data } = await economy.token.setParameters.populateTransaction(parameters);
    this.#call = { targets: [economy.addresses.token], values: [0n], calldatas: [data] };
    const { targets, values, calldatas } = this.#call;
    this.#proposalId = await economy.governor.hashProposal(targets, values, calldatas, id(DESCRIPTION));
    // A proposal that nobody cares for costs this.
    const deposit = await economy.proposalDeposits.deposit();
    await cast.stella.send(economy.vault.lock.populateTransaction(economy.addresses.proposalDeposits, deposit));
    await cast.stella.send(economy.governor.propose.populateTransaction(targets, values, calldatas, DESCRIPTION));
    const opens = await economy.governor.proposalSnapshot(this.#proposalId);
    await this.#chronicle.note(
      "vote",
      `Stella proposes: ${DESCRIPTION.toLowerCase()}`,
      `${amount(wadToNumber(deposit), 0)} FTNS of Stella's stake are locked as a deposit. Votes are those staked at ${timeWords(opens)}, a day from now, and can be cast for five days.`,
    );
  }

  async #vote(): Promise<void> {
    const { economy } = this.#stage;
    for (const [i, voter] of this.#voters().entries()) {
      await voter.send(economy.governor.castVote.populateTransaction(this.#proposalId, BALLOTS[i]!));
    }
    const { forVotes, againstVotes, abstainVotes } = await economy.governor.proposalVotes(this.#proposalId);
    const quorum = await economy.governor.quorum(await economy.governor.proposalSnapshot(this.#proposalId));
    const ftns = (value: bigint) => amount(wadToNumber(value), 0);
    await this.#chronicle.note(
      "vote",
      "Five stakers vote",
      `${ftns(forVotes)} FTNS for, ${ftns(againstVotes)} against, ${ftns(abstainVotes)} abstaining; ${ftns(quorum)} for or abstaining are needed. Paul does not vote.`,
    );
  }

  async #present(): Promise<void> {
    const { economy, cast } = this.#stage;
    this.#presented = true;
    // Where the vote lowers the cover of a stake, only the voter may present it.
    for (const voter of this.#voters()) {
      await voter.send(economy.voteProofs.submitVote.populateTransaction(this.#proposalId, voter.address));
    }
    const { commitments } = await economy.vault.stakeOf(cast.stella.address);
    await this.#chronicle.note(
      "vote",
      "The five present their votes, which count as contributions",
      `No verifier is needed: the registry's proof is the governor itself. Stella now keeps ${commitments} of 5 commitments; that of her vote lasts 30 days.`,
    );
  }

  #voters(): readonly Actor[] {
    return [this.#stage.cast.stella, ...this.#stage.cast.neighbours];
  }

  async #inForce(): Promise<void> {
    const { cast, economy } = this.#stage;
    await cast.ben.send(economy.proposalDeposits.settle.populateTransaction(cast.stella.address));
    this.#executedOn = dayOf(await this.#stage.clock.now()) - this.#stage.economy.launchDay;
    await this.#chronicle.note(
      "vote",
      `The cap is ${percent(wadToNumber(NEW_CAP), 1)} a month from the next day boundary on`,
      "For every account at once, without a transaction that touches any of them. Stella's deposit is free again.",
    );
  }

  /** The vote and what it changed for the first of `personas` that paid the cap on the day before. */
  async report(personas: readonly Persona[], history: History): Promise<DecisionReport> {
    const { governor } = this.#stage.economy;
    const executedOn = this.#executedOn;
    if (executedOn === undefined) throw new Error("The vote did not come to its end within the replay");
    const [{ forVotes, againstVotes, abstainVotes }, snapshot] = await Promise.all([
      governor.proposalVotes(this.#proposalId),
      governor.proposalSnapshot(this.#proposalId),
    ]);
    const [quorum, votingSupply] = await Promise.all([governor.quorum(snapshot), governor.votingSupply(snapshot)]);
    return {
      proposalId: this.#proposalId.toString(),
      description: DESCRIPTION,
      votesFor: exact(forVotes),
      votesAgainst: exact(againstVotes),
      votesAbstain: exact(abstainVotes),
      quorum: exact(quorum),
      votingSupply: exact(votingSupply),
      proposedOn: this.#proposedOn,
      executedOn,
      effectiveOn: executedOn + 1,
      capBefore: wadToNumber(this.#capBefore),
      capAfter: wadToNumber(NEW_CAP),
      effect: await this.#effect(personas, history, executedOn + 1),
    };
  }

  async #effect(personas: readonly Persona[], history: History, from: number): Promise<DecisionReport["effect"]> {
    for (const { name, holds, wallets } of personas) {
      const wallet = wallets[0];
      if (holds !== "FTNS" || wallet === undefined) continue;
      const charges = chargesOf(history.of(wallet.address));
      const rateOn = (day: number) => wadToNumber(effectiveMonthlyRate(charges.filter((charge) => charge.day === day)));
      const [rateBefore, rateAfter] = [rateOn(from - 1), rateOn(from)];
      if (Math.abs(rateBefore - wadToNumber(this.#capBefore)) > 1e-9) continue;
      const { provider } = this.#stage.economy;
      const transactions = Number(await provider.send("eth_getTransactionCount", [wallet.address, "latest"]));
      return { name, rateBefore, rateAfter, transactions };
    }
    return null;
  }
}

/** What a contract answered cannot be handed to one: it is frozen. */
function copy([a, b, c, d]: Four): Four {
  return [a, b, c, d];
}
