import type { Future, IgnitionModuleBuilder, NamedArtifactContractDeploymentFuture } from "@nomicfoundation/ignition-core";
import { ORDINARY, ruleOf, type OrdinaryCall } from "../ordinary.ts";

type Contracts = Record<OrdinaryCall["contract"], NamedArtifactContractDeploymentFuture<string>>;

/** The list of what an ordinary vote may do. */
export function nameOrdinaryCalls(
  m: IgnitionModuleBuilder,
  contracts: Omit<Contracts, "manager" | "desk"> & Partial<Contracts>,
): Future[] {
  const there = ORDINARY.filter(({ contract }) => contracts[contract] !== undefined);
  return there.map((row) => {
    const { selector, rule } = ruleOf(row, (asset) => contracts[asset]);
    const id = `ordinary_${row.contract}_${row.call}`;
    return m.call(contracts.ordinaryCalls, "setRule", [contracts[row.contract]!, selector, rule], { id });
  });
}
