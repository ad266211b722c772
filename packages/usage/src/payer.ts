/** The payer's side of a channel: signs vouchers for what it has used and may use next, checks each receipt, and keeps its own count. */
import type { SigningPlace, TypedDataSigner } from "@ftns/sdk/signing.ts";
import { channelIdOf, type ChannelTerms, hashVoucher, signVoucher } from "@ftns/sdk/usage.ts";
import { getAddress, recoverAddress } from "ethers";
import { chargedOf, type MeterState, NEW_METER } from "./meter.ts";
import type { Quote } from "./quote.ts";
import { checkReceipt, type SignedReceipt } from "./receipt.ts";
import type { Payment, Standing } from "./wire.ts";

export interface PayerOptions {
  readonly terms: ChannelTerms;
  /** The UsageChannels. */
  readonly place: SigningPlace;
  /** Signs with the voucher key. */
  readonly signer: TypedDataSigner;
  /** What was counted before; left out for a channel that was never used. */
  readonly state?: MeterState;
  /** Discount that was allotted to the channel (FTNS, 18 decimals). */
  readonly allotted?: bigint;
  /** Called with each new count, to keep it. */
  readonly keep?: (state: MeterState) => void | Promise<void>;
}

export class PayerChannel {
  readonly terms: ChannelTerms;
  readonly channelId: string;
  readonly #place: SigningPlace;
  readonly #signer: TypedDataSigner;
  readonly #keep: PayerOptions["keep"];
  #state: MeterState;
  allotted: bigint;

  constructor({ terms, place, signer, state = NEW_METER, allotted = 0n, keep }: PayerOptions) {
    this.terms = terms;
    this.channelId = channelIdOf(terms);
    this.#place = place;
    this.#signer = signer;
    this.#state = state;
    this.#keep = keep;
    this.allotted = allotted;
  }

  get state(): MeterState {
    return this.#state;
  }

  /** Charged so far (wFTNS, 24 decimals). */
  get charged(): bigint {
    return chargedOf(this.#state);
  }

  /** A voucher for all that was charged and `most` for the next request (wFTNS, 24 decimals). */
  async pay(most: bigint): Promise<Payment> {
    const cumulative = this.charged + most;
    const signature = await signVoucher(this.#signer, this.#place, { channelId: this.channelId, cumulative });
    return { terms: this.terms, cumulative, signature };
  }

  /** Counts a receipt; throws ReceiptError where it does not hold, and then counts nothing. */
  async accept(signed: SignedReceipt, quote: Quote, most: bigint, request?: string): Promise<void> {
    const { state } = checkReceipt(signed, {
      place: this.#place,
      operator: this.terms.operator,
      channelId: this.channelId,
      ...(request === undefined ? {} : { request }),
      quote,
      before: this.#state,
      allotted: this.allotted,
      most,
    });
    await this.#set(state);
  }

  /**
   * Takes over the operator's count, after an answer was lost. It is believed as far as this channel's own key signed for: false where
   * the voucher it shows is not of that key, or for less than it says was charged, or where it says less than what is counted here.
   */
  async adopt(standing: Standing): Promise<boolean> {
    const { charged, cumulative, signature, parts, discount, requests } = standing;
    const state = { parts, discount, requests };
    if (charged !== chargedOf(state) || charged > cumulative || parts < this.#state.parts) return false;
    if (this.#signerOf(cumulative, signature) !== getAddress(this.terms.voucherKey)) return false;
    await this.#set(state);
    return true;
  }

  #signerOf(cumulative: bigint, signature: string): string | undefined {
    try {
      return recoverAddress(hashVoucher(this.#place, { channelId: this.channelId, cumulative }), signature);
    } catch {
      return undefined;
    }
  }

  async #set(state: MeterState): Promise<void> {
    this.#state = state;
    await this.#keep?.(state);
  }
}
