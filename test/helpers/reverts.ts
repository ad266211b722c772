// What a call came to, in a form that the model's `Refused` can be compared with.
import type { BaseContract } from "ethers";
import { Refused } from "@ftns/model";

/** "ok", or the custom error and its values as the model writes them: `Name(value, value)`. */
export async function outcomeOf(contract: BaseContract, call: () => Promise<unknown>): Promise<string> {
  try {
    await call();
    return "ok";
  } catch (error) {
    const data = revertData(error);
    const parsed = data === undefined ? null : contract.interface.parseError(data);
    if (parsed === null) throw error;
    return `${parsed.name}(${parsed.args.join(", ")})`;
  }
}

/** The same for the model. */
export function outcomeOfModel(call: () => unknown): string {
  try {
    call();
    return "ok";
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return error.message;
  }
}

/** What a call reverted with, however deep it lies in `error`. */
export function revertData(error: unknown): string | undefined {
  for (let cause = error as { data?: unknown; cause?: unknown; error?: unknown } | undefined; cause !== undefined; ) {
    if (typeof cause.data === "string") return cause.data;
    const nested = (cause.data as { data?: unknown } | undefined)?.data;
    if (typeof nested === "string") return nested;
    cause = (cause.cause ?? cause.error) as typeof cause;
  }
  return undefined;
}
