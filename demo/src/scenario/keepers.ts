import {
  createKeeper,
  parseConfig,
  type JobName,
  type Keeper,
  type MarketSource,
  type RunReport,
  type TransactionEvent,
} from "../../../keeper/src/index.ts";
import type { Actor } from "../chain/actor.ts";
import { dayOf, type Clock } from "../chain/clock.ts";
import type { Market } from "../prices/market.ts";
import { exact } from "../report/numbers.ts";
import type { KeeperReport, KeepersReport } from "../report/types.ts";
import type { Cast } from "./cast.ts";
import { isoTime } from "./chronicle.ts";
import type { Economy } from "./economy.ts";
import { WorkLog } from "./workLog.ts";

export const PRICE_JOBS: readonly JobName[] = ["report-price", "record-price"];
export const WATCH_JOBS: readonly JobName[] = ["watch-emergency", "run-governance"];
/** Any number: it decides who comes first. */
const LOTS_SEED = 20_151_216;

/** What one keeper says of one job at one look. */
export interface Run extends RunReport {
  readonly keeper: string;
}

/** A transaction in a block, as the keeper's own queue reports it. */
export interface Confirmed {
  readonly job: string;
  readonly gasUsed: number;
  readonly feePaidWei: bigint;
  /** It came too late. */
  readonly reverted: boolean;
}

interface Twin {
  readonly actor: Actor;
  readonly keeper: Keeper;
  /** All that it has sent. */
  readonly sent: Confirmed[];
  /** Chain time (seconds). */
  stoppedAt?: number;
  /** Wei of the chain's coin, before it did anything. */
  readonly purse: bigint;
}

/** What the reporters look at: the replayed market. How busy the chain is, the keepers count themselves. */
export function replaySource(market: Market, clock: Clock): MarketSource {
  return {
    name: "replay",
    async read() {
      const time = await clock.now();
      return { ...market.viewAt(time), observedAt: BigInt(time) };
    },
  };
}

/**
 * Who looks. "one": whoever the lot falls on, as if the other came a little later and found it done. "both": one after the
 * other, as the random delay before each look makes it in production. "together": at the very same moment, the worst case.
 */
export type Turn = "one" | "both" | "together";

/** Two keepers with the same jobs, run as any operator would run them: an account each, no word between them. */
export class Keepers {
  readonly #log = new WorkLog();
  readonly #economy: Economy;
  readonly #all: readonly Twin[];
  #alive: readonly Twin[];
  readonly #drawLot = lots(LOTS_SEED);

  private constructor(economy: Economy, twins: readonly Twin[]) {
    this.#economy = economy;
    this.#all = twins;
    this.#alive = twins;
  }

  static async start(url: string, economy: Economy, cast: Cast, source: MarketSource): Promise<Keepers> {
    const twins = cast.keepers.map(async (actor): Promise<Twin> => {
      const keeper = await startKeeper(url, economy, cast, actor, source);
      const sent: Confirmed[] = [];
      keeper.observe((event) => {
        if (event.type === "transaction" && event.event.type === "confirmed") sent.push(confirmed(event.event));
      });
      return { actor, keeper, sent, purse: await economy.provider.getBalance(actor.address) };
    });
    return new Keepers(economy, await Promise.all(twins));
  }

  get actors(): readonly Actor[] {
    return this.#all.map(({ actor }) => actor);
  }

  /** Lets those whose turn it is look at `jobs`. What they cannot do is an error here, since nobody else disturbs this chain. */
  async look(jobs: readonly JobName[], turn: Turn): Promise<Run[]> {
    const order = this.#drawLot() < 0.5 ? this.#alive : [...this.#alive].reverse();
    if (turn === "together") return (await Promise.all(order.map((twin) => this.#lookOf(twin, jobs)))).flat();
    const runs: Run[] = [];
    for (const twin of turn === "one" ? order.slice(0, 1) : order) runs.push(...(await this.#lookOf(twin, jobs)));
    return runs;
  }

  async #lookOf({ actor, keeper, sent }: Twin, jobs: readonly JobName[]): Promise<Run[]> {
    const before = sent.length;
    const runs: Run[] = [];
    for (const report of await keeper.runOnce(jobs)) {
      if (report.outcome === "broken") throw new Error(`${actor.name}'s job ${report.job} is broken: ${report.reason}`);
      runs.push({ ...report, keeper: actor.name });
    }
    const seenAt = runs.at(-1)?.chainTime;
    if (seenAt !== undefined) this.#log.add(actor.name, dayOf(Number(seenAt)) - this.#economy.launchDay, runs, sent.slice(before));
    return runs;
  }

  /** Switches the keeper of `actor` off; it is chain time `now` (seconds). */
  async kill(actor: Actor, now: number): Promise<void> {
    const twin = this.#alive.find((one) => one.actor === actor)!;
    this.#alive = this.#alive.filter((one) => one !== twin);
    twin.stoppedAt = now;
    await twin.keeper.stop();
  }

  /** After the last look. */
  async stop(): Promise<void> {
    for (const { keeper } of this.#alive) await keeper.stop();
  }

  /** Their work on each of `days` days since launch, and what it cost them. */
  async report(days: number): Promise<Pick<KeepersReport, "twins" | "jobs">> {
    const twins = this.#all.map(async ({ actor, purse, sent, stoppedAt }): Promise<KeeperReport> => {
      const { name, address, index } = actor;
      const paid = exact(purse - (await this.#economy.provider.getBalance(address)));
      const stopped = stoppedAt === undefined ? null : isoTime(stoppedAt);
      const fees = exact(sent.reduce((sum, { feePaidWei }) => sum + feePaidWei, 0n));
      return { name, address, index, ...this.#log.ofKeeper(name), paid, fees, stoppedAt: stopped };
    });
    return { twins: await Promise.all(twins), jobs: this.#log.jobs(days) };
  }
}

function confirmed({ job = "none", gasUsed = 0n, feePaidWei = 0n, reverted = false }: TransactionEvent): Confirmed {
  return { job, gasUsed: Number(gasUsed), feePaidWei, reverted };
}

/** Numbers from 0 to 1, always the same ones: a run can be repeated. */
function lots(seed: number): () => number {
  let state = seed;
  return () => {
    // Park and Miller's generator.
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** The project's keeper as anybody would run it, with the reporters' keys at hand as on any local chain. */
async function startKeeper(url: string, economy: Economy, cast: Cast, actor: Actor, source: MarketSource): Promise<Keeper> {
  const { chainId, addresses } = economy;
  const { feed, history, controller, breaker, governor } = addresses;
  const config = parseConfig({
    mode: "local",
    // The replay's time is not the world's.
    chain: { rpcUrls: [url], chainId, maxClockSkewSec: 0 },
    account: { env: "DEMO_KEEPER_KEY" },
    contracts: { feed, history, controller, breaker, governor },
    jobs: {
      "report-price": {
        reporters: cast.reporters.map((_, i) => ({ env: `DEMO_REPORTER_KEY_${i}` })),
        // The replay stands in for this source; nothing is read from the address.
        sources: [{ type: "http", name: "replay", url: "http://127.0.0.1/replay" }],
        countTransactions: { to: Object.values(addresses) },
      },
      "record-price": {},
      "adjust-supply": {},
      "watch-emergency": {},
      "run-governance": {},
    },
  });
  const env: Record<string, string> = { DEMO_KEEPER_KEY: actor.wallet.privateKey };
  cast.reporters.forEach((reporter, i) => {
    env[`DEMO_REPORTER_KEY_${i}`] = reporter.wallet.privateKey;
  });
  return createKeeper(config, { env, sources: [source] });
}
