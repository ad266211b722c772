import { AbiCoder, isError, keccak256, toUtf8Bytes } from "ethers";
import type { Breaker, Governor } from "@ftns/sdk/contracts.ts";
import { eventsBetween, firstBlockAt } from "@ftns/chain/blocks.ts";
import { type Chain, type Head, blockTag } from "@ftns/chain/connect.ts";
import { ServiceError } from "@ftns/service/errors.ts";
import type { Call } from "@ftns/chain/call.ts";
import { type Motion, ENDS, PROPOSAL_STATE, failureOf, readMotions } from "../motions.ts";

/** What a proposal's id is the hash of. */
export interface Details {
  targets: string[];
  values: bigint[];
  calldatas: string[];
  descriptionHash: string;
  /** The first line, for the log. */
  title: string;
}

export interface Step {
  proposalId: bigint;
  kind: "queue" | "execute";
  /** From when on it can be done (seconds). */
  dueAt: bigint;
  /** Known when it is due. */
  details?: Details;
  /** Why it would fail now. */
  failure?: string;
}

export interface GovernanceRules {
  /** How many of the latest proposals are looked at. */
  lookback: number;
  /** Proposals that are left alone, whatever they wait for. */
  ignore: readonly bigint[];
}

export interface GovernanceSnapshot {
  head: Head;
  /** Proposals that were looked at, and what those that passed wait for. */
  looked: number;
  steps: Step[];
  /** Proposals that passed and are left alone. */
  ignored: bigint[];
  emergencyGovernor?: string;
  motions: Motion[];
}

/** A block with so many behind it stays. */
const REORG_BLOCKS = 64;
/** Longest time from a proposal to its snapshot that the governor's bounds allow (seconds). */
const LONGEST_DELAY_SEC = 604_800n;

/** What earlier looks found and what can never change. */
export class Remembered {
  /** The content of a proposal, by its hash. */
  readonly details = new Map<bigint, Details>();
  /** The ids of the latest proposals, from the first that is looked at. */
  ids: bigint[] = [];
  first = 0n;
  /** Proposals that are over, and in which block that was first seen. */
  readonly over = new Map<bigint, number>();
}

/** Reads the latest proposals: in one call, unless there are new ones or some that passed. */
export async function readGovernance(
  chain: Chain,
  governor: Governor,
  breaker: Breaker | undefined,
  { lookback, ignore }: GovernanceRules,
  from: string,
  known: Remembered,
): Promise<GovernanceSnapshot> {
  const head = await chain.latest();
  const at = { blockTag: blockTag(head) };
  const voting = breaker && readMotions(chain, breaker, head, from);
  // It is waited for below; a failure of the rest must not leave it without a listener.
  voting?.catch(() => undefined);
  // What ended lately is looked at again: the chain may take its end back.
  const looking = known.ids.filter((id) => (known.over.get(id) ?? Infinity) + REORG_BLOCKS > head.number);
  const end = known.first + BigInt(known.ids.length);
  const [count, newest, ...guesses] = await Promise.all([
    governor.proposalCount(at),
    end > 0n ? unlessUnknown(governor.proposalIdAt(end - 1n, at)) : undefined,
    ...looking.map((id) => unlessUnknown(governor.state(id, at))),
  ]);
  const states = new Map(looking.map((id, index) => [id, guesses[index]]));
  const first = count < BigInt(lookback) ? 0n : count - BigInt(lookback);
  const looked = Number(count - first);
  // Ids only ever come behind the last one, unless the chain took a block back.
  if (count !== end || newest !== known.ids.at(-1) || first !== known.first || [...states.values()].includes(undefined)) {
    const ids = await Promise.all(Array.from({ length: looked }, (_, index) => governor.proposalIdAt(first + BigInt(index), at)));
    Object.assign(known, { ids, first });
    // What was over on a branch that is gone is looked at again.
    known.over.clear();
    const found = await Promise.all(ids.map((id) => governor.state(id, at)));
    states.clear();
    for (const [index, id] of ids.entries()) states.set(id, found[index]);
  }
  for (const [id, state] of states) {
    if (!ENDS.includes(state!)) known.over.delete(id);
    else if (!known.over.has(id)) known.over.set(id, head.number);
  }
  const { ids } = known;

  const inState = (state: bigint) => ids.filter((id) => states.get(id) === state);
  const left = (id: bigint) => ignore.includes(id);
  const passed = inState(PROPOSAL_STATE.succeeded).filter((id) => !left(id));
  const queued = inState(PROPOSAL_STATE.queued).filter((id) => !left(id));
  const ignored = [PROPOSAL_STATE.succeeded, PROPOSAL_STATE.queued].flatMap(inState).filter(left);
  const etas = await Promise.all(queued.map((id) => governor.proposalEta(id, at)));
  const waiting: Step[] = [
    ...queued.map((proposalId, index): Step => ({ proposalId, kind: "execute", dueAt: etas[index]! })),
    ...passed.map((proposalId): Step => ({ proposalId, kind: "queue", dueAt: head.timestamp })),
  ];
  const steps = await Promise.all(
    waiting.map(async (step): Promise<Step> => {
      if (step.dueAt > head.timestamp) return step;
      let details = known.details.get(step.proposalId);
      try {
        details ??= await detailsOf(chain, governor, head, step.proposalId);
      } catch (error) {
        // What one proposal hides must not hold up the others; an endpoint that fails fails the whole look.
        if (error instanceof ServiceError) return { ...step, failure: error.advice };
        throw error;
      }
      known.details.set(step.proposalId, details);
      const failure = await failureOf(chain, await stepCall(governor, step.kind, details), head, from);
      return { ...step, details, ...(failure !== undefined && { failure }) };
    }),
  );
  const votes = await voting;
  return {
    head,
    looked,
    steps,
    ignored,
    motions: votes?.motions ?? [],
    ...(votes && { emergencyGovernor: votes.emergencyGovernor }),
  };
}

