import { type TransactionReceiptParams, isError, keccak256, toQuantity } from "ethers";
import { KeeperError } from "../errors.ts";
import type { Call } from "../jobs/job.ts";
import type { KeySigner } from "../keys/signer.ts";
import { formatDecimal } from "../units.ts";
import { type Chain, type Head, blockTag } from "./connect.ts";
import { wordsOfFailure } from "./reasons.ts";

export interface SenderSettings {
  /** Most that is paid per gas, with and of it to the block's maker (wei). */
  maxFeeWei: bigint;
  maxPriorityFeeWei: bigint;
  receiptTimeoutSec: number;
}

export type SendOutcome =
  | { kind: "sent"; hash: string; blockNumber: number; gasUsed: bigint }
  /** A dry run: it would go through. */
  | { kind: "simulated"; gas: bigint }
  /** Newer blocks came since the caller looked; it must look again. */
  | { kind: "outdated" }
  | { kind: "failed"; reason: string; hash?: string };

export interface SendOptions {
  /** Only simulate. */
  dryRun: boolean;
  /** Send even though newer blocks came since `head`: for chains that are faster than a look at them. */
  evenIfOutdated: boolean;
}

/** Gas on top of the estimate: a fifth, and the cost of a new hour's and a new day's slots that the next block may open. */
const GAS_MARGIN_PERCENT = 20n;
const GAS_HEADROOM = 80_000n;

const FIRST_POLL_MS = 5;
const SLOWEST_POLL_MS = 1_000;

/**
 * Simulates and sends the transactions of one account, one after the other. It counts nonces by itself and asks the
 * chain again after every failure.
 */
export class Sender {
  readonly #chain: Chain;
  readonly #signer: KeySigner;
  readonly #settings: SenderSettings;
  #nextNonce: number | undefined;

  constructor(chain: Chain, signer: KeySigner, settings: SenderSettings) {
    this.#chain = chain;
    this.#signer = signer;
    this.#settings = settings;
  }

  get address(): string {
    return this.#signer.address;
  }

  async send(call: Call, head: Head, { dryRun, evenIfOutdated }: SendOptions): Promise<SendOutcome> {
    const from = this.address;
    const { provider } = this.#chain;
    let gas: bigint, newest: number, suggestedTip: bigint, balance: bigint, nonce: number;
    try {
      [gas, newest, suggestedTip, balance, nonce] = await Promise.all([
        provider.send("eth_estimateGas", [{ from, ...call }, blockTag(head)]).then(BigInt),
        provider.send("eth_blockNumber", []).then(Number),
        // Not every node knows this call; the cap then serves as the tip.
        provider.send("eth_maxPriorityFeePerGas", []).then(BigInt, () => this.#settings.maxPriorityFeeWei),
        provider.send("eth_getBalance", [from, "latest"]).then(BigInt),
        provider.send("eth_getTransactionCount", [from, "pending"]).then(Number),
      ]);
    } catch (error) {
      this.#nextNonce = undefined;
      return { kind: "failed", reason: wordsOfFailure(error) };
    }
    if (newest > head.number && !evenIfOutdated) return { kind: "outdated" };

    const fees = this.#fees(head, suggestedTip);
    if ("refusal" in fees) return { kind: "failed", reason: fees.refusal };
    const gasLimit = gas + (gas * GAS_MARGIN_PERCENT) / 100n + GAS_HEADROOM;
    const cost = gasLimit * fees.maxFeePerGas;
    if (balance < cost) {
      return {
        kind: "failed",
        reason:
          `the keeper's account ${from} holds ${formatDecimal(balance, 18, 6)} of the chain's coin ` +
          `and may need ${formatDecimal(cost, 18, 6)}; fund it`,
      };
    }
    if (dryRun) return { kind: "simulated", gas };

    // Endpoints behind a balancer may count a little behind us; another program with this key makes us count behind them.
    const turn = Math.max(nonce, this.#nextNonce ?? 0);
    const raw = await this.#signer.signTransaction({
      ...call,
      ...fees,
      type: 2,
      chainId: this.#chain.chainId,
      nonce: turn,
      gasLimit,
    });
    return this.#broadcast(raw, turn, call, head);
  }

