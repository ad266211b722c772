/**
 * The channel scheme for x402 clients: `client.register(networkOf(chainId), new ChannelScheme(channels))`. Requests of one channel go one
 * after the other; parallel ones need as many channels.
 */
import type {
  PaymentPayloadResult,
  PaymentRequirements,
  SchemeClientHooks,
  SchemeNetworkClient,
  SettleResponse,
} from "@x402/core/types";
import { getAddress } from "ethers";
import type { PayerChannel } from "../payer.ts";
import { paymentFromJson, paymentToJson, quoteFromJson, receiptFromJson, standingFromJson } from "../wire.ts";
import { CHANNEL_SCHEME, mostOf, QUOTE, RECEIPT, REFUSED, STANDING } from "./scheme.ts";

export interface ChannelSchemeOptions {
  /** A request whose answer never came gives its channel free again after so long (ms). */
  readonly lostAfterMs?: number;
  /** Told what was wrong with an answer: a receipt that does not hold, for one. */
  readonly onFault?: (fault: Error, channel: PayerChannel) => void;
}

interface Line {
  readonly channel: PayerChannel;
  /** Ends the request that is under way. */
  done?: () => void;
  /** Resolves when the last in line is done. */
  tail: Promise<void>;
}

export class ChannelScheme implements SchemeNetworkClient {
  readonly scheme = CHANNEL_SCHEME;
  readonly schemeHooks: SchemeClientHooks;
  readonly #lines: Line[];
  readonly #lostAfterMs: number;
  readonly #onFault: (fault: Error, channel: PayerChannel) => void;

  /** One channel or several with each operator. */
  constructor(channels: readonly PayerChannel[], { lostAfterMs = 60_000, onFault = () => {} }: ChannelSchemeOptions = {}) {
    this.#lines = channels.map((channel) => ({ channel, tail: Promise.resolve() }));
    this.#lostAfterMs = lostAfterMs;
    this.#onFault = onFault;
    this.schemeHooks = {
      onPaymentResponse: async ({ paymentPayload, requirements, settleResponse }) => {
        if (requirements.scheme !== CHANNEL_SCHEME) return undefined;
        return this.#answered(paymentPayload.payload, requirements, settleResponse);
      },
    };
  }

  async createPaymentPayload(x402Version: number, requirements: PaymentRequirements): Promise<PaymentPayloadResult> {
    const line = this.#lineTo(requirements.payTo);
    const before = line.tail;
    let done!: () => void;
    line.tail = new Promise<void>((resolve) => {
      done = resolve;
    });
    await before;
    const lost = setTimeout(done, this.#lostAfterMs);
    lost.unref?.();
    line.done = () => {
      clearTimeout(lost);
      done();
    };
    try {
      return { x402Version, payload: paymentToJson(await line.channel.pay(mostOf(requirements))) };
    } catch (fault) {
      line.done();
      throw fault;
    }
  }

  async #answered(payload: Record<string, unknown>, requirements: PaymentRequirements, answer: SettleResponse | undefined) {
    const { terms } = paymentFromJson(payload);
    const line = this.#lines.find(
      ({ channel: { terms: mine } }) =>
        mine.payer === terms.payer &&
        mine.operator === terms.operator &&
        mine.voucherKey === terms.voucherKey &&
        mine.salt === terms.salt,
    );
    if (line === undefined) return undefined;
    try {
      return await this.#learn(line.channel, requirements, answer?.extra ?? {});
    } catch (fault) {
      this.#onFault(fault as Error, line.channel);
      return undefined;
    } finally {
      line.done?.();
    }
  }

  /** Counts the receipt; or takes over the operator's count and says that another try may succeed. */
  async #learn(channel: PayerChannel, requirements: PaymentRequirements, extra: Record<string, unknown>) {
    if (extra[RECEIPT] !== undefined) {
      await channel.accept(receiptFromJson(extra[RECEIPT]), quoteFromJson(extra[QUOTE]), mostOf(requirements));
      return undefined;
    }
    if (extra[REFUSED] === "voucher_too_low" && extra[STANDING] !== undefined) {
      return (await channel.adopt(standingFromJson(extra[STANDING]))) ? ({ recovered: true } as const) : undefined;
    }
    return undefined;
  }

  /** The channel with the operator in which the fewest wait, taken in turn. */
  #lineTo(operator: string): Line {
    const found = this.#lines.findIndex(({ channel }) => getAddress(channel.terms.operator) === getAddress(operator));
    if (found < 0) throw new Error(`There is no channel with the operator ${operator}: open one first`);
    const [line] = this.#lines.splice(found, 1);
    this.#lines.push(line!);
    return line!;
  }
}
