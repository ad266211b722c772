import type { Head } from "@ftns/chain/connect.ts";
import { formatFtns } from "@ftns/sdk/units.ts";
import { type Decision, act, broken, nothing } from "../decision.ts";

export interface Earning {
  reporter: string;
  /** What it has earned and was not paid (FTNS, 18 decimals). */
  amount: bigint;
  /** What it would get now, by a simulated call, or why that would fail. Absent where nobody asked. */
  paid?: bigint | { failure: string };
}

export interface EarningsSnapshot {
  head: Head;
  earnings: Earning[];
}

export interface PayRules {
  /** FTNS, 18 decimals. */
  minPayFtns: bigint;
}

export interface PayArgs {
  reporter: string;
}

/** Has the reporter paid that would get most, if that is worth a transaction. A pool without means pays nobody, which is no fault. */
export function decidePay({ earnings }: EarningsSnapshot, { minPayFtns }: PayRules): Decision<PayArgs> {
  const due = earnings.filter(({ amount }) => amount !== 0n && amount >= minPayFtns);
  const payable = due.flatMap(({ reporter, paid }) => (typeof paid === "bigint" ? [{ reporter, paid }] : []));
  const [most] = payable.sort((a, b) => (a.paid > b.paid ? -1 : 1));
  if (most !== undefined && most.paid !== 0n && most.paid >= minPayFtns) {
    return act({ reporter: most.reporter }, `${most.reporter} has earned ${formatFtns(most.paid)} with its reports`);
  }
  const failures = due.flatMap(({ reporter, paid }) =>
    typeof paid === "object" ? [`${reporter} cannot be paid: ${paid.failure}`] : [],
  );
  if (failures.length > 0) return broken(failures.join(". "));
  if (due.length > 0) return nothing(`the pool has too little for any reporter who has earned something (${due.length})`);
  const largest = earnings.reduce((sum, { amount }) => (amount > sum ? amount : sum), 0n);
  return nothing(`no reporter has earned ${formatFtns(minPayFtns)}; the most is ${formatFtns(largest)}`);
}
