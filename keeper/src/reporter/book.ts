import { MAX_REPORT_AGE_SEC } from "@ftns/model";
import type { SignedMarketReport } from "./signed.ts";

/** Proof that a reporter signed two different reports for the same second. */
export interface Equivocation {
  reporter: string;
  first: SignedMarketReport;
  second: SignedMarketReport;
}

/** A reporter that was caught is left out for so long (seconds of chain time). */
export const LEFT_OUT_SEC = 3_600n;

interface Entry {
  digest: string;
  signed: SignedMarketReport;
}

/**
 * What each reporter has signed lately, to notice one that tells different stories to different peers. It holds at most
 * one report a second of each reporter, for as long as the feed would take it.
 */
export class ReportBook {
  readonly #seen = new Map<string, Map<bigint, Entry>>();
  readonly #leftOutUntil = new Map<string, bigint>();

  /** Notes a report whose signature holds, and gives the proof when it contradicts an earlier one. */
  note(signed: SignedMarketReport, digest: string, now: bigint): Equivocation | undefined {
    const { reporter, report } = signed;
    const times = this.#seen.get(reporter) ?? new Map<bigint, Entry>();
    this.#seen.set(reporter, times);
    for (const time of times.keys()) if (time + MAX_REPORT_AGE_SEC < now) times.delete(time);

    const earlier = times.get(report.observedAt);
    if (!earlier) times.set(report.observedAt, { digest, signed });
    if (!earlier || earlier.digest === digest) return undefined;
    const known = this.isLeftOut(reporter, now);
    this.#leftOutUntil.set(reporter, now + LEFT_OUT_SEC);
    return known ? undefined : { reporter, first: earlier.signed, second: signed };
  }

  isLeftOut(reporter: string, now: bigint): boolean {
    return (this.#leftOutUntil.get(reporter) ?? 0n) > now;
  }
}
