/** The whole token as FTNSToken.sol keeps it: every account, the pool's fees, halts, recovery mode and parameters. */
import { DEFAULT_PARAMETERS, rateTable, type DemurrageParameters } from "./parameters.ts";
import {
  ACTIVITY_UNIT_BITS,
  EMPTY_ACCOUNT,
  EXEMPT,
  isEmpty,
  POOLED,
  RECOGNISED,
  settle,
  type AccountState,
} from "./settlement.ts";
import { dayOf as protocolDayOf } from "../time.ts";
import { Timeline } from "./timeline.ts";
import { countTransfer, credited, earnsActivity, filled, unitsOf } from "./vouching.ts";

export type AccountClassName = "STANDARD" | "RECOGNISED" | "POOLED" | "EXEMPT";

/** Days of accounts are plain numbers: they fit 16 bits. */
const dayOf = (timestamp: bigint) => Number(protocolDayOf(timestamp));

export const MAX_SUPPLY = 10n ** 27n;

/** Share of its balance that an account may move a day in recovery mode, as a divisor. */
const DAILY_DIVISOR = 10n;

/** What an account may still move on a day of recovery mode, of a tenth of what it held at its first payment of the day. */
interface DailyAllowance {
  day: number;
  left: bigint;
}

/** Where capacity came from and went (units of 2^54 wei): filled = what all accounts have left + lent + cut, always. */
export interface CapacityBook {
  filled: bigint;
  lent: bigint;
  cut: bigint;
}

/** Every change takes the time (seconds) at which it happens. Callers only ask for what the contract would accept. */
export class TokenLedger {
  readonly timeline: Timeline;
  readonly pool: string;
  readonly #accounts = new Map<string, AccountState>();
  readonly #allowances = new Map<string, DailyAllowance>();
  parameters: DemurrageParameters = DEFAULT_PARAMETERS;
  supply = 0n;
  /** Settled fees that belong to the pool, on top of its account. */
  settledFees = 0n;
  haltedUntil = 0n;
  recoveryUntil = 0n;
  readonly capacity: CapacityBook = { filled: 0n, lent: 0n, cut: 0n };

  constructor(pool: string, now: bigint) {
    this.pool = pool;
    this.timeline = new Timeline(rateTable(this.parameters));
    this.#accounts.set(pool, { ...EMPTY_ACCOUNT, graceUntil: EXEMPT, settledDay: dayOf(now) });
  }

  /** The stored state of an account. */
  account(name: string): AccountState {
    return this.#accounts.get(name) ?? EMPTY_ACCOUNT;
  }

