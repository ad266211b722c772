// What a verification found, one fact at a time.

/** One fact that must hold. */
export interface Check {
  /** Contract, role or account concerned. */
  subject: string;
  what: string;
  expected: string;
  actual: string;
  ok: boolean;
}

export class Checks {
  readonly all: Check[] = [];

  that(ok: boolean, subject: string, what: string, expected: string, actual: string): void {
    this.all.push({ subject, what, expected, actual, ok });
  }

  equal(subject: string, what: string, expected: string | bigint, actual: string | bigint): void {
    const [left, right] = [String(expected), String(actual)];
    this.that(left.toLowerCase() === right.toLowerCase(), subject, what, left, right);
  }

  problems(): string[] {
    return this.all
      .filter(({ ok }) => !ok)
      .map(({ subject, what, expected, actual }) => `${subject}: ${what}: ${actual} instead of ${expected}`);
  }
}

/** Addresses in one order, however they came. */
export function list(items: Iterable<string>): string {
  const sorted = [...items].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  return sorted.length === 0 ? "none" : sorted.join(", ");
}
