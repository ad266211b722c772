/** The records of ContributorRegistry.sol: what a verified contribution changes, without signatures. */
import { checkedUint256, MAX_UINT256, WAD } from "../math/words.ts";
import {
  DEFAULT_TIER_RULES,
  NEVER,
  nextSchedule,
  scoreOf,
  standing,
  tierOnDay,
  type TierDays,
  type TierNumber,
  type TierRules,
} from "./tiers.ts";
import { ContributionRing } from "./window.ts";

/** By ContributionKind. */
export const KIND_NAMES = ["STORAGE", "COMPUTE", "DATA", "GOVERNANCE", "DOCUMENTATION", "MODEL", "RESEARCH", "TEACHING"] as const;

/** FTNS for one unit, by ContributionKind. */
export const DEFAULT_BASE_RATES: readonly bigint[] = [
  WAD / 100n,
  WAD / 20n,
  10n * WAD,
  2n * WAD,
  5n * WAD,
  100n * WAD,
  500n * WAD,
  20n * WAD,
];

/** `units * baseRate * impact`, rounded down; a product beyond 256 bits counts as the largest. */
export function contributionValue(units: bigint, baseRate: bigint, impact: bigint): bigint {
  const product = units * checkedUint256(baseRate * impact);
  return (product < MAX_UINT256 ? product : MAX_UINT256) / (WAD * WAD);
}

export interface VerifiedContribution {
  kind: number;
  units: bigint;
  quality: bigint;
  impact: bigint;
}

export interface ContributionOutcome {
  value: bigint;
  score: bigint;
  averageQuality: bigint;
  tier: TierNumber;
  schedule: TierDays;
  /** The first contribution of the account ever. */
  first: boolean;
  /** The schedule changed, so the token was told. */
  rescheduled: boolean;
}

export class ContributorRecord {
  readonly ring = new ContributionRing();
  schedule: TierDays = NEVER;
  proofs = 0;
  /** Day of the latest proof, by kind; 0 = never. */
  readonly kindDays: number[] = new Array<number>(8).fill(0);

  /** The header word as stored. */
  header(): bigint {
    const fields = [
      [this.schedule.basicThrough, 0],
      [this.schedule.activeThrough, 16],
      [this.schedule.powerThrough, 32],
      [this.ring.lastDay, 48],
      [this.ring.occupied, 64],
      [this.proofs, 96],
      ...this.kindDays.map((day, kind) => [day, 128 + 16 * kind] as const),
    ] as const;
    return fields.reduce((word, [value, shift]) => word | (BigInt(value) << BigInt(shift)), 0n);
  }
}

export class RegistryModel {
  readonly baseRates: bigint[] = [...DEFAULT_BASE_RATES];
  tierRules: TierRules = DEFAULT_TIER_RULES;
  disconnectionGraceDays = 14;
  readonly #records = new Map<string, ContributorRecord>();

  record(account: string): ContributorRecord {
    let record = this.#records.get(account);
    if (record === undefined) this.#records.set(account, (record = new ContributorRecord()));
    return record;
  }

  /** Counts a contribution that landed on `today`. */
  land(account: string, contribution: VerifiedContribution, today: number): ContributionOutcome {
    const { kind, units, quality, impact } = contribution;
    const record = this.record(account);
    const first = record.proofs === 0;
    const value = contributionValue(units, this.baseRates[kind] ?? 0n, impact);
    record.ring.land(today, kind, (value * quality) / WAD, quality);
    record.proofs++;
    record.kindDays[kind] = today;
    const { totals } = this.#standing(record, today);
    const rescheduled = this.refresh(account, today);
    const { schedule } = record;
    return { value, ...scoreOf(totals, this.tierRules), tier: tierOnDay(schedule, today), schedule, first, rescheduled };
  }

  /** Works out the schedule anew. Returns whether it changed. */
  refresh(account: string, today: number): boolean {
    const record = this.record(account);
    const old = record.schedule;
    record.schedule = nextSchedule(old, this.#standing(record, today), today, this.disconnectionGraceDays);
    return (["basicThrough", "activeThrough", "powerThrough"] as const).some((day) => old[day] !== record.schedule[day]);
  }

  /** Score, mean quality and tier that the last 30 days support. */
  standingOf(account: string, today: number) {
    const found = this.#standing(this.record(account), today);
    return { ...found, ...scoreOf(found.totals, this.tierRules) };
  }

  #standing(record: ContributorRecord, today: number) {
    return standing(record.ring.buckets(today), this.tierRules);
  }
}
