/**
 * The operator's side of its channels: looks at vouchers, counts what was used, signs receipts, and says what can be claimed.
 *
 * A voucher is kept before the request is served, and what was charged before the answer leaves. So a crash at any point loses at most
 * the one request that was being served.
 */
import type { SigningPlace, TypedDataSigner } from "@ftns/sdk/signing.ts";
import { channelIdOf, type ChannelTerms, claimOf, hashVoucher, type Receipt, signReceipt } from "@ftns/sdk/usage.ts";
import { getAddress, recoverAddress, ZeroHash } from "ethers";
import { charge, chargedOf, type MeterState, NEW_METER } from "./meter.ts";
import { hashQuote, type Layers, type Quote } from "./quote.ts";
import type { SignedReceipt } from "./receipt.ts";
import type { Payment, Standing } from "./wire.ts";

/** All that an operator must keep of a channel. */
export interface ChannelRecord {
  readonly terms: ChannelTerms;
  /** The latest voucher. */
  readonly cumulative: bigint;
  readonly signature: string;
  readonly meter: MeterState;
  /** What was claimed when this was last looked at (wFTNS, 24 decimals). */
  readonly claimed: bigint;
}

/** Where records are kept. Only what `save` has written is promised to outlive a crash. */
export interface ChannelStore {
  load(channelId: string): Promise<ChannelRecord | undefined>;
  /** Resolves when it is written for good; with a receipt, both or neither. */
  save(channelId: string, record: ChannelRecord, receipt?: SignedReceipt): Promise<void>;
  /** Ids of channels whose charges exceed what was claimed. */
  unclaimed(): Promise<readonly string[]>;
}

/** What the chain says of a channel. */
export interface ChannelSight {
  readonly deposited: bigint;
  readonly claimed: bigint;
  /** Seconds; zero without a notice. */
  readonly leavesAt: bigint;
  /** Discount allotted to it (FTNS, 18 decimals). */
  readonly allotted: bigint;
}

export interface OperatorOptions {
  readonly operator: string;
  /** Signs receipts with the operator's key. */
  readonly signer: TypedDataSigner;
  /** The UsageChannels. */
  readonly place: SigningPlace;
  readonly store: ChannelStore;
  readonly look: (channelId: string) => Promise<ChannelSight>;
  /** Milliseconds; a clock that only goes forward. */
  readonly clock: () => number;
  /** For how long a look at the chain is good (ms): much less than the 48 hours of a notice. */
  readonly freshMs?: number;
}

/** Why a payment is not taken. */
export type Refusal =
  | "another_operator"
  | "voucher_not_signed"
  | "voucher_too_low"
  | "deposit_too_small"
  | "channel_leaves"
  | "channel_busy";

/** A request that may be served. Exactly one of its two functions must be called. */
export interface Admission {
  readonly channelId: string;
  /** Charges for what was used, at most `most`, and signs the receipt. */
  charge(units: Layers, request: string, works?: string): Promise<SignedReceipt>;
  /** The request failed: nothing is charged. */
  release(): void;
}

const TEN_MINUTES_MS = 600_000;

export class OperatorDesk {
  readonly #options: Required<OperatorOptions>;
  readonly #busy = new Set<string>();
  readonly #sights = new Map<string, { readonly sight: ChannelSight; readonly at: number }>();

  constructor(options: OperatorOptions) {
    this.#options = { freshMs: TEN_MINUTES_MS, ...options };
  }

