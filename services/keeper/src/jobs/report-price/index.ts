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
import { combineReadings } from "../../market/combine.ts";
import { type Outside, type ReportSnapshot, askOutside, readReport, readSource } from "./read.ts";

/** What sources and peers said before a run is good for its look, if that comes within this time (milliseconds). */
const OUTSIDE_MS = 30_000;
/** For the price alone it does not matter who sent what. */
const NO_ACTIVITY = { txTotal: 0n, txFailed: 0n, sendersDay: 0n };

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
  /** Good for one look: the next may be another minute's. */
  let outside: Outside | undefined;
  let askedAt = -Infinity;
  const askedLately = () => performance.now() - askedAt < OUTSIDE_MS;
  const ask = async () => {
    const said = await askOutside(sources, exchange);
    askedAt = performance.now();
    return said;
  };
  return {
    name: "report-price",
    // The mean price that a report carries needs a look at the market each minute, also while a transaction is waited for.
    async sample() {
      if (reporters.length === 0 || askedLately()) return;
      const [readings, head] = await Promise.all([Promise.all(sources.map(readSource)), chain.latest()]);
      const combined = combineReadings(readings, head.timestamp, rules, NO_ACTIVITY);
      if ("market" in combined) samples.note(combined.market.observedAt, combined.market.price);
      await keepSamples?.();
    },
    // A slow source or peer keeps the watch of emergencies waiting for nothing.
    async prepare() {
      outside = await ask();
    },
    async read() {
      const said = outside && askedLately() ? outside : await ask();
      outside = undefined;
      const seen = await readReport(chain, feed, said, ours, rules, samples, exchange, counter);
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
