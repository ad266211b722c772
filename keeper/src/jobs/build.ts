import { TransactionCounter } from "../chain/activity.ts";
import type { Chain } from "../chain/connect.ts";
import { CONTRACT_OF_JOB, type JobName, type KeeperConfig } from "../config/schema.ts";
import { adjustSupplyJob } from "./adjust-supply/index.ts";
import type { Job } from "./job.ts";
import { recordPriceJob } from "./record-price/index.ts";
import { reportPriceJob } from "./report-price/index.ts";
import { runGovernanceJob } from "./run-governance/index.ts";
import { watchEmergencyJob } from "./watch-emergency/index.ts";
import type { Reporting } from "../reporter/open.ts";

export type AnyJob = Job<any, any>;

/** Makes the jobs `names` of a configuration. `sender` is the account that will send. */
export function buildJobs(
  config: KeeperConfig,
  names: readonly JobName[],
  chain: Chain,
  sender: string,
  reporting: Reporting,
): Map<JobName, AnyJob> {
  const make: Record<JobName, () => AnyJob> = {
    "report-price": () => {
      const report = config.jobs["report-price"]!;
      const counter = report.countTransactions && new TransactionCounter(chain, report.countTransactions);
      const { reporters, sources, exchange } = reporting;
      return reportPriceJob(chain, addressFor(config, "report-price"), reporters, sources, report, exchange, counter);
    },
    "record-price": () =>
      recordPriceJob(chain, addressFor(config, "record-price"), config.jobs["record-price"]!.intervalSec),
    "adjust-supply": () => adjustSupplyJob(chain, addressFor(config, "adjust-supply")),
    "watch-emergency": () => watchEmergencyJob(chain, addressFor(config, "watch-emergency"), sender),
    "run-governance": () => {
      const { lookback } = config.jobs["run-governance"]!;
      return runGovernanceJob(chain, addressFor(config, "run-governance"), config.contracts.breaker, lookback, sender);
    },
  };
  return new Map(names.map((name) => [name, make[name]()]));
}

/** Every contract that the jobs act on, by its setting. */
export function contractsOf(config: KeeperConfig, names: readonly JobName[]): Record<string, string> {
  const addresses = Object.fromEntries(
    names.map((name) => [`contracts.${CONTRACT_OF_JOB[name]}`, addressFor(config, name)]),
  );
  const { breaker } = config.contracts;
  if (names.includes("run-governance") && breaker !== undefined) addresses["contracts.breaker"] = breaker;
  const counted = names.includes("report-price") ? config.jobs["report-price"]!.countTransactions?.to ?? [] : [];
  for (const [index, address] of counted.entries()) {
    addresses[`jobs.report-price.countTransactions.to.${index}`] = address;
  }
  return addresses;
}

export function addressFor(config: KeeperConfig, name: JobName): string {
  return config.contracts[CONTRACT_OF_JOB[name]]!;
}