  /** Lets a request of at most `most` (wFTNS, 24 decimals) by `quote` be served, or says why not. */
  async admit({ terms, cumulative, signature }: Payment, quote: Quote, most: bigint): Promise<Admission | Refusal> {
    const { store, place, operator } = this.#options;
    if (getAddress(terms.operator) !== getAddress(operator)) return "another_operator";
    const channelId = channelIdOf(terms);
    if (signerOf(place, channelId, cumulative, signature) !== getAddress(terms.voucherKey)) return "voucher_not_signed";
    // From here on nobody else can be served from this channel, until the request is done.
    if (this.#busy.has(channelId)) return "channel_busy";
    this.#busy.add(channelId);
    let served = false;
    try {
      const kept = (await store.load(channelId)) ?? newRecord(terms);
      const needed = chargedOf(kept.meter) + most;
      if (cumulative < needed) return "voucher_too_low";
      const sight = await this.#see(channelId, needed);
      if (sight.leavesAt !== 0n) return "channel_leaves";
      if (sight.deposited < needed) return "deposit_too_small";
      const record = cumulative > kept.cumulative ? { ...kept, cumulative, signature } : kept;
      if (record !== kept) await store.save(channelId, record);
      served = true;
      return this.#admission(channelId, record, quote, most, sight.allotted);
    } finally {
      if (!served) this.#busy.delete(channelId);
    }
  }

  /** What a client that lost its count is told; undefined for a channel that was never used. */
  async standingOf(channelId: string): Promise<Standing | undefined> {
    const record = await this.#options.store.load(channelId);
    if (record === undefined || record.cumulative === 0n) return undefined;
    const { meter, cumulative, signature } = record;
    return { ...meter, charged: chargedOf(meter), cumulative, signature };
  }

  /** A notice was given, or something was deposited: the next request looks at the chain anew. */
  forget(channelId: string): void {
    this.#sights.delete(channelId);
  }

  /** Vouchers that bring something, for `claimMany`, the largest sums first; at most `limit`. */
  async claims(limit = 100) {
    const { store } = this.#options;
    const all = [];
    for (const channelId of await store.unclaimed()) {
      const record = await store.load(channelId);
      if (record === undefined) continue;
      const charged = chargedOf(record.meter);
      all.push({ due: charged - record.claimed, claim: claimOf(record.terms, record.cumulative, record.signature, charged) });
    }
    all.sort((a, b) => (a.due < b.due ? 1 : a.due > b.due ? -1 : 0));
    return all.slice(0, limit).map(({ claim }) => claim);
  }

  /** Takes over what the chain says was claimed. */
  async noteClaimed(channelId: string): Promise<void> {
    this.forget(channelId);
    const { claimed } = await this.#see(channelId, 0n);
    const record = await this.#options.store.load(channelId);
    if (record !== undefined && record.claimed !== claimed) await this.#options.store.save(channelId, { ...record, claimed });
  }

  #admission(channelId: string, record: ChannelRecord, quote: Quote, most: bigint, allotted: bigint): Admission {
    let open = true;
    const close = () => {
      if (!open) throw new Error("this request was charged or released already");
      open = false;
    };
    return {
      channelId,
      charge: async (units, request, works = ZeroHash) => {
        close();
        try {
          const { store, signer, place } = this.#options;
          const { state, index, charged, cumulative } = charge(record.meter, units, quote, allotted);
          if (charged > most)
            throw new RangeError(`the request used ${charged} units of wFTNS, more than the ${most} that were asked for`);
          const receipt: Receipt = { channelId, index, request, quote: hashQuote(quote), units, works, charged, cumulative };
          const signed = { receipt, signature: await signReceipt(signer, place, receipt) };
          const latest = (await store.load(channelId)) ?? record;
          await store.save(channelId, { ...latest, meter: state }, signed);
          return signed;
        } finally {
          this.#busy.delete(channelId);
        }
      },
      release: () => {
        close();
        this.#busy.delete(channelId);
      },
    };
  }

  /** A look that is fresh enough; one by which the channel holds less than is needed is repeated. */
  async #see(channelId: string, needed: bigint): Promise<ChannelSight> {
    const { look, clock, freshMs } = this.#options;
    const seen = this.#sights.get(channelId);
    if (seen !== undefined && clock() - seen.at < freshMs && seen.sight.deposited >= needed) return seen.sight;
    const at = clock();
    const sight = await look(channelId);
    this.#sights.set(channelId, { sight, at });
    return sight;
  }
}

const newRecord = (terms: ChannelTerms): ChannelRecord => ({
  terms,
  cumulative: 0n,
  signature: "0x",
  meter: NEW_METER,
  claimed: 0n,
});

function signerOf(place: SigningPlace, channelId: string, cumulative: bigint, signature: string): string | undefined {
  try {
    return recoverAddress(hashVoucher(place, { channelId, cumulative }), signature);
  } catch {
    return undefined;
  }
}

/** Keeps records in memory: for tests, and for operators who can afford to lose what was not claimed. */
export class MemoryStore implements ChannelStore {
  readonly #records = new Map<string, ChannelRecord>();
  readonly receipts: SignedReceipt[] = [];

  async load(channelId: string): Promise<ChannelRecord | undefined> {
    return this.#records.get(channelId);
  }

  async save(channelId: string, record: ChannelRecord, receipt?: SignedReceipt): Promise<void> {
    this.#records.set(channelId, record);
    if (receipt !== undefined) this.receipts.push(receipt);
  }

  async unclaimed(): Promise<readonly string[]> {
    return [...this.#records].filter(([, { meter, claimed }]) => chargedOf(meter) > claimed).map(([id]) => id);
  }
}
