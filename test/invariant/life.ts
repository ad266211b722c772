// A life on a chain of its own: a clock, a story, and acts that must work or must not.
import { expect } from "chai";
import type { TransactionReceipt, TransactionResponse } from "ethers";
import type { TestEconomy } from "../helpers/economy.ts";
import { dayOf, type Connection } from "../helpers/time.ts";

/** Enough for every call; saves the estimate. */
export const GAS = { gasLimit: 10_000_000n };
/** Events by which an effect begins or ends. Whatever happens, each must be accounted for. */
export const EFFECTS = new Set(
  "ActionTaken ActionEnded GuardianHalted Halted HaltEnded RecoveryStarted RecoveryEnded MultiplierReset".split(" "),
);

export class Life {
  /** What happened, for whoever has to find out why. */
  readonly story: string[] = [];
  /** Effects that came about so far. */
  readonly seen = new Set<string>();
  readonly economy: TestEconomy;
  now: bigint;
  readonly #connection: Connection;

  constructor(economy: TestEconomy, connection: Connection, now: bigint) {
    this.economy = economy;
    this.#connection = connection;
    this.now = now;
  }

  /**
   * Sends in the next second. Fails when the call works although `allowed` says no, or the other way round (undefined: either
   * is well), and when it has other effects than `effects`. The receipt, if it worked.
   */
  async attempt(
    what: string,
    allowed: (now: bigint) => boolean | undefined,
    effects: readonly string[],
    sending: () => Promise<TransactionResponse>,
  ): Promise<TransactionReceipt | undefined> {
    this.now += 1n;
    const may = allowed(this.now);
    await this.economy.clock.nextBlockAt(this.now);
    let receipt: TransactionReceipt | undefined;
    let reason = "";
    try {
      receipt = (await (await sending()).wait())!;
    } catch (error) {
      if (!(error instanceof Error) || !/revert/.test(error.message)) throw error;
      reason = ` [refused: ${error.message.slice(0, 160)}]`;
    }
    this.tell(what + reason);
    if (may !== undefined && may !== (receipt !== undefined))
      throw new Error(may ? `must work: ${what}` : `P85: must not work: ${what}`);
    if (receipt !== undefined) expect(this.#effectsIn(receipt), `P85: effects of "${what}"`).to.deep.equal([...effects]);
    for (const effect of receipt === undefined ? [] : effects) this.seen.add(effect);
    return receipt;
  }

  async wait(seconds: bigint): Promise<void> {
    this.now += seconds;
    await this.economy.clock.to(this.now);
    this.tell(`${seconds} seconds pass`);
  }

  /** Does `look` in a future in which nothing was sent any more, and forgets it. */
  async inFuture(look: () => Promise<void>): Promise<void> {
    const { provider } = this.#connection.ethers;
    const snapshot = await provider.send("evm_snapshot", []);
    await look();
    await provider.send("evm_revert", [snapshot]);
  }

  /** Puts what `first` sends into the block of what `then` sends, before it. */
  async inOneBlock<T>(first: () => Promise<unknown>, then: () => Promise<T>): Promise<T> {
    const { provider } = this.#connection.ethers;
    await provider.send("evm_setAutomine", [false]);
    await first();
    await provider.send("evm_setAutomine", [true]);
    return then();
  }

  tell(what: string): void {
    this.story.push(`day ${dayOf(this.now)} (${this.now}): ${what}`);
  }

  #effectsIn(receipt: TransactionReceipt): string[] {
    const { breaker, controller, token } = this.economy;
    const names = receipt.logs.map((log) => {
      const emitter = [breaker, controller, token].find(({ target }) => target === log.address);
      return emitter?.interface.parseLog(log)?.name ?? "";
    });
    return names.filter((name) => EFFECTS.has(name)).sort();
  }
}
