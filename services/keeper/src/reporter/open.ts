import type { Logger } from "pino";
import { type KeyContext, openUrl } from "@ftns/service/config/keys.ts";
import type { ExchangeConfig, ReportPriceConfig } from "../config/jobs.ts";
import type { KeeperConfig } from "../config/schema.ts";
import { ServiceError, wordsOf } from "@ftns/service/errors.ts";
import type { KeeperListener } from "../events.ts";
import { openKey } from "@ftns/chain/keys/open.ts";
import type { KeySigner } from "@ftns/chain/keys/signer.ts";
import { openSources } from "../market/open.ts";
import type { MarketSource } from "../market/source.ts";
import type { Equivocation } from "./book.ts";
import { Exchange } from "./exchange.ts";
import { ReportMemory } from "./memory.ts";
import { SampleMemory } from "./sample-memory.ts";
import { PriceSamples } from "./samples.ts";
import { encodeReports } from "./wire.ts";

/** What it takes to sign and gather market reports. */
export interface Reporting {
  reporters: readonly KeySigner[];
  sources: readonly MarketSource[];
  exchange?: Exchange | undefined;
  samples: PriceSamples;
  /** Writes down new samples, where there is a folder for state. */
  keepSamples?: (() => Promise<void>) | undefined;
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
    tell?: KeeperListener | undefined;
  },
): Promise<Reporting> {
  const reporters = await openReporters(report, context);
  const opened = given.sources ?? openSources(report?.sources ?? [], config.chain, context);
  const sources = opened.map((source) => observed(source, given.tell));
  const exchange = report?.exchange && openExchange(config, report.exchange, reporters, context, given);
  await exchange?.restore();
  const samples = new PriceSamples(report && BigInt(report.maxGapSec));
  return { reporters, sources, exchange, samples, keepSamples: await openMemory(config, report, samples, given) };
}

/** Takes up the samples of before a restart. */
async function openMemory(
  config: KeeperConfig,
  report: ReportPriceConfig | undefined,
  samples: PriceSamples,
  { logger, stateDir }: Omit<Parameters<typeof openReporting>[3], "sources" | "tell">,
) {
  if (report === undefined || stateDir === undefined) return undefined;
  const id = { chainId: config.chain.chainId, feed: config.contracts.feed! };
  const memory = new SampleMemory(stateDir, id, (message) => logger?.warn({ job: "report-price" }, message));
  await memory.load(samples);
  return () => memory.keep(samples);
}

/** The source as it is, with every answer told. */
function observed(source: MarketSource, tell: KeeperListener | undefined): MarketSource {
  const read = async () => {
    try {
      const observation = await source.read();
      tell?.({ type: "source", source: source.name });
      return observation;
    } catch (error) {
      tell?.({ type: "source", source: source.name, failure: wordsOf(error) });
      throw error;
    }
  };
  return { ...source, name: source.name, read };
}

async function openReporters(report: ReportPriceConfig | undefined, context: KeyContext) {
  const signers: KeySigner[] = [];
  for (const [index, reference] of (report?.reporters ?? []).entries()) {
    const field = `jobs.report-price.reporters.${index}`;
    const signer = await openKey(reference, field, context);
    if (signers.some((other) => other.address === signer.address)) {
      throw new ServiceError(
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
  { logger, stateDir, tell }: Omit<Parameters<typeof openReporting>[3], "sources">,
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
    tell?.({ type: "equivocation", reporter });
  };
  return new Exchange(id, reporters, opened, timeoutMs, accuse, memory);
}
