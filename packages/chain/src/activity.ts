import { toQuantity } from "ethers";
import { ServiceError } from "@ftns/service/errors.ts";
import { unknownBlock } from "./blocks.ts";
import type { Chain, Head } from "./connect.ts";

/**
 * Accounts that sent to the counted contracts: within the last hour, those of them of which a call failed, and within the last
 * day. Accounts and not calls: one stranger who fails a hundred times is one.
 */
export interface Activity {
  txTotal: bigint;
  txFailed: bigint;
  sendersDay: bigint;
}

export interface CounterSettings {
  /** The contracts; only transactions that name one of them as their receiver count. */
  to: readonly string[];
  /** Most blocks that a day may have: it bounds what one count may ask of the endpoint. */
  maxBlocks: number;
}

export const WINDOW_SEC = 86_400n;
const HOUR_SEC = 3_600n;
const BLOCKS_AT_ONCE = 50;

interface Counted {
  number: number;
  hash: string;
  timestamp: bigint;
  /** Who sent, and with a call that failed. */
  senders: readonly string[];
  failed: readonly string[];
}

interface RpcBlock {
  number: string;
  hash: string;
  parentHash: string;
  timestamp: string;
  transactions: { hash: string; from: string; to: string | null }[];
}

/**
 * Counts from the blocks themselves. It keeps the last day's senders in memory, so that each look asks for new blocks only.
 * Nothing is lost with it: a counter that is new, or whose blocks the chain has replaced, reads its day afresh.
 */
export class TransactionCounter {
  readonly #chain: Chain;
  readonly #to: ReadonlySet<string>;
  readonly #maxBlocks: number;
  /** Ascending, without gaps, each the parent of the next. */
  #window: Counted[] = [];

  constructor(chain: Chain, { to, maxBlocks }: CounterSettings) {
    this.#chain = chain;
    this.#to = new Set(to.map((address) => address.toLowerCase()));
    this.#maxBlocks = maxBlocks;
  }

  /** The hour and the day up to and including `head`. */
  async count(head: Head): Promise<Activity> {
    const after = head.timestamp - WINDOW_SEC;
    if (!(await this.#append(head))) {
      this.#window = [];
      await this.#fill(head, after);
    }
    this.#window = this.#window.filter(({ number, timestamp }) => timestamp > after && number <= head.number);
    if (this.#window.length > this.#maxBlocks) throw this.#tooLong();
    const hour = this.#window.filter(({ timestamp }) => timestamp > head.timestamp - HOUR_SEC);
    return {
      txTotal: different(hour.map(({ senders }) => senders)),
      txFailed: different(hour.map(({ failed }) => failed)),
      sendersDay: different(this.#window.map(({ senders }) => senders)),
    };
  }

  /** Adds the blocks since the last look; false when they do not continue what is known. */
  async #append(head: Head): Promise<boolean> {
    const last = this.#window.at(-1);
    if (!last || head.number < last.number || head.number - last.number > this.#maxBlocks) return false;
    let blocks: RpcBlock[] = [];
    for (let from = last.number; from <= head.number; from += BLOCKS_AT_ONCE) {
      blocks = blocks.concat(await this.#blocks(from, Math.min(head.number, from + BLOCKS_AT_ONCE - 1)));
    }
    // The last known block is asked for again: it may have been replaced.
    if (blocks[0]!.hash !== last.hash || !isChain(blocks)) return false;
    this.#window.push(...(await Promise.all(blocks.slice(1).map((block) => this.#counted(block)))));
    return true;
  }

  /** Reads the whole window, from the head backwards. */
  async #fill(head: Head, after: bigint): Promise<void> {
    let blocks: RpcBlock[] = [];
    for (let to = head.number; to >= 0; to -= BLOCKS_AT_ONCE) {
      blocks = [...(await this.#blocks(Math.max(0, to - BLOCKS_AT_ONCE + 1), to)), ...blocks];
      if (BigInt(blocks[0]!.timestamp) <= after) break;
      if (blocks.length > this.#maxBlocks) throw this.#tooLong();
    }
    if (!isChain(blocks)) {
      throw new ServiceError("The chain was reorganised while its transactions were counted.", "Look again.");
    }
    const within = blocks.filter(({ timestamp }) => BigInt(timestamp) > after);
    for (let start = 0; start < within.length; start += BLOCKS_AT_ONCE) {
      const part = within.slice(start, start + BLOCKS_AT_ONCE);
      this.#window.push(...(await Promise.all(part.map((block) => this.#counted(block)))));
    }
  }

  async #blocks(from: number, to: number): Promise<RpcBlock[]> {
    const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    return Promise.all(
      numbers.map(async (number) => {
        const block = await this.#chain.provider.send("eth_getBlockByNumber", [toQuantity(number), true]);
        if (!block) throw unknownBlock(number);
        return block as RpcBlock;
      }),
    );
  }

  async #counted({ number, hash, timestamp, transactions }: RpcBlock): Promise<Counted> {
    const ours = transactions.filter(({ to }) => to !== null && this.#to.has(to.toLowerCase()));
    const receipts = await Promise.all(
      ours.map(({ hash: transaction }) => this.#chain.provider.send("eth_getTransactionReceipt", [transaction])),
    );
    if (receipts.some((receipt) => receipt?.blockHash !== hash)) {
      throw new ServiceError(
        `The RPC endpoint does not know what became of the transactions in block ${Number(number)}.`,
        "It may be behind, or the chain was reorganised; look again.",
      );
    }
    const senders = ours.map(({ from }) => from.toLowerCase());
    return {
      number: Number(number),
      hash,
      timestamp: BigInt(timestamp),
      senders,
      failed: senders.filter((_, index) => Number(receipts[index].status) === 0),
    };
  }

  #tooLong(): ServiceError {
    return new ServiceError(
      `The last day has more than ${this.#maxBlocks} blocks.`,
      "Raise jobs.report-price.countTransactions.maxBlocks.",
    );
  }
}

const different = (accounts: readonly (readonly string[])[]) => BigInt(new Set(accounts.flat()).size);

const isChain = (blocks: readonly RpcBlock[]) =>
  blocks.every(({ parentHash }, index) => index === 0 || parentHash === blocks[index - 1]!.hash);
