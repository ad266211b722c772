import { isError } from "ethers";
import { wordsOfRevert } from "@ftns/sdk/errors/index.ts";
import { wordsOf } from "@ftns/service/errors.ts";

/** What to do when a contract gives no reason that is known. */
const UNEXPLAINED = {
  none: "check the addresses in contracts",
  unknown: "check that the keeper's version fits the contracts",
};

/** Words for anything that simulating or sending can throw. */
export function wordsOfFailure(error: unknown): string {
  if (isError(error, "CALL_EXCEPTION")) return wordsOfRevert(error.data, UNEXPLAINED);
  if (isError(error, "INSUFFICIENT_FUNDS")) return "the keeper's account cannot pay the transaction; fund it";
  if (isError(error, "NONCE_EXPIRED")) return "another transaction of this account took its turn; the next run starts afresh";
  return nodeMessage(error) ?? wordsOf(error);
}

// Ethers wraps what the node said in a long message with the whole request; only the node's own words are useful.
function nodeMessage(error: unknown): string | undefined {
  const said = (error as { error?: { message?: unknown } }).error?.message;
  return typeof said === "string" ? `the node refused: ${said.split("\n", 1)[0]!.slice(0, 300)}` : undefined;
}
