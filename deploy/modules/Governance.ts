import type { IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";
import { TIMELOCK_ROLES } from "../wiring.ts";
import { minSupportersOf, type EconomyParameters } from "../parameters.ts";
import type { Access } from "./Access.ts";
import type { Contributors } from "./Contributors.ts";
import type { Prices } from "./Prices.ts";
import type { Staking } from "./Staking.ts";
import type { Supply } from "./Supply.ts";
import type { Token } from "./Token.ts";

/** Between a decision of the ordinary governor and its effect (seconds). */
export const TIMELOCK_DELAY = 2n * 86_400n;
const NOBODY = "0x0000000000000000000000000000000000000000";

/**
 * The ordinary governor with its timelock, and the circuit breaker with the emergency governor. The timelock obeys the
 * governor alone, also when it executes: a proposal's code is checked there (PinnedCode).
 */
export function deployGovernance(
  m: IgnitionModuleBuilder,
  { manager }: Access,
  { token, wrapper }: Token,
  { medianFeed, history }: Prices,
  { controller }: Supply,
  { registry }: Contributors,
  { vault }: Staking,
  parameters: EconomyParameters,
) {
  const deployer = m.getAccount(0);
  const timelock = m.contract("FTNSTimelock", [TIMELOCK_DELAY, deployer, token, wrapper]);
  const ordinaryCalls = m.contract("OrdinaryCalls", [manager, timelock]);
  const proposalDeposits = m.contract("ProposalDeposits", [manager, vault]);
  const governor = m.contract("FTNSGovernor", [vault, timelock, ordinaryCalls, proposalDeposits]);
  const granted = TIMELOCK_ROLES.map(({ name, role }) =>
    m.call(timelock, "grantRole", [role, governor], { id: `timelock_${name}` }),
  );
  m.call(timelock, "renounceRole", [`0x${"0".repeat(64)}`, deployer], { id: "timelock_leave", after: granted });

  const marketFeed = parameters.priceFeed.kind === "median" ? medianFeed! : NOBODY;
  const supporters = minSupportersOf(parameters);
  const breaker = m.contract("CircuitBreaker", [manager, token, controller, registry, governor, marketFeed, vault, supporters]);
  const emergencyGovernor = m.contract("EmergencyGovernor", [vault, breaker, registry, history]);
  const voteProofs = m.contract("VoteProofs", [governor, registry]);
  return { timelock, ordinaryCalls, proposalDeposits, governor, breaker, emergencyGovernor, voteProofs };
}

export type Governance = ReturnType<typeof deployGovernance>;
