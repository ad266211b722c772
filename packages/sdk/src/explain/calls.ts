/** What a call to one of the contracts would do, in plain words: for whoever is asked to vote on it, or to sign it. */
import { type Interface, isCallException, type ParamType, type Result } from "ethers";
import { FUNCTION_WORDS } from "../abi/functions.ts";
import { abis } from "../contracts.ts";
import { CONTRACTS, type EconomyAddresses, type EconomyName } from "../economy.ts";
import { interfaceOf } from "../typed/contract.ts";
import { formatDay, formatDecimal, formatDuration, formatFtns, formatPercent, formatTime, formatUsd } from "../units.ts";
import { CALL_WORDS } from "./callWords.ts";

/** One value of a call. */
export interface ExplainedValue {
  readonly name: string;
  /** As people write it, with its unit where that is known. */
  readonly text: string;
  /** What the contract says of it, if anything. */
  readonly note?: string;
}

export interface ExplainedCall {
  readonly target: string;
  /** The contract at the target, if it is one of this economy's. */
  readonly contract?: string;
  /** Name of the function; absent where nobody here knows it. */
  readonly function?: string;
  /** What it does, in a sentence or more. */
  readonly does: string;
  readonly values: readonly ExplainedValue[];
  /** Calls that it passes on. */
  readonly inner: readonly ExplainedCall[];
  /** Coins of the chain that go along (wei). */
  readonly coins: bigint;
}

export interface Call {
  readonly target: string;
  readonly data: string;
  readonly value?: bigint;
}

/** So many calls within calls are looked into; what is wrapped deeper is shown as it is. */
const DEEPEST = 4;

/** What a call would do. Nothing here asks the chain: the words are the same for everybody. */
export function explainCall(addresses: EconomyAddresses, call: Call, depth = 0): ExplainedCall {
  const { target, data, value: coins = 0n } = call;
  const name = nameAt(addresses, target);
  const unknown = { target, ...(name && { contract: CONTRACTS[name] }), values: [], inner: [], coins };
  if (name === undefined) {
    const what = data === "0x" ? "Sends coins of the chain" : `Calls a function unknown here (selector ${data.slice(0, 10)})`;
    return { ...unknown, does: `${what} to ${target}, which is no contract of this economy.` };
  }
  const contract = CONTRACTS[name];
  const parsed = parse(interfaceOf(abis[name === "feed" ? "medianFeed" : name]) as Interface, data);
  if (parsed === undefined) {
    return {
      ...unknown,
      does: `Calls ${contract} in a way that nobody here knows (${data.slice(0, 10)}): do not agree to it before somebody explains it.`,
    };
  }
  const { fragment, args } = parsed;
  const comment = FUNCTION_WORDS[contract]?.[fragment.format("sighash")];
  const does = comment?.does ?? CALL_WORDS[fragment.name] ?? `Calls ${fragment.name} of ${contract}.`;
  const inner = depth < DEEPEST ? callsIn(fragment.name, args, target) : [];
  return {
    target,
    contract,
    function: fragment.name,
    does,
    values: fragment.inputs.map((input, index) => {
      const note = comment?.values[input.name];
      return {
        name: input.name || `value ${index + 1}`,
        text: textOf(input, args[index], input.name, comment?.values ?? {}, addresses),
        ...(note !== undefined && { note }),
      };
    }),
    inner: inner.map((one) => explainCall(addresses, one, depth + 1)),
    coins,
  };
}

/** The calls of a proposal, in their order. */
export function explainProposal(
  addresses: EconomyAddresses,
  { targets, values, calldatas }: { targets: readonly string[]; values: readonly bigint[]; calldatas: readonly string[] },
): ExplainedCall[] {
  return targets.map((target, index) =>
    explainCall(addresses, { target, data: calldatas[index] ?? "0x", value: values[index] ?? 0n }),
  );
}

/** An explained call as lines of text, those that it passes on set in. */
export function linesOfCall(
  { contract, function: name, does, values, inner, coins, target }: ExplainedCall,
  indent = "",
): string[] {
  const head = name === undefined ? target : `${contract}.${name}`;
  return [
    `${indent}${head}: ${does}`,
    ...values.map((value) => `${indent}  ${value.name} = ${value.text}${value.note === undefined ? "" : `   (${value.note})`}`),
    ...(coins > 0n ? [`${indent}  with ${formatDecimal(coins, 18, 18)} of the chain's coin`] : []),
    ...inner.flatMap((one) => linesOfCall(one, `${indent}    `)),
  ];
}

