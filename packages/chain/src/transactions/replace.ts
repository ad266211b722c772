import { getBytes } from "ethers";
import type { Call } from "../call.ts";
import type { Head } from "../connect.ts";
import { wordsOfFailure } from "../reasons.ts";
import { gasLimitFor, shortageOf, signAttempt } from "./attempt.ts";
import { type Attempt, latestOf, standingFees } from "./entry.ts";
import { type Fees, type Market, paidPerGas, planFees, planReplacement } from "./fees.ts";
import type { Offering, Tools } from "./tools.ts";
import type { Due, Purpose, SendRequest } from "./types.ts";

export type Step =
  /** Something new was broadcast. */
  | { kind: "moved"; trouble?: string }
  /** Nothing could be done: look again at the usual pace (`again`), or after as much patience as before (`later`). */
  | { kind: "again" | "later"; trouble: string }
  | { kind: "left"; reason: string; trouble?: undefined };

const TRANSFER_GAS = 21_000n;
/** What a call that finds its work done takes at least, beyond being a transaction: cold reads of the contract's storage. */
const LEAST_GAS_OF_FAILING = 5_000n;

/** Decides what to do about a nonce that no block takes. Asks first whether the job is still wanted. */
export class Replacer {
  readonly #tools: Tools;
  readonly #flight: Offering;
  readonly #request: Pick<SendRequest, "job" | "again"> | undefined;
  #replacements = 0;
  #told: string | undefined;

  constructor(tools: Tools, flight: Offering, request: Pick<SendRequest, "job" | "again"> | undefined) {
    this.#tools = tools;
    this.#flight = flight;
    this.#request = request;
  }

  async step(): Promise<Step> {
    try {
      return await this.#step();
    } catch (error) {
      return { kind: "again", trouble: this.#tools.account.chain.explain(error) };
    }
  }

  /** Cancels what no job wants, if that is allowed and cheaper than letting it fail. */
  async relinquish(reason: string): Promise<void> {
    const last = latestOf(this.#flight.entry);
    const { market, plan } = await this.#plan();
    if (!last || "refusal" in plan || !(await this.#isCheaperToCancel(last, plan.fees, market))) return;
    await this.#cancel(reason, last, plan.fees);
  }

  async #step(): Promise<Step> {
    if (!this.#request) return this.#hold("nobody asks for it now", "later");
    if (this.#replacements >= this.#tools.settings.maxReplacements) {
      return this.#hold(`it was replaced ${this.#replacements} times, as often as transactions.maxReplacements allows`, "later");
    }
    // Fees first: they are cheap to ask for, a look at everything that a job reads is not.
    const { market, plan } = await this.#plan();
    if ("refusal" in plan) return this.#hold(plan.refusal, "again");

    const wish = await this.#request.again();
    switch (wish.kind) {
      case "unknown":
        return this.#hold(`it cannot be told whether it is still wanted: ${wish.reason}`, "later");
      case "unwanted":
        return this.#unwanted(wish.reason, plan.fees, market);
      case "wanted":
        return this.#replace(wish.due, plan.fees);
    }
  }

  async #plan() {
    const { account, settings } = this.#tools;
    const market = await account.market(settings.maxPriorityFeeWei);
    const standing = standingFees(this.#flight.entry);
    return { market, plan: standing ? planReplacement(standing, market, settings) : planFees(market, settings) };
  }

  async #replace(due: Due, fees: Fees): Promise<Step> {
    const { account } = this.#tools;
    const gasLimit = await account.estimate(due.call, due.head).then(gasLimitFor, wordsOfFailure);
    if (typeof gasLimit === "string") return this.#hold(`what is due now would fail: ${gasLimit}`, "later");
    return this.#offer("replaced", due, fees, gasLimit);
  }

  async #unwanted(reason: string, fees: Fees, market: Market): Promise<Step> {
    const last = latestOf(this.#flight.entry);
    if (last?.job !== this.#request?.job) return { kind: "left", reason };
    if (last!.kind === "call" && !(await this.#isCheaperToCancel(last!, fees, market))) {
      await this.#hold(
        `it is not wanted any more (${reason}), and to cancel it would cost more than to let it be`,
        "later",
        false,
      );
      return { kind: "left", reason };
    }
    return this.#cancel(reason, last!, fees);
  }

  async #cancel(reason: string, { job, item }: Attempt, fees: Fees): Promise<Step> {
    const call = { to: this.#tools.account.address, data: "0x" };
    return this.#offer("cancelled", { job, ...(item !== undefined && { item }), reason, call }, fees, TRANSFER_GAS);
  }

  async #offer(
    type: "replaced" | "cancelled",
    due: Purpose & { call: Call; head?: Head },
    fees: Fees,
    gasLimit: bigint,
  ): Promise<Step> {
    const { account, hooks } = this.#tools;
    const shortage = shortageOf(account.address, await account.balance(), gasLimit, fees);
    if (shortage !== undefined) return this.#hold(shortage, "later");
    const { attempt } = await signAttempt(account, this.#flight.entry.nonce, due, fees, gasLimit);
    this.#replacements++;
    const refused = await this.#flight.offer(attempt);
    // What is in the way offers more than we knew: the next look offers more in turn, up to the cap.
    if (refused) return this.#hold(refused.reason, refused.underpriced ? "again" : "later");
    this.#flight.emit(type, attempt);
    const what = type === "replaced" ? "replaced" : `cancelled (${attempt.reason})`;
    hooks.warn?.(`the stuck transaction of nonce ${this.#flight.entry.nonce} is ${what} by ${attempt.hash}`);
    this.#told = undefined;
    return { kind: "moved" };
  }

  /** A transfer to ourselves against what stands there: its gas if it went through now, or the least that failing takes. */
  async #isCheaperToCancel({ call, fees }: Attempt, cancelling: Fees, { baseFee }: Market): Promise<boolean> {
    const gas = await this.#tools.account.estimate(call).catch(() => intrinsicGas(call.data) + LEAST_GAS_OF_FAILING);
    return TRANSFER_GAS * paidPerGas(cancelling, baseFee) < gas * paidPerGas(fees, baseFee);
  }

  /** The same trouble is told once, however often it is met; and what is wanted is broadcast again, in case nodes forgot it. */
  async #hold(trouble: string, kind: "again" | "later", wanted = true): Promise<Step> {
    if (trouble !== this.#told) {
      this.#tools.hooks.warn?.(`the transaction of nonce ${this.#flight.entry.nonce} waits: ${trouble}`);
      if (wanted) await this.#flight.rebroadcast();
    }
    this.#told = trouble;
    return { kind, trouble };
  }
}

/** Gas of being a transaction with such data (EIP-2028). */
export const intrinsicGas = (data: string) => getBytes(data).reduce((gas, byte) => gas + (byte === 0 ? 4n : 16n), TRANSFER_GAS);
