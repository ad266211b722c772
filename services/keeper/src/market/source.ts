import type { MarketReport } from "@ftns/model";
import { z } from "zod/v4";
import { ServiceError, wordsOf } from "@ftns/service/errors.ts";
import { count, decimal, positive, shaped } from "./shape.ts";

/** A whole market, as its sources see it at one moment. Money in USD with 8 decimals, time in seconds. */
export type MarketData = Omit<MarketReport, "meanPrice" | "since">;

/**
 * What one source saw: any of a price, both volumes, and all counts of accounts. No exchange knows them all. The
 * time is that of the data itself where the source gives one.
 */
export type Observation = Partial<MarketData> &
  Pick<MarketData, "observedAt"> & {
    /** Why a part that the source should know is not there. */
    missing?: string;
  };

/** A part of an observation that must not cost the rest: what it gives, or why it is missing. */
export async function unlessMissing<T extends object>(reading: () => Promise<T>): Promise<T | { missing: string }> {
  try {
    return await reading();
  } catch (error) {
    return { missing: `no volumes: ${wordsOf(error)}` };
  }
}

/** A place where market data comes from. `read` gives sane data or throws a ServiceError; freshness is decided later. */
export interface MarketSource {
  readonly name: string;
  /** Oldest data of this source that is used (seconds), when it is not the job's own limit. */
  readonly maxAgeSec?: number;
  read(): Promise<Observation>;
}

export interface Reading {
  source: string;
  /** Data, or the reason why there is none. */
  data?: Observation;
  failure?: string;
  maxAgeSec?: number;
}

const marketJson = z
  .object({
    price: positive("price").optional(),
    volume6h: decimal("volume6h").optional(),
    meanVolume6h: decimal("meanVolume6h").optional(),
    txTotal: count("txTotal").optional(),
    txFailed: count("txFailed").optional(),
    sendersDay: count("sendersDay").optional(),
    observedAt: count("observedAt"),
  })
  .superRefine((data, context) => {
    const refuse = (message: string) => context.addIssue({ code: "custom", message });
    const { price, volume6h, meanVolume6h, txTotal, txFailed, sendersDay } = data;
    if ((volume6h === undefined) !== (meanVolume6h === undefined)) refuse("volume6h and meanVolume6h must come together");
    const counts = [txTotal, txFailed, sendersDay].filter((count) => count !== undefined).length;
    if (counts !== 0 && counts !== 3) refuse("txTotal, txFailed and sendersDay must come together");
    if (price === undefined && volume6h === undefined && txTotal === undefined) {
      refuse("there must be a price, volumes or counts");
    }
    if (txTotal !== undefined && txFailed !== undefined && txFailed > txTotal) refuse("txFailed must not be above txTotal");
  });

/** Market data in the project's own JSON. */
export function parseMarket(source: string, text: string): Observation {
  try {
    return toObservation(source, JSON.parse(text));
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    throw new ServiceError(`The market source ${source} gave no valid JSON.`, "Check what it serves.");
  }
}

export function toObservation(source: string, raw: unknown): Observation {
  // What is left out stays left out, rather than present as undefined.
  return Object.fromEntries(
    Object.entries(shaped(source, marketJson, raw)).filter(([, value]) => value !== undefined),
  ) as unknown as Observation;
}
