import type { IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";

/** The one authority. The deployer holds it until `handOver` gives it away. */
export function deployAccess(m: IgnitionModuleBuilder) {
  return { manager: m.contract("FTNSAccessManager", [m.getAccount(0)]) };
}

export type Access = ReturnType<typeof deployAccess>;
