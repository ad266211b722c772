import type { JsonRpcProvider } from "ethers";

export const DAY_SEC = 86_400;
const BOUNDARY_OFFSET_SEC = 7_200;

/** Protocol day that holds `time` (seconds). */
export function dayOf(time: number): number {
  return Math.floor((time - BOUNDARY_OFFSET_SEC) / DAY_SEC);
}

/** First second of protocol day `day`. */
export function startOf(day: number): number {
  return day * DAY_SEC + BOUNDARY_OFFSET_SEC;
}

/** Moves the chain's time by single blocks: long runs of empty blocks would have no valid parent hashes. */
export class Clock {
  readonly #provider: JsonRpcProvider;

  constructor(provider: JsonRpcProvider) {
    this.#provider = provider;
  }

  async now(): Promise<number> {
    const block = (await this.#provider.send("eth_getBlockByNumber", ["latest", false])) as { timestamp: string };
    return Number(block.timestamp);
  }

  /** Mines one block at `time`, which must lie ahead. */
  async advanceTo(time: number): Promise<void> {
    await this.#provider.send("evm_mine", [`0x${time.toString(16)}`]);
  }
}
