import { keccak256 } from "ethers";
import type { Call } from "../call.ts";
import { formatDecimal } from "@ftns/sdk/units.ts";
import type { Account } from "./account.ts";
import type { Attempt } from "./entry.ts";
import type { Fees } from "./fees.ts";
import type { Purpose } from "./types.ts";
import type { Head } from "../connect.ts";

/** Gas on top of the estimate: a fifth, and the cost of a new hour's and a new day's slots that the next block may open. */
const GAS_MARGIN_PERCENT = 20n;
const GAS_HEADROOM = 80_000n;

export const gasLimitFor = (estimate: bigint) => estimate + (estimate * GAS_MARGIN_PERCENT) / 100n + GAS_HEADROOM;

/** Why `balance` does not pay `gasLimit` at `fees`; nothing when it does. */
export function shortageOf(address: string, balance: bigint, gasLimit: bigint, fees: Fees): string | undefined {
  const cost = gasLimit * fees.maxFeePerGas;
  if (balance >= cost) return undefined;
  return (
    `the keeper's account ${address} holds ${formatDecimal(balance, 18, 6)} of the chain's coin ` +
    `and may need ${formatDecimal(cost, 18, 6)}; fund it`
  );
}

/** Signs `call` for `nonce`. */
export async function signAttempt(
  account: Account,
  nonce: number,
  { job, item, reason, call, head }: Purpose & { call: Call; head?: Head },
  fees: Fees,
  gasLimit: bigint,
): Promise<{ attempt: Attempt }> {
  const raw = await account.sign({ ...call, ...fees, nonce, gasLimit });
  const purpose = { job, ...(item !== undefined && { item }), reason, ...(head && { decidedIn: head.number }) };
  const kind = head ? "call" : "cancel";
  return { attempt: { ...purpose, kind, raw, hash: keccak256(raw), fees, call, signedAt: Date.now() } };
}
