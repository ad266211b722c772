import { parseEther } from "ethers";
import type { Actor } from "../chain/actor.ts";
import { DAY_SEC, startOf } from "../chain/clock.ts";
import { amount, exact, percent, wadToNumber } from "../report/numbers.ts";
import type { DayRow, EmergencyReport, EmergencyVote, Refusal } from "../report/types.ts";
import { AFTER_BOUNDARY_SEC, closeBooks, KEEPER_EVERY_SEC, KEEPER_LOOKS_A_DAY, look, type Books } from "./books.ts";
import { isoTime, timeWords, type Chronicle } from "./chronicle.ts";
import type { Act } from "./keeperActs.ts";
import { PRICE_JOBS, WATCH_JOBS } from "./keepers.ts";
import { EARLY_EXIT } from "./personas/committedStaker.ts";

/** The crash, the halt of three days, and the week that it takes a stake to leave. */
export const CRASH_DAYS = 8;
/** What is left of the price, in hundredths. */
const LEFT_PERCENT = 44n;
const ACTIONS = { "pause adjustments": 0, "halt transfers": 1 } as const;
type ActionName = keyof typeof ACTIONS;
const ACTION_NAMES = Object.keys(ACTIONS) as ActionName[];
const FOR = 1;
const LATE_EXIT = parseEther("20000");
const PAYMENT = parseEther("60");
/** The keepers look every hour while it matters, a minute late each time so that it never comes too early. */
const HOURLY_SEC = 3_660;

/**
 * What happens once the replayed prices are over: the price falls by more than half within an hour, the chain notices, five
 * stakers halt transfers and pause adjustments, and both end by themselves. The prices are made up; everything else is as real
 * as before.
 */
export class Crash {
  readonly #books: Books;
  readonly #chronicle: Chronicle;
  /** First second of the crash's first day. */
  readonly #start: number;
  #priceBefore = 0n;
  #priceAfter = 0n;
  #opening: Extract<Act, { kind: "trigger" }> | undefined;
  #proposals: Record<ActionName, bigint> = { "pause adjustments": 0n, "halt transfers": 0n };
  #openedAt = 0;
  #openUntil = 0n;
  #votes: EmergencyVote[] = [];
  #haltedUntil = 0;
  #pausedUntil = 0n;
  #requested: { at: number; withdrawnAt: number; paid: bigint } = { at: 0, withdrawnAt: 0, paid: 0n };
  #withdrawnUnderHalt: { at: number; paid: bigint } = { at: 0, paid: 0n };
  #refusedTransfer: Refusal | undefined;
  #refusedAdjustment: Refusal | undefined;
  #transferAgainAt = 0;

  constructor(books: Books, chronicle: Chronicle) {
    this.#books = books;
    this.#chronicle = chronicle;
    this.#start = startOf(books.stage.economy.launchDay + books.stage.totalDays);
  }

