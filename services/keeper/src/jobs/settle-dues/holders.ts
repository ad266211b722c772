import { ZeroAddress } from "ethers";
import { firstBlockAt } from "@ftns/chain/blocks.ts";
import { type Chain, type Head, blockTag } from "@ftns/chain/connect.ts";
import { ServiceError } from "@ftns/service/errors.ts";
import type { Token } from "@ftns/sdk/contracts.ts";
import { formatFtns } from "@ftns/sdk/units.ts";
import { eventsOf } from "@ftns/chain/logs.ts";

export interface HolderLimits {
  lookbackDays: number;
  maxHolders: number;
}

/** Blocks that are read again, as they may have been replaced since. */
const REORG_BLOCKS = 64;

/**
 * Accounts that had a transfer lately. It remembers addresses only, at most `maxHolders` of them and the latest, and asks
 * for new blocks only; a new one starts from the lookback.
 */
export class Holders {
  readonly #chain: Chain;
  readonly #token: Token;
  readonly #limits: HolderLimits;
  readonly #latest = new Set<string>();
  #readTo: number | undefined;
  /** Whether there were more than fit. */
  crowded = false;

  constructor(chain: Chain, token: Token, limits: HolderLimits) {
    this.#chain = chain;
    this.#token = token;
    this.#limits = limits;
  }

  async upTo(head: Head): Promise<readonly string[]> {
    const since = head.timestamp - BigInt(this.#limits.lookbackDays) * 86_400n;
    const from =
      this.#readTo === undefined
        ? await firstBlockAt(this.#chain, head, since)
        : Math.max(0, Math.min(this.#readTo, head.number) - REORG_BLOCKS);
    const { interface: abi } = this.#token;
    const address = await this.#token.getAddress();
    for await (const events of eventsOf(this.#chain, address, abi, ["Transfer"], from, head.number)) {
      for (const { args } of events) [args.from, args.to].forEach((account: string) => this.#note(account));
      // What was read stays, should a later span fail.
      this.#readTo = events.at(-1)?.blockNumber ?? this.#readTo;
    }
    this.#readTo = head.number;
    if (this.#latest.size === 0) await this.#requireNone(head);
    return [...this.#latest];
  }

  /** Somebody holds what there is: an endpoint that tells of no transfer hides dues. */
  async #requireNone(head: Head): Promise<void> {
    const supply = await this.#token.totalSupply({ blockTag: blockTag(head) });
    if (supply === 0n) return;
    this.#readTo = undefined;
    throw new ServiceError(
      `No transfer of ${this.#limits.lookbackDays} days is to be found, although there are ${formatFtns(supply)}.`,
      "Check that the endpoint serves events of that time, or raise jobs.settle-dues.lookbackDays.",
    );
  }

  #note(account: string): void {
    if (account === ZeroAddress) return;
    // Taken out and put in again: the set's order is that of the latest transfer.
    this.#latest.delete(account);
    this.#latest.add(account);
    if (this.#latest.size <= this.#limits.maxHolders) return;
    this.#latest.delete(this.#latest.values().next().value!);
    this.crowded = true;
  }
}
