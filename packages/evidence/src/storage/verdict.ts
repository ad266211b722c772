/**
 * What storage is worth: GB-hours of different, free blocks, for the share of challenges that each gateway answered.
 *
 *   units      = bytes / 2^30 * seconds / 3,600 * redundancy
 *   redundancy = sum over networks of the best share of a gateway in it, answered / asked
 *   quality    = bytes * share / 100 GB, 1 at most, in thousandths (share: of all challenges)
 *   confidence = different blocks answered / 10, 1 at most
 */
import { confidenceOf, shareWadDown, thousandthsDown, THOUSANDTH, type Verdict, WAD } from "../common/amounts.ts";
import { EvidenceFault } from "../common/fault.ts";
import type { Answer } from "./challenge.ts";
import { STORAGE_RULES, type StorageClaim, type StorageRules } from "./claim.ts";

const GB = 2n ** 30n;

export interface StorageVerdict extends Verdict {
  asked: number;
  answered: number;
}

/** `answers`: of the challenges that were put; one that the verifier did not put, whatever the reason, is left out. */
export function storageVerdict(
  { from, until, gateways }: StorageClaim,
  bytes: number,
  answers: readonly Answer[],
  now: number,
  rules: StorageRules = STORAGE_RULES,
): StorageVerdict {
  if (now < until) throw new EvidenceFault("NOT_DUE", `until ${until}`);
  if (bytes === 0) throw new EvidenceFault("SEEN_BEFORE", "another claim holds all blocks");
  const byNetwork = new Map<string, bigint>();
  for (const gateway of gateways.keys()) {
    const put = answers.filter((answer) => answer.gateway === gateway);
    const good = put.filter((answer) => answer.answered);
    if (put.length < rules.minAsked)
      throw new EvidenceFault("NOT_ANSWERED", `only ${put.length} challenges were put to a gateway`);
    if (good.length === 0) continue;
    // A gateway that changes its network meanwhile counts in the first one, so that it gains nothing.
    const network = good[0]!.network;
    const share = shareWadDown(BigInt(good.length), BigInt(put.length));
    if (share > (byNetwork.get(network) ?? 0n)) byNetwork.set(network, share);
  }
  const good = answers.filter((answer) => answer.answered);
  const share = shareWadDown(BigInt(good.length), BigInt(answers.length));
  if (share < rules.minShareThousandths * THOUSANDTH) {
    throw new EvidenceFault("NOT_ANSWERED", `${good.length} of ${answers.length} challenges were answered`);
  }
  const redundancy = [...byNetwork.values()].reduce((sum, one) => sum + one, 0n);
  const quality = thousandthsDown((BigInt(bytes) * share) / WAD, rules.fullQualityBytes) * THOUSANDTH;
  if (quality === 0n) throw new EvidenceFault("TOO_SMALL", `${bytes} bytes`);
  return {
    units: (BigInt(bytes) * BigInt(until - from) * redundancy) / (GB * 3_600n),
    quality,
    confidence: confidenceOf(new Set(good.map(({ leaf }) => leaf)).size, rules.enoughBlocks),
    impact: WAD,
    asked: answers.length,
    answered: good.length,
  };
}
