export * from "./math/fullMath.ts";
export * from "./math/sqrt.ts";
export * from "./math/wad.ts";
export * from "./math/words.ts";
