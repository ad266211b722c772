export * from "./math/fullMath.ts";
export * from "./math/sqrt.ts";
export * from "./math/wad.ts";
export * from "./math/words.ts";
export * from "./token/ledger.ts";
export * from "./token/parameters.ts";
export * from "./token/settlement.ts";
export * from "./token/timeline.ts";
