import type { Sample } from "../scenario/history.ts";
import type { Account } from "../scenario/ledger.ts";
import { amount, days, percent } from "./numbers.ts";
import type { RateShare, Stretch } from "./types.ts";

/** What the sentences about an account are made of. All of it comes from the chain. */
export interface Facts {
  readonly samples: readonly Sample[];
  readonly account: Pick<Account, "rewards" | "staked" | "sent" | "proofs" | "transfersOut">;
  readonly tiers: readonly Stretch[];
  /** Days since launch at the end. */
  readonly lastDay: number;
  /** Velocity / 1.2 at its highest; infinite peaks (an empty account) left out. */
  readonly peakVelocity: number;
}

function proofsSentence({ account, samples, lastDay }: Facts): string | undefined {
  const graceUntil = samples.findLast((sample) => sample.graceUntil !== undefined)?.graceUntil;
  if (account.proofs === 0) return undefined;
  const proofs = `${account.proofs} proof${account.proofs === 1 ? "" : "s"} signed by two verifiers earned ${amount(Number(account.rewards) / 1e18)} FTNS.`;
  if (graceUntil === undefined) return proofs;
  const state =
    graceUntil > lastDay
      ? `it still runs until day ${graceUntil}`
      : `it ended on day ${graceUntil}, the first day that was charged`;
  return `${proofs} The first one started 90 days of grace; ${state}.`;
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
  const counted = samples.some((sample) => sample.activity > 0n);
  if (account.transfersOut === 0 && !counted) {
    const what = account.staked > 0n ? "Staking is no trade, and nothing else has moved" : "Nothing in the account has moved";
    return `${what}, so its velocity is zero and it sits in the slowest band.`;
  }
  const sent = `The account sent ${amount(moved, 0)} FTNS in ${account.transfersOut} transfer${account.transfersOut === 1 ? "" : "s"}`;
  if (!counted)
    return `${sent}, and not a wei of it counts as activity: the other side is no contributor, and such transfers weigh 0.`;
  return `${sent}. What it exchanged with contributors counts as activity: at its busiest the velocity was ${percent(peakVelocity, 0)} of the target.`;
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
