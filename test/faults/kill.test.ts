// A keeper that dies at any step between deciding and confirming. Here it is cut off from the chain at one call, for ever,
// with its journal as it was at that moment: to the chain, and to its successor, that is a kill -9. Real processes and real
// signals are in processes.test.ts.
import { cpSync } from "node:fs";
import { expect } from "chai";
import type { FaultName } from "./catalogue.ts";
import { type FaultProxy, type Moment, type Plan, atCall } from "./harness/proxy.ts";
import { exactlyOnce } from "./harness/once.ts";
import { JOBS, type PriceJob, type World, useWorld } from "./harness/world.ts";
import { tryAll } from "./harness/tally.ts";

interface Step {
  job: PriceJob;
  nth: number;
  method: string;
  when: Moment;
}

/** Looks in which a successor must be through: it may have to wait for a block that holds its predecessor's transaction. */
const MOST_LOOKS = 5;

describe("a keeper that is killed", function () {
  this.timeout(300_000);
  let world: World;
  useWorld((one) => (world = one));

  /** Mines when a receipt is asked for the second time: the keeper has seen that it must wait. */
  const minesLater: Plan = ({ method, nthOfMethod }) =>
    method === "eth_getTransactionReceipt" && nthOfMethod === 2
      ? { kind: "answer", from: async (forward, { params }) => (await world.mine(), forward(method, params)) }
      : undefined;

  /** Every call of a run without faults, twice: before the chain hears it, and after. */
  async function stepsOf(job: PriceJob, automine: boolean): Promise<Step[]> {
    await world.reset();
    await world.automine(automine);
    const proxy = await world.proxy(automine ? undefined : minesLater);
    const life = await world.life({ through: [proxy], jobs: [job] });
    expect("reports" in life && life.reports[0]!.outcome).to.equal("done");
    return proxy.calls.flatMap(({ nth, method }) => (["before", "after"] as const).map((when) => ({ job, nth, method, when })));
  }

  async function killAndRestart({ job, nth, when }: Step, automine: boolean): Promise<void> {
    await world.reset();
    await world.automine(automine);
    const since = (await world.blockNumber()) + 1;
    const [ours, theirs] = [world.stateDir(), world.stateDir()];
    const proxy: FaultProxy = await world.proxy();
    const cut = atCall(nth, { kind: "cut", when });
    proxy.plan = (call) => cut(call) ?? (automine ? undefined : minesLater(call));
    proxy.onCut = () => cpSync(ours, theirs, { recursive: true });
    await world.victim({ through: [proxy], jobs: [job], stateDir: ours });

    const life = async () => {
      const healthy = await world.proxy(automine ? undefined : minesLater);
      return world.life({ through: [healthy], jobs: [job], stateDir: theirs });
    };
    const between = () => (automine ? undefined : world.mine());
    await exactlyOnce(world, job, life, { most: MOST_LOOKS, since, between });
  }

  for (const automine of [true, false]) {
    const fault: FaultName = automine ? "killed at a call" : "killed at a call, blocks come later";
    for (const job of JOBS) {
      it(`P160: ${fault}: ${job} is done exactly once`, async () => {
        const steps = await stepsOf(job, automine);
        await tryAll(
          fault,
          steps,
          ({ nth, method, when }) => `${job}, ${when} call ${nth} (${method})`,
          (step) => killAndRestart(step, automine),
        );
      });
    }
  }
});
