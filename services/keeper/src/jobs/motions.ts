import { ACTIONS, type Action } from "@ftns/model";
import { contracts, interfaces, type Breaker } from "@ftns/sdk/contracts.ts";
import { type Chain, type Head, blockTag } from "@ftns/chain/connect.ts";
import { gasOf } from "@ftns/chain/estimate.ts";
import { formatTime } from "@ftns/sdk/units.ts";
import type { Call } from "@ftns/chain/call.ts";

/** A vote of the emergency governor that may still lead to something. */
export interface Motion {
  proposalId: bigint;
  action: Action;
  ending: boolean;
  /** When it can be executed (seconds); 0 = it has not passed. */
  executableAt: bigint;
  executeBefore: bigint;
  /** The chain or its feed stood still in its hours to object, so that they start anew. */
  startsAnew?: true;
  /** Why executing it would fail now. */
  failure?: string;
}

export interface MotionArgs {
  kind: "motion";
  governor: string;
  proposalId: bigint;
  /** Its hours to object start anew; otherwise it is executed. */
  anew?: true;
}

/** As OpenZeppelin numbers the states of a proposal. */
export const PROPOSAL_STATE = { pending: 0n, active: 1n, succeeded: 4n, queued: 5n } as const;
/** Cancelled, defeated, expired, executed: nothing comes after these. */
export const ENDS: readonly bigint[] = [2n, 3n, 6n, 7n];

/**
 * The motions that are open or wait for their execution, as the breaker names them itself: what an endpoint does not tell of events
 * hides none.
 */
export async function readMotions(chain: Chain, breaker: Breaker, head: Head, from: string) {
  const at = { blockTag: blockTag(head) };
  const kinds = ACTIONS.map((_, index) => BigInt(index));
  const [governor, starts, ends] = await Promise.all([
    breaker.emergencyGovernor(at),
    Promise.all(kinds.map((kind) => breaker.voteOn(kind, at))),
    Promise.all(kinds.map((kind) => breaker.endVoteOn(kind, at))),
  ]);
  const ids = [...new Set([...starts, ...ends])].filter((id) => id !== 0n);
  const votes = contracts.emergencyGovernor(governor, chain.provider);
  const states = contracts.governor(governor, chain.provider);
  const motions = await Promise.all(
    ids.map(async (proposalId): Promise<Motion | undefined> => {
      const [state, standing] = await Promise.all([states.state(proposalId, at), votes.standingOf(proposalId, at)]);
      if (!Object.values(PROPOSAL_STATE).includes(state as never)) return undefined;
      const { motion, executableAt, executeBefore } = standing;
      const action = ACTIONS[Number(motion.action)]!;
      const passed = { proposalId, action, ending: motion.ending, executableAt, executeBefore };
      if (state === PROPOSAL_STATE.pending) return { ...passed, startsAnew: true };
      if (executableAt === 0n || executableAt > head.timestamp) return passed;
      const failure = await failureOf(chain, motionCall({ governor, proposalId }), head, from);
      return failure === undefined ? passed : { ...passed, failure };
    }),
  );
  return { emergencyGovernor: governor, motions: motions.filter((motion) => motion !== undefined) };
}

export function motionCall({ governor, proposalId, anew }: Omit<MotionArgs, "kind">): Call {
  const call = anew ? "startAnew" : "execute(uint256)";
  return { to: governor, data: interfaces.emergencyGovernor().encodeFunctionData(call, [proposalId]) };
}

/** Why `call` would revert after `head`, or nothing when it would go through. */
export async function failureOf(chain: Chain, call: Call, head: Head, from: string): Promise<string | undefined> {
  const gas = await gasOf(chain, call, head, from);
  return typeof gas === "object" ? gas.failure : undefined;
}

/** What the motions ask for: what to send now, what is in the way, and when to look again. */
export function motionsDue(motions: readonly Motion[], governor: string, now: bigint) {
  const passed = motions.filter(({ executableAt }) => executableAt !== 0n);
  const due = passed.filter(({ executableAt }) => executableAt <= now);
  const next = due.find(({ failure }) => failure === undefined);
  const anew = motions.find(({ startsAnew }) => startsAnew);
  const later = passed.map(({ executableAt }) => executableAt).filter((time) => time > now);
  return {
    ...(anew && {
      next: {
        args: { kind: "motion", governor, proposalId: anew.proposalId, anew: true } satisfies MotionArgs,
        reason: `the chain or its feed stood still in the hours to object to ${nameOf(anew)}; they start anew`,
      },
    }),
    ...(next && {
      next: {
        args: { kind: "motion", governor, proposalId: next.proposalId } satisfies MotionArgs,
        reason: `the voters passed: ${nameOf(next)}; it can be executed until ${formatTime(next.executeBefore)}`,
      },
    }),
    faults: due
      .filter(({ failure }) => failure !== undefined)
      .map((motion) => `the voters passed: ${nameOf(motion)}, but it cannot be executed: ${motion.failure}`),
    ...(later.length > 0 && { until: later.reduce((a, b) => (b < a ? b : a)) }),
    open: motions.filter(({ executableAt, startsAnew }) => executableAt === 0n && !startsAnew).map(nameOf),
  };
}

const nameOf = ({ action, ending }: Pick<Motion, "action" | "ending">) => `${ending ? "end of " : ""}${action}`;
