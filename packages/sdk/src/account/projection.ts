/** What an account will hold on each of the next days, by the code that the contract is compared with bit for bit. */
import {
  ACTIVITY_UNIT_BITS,
  type AccountState,
  decayActivity,
  EXEMPT,
  GRACE_ALLOWANCE,
  MAX_ACTIVITY,
  POOLED,
  settle,
  tierOn,
} from "@ftns/model/token/settlement.ts";
import type { Term } from "@ftns/model/token/timeline.ts";
import { startOfDay } from "@ftns/model/time.ts";
import { isRecognised, type StoredAccount } from "./stored.ts";

/** Why a day takes what it takes. */
export type DayReason =
  /** The usual fee. */
  | "charged"
  /** Grace: demurrage takes nothing below the allowance of 100 FTNS. */
  | "grace"
  /** One of the protocol's own contracts. */
  | "exempt"
  /** A day of a halt or of recovery mode, or rates of zero. */
  | "not charged"
  /** The fee would be below 1e-9 FTNS. */
  | "too small"
  /** Nothing is held. */
  | "empty";

/** One day boundary, at 02:00 UTC. */
export interface ProjectedDay {
  readonly day: number;
  /** The boundary (seconds). */
  readonly at: bigint;
  /** What `balanceOf` says after it (wei). */
  readonly balance: bigint;
  /** What the boundary takes (wei). */
  readonly fee: bigint;
  readonly reason: DayReason;
  /** Tier that is charged: 0 NONE to 3 POWER; BASIC for recognised contracts. */
  readonly tier: number;
  /** Band of velocity: 0 fastest to 3 slowest. */
  readonly band: number;
  /** Monthly rate of tier and band (basis points); 0 on frozen days and for exempt accounts. */
  readonly rate: bigint;
  /** Activity after the boundary (wei). */
  readonly activity: bigint;
}

/** What an account does from now on, if not nothing. */
export interface Plan {
  /** Leaves the wallet now, into a stake or the wrapper, say (wei). */
  readonly moveAway?: bigint;
  /** Comes in now, without being counted as activity (wei). */
  readonly receive?: bigint;
  /** Activity that is counted each day from tomorrow on, after its boundary: payments to and from contributors (wei). */
  readonly activityADay?: bigint;
  /** Last days of the tiers, if other than now: what another proof would give. */
  readonly schedule?: Pick<AccountState, "basicThrough" | "activeThrough" | "powerThrough">;
}

/** Activity bands: edges of 25 * V against the balance, fastest first: 1.2, 0.84 and 0.36. */
const BAND_EDGES = [30n, 21n, 9n];
const LONGEST_DAYS = 3_650;

/**
 * The days after `today`, `days` of them (at most 3,650), if the account moves nothing and contributes nothing more. Each balance is what `balanceOf`
 * will say on that day, to the wei, as long as nobody touches the account and nothing of the rules changes; a settlement in between rounds once more, by a few wei.
 */
export function project(stored: StoredAccount, today: number, days: number): ProjectedDay[] {
  checkDays(days);
  const rows: ProjectedDay[] = [];
  let before = through(stored.state, today, stored.terms);
  for (let day = today + 1; day <= today + days; day++) {
    const after = through(stored.state, day, stored.terms);
    rows.push(rowOf(before, after, day, stored));
    before = after;
  }
  return rows;
}

/** The same if the account does what the plan says: settled each day, as by its own payments. */
export function projectPlan(stored: StoredAccount, today: number, days: number, plan: Plan): ProjectedDay[] {
  checkDays(days);
  const { moveAway = 0n, receive = 0n, activityADay = 0n, schedule } = plan;
  let state = through(stored.state, today, stored.terms);
  if (state.balance + receive < moveAway) throw new RangeError("more would leave than there is");
  state = { ...state, ...schedule, balance: state.balance + receive - moveAway };
  const earns = state.graceUntil !== EXEMPT && state.graceUntil !== POOLED;
  const rows: ProjectedDay[] = [];
  for (let day = today + 1; day <= today + days; day++) {
    const after = through(state, day, stored.terms);
    rows.push(rowOf(state, after, day, stored));
    const activity = after.activity + (earns ? activityADay >> ACTIVITY_UNIT_BITS : 0n);
    state = { ...after, activity: activity > MAX_ACTIVITY ? MAX_ACTIVITY : activity };
  }
  return rows;
}

/** What `balanceOf` says on a day: the check that the token is the one whose rules are known here. */
export function balanceOn(stored: StoredAccount, day: number): bigint {
  return through(stored.state, day, stored.terms).balance + stored.settledFees;
}

function checkDays(days: number): void {
  if (!Number.isSafeInteger(days) || days < 1 || days > LONGEST_DAYS) {
    throw new RangeError(`${days} is no number of days; give one from 1 to ${LONGEST_DAYS}`);
  }
}

function through(state: AccountState, day: number, terms: readonly Term[]): AccountState {
  return settle(state, day, (from) => since(terms, from)).account;
}

function since(terms: readonly Term[], day: number): readonly Term[] {
  let first = terms.length - 1;
  while (first > 0 && terms[first]!.startDay > day) first--;
  return terms.slice(first);
}

function rowOf(before: AccountState, after: AccountState, day: number, { terms, settledFees }: StoredAccount): ProjectedDay {
  const activity = decayActivity(before.activity, day - before.settledDay);
  const tier = before.graceUntil === POOLED ? 0 : isRecognised(before) ? 1 : tierOn(before, day);
  const band = bandOf(activity, before.balance);
  const rates = since(terms, day)[0]!.rates;
  const fee = before.balance - after.balance;
  const exempt = before.graceUntil === EXEMPT;
  const rate = exempt ? 0n : rates[tier * 4 + band]!;
  return {
    day,
    at: startOfDay(BigInt(day)),
    balance: after.balance + settledFees,
    fee,
    reason: reasonOf(before, day, { fee, rate, frozen: rates.every((one) => one === 0n) }),
    tier,
    band,
    rate,
    activity: after.activity << ACTIVITY_UNIT_BITS,
  };
}

function reasonOf(
  { balance, graceUntil }: AccountState,
  day: number,
  { fee, rate, frozen }: { fee: bigint; rate: bigint; frozen: boolean },
): DayReason {
  if (graceUntil === EXEMPT) return "exempt";
  if (balance === 0n) return "empty";
  if (frozen) return "not charged";
  const spared = graceUntil !== POOLED && day < graceUntil && balance - (balance * rate) / 300_000n < GRACE_ALLOWANCE;
  if (spared) return "grace";
  return fee === 0n ? "too small" : "charged";
}

function bandOf(activity: bigint, balance: bigint): number {
  const reached = BAND_EDGES.findIndex((edge) => (activity << ACTIVITY_UNIT_BITS) * 25n >= edge * balance);
  return reached < 0 ? 3 : reached;
}
