// What the access manager will do later: longer delays, members that were granted ahead of time, calls that were announced.
// Its views tell of now; only events tell of this.
import type { Manager, Timelock } from "@ftns/sdk/contracts.ts";

/** One change that is under way. */
export interface Scheduled {
  what: string;
  /** Seconds. */
  since: bigint;
}

/** Changes of delays and members that take effect after `now` (seconds), by the events from block `fromBlock` on. */
export async function scheduledChanges(manager: Manager, fromBlock: number, now: bigint): Promise<Scheduled[]> {
  const [grantDelays, targetDelays, members, left, operations] = await Promise.all([
    manager.queryFilter(manager.filters.RoleGrantDelayChanged(), fromBlock),
    manager.queryFilter(manager.filters.TargetAdminDelayUpdated(), fromBlock),
    manager.queryFilter(manager.filters.RoleGranted(), fromBlock),
    manager.queryFilter(manager.filters.RoleRevoked(), fromBlock),
    scheduledOperations(manager, fromBlock),
  ]);
  // A later event replaces an earlier one about the same thing.
  const latest = new Map<string, Scheduled>();
  for (const { args } of grantDelays) {
    const what = `delay of new members of role ${args.roleId} becomes ${args.delay} s`;
    latest.set(`grant ${args.roleId}`, { what, since: args.since });
  }
  for (const { args } of targetDelays) {
    latest.set(`target ${args.target}`, {
      what: `delay of changes of ${args.target} becomes ${args.delay} s`,
      since: args.since,
    });
  }
  for (const { args, eventName } of inOrder([...members, ...left])) {
    const key = `member ${args.roleId} ${args.account}`;
    if (eventName === "RoleRevoked") latest.delete(key);
    else {
      const { delay, since } = args as unknown as { delay: bigint; since: bigint };
      latest.set(key, { what: `${args.account} in role ${args.roleId}, with a delay of ${delay} s`, since });
    }
  }
  return [...[...latest.values()].filter(({ since }) => since > now), ...operations];
}

/** What the voters passed and the timelock will soon do to roles and delays: calls to one of `powers` that wait in it. */
export async function scheduledVotes(
  timelock: Timelock,
  powers: readonly (Manager | Timelock)[],
  fromBlock: number,
): Promise<Scheduled[]> {
  const waiting: Scheduled[] = [];
  for (const { args } of await timelock.queryFilter(timelock.filters.CallScheduled(), fromBlock)) {
    const power = powers.find(({ target }) => target === args.target);
    if (power === undefined || !(await timelock.isOperationPending(args.id))) continue;
    const call = power.interface.parseTransaction({ data: args.data });
    const what = call === null ? `call ${args.data.slice(0, 10)} to ${args.target}` : `${call.name}(${call.args.join(", ")})`;
    waiting.push({ what, since: await timelock.getTimestamp(args.id) });
  }
  return waiting;
}

/** Calls that members with a delay have announced to the manager, and may carry out from then on. */
async function scheduledOperations(manager: Manager, fromBlock: number): Promise<Scheduled[]> {
  const announced = new Map<string, Scheduled>();
  for (const { args } of await manager.queryFilter(manager.filters.OperationScheduled(), fromBlock)) {
    // 0 once it was carried out, cancelled, or has expired.
    const since = await manager.getSchedule(args.operationId);
    if (since === 0n) continue;
    const what = `call ${args.data.slice(0, 10)} to ${args.target}, announced by ${args.caller}`;
    announced.set(args.operationId, { what, since });
  }
  return [...announced.values()];
}

function inOrder<T extends { blockNumber: number; index: number }>(logs: T[]): T[] {
  return logs.sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index);
}
