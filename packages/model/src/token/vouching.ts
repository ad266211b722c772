/** What a transfer counts as activity for each side, as Vouching.sol has it. */
import {
  ACTIVITY_UNIT_BITS,
  CAPACITY_UNIT_BITS,
  EXEMPT,
  MAX_ACTIVITY,
  MAX_CAPACITY,
  POOLED,
  RECOGNISED,
  type AccountState,
} from "./settlement.ts";

/** What one side of a transfer earns (units of 2^30 wei), and what the other side lends for it (units of 2^54 wei). */
interface Count {
  earned: bigint;
  lent: bigint;
}

/** Whether an account's own activity can grow at all. */
export function earnsActivity(account: AccountState): boolean {
  return account.graceUntil !== POOLED && account.graceUntil !== EXEMPT;
}

/** What a transfer of `value` counts for `own`, by what `other` can vouch for today. */
export function countTransfer(own: AccountState, other: AccountState, value: bigint, today: number): Count {
  if (other.basicThrough < today || !earnsActivity(own)) return { earned: 0n, lent: 0n };
  if (other.basicThrough === RECOGNISED || own.basicThrough === RECOGNISED) {
    return { earned: value >> ACTIVITY_UNIT_BITS, lent: 0n };
  }
  const asked = value >> CAPACITY_UNIT_BITS;
  const lent = asked < other.capacity ? asked : other.capacity;
  return { earned: lent << (CAPACITY_UNIT_BITS - ACTIVITY_UNIT_BITS), lent };
}

/** Activity after `units` more, saturating. */
export function credited(activity: bigint, units: bigint): bigint {
  const sum = activity + units;
  return sum > MAX_ACTIVITY ? MAX_ACTIVITY : sum;
}

/** Capacity after a proof: `min(capacity + added, limit)`, both in wei and rounded down to whole units. */
export function filled(capacity: bigint, addedWei: bigint, limitWei: bigint): bigint {
  const sum = capacity + unitsOf(addedWei);
  const limit = unitsOf(limitWei);
  return sum < limit ? sum : limit;
}

/** Wei as whole units of capacity, as many as the field holds at most. */
export function unitsOf(amount: bigint): bigint {
  const units = amount >> CAPACITY_UNIT_BITS;
  return units < MAX_CAPACITY ? units : MAX_CAPACITY;
}
