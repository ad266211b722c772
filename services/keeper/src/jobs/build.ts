import { TransactionCounter } from "@ftns/chain/activity.ts";
import type { Chain } from "@ftns/chain/connect.ts";
import { contracts } from "@ftns/sdk/contracts.ts";
import type { KeeperListener } from "../events.ts";
import { CONTRACT_OF_JOB, type JobName, type KeeperConfig } from "../config/schema.ts";
import { adjustSupplyJob } from "./adjust-supply/index.ts";
import type { AnyJob } from "./job.ts";
import { paidJob } from "./paid.ts";
import { fillDeskJob } from "./fill-desk/index.ts";
import { noteDaysJob } from "./note-days/index.ts";
import { payReportersJob } from "./pay-reporters/index.ts";
import { recordPriceJob } from "./record-price/index.ts";
import { membersJudge } from "./report-price/members.ts";
import { reportPriceJob } from "./report-price/index.ts";
import { reportVelocityJob } from "./report-velocity/index.ts";
import { runGovernanceJob } from "./run-governance/index.ts";
import { settleDuesJob } from "./settle-dues/index.ts";
import { watchEmergencyJob } from "./watch-emergency/index.ts";
import type { Reporting } from "../reporter/open.ts";

/** Makes the jobs `names` of a configuration. `sender` is the account that will send. */
export function buildJobs(
  config: KeeperConfig,
  names: readonly JobName[],
  chain: Chain,
  sender: string,
  reporting: Reporting,
  stateDir?: string,
  tell?: KeeperListener,
): Map<JobName, AnyJob> {
  const make: Record<JobName, () => AnyJob> = {
    "report-price": () => {
      const report = config.jobs["report-price"]!;
      const { countTransactions } = report;
      const judge = () => membersJudge(chain, contracts.token(config.contracts.token!, chain.provider));
      const counter = countTransactions && new TransactionCounter(chain, countTransactions, judge());
      return reportPriceJob(chain, addressFor(config, "report-price"), reporting, report, counter);
    },
    "record-price": () => recordPriceJob(chain, addressFor(config, "record-price"), config.jobs["record-price"]!.intervalSec),
    "adjust-supply": () => adjustSupplyJob(chain, addressFor(config, "adjust-supply")),
    "watch-emergency": () => watchEmergencyJob(chain, addressFor(config, "watch-emergency"), sender),
    "run-governance": () => {
      const rules = config.jobs["run-governance"]!;
      return runGovernanceJob(chain, addressFor(config, "run-governance"), config.contracts.breaker, rules, sender);
    },
    "report-velocity": () => {
      const { controller } = config.contracts;
      const places = { token: addressFor(config, "report-velocity"), controller };
      return reportVelocityJob(chain, places, config.jobs["report-velocity"]!, stateDir, (last) =>
        tell?.({ type: "velocity", ...last }),
      );
    },
    "note-days": () => noteDaysJob(chain, addressFor(config, "note-days")),
    "pay-reporters": () => payReportersJob(chain, addressFor(config, "pay-reporters"), config.jobs["pay-reporters"]!, sender),
    "fill-desk": () => {
      const places = { desk: addressFor(config, "fill-desk"), feed: config.contracts.feed! };
      const priorityFee = config.transactions.maxPriorityFeeGwei;
      return fillDeskJob(chain, places, { ...config.jobs["fill-desk"]!, priorityFee }, sender);
    },
    "settle-dues": () => {
      const places = { token: addressFor(config, "settle-dues"), feed: config.contracts.feed! };
      const priorityFee = config.transactions.maxPriorityFeeGwei;
      return settleDuesJob(chain, places, { ...config.jobs["settle-dues"]!, priorityFee }, sender);
    },
  };
  const { keeperJobs } = config.contracts;
  const { payee = sender } = config;
  const paid = (job: AnyJob) => (keeperJobs === undefined ? job : paidJob(job, { chain, keeperJobs, sender, payee }));
  return new Map(names.map((name) => [name, paid(make[name]())]));
}

/** Every contract that the jobs act on, by its setting. */
export function contractsOf(config: KeeperConfig, names: readonly JobName[]): Record<string, string> {
  const addresses = Object.fromEntries(names.map((name) => [`contracts.${CONTRACT_OF_JOB[name]}`, addressFor(config, name)]));
  const { breaker, keeperJobs } = config.contracts;
  if (keeperJobs !== undefined) addresses["contracts.keeperJobs"] = keeperJobs;
  if (config.contracts.reporterPay !== undefined) addresses["contracts.reporterPay"] = config.contracts.reporterPay;
  if (names.includes("run-governance") && breaker !== undefined) addresses["contracts.breaker"] = breaker;
  const { controller, feed } = config.contracts;
  if (names.includes("report-velocity") && controller !== undefined) addresses["contracts.controller"] = controller;
  if (names.includes("settle-dues")) {
    addresses["contracts.feed"] = feed!;
    addresses["jobs.settle-dues.gasFeed.feed"] = config.jobs["settle-dues"]!.gasFeed.feed;
  }
  if (names.includes("fill-desk")) {
    addresses["contracts.feed"] = feed!;
    addresses["jobs.fill-desk.gasFeed.feed"] = config.jobs["fill-desk"]!.gasFeed.feed;
  }
  if (names.includes("report-price") && config.jobs["report-price"]!.countTransactions)
    addresses["contracts.token"] = config.contracts.token!;
  const counted = names.includes("report-price") ? (config.jobs["report-price"]!.countTransactions?.to ?? []) : [];
  for (const [index, address] of counted.entries()) {
    addresses[`jobs.report-price.countTransactions.to.${index}`] = address;
  }
  return addresses;
}

export function addressFor(config: KeeperConfig, name: JobName): string {
  return config.contracts[CONTRACT_OF_JOB[name]]!;
}
