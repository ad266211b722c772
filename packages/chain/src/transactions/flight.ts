import { setTimeout as sleep } from "node:timers/promises";
import type { Receipt } from "./account.ts";
import { type Attempt, type Entry, latestOf } from "./entry.ts";
import { Replacer } from "./replace.ts";
import type { Offering, Tools } from "./tools.ts";
import type { SendRequest, TransactionEvent } from "./types.ts";
import { behindWords, displacedWords, gaveUpWords, shallowWords, stoppedWords } from "./words.ts";

/** How the wait for a nonce ended. */
export type Ending =
  | { kind: "landed"; attempt: Attempt; receipt: Receipt }
  /** A transaction that we do not know has taken the nonce, or the chain has gone back behind it. */
  | { kind: "displaced"; reason: string }
  /** The job has nothing to do any more, and what stands there may stay: it is another's, or too dear to cancel. */
  | { kind: "left"; reason: string }
  | { kind: "gave-up"; reason: string };

/** Looks that must agree that a nonce is used by none of ours, or out of reach: nodes learn of both in any order. */
const LOOKS_WITHOUT_RECEIPT = 3;

/** One nonce from the first broadcast until an outcome is deep enough. */
export class Flight implements Offering {
  readonly entry: Entry;
  /** Hashes of what an earlier run or process signed. */
  readonly inherited: ReadonlySet<string>;
  readonly #tools: Tools;

  constructor(tools: Tools, entry: Entry) {
    this.#tools = tools;
    this.entry = entry;
    this.inherited = new Set(entry.attempts.map(({ hash }) => hash));
  }

  /** Writes the attempt down, then gives it to the node. A reason means that the node did not want it, and it is forgotten. */
  async offer(attempt: Attempt): Promise<{ underpriced: boolean; reason: string } | undefined> {
    const { account, journal } = this.#tools;
    this.entry.attempts.push(attempt);
    await journal?.write(this.entry);
    const reception = await account.broadcast(attempt.raw);
    if (reception.kind !== "refused" && reception.kind !== "underpriced") return undefined;
    // A refusal can come for a transaction that landed all the same: some nodes report a revert in this way.
    const landed = await account.look([attempt.hash]).then(
      ({ receipt }) => receipt,
      () => undefined,
    );
    if (landed) return undefined;
    this.entry.attempts.pop();
    if (this.entry.attempts.length > 0) await journal?.write(this.entry);
    else await journal?.clear();
    if (reception.kind === "refused") return { underpriced: false, reason: reception.reason };
    this.entry.foreign = attempt.fees;
    return { underpriced: true, reason: `another transaction waits at nonce ${this.entry.nonce} and offers more` };
  }

  /** The node may have forgotten what it was given. */
  async rebroadcast(): Promise<void> {
    const last = latestOf(this.entry);
    if (last) await this.#tools.account.broadcast(last.raw);
  }

  /**
   * Waits until the nonce is used, deep enough. What no block takes for `patienceMs` is replaced or cancelled, as `request`
   * wishes; without a request it is only broadcast again.
   */
  async follow(request: Pick<SendRequest, "job" | "again"> | undefined, patienceMs: number): Promise<Ending> {
    const { account, settings, stopped } = this.#tools;
    const { firstPollMs = 5, slowestPollMs = 1_000, stuckAfterMs, giveUpAfterMs } = settings;
    const replacer = new Replacer(this.#tools, this, request);
    let stuckAt = performance.now() + patienceMs;
    let deadline = stuckAt - patienceMs + giveUpAfterMs;
    let pause = firstPollMs;
    let absent = 0;
    let newest = -1;
    let included: Receipt | undefined;
    let trouble: string | undefined;

    for (;;) {
      const seen = await account.look(this.entry.attempts.map(({ hash }) => hash)).catch((error: unknown) => {
        trouble = account.chain.explain(error);
        return undefined;
      });
      if (seen) {
        const { receipt } = seen;
        const free = seen.mined <= this.entry.nonce;
        if (included && (receipt ? receipt.blockHash !== included.blockHash : free)) {
          this.emit("reorganised", this.#attemptOf(included));
          this.#tools.hooks.warn?.(
            `the chain was reorganised: ${included.transactionHash} is no longer in block ${Number(included.blockNumber)}` +
              (receipt ? `, but in ${Number(receipt.blockNumber)}` : "; it is broadcast again"),
          );
          if (!receipt) await this.rebroadcast();
          stuckAt = performance.now() + stuckAfterMs;
          deadline = performance.now() + giveUpAfterMs;
          pause = firstPollMs;
          included = undefined;
        }
        if (receipt) {
          included = receipt;
          if (seen.newest - Number(receipt.blockNumber) + 1 >= settings.confirmations) {
            return { kind: "landed", attempt: this.#attemptOf(receipt), receipt };
          }
          // While blocks come there is progress.
          if (seen.newest > newest) deadline = performance.now() + giveUpAfterMs;
          newest = seen.newest;
        } else if (seen.mined !== this.entry.nonce) {
          // Used by another, or the chain went back so far that an earlier nonce is free again.
          const words = free ? behindWords : displacedWords;
          if (++absent >= LOOKS_WITHOUT_RECEIPT) return { kind: "displaced", reason: words(this.entry, account) };
          pause = Math.max(pause, slowestPollMs / 4);
        } else {
          absent = 0;
          if (performance.now() >= stuckAt) {
            const step = await replacer.step();
            if (step.kind === "left") return step;
            trouble = step.trouble;
            if (step.kind === "moved") pause = firstPollMs;
            if (step.kind !== "again") stuckAt = performance.now() + stuckAfterMs;
          }
        }
      }
      const reason = () =>
        included ? shallowWords(included, newest, settings) : gaveUpWords(this.entry, account, settings, trouble);
      if (stopped.aborted) return { kind: "gave-up", reason: stoppedWords(reason()) };
      if (performance.now() + pause > deadline) {
        const last = latestOf(this.entry);
        if (last) this.emit("gave-up", last);
        return { kind: "gave-up", reason: reason() };
      }
      await sleep(pause, undefined, { signal: stopped }).catch(() => undefined);
      pause = Math.min(pause * 2, slowestPollMs);
    }
  }

  emit(type: TransactionEvent["type"], { job, hash, fees }: Attempt, more: Partial<TransactionEvent> = {}): void {
    const { maxFeePerGas } = fees;
    this.#tools.hooks.onEvent?.({ type, job, hash, nonce: this.entry.nonce, maxFeePerGas, ...more });
  }

  #attemptOf({ transactionHash }: Receipt): Attempt {
    return this.entry.attempts.find(({ hash }) => hash === transactionHash)!;
  }
}
