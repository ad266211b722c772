import { ACTIONS, TRIGGERS } from "@ftns/model/safety/triggers.ts";
import { dayOf, formatDay, formatDecimal, formatDuration, formatFtns, formatTime, formatUsd } from "@ftns/sdk/units.ts";
import { type Context, open, type Opened } from "../context.ts";
import { answer } from "../output.ts";

/** How the economy stands: price, `M`, supply, budget, and what is stopped. */
export async function statusCommand(context: Context): Promise<void> {
  const opened = await open(context);
  const read = await readStatus(opened);
  const { head, supply, staked, multiplier, adjustedDay, market, budget, claimable, emergency, effects, suspendedUntil } = read;
  const now = BigInt(head.timestamp);
  const age = market === undefined ? "" : `, ${formatDuration(now - market.updatedAt)} old`;
  const lines = [
    `Chain ${opened.chainId}, block ${head.number}, ${formatTime(now)}`,
    `  Price: ${market === undefined ? "none reported yet" : formatUsd(market.answer) + age}`,
    `  Supply: ${formatFtns(supply, 2)}, of which ${formatFtns(staked, 2)} are staked`,
    `  M, the supply multiplier: ${formatDecimal(multiplier, 18, 6)}; ` +
      (adjustedDay === 0n ? "never adjusted" : `adjusted last on ${formatDay(adjustedDay)}`) +
      (suspendedUntil > now ? `; suspended until ${formatTime(suspendedUntil)}` : ""),
    `  Today's budget: ${formatFtns(budget.left[0] ?? 0n, 2)} left for contributions, ${formatFtns(claimable, 2)} of earlier rewards wait`,
    ...wordsOfEmergency(emergency, effects, now),
  ];
  answer(context, lines, read);
}

async function readStatus({ provider, economy }: Opened) {
  const head = (await provider.getBlock("latest"))!;
  const at = { blockTag: head.number };
  const { token, vault, controller, medianFeed, pool, breaker } = economy;
  const [supply, staked, multiplier, adjustedDay, suspendedUntil, budget, claimable, emergency, effects, market] =
    await Promise.all([
      token.totalSupply(at),
      vault.totalStaked(at),
      controller.multiplier(at),
      controller.lastAdjustedDay(at),
      controller.suspendedUntil(at),
      pool.dayBudget(at),
      pool.totalClaimable(at),
      breaker.emergency(at),
      Promise.all(ACTIONS.map((_, action) => breaker.effectUntil(BigInt(action), at))),
      // Before the first round there is none, and the feed refuses.
      medianFeed.latestRoundData(at).catch(() => undefined),
    ]);
  return {
    head: { number: head.number, timestamp: BigInt(head.timestamp) },
    today: dayOf(BigInt(head.timestamp)),
    supply,
    staked,
    multiplier,
    adjustedDay,
    suspendedUntil,
    budget,
    claimable,
    emergency,
    effects,
    market: market && { answer: market.answer, updatedAt: market.updatedAt },
  };
}

type Emergency = Awaited<ReturnType<typeof readStatus>>["emergency"];

function wordsOfEmergency({ id, openedAt, openUntil, triggers }: Emergency, effects: readonly bigint[], now: bigint): string[] {
  const names = TRIGGERS.filter((_, kind) => (triggers >> BigInt(kind)) & 1n);
  const open = openUntil > now;
  const running = ACTIONS.flatMap((name, action) =>
    (effects[action] ?? 0n) > now ? [`${name} until ${formatTime(effects[action]!)}`] : [],
  );
  return [
    open
      ? `  EMERGENCY ${id} for ${names.join(", ")}, since ${formatTime(openedAt)}; ftns emergency tells what is put to the vote`
      : "  No emergency is open",
    ...running.map((one) => `  In effect: ${one}`),
  ];
}
