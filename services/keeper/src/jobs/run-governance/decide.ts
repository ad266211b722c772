import { formatTime } from "@ftns/sdk/units.ts";
import { type Decision, act, broken, nothing, waitUntil } from "../decision.ts";
import { type MotionArgs, motionsDue } from "../motions.ts";
import type { Details, GovernanceSnapshot, Step } from "./read.ts";

export type GovernanceArgs = { kind: Step["kind"]; proposalId: bigint; details: Details } | MotionArgs;

/** Emergencies first, then what passed first. A step that would fail holds up no other, and is told when nothing is left. */
export function decideGovernance(seen: GovernanceSnapshot): Decision<GovernanceArgs> {
  const decision = decide(seen);
  if (seen.ignored.length === 0) return decision;
  const left = seen.ignored.map((id) => `proposal ${short(id)}`).join(", ");
  return { ...decision, reason: `${decision.reason} (left alone, as jobs.run-governance.ignore says: ${left})` };
}

function decide(seen: GovernanceSnapshot): Decision<GovernanceArgs> {
  const now = seen.head.timestamp;
  const votes = motionsDue(seen.motions, seen.emergencyGovernor ?? "", now);
  if (votes.next) return act(votes.next.args, votes.next.reason);

  const due = seen.steps.filter(({ dueAt }) => dueAt <= now);
  for (const { kind, proposalId, details, failure } of due) {
    if (details && failure === undefined) {
      return act({ kind, proposalId, details }, `${kind} proposal ${short(proposalId)} ("${details.title}")`);
    }
  }

  const faults = [
    ...votes.faults,
    ...due.map(
      ({ kind, proposalId, failure }) =>
        `proposal ${short(proposalId)} passed, but it cannot be ${kind}d: ${failure ?? "its content is unknown"}`,
    ),
  ];
  if (faults.length > 0) return broken(faults.join(". "));

  const later = seen.steps.map(({ dueAt }) => dueAt).concat(votes.until ?? []);
  const first = later.reduce<bigint | undefined>((a, b) => (a === undefined || b < a ? b : a), undefined);
  if (first !== undefined) return waitUntil(first, `what passed waits for its time, the first until ${formatTime(first)}`);
  return nothing(`nothing that passed waits (${seen.looked} proposals looked at)`);
}

/** Ids are 77 digits long; their end is enough to tell them apart. */
const short = (proposalId: bigint) => `...${proposalId.toString().slice(-8)}`;
