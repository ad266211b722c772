import { dayOf, MIN_FAILED } from "@ftns/model";
import { abis, interfaces, type Token } from "@ftns/sdk/contracts.ts";
import type { Judge } from "@ftns/chain/activity.ts";
import { firstBlockAt } from "@ftns/chain/blocks.ts";
import { blockTag, type Chain, type Head } from "@ftns/chain/connect.ts";
import { eventsOf } from "@ftns/chain/logs.ts";
import { inParts } from "@ftns/chain/parts.ts";

const HOUR_SEC = 3_600n;
const LEAST_HELD = 10n ** 18n;

/** Selectors of all functions of the economy's contracts. */
const FUNCTIONS: ReadonlySet<string> = new Set(
  Object.keys(abis).flatMap((name) =>
    interfaces[name as keyof typeof abis]().fragments.flatMap((one) => ("selector" in one ? [String(one.selector)] : [])),
  ),
);

/** Only members of the economy count, by calls that its contracts know: ten of a stranger's inventions are no attack. */
export function membersJudge(chain: Chain, token: Token): Judge {
  return {
    knows: (input) => FUNCTIONS.has(input.slice(0, 10).toLowerCase()),
    members: (accounts, head) => membersOf(chain, token, accounts, head),
    leastFailed: MIN_FAILED,
  };
}

/**
 * Those of `accounts` (lower case) that held at least 1 FTNS or a tier an hour before `head`. Few endpoints know the state of an
 * hour ago, so it is the present one less what the hour's events changed; a schedule that was set within the hour is
 * taken for none, and demurrage of the hour as gone before.
 */
export async function membersOf(
  chain: Chain,
  token: Token,
  accounts: readonly string[],
  head: Head,
): Promise<ReadonlySet<string>> {
  const before = head.timestamp - HOUR_SEC;
  const from = await firstBlockAt(chain, head, before + 1n);
  const gained = new Map<string, bigint>();
  const rescheduled = new Set<string>();
  const gain = (account: string, value: bigint) => {
    const key = account.toLowerCase();
    gained.set(key, (gained.get(key) ?? 0n) + value);
  };
  const names = ["Transfer", "TierScheduleSet"];
  for await (const events of eventsOf(chain, await token.getAddress(), token.interface, names, from, head.number)) {
    for (const { name, args } of events) {
      if (name === "TierScheduleSet") rescheduled.add(String(args.account).toLowerCase());
      else {
        gain(args.from, -BigInt(args.value));
        gain(args.to, args.value);
      }
    }
  }
  const at = { blockTag: blockTag(head) };
  const day = dayOf(before);
  const belonged = await inParts(accounts, async (account) => {
    const { balance, schedule } = await token.accountOf(account, at);
    if (balance - (gained.get(account) ?? 0n) >= LEAST_HELD) return true;
    return !rescheduled.has(account) && schedule.basicThrough >= day;
  });
  return new Set(accounts.filter((_, index) => belonged[index]));
}
