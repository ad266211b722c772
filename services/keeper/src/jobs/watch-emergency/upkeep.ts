import { ACTIONS, type Action } from "@ftns/model";
import type { Breaker } from "@ftns/sdk/contracts.ts";
import { formatFtns } from "@ftns/sdk/units.ts";

/** What is left to do of votes that are decided, and of bonds whose votes are over. */
export interface Upkeep {
  /** Actions whose vote was stopped, and of which something lasts. */
  opposed: Action[];
  /** Bonds that can be settled, oldest first. */
  bonds: { id: bigint; amount: bigint }[];
}

export type UpkeepArgs = { kind: "opposed"; action: Action } | { kind: "bond"; id: bigint };

/** Bonds that are looked at, the latest ones, as KeeperJobs does. */
const LOOK_BACK = 32n;
const NOBODY = /^0x0{40}$/;

/** As the breaker names it itself. Before its votes are over a bond is its owner's business. */
export async function readUpkeep(breaker: Breaker, now: bigint, at: { blockTag: string }): Promise<Upkeep> {
  const [motions, count] = await Promise.all([
    Promise.all(ACTIONS.map((_, index) => breaker.opposedMotion(BigInt(index), at))),
    breaker.bondCount(at),
  ]);
  const first = count < LOOK_BACK ? 1n : count - LOOK_BACK + 1n;
  const ids = Array.from({ length: Number(count - first + 1n) }, (_, index) => first + BigInt(index));
  const bonds = await Promise.all(ids.map((id) => breaker.bondAt(id, at)));
  return {
    opposed: ACTIONS.filter((_, index) => motions[index] !== 0n),
    bonds: ids
      .map((id, index) => ({ id, ...bondOf(bonds[index]!) }))
      .filter(({ owner, dueAt }) => !NOBODY.test(owner) && dueAt < now)
      .map(({ id, amount }) => ({ id, amount })),
  };
}

const bondOf = ({ owner, amount, dueAt }: { owner: string; amount: bigint; dueAt: bigint }) => ({ owner, amount, dueAt });

/** What to send now: what voters stopped goes first, as they wait for it. */
export function upkeepDue({ opposed, bonds }: Upkeep): { args: UpkeepArgs; reason: string } | undefined {
  const [action] = opposed;
  if (action !== undefined) {
    return { args: { kind: "opposed", action }, reason: `more are against ${action} than for it: what its vote brought ends` };
  }
  const [bond] = bonds;
  if (bond === undefined) return undefined;
  return {
    args: { kind: "bond", id: bond.id },
    reason: `the votes of bond ${bond.id} are over: its ${formatFtns(bond.amount)} are given back or slashed`,
  };
}

/** The call on the breaker. */
export function upkeepData(breaker: Breaker, args: UpkeepArgs): string {
  return args.kind === "opposed"
    ? breaker.interface.encodeFunctionData("endOpposed", [BigInt(ACTIONS.indexOf(args.action))])
    : breaker.interface.encodeFunctionData("settleBond", [args.id]);
}
