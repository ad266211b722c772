import type { JobName, Keeper, Service, TransactionEvent } from "@ftns/keeper";
import type { Actor } from "../chain/actor.ts";
import { dayOf } from "../chain/clock.ts";
import { freePort } from "../chain/port.ts";
import { exact } from "../report/numbers.ts";
import type { KeeperReport, KeepersReport } from "../report/types.ts";
import { isoTime } from "./chronicle.ts";
import type { Economy } from "./economy.ts";
import { startKeeper, type Ways, type Workplace } from "./keeperService.ts";
import type { Ledger } from "./ledger.ts";
import { type Confirmed, type Run, WorkLog } from "./workLog.ts";

export const PRICE_JOBS: readonly JobName[] = ["report-price", "record-price"];
/** At a day's boundary. */
export const DAILY_JOBS: readonly JobName[] = [...PRICE_JOBS, "adjust-supply", "note-days"];
export const WATCH_JOBS: readonly JobName[] = ["watch-emergency", "run-governance"];
/** Any number: it decides who comes first. */
const LOTS_SEED = 20_151_216;

interface Twin {
  readonly actor: Actor;
  readonly pagesPort: number | undefined;
  keeper: Keeper;
  /** What watches it, when somebody may look. */
  service: Service | undefined;
  /** All that it has sent. */
  readonly sent: Confirmed[];
  /** Chain time (seconds). */
  stoppedAt?: number;
  /** Wei of the chain's coin, before it did anything. */
  readonly purse: bigint;
}

/**
 * Who looks. "one": whoever the lot falls on, as if the other came a little later and found it done. "both": one after the
 * other, as the random delay before each look makes it in production. "together": at the very same moment, the worst case.
 */
export type Turn = "one" | "both" | "together";

/** Two keepers with the same jobs, run as any operator would run them: an account each, no word between them. */
export class Keepers {
  readonly #log = new WorkLog();
  readonly #place: Workplace;
  readonly #economy: Economy;
  readonly #all: readonly Twin[];
  #alive: readonly Twin[];
  readonly #drawLot = lots(LOTS_SEED);

  private constructor(place: Workplace, twins: readonly Twin[]) {
    this.#place = place;
    this.#economy = place.economy;
    this.#all = twins;
    this.#alive = twins;
  }

  /** With `pages` the first of them serves what an operator watches it by. */
  static async start(place: Workplace, { pages }: { readonly pages: boolean }): Promise<Keepers> {
    const { economy, cast } = place;
    const twins = cast.keepers.map(async (actor, i): Promise<Twin> => {
      const pagesPort = pages && i === 0 ? await freePort() : undefined;
      const sent: Confirmed[] = [];
      const purse = await economy.provider.getBalance(actor.address);
      return { actor, pagesPort, ...(await open(place, actor, { pagesPort, paid: false }, sent)), sent, purse };
    });
    return new Keepers(place, await Promise.all(twins));
  }

  /** Stops those who live and starts them anew, so that they are paid for what they do. */
  async restartPaid(): Promise<void> {
    for (const twin of this.#alive) {
      await close(twin);
      Object.assign(twin, await open(this.#place, twin.actor, { pagesPort: twin.pagesPort, paid: true }, twin.sent));
    }
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
    if (seenAt !== undefined)
      this.#log.add(actor.name, dayOf(Number(seenAt)) - this.#economy.launchDay, runs, sent.slice(before));
    return runs;
  }

  /** Switches the keeper of `actor` off; it is chain time `now` (seconds). */
  async kill(actor: Actor, now: number): Promise<void> {
    const twin = this.#alive.find((one) => one.actor === actor)!;
    this.#alive = this.#alive.filter((one) => one !== twin);
    twin.stoppedAt = now;
    await close(twin);
  }

  /** From now on those who live look by themselves, on their own schedule. Gives the addresses of their pages. */
  async live(): Promise<readonly { readonly name: string; readonly url: string }[]> {
    for (const { keeper, service } of this.#alive) {
      keeper.start();
      // What was read in the middle of a leap in time would stand on the pages until the next regular read. A read that is
      // under way may be such a one, so a second one follows it.
      await service?.readVitals();
      await service?.readVitals();
    }
    return this.#alive.flatMap(({ actor, service }) =>
      service?.url === undefined ? [] : [{ name: actor.name, url: service.url }],
    );
  }

  async stop(): Promise<void> {
    for (const twin of this.#alive) await close(twin);
  }

  /** Their work on each of `days` days since launch, and what it cost them. */
  async report(days: number, ledger: Ledger): Promise<Pick<KeepersReport, "twins" | "jobs">> {
    const twins = this.#all.map(async ({ actor, purse, sent, stoppedAt }): Promise<KeeperReport> => {
      const { name, address, index } = actor;
      const { provider, token } = this.#economy;
      const paid = exact(purse - (await provider.getBalance(address)));
      const balance = exact(await token.balanceOf(address));
      const stopped = stoppedAt === undefined ? null : isoTime(stoppedAt);
      const fees = exact(sent.reduce((sum, { feePaidWei }) => sum + feePaidWei, 0n));
      return {
        name,
        address,
        index,
        ...this.#log.ofKeeper(name),
        paid,
        fees,
        earned: exact(ledger.account(address).pay),
        balance,
        stoppedAt: stopped,
      };
    });
    return { twins: await Promise.all(twins), jobs: this.#log.jobs(days) };
  }
}

/** A keeper whose transactions are written to `sent`. */
async function open(place: Workplace, actor: Actor, ways: Ways, sent: Confirmed[]): Promise<Pick<Twin, "keeper" | "service">> {
  const { keeper, service } = await startKeeper(place, actor, ways);
  keeper.observe((event) => {
    if (event.type === "transaction" && event.event.type === "confirmed") sent.push(confirmed(event.event));
  });
  return { keeper, service };
}

async function close({ keeper, service }: Twin): Promise<void> {
  await keeper.stop();
  await service?.stop();
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
