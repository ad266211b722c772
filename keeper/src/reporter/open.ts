import type { Logger } from "pino";
import { type KeyContext, openUrl } from "../config/keys.ts";
import type { ExchangeConfig, ReportPriceConfig } from "../config/jobs.ts";
import type { KeeperConfig } from "../config/schema.ts";
import { KeeperError } from "../errors.ts";
import { openKey } from "../keys/open.ts";
import type { KeySigner } from "../keys/signer.ts";
import { openSources } from "../market/open.ts";
import type { MarketSource } from "../market/source.ts";
import type { Equivocation } from "./book.ts";
import { Exchange } from "./exchange.ts";
import { ReportMemory } from "./memory.ts";
import { encodeReports } from "./wire.ts";

/** What it takes to sign and gather market reports. */
export interface Reporting {
  reporters: readonly KeySigner[];
  sources: readonly MarketSource[];
  exchange?: Exchange | undefined;
}

/** Opens the keys, sources and peers of report-price; nothing of it where that job is left out. */
export async function openReporting(
  config: KeeperConfig,
  report: ReportPriceConfig | undefined,
  context: KeyContext,
  given: {
    sources?: readonly MarketSource[] | undefined;
    logger?: Pick<Logger, "warn"> | undefined;
    stateDir?: string | undefined;
  },
): Promise<Reporting> {
  const reporters = await openReporters(report, context);
  const sources = given.sources ?? openSources(report?.sources ?? [], config.chain, context);
  const exchange = report?.exchange && openExchange(config, report.exchange, reporters, context, given);
  await exchange?.restore();
  return { reporters, sources, exchange };
}

async function openReporters(report: ReportPriceConfig | undefined, context: KeyContext) {
  const signers: KeySigner[] = [];
  for (const [index, reference] of (report?.reporters ?? []).entries()) {
    const field = `jobs.report-price.reporters.${index}`;
    const signer = await openKey(reference, field, context);
    if (signers.some((other) => other.address === signer.address)) {
      throw new KeeperError(
        `${field}: this is the key of ${signer.address} again.`,
        "Each reporter counts once; remove the doubled key.",
      );
    }
    signers.push(signer);
  }
  return signers;
}

function openExchange(
  config: KeeperConfig,
  { peers, timeoutMs }: ExchangeConfig,
  reporters: readonly KeySigner[],
  context: KeyContext,
  { logger, stateDir }: { logger?: Pick<Logger, "warn"> | undefined; stateDir?: string | undefined },
): Exchange {
  const id = { chainId: config.chain.chainId, feed: config.contracts.feed! };
  const opened = peers.map(({ name, url }, index) => ({
    name,
    url: openUrl(url, `jobs.report-price.exchange.peers.${index}.url`, context),
  }));
  const remember = (message: string) => logger?.warn({ job: "report-price" }, message);
  const memory = stateDir === undefined ? undefined : new ReportMemory(stateDir, id, remember);
  const accuse = ({ reporter, first, second }: Equivocation) => {
    // Both reports in full: anyone can check the two signatures and take them to governance.
    const evidence = [first, second].map((signed) => JSON.parse(encodeReports(id, [signed])).reports[0]);
    logger?.warn(
      { job: "report-price", reporter, evidence },
      `the reporter ${reporter} signed two different reports for the same time and is left out for an hour`,
    );
  };
  return new Exchange(id, reporters, opened, timeoutMs, accuse, memory);
}
