import { ACTIONS, TRIGGERS, type Action, type Trigger } from "@ftns/model";
import type { Interface, LogDescription, TransactionReceipt } from "ethers";
import type { Economy } from "./economy.ts";

/** What somebody's transaction did with an emergency or a vote, by its events. */
export type Act =
  | {
      readonly kind: "trigger";
      readonly trigger: Trigger;
      readonly opens: boolean;
      readonly measured: bigint;
      readonly confidence: bigint;
    }
  | { readonly kind: "action"; readonly action: Action; readonly until: bigint }
  | { readonly kind: "queue"; readonly proposalId: bigint; readonly eta: bigint }
  | { readonly kind: "execute"; readonly proposalId: bigint };

interface Finding {
  readonly measured: bigint;
  readonly confidence: bigint;
}

/** What an event of the breaker or of the governor says; undefined for those that are no act. */
export function actOf({ name, args }: LogDescription): Act | undefined {
  switch (name) {
    case "EmergencyOpened":
    case "TriggerRecorded": {
      const { measured, confidence } = args["finding"] as Finding;
      return {
        kind: "trigger",
        trigger: TRIGGERS[Number(args["trigger"])]!,
        opens: name === "EmergencyOpened",
        measured,
        confidence,
      };
    }
    case "ActionTaken":
      return { kind: "action", action: ACTIONS[Number(args["action"])]!, until: args["until"] as bigint };
    case "ProposalQueued":
      return { kind: "queue", proposalId: args["proposalId"] as bigint, eta: args["etaSeconds"] as bigint };
    case "ProposalExecuted":
      return { kind: "execute", proposalId: args["proposalId"] as bigint };
    default:
      return undefined;
  }
}

/** Whose events are acts. */
export function actingContracts({ breaker, governor, addresses }: Economy): Map<string, Interface> {
  return new Map<string, Interface>([
    [addresses.breaker, breaker.interface],
    [addresses.governor, governor.interface],
  ]);
}

/** The act of one transaction. */
export function actIn(economy: Economy, receipt: TransactionReceipt): Act | undefined {
  const contracts = actingContracts(economy);
  for (const log of receipt.logs) {
    const event = contracts.get(log.address)?.parseLog(log);
    const act = event == null ? undefined : actOf(event);
    if (act !== undefined) return act;
  }
  return undefined;
}
