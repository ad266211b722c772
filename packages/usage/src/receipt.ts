/** Whoever pays checks each receipt against the quote that it was offered, and its own count. */
import type { SigningPlace } from "@ftns/sdk/signing.ts";
import { hashReceipt, type Receipt } from "@ftns/sdk/usage.ts";
import { getAddress, recoverAddress } from "ethers";
import { charge, type Charge, type MeterState } from "./meter.ts";
import { hashQuote, layersOf, type Quote } from "./quote.ts";

export interface SignedReceipt {
  readonly receipt: Receipt;
  /** The operator's. */
  readonly signature: string;
}

export interface Expectation {
  readonly place: SigningPlace;
  readonly operator: string;
  readonly channelId: string;
  /** Hash of the request that it must be about; left out where only sums matter. */
  readonly request?: string;
  readonly quote: Quote;
  /** The meter before this request. */
  readonly before: MeterState;
  /** Of the contributor's discount (FTNS, 18 decimals). */
  readonly allotted: bigint;
  /** What the request may cost at most (wFTNS, 24 decimals). */
  readonly most: bigint;
}

/** A receipt that does not hold; the message says what is wrong. */
export class ReceiptError extends Error {
  override readonly name = "ReceiptError";
}

/** The meter after the receipt; throws ReceiptError where anything in it is not so. */
export function checkReceipt({ receipt, signature }: SignedReceipt, expected: Expectation): Charge {
  const refuse = (what: string): never => {
    throw new ReceiptError(`The receipt number ${receipt.index} ${what}.`);
  };
  if (receipt.channelId !== expected.channelId) refuse("is about another channel");
  if (signerOf(expected.place, receipt, signature) !== getAddress(expected.operator)) refuse("is not signed by the operator");
  if (expected.request !== undefined && receipt.request !== expected.request) refuse("is about another request");
  if (receipt.quote !== hashQuote(expected.quote)) refuse("is priced by another quote than the one offered");
  const counted = charge(expected.before, layersOf(receipt.units), expected.quote, expected.allotted);
  if (receipt.index !== counted.index) refuse(`should be number ${counted.index}`);
  if (receipt.charged !== counted.charged) refuse(`charges ${receipt.charged} units of wFTNS, and ${counted.charged} are due`);
  if (receipt.cumulative !== counted.cumulative) {
    refuse(`says that ${receipt.cumulative} units of wFTNS were charged in all, and it is ${counted.cumulative}`);
  }
  if (counted.charged > expected.most) refuse(`charges ${counted.charged} units of wFTNS, above the ${expected.most} agreed to`);
  return counted;
}

function signerOf(place: SigningPlace, receipt: Receipt, signature: string): string | undefined {
  try {
    return recoverAddress(hashReceipt(place, receipt), signature);
  } catch {
    return undefined;
  }
}
