/** The scheme by which x402 clients and servers pay by channels, and what stands in its messages. */
import type { Network, PaymentRequirements } from "@x402/core/types";

/** A stream of requests out of one channel: a voucher with each, no transaction. */
export const CHANNEL_SCHEME = "ftns-channel";

/** `eip155:<chain id>`, as x402 names chains. */
export const networkOf = (chainId: bigint): Network => `eip155:${chainId}`;

/** In `extra` of what a server asks for. */
export interface ChannelExtra {
  /** The UsageChannels. */
  readonly channels: string;
  readonly name: string;
  readonly version: string;
}

/** In `extra` of the answer to a payment that was refused, beside its reason. */
export const REFUSED = "refused";
export const STANDING = "channel";
/** In `extra` of a served request. */
export const RECEIPT = "receipt";
export const QUOTE = "quote";

export const mostOf = ({ amount }: PaymentRequirements): bigint => BigInt(amount);
