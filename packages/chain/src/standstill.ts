import { type JsonRpcApiProvider, getUint } from "ethers";
import type { Head } from "./head.ts";
import { momentTag } from "./moment.ts";

/** A newest block that is so much older than the present is the last one for now (seconds). */
const STILL_SEC = 30n;
/** A call that costs nothing but the transaction. */
const EMPTY = { to: `0x${"00".repeat(19)}01`, data: "0x" };
/** Code that returns the time of the block in which it runs: TIMESTAMP PUSH0 MSTORE PUSH1 32 PUSH0 RETURN. */
const TIME = { data: "0x425f5260205ff3" };

export interface StandstillRules {
  quorum: number;
  /** Most by which a node's present may differ from this machine's clock (seconds); 0 where the chain's time is not the world's. */
  maxClockSkewSec: number;
}

/**
 * Lets time pass where blocks come only with transactions: what falls due while nobody transacts must be seen to be due, and
 * simulated as in the block that our transaction will make. A node is asked for its pending block; one that takes that for the
 * latest, or does not estimate gas there, is told our own time, within the skew that is allowed; else the latest block it is.
 */
export class Standstill {
  readonly #provider: JsonRpcApiProvider;
  readonly #rules: StandstillRules;
  /** What the node does not know, it is not asked for again. */
  #knowsPending: boolean;
  /** Some nodes call in their pending block and don't estimate gas there; what falls due could be seen then, and never sent. */
  #estimatesPending = false;
  #knowsTime: boolean;

  constructor(provider: JsonRpcApiProvider, rules: StandstillRules) {
    this.#provider = provider;
    this.#rules = rules;
    // Endpoints that must agree have no common present, but they can be told one.
    this.#knowsPending = rules.quorum === 1;
    this.#knowsTime = rules.maxClockSkewSec > 0;
  }

  /** `head` as of the present, where it is an old one. */
  async presentOf(head: Head): Promise<Head> {
    const own = BigInt(Math.floor(Date.now() / 1_000));
    const isLater = (time: bigint) => time >= head.timestamp + STILL_SEC;
    if (this.#rules.maxClockSkewSec > 0 && !isLater(own)) return head;
    if (this.#knowsPending) {
      const pending = await this.#timeIn("pending");
      const skew = BigInt(this.#rules.maxClockSkewSec);
      // Far from our clock it is no present, but a lie or a fault.
      const fits = (time: bigint) => skew === 0n || (time <= own + skew && time >= own - skew);
      const present = pending !== undefined && isLater(pending) && fits(pending);
      if (present && (await this.#estimates())) return { ...head, timestamp: pending, tag: "pending" };
      if (pending === undefined) this.#knowsPending = false;
    }
    if (!this.#knowsTime) return head;
    const tag = momentTag(head.number, own);
    const told = await this.#timeIn(tag);
    if (told === own) return { ...head, timestamp: own, tag };
    if (told === undefined) this.#knowsTime = false;
    return head;
  }

  async #estimates(): Promise<boolean> {
    if (this.#estimatesPending) return true;
    try {
      await this.#provider.send("eth_estimateGas", [EMPTY, "pending"]);
      this.#estimatesPending = true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.#knowsPending = false;
    }
    return this.#estimatesPending;
  }

  /** Time of the block in which a call runs; undefined when the node does not take the call. */
  async #timeIn(tag: string): Promise<bigint | undefined> {
    try {
      return getUint(await this.#provider.send("eth_call", [TIME, tag]));
    } catch (error) {
      // An endpoint that is down has said nothing of what it knows.
      if (isRefusal(error)) return undefined;
      throw error;
    }
  }
}

/** The node heard us, and said no. */
function isRefusal(error: unknown): boolean {
  const { code, error: inner } = error as { code?: unknown; error?: { code?: unknown } };
  return (
    code === "UNKNOWN_ERROR" || code === "CALL_EXCEPTION" || code === "UNSUPPORTED_OPERATION" || typeof inner?.code === "number"
  );
}
