import { parseEther } from "ethers";
import { chargesOf, effectiveMonthlyRate, rateShares, tierStretches, type Charge, type Rules } from "../report/charges.ts";
import { exact, exactShares, wadToNumber } from "../report/numbers.ts";
import type { PersonaReport, StakeReport, Statement } from "../report/types.ts";
import { explainStake } from "../report/stakes.ts";
import { explainAccount, explainWrapped } from "../report/why.ts";
import type { Economy } from "./economy.ts";
import type { History, Sample } from "./history.ts";
import { ONE_WFTNS, type Account, type Ledger } from "./ledger.ts";
import { addressesOf, type Persona } from "./persona.ts";

const TARGET_VELOCITY = 1.2;
/** Above this the velocity of an account tells only that it was almost empty. */
const MAX_TELLING_VELOCITY = 1e6;

/** What was seen of the run, and of the persona's stake. */
export interface Seen {
  readonly economy: Economy;
  readonly ledger: Ledger;
  readonly history: History;
  /** In the order in which they came into force. */
  readonly rules: readonly Rules[];
  readonly stake: StakeReport | null;
}

/** Turns what was seen of a persona into its part of the report. */
export function describe(persona: Persona, seen: Seen): PersonaReport {
  return persona.holds === "FTNS" ? describeHolder(persona, seen) : describeWrapped(persona, seen);
}

/** Two wallets of one owner count as one account: sums of money, the first wallet's tier, the faster velocity. */
function merge(all: readonly (readonly Sample[])[]): Sample[] {
  return all[0]!.map((first, day) =>
    all.slice(1).reduce<Sample>((sum, samples) => {
      const other = samples[day]!;
      return {
        ...sum,
        balance: sum.balance + other.balance,
        fees: sum.fees + other.fees,
        staked: sum.staked + other.staked,
        activity: sum.activity + other.activity,
        allowance: sum.allowance + other.allowance,
        velocity: sum.velocity > other.velocity ? sum.velocity : other.velocity,
      };
    }, first),
  );
}

function mergeAccounts(accounts: readonly Account[]): Account {
  return accounts.reduce((a, b) => ({
    received: a.received + b.received,
    rewards: a.rewards + b.rewards,
    yield: a.yield + b.yield,
    pay: a.pay + b.pay,
    staked: a.staked + b.staked,
    sent: a.sent + b.sent,
    fees: a.fees + b.fees,
    exitFees: a.exitFees + b.exitFees,
    proofs: a.proofs + b.proofs,
    transfersOut: a.transfersOut + b.transfersOut,
  }));
}

function describeHolder(persona: Persona, { economy, ledger, history, rules, stake }: Seen): PersonaReport {
  const addresses = addressesOf(persona, economy);
  const samples = merge(addresses.map((address) => history.of(address)));
  const account = mergeAccounts(addresses.map((address) => ledger.account(address)));
  const charges = chargesOf(samples);
  const effectiveRate = wadToNumber(effectiveMonthlyRate(charges));
  const rates = rateShares(charges, rules);
  const tiers = tierStretches(samples);
  const velocities = samples.map((sample) => wadToNumber(sample.velocity)).filter((velocity) => velocity < MAX_TELLING_VELOCITY);
  const peakVelocity = Math.max(0, ...velocities) / TARGET_VELOCITY;
  const last = samples.at(-1)!;
  const facts = { samples, allowance: economy.graceAllowance, account, tiers, lastDay: samples.length - 1, peakVelocity };
  return {
    ...common(persona, economy),
    statement: {
      received: exact(account.received),
      rewards: exact(account.rewards),
      yield: exact(account.yield),
      sent: exact(account.sent),
      fees: exact(last.fees),
      exitFees: stake?.exitFees ?? "0",
      staked: stake === null ? "0" : exact(parseEther(stake.staked) + parseEther(stake.pending)),
      end: exact(last.balance),
    },
    tier: last.tier,
    tiers,
    proofs: account.proofs,
    peakVelocity,
    effectiveMonthlyRate: effectiveRate,
    rates,
    stake,
    why: [...explainAccount(facts), ...(stake === null ? [] : explainStake(stake, last.tier))],
    balances: samples.map((sample) => wadToNumber(sample.balance + sample.staked)),
    fees: samples.map((sample) => wadToNumber(sample.fees)),
  };
}

function describeWrapped(persona: Persona, { economy, ledger, history, rules }: Seen): PersonaReport {
  const address = addressesOf(persona, economy)[0]!;
  const sharesOn = (day: number) => history.shares[day]!.shares.get(address) ?? 0n;
  const values = history.shares.map(({ price }, day) => (sharesOn(day) * price) / ONE_WFTNS);
  const charges: Pick<Charge, "base" | "fee">[] = history.shares.slice(1).map(({ price }, i) => {
    const shares = sharesOn(i + 1);
    const base = (shares * history.shares[i]!.price) / ONE_WFTNS;
    return { base, fee: base - (shares * price) / ONE_WFTNS };
  });
  const fees = charges.reduce<bigint[]>((sums, { fee }) => [...sums, sums.at(-1)! + fee], [0n]);
  const effectiveRate = wadToNumber(effectiveMonthlyRate(charges as Charge[]));
  const wrapperSamples = history.of(economy.addresses.wrapped);
  const account = ledger.wrappedAccount(address);
  const statement: Statement = {
    received: exact(account.received),
    rewards: "0",
    yield: "0",
    sent: exact(account.sent),
    fees: exact(fees.at(-1)!),
    exitFees: "0",
    staked: "0",
    end: exact(values.at(-1)!),
  };
  const first = history.shares[0]!;
  const last = history.shares.at(-1)!;
  return {
    ...common(persona, economy),
    statement,
    tier: "NONE",
    tiers: tierStretches(wrapperSamples),
    stake: null,
    proofs: 0,
    peakVelocity: 0,
    effectiveMonthlyRate: effectiveRate,
    rates: rateShares(chargesOf(wrapperSamples), rules),
    why: explainWrapped({
      wrapperRate: wadToNumber(wrapperSamples.at(-1)!.monthlyRate),
      shares: exactShares(sharesOn(history.shares.length - 1)),
      priceBefore: wadToNumber(first.price),
      priceAfter: wadToNumber(last.price),
      intact:
        persona.contract === undefined
          ? undefined
          : "Its reserves never moved by themselves, so its books match its purse to the wei. With FTNS itself inside they would not.",
    }),
    balances: values.map(wadToNumber),
    fees: fees.map(wadToNumber),
  };
}

function common(persona: Persona, economy: Economy) {
  const { id, name, title, story, holds, wallets } = persona;
  const addresses = addressesOf(persona, economy);
  return {
    id,
    name,
    title,
    story,
    holds,
    wallets: addresses.map((address) => ({
      address,
      index: wallets.find((wallet) => wallet.address === address)?.index ?? null,
    })),
  };
}
