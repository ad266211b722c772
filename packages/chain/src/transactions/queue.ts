import { isError } from "ethers";
import type { KeySigner } from "../keys/signer.ts";
import type { Chain } from "../connect.ts";
import { wordsOfFailure } from "../reasons.ts";
import { Account } from "./account.ts";
import { gasLimitFor, shortageOf, signAttempt } from "./attempt.ts";
import { type Attempt, type Entry, latestOf } from "./entry.ts";
import { planFees } from "./fees.ts";
import { type Ending, Flight } from "./flight.ts";
import { Journal } from "./journal.ts";
import { Replacer } from "./replace.ts";
import type { QueueHooks, QueueSettings, SendOutcome, SendRequest } from "./types.ts";
import type { Tools } from "./tools.ts";
import { behindWords } from "./words.ts";

export interface QueueOptions extends QueueHooks {
  /** Where the journal is kept; without it nothing is remembered across a restart but what the chain knows. */
  stateDir?: string | undefined;
}

/**
 * The transactions of one account, one at a time. The nonce is always the number of the account's mined transactions, so there
 * is never a second one behind one that is stuck: what stands at that nonce is waited for, replaced or cancelled first.
 */
export class TransactionQueue {
  readonly #tools: Tools;
  readonly #stopping = new AbortController();
  /** The nonce that is in flight, or that an earlier run or process left there. */
  #open: Entry | undefined;
  /** What somebody else's waiting transaction was last seen to do already, and since when. */
  #beaten: { job: string; item: string; since: number } | undefined;
  /** The end of the line of those who want to send. */
  #line: Promise<unknown>;

  constructor(chain: Chain, signer: KeySigner, settings: QueueSettings, { stateDir, ...hooks }: QueueOptions = {}) {
    const account = new Account(chain, signer);
    const warn = (message: string) => hooks.warn?.(message);
    const journal = stateDir === undefined ? undefined : new Journal(stateDir, chain.chainId, account.address, warn);
    this.#tools = { account, settings, hooks, journal, stopped: this.#stopping.signal };
    this.#line = Promise.resolve(journal?.read()).then((entry) => (this.#open = entry));
  }

  get address(): string {
    return this.#tools.account.address;
  }

