import { isError } from "ethers";
import { contracts, interfaces } from "@ftns/sdk/contracts.ts";
import { type Chain, blockTag } from "@ftns/chain/connect.ts";
import { gasOf } from "@ftns/chain/estimate.ts";
import type { AnyJob } from "./job.ts";
import type { Call } from "@ftns/chain/call.ts";

/** As contracts/types/Job.sol numbers them. */
const JOB = {
  trigger: 0n,
  emergency: 1n,
  opposed: 2n,
  report: 3n,
  record: 4n,
  adjust: 5n,
  queue: 6n,
  execute: 7n,
  anew: 8n,
  bond: 9n,
} as const;

const conditions = interfaces.keeperJobs();
const WORK = "work(uint8,bytes,address)";
const governor = interfaces.governor();
const breaker = interfaces.breaker();
const emergencyGovernor = interfaces.emergencyGovernor();
const pool = interfaces.pool();

/** The calls that KeeperJobs makes too, by their selectors. What follows the selector is what `work` takes as arguments. */
const JOB_OF_SELECTOR: ReadonlyMap<string, bigint> = new Map([
  [breaker.getFunction("trigger").selector, JOB.trigger],
  [breaker.getFunction("endOpposed").selector, JOB.opposed],
  [breaker.getFunction("settleBond").selector, JOB.bond],
  [emergencyGovernor.getFunction("execute(uint256)").selector, JOB.emergency],
  [emergencyGovernor.getFunction("startAnew").selector, JOB.anew],
  [interfaces.medianFeed().getFunction("submit").selector, JOB.report],
  [interfaces.history().getFunction("record").selector, JOB.record],
  [interfaces.controller().getFunction("adjust").selector, JOB.adjust],
  [governor.getFunction("queue").selector, JOB.queue],
  [governor.getFunction("execute").selector, JOB.execute],
]);

/** How a job is sent through KeeperJobs. */
export interface PaidRoute {
  readonly chain: Chain;
  /** The contract. */
  readonly keeperJobs: string;
  readonly sender: string;
  /** Who is paid, named in each call. */
  readonly payee: string;
}

/**
 * The same job, sent through KeeperJobs whenever `payee` is paid for it there, and directly otherwise: when the job is not due by
 * its rules (a price that moved is reported early), concerns another contract, or nothing would be paid today.
 */
export function paidJob(job: AnyJob, route: PaidRoute): AnyJob {
  if (!job.call) return job;
  return {
    ...job,
    async call(args: unknown) {
      const direct: Call = await job.call!(args);
      return (await paidCall(direct, route)) ?? direct;
    },
  };
}

/** `direct` by way of KeeperJobs, if it would be done and paid there after the latest block. */
async function paidCall(direct: Call, route: PaidRoute): Promise<Call | undefined> {
  const { chain, keeperJobs, sender: from, payee } = route;
  const job = JOB_OF_SELECTOR.get(direct.data.slice(0, 10));
  if (job === undefined) return undefined;
  const head = await chain.latest();
  const jobs = contracts.keeperJobs(keeperJobs, chain.provider);
  const data = conditions.encodeFunctionData(WORK, [job, `0x${direct.data.slice(10)}`, payee]);
  const call = { to: keeperJobs, data };
  const gas = await gasOf(chain, call, head, from);
  if (typeof gas !== "bigint") return undefined;
  if ((await concerned(job)).toLowerCase() !== direct.to.toLowerCase()) return undefined;

  return (await wouldBePaid(gas)) ? call : undefined;

  /**
   * Whether the pool would pay for `gas` now. It is asked by itself: nodes simulate `work` at a base fee of zero, at which nothing
   * is due.
   */
  async function wouldBePaid(gas: bigint): Promise<boolean> {
    const at = { blockTag: blockTag(head) };
    const due = await jobs.quote(gas, head.baseFee, head.baseFee, 0n, at);
    if (due === 0n) return false;
    const request = {
      from: keeperJobs,
      to: await jobs.REWARD_POOL(at),
      data: pool.encodeFunctionData("payKeeper", [payee, due]),
    };
    try {
      return BigInt(await chain.provider.send("eth_call", [request, blockTag(head)])) !== 0n;
    } catch (error) {
      if (isError(error, "CALL_EXCEPTION")) return false;
      throw error;
    }
  }

  /** The contract that KeeperJobs would call. */
  async function concerned(job: bigint): Promise<string> {
    const at = { blockTag: blockTag(head) };
    if (job === JOB.trigger || job === JOB.opposed || job === JOB.bond) return jobs.BREAKER(at);
    if (job === JOB.emergency || job === JOB.anew) return jobs.EMERGENCY_GOVERNOR(at);
    if (job === JOB.record) return jobs.HISTORY(at);
    if (job === JOB.adjust) return jobs.CONTROLLER(at);
    if (job !== JOB.report) return jobs.GOVERNOR(at);
    return contracts.breaker(await jobs.BREAKER(at), chain.provider).marketFeed(at);
  }
}
