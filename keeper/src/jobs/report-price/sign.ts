import { compareAddresses, MARKET_REPORT_TYPES, medianFeedDomain } from "@ftns/model";
import { type Wallet, TypedDataEncoder } from "ethers";
import type { SignedReportStruct } from "../../chain/contracts.ts";
import type { MarketData } from "../../market/source.ts";

/** The same market signed by each reporter, in the ascending order of addresses that the feed asks for. */
export function signReports(
  market: MarketData,
  reporters: readonly Wallet[],
  feed: string,
  chainId: number,
): SignedReportStruct[] {
  const domain = medianFeedDomain({ chainId: BigInt(chainId), verifyingContract: feed });
  const digest = TypedDataEncoder.hash(domain, MARKET_REPORT_TYPES, market);
  return [...reporters]
    .sort((a, b) => compareAddresses(a.address, b.address))
    .map((reporter) => ({
      reporter: reporter.address,
      report: market,
      signature: reporter.signingKey.sign(digest).serialized,
    }));
}
