import { contracts, type History } from "@ftns/sdk/contracts.ts";
import { type Chain, type Head, blockTag } from "@ftns/chain/connect.ts";

export interface RecordSnapshot {
  head: Head;
  /** The feed hands its rounds over: nobody walks them. */
  handsOver: boolean;
  /** Time of the last round that was walked (seconds), zero before the first. */
  knownUntil: bigint;
  /** How long a price may stand (seconds). */
  heartbeat: bigint;
  /** The feed has a round after it. */
  hasNewRound: boolean;
}

export async function readRecord(chain: Chain, address: string): Promise<RecordSnapshot> {
  const head = await chain.latest();
  const at = { blockTag: blockTag(head) };
  const history: History = contracts.history(address, chain.provider);
  const [last, handsOver, heartbeat, hasNewRound] = await Promise.all([
    history.lastRecord(at),
    history.handsOver(at),
    history.heartbeat(at),
    history.hasNewRound(at),
  ]);
  return { head, handsOver, knownUntil: last.knownUntil, heartbeat, hasNewRound };
}
