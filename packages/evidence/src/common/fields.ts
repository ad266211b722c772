// Fields that claims share, each bounded.
import { getAddress, isAddress } from "ethers";
import { z } from "zod/v4";
import { EvidenceFault } from "./fault.ts";

/** Text of a claim that is looked at: more is refused before it is parsed. */
export const MAX_CLAIM_BYTES = 1_000_000;

export const address = z
  .string()
  .max(42)
  .refine((text) => isAddress(text), { error: "is not an address", abort: true })
  .transform((text) => getAddress(text));
export const bytes32 = z.string().regex(/^0x[0-9a-f]{64}$/, "is not 32 bytes in small hexadecimal letters");
/** SHA-256 of a file, as tools print it. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "is not a SHA-256 in small hexadecimal letters");
/** 65 bytes: a wallet's longer signature is 2,048 bytes at most. */
export const signature = z.string().regex(/^0x([0-9a-f]{2}){1,2048}$/i, "is not a signature");
export const seconds = z.number().int().min(0).max(10_000_000_000);
export const count = (max: number) => z.number().int().min(1).max(max);
export const url = z.string().min(1).max(500);

/** A claim of the form `schema` from text or from what JSON.parse gave. */
export function parseClaim<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  let value = input;
  if (typeof input === "string") {
    if (Buffer.byteLength(input) > MAX_CLAIM_BYTES)
      throw new EvidenceFault("TOO_LARGE", `a claim of ${Buffer.byteLength(input)} bytes`);
    try {
      value = JSON.parse(input);
    } catch {
      throw new EvidenceFault("SCHEMA", "no valid JSON");
    }
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data as z.output<Schema>;
  const [issue] = result.error.issues;
  throw new EvidenceFault("SCHEMA", `${issue!.path.join(".") || "the claim"}: ${issue!.message}`);
}
