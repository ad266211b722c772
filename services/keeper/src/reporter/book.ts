import { MAX_REPORT_AGE_SEC, type MarketReport } from "@ftns/model";
import type { SignedMarketReport } from "./signed.ts";

/** Proof that a reporter signed two different reports for the same second. */
export interface Equivocation {
  reporter: string;
  first: SignedMarketReport;
  second: SignedMarketReport;
}

/** A reporter that was caught is left out for so long (seconds of chain time). */
export const LEFT_OUT_SEC = 3_600n;

/** A book as it is written down. */
export interface BookEntries {
  reports: SignedMarketReport[];
  leftOut: { reporter: string; until: bigint }[];
}

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
  #hasNews = false;

  /** Notes a report whose signature holds, and gives the proof when it contradicts an earlier one. */
  note(signed: SignedMarketReport, digest: string, now: bigint): Equivocation | undefined {
    const { reporter, report } = signed;
    const times = this.#seen.get(reporter) ?? new Map<bigint, Entry>();
    this.#seen.set(reporter, times);
    for (const time of times.keys()) if (time + MAX_REPORT_AGE_SEC < now) times.delete(time);

    const earlier = times.get(report.observedAt);
    if (!earlier) {
      times.set(report.observedAt, { digest, signed });
      this.#hasNews = true;
    }
    if (!earlier || earlier.digest === digest) return undefined;
    const known = this.isLeftOut(reporter, now);
    this.#hasNews = true;
    this.#leftOutUntil.set(reporter, now + LEFT_OUT_SEC);
    return known ? undefined : { reporter, first: earlier.signed, second: signed };
  }

  isLeftOut(reporter: string, now: bigint): boolean {
    return (this.#leftOutUntil.get(reporter) ?? 0n) > now;
  }

  /** Whether `reporter` is known to have signed something for that second already. */
  knows(reporter: string, observedAt: bigint): boolean {
    return this.#seen.get(reporter)?.has(observedAt) ?? false;
  }

  /** All reports of a reporter that are remembered, which the feed might still take. */
  reportsOf(reporter: string): SignedMarketReport[] {
    return [...(this.#seen.get(reporter)?.values() ?? [])].map(({ signed }) => signed);
  }

  /** The latest report of a reporter that is remembered. */
  latestOf(reporter: string): SignedMarketReport | undefined {
    return this.reportsOf(reporter).reduce<SignedMarketReport | undefined>(
      (latest, one) => (latest && latest.report.observedAt > one.report.observedAt ? latest : one),
      undefined,
    );
  }

  /** All entries, when there are new ones since the last time. */
  takeNews(): BookEntries | undefined {
    if (!this.#hasNews) return undefined;
    this.#hasNews = false;
    return {
      reports: [...this.#seen.values()].flatMap((times) => [...times.values()].map(({ signed }) => signed)),
      leftOut: [...this.#leftOutUntil].map(([reporter, until]) => ({ reporter, until })),
    };
  }

  /** Takes up what another book knew; what has become too old goes with the next note. */
  restore({ reports, leftOut }: BookEntries, digestOf: (report: MarketReport) => string): void {
    for (const signed of reports) {
      const times = this.#seen.get(signed.reporter) ?? new Map<bigint, Entry>();
      times.set(signed.report.observedAt, { digest: digestOf(signed.report), signed });
      this.#seen.set(signed.reporter, times);
    }
    for (const { reporter, until } of leftOut) this.#leftOutUntil.set(reporter, until);
  }
}
