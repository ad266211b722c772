// When a verifier asks for which block, and whether the answer counts.
import { Draw } from "../common/draw.ts";
import { asFault, EvidenceFault, type FaultCode } from "../common/fault.ts";
import type { Fetcher } from "../fetch/fetcher.ts";
import { networkOf } from "../fetch/addresses.ts";
import { type BlockId, checkBlock } from "./block.ts";
import { STORAGE_RULES, type StorageClaim, type StorageRules } from "./claim.ts";
import type { ReadBlock, Skeleton } from "./skeleton.ts";

export interface Challenge {
  /** Seconds. */
  at: number;
  gateway: number;
  /** From the root to the leaf. */
  path: readonly { readonly id: BlockId; readonly bytes?: number }[];
}

export type Answer =
  | { gateway: number; answered: true; network: string; leaf: string; ms: number }
  | { gateway: number; answered: false; code: FaultCode };

/** All challenges of a claim, in the order of their times. The same seed gives the same ones again. */
export function planChallenges(
  seed: Uint8Array,
  { from, until, gateways }: StorageClaim,
  skeleton: Skeleton,
  rules: StorageRules = STORAGE_RULES,
): Challenge[] {
  const each = Math.max(rules.minChallenges, Math.floor(((until - from) * rules.challengesPerHour) / 3_600));
  const plan = gateways.flatMap((_, gateway) => {
    const draw = new Draw(seed, `storage:${gateway}`);
    return Array.from({ length: each }, () => ({ at: from + draw.below(until - from), gateway, path: skeleton.path(draw) }));
  });
  return plan.sort((a, b) => a.at - b.at);
}

/** Asks a gateway for blocks, as the trustless gateway specification has it. */
export function gatewayReader(gateway: string, fetcher: Fetcher, rules: StorageRules = STORAGE_RULES) {
  return async (id: BlockId) => {
    const base = URL.parse(gateway);
    if (base === null || base.search !== "" || base.hash !== "") throw new EvidenceFault("BAD_URL", gateway);
    const url = `${base.href.replace(/\/$/, "")}/ipfs/${id.cid}?format=raw`;
    const limits = { maxBytes: rules.maxBlockBytes, timeoutMs: rules.maxBlockMs };
    const fetched = await fetcher(url, limits, "application/vnd.ipld.raw");
    checkBlock(id, fetched.bytes);
    return fetched;
  };
}

/** Reads inner blocks for a skeleton; a gateway may take so long for all of them together. */
export const readerOf = (gateway: string, fetcher: Fetcher, rules: StorageRules = STORAGE_RULES): ReadBlock => {
  const read = gatewayReader(gateway, fetcher, rules);
  let taken = 0;
  return async (id) => {
    const { bytes, ms } = await read(id);
    if ((taken += ms) > rules.maxSkeletonMs)
      throw new EvidenceFault("TOO_SLOW", `the blocks take more than ${rules.maxSkeletonMs} ms`);
    return bytes;
  };
};

/** Puts one challenge to its gateway now. Never throws for what the gateway does. */
export async function ask(
  { gateway, path }: Challenge,
  claim: StorageClaim,
  fetcher: Fetcher,
  rules: StorageRules = STORAGE_RULES,
): Promise<Answer> {
  const read = gatewayReader(claim.gateways[gateway]!, fetcher, rules);
  let [ms, network, leaf] = [0, "", ""];
  try {
    for (const { id, bytes } of path) {
      const fetched = await read(id);
      if (fetched.ms > rules.maxBlockMs) throw new EvidenceFault("TOO_SLOW", `${id.cid} took ${Math.round(fetched.ms)} ms`);
      if (bytes !== undefined && fetched.bytes.length !== bytes) {
        throw new EvidenceFault("SIZE_MISMATCH", `${id.cid} has ${fetched.bytes.length} bytes, ${bytes} declared`);
      }
      ms = Math.max(ms, fetched.ms);
      network = networkOf(fetched.ip);
      leaf = id.digest;
    }
  } catch (error) {
    return { gateway, answered: false, code: asFault("UNREACHABLE", error).code };
  }
  return { gateway, answered: true, network, leaf, ms };
}