/** The contract of the economy that stands at an address. */
export function nameAt(addresses: EconomyAddresses, target: string): EconomyName | undefined {
  const found = Object.entries(addresses).find(([, address]) => address.toLowerCase() === target.toLowerCase());
  return found?.[0] as EconomyName | undefined;
}

function parse(contract: Interface, data: string) {
  try {
    return contract.parseTransaction({ data }) ?? undefined;
  } catch (error) {
    // Data of another shape than the selector says.
    if (isCallException(error) || error instanceof Error) return undefined;
    throw error;
  }
}

/** What stands in the values of functions that pass calls on: the governor's and timelock's, and `multicall`. */
function callsIn(name: string, args: Result, self: string): Call[] {
  const values = args.toObject() as Record<string, unknown>;
  const list = (key: string) => (Array.isArray(values[key]) ? ([...(values[key] as unknown[])] as string[]) : []);
  switch (name) {
    case "multicall":
      return [...(args[0] as string[])].map((data) => ({ target: self, data }));
    case "execute":
    case "schedule":
    case "relay": {
      const [target, second, third] = args as unknown as [unknown, unknown, unknown];
      if (typeof target !== "string") return batch(list("targets"), list("values"), list("calldatas"));
      // The access manager's: (target, data). The timelock's and the relay: (target, value, data).
      return typeof second === "string"
        ? [{ target, data: second }]
        : [{ target, value: BigInt(second as bigint), data: String(third) }];
    }
    case "scheduleBatch":
    case "executeBatch":
      return batch(list("targets"), list("values"), list("payloads"));
    case "propose":
      return batch(list("targets"), list("values"), list("calldatas"));
    default:
      return [];
  }
}

function batch(targets: string[], values: unknown[], datas: string[]): Call[] {
  return targets.map((target, index) => ({
    target,
    data: datas[index] ?? "0x",
    value: BigInt((values[index] as bigint | undefined) ?? 0n),
  }));
}

/** A value as people read it. The contract's comment says its unit; where it says none, the number stays as it is. */
function textOf(
  type: ParamType,
  value: unknown,
  path: string,
  notes: Readonly<Record<string, string>>,
  addresses: EconomyAddresses,
): string {
  if (type.baseType === "array") {
    return `[${[...(value as unknown[])].map((one) => textOf(type.arrayChildren!, one, path, notes, addresses)).join(", ")}]`;
  }
  if (type.baseType === "tuple") {
    const parts = type.components!.map(
      (part, index) => `${part.name} ${textOf(part, (value as unknown[])[index], `${path}.${part.name}`, notes, addresses)}`,
    );
    return `{ ${parts.join(", ")} }`;
  }
  if (type.type === "address") {
    const name = nameAt(addresses, String(value));
    return name === undefined ? String(value) : `${CONTRACTS[name]} (${String(value)})`;
  }
  if (typeof value !== "bigint") return String(value);
  return amountText(value, type.name, notes[path] ?? notes[path.split(".")[0]!] ?? "");
}

const KINDS = ["STORAGE", "COMPUTE", "DATA", "GOVERNANCE", "DOCUMENTATION", "MODEL", "RESEARCH", "TEACHING"];

function amountText(value: bigint, name: string, note: string): string {
  if (/ContributionKind/.test(note)) return KINDS[Number(value)] ?? value.toString();
  if (/WAD/.test(note)) return `${formatPercent(value, 6)} (a factor of ${formatDecimal(value, 18, 6)})`;
  if (/18 decimals|\bFTNS\b/.test(note)) return formatFtns(value);
  if (/USD|8 decimals/.test(note)) return formatUsd(value);
  if (/protocol day/.test(note) && value > 10_000n) return formatDay(value);
  if (/seconds/.test(note) || /Sec$/.test(name)) return value > 1_500_000_000n ? formatTime(value) : formatDuration(value);
  return value.toString();
}
