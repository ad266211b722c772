export * from "./abi/index.ts";
export * from "./contracts.ts";
export * from "./deployments.ts";
export * from "./economy.ts";
export * from "./errors/index.ts";
export * from "./signing.ts";
export type { Abi, Answer, AnswerOf, ArgumentsOf, Entry, Inputs, OutputObject, Outputs, Parameter } from "./typed/abi.ts";
export * from "./typed/contract.ts";
export * from "./units.ts";
