import type { TierName } from "../report/types.ts";

/** In the order of the contracts' `Tier`. */
export const TIERS: readonly TierName[] = ["NONE", "BASIC", "ACTIVE", "POWER"];
