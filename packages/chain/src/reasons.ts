import { Interface, isError } from "ethers";
import { ACTIONS, TRIGGERS } from "@ftns/model";
import {
  Breaker__factory,
  Governor__factory,
  IEmergencyGovernor__factory,
  IKeeperJobs__factory,
  IMedianFeed__factory,
  IPriceHistory__factory,
  ISupplyController__factory,
} from "@ftns/sdk/contracts.ts";
import { wordsOf } from "@ftns/service/errors.ts";
import { formatDecimal, formatDuration, formatPercent, formatTime } from "@ftns/sdk/units.ts";

/** The contracts whose custom errors can come back to a keeper. */
const interfaces: Interface[] = [
  IMedianFeed__factory.createInterface(),
  IPriceHistory__factory.createInterface(),
  ISupplyController__factory.createInterface(),
  Breaker__factory.createInterface(),
  IEmergencyGovernor__factory.createInterface(),
  Governor__factory.createInterface(),
  IKeeperJobs__factory.createInterface(),
  // Of OpenZeppelin's timelock and access manager, which stand behind a proposal.
  new Interface([
    "error TimelockUnexpectedOperationState(bytes32 operationId, bytes32 expectedStates)",
    "error TimelockUnauthorizedCaller(address caller)",
    "error AccessManagedUnauthorized(address caller)",
  ]),
];

type Arguments = Record<string, any>;

const usd = (amount: bigint) => `${formatDecimal(amount, 8)} USD`;
const at = formatTime;
const span = formatDuration;

const triggerOf = (kind: bigint) => TRIGGERS[Number(kind)] ?? `trigger ${kind}`;
const actionOf = (action: bigint) => ACTIONS[Number(action)] ?? `action ${action}`;
/** Proposal ids are 77 digits long; their end is enough to tell them apart. */
const shortId = (proposalId: bigint) => `...${proposalId.toString().slice(-8)}`;

/** What each custom error of the jobs means, and what to do about it. */
export const MEANINGS: Record<string, (values: Arguments) => string> = {
  // KeeperJobs.work
  NotWorkable: () => "the job is not due any more by the rules of KeeperJobs; look again, somebody may have done it",
  NothingDone: () => "KeeperJobs made the call and found nothing done; tell governance, the contract behind the job is at fault",
  GasTooLow: ({ left, needed }) =>
    `${left} gas were left for the payment, which needs ${needed}; look again, the estimate was of another state`,
  // MedianFeed.submit
  WrongReportCount: ({ given, min, max }) =>
    `the feed got ${given} reports and takes from ${min} to ${max}; configure enough reporter keys or gather more reports`,
  ReportersNotAscending: ({ reporter }) =>
    `the reports are out of order at reporter ${reporter}; this is a fault of the keeper, report it`,
  DuplicateReporter: ({ reporter }) => `the reporter ${reporter} signed twice; remove the doubled key from reporters`,
  NotReporter: ({ reporter }) => `${reporter} is no registered reporter; have it registered or remove its key`,
  BadSignature: ({ reporter }) => `the signature of ${reporter} does not hold; check chain.chainId and contracts.feed`,
  ReportFromFuture: ({ observedAt }) =>
    `the observation at ${at(observedAt)} lies after the block's time; check the clocks of the sources`,
  ReportTooOld: ({ observedAt }) =>
    `the observation at ${at(observedAt)} is too old for the feed; check why sources or sending are slow`,
  ReportNotNewer: ({ observedAt, newerThan }) =>
    `the observation at ${at(observedAt)} is not newer than ${at(newerThan)}, up to which the feed is served; ` +
    "wait for newer market data",
  PriceOutOfBounds: ({ price }) => `the price ${usd(price)} is outside of what the feed takes; check the sources`,
  VolumeOutOfBounds: ({ volume }) => `a volume of ${usd(volume)} is more than the feed takes; check the sources`,
  TransactionsOutOfBounds: ({ txTotal }) => `${txTotal} transactions are more than the feed takes; check the sources`,
  MoreFailedThanTotal: ({ txFailed, txTotal }) => `${txFailed} failed of ${txTotal} transactions cannot be; check the sources`,
  TooFewAgree: ({ agreeing, quorum, median }) =>
    `only ${agreeing} reports are near their median of ${usd(median)}, and the feed needs ${quorum}; ` +
    "check the sources, and wait for the reports of others",
  ChangeTooLarge: ({ previousPrice, price, agreeing, superQuorum }) =>
    `the price would jump from ${usd(previousPrice)} to ${usd(price)}, which takes ${superQuorum} agreeing reporters, ` +
    `and there are ${agreeing}; check the sources, then gather more reports`,
  // PriceHistory.record
  AnswerNotPositive: ({ answer }) => `the feed answers ${answer}, which is no price; check the feed`,
  AnswerOutOfBounds: ({ answer }) => `the feed's price ${usd(answer)} is more than the history takes; check the feed`,
  AnswerFromFuture: ({ answeredAt }) => `the feed's answer at ${at(answeredAt)} lies in the future; check the feed`,
  AnswerStale: ({ answeredAt }) =>
    `the feed's answer at ${at(answeredAt)} is too old to record; check that reporters are running`,
  RoundIncomplete: () => "the feed has no answer yet; run report-price first",
  // SupplyController.adjust
  Suspended: ({ until }) => `adjustments are suspended until ${at(until)}; wait, or follow the vote that suspended them`,
  AlreadyAdjusted: ({ nextAt }) => `the supply was adjusted today already; wait for the next time at ${at(nextAt)}`,
  TooEarly: ({ firstAt }) => `it is too early for adjustments; wait for the first at ${at(firstAt)}`,
  HistoryTooShort: ({ longEnoughAt }) => `the price history is too short; wait until ${at(longEnoughAt)}`,
  RecordStale: ({ heldUntil }) => `the last price record held until ${at(heldUntil)}; check that record-price is running`,
  DayTooThin: ({ day, coveredSec, neededSec }) =>
    `day ${day} has prices for ${span(coveredSec)} and needs ${span(neededSec)}; ` +
    "wait until it leaves the window, and find out why records were missing",
  WindowTooThin: ({ coveredSec, neededSec }) =>
    `the 30 days have prices for ${span(coveredSec)} and need ${span(neededSec)}; ` +
    "keep recording, and find out why records were missing",
  PolicyFailed: ({ policy }) => `the policy at ${policy} cannot judge the market window; tell governance`,
  FactorMismatch: ({ expected, actual }) =>
    `the chain's factor is ${formatPercent(actual)}, ours ${formatPercent(expected)}; ` +
    "the market moved in between or the two disagree, wait for the next run",
  // CircuitBreaker.trigger and what its votes carry out
  TriggerNotMet: ({ trigger }) =>
    `the chain no longer shows ${triggerOf(trigger)}; wait, the next run looks at the condition again`,
  TriggerAlreadyRecorded: ({ trigger, emergency }) =>
    `${triggerOf(trigger)} stands in emergency ${emergency} already; wait for its votes`,
  NotInEffect: ({ action }) => `${actionOf(action)} is not in effect any more, so that nothing is left to end; wait`,
  // EmergencyGovernor.execute
  NotExecutableYet: ({ proposalId, executableAt }) =>
    `proposal ${shortId(proposalId)} waits for its delay; wait until ${at(executableAt)}`,
  // FTNSGovernor.queue and execute
  GovernorUnexpectedProposalState: ({ proposalId }) =>
    `proposal ${shortId(proposalId)} is not in the state for that any more; wait, the next run looks again`,
  GovernorNonexistentProposal: ({ proposalId }) =>
    `there is no proposal ${shortId(proposalId)}; check contracts.governor and that the node is in sync`,
  GovernorAlreadyQueuedProposal: ({ proposalId }) =>
    `proposal ${shortId(proposalId)} is queued already; wait until it can be executed`,
  TargetCodeChanged: ({ proposalId }) =>
    `the code behind proposal ${shortId(proposalId)} is not what was voted on; do not execute it, tell governance`,
  FailedCall: () => "a call of the proposal failed without giving a reason; check the proposal, or tell governance",
  TimelockUnexpectedOperationState: () =>
    "the timelock does not hold the proposal in that state (its time has not come, or it was done); wait",
  TimelockUnauthorizedCaller: ({ caller }) =>
    `the timelock does not take orders from ${caller}; check contracts.governor, or tell governance`,
  AccessManagedUnauthorized: ({ caller }) => `${caller} may not do what was voted on; tell governance that its role is missing`,
};

