/** A middleware for Hono: asks for payment by channel (and what else the server offers), serves, charges what was used, and sends the receipt. */
import { decodePaymentSignatureHeader, encodePaymentRequiredHeader, encodePaymentResponseHeader } from "@x402/core/http";
import type { PaymentRequired, PaymentRequirements, SettleResponse } from "@x402/core/types";
import type { Context, MiddlewareHandler } from "hono";
import { id, keccak256 } from "ethers";
import type { OperatorDesk, Refusal } from "../operator.ts";
import { type Layers, partsOf, PRICE_PARTS, type Quote } from "../quote.ts";
import { type Payment, paymentFromJson, quoteToJson, receiptToJson, standingToJson, WireError } from "../wire.ts";
import { channelIdOf } from "@ftns/sdk/usage.ts";
import { CHANNEL_SCHEME, networkOf, QUOTE, RECEIPT, REFUSED, STANDING } from "./scheme.ts";

/** What a handler says that it used. */
export interface Used {
  readonly units: Layers;
  /** Root of the works that were used. */
  readonly works?: string;
}

declare module "hono" {
  interface ContextVariableMap {
    /** Set by the handler before it returns; a handler that sets none is charged nothing. */
    used: Used;
  }
}

export interface PaidOptions {
  readonly desk: OperatorDesk;
  readonly operator: string;
  readonly chainId: bigint;
  /** The UsageChannels. */
  readonly channels: string;
  /** wFTNS. */
  readonly wrapper: string;
  /** The quote that holds for this payer now. */
  readonly quoteOf: (payer: string) => Promise<Quote>;
  /** The most that a request of this kind uses. */
  readonly most: Layers | ((context: Context) => Layers | Promise<Layers>);
  /** Prices by which `most` is told to whoever did not say yet who pays: those without plan and discount. */
  readonly listQuote: () => Promise<Quote>;
  readonly description?: string;
}

const VERSION = 2;

export function paidByChannel(options: PaidOptions): MiddlewareHandler {
  return async (context, next) => {
    const units = typeof options.most === "function" ? await options.most(context) : options.most;
    const asked = requirementsOf(options, costOf(units, await options.listQuote()));
    const header = context.req.header("PAYMENT-SIGNATURE");
    if (header === undefined) return ask(context, options, asked);

    let payment: Payment;
    try {
      const payload = decodePaymentSignatureHeader(header);
      if (payload.accepted.scheme !== CHANNEL_SCHEME) return ask(context, options, asked, "unsupported_scheme");
      payment = paymentFromJson(payload.payload);
    } catch (fault) {
      return ask(context, options, asked, fault instanceof WireError ? "invalid_payload" : "unreadable_payment");
    }

    // By the payer's own quote the same units cost as much at most: plans and discounts only lower it.
    const quote = await options.quoteOf(payment.terms.payer);
    const most = BigInt(asked.amount);
    if (costOf(units, quote) > most) return ask(context, options, asked, "price_changed");
    const admitted = await options.desk.admit(payment, quote, most);
    if (typeof admitted === "string") return refuse(context, options, asked, payment, admitted);

    const request = await requestHash(context);
    try {
      await next();
    } catch (fault) {
      admitted.release();
      throw fault;
    }
    const used = context.get("used");
    // What failed is not charged, and neither is what used nothing.
    if (used === undefined || context.error !== undefined || context.res.status >= 400) {
      admitted.release();
      return undefined;
    }
    const signed = await admitted.charge(used.units, request, used.works);
    const answer: SettleResponse = {
      success: true,
      transaction: "",
      network: asked.network,
      payer: payment.terms.payer,
      amount: String(signed.receipt.charged),
      extra: { [RECEIPT]: receiptToJson(signed), [QUOTE]: quoteToJson(quote) },
    };
    context.res.headers.set("PAYMENT-RESPONSE", encodePaymentResponseHeader(answer));
    return undefined;
  };
}

/** `units` by `quote` in wFTNS, rounded up: enough, whatever the meter's remainder. */
export const costOf = (units: Layers, quote: Quote): bigint =>
  (partsOf(units, quote.prices) + PRICE_PARTS - 1n) / PRICE_PARTS + 1n;

/** The hash of a request as it stands in its receipt: of method, address and body. */
export async function requestHash(context: Context): Promise<string> {
  const body = new Uint8Array(await context.req.raw.clone().arrayBuffer());
  return id(`${context.req.method} ${new URL(context.req.url).pathname} ${keccak256(body)}`);
}

function requirementsOf({ chainId, wrapper, operator, channels }: PaidOptions, most: bigint): PaymentRequirements {
  return {
    scheme: CHANNEL_SCHEME,
    network: networkOf(chainId),
    asset: wrapper,
    amount: String(most),
    payTo: operator,
    maxTimeoutSeconds: 60,
    extra: { channels, name: "Wrapped FTNS", version: "1" },
  };
}

function ask(context: Context, { description = "" }: PaidOptions, asked: PaymentRequirements, error?: string) {
  const required: PaymentRequired = {
    x402Version: VERSION,
    ...(error === undefined ? {} : { error }),
    resource: { url: context.req.url, description, mimeType: "application/json" },
    accepts: [asked],
  };
  context.header("PAYMENT-REQUIRED", encodePaymentRequiredHeader(required));
  return context.json({ error: error ?? "payment_required" }, 402);
}

/** Says why, and what is known of the channel, so that a client that lost its count can go on. */
async function refuse(context: Context, options: PaidOptions, asked: PaymentRequirements, { terms }: Payment, why: Refusal) {
  const standing = why === "voucher_too_low" ? await options.desk.standingOf(channelIdOf(terms)) : undefined;
  const answer: SettleResponse = {
    success: false,
    errorReason: why,
    transaction: "",
    network: asked.network,
    payer: terms.payer,
    extra: { [REFUSED]: why, ...(standing === undefined ? {} : { [STANDING]: standingToJson(standing) }) },
  };
  context.header("PAYMENT-RESPONSE", encodePaymentResponseHeader(answer));
  return ask(context, options, asked, why);
}
