import { getAddress } from "ethers";
import { contracts } from "@ftns/sdk/contracts.ts";
import { packReports } from "@ftns/sdk/signing.ts";
import type { TransactionCounter } from "@ftns/chain/activity.ts";
import type { Chain } from "@ftns/chain/connect.ts";
import type { Reporting } from "../../reporter/open.ts";
import { signReports } from "../../reporter/signed.ts";
import type { Job } from "../job.ts";
import { type ReportArgs, type ReportRules, decideReport } from "./decide.ts";
import { type GatheredArgs, decideGathered } from "./gathered.ts";
import { type ReportSnapshot, readReport } from "./read.ts";

/** Without an exchange, our own keys must make up the quorum, as on a local chain. */
export function reportPriceJob(
  chain: Chain,
  feedAddress: string,
  { reporters, sources, exchange, samples, keepSamples }: Reporting,
  rules: ReportRules,
  counter?: TransactionCounter,
): Job<ReportSnapshot, ReportArgs | GatheredArgs> {
  const address = getAddress(feedAddress);
  const feed = contracts.medianFeed(address, chain.provider);
  const ours = reporters.map((reporter) => reporter.address);
  const sign = ({ market, signers }: ReportArgs) => {
    const signing = reporters.filter((reporter) => signers.includes(reporter.address));
    return signReports(market, signing, { chainId: chain.chainId, feed: address });
  };
  return {
    name: "report-price",
    async read() {
      const seen = await readReport(chain, feed, sources, ours, rules, samples, exchange, counter);
      await keepSamples?.();
      return seen;
    },
    decide: (seen) => (seen.gathered ? decideGathered(seen, seen.gathered, rules) : decideReport(seen, rules)),
    async call(args) {
      const reports = "reports" in args ? args.reports : await sign(args);
      return { to: address, data: feed.interface.encodeFunctionData("submit", [packReports(reports)]) };
    },
  };
}
