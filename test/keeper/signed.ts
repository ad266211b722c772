// Signed reports at once, for tables of tests that are made before anything can be awaited.
import type { MarketReport } from "@ftns/model";
import type { Wallet } from "ethers";
import { type FeedId, type SignedMarketReport, digestOf, inFeedOrder } from "@ftns/keeper/reporter/signed.ts";

export function signedBy(wallets: readonly Wallet[], report: MarketReport, id: FeedId): SignedMarketReport[] {
  const digest = digestOf(report, id);
  return inFeedOrder(
    wallets.map(({ address, signingKey }) => ({
      reporter: address,
      report,
      signature: signingKey.sign(digest).serialized,
    })),
  );
}
