import type { MarketReport } from "@ftns/model";
import { z } from "zod/v4";
import { KeeperError } from "../errors.ts";
import { parseDecimal } from "../units.ts";

/** What a market source saw. Money in USD with 8 decimals, time in seconds. */
export type MarketData = MarketReport;

/** A place where market data comes from. `read` gives sane data or throws a KeeperError; freshness is decided later. */
export interface MarketSource {
  readonly name: string;
  read(): Promise<MarketData>;
}

export interface Reading {
  source: string;
  /** Data, or the reason why there is none. */
  data?: MarketData;
  failure?: string;
}

const usd = (what: string) =>
  z.union([z.string(), z.number()], `${what} must be a decimal number`).transform((value, context) => {
    const parsed = parseDecimal(value, 8);
    if (parsed === undefined)
      context.addIssue({ code: "custom", message: `${what} must be a plain decimal number, zero or more` });
    return parsed ?? 0n;
  });

const count = (what: string) =>
  z
    .number(`${what} must be a whole number`)
    .int(`${what} must be a whole number`)
    .min(0, `${what} must not be negative`)
    .transform(BigInt);

const marketJson = z
  .object({
    price: usd("price"),
    volume6h: usd("volume6h"),
    meanVolume6h: usd("meanVolume6h"),
    txTotal: count("txTotal"),
    txFailed: count("txFailed"),
    observedAt: count("observedAt"),
  })
  .refine((data) => data.price > 0n, "price must be above zero")
  .refine((data) => data.txFailed <= data.txTotal, "txFailed must not be above txTotal");

/** Market data from a source's JSON text. */
export function parseMarket(source: string, text: string): MarketData {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw new KeeperError(`The market source ${source} gave no valid JSON.`, "Check what it serves.");
  }
  const result = marketJson.safeParse(raw);
  if (result.success) return result.data;
  throw new KeeperError(
    `The market source ${source} gave unusable data: ${result.error.issues.map((issue) => issue.message).join("; ")}.`,
    "Nothing was reported from it; check what it serves.",
  );
}
