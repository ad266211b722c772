import { startOfDay } from "@ftns/model";
import { loadConfig } from "../config/load.ts";
import type { JobName, KeeperConfig } from "../config/schema.ts";
import type { RunReport } from "../jobs/run.ts";
import { type Keeper, createKeeper } from "../keeper.ts";
import type { Finding } from "@ftns/service/findings.ts";
import type { ServiceState } from "../service/logbook.ts";
import { openService } from "../service/service.ts";
import { type Vitals, valueOf } from "../service/vitals.ts";
import { formatDecimal, formatFtns, formatDuration, formatPercent, formatTime } from "@ftns/sdk/units.ts";
import type { CommandContext, Flags } from "./open.ts";
import { table } from "@ftns/service/table.ts";

interface StatusFlags extends Flags {
  json?: boolean;
}

/** What `status` knows: a look at every job that sends nothing, and the state of everything around them. */
interface Status {
  account: string;
  /** Transactions of the account that are sent and in no block; absent when no endpoint could tell. */
  inFlight?: number;
  chainId: number;
  reports: RunReport[];
  state: ServiceState;
  findings: Finding[];
}

/** Prints how everything stands; false when something is broken. Sends nothing. */
export async function statusCommand(flags: StatusFlags, context: CommandContext): Promise<boolean> {
  const { config, baseDir } = loadConfig(flags.config);
  const { secrets } = context;
  const keeper = await createKeeper(config, { baseDir, secrets, dryRun: true, serve: false });
  // Nobody is told and nothing is served: this is a look, not a keeper at work.
  const { http: _, ...silent } = { ...config, alerts: [] } satisfies KeeperConfig;
  const service = await openService(keeper, {
    config: silent,
    context: { env: process.env, baseDir, secrets },
    sending: true,
  });
  await service.readVitals();
  const reports = await keeper.runOnce();
  const inFlight = await countInFlight(keeper);
  const status: Status = {
    account: keeper.address,
    ...(inFlight !== undefined && { inFlight }),
    chainId: config.chain.chainId,
    reports,
    state: service.state(),
    findings: service.findings(),
  };
  await service.stop();
  await keeper.stop();
  context.print(flags.json === true ? asJson(status) : asText(status));
  return reports.every(({ outcome }) => outcome !== "broken") && status.findings.every(({ unhealthy }) => !unhealthy);
}

async function countInFlight({ chain: { provider }, address }: Keeper): Promise<number | undefined> {
  const count = async (tag: string) => Number(await provider.send("eth_getTransactionCount", [address, tag]));
  try {
    const [latest, pending] = await Promise.all([count("latest"), count("pending")]);
    return Math.max(0, pending - latest);
  } catch {
    return undefined;
  }
}

function asText({ account, inFlight, chainId, reports, state, findings }: Status): string {
  const vitals = state.vitals?.value;
  const head = vitals ? `block ${vitals.head.number} of ${formatTime(vitals.head.timestamp)}` : "cannot be read";
  const lines: string[][] = [["chain", `${chainId}, ${head}`]];
  for (const { host, healthy, height, lastFailure } of state.endpoints) {
    const fault = lastFailure ? `${lastFailure.reason} (${lastFailure.at.toISOString()})` : "not proven yet";
    const how = healthy ? `healthy, block ${height ?? "unknown"}` : `fails: ${fault}`;
    lines.push(["endpoint", `${host}, ${how}`]);
  }
  lines.push(["account", vitals ? `${account}, ${formatDecimal(vitals.balance, 18, 6)} of the chain's coin` : account]);
  lines.push(["in flight", inFlight === undefined ? "unknown" : `${inFlight} transactions`]);
  if (vitals) lines.push(...ofEconomy(vitals));

  const rows = reports.map((report) => [
    report.job,
    dueOf(report),
    report.until === undefined ? "-" : formatTime(report.until),
    lastOf(report.job, vitals),
    report.reason,
  ]);
  const wrong = findings.map(({ severity, title, detail, runbook }) => [severity, `${title}: ${detail} (${runbook})`]);
  return [
    table(lines),
    table([["JOB", "DUE", "NEXT", "LAST ON CHAIN", "WHAT IT SAYS"], ...rows]),
    ...(wrong.length > 0 ? [table([["WRONG", ""], ...wrong])] : []),
  ].join("\n");
}

