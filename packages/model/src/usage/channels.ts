/** UsageChannels.sol: what comes into a channel, what vouchers bring, what goes back. Amounts in wFTNS, 24 decimals. */
import { Refused } from "../refused.ts";
import { DAY_SEC, dayOf } from "../time.ts";

export const NOTICE_SEC = 2n * DAY_SEC;
const DAILY_DIVISOR = 10n;
const MOST = (1n << 128n) - 1n;

/** When it is, and whether transfers are restricted. */
export interface ChannelMoment {
  /** Seconds. */
  readonly now: bigint;
  /** Seconds in which transfers were restricted so far. */
  readonly restricted: bigint;
  readonly recovering: boolean;
}

interface Channel {
  operator: string;
  deposited: bigint;
  claimed: bigint;
  /** Seconds of unrestricted time; undefined without a notice. */
  leavesAt: bigint | undefined;
  /** What may leave it on that day of recovery mode. */
  limit: { day: bigint; left: bigint } | undefined;
}

/** Channels by any name of theirs. */
export class ChannelsModel {
  readonly #channels = new Map<string, Channel>();
  readonly uncollected = new Map<string, bigint>();

  channelOf(id: string): Readonly<Channel> {
    return this.#channels.get(id) ?? { operator: "", deposited: 0n, claimed: 0n, leavesAt: undefined, limit: undefined };
  }

  /** What is owed to payers and operators, in all. */
  liabilities(): bigint {
    let sum = 0n;
    for (const { deposited, claimed } of this.#channels.values()) sum += deposited - claimed;
    for (const amount of this.uncollected.values()) sum += amount;
    return sum;
  }

  deposit(id: string, operator: string, amount: bigint): void {
    if (amount === 0n) throw new Refused("NothingDeposited");
    const { deposited } = this.channelOf(id);
    if (amount > MOST - deposited) throw new Refused("DepositTooLarge", amount, MOST - deposited);
    const channel = this.#channels.get(id) ?? { ...this.channelOf(id), operator };
    channel.deposited += amount;
    this.#channels.set(id, channel);
  }

  /** Vouchers in their order; all are of channels with `operator`, and `signed` by the right key or not. */
  claimMany(
    operator: string,
    vouchers: readonly { readonly id: string; readonly cumulative: bigint; readonly charged: bigint; readonly signed: boolean }[],
    moment: ChannelMoment,
  ): bigint {
    // All or nothing: what a refused one did before is undone.
    const before = new Map([...this.#channels].map(([id, channel]) => [id, { ...channel }]));
    let total = 0n;
    for (const [index, { id, cumulative, charged, signed }] of vouchers.entries()) {
      const channel = this.#channels.get(id);
      if (channel === undefined) continue;
      let reached = [cumulative, charged, channel.deposited].reduce((a, b) => (a < b ? a : b));
      if (reached <= channel.claimed) continue;
      if (!signed) {
        this.#restore(before);
        throw new Refused("VoucherNotSigned", BigInt(index), id);
      }
      if (moment.recovering) reached = channel.claimed + this.#limit(channel, reached - channel.claimed, moment);
      total += reached - channel.claimed;
      channel.claimed = reached;
    }
    if (total === 0n) {
      this.#restore(before);
      throw new Refused("NothingNewToClaim", operator);
    }
    this.uncollected.set(operator, (this.uncollected.get(operator) ?? 0n) + total);
    return total;
  }

  giveNotice(id: string, { now, restricted }: ChannelMoment): void {
    const channel = this.#channels.get(id);
    if (channel === undefined || channel.deposited === channel.claimed) throw new Refused("NothingLeft", id);
    if (channel.leavesAt !== undefined) throw new Refused("NoticeRuns", id, channel.leavesAt + restricted);
    channel.leavesAt = now - restricted + NOTICE_SEC;
  }

  withdrawNotice(id: string): void {
    const channel = this.#channels.get(id);
    if (channel?.leavesAt === undefined) throw new Refused("NoNotice", id);
    channel.leavesAt = undefined;
  }

  withdraw(id: string, moment: ChannelMoment): bigint {
    const channel = this.#channels.get(id);
    if (channel?.leavesAt === undefined) throw new Refused("NoNotice", id);
    if (moment.now - moment.restricted < channel.leavesAt) {
      throw new Refused("NoticeNotOver", id, channel.leavesAt + moment.restricted, moment.now);
    }
    const held = channel.deposited - channel.claimed;
    const limit = channel.limit;
    const amount = moment.recovering ? this.#limit(channel, held, moment) : held;
    if (amount === 0n && held !== 0n) {
      channel.limit = limit;
      throw new Refused("NothingLeft", id);
    }
    channel.deposited -= amount;
    if (channel.deposited === channel.claimed) channel.leavesAt = undefined;
    return amount;
  }

  collect(operator: string): bigint {
    const amount = this.uncollected.get(operator) ?? 0n;
    if (amount === 0n) throw new Refused("NothingToCollect", operator);
    this.uncollected.set(operator, 0n);
    return amount;
  }

  /** Of `amount`, what recovery mode lets leave today; it is counted. */
  #limit(channel: Channel, amount: bigint, { now }: ChannelMoment): bigint {
    const day = dayOf(now);
    const held = channel.deposited - channel.claimed;
    const left = channel.limit?.day === day ? channel.limit.left : held / DAILY_DIVISOR;
    const allowed = amount < left ? amount : left;
    channel.limit = { day, left: left - allowed };
    return allowed;
  }

  #restore(channels: Map<string, Channel>): void {
    this.#channels.clear();
    for (const [id, channel] of channels) this.#channels.set(id, channel);
  }
}
