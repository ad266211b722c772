import type { Future, IgnitionModuleBuilder, NamedArtifactContractDeploymentFuture } from "@nomicfoundation/ignition-core";
import { membersOf, type EconomyParameters } from "../parameters.ts";
import { RESTRICTED, ROLES, selectorsOf, type Managed, type Role } from "../wiring.ts";

type ContractFuture = NamedArtifactContractDeploymentFuture<string>;
type Contracts = Record<
  Exclude<Managed, "medianFeed" | "reporterPay" | "desk"> | "manager" | "timelock" | "emergencyGovernor" | "voteProofs",
  ContractFuture
> & { medianFeed?: ContractFuture; reporterPay?: ContractFuture; desk?: ContractFuture };

/** No delay between a member's decision and its effect: the delays are the timelock's and the emergency votes'. */
const NO_DELAY = 0n;

/** One transaction that gives every function its role, every role its members, and takes the deployer's power away. */
export function handOver(
  m: IgnitionModuleBuilder,
  contracts: Contracts,
  parameters: EconomyParameters,
  deployer: string,
  after: Future[],
) {
  const { manager } = contracts;
  const steps: ReturnType<typeof m.encodeFunctionCall>[] = [];
  const step = (id: string, call: string, args: Parameters<typeof m.call>[2]) =>
    steps.push(m.encodeFunctionCall(manager, call, args, { id }));

  for (const [name, functionsByRole] of Object.entries(RESTRICTED) as [Managed, (typeof RESTRICTED)[Managed]][]) {
    const target = contracts[name];
    if (target === undefined) continue;
    for (const [role, functions] of Object.entries(functionsByRole) as [Role, readonly string[]][]) {
      step(`${name}_${role}`, "setTargetFunctionRole", [target, selectorsOf(name, functions), ROLES[role]]);
    }
  }

  const members = membersOf<ContractFuture>(parameters, contracts);
  for (const [role, number] of Object.entries(ROLES) as [Role, bigint][]) {
    if (role !== "ADMIN") step(`label_${role}`, "labelRole", [number, role]);
    for (const [index, member] of members[role].entries()) {
      step(`grant_${role}_${index}`, "grantRole", [number, member, NO_DELAY]);
    }
  }
  if (!members.ADMIN.includes(deployer)) step("leave", "renounceRole", [ROLES.ADMIN, deployer]);

  m.call(manager, "multicall", [steps], { id: "handOver", after });
}
