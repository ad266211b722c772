import { toQuantity } from "ethers";
import { contracts, interfaces } from "@ftns/sdk/contracts.ts";
import { type Chain, blockTag } from "@ftns/chain/connect.ts";
import { gasLimitFor } from "@ftns/chain/transactions/attempt.ts";
import { gasOf } from "@ftns/chain/estimate.ts";
import type { AnyJob } from "./job.ts";
import type { Call } from "@ftns/chain/call.ts";

/** As contracts/types/Job.sol numbers them. */
const JOB = { trigger: 0n, emergency: 1n, report: 2n, record: 3n, adjust: 4n, queue: 5n, execute: 6n } as const;

const conditions = interfaces.keeperJobs();
const WORK = "work(uint8,bytes)";
const governor = interfaces.governor();

/** The calls that KeeperJobs makes too, by their selectors. What follows the selector is what `work` takes as arguments. */
const JOB_OF_SELECTOR: ReadonlyMap<string, bigint> = new Map([
  [interfaces.breaker().getFunction("trigger").selector, JOB.trigger],
  [interfaces.emergencyGovernor().getFunction("execute(uint256)").selector, JOB.emergency],
  [interfaces.medianFeed().getFunction("submit").selector, JOB.report],
  [interfaces.history().getFunction("record").selector, JOB.record],
  [interfaces.controller().getFunction("adjust").selector, JOB.adjust],
  [governor.getFunction("queue").selector, JOB.queue],
  [governor.getFunction("execute").selector, JOB.execute],
]);

/**
 * The same job, sent through KeeperJobs whenever the operator is paid for it there, and directly otherwise: when the job is not
 * due by its rules (a price that moved is reported early), concerns another contract, or nothing would be paid today.
 */
export function paidJob(job: AnyJob, chain: Chain, keeperJobs: string, sender: string): AnyJob {
  if (!job.call) return job;
  return {
    ...job,
    async call(args: unknown) {
      const direct: Call = await job.call!(args);
      return (await paidCall(direct, chain, keeperJobs, sender)) ?? direct;
    },
  };
}

/** `direct` by way of KeeperJobs, if it would be done and paid there after the latest block. */
async function paidCall(direct: Call, chain: Chain, keeperJobs: string, from: string): Promise<Call | undefined> {
  const job = JOB_OF_SELECTOR.get(direct.data.slice(0, 10));
  if (job === undefined) return undefined;
  const head = await chain.latest();
  const jobs = contracts.keeperJobs(keeperJobs, chain.provider);
  const data = conditions.encodeFunctionData(WORK, [job, `0x${direct.data.slice(10)}`]);
  const call = { to: keeperJobs, data };
  const gas = await gasOf(chain, call, head, from);
  if (typeof gas !== "bigint") return undefined;
  if ((await concerned(job)).toLowerCase() !== direct.to.toLowerCase()) return undefined;

  // The payment depends on the price of gas, so that the simulation has to name one.
  const request = { from, ...call, gas: toQuantity(gasLimitFor(gas)), gasPrice: toQuantity(head.baseFee + 1n) };
  const answer = await chain.provider.send("eth_call", [request, blockTag(head)]);
  const [paid] = conditions.decodeFunctionResult(WORK, answer) as unknown as [bigint];
  return paid === 0n ? undefined : call;

  /** The contract that KeeperJobs would call. */
  async function concerned(job: bigint): Promise<string> {
    const at = { blockTag: blockTag(head) };
    if (job === JOB.trigger) return jobs.BREAKER(at);
    if (job === JOB.emergency) return jobs.EMERGENCY_GOVERNOR(at);
    if (job === JOB.record) return jobs.HISTORY(at);
    if (job === JOB.adjust) return jobs.CONTROLLER(at);
    if (job !== JOB.report) return jobs.GOVERNOR(at);
    return contracts.breaker(await jobs.BREAKER(at), chain.provider).marketFeed(at);
  }
}
