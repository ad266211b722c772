import type { IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";
import { DESK_DAY_SHARE, type EconomyParameters, inventoryOf } from "../parameters.ts";
import type { Access } from "./Access.ts";
import type { Governance } from "./Governance.ts";
import type { Prices } from "./Prices.ts";
import type { Supply } from "./Supply.ts";
import type { Token } from "./Token.ts";

/** The treasury's market desk, if it runs one, and what it is given to trade with. */
export function deployDesk(
  m: IgnitionModuleBuilder,
  { manager }: Access,
  { token }: Token,
  { history }: Prices,
  { pathPolicy }: Supply,
  { breaker }: Governance,
  parameters: EconomyParameters,
) {
  if (parameters.desk === undefined) return { desk: undefined, stocked: [] };
  const { dollar } = parameters.desk;
  const desk = m.contract("MarketDesk", [manager, token, dollar, history, breaker, pathPolicy, DESK_DAY_SHARE]);
  const inventory = inventoryOf(parameters);
  if (inventory === 0n) return { desk, stocked: [] };
  const given = m.call(token, "transfer", [desk, inventory], { from: parameters.treasury, id: "inventoryOfDesk" });
  return { desk, stocked: [given] };
}
