import type { JobName, Keeper, RunReport } from "@ftns/keeper";
import { delaySec } from "@ftns/service/schedule/turns.ts";
import type { Random } from "../../test/helpers/random.ts";

/** One that looks, with the state of what it has begun. */
export interface Party {
  keeper: Keeper;
  /** As configured. */
  jitterSec: ReadonlyMap<JobName, number>;
  /** Runs that are not over. */
  running: number;
  /** One of its transactions waits for a block. */
  waits: boolean;
}

const BLOCK_SEC = 12;
/** What another sent so shortly before a look is not known there yet. */
const PROPAGATION_SEC = 0.25;

/**
 * Lets parties look at their places within the jitter, in chain time: what somebody sent is seen by those who look later,
 * and is in a block only after `BLOCK_SEC`. No clock of the machine takes part, so a slow machine changes nothing.
 */
export class Stage {
  readonly #parties: readonly Party[];
  readonly #mineAt: (time: bigint) => Promise<void>;
  readonly #note: (reports: readonly RunReport[]) => void;
  #wake = () => undefined as void;

  constructor(parties: readonly Party[], mineAt: (time: bigint) => Promise<void>, note: (reports: readonly RunReport[]) => void) {
    this.#parties = parties;
    this.#mineAt = mineAt;
    this.#note = note;
  }

  /** To be told of each transaction that a node has taken. */
  sent(party: Party): void {
    party.waits = true;
    this.#wake();
  }

  /** Everybody of `who` looks at all its jobs once, from `from` on. */
  async look(from: bigint, who: readonly Party[], random: Random): Promise<void> {
    await this.#mineAt(from);
    const turns = who.flatMap((party) =>
      party.keeper.jobs.map((job) => ({
        party,
        job,
        at: delaySec(party.keeper.address, job, party.jitterSec.get(job)!, random.uint32() / 2 ** 32),
      })),
    );
    turns.sort((a, b) => a.at - b.at);
    let blocks = 0;
    const mine = async () => {
      for (const party of this.#parties) party.waits = false;
      await this.#mineAt(from + BigInt(++blocks * BLOCK_SEC));
      await this.#quiet();
    };
    for (const [index, { party, job, at }] of turns.entries()) {
      while (at >= (blocks + 1) * BLOCK_SEC && this.#parties.some(({ waits }) => waits)) await mine();
      this.#begin(party, job);
      const next = turns[index + 1];
      if (!next || next.at - at >= PROPAGATION_SEC) await this.#quiet();
    }
    while (this.#parties.some(({ running }) => running > 0)) await mine();
  }

  #begin(party: Party, job: JobName): void {
    party.running++;
    void party.keeper.runOnce([job]).then((reports) => {
      party.running--;
      this.#note(reports);
      this.#wake();
    });
  }

  /** Until everybody is done, or can only wait for a block. */
  async #quiet(): Promise<void> {
    while (this.#parties.some(({ running, waits }) => running > 0 && !waits)) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
