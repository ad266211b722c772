import { isError } from "ethers";
import type { Call } from "./call.ts";
import { type Chain, type Head, blockTag } from "./connect.ts";
import { wordsOfFailure } from "./reasons.ts";

/** Gas that `call` would take after `head`, or why it would revert. An endpoint that fails is neither. */
export async function gasOf(chain: Chain, call: Call, head: Head, from: string): Promise<bigint | { failure: string }> {
  try {
    return BigInt(await chain.provider.send("eth_estimateGas", [{ from, ...call }, blockTag(head)]));
  } catch (error) {
    if (isError(error, "CALL_EXCEPTION")) return { failure: wordsOfFailure(error) };
    throw error;
  }
}
