import { formatDecimal } from "../units.ts";
import { type Meanings, at, factor, ftns, nameIn, percent, shortHash, shortId } from "./meanings.ts";

/** wFTNS, 24 decimals. */
const wftns = (amount: bigint) => `${formatDecimal(amount, 24, 24)} wFTNS`;

const PLANS = ["free", "basic", "premium", "enterprise"];
const planOf = (plan: bigint) => PLANS[Number(plan)] ?? `plan ${plan}`;

const LAYERS = ["architect", "prompter", "router", "executor", "compiler"];
const layerOf = (layer: bigint) => LAYERS[Number(layer)] ?? `layer ${layer}`;

/** UsageChannels, UsageRouter and ContextPrices. */
export const USAGE: Meanings = {
  // Channels
  IncompleteTerms: () =>
    "a channel needs a payer, an operator and a key that signs vouchers, and one of them is zero; name all three",
  NothingDeposited: () => "nothing would come into the channel; put in more than zero",
  DepositTooLarge: ({ amount, max }) => `${wftns(amount)} is more than the ${wftns(max)} that fit into the channel; put in less`,
  NotThePayer: ({ caller, payer }) => `the channel is that of ${payer}, not of ${caller}; send it from the payer's account`,
  NoticeNotSigned: ({ payer, notices }) =>
    `${payer} did not sign notice number ${notices} of this channel; check number, chain and contract, and have it signed again`,
  NoticeExpired: ({ deadline, nowSec }) =>
    `the signed notice was good until ${at(deadline)}, and it is ${at(nowSec)}; have the payer sign another`,
  NoticeRuns: ({ leavesAt }) => `notice was given already, and is over at ${at(leavesAt)}; wait, and withdraw then`,
  NoNotice: ({ channelId }) => `no notice was given for channel ${shortHash(channelId)}; give notice first, and wait 48 hours`,
  NoticeNotOver: ({ leavesAt }) =>
    `the notice is over at ${at(leavesAt)}, or later by the time in which transfers are restricted; wait`,
  NothingLeft: ({ channelId }) =>
    `nothing in channel ${shortHash(channelId)} can leave it today; put something in, or wait for 02:00 UTC in recovery mode`,
  VoucherNotSigned: ({ index, channelId }) =>
    `voucher ${index} is not signed by the key of channel ${shortHash(channelId)}; leave it out, and check chain, contract, key and salt`,
  NothingNewToClaim: ({ operator }) =>
    `none of the vouchers brings ${operator} more than was claimed already; wait for newer ones`,
  NothingToCollect: ({ operator }) => `nothing was claimed for ${operator} since it was last distributed; claim first`,
  NotTheRouter: ({ caller }) => `only the router of usage collects claims, not ${caller}; tell governance`,
  // Router
  ZeroOperator: () => "the zero address has no till; name an operator",
  NothingToDistribute: () => "there is nothing to distribute; wait for payments",
  NothingToCredit: ({ channelId }) =>
    `all that was claimed of channel ${shortHash(channelId)} counts as activity already; wait for a claim`,
  UsageShareOutOfBounds: ({ name, share, max }) =>
    `the share ${nameIn(name)} would be ${percent(share)}, above ${percent(max)}; choose less`,
  NotTheRoyalties: ({ caller }) => `only the contract for royalties draws from pots, not ${caller}; tell governance`,
  PotTooSmall: ({ week, amount, pot }) => `the pot of week ${week} holds ${wftns(pot)}, less than ${wftns(amount)}; draw less`,
  PotNotReleased: ({ week, releasedFrom }) =>
    `the pot of week ${week} may be drawn until week ${releasedFrom} begins; release it then`,
  // Works and royalties
  WorkExists: ({ work }) => `the work ${shortId(work)} is registered already; leave it`,
  NotAWorkKind: ({ kind }) => `a proof of kind ${kind} makes no work, only those of DATA and MODEL do; leave it`,
  ProofNotAccepted: ({ proofHash }) => `the registry has not accepted the proof ${shortHash(proofHash)}; hand it in there first`,
  TooManyParents: ({ parents, max }) =>
    `the work builds on ${parents} others, and at most ${max} may be named; have it verified anew`,
  UnknownParent: ({ parent }) => `the work ${shortId(parent)} that it builds on is not registered; register that one first`,
  ManifestDiffers: ({ expected, actual }) =>
    `the manifest with these parents is ${shortHash(actual)}, and ${shortHash(expected)} was signed; give it as it was signed`,
  RootExists: ({ week, number }) => `the pot of week ${week} has root ${number}; draw from that one`,
  RoyaltyWeekOutOfBounds: ({ week, earliest, latest }) =>
    `the root is about week ${week}, and those from ${earliest} to ${latest} are accepted now; hand it in in time`,
  RootExpired: ({ expiresAt, nowSec }) =>
    `the verifiers' word was good until ${at(expiresAt)}, and it is ${at(nowSec)}; have them sign again`,
  TotalAbovePot: ({ total, pot }) =>
    `the root gives ${wftns(total)}, and its pot holds ${wftns(pot)}; have the verifiers sign what there is`,
  UnknownRoot: ({ number }) => `there is no root ${number}; check its number`,
  RootWasEnded: ({ number }) => `root ${number} was ended; ask the verifiers for another one`,
  RootNotOpen: ({ number, openAt }) => `root ${number} can be drawn from ${at(openAt)} on, or later after a halt; wait`,
  RootIsOpen: ({ number }) => `root ${number} counts already, and nobody ends it any more; leave it`,
  OtherRootSigners: ({ number }) => `others signed root ${number}; name them as in its event`,
  EnoughRootSigners: ({ number, registered }) =>
    `${registered} signers of root ${number} are verifiers still, which is enough; leave it`,
  LeafDrawn: ({ number, index }) => `leaf ${index} of root ${number} was drawn already; leave it out`,
  NotUnderRoot: ({ number, leafHash }) =>
    `the leaf ${shortHash(leafHash)} is not under root ${number} by this path; ask the verifiers for both again`,
  MoreThanTotal: ({ number, amount, left }) =>
    `the leaf is worth ${wftns(amount)}, and root ${number} has ${wftns(left)} left; tell the verifiers`,
  WorkSuspended: ({ work }) => `governance suspended the work ${shortId(work)}; what it earns waits, ask governance`,
  NothingOwed: ({ work }) => `nothing waits for the work ${shortId(work)} from others; wait until one of them draws`,
  // Prices
  BaseOutOfBounds: ({ layer, base, max }) =>
    `a unit in the ${layerOf(layer)} layer would cost ${formatDecimal(base, 28, 28)} FTNS, above ${formatDecimal(max, 28)}; choose less`,
  UseMultiplierOutOfBounds: ({ multiplier, min, max }) =>
    `a multiplier of ${factor(multiplier)} is outside of ${factor(min)} to ${factor(max)}; choose one within`,
  PlansOutOfOrder: ({ plan }) =>
    `the ${planOf(plan)} plan does not fit beside the one before it; the free one costs nothing, each further one more, at no higher multiplier`,
  PlanPriceOutOfBounds: ({ plan, price, max }) =>
    `the ${planOf(plan)} plan would cost ${ftns(price)}, above ${ftns(max)}; choose less`,
  PlanIsFree: () => "the free plan needs no buying; choose another",
  DearerPlanRuns: ({ plan, until }) => `the ${planOf(plan)} plan runs until ${at(until)}; wait, or buy that one again`,
  BoughtTooFarAhead: ({ until, latest }) =>
    `the plan would run until ${at(until)}, and may be bought until ${at(latest)} only; buy later`,
  PlanCostsMore: ({ price, most }) =>
    `the plan costs ${ftns(price)} today, more than ${ftns(most)}; agree to its price, or leave it`,
  NotWholeHundredths: ({ amount }) => `${ftns(amount)} is no whole number of hundredths of an FTNS; round it`,
  DiscountUsedUp: ({ payer, amount, left }) =>
    `${payer} may allot ${ftns(left)} of discount now, less than ${ftns(amount)}; allot less, contribute more, or wait`,
  TooMuchDiscount: ({ amount }) => `${ftns(amount)} more is above what one day can bear; allot the rest after 02:00 UTC`,
};
