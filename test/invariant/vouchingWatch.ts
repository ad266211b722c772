// Who lent what to whose activity, measured on both sides of each payment of a random life.
import { expect } from "chai";
import type { TestEconomy } from "../helpers/economy.ts";
import { dayOf } from "../helpers/time.ts";
import { CLASS, happeningsIn, least, sum, type Holding, type Step } from "./step.ts";

const WAD = 10n ** 18n;
const CAPACITY_UNIT = 2n ** 54n;
const ACTIVITY_UNIT = 2n ** 30n;
/** Activity that an FTNS of value times quality lets its contributor lend; days that count; what values are cut to (wei). */
const FACTOR = 20n;
const WINDOW = 30n;
const VALUE_UNIT = 10n ** 13n;

/** A proof that landed. */
export interface Landed {
  account: string;
  day: bigint;
  /** FTNS, 18 decimals. */
  value: bigint;
  /** WAD. */
  quality: bigint;
}

/** What an account has of each at some moment within the act (wei). */
interface Running {
  readonly holding: Holding;
  activity: bigint;
  capacity: bigint;
}

const wholeUnits = (amount: bigint) => amount - (amount % CAPACITY_UNIT);

/** What a payment of `value` may use up of what `other` can lend to `own`: SPEC 2, "Vouching", case 3. */
function lent(own: Running, other: Running, value: bigint): bigint {
  return earns(own.holding) && !counts(own, other) && other.holding.isBasic ? least(wholeUnits(value), other.capacity) : 0n;
}

/** Whether it counts for `own` in full and uses up nothing: case 2. */
function counts({ holding: own }: Running, { holding: other }: Running): boolean {
  if (!earns(own)) return false;
  return other.accountClass === CLASS.RECOGNISED || (own.accountClass === CLASS.RECOGNISED && other.isBasic);
}

const earns = ({ accountClass }: Holding) => accountClass !== CLASS.POOLED && accountClass !== CLASS.EXEMPT;

export class VouchingWatch {
  /** Since the beginning, over all accounts (wei). */
  filled = 0n;
  lent = 0n;
  cut = 0n;
  /** How often some was lent, and cut. */
  loans = 0;
  cuts = 0;
  readonly #economy: TestEconomy;
  readonly #landed: Landed[] = [];

  constructor(economy: TestEconomy) {
    this.#economy = economy;
  }

  /** Time passed: it fills and takes no capacity, and adds no activity. */
  rested(before: readonly Holding[], after: readonly Holding[]): void {
    after.forEach(({ address, capacity, activity }, i) => {
      expect(capacity, `P16: time changed the capacity of ${address}`).to.equal(before[i]!.capacity);
      expect(activity <= before[i]!.activity, `P16: time raised the activity of ${address}`).to.equal(true);
    });
  }

  /** Somebody was settled: neither changes. */
  settled(before: readonly Holding[], after: readonly Holding[]): void {
    const kept = (holdings: readonly Holding[]) => holdings.map(({ capacity, activity }) => [capacity, activity]);
    expect(kept(after), "P16: settling touches neither capacity nor activity").to.deep.equal(kept(before));
  }

  /** Walks through the payments of an act, and holds what everyone has after it against the rule. */
  acted(step: Step, proof: Landed | undefined): void {
    const running = new Map(
      step.before.map((holding) => [holding.address, { holding, activity: holding.activity, capacity: holding.capacity }]),
    );
    let lentNow = 0n;
    const classChanged = new Set<string>();
    for (const { name, args } of happeningsIn(this.#economy, step.receipt)) {
      if (name === "AccountClassSet") classChanged.add(args.account as string);
      if (name === "CapacitySet") this.#fill(running.get(args.account as string)!, args.capacity as bigint, proof);
      // What a contributor is paid took work: it counts in full.
      if (name === "RewardPaid" || name === "Claimed") {
        const paid = (args.fromFunds as bigint) + (args.minted as bigint);
        running.get(args.account as string)!.activity += paid - (paid % ACTIVITY_UNIT);
      }
      if (name !== "Transfer") continue;
      const [from, to] = [running.get(args.from as string), running.get(args.to as string)];
      if (from === undefined || to === undefined || from === to) continue;
      const value = args.value as bigint;
      const [byTo, byFrom] = [lent(from, to, value), lent(to, from, value)];
      const inFull = value - (value % ACTIVITY_UNIT);
      from.activity += counts(from, to) ? inFull : byTo;
      to.activity += counts(to, from) ? inFull : byFrom;
      from.capacity -= byFrom;
      to.capacity -= byTo;
      lentNow += byTo + byFrom;
    }
    for (const holding of step.after) {
      const { address, activity, capacity } = holding;
      const expected = running.get(address)!;
      if (classChanged.has(address)) continue;
      expect(capacity, `P16: capacity of ${address}`).to.equal(expected.capacity);
      expect(activity, `P16: activity of ${address}`).to.equal(expected.activity);
      if (!earns(holding)) expect(activity, `P16: ${address} is pooled or exempt`).to.be.at.most(expected.holding.activity);
    }
    this.lent += lentNow;
    if (lentNow > 0n) this.loans++;
    if (proof !== undefined) this.#checkProof(step, proof);
    expect(this.filled, "P16: filled = left + lent + cut").to.equal(
      sum(step.after.map(({ capacity }) => capacity)) + this.lent + this.cut,
    );
  }

  /** The token says that a capacity was set; only a proof of the same act can have done it. */
  #fill(account: Running, capacity: bigint, proof: Landed | undefined): void {
    const { address } = account.holding;
    if (proof?.account !== address) throw new Error(`P16: ${address} has ${capacity} to lend without a proof`);
    account.capacity = capacity;
  }

  /** P34: a proof fills by `f w`, up to `f W`, W being the last 30 days' sum. */
  #checkProof({ before, after, now }: Step, proof: Landed): void {
    this.#landed.push(proof);
    const today = dayOf(now);
    const inWindow = this.#landed.filter(({ account, day }) => account === proof.account && day > today - WINDOW);
    const weights = inWindow.map(({ value, quality }) => ((value - (value % VALUE_UNIT)) * quality) / WAD);
    const limit = wholeUnits(FACTOR * sum(weights));
    const fill = wholeUnits(FACTOR * ((proof.value * proof.quality) / WAD));
    const capacityIn = (holdings: readonly Holding[]) => holdings.find(({ address }) => address === proof.account)!.capacity;
    const [old, left] = [capacityIn(before), capacityIn(after)];
    expect(left, `P34: capacity of ${proof.account}`).to.equal(least(old + fill, limit));
    this.filled += fill;
    const cut = old + fill - left;
    this.cut += cut;
    if (cut > 0n) this.cuts++;
  }
}
