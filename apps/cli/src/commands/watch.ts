import { changesBetween } from "@ftns/sdk/account/history.ts";
import { formatFtns, formatTime } from "@ftns/sdk/units.ts";
import { accountOf, type Context, open } from "../context.ts";
import { tell } from "../output.ts";
import { wholeFrom } from "../values.ts";

export interface WatchFlags {
  every: string;
  /** Ends by itself after so many looks: for scripts. */
  looks?: string;
}

/** Tells each change of a balance as it comes, until it is stopped. */
export async function watchCommand(
  context: Context,
  named: string | undefined,
  flags: WatchFlags,
  signal: AbortSignal,
): Promise<void> {
  const seconds = wholeFrom(flags.every, "number of seconds", 1, 3_600);
  const looks = flags.looks === undefined ? Number.POSITIVE_INFINITY : wholeFrom(flags.looks, "number of looks", 1, 1_000_000);
  const { provider, economy, deployment } = await open(context);
  const account = await accountOf(context, named);
  let seen = await provider.getBlockNumber();
  const balance = await economy.token.balanceOf(account, { blockTag: seen });
  tell(context, `${account} holds ${formatFtns(balance)} in block ${seen}. Ctrl-C ends.`, { account, balance, block: seen });
  for (let look = 0; look < looks && !signal.aborted; look++) {
    await pause(seconds * 1_000, signal);
    const head = await provider.getBlockNumber();
    if (head <= seen) continue;
    for (const change of await changesBetween(provider, deployment.addresses, account, { from: seen + 1, to: head })) {
      const { amount, text, timestamp } = change;
      tell(
        context,
        `${formatTime(timestamp)} ${amount > 0n ? "+" : "-"}${formatFtns(amount > 0n ? amount : -amount)}: ${text}`,
        change,
      );
    }
    seen = head;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(end, ms);
    function end() {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      done();
    }
    signal.addEventListener("abort", end);
  });
}
