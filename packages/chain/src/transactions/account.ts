import { isError, toQuantity } from "ethers";
import type { Call } from "../call.ts";
import type { KeySigner, UnsignedTransaction } from "../keys/signer.ts";
import { type Chain, type Head, blockTag } from "../connect.ts";
import { wordsOfFailure } from "../reasons.ts";
import type { Fees, Market } from "./fees.ts";

/** As nodes give it: numbers are hex. */
export interface Receipt {
  transactionHash: string;
  blockHash: string;
  blockNumber: string;
  status: string;
  gasUsed: string;
  effectiveGasPrice?: string;
}

/** How a node took a transaction that was given to it. */
export type Reception =
  /** It has it, or had it already. */
  | { kind: "taken" }
  /** It has another one of this nonce, which offers more or not enough less. */
  | { kind: "underpriced" }
  /** A block has taken the nonce, perhaps with this very transaction. */
  | { kind: "nonce-used" }
  | { kind: "refused"; reason: string }
  /** Nobody knows whether it arrived. */
  | { kind: "unheard"; reason: string };

/** An account on its chain: what the queue asks of a node. */
export class Account {
  readonly chain: Chain;
  readonly #signer: KeySigner;

  constructor(chain: Chain, signer: KeySigner) {
    this.chain = chain;
    this.#signer = signer;
  }

  get address(): string {
    return this.#signer.address;
  }

  /** How many transactions blocks have taken, and with those that wait. */
  async counts(): Promise<{ mined: number; pending: number }> {
    const [mined, pending] = await Promise.all([
      this.#ask("eth_getTransactionCount", this.address, "latest").then(Number),
      this.#ask("eth_getTransactionCount", this.address, "pending").then(Number, () => 0),
    ]);
    return { mined, pending: Math.max(mined, pending) };
  }

  balance(): Promise<bigint> {
    return this.#ask("eth_getBalance", this.address, "latest").then(BigInt);
  }

  newestBlock(): Promise<number> {
    return this.#ask("eth_blockNumber").then(Number);
  }

  /** Not every node knows this call; undefined then. */
  suggestedTip(): Promise<bigint | undefined> {
    return this.#ask("eth_maxPriorityFeePerGas").then(BigInt, () => undefined);
  }

  async market(tipWithoutAnswer: bigint): Promise<Market> {
    const [{ baseFee }, tip] = await Promise.all([this.chain.latest(), this.suggestedTip()]);
    return { baseFee, suggestedTip: tip ?? tipWithoutAnswer };
  }

  /** Gas that `call` takes after the head, or after the newest block. Throws what it reverts with. */
  estimate(call: Call, head?: Head): Promise<bigint> {
    return this.#ask("eth_estimateGas", { from: this.address, ...call }, head ? blockTag(head) : "latest").then(BigInt);
  }

  /**
   * Whether `call` would revert after the transactions that wait for a block. Only what a contract said counts: many nodes
   * do not show what waits, and say so in words of their own.
   */
  revertsAfterWaiting(call: Call): Promise<boolean> {
    return this.#ask("eth_estimateGas", { from: this.address, ...call }, "pending").then(
      () => false,
      (error: unknown) => isError(error, "CALL_EXCEPTION") && (error.data ?? "0x") !== "0x",
    );
  }

  /** What became of the transactions `hashes` of one nonce. */
  async look(hashes: readonly string[]) {
    const [newest, mined, ...receipts] = await Promise.all([
      this.newestBlock(),
      this.#ask("eth_getTransactionCount", this.address, "latest").then(Number),
      ...hashes.map((hash): Promise<Receipt | null> => this.#ask("eth_getTransactionReceipt", hash)),
    ]);
    return { newest, mined, receipt: receipts.find((receipt) => receipt !== null) };
  }

  /** What a waiting transaction of `nonce` offers, for nodes that show what waits. */
  async waiting(nonce: number): Promise<(Fees & { hash: string }) | undefined> {
    const block = await this.#ask("eth_getBlockByNumber", "pending", true).catch(() => null);
    const transactions: Record<string, string>[] = Array.isArray(block?.transactions) ? block.transactions : [];
    const found = transactions.find(
      (one) => one["from"]?.toLowerCase() === this.address.toLowerCase() && Number(one["nonce"]) === nonce,
    );
    if (!found) return undefined;
    const maxFeePerGas = BigInt(found["maxFeePerGas"] ?? found["gasPrice"] ?? 0);
    return { hash: found["hash"]!, maxFeePerGas, maxPriorityFeePerGas: BigInt(found["maxPriorityFeePerGas"] ?? maxFeePerGas) };
  }

  sign(transaction: Omit<UnsignedTransaction, "type" | "chainId">): Promise<string> {
    return this.#signer.signTransaction({ ...transaction, type: 2, chainId: this.chain.chainId });
  }

  async broadcast(raw: string): Promise<Reception> {
    try {
      await this.#ask("eth_sendRawTransaction", raw);
      return { kind: "taken" };
    } catch (error) {
      return receptionOf(error);
    }
  }

  /** The receipt of a revert has no reason; the same call after that block usually meets the same obstacle. */
  async causeOfRevert(call: Call, block: number): Promise<string> {
    try {
      await this.#ask("eth_call", { from: this.address, ...call }, toQuantity(block));
      return "it ran out of gas, or the obstacle has gone since; the next run tries again";
    } catch (error) {
      return isError(error, "CALL_EXCEPTION") ? wordsOfFailure(error) : "the cause cannot be read";
    }
  }

  #ask(method: string, ...params: unknown[]): Promise<any> {
    return this.chain.provider.send(method, params);
  }
}

/** Nodes have no common codes for this, only words. */
function receptionOf(error: unknown): Reception {
  const { code, error: inner, info } = error as { code?: unknown; error?: unknown; info?: { error?: unknown } };
  const said = String(((inner ?? info?.error) as { message?: unknown } | undefined)?.message ?? "").toLowerCase();
  if (/already known|known transaction|already imported|already exists|alreadyexists/.test(said)) return { kind: "taken" };
  if (code === "NONCE_EXPIRED" || /nonce (is )?too low|old ?nonce/.test(said)) return { kind: "nonce-used" };
  if (code === "REPLACEMENT_UNDERPRICED" || /replacement|replace existing/.test(said)) return { kind: "underpriced" };
  const reason = wordsOfFailure(error);
  const byTheNode = said !== "" || ["INSUFFICIENT_FUNDS", "CALL_EXCEPTION"].includes(String(code));
  return { kind: byTheNode ? "refused" : "unheard", reason };
}
