import { toQuantity } from "ethers";
import { ServiceError } from "@ftns/service/errors.ts";
import { unknownBlock } from "./blocks.ts";
import type { Chain, Head } from "./connect.ts";

/**
 * Accounts that sent to the counted contracts: within the last hour, those of them of which a plausible call failed, and within
 * the last day. Accounts and not calls: one stranger who fails a hundred times is one.
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

/** Who counts, and for what. */
export interface Judge {
  /** Whether the contracts know the function that `input` calls. */
  knows(input: string): boolean;
  /** Those of `accounts` that belonged to the economy an hour before `head`. */
  members(accounts: readonly string[], head: Head): Promise<ReadonlySet<string>>;
  /** With fewer failing accounts nobody is asked about: whoever they are, they are too few to matter. */
  leastFailed: bigint;
}

/** A failed call with less gas, of which it used nearly all, failed for want of gas (units of gas). */
const ENOUGH_GAS = 1_000_000n;

export const WINDOW_SEC = 86_400n;
const HOUR_SEC = 3_600n;
const BLOCKS_AT_ONCE = 50;

interface Counted {
  number: number;
  hash: string;
  timestamp: bigint;
  /** Who sent, and with a plausible call that failed. */
  senders: readonly string[];
  failed: readonly string[];
}

interface RpcBlock {
  number: string;
  hash: string;
  parentHash: string;
  timestamp: string;
  transactions: RpcTransaction[];
}

interface RpcTransaction {
  hash: string;
  from: string;
  to: string | null;
  input: string;
  gas: string;
}

interface RpcReceipt {
  blockHash: string;
  status: string;
  gasUsed: string;
}

/**
 * Counts from the blocks themselves. It keeps the last day's senders in memory, so that each look asks for new blocks only.
 * Nothing is lost with it: a counter that is new, or whose blocks the chain has replaced, reads its day afresh.
 */
export class TransactionCounter {
  readonly #chain: Chain;
  readonly #to: ReadonlySet<string>;
  readonly #maxBlocks: number;
  readonly #judge: Judge;
  /** Ascending, without gaps, each the parent of the next. */
  #window: Counted[] = [];

  constructor(chain: Chain, { to, maxBlocks }: CounterSettings, judge: Judge) {
    this.#chain = chain;
    this.#judge = judge;
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
    const failed = different(hour.map((block) => block.failed));
    const senders = different(hour.map((block) => block.senders));
    const sendersDay = different(this.#window.map((block) => block.senders));
    if (BigInt(failed.size) < this.#judge.leastFailed) return sizesOf(senders, failed, sendersDay);
    const members = await this.#judge.members([...sendersDay], head);
    const ofThem = (accounts: ReadonlySet<string>) => new Set([...accounts].filter((one) => members.has(one)));
    return sizesOf(ofThem(senders), ofThem(failed), ofThem(sendersDay));
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
    const receipts: (RpcReceipt | null)[] = await Promise.all(
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
      failed: senders.filter((_, index) => this.#failedPlausibly(ours[index]!, receipts[index]!)),
    };
  }

  #failedPlausibly({ input, gas }: RpcTransaction, { status, gasUsed }: RpcReceipt): boolean {
    if (Number(status) !== 0 || !this.#judge.knows(input)) return false;
    // An inner call keeps a 64th of the gas back, so not all of it is used.
    return BigInt(gas) >= ENOUGH_GAS || BigInt(gasUsed) * 10n < BigInt(gas) * 9n;
  }

  #tooLong(): ServiceError {
    return new ServiceError(
      `The last day has more than ${this.#maxBlocks} blocks.`,
      "Raise jobs.report-price.countTransactions.maxBlocks.",
    );
  }
}

const different = (accounts: readonly (readonly string[])[]): ReadonlySet<string> => new Set(accounts.flat());

const sizesOf = (senders: ReadonlySet<string>, failed: ReadonlySet<string>, sendersDay: ReadonlySet<string>): Activity => ({
  txTotal: BigInt(senders.size),
  txFailed: BigInt(failed.size),
  sendersDay: BigInt(sendersDay.size),
});

const isChain = (blocks: readonly RpcBlock[]) =>
  blocks.every(({ parentHash }, index) => index === 0 || parentHash === blocks[index - 1]!.hash);
