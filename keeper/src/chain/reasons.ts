import { Interface, isError } from "ethers";
import { IMedianFeed__factory, IPriceHistory__factory, ISupplyController__factory } from "./contracts.ts";
import { wordsOf } from "../errors.ts";
import { formatDecimal, formatDuration, formatPercent, formatTime } from "../units.ts";

/** The contracts whose custom errors can come back to a keeper. */
const interfaces: Interface[] = [
  IMedianFeed__factory.createInterface(),
  IPriceHistory__factory.createInterface(),
  ISupplyController__factory.createInterface(),
];

type Arguments = Record<string, any>;

/** What each custom error of the three jobs means, and what to do about it. */
export const MEANINGS: Record<string, (values: Arguments) => string> = {
  // MedianFeed.submit
  WrongReportCount: (v) =>
    `the feed got ${v.given} reports and takes from ${v.min} to ${v.max}; configure enough reporter keys or gather more reports`,
  ReportersNotAscending: (v) => `the reports are out of order at reporter ${v.reporter}; this is a fault of the keeper, report it`,
  DuplicateReporter: (v) => `the reporter ${v.reporter} signed twice; remove the doubled key from reporters`,
  NotReporter: (v) => `${v.reporter} is no registered reporter; have it registered or remove its key`,
  BadSignature: (v) => `the signature of ${v.reporter} does not hold; check chain.chainId and contracts.feed`,
  ReportFromFuture: (v) => `the observation at ${formatTime(v.observedAt)} lies after the block's time; check the clocks of the sources`,
  ReportTooOld: (v) => `the observation at ${formatTime(v.observedAt)} is too old for the feed; check why sources or sending are slow`,
  ReportNotNewer: (v) =>
    `the observation at ${formatTime(v.observedAt)} is not newer than the feed's last update at ${formatTime(v.lastUpdatedAt)}; wait for newer market data`,
  PriceOutOfBounds: (v) => `the price ${formatDecimal(v.price, 8)} USD is outside of what the feed takes; check the sources`,
  VolumeOutOfBounds: (v) => `a volume of ${formatDecimal(v.volume, 8)} USD is more than the feed takes; check the sources`,
  TransactionsOutOfBounds: (v) => `${v.txTotal} transactions are more than the feed takes; check the sources`,
  MoreFailedThanTotal: (v) => `${v.txFailed} failed of ${v.txTotal} transactions cannot be; check the sources`,
  ChangeTooLarge: (v) =>
    `the price would jump from ${formatDecimal(v.previousPrice, 8)} to ${formatDecimal(v.price, 8)} USD with ${v.agreeing} reporters agreeing, and such a jump needs ${v.superQuorum}; check the sources, then gather more reports`,
  // PriceHistory.record
  AnswerNotPositive: (v) => `the feed answers ${v.answer}, which is no price; check the feed`,
  AnswerOutOfBounds: (v) => `the feed's price ${formatDecimal(v.answer, 8)} USD is more than the history takes; check the feed`,
  AnswerFromFuture: (v) => `the feed's answer at ${formatTime(v.answeredAt)} lies in the future; check the feed`,
  AnswerStale: (v) => `the feed's answer at ${formatTime(v.answeredAt)} is too old to record; check that reporters are running`,
  RoundIncomplete: () => "the feed has no answer yet; run report-price first",
  // SupplyController.adjust
  Suspended: (v) => `adjustments are suspended until ${formatTime(v.until)}; wait, or follow the vote that suspended them`,
  AlreadyAdjusted: (v) => `the supply was adjusted today already; the next adjustment may come at ${formatTime(v.nextAt)}`,
  TooEarly: (v) => `the first adjustment may come at ${formatTime(v.firstAt)}; wait`,
  HistoryTooShort: (v) => `the price history is long enough at ${formatTime(v.longEnoughAt)}; wait`,
  RecordStale: (v) => `the last price record held until ${formatTime(v.heldUntil)}; check that record-price is running`,
  DayTooThin: (v) => `day ${v.day} has prices for ${formatDuration(v.coveredSec)} and needs ${formatDuration(v.neededSec)}; wait until it leaves the window, and find out why records were missing`,
  WindowTooThin: (v) =>
    `the 30 days have prices for ${formatDuration(v.coveredSec)} and need ${formatDuration(v.neededSec)}; keep recording, and find out why records were missing`,
  PolicyFailed: (v) => `the policy at ${v.policy} cannot judge the market window; tell governance`,
  FactorMismatch: (v) =>
    `the chain's factor is ${formatPercent(v.actual)}, ours ${formatPercent(v.expected)}; the market moved in between or the two disagree, look again`,
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
