/** What a const ABI says about TypeScript's types: the values that go in, the values that come out, events and errors. */
import type { AddressLike, BigNumberish, BytesLike } from "ethers";

/** One value of an ABI. */
export interface Parameter {
  readonly type: string;
  readonly name?: string;
  readonly indexed?: boolean;
  readonly components?: readonly Parameter[];
}

/** One function, event or error of an ABI. */
export interface Entry {
  readonly type: string;
  readonly name?: string;
  readonly inputs?: readonly Parameter[];
  readonly outputs?: readonly Parameter[];
  readonly stateMutability?: string;
}

export type Abi = readonly Entry[];

interface FunctionEntry extends Entry {
  readonly type: "function";
  readonly name: string;
  readonly inputs: readonly Parameter[];
  readonly outputs: readonly Parameter[];
  readonly stateMutability: string;
}

interface EventEntry extends Entry {
  readonly type: "event";
  readonly name: string;
  readonly inputs: readonly Parameter[];
}

interface ErrorEntry extends Entry {
  readonly type: "error";
  readonly name: string;
  readonly inputs: readonly Parameter[];
}

export type FunctionsOf<A extends Abi> = Extract<A[number], FunctionEntry>;
export type EventsOf<A extends Abi> = Extract<A[number], EventEntry>;
export type ErrorsOf<A extends Abi> = Extract<A[number], ErrorEntry>;

// --- What goes in

/** `Length` times `T`, while that is short enough to be written out. */
type Fixed<T, Length> = Length extends 1
  ? [T]
  : Length extends 2
    ? [T, T]
    : Length extends 3
      ? [T, T, T]
      : Length extends 4
        ? [T, T, T, T]
        : T[];

type Input<Type extends string, P extends Parameter> = Type extends `${infer Element}[]`
  ? readonly Input<Element, P>[]
  : Type extends `${infer Element}[${infer Length extends number}]`
    ? Readonly<Fixed<Input<Element, P>, Length>>
    : Type extends `${"uint" | "int"}${string}`
      ? BigNumberish
      : Type extends "address"
        ? AddressLike
        : Type extends "bool"
          ? boolean
          : Type extends "string"
            ? string
            : Type extends `bytes${string}`
              ? BytesLike
              : Type extends "tuple"
                ? InputObject<NonNullable<P["components"]>>
                : never;

type InputObject<Ps extends readonly Parameter[]> = {
  -readonly [P in Ps[number] as P["name"] & string]: Input<P["type"], P>;
};

/** The arguments of a function, in their order. */
export type Inputs<Ps extends readonly Parameter[]> = { -readonly [I in keyof Ps]: Input<Ps[I]["type"], Ps[I]> };

/** The arguments of an event's filter: each value, several of which one must be met, or none. */
export type FilterInputs<Ps extends readonly Parameter[]> = {
  -readonly [I in keyof Ps]?: Input<Ps[I]["type"], Ps[I]> | readonly Input<Ps[I]["type"], Ps[I]>[] | null | undefined;
};

// --- What comes out

type Output<Type extends string, P extends Parameter> = Type extends `${infer Element}[]`
  ? Output<Element, P>[]
  : Type extends `${infer Element}[${infer Length extends number}]`
    ? Fixed<Output<Element, P>, Length>
    : Type extends `${"uint" | "int"}${string}`
      ? bigint
      : Type extends "bool"
        ? boolean
        : Type extends "tuple"
          ? Outputs<NonNullable<P["components"]>>
          : string;

/** Values by their names; those without one are left out. */
export type OutputObject<Ps extends readonly Parameter[]> = {
  [P in Ps[number] as P["name"] extends "" | undefined ? never : P["name"] & string]: Output<P["type"], P>;
};

type OutputTuple<Ps extends readonly Parameter[]> = { -readonly [I in keyof Ps]: Output<Ps[I]["type"], Ps[I]> };

/** Values by their order and by their names, as ethers decodes them. */
export type Outputs<Ps extends readonly Parameter[]> = OutputTuple<Ps> & OutputObject<Ps>;

/** What a call gives: nothing, one value, or several. */
export type Answer<Ps extends readonly Parameter[]> = Ps extends readonly []
  ? void
  : Ps extends readonly [infer P extends Parameter]
    ? Output<P["type"], P>
    : Outputs<Ps>;

// --- Names

type Canonical<P extends Parameter> = P["type"] extends `tuple${infer Rest}`
  ? `(${Join<NonNullable<P["components"]>>})${Rest}`
  : P["type"];

type Join<Ps extends readonly Parameter[]> = Ps extends readonly [
  infer P extends Parameter,
  ...infer Rest extends readonly Parameter[],
]
  ? Rest extends readonly []
    ? Canonical<P>
    : `${Canonical<P>},${Join<Rest>}`
  : "";

type IsUnion<T, Whole = T> = T extends unknown ? ([Whole] extends [T] ? false : true) : never;

type ByName<E extends { readonly name: string }> = { [F in E as F["name"]]: F };
type OverloadedNames<M> = { [Name in keyof M]: true extends IsUnion<M[Name]> ? Name : never }[keyof M];

type Keyed<E extends { readonly name: string; readonly inputs: readonly Parameter[] }, Overloaded> = {
  [F in E as F["name"] extends Overloaded ? `${F["name"]}(${Join<F["inputs"]>})` : F["name"]]: F;
};

/** Functions by their names; those that share one, by their signatures, such as `work(uint8,bytes)`. */
export type FunctionMap<A extends Abi> = Keyed<FunctionsOf<A>, OverloadedNames<ByName<FunctionsOf<A>>>>;

/** Events likewise. */
export type EventMap<A extends Abi> = Keyed<EventsOf<A>, OverloadedNames<ByName<EventsOf<A>>>>;

/** What the functions `Name` of an ABI give, for naming it: `AnswerOf<typeof medianFeedAbi, "latestMarket">`. */
export type AnswerOf<A extends Abi, Name extends keyof FunctionMap<A>> = FunctionMap<A>[Name] extends infer F extends
  FunctionEntry
  ? Answer<F["outputs"]>
  : never;

/** The arguments of the function `Name` of an ABI. */
export type ArgumentsOf<A extends Abi, Name extends keyof FunctionMap<A>> = FunctionMap<A>[Name] extends infer F extends
  FunctionEntry
  ? Inputs<F["inputs"]>
  : never;