  /** Never rejects. */
  send(request: SendRequest): Promise<SendOutcome> {
    return this.#inTurn(async () => {
      try {
        return request.dryRun ? await this.#simulate(request) : await this.#send(request);
      } catch (error) {
        return { kind: "failed", reason: wordsOfFailure(error) };
      }
    });
  }

  /** Confirms what was left in flight and has landed since. Costs nothing when nothing was left. Never rejects. */
  takeUp(): Promise<void> {
    return this.#inTurn(async () => {
      try {
        if (this.#open) await this.#settle((await this.#tools.account.counts()).mined);
      } catch {
        // Whatever keeps us from the chain will be told by the job that reads it next.
      }
    });
  }

  /**
   * A job found nothing to do: what it left in flight is cancelled when that is cheaper than letting it fail. Waits for nothing,
   * never rejects.
   */
  relinquish(job: string, reason: string): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#beaten?.job === job) this.#beaten = undefined;
      const last = this.#open && latestOf(this.#open);
      if (!this.#open || last?.kind !== "call" || last.job !== job) return;
      if (this.#ageOf(last) < this.#tools.settings.stuckAfterMs) return;
      const flight = new Flight(this.#tools, this.#open);
      // It may be tried again with the next run; what is in the way is told by the job that needs the nonce.
      await new Replacer(this.#tools, flight, undefined).relinquish(reason).catch(() => undefined);
    });
  }

  /** Ends the waiting: what is in flight stays there, and the next start goes on with it. */
  stop(): void {
    this.#stopping.abort();
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#line.then(work);
    this.#line = turn.catch(() => undefined);
    return turn;
  }

  async #send(request: SendRequest): Promise<SendOutcome> {
    const { account, settings } = this.#tools;
    if (this.#tools.stopped.aborted) return { kind: "failed", reason: "The keeper was stopped; nothing was sent." };
    const { mined, pending } = await account.counts();
    const settled = await this.#settle(mined);
    if (settled) return settled;
    if (this.#open) return this.#goOn(this.#open, request);
    if (pending > mined) return this.#waitBehind(mined, request);

    const ready = await this.#prepare(request);
    if ("outcome" in ready) return ready.outcome;
    const { attempt } = await signAttempt(account, mined, request, ready.fees, ready.gasLimit);
    const entry: Entry = { nonce: mined, attempts: [] };
    const flight = new Flight(this.#tools, entry);
    const refused = await flight.offer(attempt);
    if (refused && !refused.underpriced) return { kind: "failed", reason: refused.reason, hash: attempt.hash };
    if (!refused) flight.emit("sent", attempt);
    return this.#conclude(await flight.follow(request, settings.stuckAfterMs), flight, request);
  }

  async #simulate(request: SendRequest): Promise<SendOutcome> {
    const ready = await this.#prepare(request);
    return "outcome" in ready ? ready.outcome : { kind: "simulated", gas: ready.gas };
  }

  /** Simulates at the head, plans the fees and checks the balance. */
  async #prepare({ job, item, call, head, evenIfOutdated }: SendRequest) {
    const { account, settings } = this.#tools;
    const end = (outcome: SendOutcome) => ({ outcome });
    const [gas, newest, tip, balance, beaten] = await Promise.all([
      account.estimate(call, head),
      account.newestBlock(),
      account.suggestedTip(),
      account.balance(),
      account.revertsAfterWaiting(call),
    ]);
    if (newest > head.number && !evenIfOutdated) return end({ kind: "outdated", reason: `block ${newest} came in between` });
    if (!beaten && this.#beaten?.job === job) this.#beaten = undefined;
    if (beaten && this.#givesWay(job, item)) {
      return end({ kind: "beaten", reason: "somebody else's transaction for it waits for its block; nothing was sent" });
    }
    const plan = planFees({ baseFee: head.baseFee, suggestedTip: tip ?? settings.maxPriorityFeeWei }, settings);
    if ("refusal" in plan) return end({ kind: "failed", reason: plan.refusal });
    const gasLimit = gasLimitFor(gas);
    const shortage = shortageOf(account.address, balance, gasLimit, plan.fees);
    if (shortage !== undefined) return end({ kind: "failed", reason: shortage });
    return { gas, gasLimit, fees: plan.fees };
  }

  /** Whether another's waiting transaction is still given its time: one that no block takes must not keep us from the work. */
  #givesWay(job: string, item = ""): boolean {
    const now = performance.now();
    const { since } = this.#beaten?.job === job && this.#beaten.item === item ? this.#beaten : { since: now };
    this.#beaten = { job, item, since };
    return now - since < this.#tools.settings.stuckAfterMs;
  }

  /** Brings the nonce that was left open up to what the chain says. An outcome means that the caller must look again. */
  async #settle(mined: number): Promise<SendOutcome | undefined> {
    const entry = this.#open;
    if (!entry || entry.nonce === mined) return undefined;
    const { account, hooks, settings } = this.#tools;
    if (entry.nonce > mined) {
      await this.#conclude({ kind: "displaced", reason: behindWords(entry, account) }, new Flight(this.#tools, entry), undefined);
      return undefined;
    }
    const flight = new Flight(this.#tools, entry);
    const ending = await flight.follow(undefined, settings.stuckAfterMs);
    if (ending.kind === "landed") {
      const { kind, job, hash } = ending.attempt;
      const what =
        kind === "cancel"
          ? "the cancellation"
          : Number(ending.receipt.status) === 1
            ? "the transaction"
            : "the transaction, reverted,";
      hooks.warn?.(`${what} ${hash} of ${job}, left in flight before, is in block ${Number(ending.receipt.blockNumber)}`);
    }
    await this.#conclude(ending, flight, undefined);
    if (ending.kind === "gave-up") return { kind: "unfinished", reason: ending.reason };
    return { kind: "outdated", reason: "a transaction that was left in flight has landed" };
  }

  /** What an earlier run or process left in flight. When it would still go through it gets its time; else it is replaced at once. */
  async #goOn(entry: Entry, request: SendRequest): Promise<SendOutcome> {
    const { account, settings } = this.#tools;
    const flight = new Flight(this.#tools, entry);
    const last = latestOf(entry)!;
    const works = await account.estimate(last.call).then(
      () => true,
      (error: unknown) => {
        if (isError(error, "CALL_EXCEPTION")) return false;
        throw error;
      },
    );
    if (works) await flight.rebroadcast();
    const patienceMs = works ? Math.max(0, settings.stuckAfterMs - this.#ageOf(last)) : 0;
    return this.#conclude(await flight.follow(request, patienceMs), flight, request);
  }

  /** A transaction of this account that we do not know: another program's, or ours from before a lost journal. */
  async #waitBehind(nonce: number, request: SendRequest): Promise<SendOutcome> {
    const { account, settings, hooks } = this.#tools;
    const foreign = await account.waiting(nonce);
    hooks.warn?.(
      `a transaction that this keeper does not know waits at nonce ${nonce} of ${this.address}${foreign ? ` (${foreign.hash})` : ""}; ` +
        `unless a block takes it within ${settings.stuckAfterMs / 1_000} s, what is due now takes its place`,
    );
    const flight = new Flight(this.#tools, { nonce, attempts: [], ...(foreign && { foreign }) });
    return this.#conclude(await flight.follow(request, settings.stuckAfterMs), flight, request);
  }

  /** What the end of a flight means to the one who waited for it. */
  async #conclude(ending: Ending, flight: Flight, request: SendRequest | undefined): Promise<SendOutcome> {
    const { entry } = flight;
    switch (ending.kind) {
      case "displaced": {
        await this.#close();
        this.#tools.hooks.warn?.(ending.reason);
        const last = latestOf(entry);
        if (last) flight.emit("displaced", last);
        return { kind: "outdated", reason: ending.reason };
      }
      // Only what we signed can be gone on with; the rest is seen on the chain again.
      case "left":
        this.#open = entry.attempts.length > 0 ? entry : undefined;
        return { kind: "outdated", reason: ending.reason };
      case "gave-up": {
        this.#open = entry.attempts.length > 0 ? entry : undefined;
        const hash = latestOf(entry)?.hash;
        return { kind: "unfinished", reason: ending.reason, ...(hash !== undefined && { hash }) };
      }
      case "landed": {
        await this.#close();
        return this.#landed(ending, flight, request);
      }
    }
  }

  async #landed(
    { attempt, receipt }: Ending & { kind: "landed" },
    flight: Flight,
    request: SendRequest | undefined,
  ): Promise<SendOutcome> {
    const { hash, reason } = attempt;
    const blockNumber = Number(receipt.blockNumber);
    const gasUsed = BigInt(receipt.gasUsed);
    const reverted = Number(receipt.status) !== 1;
    const feePaidWei = gasUsed * BigInt(receipt.effectiveGasPrice ?? 0);
    flight.emit("confirmed", attempt, { gasUsed, feePaidWei, ...(reverted && { reverted }) });

    // What was signed for something else, or failed before this job looked, says nothing about what is due now.
    const isOurs = attempt.job === request?.job && !(reverted && flight.inherited.has(hash));
    if (!isOurs) return { kind: "outdated", reason: `${hash} of ${attempt.job} has landed` };
    if (attempt.kind === "cancel") return { kind: "cancelled", reason, hash };
    if (!reverted) return { kind: "sent", hash, blockNumber, gasUsed, reason };
    const cause = await this.#tools.account.causeOfRevert(attempt.call, blockNumber);
    const decided = attempt.decidedIn === undefined ? "" : `decided on block ${attempt.decidedIn}, `;
    return { kind: "failed", reason: `${decided}the transaction reverted in ${blockNumber}: ${cause}`, hash };
  }

  async #close(): Promise<void> {
    this.#open = undefined;
    await this.#tools.journal?.clear();
  }

  /** By this machine's clock, which may have been set: never less than nothing. */
  #ageOf = ({ signedAt }: Attempt) => Math.max(0, Date.now() - signedAt);
}
