import type { Future, IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";
import { type EconomyParameters, policyOf } from "../parameters.ts";
import type { Access } from "./Access.ts";
import type { Prices } from "./Prices.ts";

/** The path's price at the launch is taken from the history, so that it is nobody's choice. */
const NO_ANCHOR = 0n;

/** The controller of the supply multiplier, the rule it follows, and the other one, which runs in its shadow. */
export function deploySupply(
  m: IgnitionModuleBuilder,
  { manager }: Access,
  { history }: Prices,
  launchDay: bigint,
  parameters: EconomyParameters,
) {
  const roadmapPolicy = m.contract("RoadmapPolicy");
  const pathPolicy = m.contract("PathPolicy", [history, launchDay, NO_ANCHOR]);
  const [rules, shadow] = policyOf(parameters) === "path" ? [pathPolicy, roadmapPolicy] : [roadmapPolicy, pathPolicy];
  const controller = m.contract("SupplyController", [manager, history, rules, launchDay]);
  const shadowed: Future = m.call(controller, "setShadow", [shadow]);
  return { supply: { roadmapPolicy, pathPolicy, controller }, shadowed };
}

export type Supply = ReturnType<typeof deploySupply>["supply"];
