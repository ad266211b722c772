// The keepers' jobs through KeeperJobs, each beside the same call made directly at the same state: what being paid costs.
import type { TransactionResponse } from "ethers";
import { benchChain, gasOf } from "./chain.ts";
import type { Row } from "./row.ts";
import { JOB, keepersOn, month, NOBODY, WORK, word } from "../test/keepers/fixture.ts";
import { crash, TRIGGER } from "../test/safety/fixture.ts";

const DIRECT = "the direct call, unpaid (measured)";

export async function keeperRows(): Promise<Row[]> {
  const { connection } = await benchChain();
  const w = await keepersOn(connection, false);
  const { jobs, controller, breaker, medianFeed, clock, token, people, keeper } = w;
  const at = async (send: () => Promise<TransactionResponse>) => {
    const snapshot = await connection.networkHelpers.takeSnapshot();
    const gas = await gasOf(send());
    await snapshot.restore();
    return gas;
  };
  const rows: Row[] = [];
  const row = async (name: string, direct: () => Promise<TransactionResponse>, paid: () => Promise<TransactionResponse>) => {
    rows.push({ name, gas: await at(paid), reference: DIRECT, referenceGas: await at(direct) });
  };

  await month(w);
  // A keeper that was paid before, and on this day.
  await token.connect(people.treasury).transfer(keeper, 10n ** 18n);
  await clock.pass(3_600n);
  await jobs[WORK](JOB.report, await w.reports(), NOBODY);

  const { factor } = await controller.preview();
  await row(
    "jobs.adjust",
    () => controller.adjust(factor),
    () => jobs[WORK](JOB.adjust, word(factor), NOBODY),
  );
  await clock.pass(3_600n);
  const reports = await w.reports();
  await row(
    "jobs.round",
    () => keeper.sendTransaction({ to: medianFeed, data: submitData(reports) }),
    () => jobs[WORK](JOB.report, reports, NOBODY),
  );
  await w.hours(26, 10n ** 8n);
  await crash(w);
  const args = word(TRIGGER.priceCrash);
  await row(
    "jobs.trigger",
    () => breaker.trigger(TRIGGER.priceCrash),
    () => jobs[WORK](JOB.trigger, args, NOBODY),
  );
  return rows;

  function submitData(args: string): string {
    return medianFeed.interface.getFunction("submit").selector + args.slice(2);
  }
}
