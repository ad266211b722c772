/** The whole token as FTNSToken.sol keeps it: every account, the pool's fees, halts, recovery mode and parameters. */
import { DEFAULT_PARAMETERS, rateTable, unverifiedPercent, type DemurrageParameters } from "./parameters.ts";
import {
  ACTIVITY_UNIT_BITS,
  EMPTY_ACCOUNT,
  EXEMPT,
  MAX_ACTIVITY,
  POOLED,
  RECOGNISED,
  settle,
  type AccountState,
} from "./settlement.ts";
import { dayOf as protocolDayOf } from "../time.ts";
import { Timeline } from "./timeline.ts";

export type AccountClassName = "STANDARD" | "RECOGNISED" | "POOLED" | "EXEMPT";

/** Days of accounts are plain numbers: they fit 16 bits. */
const dayOf = (timestamp: bigint) => Number(protocolDayOf(timestamp));

export const MAX_SUPPLY = 10n ** 27n;

/** Share of its balance that an account may move a day in recovery mode, as a divisor. */
const DAILY_DIVISOR = 10n;

/** What an account may move on a day of recovery mode, and has: a tenth of what it held at its first payment of the day. */
interface DailyAllowance {
  day: number;
  limit: bigint;
  moved: bigint;
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
    if (now >= this.recoveryUntil) return balance;
    const { limit, moved } = this.#allowanceOf(name, balance, dayOf(now));
    return limit - moved;
  }

  settleThrough(name: string, day: number): bigint {
    const account = this.account(name);
    if (account.settledDay === 0 && account.balance === 0n) return 0n;
    return this.#load(name, day).fee;
  }

  transfer(from: string, to: string, value: bigint, now: bigint): void {
    const today = dayOf(now);
    const sender = this.#load(from, today).account;
    const receiver = this.#load(to, today).account;
    if (from === this.pool) this.#sweep();
    if (from === to) return;
    this.#count(from, sender, value, now);
    const units = value >> ACTIVITY_UNIT_BITS;
    const unverified = (units * unverifiedPercent(this.parameters)) / 100n;
    const credit = (own: AccountState, other: AccountState) =>
      own.graceUntil === POOLED ? 0n : other.basicThrough >= today ? units : unverified;
    const [forSender, forReceiver] = [credit(sender, receiver), credit(receiver, sender)];
    this.#store(from, { balance: this.account(from).balance - value, activity: saturate(sender.activity + forSender) });
    this.#store(to, { balance: receiver.balance + value, activity: saturate(receiver.activity + forReceiver) });
  }

  mint(to: string, value: bigint, now: bigint): void {
    const { account } = this.#load(to, dayOf(now));
    this.supply += value;
    this.#store(to, { balance: account.balance + value });
  }

  burn(from: string, value: bigint, now: bigint): void {
    const { account } = this.#load(from, dayOf(now));
    if (from === this.pool) this.#sweep();
    this.#count(from, account, value, now);
    this.supply -= value;
    this.#store(from, { balance: this.account(from).balance - value });
  }

  setTierSchedule(
    name: string,
    schedule: { basicThrough: number; activeThrough: number; powerThrough: number },
    now: bigint,
  ): void {
    this.#load(name, dayOf(now));
    const { basicThrough, activeThrough, powerThrough } = schedule;
    this.#store(name, { basicThrough, activeThrough, powerThrough });
  }

  startGrace(name: string, graceUntil: number, now: bigint): void {
    this.#load(name, dayOf(now));
    this.#store(name, { graceUntil });
  }

  setParameters(parameters: DemurrageParameters, now: bigint): void {
    this.parameters = parameters;
    this.timeline.change(dayOf(now), rateTable(parameters));
  }

  setAccountClass(name: string, kind: AccountClassName, now: bigint): void {
    const { account } = this.#load(name, dayOf(now));
    this.#store(name, {
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
    if (now >= this.recoveryUntil || value === 0n || account.graceUntil === EXEMPT) return;
    const allowance = this.#allowanceOf(name, account.balance, dayOf(now));
    this.#allowances.set(name, { ...allowance, moved: allowance.moved + value });
  }

  #allowanceOf(name: string, balance: bigint, today: number): DailyAllowance {
    const known = this.#allowances.get(name);
    return known?.day === today ? known : { day: today, limit: balance / DAILY_DIVISOR, moved: 0n };
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

function saturate(activity: bigint): bigint {
  return activity > MAX_ACTIVITY ? MAX_ACTIVITY : activity;
}
