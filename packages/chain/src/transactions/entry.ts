import { Transaction } from "ethers";
import type { Call } from "../call.ts";
import { type Fees, highest } from "./fees.ts";
import type { Purpose } from "./types.ts";

/** A signed transaction. It may land as long as its nonce is free, whatever came after it. */
export interface Attempt extends Purpose {
  kind: "call" | "cancel";
  raw: string;
  hash: string;
  fees: Fees;
  call: Call;
  /** Block on which the job decided; not known any more after a restart. */
  decidedIn?: number;
  /** By this machine's clock (ms). */
  signedAt: number;
}

/** The nonce that is in flight, and everything that was signed for it; at most one of them can land. */
export interface Entry {
  nonce: number;
  attempts: Attempt[];
  /** What transactions that are not in `attempts` offer for the nonce, as far as it is known. */
  foreign?: Fees;
}

export const latestOf = (entry: Entry) => entry.attempts.at(-1);

/** What a replacement has to beat. */
export const standingFees = ({ attempts, foreign }: Entry) =>
  highest([...attempts.map(({ fees }) => fees), ...(foreign ? [foreign] : [])]);

/** What can be read from a signed transaction itself. Throws when it is none. */
export function readSigned(raw: string) {
  const { hash, from, nonce, chainId, to, data, maxFeePerGas, maxPriorityFeePerGas } = Transaction.from(raw);
  if (!hash || !from || !to || maxFeePerGas === null || maxPriorityFeePerGas === null) {
    throw new Error("not a signed EIP-1559 transaction");
  }
  return { hash, from, nonce, chainId, call: { to, data }, fees: { maxFeePerGas, maxPriorityFeePerGas } };
}
