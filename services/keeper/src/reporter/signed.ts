import { MAX_ACCOUNTS, MAX_PRICE, MAX_VOLUME, type MarketReport } from "@ftns/model";
import { compareAddresses, hashMarketReport, signMarketReport } from "@ftns/sdk/signing.ts";
import { recoverAddress } from "ethers";
import type { KeySigner } from "@ftns/chain/keys/signer.ts";
import { formatDuration } from "@ftns/sdk/units.ts";

/** A market that a reporter vouches for. */
export interface SignedMarketReport {
  reporter: string;
  report: MarketReport;
  /** 65 bytes, hex. */
  signature: string;
}

/** The contract that reports are signed for: a signature counts nowhere else. */
export interface FeedId {
  chainId: number;
  feed: string;
}

/** What makes a report usable, as of one block. */
export interface Admission {
  /** Addresses of the feed's reporters. */
  registered: readonly string[];
  /** Chain time (seconds). */
  now: bigint;
  maxAgeSec: number;
}

const placeOf = ({ chainId, feed }: FeedId) => ({ chainId: BigInt(chainId), verifyingContract: feed });

/** EIP-712 digest, equal to the feed's `reportDigest`. */
export function digestOf(report: MarketReport, id: FeedId): string {
  return hashMarketReport(placeOf(id), report);
}

/** The same report signed by each reporter, in the ascending order of addresses that the feed asks for. */
export async function signReports(
  report: MarketReport,
  reporters: readonly KeySigner[],
  id: FeedId,
): Promise<SignedMarketReport[]> {
  const signed = reporters.map(async (reporter) => ({
    reporter: reporter.address,
    report,
    signature: await signMarketReport(reporter, placeOf(id), report),
  }));
  return inFeedOrder(await Promise.all(signed));
}

export function inFeedOrder(reports: readonly SignedMarketReport[]): SignedMarketReport[] {
  return [...reports].sort((a, b) => compareAddresses(a.reporter, b.reporter));
}

/** Why the feed would refuse this report now; undefined when it would not. One bad report would sink a whole submission. */
export function faultOf(signed: SignedMarketReport, id: FeedId, admission: Admission): string | undefined {
  const { reporter, report, signature } = signed;
  const { registered, now, maxAgeSec } = admission;
  if (!registered.includes(reporter)) return "is no registered reporter";
  const age = now - report.observedAt;
  if (age < 0n) return `its observation lies ${formatDuration(-age)} after the latest block`;
  if (age > BigInt(maxAgeSec)) return `its observation is ${formatDuration(age)} old`;
  if (report.price === 0n || report.price > MAX_PRICE) return "its price is out of bounds";
  if (report.meanPrice > MAX_PRICE) return "its mean price is out of bounds";
  if (report.since > report.observedAt) return "it follows a round that is later than its own observation";
  if (report.volume6h > MAX_VOLUME || report.meanVolume6h > MAX_VOLUME) return "its volumes are out of bounds";
  if (report.txTotal > MAX_ACCOUNTS || report.sendersDay > MAX_ACCOUNTS) return "its accounts are out of bounds";
  if (report.txFailed > report.txTotal) return "it counts more failures than accounts";
  return signerOf(digestOf(report, id), signature) === reporter ? undefined : "its signature does not hold";
}

function signerOf(digest: string, signature: string): string | undefined {
  try {
    return recoverAddress(digest, signature);
  } catch {
    // Malformed, or malleable: the feed would not take it either.
    return undefined;
  }
}
