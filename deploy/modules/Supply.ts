import type { IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";
import type { Access } from "./Access.ts";
import type { Prices } from "./Prices.ts";

/** The controller of the supply multiplier and the rule it follows. */
export function deploySupply(m: IgnitionModuleBuilder, { manager }: Access, { history }: Prices, launchDay: bigint) {
  const policy = m.contract("RoadmapPolicy");
  const controller = m.contract("SupplyController", [manager, history, policy, launchDay]);
  return { policy, controller };
}

export type Supply = ReturnType<typeof deploySupply>;