  /** Lives through it. Yields a row for each day boundary. */
  async *days(): AsyncGenerator<DayRow> {
    const { stage } = this.#books;
    const { clock, totalDays } = stage;
    for (let day = 0; day < CRASH_DAYS; day++) {
      const start = this.#start + day * DAY_SEC + AFTER_BOUNDARY_SEC;
      if (day === 0) await this.#firstHours();
      if (day === 1) await this.#adjustmentRefused();
      for (let turn = 1; turn < KEEPER_LOOKS_A_DAY; turn++) {
        const time = start + turn * KEEPER_EVERY_SEC;
        if (day === 3 && this.#haltedUntil < time && this.#transferAgainAt === 0) await this.#haltOver();
        if (time <= (await clock.now())) continue;
        await clock.advanceTo(time);
        await look(this.#books, [...PRICE_JOBS, ...WATCH_JOBS], "together");
        if (day === 2 && turn === 4) await this.#withdrawUnderHalt();
        if (day === 7 && turn === 2) await this.#withdrawAfterHalt();
      }
      await clock.advanceTo(start + DAY_SEC);
      await look(this.#books, [...PRICE_JOBS, "adjust-supply", ...WATCH_JOBS], "together");
      yield await closeBooks(this.#books, totalDays + day + 1);
    }
  }

  /** From 02:00, when nobody knows of anything, to the halt. */
  async #firstHours(): Promise<void> {
    const { stage } = this.#books;
    const { stella, neighbours } = stage.cast;
    const [vera, vito, viola, veit] = neighbours;
    await this.#hour(1);
    await this.#fall();
    await this.#hour(3);
    await this.#opened();
    await this.#ballot(stella, 20);
    await this.#twinDies();
    await this.#hour(4);
    await this.#ballot(vera!, 15);
    await this.#ballot(vito!, 20);
    await this.#hour(5);
    await this.#ballot(viola!, 20);
    await this.#ballot(veit!, 15);
    await this.#carriedOut();
    await this.#transferRefused();
    await this.#requestUnderHalt();
    await this.#hour(6);
  }

  async #hour(hour: number): Promise<void> {
    await this.#books.stage.clock.advanceTo(this.#start + hour * HOURLY_SEC);
    await look(this.#books, [...PRICE_JOBS, ...WATCH_JOBS], "together");
  }

  async #fall(): Promise<void> {
    const { stage } = this.#books;
    const { feed } = stage.economy;
    const time = this.#start + 2 * HOURLY_SEC;
    const dayBefore = stage.market.priceAt(time - DAY_SEC);
    this.#priceBefore = stage.market.priceAt(time);
    const lower = dayBefore < this.#priceBefore ? dayBefore : this.#priceBefore;
    this.#priceAfter = (lower * LEFT_PERCENT) / 100n;
    stage.market.crash(time, this.#priceAfter);
    await this.#hour(2);
    const [market, reporters] = await Promise.all([feed.latestMarket(), feed.reporters()]);
    const superQuorum = await feed.superQuorum(market.reports);
    await this.#chronicle.note(
      "emergency",
      `The price falls from $${usd(this.#priceBefore)} to $${usd(this.#priceAfter)} (made up)`,
      `The feed takes such a jump only when ${superQuorum} of the ${reporters.length} reporters agree; ` +
        `all ${market.reports} do, which makes a confidence of ${percent(wadToNumber(market.confidence), 1)}. The keepers go on reporting, every hour now.`,
    );
  }

  /** The keepers' last look has opened the breaker. */
  async #opened(): Promise<void> {
    const { breaker } = this.#books.stage.economy;
    const opening = this.#books.story.acts.findLast((act) => act.kind === "trigger" && act.trigger === "PRICE_CRASH");
    const { openedAt, openUntil } = await breaker.emergency();
    if (opening?.kind !== "trigger") throw new Error("No keeper saw the crash");
    this.#opening = opening;
    this.#openedAt = Number(openedAt);
    this.#openUntil = openUntil;
    for (const name of ACTION_NAMES) this.#proposals[name] = await breaker.voteOn(ACTIONS[name]);
  }

  async #twinDies(): Promise<void> {
    const { keepers, stage } = this.#books;
    const [survivor, dying] = keepers.actors;
    await keepers.kill(dying!, await stage.clock.now());
    await this.#chronicle.note(
      "emergency",
      `${dying!.name}'s machine is switched off, in the middle of it all`,
      `Nobody has to do anything. ${survivor!.name} knows all that it knew, since neither keeps anything that is not on the chain.`,
    );
  }

  /** A vote for each action, `minutes` after the last thing that happened. */
  async #ballot(voter: Actor, minutes: number): Promise<void> {
    const { economy, clock } = this.#books.stage;
    await clock.advanceTo((await clock.now()) + minutes * 60);
    for (const name of ACTION_NAMES) {
      await voter.send(economy.emergencyGovernor.castVote.populateTransaction(this.#proposals[name], FOR));
    }
    const standing = await economy.emergencyGovernor.standingOf(this.#proposals["halt transfers"]);
    const passed = standing.passedAt > 0n ? " Passed." : "";
    await this.#chronicle.note(
      "emergency",
      `${voter.name} votes for both`,
      `For the halt: ${amount(wadToNumber(standing.support), 0)} FTNS of ${amount(wadToNumber(standing.needed), 0)} needed, ` +
        `${standing.supporters} of the ${standing.minSupporters} contributors needed.${passed}`,
    );
  }

  /** A minute after the last vote. */
  async #carriedOut(): Promise<void> {
    const { economy, clock } = this.#books.stage;
    const { breaker, emergencyGovernor, token } = economy;
    await clock.advanceTo((await clock.now()) + 60);
    await look(this.#books, WATCH_JOBS, "together");
    for (const action of ACTION_NAMES) {
      const standing = await emergencyGovernor.standingOf(this.#proposals[action]);
      this.#votes.push({
        action,
        needed: exact(standing.needed),
        support: exact(standing.support),
        supporters: Number(standing.supporters),
        minSupporters: Number(standing.minSupporters),
        openedAt: isoTime(this.#openedAt),
        passedAt: isoTime(standing.passedAt),
        effectUntil: isoTime(await breaker.effectUntil(ACTIONS[action])),
      });
    }
    this.#haltedUntil = Number(await token.haltedUntil());
    this.#pausedUntil = await breaker.effectUntil(ACTIONS["pause adjustments"]);
  }

  async #transferRefused(): Promise<void> {
    const { economy, cast, clock } = this.#books.stage;
    const { token } = economy;
    const { hash, reason } = await cast.tomas.sendInVain(token.transfer.populateTransaction(cast.ana.address, PAYMENT));
    const error = token.interface.parseError(reason);
    this.#refusedTransfer = {
      who: cast.tomas.name,
      what: "pays Ana 60 FTNS",
      at: isoTime(await clock.now()),
      transaction: hash,
      error: error?.name ?? reason,
      words: `Transfers are halted until ${timeWords(error?.args["until"] as bigint)}. Nothing has moved.`,
    };
    await this.#chronicle.note(
      "emergency",
      "Tomás's payment of 60 FTNS to Ana fails",
      `The token says: ${error?.name}. In plain words: ${this.#refusedTransfer.words}`,
    );
  }

  async #requestUnderHalt(): Promise<void> {
    const { economy, cast, clock } = this.#books.stage;
    await cast.paul.send(economy.vault.requestUnstake.populateTransaction(LATE_EXIT));
    this.#requested.at = await clock.now();
    await this.#chronicle.note(
      "emergency",
      "Paul asks for 20,000 FTNS of his stake, under the halt",
      "The way out of a stake is never closed; it takes seven days, as always. From now on demurrage is due on it, but for the days of the halt.",
    );
  }

  async #adjustmentRefused(): Promise<void> {
    const { economy, cast, clock } = this.#books.stage;
    const { controller } = economy;
    const { hash, reason } = await cast.ben.sendInVain(controller.adjust.populateTransaction(10n ** 18n));
    const error = controller.interface.parseError(reason);
    this.#refusedAdjustment = {
      who: cast.ben.name,
      what: "tries the daily adjustment",
      at: isoTime(await clock.now()),
      transaction: hash,
      error: error?.name ?? reason,
      words: `Adjustments are suspended until ${timeWords(error?.args["until"] as bigint)}. M stays as it is.`,
    };
    await this.#chronicle.note(
      "emergency",
      "The daily adjustment is refused",
      `A keeper does not even try; Ben does. The controller says: ${error?.name}. In plain words: ${this.#refusedAdjustment.words}`,
    );
  }

  async #withdrawUnderHalt(): Promise<void> {
    const { cast, clock } = this.#books.stage;
    const paid = await this.#withdraw(cast.stella);
    this.#withdrawnUnderHalt = { at: await clock.now(), paid };
    await this.#chronicle.note(
      "emergency",
      `Stella withdraws ${amount(wadToNumber(paid))} FTNS, while everybody else's transfers are halted`,
      `She had asked for 20,000 before the crash, and the vault pays whatever else is stopped. ${amount(wadToNumber(EARLY_EXIT - paid))} FTNS are demurrage: what leaves a stake is charged from the request on, but not on halted days.`,
    );
  }

  async #haltOver(): Promise<void> {
    const { economy, cast, clock } = this.#books.stage;
    await clock.advanceTo(this.#haltedUntil);
    await cast.tomas.send(economy.token.transfer.populateTransaction(cast.ana.address, PAYMENT));
    this.#transferAgainAt = await clock.now();
    await this.#chronicle.note(
      "emergency",
      "The halt is over, and Tomás pays Ana",
      "Its 72 hours were up. Nobody sent a transaction to end it.",
    );
  }

  async #withdrawAfterHalt(): Promise<void> {
    const { cast, clock } = this.#books.stage;
    this.#requested.paid = await this.#withdraw(cast.paul);
    this.#requested.withdrawnAt = await clock.now();
    await this.#chronicle.note(
      "emergency",
      "Paul withdraws what he asked for under the halt",
      `Seven days have passed; the halt did not lengthen them. He gets ${amount(wadToNumber(this.#requested.paid))} FTNS: the days after the halt were charged.`,
    );
  }

  /** Returns what the vault says it paid. */
  async #withdraw(who: Actor): Promise<bigint> {
    const { vault } = this.#books.stage.economy;
    const { logs } = await who.send(vault.withdraw.populateTransaction());
    const withdrawn = logs.map((log) => vault.interface.parseLog(log)).find((event) => event?.name === "Withdrawn");
    if (withdrawn == null) throw new Error(`${who.name} withdrew nothing`);
    return withdrawn.args["amount"] as bigint;
  }

  /** All of it, once it is over. */
  async report(): Promise<EmergencyReport> {
    const { cast, economy } = this.#books.stage;
    const requested = this.#books.ledger.stakeAccount(cast.stella.address).requestedInBlock;
    if (
      this.#refusedTransfer === undefined ||
      this.#refusedAdjustment === undefined ||
      this.#opening === undefined ||
      requested === undefined
    ) {
      throw new Error("The crash is not over yet");
    }
    const requestedEarlyAt = (await economy.provider.getBlock(requested))!.timestamp;
    return {
      trigger: "PRICE_CRASH",
      openedAt: isoTime(this.#openedAt),
      openUntil: isoTime(this.#openUntil),
      priceBefore: Number(this.#priceBefore) / 1e8,
      priceAfter: Number(this.#priceAfter) / 1e8,
      measured: wadToNumber(this.#opening.measured),
      confidence: wadToNumber(this.#opening.confidence),
      votes: this.#votes,
      refusedTransfer: this.#refusedTransfer,
      refusedAdjustment: this.#refusedAdjustment,
      exits: {
        requestedUnderHalt: {
          who: cast.paul.name,
          amount: exact(LATE_EXIT),
          paid: exact(this.#requested.paid),
          at: isoTime(this.#requested.at),
          withdrawnAt: isoTime(this.#requested.withdrawnAt),
        },
        withdrawnUnderHalt: {
          who: cast.stella.name,
          amount: exact(EARLY_EXIT),
          paid: exact(this.#withdrawnUnderHalt.paid),
          requestedAt: isoTime(requestedEarlyAt),
          at: isoTime(this.#withdrawnUnderHalt.at),
        },
      },
      haltedUntil: isoTime(this.#haltedUntil),
      transferAgainAt: isoTime(this.#transferAgainAt),
      haltsEnded: this.#books.ledger.haltsEnded,
      pausedUntil: isoTime(this.#pausedUntil),
    };
  }
}

function usd(price: bigint): string {
  return (Number(price) / 1e8).toFixed(3);
}
