import { type Wallet, TypedDataEncoder } from "ethers";
import type { SignedReportStruct } from "../../chain/contracts.ts";
import type { MarketData } from "../../market/source.ts";

/** The EIP-712 struct that reporters sign; see IMedianFeed. */
export const MARKET_REPORT_TYPES = {
  MarketReport: [
    { name: "price", type: "uint256" },
    { name: "volume6h", type: "uint256" },
    { name: "meanVolume6h", type: "uint256" },
    { name: "txTotal", type: "uint256" },
    { name: "txFailed", type: "uint256" },
    { name: "observedAt", type: "uint256" },
  ],
};

/** The same market signed by each reporter, in the ascending order of addresses that the feed asks for. */
export function signReports(
  market: MarketData,
  reporters: readonly Wallet[],
  feed: string,
  chainId: number,
): SignedReportStruct[] {
  const domain = { name: "FTNS MedianFeed", version: "1", chainId, verifyingContract: feed };
  const digest = TypedDataEncoder.hash(domain, MARKET_REPORT_TYPES, market);
  return [...reporters]
    .sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1))
    .map((reporter) => ({
      reporter: reporter.address,
      report: market,
      signature: reporter.signingKey.sign(digest).serialized,
    }));
}