/** Words for the data of a revert. */
export function wordsOfRevert(data: string | null | undefined): string {
  if (!data || data === "0x") return "the contract refused without giving a reason; check the addresses in contracts";
  for (const known of interfaces) {
    const error = known.parseError(data);
    if (!error) continue;
    const meaning = MEANINGS[error.name]?.(error.args.toObject());
    if (meaning) return meaning;
    const values = error.fragment.inputs.map((input, index) => `${input.name} ${String(error.args[index])}`);
    return `the contract refused with ${error.name}(${values.join(", ")})`;
  }
  return `the contract refused with an unknown error ${data.slice(0, 10)}; check that the keeper's version fits the contracts`;
}

/** Words for anything that simulating or sending can throw. */
export function wordsOfFailure(error: unknown): string {
  if (isError(error, "CALL_EXCEPTION")) {
    // For a revert without data ethers guesses a reason; a text is a reason only when the contract gave it.
    const said = error.data && error.data !== "0x" ? error.reason : null;
    return said ? `the contract refused: ${said}` : wordsOfRevert(error.data);
  }
  if (isError(error, "INSUFFICIENT_FUNDS")) return "the keeper's account cannot pay the transaction; fund it";
  if (isError(error, "NONCE_EXPIRED")) return "another transaction of this account took its turn; the next run starts afresh";
  return nodeMessage(error) ?? wordsOf(error);
}

/** Name of the custom error in a revert, for reads that expect one. */
export function revertName(error: unknown): string | undefined {
  if (!isError(error, "CALL_EXCEPTION") || !error.data) return undefined;
  for (const known of interfaces) {
    const parsed = known.parseError(error.data);
    if (parsed) return parsed.name;
  }
  return undefined;
}

// Ethers wraps what the node said in a long message with the whole request; only the node's own words are useful.
function nodeMessage(error: unknown): string | undefined {
  const said = (error as { error?: { message?: unknown } }).error?.message;
  return typeof said === "string" ? `the node refused: ${said.split("\n", 1)[0]!.slice(0, 300)}` : undefined;
}
