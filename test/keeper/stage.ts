// A chain with keepers on it: opens them as tests ask for, and clears away after each test.
import { expect } from "chai";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type JobName,
  type Keeper,
  type KeeperConfigInput,
  ServiceError,
  type KeeperOptions,
  type RunReport,
  createKeeper,
  parseConfig,
} from "@ftns/keeper";
import { dayOf, HOUR_SEC as HOUR, startOfDay } from "@ftns/model";
import { SECRET_ENV, type TestChain, configFor, liveMarket, startChain } from "./chain.ts";

/** To be called in a `describe`: it makes the hooks. `chain` and `live` are there once they have run. */
export function stageOfKeepers({ walks = false } = {}) {
  const keepers: Keeper[] = [];
  let clean: string;
  const stage = {
    chain: undefined as unknown as TestChain,
    live: undefined as unknown as ReturnType<typeof liveMarket>,
    async open(change: Partial<KeeperConfigInput> = {}, options: KeeperOptions = {}): Promise<Keeper> {
      const config = parseConfig(configFor(stage.chain, change));
      const keeper = await createKeeper(config, { env: SECRET_ENV, sources: [stage.live.source], ...options });
      keepers.push(keeper);
      return keeper;
    },
    openTwin: (options: KeeperOptions = {}) => stage.open({ account: { env: "TWIN_KEY" } }, options),
    sentBy: (account: string) => stage.chain.provider.getTransactionCount(account, "latest"),
    /** Lets every later test begin with the chain as it is now. */
    async keep() {
      clean = await stage.chain.snapshot();
    },
  };
  before(async () => {
    stage.chain = await startChain(undefined, { walks });
    // Noon: a day that begins makes a report due at once.
    await stage.chain.jumpTo(startOfDay(dayOf(await stage.chain.now()) + 1n) + 10n * HOUR);
    await stage.keep();
  });
  beforeEach(() => {
    stage.live = liveMarket(stage.chain);
  });
  afterEach(async () => {
    await Promise.all(keepers.splice(0).map((keeper) => keeper.stop()));
    await stage.chain.provider.send("evm_setIntervalMining", [0]);
    await stage.chain.provider.send("evm_setAutomine", [true]);
    await stage.chain.revert(clean);
    await stage.keep();
  });
  after(() => stage.chain.close());
  return stage;
}

export const outcomes = (reports: RunReport[]) => Object.fromEntries(reports.map(({ job, outcome }) => [job, outcome]));
export const reasonOf = (reports: RunReport[], job: JobName) => reports.find((report) => report.job === job)?.reason ?? "";

export async function refusalOf(opening: Promise<unknown>): Promise<string> {
  const result = await opening.catch((error: unknown) => error);
  if (result instanceof ServiceError) return result.advice;
  return expect.fail(`not refused: ${String(result)}`);
}

/** A plain HTTP door to the chain that a test can shut. */
export async function startDoor(target: string) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const init = { method: "POST", body: Buffer.concat(chunks), headers: { "content-type": "application/json" } };
      void fetch(target, init).then(async (answer) => response.end(await answer.text()));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
