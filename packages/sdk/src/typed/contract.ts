/** Contracts of ethers whose functions and events have the types that their ABI says. */
import {
  type BaseContract,
  type BlockTag,
  Contract,
  type ContractRunner,
  type ContractTransaction,
  type ContractTransactionResponse,
  type DeferredTopicFilter,
  type EventFragment,
  type EventLog,
  type FunctionFragment,
  Interface,
  type InterfaceAbi,
  type Overrides,
  type Typed,
} from "ethers";
import type { Abi, Answer, EventMap, FilterInputs, FunctionMap, Inputs, Outputs, Parameter } from "./abi.ts";

type ViewOverrides = Overrides;
type SendOverrides = Omit<Overrides, "blockTag" | "enableCcipRead">;

type WithTyped<Args extends readonly unknown[]> = { [I in keyof Args]: Args[I] | Typed };
type With<Args extends readonly unknown[], O> = [...args: WithTyped<Args>] | [...args: WithTyped<Args>, overrides: O];

/** What every function of a contract can do beside being called. */
interface Method<Args extends readonly unknown[], Returned, Results, O> {
  readonly name: string;
  readonly fragment: FunctionFragment;
  getFragment(...args: With<Args, O>): FunctionFragment;
  populateTransaction(...args: With<Args, O>): Promise<ContractTransaction>;
  staticCall(...args: With<Args, ViewOverrides>): Promise<Returned>;
  /** What it would return, as a list also where it is one value. */
  staticCallResult(...args: With<Args, ViewOverrides>): Promise<Results>;
  send(...args: With<Args, O>): Promise<ContractTransactionResponse>;
  estimateGas(...args: With<Args, O>): Promise<bigint>;
}

/** A function that reads. */
export interface ViewMethod<Args extends readonly unknown[], Returned, Results = unknown>
  extends Method<Args, Returned, Results, ViewOverrides> {
  (...args: With<Args, ViewOverrides>): Promise<Returned>;
}

/** A function that writes: called, it sends a transaction. `staticCall` tells what it would return. */
export interface SendMethod<Args extends readonly unknown[], Returned, Results = unknown>
  extends Method<Args, Returned, Results, SendOverrides> {
  (...args: With<Args, SendOverrides>): Promise<ContractTransactionResponse>;
}

type MethodOf<F> = F extends {
  readonly inputs: infer I extends readonly Parameter[];
  readonly outputs: infer O extends readonly Parameter[];
  readonly stateMutability: infer M;
}
  ? M extends "view" | "pure"
    ? ViewMethod<Inputs<I>, Answer<O>, Outputs<O>>
    : SendMethod<Inputs<I>, Answer<O>, Outputs<O>>
  : never;

type Methods<A extends Abi> = { readonly [Name in keyof FunctionMap<A>]: MethodOf<FunctionMap<A>[Name]> };

type InputsOf<E> = E extends { readonly inputs: infer I extends readonly Parameter[] } ? I : never;

/** An event that was read, with its values. */
export interface TypedLog<E> extends Omit<EventLog, "args"> {
  readonly args: Outputs<InputsOf<E>>;
}

/** A filter that knows its event. */
export interface TypedFilter<E> extends DeferredTopicFilter {
  readonly event?: E;
}

export interface TypedEvent<E> {
  (...args: FilterInputs<InputsOf<E>>): TypedFilter<E>;
  readonly name: string;
  readonly fragment: EventFragment;
  getFragment(...args: FilterInputs<InputsOf<E>>): EventFragment;
}

type Filters<A extends Abi> = { readonly [Name in keyof EventMap<A>]: TypedEvent<EventMap<A>[Name]> };

/** ethers' Interface that knows the names in its ABI. */
export interface TypedInterface<A extends Abi> extends Interface {
  getFunction<Name extends keyof FunctionMap<A> & string>(name: Name): FunctionFragment;
  getFunction(key: string, values?: any[]): FunctionFragment | null;
  getEvent<Name extends keyof EventMap<A> & string>(name: Name): EventFragment;
  getEvent(key: string, values?: any[]): EventFragment | null;
  encodeFunctionData<Name extends keyof FunctionMap<A> & string>(
    name: Name,
    ...values: Inputs<InputsOf<FunctionMap<A>[Name]>> extends infer Args extends readonly unknown[]
      ? Args extends readonly []
        ? [values?: readonly []]
        : [values: Readonly<WithTyped<Args>>]
      : never
  ): string;
  encodeFunctionData(fragment: FunctionFragment, values?: readonly any[]): string;
}

type Connected<A extends Abi> = {
  readonly interface: TypedInterface<A>;
  readonly filters: Filters<A>;
  connect(runner: ContractRunner | null): TypedContract<A>;
  attach(target: Parameters<BaseContract["attach"]>[0]): TypedContract<A>;
  getFunction<Name extends keyof FunctionMap<A>>(name: Name): MethodOf<FunctionMap<A>[Name]>;
  getEvent<Name extends keyof EventMap<A>>(name: Name): TypedEvent<EventMap<A>[Name]>;
  queryFilter<E>(event: TypedFilter<E> | TypedEvent<E>, from?: BlockTag, to?: BlockTag): Promise<TypedLog<E>[]>;
};

/** A contract with the functions and events of `A`. */
export type TypedContract<A extends Abi> = Methods<A> & Connected<A> & BaseContract;

const interfaces = new WeakMap<Abi, Interface>();

/** The Interface of an ABI, made once. */
export function interfaceOf<const A extends Abi>(abi: A): TypedInterface<A> {
  let found = interfaces.get(abi);
  if (found === undefined) interfaces.set(abi, (found = new Interface(abi as InterfaceAbi)));
  return found as TypedInterface<A>;
}

/** The contract at `address`. A provider as runner reads, a signer also sends, none only encodes. */
export function connectContract<const A extends Abi>(
  abi: A,
  address: string,
  runner: ContractRunner | null = null,
): TypedContract<A> {
  return new Contract(address, interfaceOf(abi), runner) as unknown as TypedContract<A>;
}
