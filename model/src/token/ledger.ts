/** The whole token as FTNSToken.sol keeps it: every account, the pool's fees, halts and parameters. */
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

/** Every change takes the time (seconds) at which it happens. Callers only ask for what the contract would accept. */
export class TokenLedger {
  readonly timeline: Timeline;
  readonly pool: string;
  readonly #accounts = new Map<string, AccountState>();
  parameters: DemurrageParameters = DEFAULT_PARAMETERS;
  supply = 0n;
  /** Settled fees that belong to the pool, on top of its account. */
  settledFees = 0n;
  haltedUntil = 0n;

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
    this.#load(from, dayOf(now));
    if (from === this.pool) this.#sweep();
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
    this.timeline.freeze(dayOf(now), dayOf(until));
  }

  endHalt(now: bigint): void {
    this.haltedUntil = now;
    this.timeline.thaw(dayOf(now));
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
