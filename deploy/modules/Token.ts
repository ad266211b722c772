import type { IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";
import type { EconomyParameters } from "../parameters.ts";
import type { Access } from "./Access.ts";

/** The token, its wrapper, and the pool that demurrage flows to: the pool first, because the token names it for ever. */
export function deployToken(m: IgnitionModuleBuilder, { manager }: Access, parameters: EconomyParameters) {
  const pool = m.contract("RewardPool", [manager]);
  const token = m.contract("FTNSToken", [manager, pool, parameters.treasury, parameters.initialSupply]);
  const wrapper = m.contract("WrappedFTNS", [token]);
  return { token, wrapper, pool };
}

export type Token = ReturnType<typeof deployToken>;
