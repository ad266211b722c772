// What the access manager will do later without anybody's further say: longer delays and members that were granted ahead of time.
// Its views tell of now; only events tell of this.
import type { Manager } from "@ftns/sdk/contracts.ts";

/** One change that is under way. */
export interface Scheduled {
  what: string;
  /** Seconds. */
  since: bigint;
}

/** Changes of delays and members that take effect after `now` (seconds), by the events from block `fromBlock` on. */
export async function scheduledChanges(manager: Manager, fromBlock: number, now: bigint): Promise<Scheduled[]> {
  const [grantDelays, targetDelays, members] = await Promise.all([
    manager.queryFilter(manager.filters.RoleGrantDelayChanged(), fromBlock),
    manager.queryFilter(manager.filters.TargetAdminDelayUpdated(), fromBlock),
    manager.queryFilter(manager.filters.RoleGranted(), fromBlock),
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
  for (const { args } of members) {
    const what = `${args.account} in role ${args.roleId}, with a delay of ${args.delay} s`;
    latest.set(`member ${args.roleId} ${args.account}`, { what, since: args.since });
  }
  return [...latest.values()].filter(({ since }) => since > now);
}
