// A second witness of what the registry keeps: it knows neither buckets nor rings, keeps the list of proofs and goes through the
// days one by one, as the rules are written.
import { FTNS, WAD, wad } from "./fixture.ts";

const WINDOW = 30;
const GRACE = 14;
const NEWCOMER_GRACE = 90;

interface LandedProof {
  day: number;
  kind: number;
  /** FTNS, 18 decimals. */
  value: bigint;
  /** WAD, whole thousandths. */
  quality: bigint;
}

/** The rules of SPEC.md read literally: a list, and a loop over days. Amounts in wei; values cut to 1e-5 FTNS. */
export class DayByDay {
  readonly #proofs: LandedProof[] = [];
  readonly through = [0, 0, 0];
  /** Days on which BASIC held, and graces begun. */
  readonly #basicDays = new Set<number>();
  readonly graces: number[] = [];
  cover = 0n;
  readonly #minScore = [10n * FTNS, 50n * FTNS, 100n * FTNS];
  readonly #minQuality = ["0.3", "0.6", "0.8"].map(wad);
  #day = 0;

  land(landed: LandedProof): void {
    this.#pass(landed.day);
    this.#proofs.push(landed);
    this.cover = 20n * (this.score(landed.day) / 10n ** 12n) * 10n ** 12n;
    this.#reschedule(landed.day);
  }

  refresh(today: number): void {
    this.#pass(today);
    this.#reschedule(today);
  }

  /** First of the days without a gap, up to `today`, on which BASIC held. */
  basicSince(today: number): number {
    this.#pass(today);
    let day = today;
    while (this.#basicDays.has(day)) day--;
    return day === today ? 0 : day + 1;
  }

  score(day: number): bigint {
    const kinds = new Set(
      this.#inWindow(day)
        .filter((p) => p.value >= 2n * FTNS)
        .map((p) => p.kind),
    ).size;
    const eighths = 8n + BigInt(Math.min(Math.max(kinds - 1, 0), 3));
    return (this.weighted(day) * eighths) / 8n;
  }

  /** Sum of value times quality (wei). */
  weighted(day: number): bigint {
    return this.#inWindow(day).reduce((total, p) => total + (cut(p.value) * p.quality) / WAD, 0n);
  }

  commitments(): number[] {
    const groups = [[0], [1], [3], [2, 5], [4, 6, 7]];
    const days = (kinds: number[]) =>
      this.#proofs.filter((p) => kinds.includes(p.kind) && p.value >= 2n * FTNS).map((p) => p.day);
    return groups.map((kinds) => Math.max(0, ...days(kinds)));
  }

  /** Days since the last act on which nothing happened: BASIC holds or not by what was stored. */
  #pass(today: number): void {
    for (let day = Math.max(this.#day + 1, today - 400); day <= today; day++) {
      if (day <= this.through[0]!) this.#basicDays.add(day);
    }
    this.#day = today;
  }

  #reschedule(today: number): void {
    const hadBasic = this.through[0]! >= today;
    for (const tier of [0, 1, 2] as const) {
      const old = this.through[tier]!;
      if (this.#holds(tier, today)) {
        let failing = today;
        while (this.#holds(tier, failing)) failing++;
        this.through[tier] = failing - 1 + GRACE;
      } else if (old >= today) {
        this.through[tier] = Math.min(old, today - 1 + GRACE);
      }
    }
    if (this.through[0]! < today || hadBasic) return;
    if (this.#basicDays.size === 0) this.graces.push(today + NEWCOMER_GRACE);
    // Without BASIC until now, today does not join what held before.
    this.#basicDays.delete(today - 1);
    this.#basicDays.add(today);
  }

  #inWindow(day: number): LandedProof[] {
    return this.#proofs.filter((p) => p.day <= day && p.day > day - WINDOW);
  }

  #holds(tier: 0 | 1 | 2, day: number): boolean {
    const value = this.#inWindow(day).reduce((total, p) => total + cut(p.value), 0n);
    return value > 0n && this.score(day) >= this.#minScore[tier]! && this.weighted(day) * WAD >= this.#minQuality[tier]! * value;
  }
}

const cut = (value: bigint) => value - (value % 10n ** 13n);
