import { z } from "zod/v4";
import { ServiceError } from "@ftns/service/errors.ts";
import { parseDecimal } from "@ftns/sdk/units.ts";

/** A decimal, as a number or as text, as an integer with `decimals` digits behind the point. */
export const decimal = (what: string, decimals = 8) =>
  z.union([z.string(), z.number()], `${what} must be a decimal number`).transform((value, context) => {
    const parsed = parseDecimal(value, decimals);
    if (parsed === undefined)
      context.addIssue({ code: "custom", message: `${what} must be a plain decimal number, zero or more` });
    return parsed ?? 0n;
  });

/** A decimal above zero. */
export const positive = (what: string, decimals = 8) =>
  decimal(what, decimals).refine((value) => value > 0n, `${what} must be above zero`);

export const count = (what: string) =>
  z
    .number(`${what} must be a whole number`)
    .int(`${what} must be a whole number`)
    .min(0, `${what} must not be negative`)
    .transform(BigInt);

/** `raw` in the shape of `schema`, or an error that names the source and every fault. */
export function shaped<T>(source: string, schema: z.ZodType<T>, raw: unknown): T {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) =>
    path.length > 0 && !message.includes(" must ") ? `${path.join(".")}: ${message}` : message,
  );
  throw new ServiceError(
    `The market source ${source} gave unusable data: ${faults.slice(0, 5).join("; ")}.`,
    "Nothing was reported from it; check what it serves.",
  );
}
