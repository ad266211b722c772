import { AbiCoder, type ErrorFragment, Interface, type Result } from "ethers";
import { abis } from "../contracts.ts";
import { CONTRACTS } from "../economy.ts";
import { interfaceOf } from "../typed/contract.ts";
import { revertDataOf } from "./data.ts";
import { PANICS } from "./panics.ts";
import { SOLADY, SOLADY_WORDS } from "./solady.ts";
import { MEANINGS } from "./table.ts";

/** What stands in the data of a revert. */
export interface Decoded {
  /** `Error` for a text, `Panic` for a fault of arithmetic, and the name of a custom error otherwise. */
  readonly name: string;
  readonly args: Result;
  readonly words: string;
}

type ContractName = (typeof CONTRACTS)[keyof typeof CONTRACTS];

interface Candidate {
  readonly contract: ContractName;
  readonly fragment: ErrorFragment;
}

const coder = AbiCoder.defaultAbiCoder();
const TEXT_SELECTOR = "0x08c379a0";
const PANIC_SELECTOR = "0x4e487b71";

let known: Map<string, Candidate[]> | undefined;
let solady: Interface | undefined;

/** Selector -> the contracts that have such an error. */
function candidates(): Map<string, Candidate[]> {
  if (known !== undefined) return known;
  known = new Map();
  for (const [name, abi] of Object.entries(abis)) {
    const contract = CONTRACTS[name === "medianFeed" ? "feed" : (name as keyof typeof CONTRACTS)];
    interfaceOf(abi).forEachError((fragment) => {
      known!.set(fragment.selector, [...(known!.get(fragment.selector) ?? []), { contract, fragment }]);
    });
  }
  return known;
}

/**
 * The error in the data of a revert; undefined when there is none or nobody here knows it. Two errors mean different things in
 * two contracts: name the one that was called as `from`, and the words fit it.
 */
export function decodeError(data: string | null | undefined, from?: ContractName): Decoded | undefined {
  if (!data || data === "0x") return undefined;
  try {
    return decodeText(data) ?? decodePanic(data) ?? decodeCustom(data, from) ?? decodeSolady(data);
  } catch {
    return undefined; // The selector of one of ours, with values of another shape.
  }
}

function decodeText(data: string): Decoded | undefined {
  if (!data.startsWith(TEXT_SELECTOR)) return undefined;
  const args = coder.decode(["string"], `0x${data.slice(10)}`);
  return { name: "Error", args, words: `the contract refused: ${args[0]}` };
}

function decodePanic(data: string): Decoded | undefined {
  if (!data.startsWith(PANIC_SELECTOR)) return undefined;
  const args = coder.decode(["uint256"], `0x${data.slice(10)}`);
  return {
    name: "Panic",
    args,
    words: PANICS.get(Number(args[0])) ?? `the contract failed with panic code ${args[0]}; report it`,
  };
}

function decodeCustom(data: string, from: ContractName | undefined): Decoded | undefined {
  const all = candidates().get(data.slice(0, 10).toLowerCase());
  if (all === undefined) return undefined;
  const called = all.find(({ contract }) => contract === from);
  const { contract, fragment } = called ?? all[0]!;
  const args = coder.decode([...fragment.inputs], `0x${data.slice(10)}`);
  const own = MEANINGS[`${contract}.${fragment.name}`];
  const meaning = called ? (own ?? MEANINGS[fragment.name]) : (MEANINGS[fragment.name] ?? own);
  return { name: fragment.name, args, words: meaning?.(args.toObject()) ?? spelledOut(fragment, args) };
}

function spelledOut({ name, inputs }: ErrorFragment, args: Result): string {
  return `the contract refused with ${name}(${inputs.map((input, index) => `${input.name} ${String(args[index])}`).join(", ")})`;
}

function decodeSolady(data: string): Decoded | undefined {
  const error = (solady ??= new Interface(SOLADY)).parseError(data);
  return error === null ? undefined : { name: error.name, args: error.args, words: SOLADY_WORDS };
}

/** What to say when there is nothing to decode, or nothing that is known. */
export interface Unexplained {
  readonly none?: string;
  /** Stands behind "the contract refused with an unknown error 0x12345678". */
  readonly unknown?: string;
}

/** Words for the data of a revert: what is the matter, then what to do about it. */
export function wordsOfRevert(
  data: string | null | undefined,
  {
    from,
    none = "check the addresses of the contracts",
    unknown = "check that this version fits the contracts",
  }: Unexplained & {
    readonly from?: ContractName;
  } = {},
): string {
  if (!data || data === "0x") return `the contract refused without giving a reason; ${none}`;
  return decodeError(data, from)?.words ?? `the contract refused with an unknown error ${data.slice(0, 10)}; ${unknown}`;
}

/** Name of the error in what a call threw, for calls that expect one. */
export function revertName(error: unknown): string | undefined {
  return decodeError(revertDataOf(error))?.name;
}
