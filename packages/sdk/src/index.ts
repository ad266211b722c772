export * from "./contracts.ts";
export * from "./signing.ts";
export * from "./units.ts";
