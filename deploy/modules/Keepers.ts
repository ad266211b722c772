import type { IgnitionModuleBuilder, Future } from "@nomicfoundation/ignition-core";
import type { EconomyParameters } from "../parameters.ts";
import { keeperParametersOf } from "../parameters.ts";
import type { Access } from "./Access.ts";
import type { Governance } from "./Governance.ts";
import type { Supply } from "./Supply.ts";
import type { Token } from "./Token.ts";

const NOBODY = "0x0000000000000000000000000000000000000000";

/** The jobs of the keepers, and who pays for them. `voters`: the breaker must know its governor first. */
export function deployKeepers(
  m: IgnitionModuleBuilder,
  { manager }: Access,
  { pool }: Token,
  { controller }: Supply,
  { breaker, governor }: Governance,
  parameters: EconomyParameters,
  voters: Future,
) {
  const { coinFeed, ftnsPerCoin } = keeperParametersOf(parameters);
  const args = [manager, pool, breaker, governor, controller, coinFeed ?? NOBODY, ftnsPerCoin];
  return { keeperJobs: m.contract("KeeperJobs", args, { after: [voters] }) };
}

export type Keepers = ReturnType<typeof deployKeepers>;