/** What was read; undefined when the contract has no such proposal. */
async function unlessUnknown<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isError(error, "CALL_EXCEPTION")) return undefined;
    throw error;
  }
}

export async function stepCall(governor: Governor, kind: Step["kind"], details: Details): Promise<Call> {
  const { targets, values, calldatas, descriptionHash } = details;
  const given: [string[], bigint[], string[], string] = [targets, values, calldatas, descriptionHash];
  const data =
    kind === "queue"
      ? governor.interface.encodeFunctionData("queue", given)
      : governor.interface.encodeFunctionData("execute", given);
  return { to: await governor.getAddress(), data };
}

/** The content of a proposal, from the event of its making, checked against the id that is its hash. */
async function detailsOf(chain: Chain, governor: Governor, head: Head, proposalId: bigint): Promise<Details> {
  const at = { blockTag: blockTag(head) };
  const [snapshot, delay] = await Promise.all([governor.proposalSnapshot(proposalId, at), governor.votingDelay(at)]);
  // It was made one delay before its snapshot: look there first, and if the delay was changed since, all along.
  const likely = await firstBlockAt(chain, head, snapshot - delay);
  const found =
    (await search(governor, proposalId, likely, likely)) ??
    (await search(
      governor,
      proposalId,
      await firstBlockAt(chain, head, snapshot - LONGEST_DELAY_SEC),
      await firstBlockAt(chain, head, snapshot),
    ));
  if (found) return found;
  throw new ServiceError(
    `The event of proposal ${proposalId} is not to be found.`,
    "Check that the endpoint serves events of the last months.",
  );
}

async function search(governor: Governor, proposalId: bigint, from: number, to: number): Promise<Details | undefined> {
  const events = await eventsBetween(
    (first, last) => governor.queryFilter(governor.filters.ProposalCreated(), first, last),
    from,
    to,
  );
  const event = events.find(({ args }) => args.proposalId === proposalId);
  if (!event) return undefined;
  const { targets, calldatas, description } = event.args;
  const details: Details = {
    targets: [...targets],
    // `values` is also a method of arrays, so that it is there by position only.
    values: [...(event.args[3] as bigint[])],
    calldatas: [...calldatas],
    descriptionHash: keccak256(toUtf8Bytes(description)),
    title: titleOf(description),
  };
  if (idOf(details) !== proposalId) {
    throw new ServiceError(
      `The endpoint's event of proposal ${proposalId} holds something else than was voted on.`,
      "Use another endpoint; nothing was sent.",
    );
  }
  return details;
}

/** As OpenZeppelin's governor works it out. */
export function idOf({ targets, values, calldatas, descriptionHash }: Details): bigint {
  const types = ["address[]", "uint256[]", "bytes[]", "bytes32"];
  return BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(types, [targets, values, calldatas, descriptionHash])));
}

// The description is a stranger's text in our log: one line, printable, short.
function titleOf(description: string): string {
  return description
    .split("\n", 1)[0]!
    .replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, "")
    .slice(0, 80);
}