function ofEconomy({ head, feed, supply, emergency, pay = [] }: Vitals): string[][] {
  const lines: string[][] = [];
  const market = valueOf(feed);
  if (market) {
    const age = formatDuration(head.timestamp - market.updatedAt);
    const confidence = market.confidence === undefined ? "" : `, confidence ${formatPercent(market.confidence)}`;
    lines.push(["price", `${formatDecimal(market.price, 8)} USD, ${age} old${confidence}`]);
  } else if (feed) lines.push(["price", "failure" in feed ? `cannot be read: ${feed.failure}` : "none yet"]);
  const numbers = valueOf(supply);
  if (numbers) lines.push(["multiplier", formatDecimal(numbers.multiplier, 18, 6)]);
  else if (supply && "failure" in supply) lines.push(["multiplier", `cannot be read: ${supply.failure}`]);
  const standing = valueOf(emergency);
  if (standing) {
    const effects = Object.entries(standing.effects).map(([action, until]) => `${action} until ${formatTime(until)}`);
    const open = standing.open ? [`open for ${standing.triggers.join(", ")}`] : [];
    lines.push(["emergency", [...open, ...effects].join("; ") || "none"]);
  } else if (emergency && "failure" in emergency) lines.push(["emergency", `cannot be read: ${emergency.failure}`]);
  for (const { reporter, earned } of pay) {
    const words =
      "failure" in earned
        ? `cannot be read: ${earned.failure}`
        : `is owed ${formatFtns(earned.value.amount)} for ${earned.value.reportHours} hours with a report`;
    lines.push(["pay", `${reporter} ${words}`]);
  }
  return lines;
}

function dueOf({ outcome }: RunReport): string {
  if (outcome === "broken") return "BROKEN";
  return outcome === "would-do" ? "yes" : "no";
}

function lastOf(job: JobName, vitals: Vitals | undefined): string {
  const at = timeOf(job, vitals);
  if (at === undefined || !vitals) return "-";
  return at === 0n ? "never" : `${formatTime(at)} (${formatDuration(vitals.head.timestamp - at)} ago)`;
}

/** When a job was last done by anyone, where the chain says so (seconds; zero = never). */
function timeOf(job: JobName, vitals: Vitals | undefined): bigint | undefined {
  switch (job) {
    case "report-price":
      return vitals?.feed && "value" in vitals.feed ? (vitals.feed.value?.updatedAt ?? 0n) : undefined;
    case "record-price":
      return valueOf(vitals?.history)?.recordedAt;
    case "adjust-supply": {
      const day = valueOf(vitals?.supply)?.lastAdjustedDay;
      return day === undefined || day === 0n ? day : startOfDay(day);
    }
    case "watch-emergency":
      return valueOf(vitals?.emergency)?.openedAt;
    default:
      return undefined;
  }
}

function asJson({ account, inFlight, chainId, reports, state, findings }: Status): string {
  const { vitals, endpoints } = state;
  const jobs = reports.map((report) => {
    const lastDoneAt = timeOf(report.job, vitals?.value);
    return { ...report, due: report.outcome === "would-do", ...(lastDoneAt !== undefined && { lastDoneAt }) };
  });
  const all = { chainId, account, inFlight, vitals: vitals?.value, endpoints, jobs, findings };
  return `${JSON.stringify(all, (_key, value) => (typeof value === "bigint" ? value.toString() : (value as unknown)), 2)}\n`;
}
