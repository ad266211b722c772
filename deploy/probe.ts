// Asks the chain itself whether an account may call a function, by calling it with made-up arguments and throwing the
// result away.
import { revertDataOf } from "@ftns/sdk/errors/index.ts";
import { keccak256, toUtf8Bytes, getAddress, Interface, type FunctionFragment, type ParamType, type Provider } from "ethers";

/** An address of nobody: it holds no role, no key and no funds. */
export const STRANGER = addressFrom("FTNS: nobody");
const SOMEBODY = addressFrom("FTNS: somebody");

const REFUSAL = new Interface(["error AccessManagedUnauthorized(address caller)"]);

export function addressFrom(text: string): string {
  return getAddress(keccak256(toUtf8Bytes(text)).slice(0, 42));
}

/** State-changing functions of a contract. */
export function writesOf(contract: Interface): FunctionFragment[] {
  return contract.fragments.filter(
    (fragment): fragment is FunctionFragment =>
      fragment.type === "function" && !["view", "pure"].includes((fragment as FunctionFragment).stateMutability),
  );
}

/** Well-formed arguments, so that nothing but the permission can be wrong before the permission is looked at. */
export function madeUpArguments(inputs: readonly ParamType[]): unknown[] {
  return inputs.map(madeUp);
}

function madeUp(type: ParamType): unknown {
  if (type.isArray()) {
    const length = type.arrayLength === -1 || type.arrayLength === null ? 0 : type.arrayLength;
    return Array.from({ length }, () => madeUp(type.arrayChildren));
  }
  if (type.isTuple()) return madeUpArguments(type.components);
  if (type.type === "address") return SOMEBODY;
  if (type.type === "bool") return false;
  if (type.type === "string") return "";
  if (type.type === "bytes") return "0x";
  if (type.type.startsWith("bytes")) return `0x${"01".repeat(Number(type.type.slice(5)))}`;
  return 1n;
}

/** Whether the chain refuses `caller` for want of permission; any other outcome of the call is no refusal. */
export async function isRefused(
  provider: Provider,
  target: string,
  contract: Interface,
  fragment: FunctionFragment,
  caller: string,
): Promise<boolean> {
  const data = contract.encodeFunctionData(fragment, madeUpArguments(fragment.inputs));
  try {
    await provider.call({ from: caller, to: target, data });
    return false;
  } catch (error) {
    const reason = revertDataOf(error);
    if (reason === undefined) throw error;
    return refuses(reason, caller);
  }
}

/** Whether revert data says that `caller` lacks permission. */
export function refuses(revertData: string, caller: string): boolean {
  // A call may also fail without a word, which is no refusal.
  const parsed = revertData === "0x" ? null : REFUSAL.parseError(revertData);
  return parsed !== null && getAddress(parsed.args[0] as string) === getAddress(caller);
}
