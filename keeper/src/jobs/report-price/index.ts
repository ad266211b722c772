import { type Wallet, getAddress } from "ethers";
import { IMedianFeed__factory } from "../../chain/contracts.ts";
import type { Chain } from "../../chain/connect.ts";
import type { MarketSource } from "../../market/source.ts";
import type { Job } from "../job.ts";
import { type ReportArgs, type ReportRules, decideReport } from "./decide.ts";
import { type ReportSnapshot, readReport } from "./read.ts";
import { signReports } from "./sign.ts";

export function reportPriceJob(
  chain: Chain,
  feedAddress: string,
  reporters: readonly Wallet[],
  sources: readonly MarketSource[],
  rules: ReportRules,
): Job<ReportSnapshot, ReportArgs> {
  const address = getAddress(feedAddress);
  const feed = IMedianFeed__factory.connect(address, chain.provider);
  const ours = reporters.map((reporter) => reporter.address);
  return {
    name: "report-price",
    read: () => readReport(chain, feed, sources, ours),
    decide: (snapshot) => decideReport(snapshot, rules),
    call({ market, signers }) {
      const signing = reporters.filter((reporter) => signers.includes(reporter.address));
      const reports = signReports(market, signing, address, chain.chainId);
      return { to: address, data: feed.interface.encodeFunctionData("submit", [reports]) };
    },
  };
}