  async #broadcast(raw: string, nonce: number, call: Call, head: Head): Promise<SendOutcome> {
    const hash = keccak256(raw);
    let receipt: TransactionReceiptParams | null;
    try {
      // Both travel in one batch: a chain that mines at once has the receipt already.
      [, receipt] = await Promise.all([
        this.#chain.provider.send("eth_sendRawTransaction", [raw]),
        this.#receiptOf(hash),
      ]);
      this.#nextNonce = nonce + 1;
      receipt ??= await this.#waitForReceipt(hash);
    } catch (error) {
      this.#nextNonce = undefined;
      // A refusal can come for a transaction that landed all the same: some nodes report a revert in this way.
      receipt = await this.#receiptOf(hash).catch(() => null);
      if (!receipt) return { kind: "failed", reason: wordsOfFailure(error), hash };
    }
    if (Number(receipt.status) === 1) {
      return { kind: "sent", hash, blockNumber: Number(receipt.blockNumber), gasUsed: BigInt(receipt.gasUsed) };
    }
    this.#nextNonce = undefined;
    const block = Number(receipt.blockNumber);
    const cause = await this.#causeOfRevert(call, block);
    return {
      kind: "failed",
      reason: `decided on block ${head.number}, the transaction reverted in ${block}: ${cause}`,
      hash,
    };
  }

  #fees(head: Head, suggestedTip: bigint) {
    const { maxFeeWei: cap, maxPriorityFeeWei: tipCap } = this.#settings;
    // The base fee rises by at most an eighth a block.
    const nextBaseFee = head.baseFee + (head.baseFee + 7n) / 8n;
    if (nextBaseFee > cap) {
      return {
        refusal:
          `gas costs ${formatDecimal(nextBaseFee, 9)} gwei, above transactions.maxFeeGwei of ${formatDecimal(cap, 9)}; ` +
          "wait for cheaper blocks or raise the cap",
      };
    }
    const tip = suggestedTip < tipCap ? suggestedTip : tipCap;
    const wanted = 2n * head.baseFee + tip;
    const maxFeePerGas = wanted < cap ? wanted : cap;
    return { maxFeePerGas, maxPriorityFeePerGas: tip < maxFeePerGas ? tip : maxFeePerGas };
  }

  async #waitForReceipt(hash: string): Promise<TransactionReceiptParams> {
    const deadline = performance.now() + this.#settings.receiptTimeoutSec * 1_000;
    for (let pause = FIRST_POLL_MS; ; pause = Math.min(pause * 2, SLOWEST_POLL_MS)) {
      const receipt = await this.#receiptOf(hash);
      if (receipt) return receipt;
      if (performance.now() + pause > deadline) {
        throw new KeeperError(
          `The transaction ${hash} is not in a block after ${this.#settings.receiptTimeoutSec} s.`,
          "It may still come; the next run looks at the chain afresh. If it keeps happening, raise transactions.maxFeeGwei.",
        );
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  #receiptOf(hash: string): Promise<TransactionReceiptParams | null> {
    return this.#chain.provider.send("eth_getTransactionReceipt", [hash]);
  }

  /** The receipt of a revert has no reason; the same call after that block usually meets the same obstacle. */
  async #causeOfRevert(call: Call, block: number): Promise<string> {
    try {
      await this.#chain.provider.send("eth_call", [{ from: this.address, ...call }, toQuantity(block)]);
      return "it ran out of gas, or the obstacle has gone since; the next run tries again";
    } catch (error) {
      return isError(error, "CALL_EXCEPTION") ? wordsOfFailure(error) : "the cause cannot be read";
    }
  }
}
