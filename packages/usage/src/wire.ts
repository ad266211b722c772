/** How quotes, vouchers and receipts travel in JSON: whole numbers as decimal text. What comes in is checked before it is used. */
import type { ChannelTerms, Receipt } from "@ftns/sdk/usage.ts";
import { getAddress, isAddress, isHexString } from "ethers";
import { type Quote, layersOf } from "./quote.ts";
import type { SignedReceipt } from "./receipt.ts";

/** Something that came in and is not what it should be. */
export class WireError extends Error {
  override readonly name = "WireError";
}

export interface Payment {
  readonly terms: ChannelTerms;
  readonly cumulative: bigint;
  readonly signature: string;
}

/** What the operator knows of a channel, for a client that lost its count. */
export interface Standing {
  readonly charged: bigint;
  readonly discount: bigint;
  readonly parts: bigint;
  readonly requests: bigint;
  /** The latest voucher that it holds. */
  readonly cumulative: bigint;
  readonly signature: string;
}

type Fields = Record<string, unknown>;

export function paymentToJson({ terms, cumulative, signature }: Payment): Fields {
  return { ...terms, salt: String(terms.salt), cumulative: String(cumulative), signature };
}

export function paymentFromJson(json: unknown): Payment {
  const fields = fieldsOf(json, "payment");
  const { payer, operator, voucherKey, salt, cumulative, signature } = fields;
  return {
    terms: {
      payer: address(payer, "payer"),
      operator: address(operator, "operator"),
      voucherKey: address(voucherKey, "voucherKey"),
      salt: whole(salt, "salt"),
    },
    cumulative: whole(cumulative, "cumulative"),
    signature: hex(signature, "signature", 65),
  };
}

export const quoteToJson = ({ day, prices, discounted, unitsPerFtns }: Quote): Fields => ({
  day: String(day),
  prices: prices.map(String),
  discounted: discounted.map(String),
  unitsPerFtns: String(unitsPerFtns),
});

export function quoteFromJson(json: unknown): Quote {
  const { day, prices, discounted, unitsPerFtns } = fieldsOf(json, "quote");
  return {
    day: whole(day, "day"),
    prices: layers(prices, "prices"),
    discounted: layers(discounted, "discounted"),
    unitsPerFtns: whole(unitsPerFtns, "unitsPerFtns"),
  };
}

export const receiptToJson = ({ receipt, signature }: SignedReceipt): Fields => ({
  ...receipt,
  index: String(receipt.index),
  units: receipt.units.map(String),
  charged: String(receipt.charged),
  cumulative: String(receipt.cumulative),
  signature,
});

export function receiptFromJson(json: unknown): SignedReceipt {
  const fields = fieldsOf(json, "receipt");
  const receipt: Receipt = {
    channelId: hex(fields["channelId"], "channelId", 32),
    index: whole(fields["index"], "index"),
    request: hex(fields["request"], "request", 32),
    quote: hex(fields["quote"], "quote", 32),
    units: layers(fields["units"], "units"),
    works: hex(fields["works"], "works", 32),
    charged: whole(fields["charged"], "charged"),
    cumulative: whole(fields["cumulative"], "cumulative"),
  };
  return { receipt, signature: hex(fields["signature"], "signature", 65) };
}

export const standingToJson = (standing: Standing): Fields =>
  Object.fromEntries(Object.entries(standing).map(([name, value]) => [name, String(value)]));

export function standingFromJson(json: unknown): Standing {
  const { charged, discount, parts, requests, cumulative, signature } = fieldsOf(json, "channel");
  return {
    charged: whole(charged, "charged"),
    discount: whole(discount, "discount"),
    parts: whole(parts, "parts"),
    requests: whole(requests, "requests"),
    cumulative: whole(cumulative, "cumulative"),
    signature: hex(signature, "signature", 65),
  };
}

function fieldsOf(json: unknown, what: string): Fields {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new WireError(`${what} is no object`);
  return json as Fields;
}

function layers(value: unknown, name: string) {
  if (!Array.isArray(value) || value.length !== 5) throw new WireError(`${name} are not five numbers`);
  return layersOf(value.map((one) => whole(one, name)));
}

/** Decimal text of at most 78 digits, as a uint256 has. */
function whole(value: unknown, name: string): bigint {
  if (typeof value !== "string" || !/^\d{1,78}$/.test(value)) throw new WireError(`${name} is no whole number in decimal text`);
  const number = BigInt(value);
  if (number >> 256n !== 0n) throw new WireError(`${name} is too large`);
  return number;
}

function address(value: unknown, name: string): string {
  if (!isAddress(value)) throw new WireError(`${name} is no address`);
  return getAddress(value);
}

function hex(value: unknown, name: string, bytes: number): string {
  if (!isHexString(value, bytes)) throw new WireError(`${name} is not ${bytes} bytes in hex`);
  return value;
}
