// Keepers on the same jobs at the same moment, and keepers whose clock is wrong.
import { expect } from "chai";
import type { Keeper, KeeperConfigInput } from "@ftns/keeper";
import { exactlyOnce } from "./harness/once.ts";
import type { Plan } from "./harness/proxy.ts";
import { SCALE, tryAll } from "./harness/tally.ts";
import { JOBS, type PriceJob, type World, startWorld, useWorld } from "./harness/world.ts";
import type { FaultName } from "./catalogue.ts";

const DAY_MS = 86_400_000;

describe("twins and clocks", function () {
  this.timeout(300_000);
  let world: World;
  useWorld((one) => (world = one));

  /** Lets `keepers` look at once, twice; the second look finds all of them at rest. */
  async function race(keepers: readonly Keeper[], mayRepeat: readonly PriceJob[] = [], meanwhile?: () => Promise<void>) {
    const since = (await world.blockNumber()) + 1;
    const racing = Promise.all(keepers.map((keeper) => keeper.runOnce()));
    await meanwhile?.();
    const first = (await racing).flat();
    const again = (await Promise.all(keepers.map((keeper) => keeper.runOnce()))).flat();
    for (const { job, outcome, reason } of first) expect(outcome, `${job}: ${reason}`).to.not.equal("broken");
    for (const { job, outcome, reason } of again) expect(outcome, `${job}: ${reason}`).to.equal("waiting");
    const times = await world.timesDone(since);
    for (const job of JOBS) {
      if (mayRepeat.includes(job)) expect(times[job], job).to.be.within(1, keepers.length);
      else expect(times[job], job).to.equal(1);
    }
    return first;
  }

  const tries = (usual: number) => Array.from({ length: Math.round(usual * SCALE) }, (_, index) => index);

  for (const [fault, count] of [
    ["two twins", 2],
    ["five twins", 5],
  ] as const) {
    it(`P166: ${fault}: reports and adjusts exactly once, nobody is broken`, () =>
      tryAll(fault, tries(6), String, async () => {
        await world.reset();
        const keys = Array.from({ length: count }, (_, index) => `ACCOUNT_${index}`);
        const keepers = await Promise.all(keys.map((key) => world.open({ key })));
        // Two records of one moment are harmless, so that no twin can fail at it.
        await race(keepers, ["record-price"]);
      }));
  }

  it("P166: five twins in one block: one adjusts, the others lose a race", () =>
    tryAll("five twins in one block", tries(3), String, async () => {
      await world.reset();
      const keys = Array.from({ length: 5 }, (_, index) => `ACCOUNT_${index}`);
      const through = await Promise.all(keys.map(() => world.proxy(hidesWaiting)));
      const keepers = await Promise.all(
        keys.map((key, index) => world.open({ key, jobs: ["adjust-supply"], through: [through[index]!], change: blocksCome })),
      );
      await world.automine(false);
      const since = (await world.blockNumber()) + 1;
      const racing = Promise.all(keepers.map((keeper) => keeper.runOnce()));
      await pendingTransactions(5);
      await world.mine();
      await world.automine(true);
      const outcomes = (await racing).flat().map(({ outcome }) => outcome);
      expect(outcomes.toSorted()).to.deep.equal(["done", "lost-race", "lost-race", "lost-race", "lost-race"]);
      expect((await world.timesDone(since))["adjust-supply"]).to.equal(1);
    }));

  it("P166: two twins with one key: each job exactly once, nobody is broken", () =>
    tryAll("two twins with one key", tries(6), String, async () => {
      await world.reset();
      const keepers = [await world.open(), await world.open()];
      await race(keepers, ["record-price"]);
    }));

  for (const [name, skewMs] of [
    ["a day fast", DAY_MS],
    ["a day slow", -DAY_MS],
  ] as const) {
    it(`P167: keeper's clock is ${name}: done exactly once, by the chain's time`, () =>
      tryAll("keeper's clock is wrong", JOBS, String, async (job) => {
        await world.reset();
        const since = (await world.blockNumber()) + 1;
        await withClock(skewMs, async () => {
          const keeper = await world.open({ jobs: [job] });
          await exactlyOnce(world, job, () => keeper.runOnce(), { most: 2, since });
        });
      }));
  }

  for (const [name, days] of [
    ["weeks ahead of the machine's", 0],
    ["weeks behind the machine's", 60],
  ] as const) {
    it(`P167: chain's clock is ${name}: done exactly once`, async () => {
      const fault: FaultName = "chain's clock is wrong";
      const initialDate = new Date(Date.now() - days * DAY_MS).toISOString();
      const other = days === 0 ? world : await startWorld({ initialDate });
      const ahead = Number(await other.chain.now()) * 1_000 > Date.now();
      expect(ahead).to.equal(days === 0);
      await tryAll(fault, JOBS, String, async (job) => {
        await other.reset();
        const since = (await other.blockNumber()) + 1;
        const keeper = await other.open({ jobs: [job] });
        await exactlyOnce(other, job, () => keeper.runOnce(), { most: 2, since });
      });
      if (other !== world) await other.close();
    });
  }

  async function pendingTransactions(count: number): Promise<void> {
    for (const deadline = performance.now() + 30_000; performance.now() < deadline; ) {
      const block = (await world.forward("eth_getBlockByNumber", ["pending", false])) as { transactions: string[] };
      if (block.transactions.length >= count) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
});

/** Blocks come by themselves here, the next one when the last twin has sent, which takes as long as it takes. */
const blocksCome = (config: KeeperConfigInput): KeeperConfigInput => ({
  ...config,
  chain: { ...config.chain, blocksOnDemand: false },
  transactions: { stuckAfterSec: 30, giveUpAfterSec: 60 },
});

/** A node that does not show what waits for a block, so that a keeper cannot see its twins' transactions. */
const hidesWaiting: Plan = ({ method, params }) =>
  method === "eth_estimateGas" && params[1] === "pending"
    ? { kind: "error", message: "pending block is not available", forwarded: false }
    : undefined;

/** Runs `work` with the machine's clock off by so much; nothing of the chain notices. */
async function withClock(skewMs: number, work: () => Promise<void>): Promise<void> {
  const { now } = Date;
  Date.now = () => now() + skewMs;
  try {
    await work();
  } finally {
    Date.now = now;
  }
}
