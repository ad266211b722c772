/** A run's daily prices as the rounds of a feed: one every six hours, which is how long a price may stand there. */
import { HOUR_SEC, startOfDay } from "@ftns/model";

export const LAUNCH_DAY = 20_000n;
export const HOLD_SEC = 6n * HOUR_SEC;
/** A feed that is down misses the first eight hours of the day. */
const OUTAGE_SEC = 8n * HOUR_SEC;

export interface Round {
  /** Time of the round before; 0 where the stretch between is unknown. */
  readonly since: bigint;
  readonly observedAt: bigint;
  /** USD, 8 decimals. */
  readonly price: bigint;
}

export const feedPrice = (price: number): bigint => BigInt(Math.round(price * 1e8));

/** The rounds that tell of day `day` of the simulation, the last of which closes it. */
export function roundsOf(day: number, price: number, outage: boolean): Round[] {
  const start = startOfDay(LAUNCH_DAY + BigInt(day));
  const end = startOfDay(LAUNCH_DAY + BigInt(day) + 1n);
  const from = outage ? start + OUTAGE_SEC : start;
  const rounds: Round[] = outage || day === 0 ? [{ since: 0n, observedAt: from, price: feedPrice(price) }] : [];
  for (let at = from; at < end; ) {
    const next = at + HOLD_SEC < end ? at + HOLD_SEC : end;
    rounds.push({ since: at, observedAt: next, price: feedPrice(price) });
    at = next;
  }
  return rounds;
}