  accounts(): string[] {
    return [...this.#accounts.keys()];
  }

  balanceOf(name: string, now: bigint): bigint {
    const { account } = this.#settled(name, dayOf(now));
    return account.balance + (name === this.pool ? this.settledFees : 0n);
  }

  /** Fee due and not settled yet. */
  dueOf(name: string, now: bigint): bigint {
    return this.#settled(name, dayOf(now)).fee;
  }

  /** What an account may still move now. */
  movable(name: string, now: bigint): bigint {
    const balance = this.balanceOf(name, now);
    if (this.account(name).graceUntil === EXEMPT) return balance;
    if (now < this.haltedUntil) return 0n;
    if (now >= this.recoveryUntil || this.account(name).graceUntil === POOLED) return balance;
    return this.#allowanceOf(name, balance, dayOf(now)).left;
  }

  settleThrough(name: string, day: number): bigint {
    const account = this.account(name);
    if (isEmpty(account)) return 0n;
    return this.#load(name, day).fee;
  }

  transfer(from: string, to: string, value: bigint, now: bigint): void {
    const today = dayOf(now);
    const sender = this.#load(from, today).account;
    const receiver = this.#load(to, today).account;
    if (from === this.pool) this.#sweep();
    if (from === to) return;
    this.#count(from, sender, value, now);
    const forSender = countTransfer(sender, receiver, value, today);
    const forReceiver = countTransfer(receiver, sender, value, today);
    this.#store(from, {
      balance: this.account(from).balance - value,
      activity: credited(sender.activity, forSender.earned),
      capacity: sender.capacity - forReceiver.lent,
    });
    this.#store(to, {
      balance: receiver.balance + value,
      activity: credited(receiver.activity, forReceiver.earned),
      capacity: receiver.capacity - forSender.lent,
    });
    this.capacity.lent += forSender.lent + forReceiver.lent;
  }

  /** A reward from `payer`'s funds and from new tokens, never to itself. */
  payReward(payer: string, to: string, fromFunds: bigint, minted: bigint, now: bigint): void {
    this.supply += minted;
    if (fromFunds > 0n) this.#take(payer, fromFunds, now);
    const { account } = this.#load(to, dayOf(now));
    const units = earnsActivity(account) ? (fromFunds + minted) >> ACTIVITY_UNIT_BITS : 0n;
    this.#store(to, { balance: account.balance + fromFunds + minted, activity: credited(account.activity, units) });
  }

  mint(to: string, value: bigint, now: bigint): void {
    const { account } = this.#load(to, dayOf(now));
    this.supply += value;
    this.#store(to, { balance: account.balance + value });
  }

  burn(from: string, value: bigint, now: bigint): void {
    this.#take(from, value, now);
    this.supply -= value;
  }

  setTierSchedule(
    name: string,
    schedule: { basicThrough: number; activeThrough: number; powerThrough: number },
    capacity: { added: bigint; limit: bigint },
    graceUntil: number,
    now: bigint,
  ): void {
    const { account } = this.#load(name, dayOf(now));
    const { basicThrough, activeThrough, powerThrough } = schedule;
    const after = filled(account.capacity, capacity.added, capacity.limit);
    this.capacity.filled += unitsOf(capacity.added);
    this.capacity.cut += account.capacity + unitsOf(capacity.added) - after;
    this.#store(name, { basicThrough, activeThrough, powerThrough, capacity: after });
    if (graceUntil !== 0) this.#store(name, { graceUntil });
  }

  setParameters(parameters: DemurrageParameters, now: bigint): void {
    this.parameters = parameters;
    this.timeline.change(dayOf(now), rateTable(parameters));
  }

  setAccountClass(name: string, kind: AccountClassName, now: bigint): void {
    const { account } = this.#load(name, dayOf(now));
    this.capacity.cut += account.capacity;
    this.#store(name, {
      capacity: 0n,
      basicThrough: kind === "RECOGNISED" ? RECOGNISED : 0,
      activeThrough: 0,
      powerThrough: 0,
      graceUntil: kind === "EXEMPT" ? EXEMPT : kind === "POOLED" ? POOLED : 0,
      activity: kind === "POOLED" ? 0n : account.activity,
    });
  }

  halt(until: bigint, now: bigint): void {
    this.haltedUntil = until;
    this.#restrict(now);
  }

  endHalt(now: bigint): void {
    this.halt(now, now);
  }

  startRecovery(until: bigint, now: bigint): void {
    this.recoveryUntil = until;
    this.#restrict(now);
  }

  endRecovery(now: bigint): void {
    this.startRecovery(now, now);
  }

  /** No day is charged while transfers are halted or recovery mode is on, whichever lasts longer. */
  #restrict(now: bigint): void {
    const until = this.haltedUntil > this.recoveryUntil ? this.haltedUntil : this.recoveryUntil;
    if (until > now) this.timeline.freeze(dayOf(now), dayOf(until));
    else this.timeline.thaw(dayOf(now));
  }

  /** Counts a payment against the day's allowance of recovery mode. */
  #count(name: string, account: AccountState, value: bigint, now: bigint): void {
    if (now >= this.recoveryUntil || value === 0n) return;
    if (account.graceUntil === EXEMPT || account.graceUntil === POOLED) return;
    const { day, left } = this.#allowanceOf(name, account.balance, dayOf(now));
    this.#allowances.set(name, { day, left: left - value });
  }

  #allowanceOf(name: string, balance: bigint, today: number): DailyAllowance {
    const known = this.#allowances.get(name);
    return known?.day === today ? known : { day: today, left: balance / DAILY_DIVISOR };
  }

  /** `value` leaves an account. */
  #take(name: string, value: bigint, now: bigint): void {
    const { account } = this.#load(name, dayOf(now));
    if (name === this.pool) this.#sweep();
    this.#count(name, account, value, now);
    this.#store(name, { balance: this.account(name).balance - value });
  }

  #settled(name: string, day: number): { account: AccountState; fee: bigint } {
    return settle(this.account(name), day, (from) => this.timeline.termsSince(from));
  }

  /** Settles an account and stores it. */
  #load(name: string, day: number): { account: AccountState; fee: bigint } {
    const result = this.#settled(name, day);
    this.#accounts.set(name, result.account);
    this.settledFees += result.fee;
    return result;
  }

  #store(name: string, change: Partial<AccountState>): void {
    this.#accounts.set(name, { ...this.account(name), ...change });
  }

  #sweep(): void {
    this.#store(this.pool, { balance: this.account(this.pool).balance + this.settledFees });
    this.settledFees = 0n;
  }
}
