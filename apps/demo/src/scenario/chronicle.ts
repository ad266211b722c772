import { dayOf, type Clock } from "../chain/clock.ts";
import type { TimelineEvent } from "../report/types.ts";

/** Chain time in the report's form. */
export function isoTime(seconds: number | bigint): string {
  return new Date(Number(seconds) * 1000).toISOString().replace(".000Z", "Z");
}

/** "2026-11-22 14:00 UTC". */
export function timeWords(seconds: number | bigint): string {
  return `${isoTime(seconds).slice(0, 16).replace("T", " ")} UTC`;
}

/** What the voters did, told as it happens and kept for the report. */
export class Chronicle {
  readonly events: TimelineEvent[] = [];
  readonly #clock: Clock;
  readonly #launchDay: number;
  readonly #tell: (event: TimelineEvent) => void;

  constructor(clock: Clock, launchDay: number, tell: (event: TimelineEvent) => void) {
    this.#clock = clock;
    this.#launchDay = launchDay;
    this.#tell = tell;
  }

  /** Notes what has just happened. */
  async note(part: TimelineEvent["part"], title: string, text: string): Promise<void> {
    const now = await this.#clock.now();
    const event = { day: dayOf(now) - this.#launchDay, at: isoTime(now), part, title, text };
    this.events.push(event);
    this.#tell(event);
  }
}
