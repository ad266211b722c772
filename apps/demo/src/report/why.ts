import type { Sample } from "../scenario/history.ts";
import type { Account } from "../scenario/ledger.ts";
import { amount, days, percent } from "./numbers.ts";
import type { RateShare, Stretch } from "./types.ts";

/** What the sentences about an account are made of. All of it comes from the chain. */
export interface Facts {
  readonly samples: readonly Sample[];
  readonly account: Pick<Account, "rewards" | "staked" | "sent" | "proofs" | "transfersOut">;
  /** Below this demurrage takes the balance of no wallet in grace. */
  readonly allowance: bigint;
  readonly tiers: readonly Stretch[];
  /** Days since launch at the end. */
  readonly lastDay: number;
  /** Velocity / 1.2 at its highest; infinite peaks (an empty account) left out. */
  readonly peakVelocity: number;
}

function proofsSentence({ account, samples, allowance, lastDay }: Facts): string | undefined {
  const graceUntil = samples.findLast((sample) => sample.graceUntil !== undefined)?.graceUntil;
  if (account.proofs === 0) return undefined;
  const proofs = `${account.proofs} proof${account.proofs === 1 ? "" : "s"} signed by two verifiers earned ${amount(Number(account.rewards) / 1e18)} FTNS.`;
  if (graceUntil === undefined) return proofs;
  const until =
    graceUntil > lastDay ? `until day ${graceUntil} demurrage takes` : `until day ${graceUntil}, when it ended, demurrage took`;
  return `${proofs} Reaching BASIC for the first time started 90 days of grace: ${until} no balance below ${amount(Number(allowance) / 1e18, 0)} FTNS; what is above that is charged like any other.`;
}

function tierSentence({ tiers, account }: Facts): string | undefined {
  if (account.proofs === 0)
    return "Without a verified contribution there is no tier, no reward, and the modifier of 1.5 applies.";
  const steps = tiers.slice(1).map(({ tier, fromDay }) => `${tier} from day ${fromDay}`);
  const first = tiers[0]!;
  if (steps.length === 0) return `Tier ${first.tier} all the time.`;
  const order = ["NONE", "BASIC", "ACTIVE", "POWER"];
  const peak = Math.max(...tiers.map(({ tier }) => order.indexOf(tier)));
  const fell = order.indexOf(tiers.at(-1)!.tier) < peak;
  const how = fell
    ? " Each step down was a date written when the last proof landed: proofs leave the window after 30 days, and 14 days later the tier goes. No transaction took it."
    : "";
  return `Tier ${first.tier} at launch, ${steps.join(", ")}.${how}`;
}

function activitySentence({ account, samples, peakVelocity }: Facts): string {
  const moved = Number(account.sent) / 1e18;
  const isActive = samples.some((sample) => sample.activity > 0n);
  if (account.transfersOut === 0 && !isActive) {
    const what = account.staked > 0n ? "Staking is no trade, and nothing else has moved" : "Nothing in the account has moved";
    return `${what}, so its velocity is zero and it sits in the slowest band.`;
  }
  const sent = `The account sent ${amount(moved, 0)} FTNS in ${account.transfersOut} transfer${account.transfersOut === 1 ? "" : "s"}`;
  if (!isActive)
    return `${sent}, and not a wei of it counts as activity: that is lent by the other side, and only a contributor has any to lend, filled by proofs.`;
  const counted = [
    ...(account.rewards > 0n ? ["Rewards count as activity in full, since they took work"] : []),
    ...(account.transfersOut > 0
      ? ["A transfer counts as far as the contributor on the other side could lend activity, which proofs alone fill"]
      : []),
  ];
  const busiest = `At its busiest the velocity was ${percent(peakVelocity, 0)} of the target.`;
  return [account.transfersOut > 0 ? sent : "The account sent nothing", ...counted]
    .map((part) => `${part}.`)
    .join(" ")
    .concat(" ", busiest);
}

/** "31 days at 0.50 % a month", "89 days free". */
export function rateHeading({ days: count, monthlyRate }: RateShare): string {
  return monthlyRate === 0 ? `${days(count)} free` : `${days(count)} at ${percent(monthlyRate)} a month`;
}

/** Why an account of FTNS paid what it paid; its rates tell the rest. */
export function explainAccount(facts: Facts): string[] {
  return [proofsSentence(facts), tierSentence(facts), activitySentence(facts)].filter((s) => s !== undefined);
}

/** Why a holder of wFTNS paid what the wrapper paid. */
export function explainWrapped(facts: {
  readonly wrapperRate: number;
  readonly shares: string;
  readonly priceBefore: number;
  readonly priceAfter: number;
  readonly intact: string | undefined;
}): string[] {
  const { wrapperRate, shares, priceBefore, priceAfter, intact } = facts;
  return [
    `It holds ${amount(shares)} wFTNS, a number that no day boundary touches; one wFTNS was worth ${amount(priceBefore, 6)} FTNS at launch and is worth ${amount(priceAfter, 6)} now.`,
    `The wrapper's own account earns no activity and no tier, so it pays ${percent(wrapperRate)} a month for everyone in it: convenient for contracts, never a shelter.`,
    ...(intact === undefined ? [] : [intact]),
  ];
}
