import { getAddress } from "ethers";
import { z } from "zod/v4";
import type { FeedId, SignedMarketReport } from "./signed.ts";

/** Path at which a reporter serves its latest reports. */
export const REPORT_PATH = "/v1/report";

/** As many as a feed can have reporters. */
const MAX_REPORTS = 32;

// Numbers travel as decimal text: JSON numbers would lose digits.
export const whole = z
  .string()
  .regex(/^\d{1,30}$/, { error: "must be a whole number as text", abort: true })
  .transform(BigInt);
export const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, { error: "must be an address", abort: true })
  .transform((text) => getAddress(text.toLowerCase()));

export const signedShape = z.strictObject({
  reporter: address,
  report: z.strictObject({
    price: whole,
    meanPrice: whole,
    since: whole,
    volume6h: whole,
    meanVolume6h: whole,
    txTotal: whole,
    txFailed: whole,
    sendersDay: whole,
    observedAt: whole,
  }),
  signature: z.string().regex(/^0x[0-9a-fA-F]{130}$/, "must be a signature of 65 bytes"),
});

const answerShape = z.strictObject({
  chainId: z.number().int().positive(),
  feed: address,
  reports: z.array(signedShape).max(MAX_REPORTS),
});

export function encodeReports({ chainId, feed }: FeedId, reports: readonly SignedMarketReport[]): string {
  const asText = (_: string, value: unknown) => (typeof value === "bigint" ? value.toString() : value);
  return JSON.stringify({ chainId, feed, reports }, asText);
}

/** The reports in a peer's answer, or why there are none. Nothing of them is trusted yet. */
export function decodeReports(raw: unknown, id: FeedId): { reports: SignedMarketReport[] } | { fault: string } {
  const result = answerShape.safeParse(raw);
  if (!result.success) {
    const [issue] = result.error.issues;
    const where = issue && issue.path.length > 0 ? ` at ${issue.path.join(".")}` : "";
    return { fault: `gave no reports in the expected form${where}` };
  }
  const { chainId, feed, reports } = result.data;
  if (chainId !== id.chainId || feed !== id.feed) return { fault: `reports for the feed ${feed} on chain ${chainId}` };
  return reports.length > 0 ? { reports } : { fault: "has no report yet" };
}
